"""The reasons a new installation begins with for not considering a complaint, and when a pattern of refusals shows.

Read once from refusals.toml and checked entry by entry, as the rest of the Code's data is. The council's own list lies
in its database: it begins as this one and goes its own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.code.reading_files import read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Switch, Words

_FILE = "refusals.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultReason:
    """One reason: as it is chosen, where the individual can go instead, and whom it could hit harder."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    other_route: Words
    equality_note: Words
    time_limit: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanketAlert:
    """From how many decided complaints, received in how many months, a kind refused every time is pointed out."""

    __pydantic_config__ = STRICT

    key: Name
    cases: Count
    months: Count


def load_refusals(folder: Path) -> tuple[Mapping[str, DefaultReason], BlanketAlert]:
    """The default reasons by key, and the alert; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("alert", "reason"))
    reasons = shaped(tables["reason"], file=_FILE, table="reason", shape=DefaultReason)
    # One table and no list of them: it is read as the only entry of a list.
    alert = tables["alert"]
    keyed = [{"key": "alert", **alert}] if isinstance(alert, Mapping) else alert
    return MappingProxyType(reasons), shaped(keyed, file=_FILE, table="alert", shape=BlanketAlert)["alert"]


DEFAULT_REASONS, BLANKET_ALERT = load_refusals(Path(__file__).parent)
