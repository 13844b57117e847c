"""What a published complaints policy has to say. Read once from policy_items.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.code.reading_files import read_tables, shaped
from core.code.shapes import STRICT, Name, Words

_FILE = "policy_items.toml"
Shown = Literal["complaint_definition", "request_definition", "exclusions", "web_address", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """One thing the policy has to say, and the clause that asks for it.

    `shown_by` names the live setting that answers it; without one somebody reads the text. `missing` says what to do
    when it is not there.
    """

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    clause: Words
    missing: Words
    shown_by: Shown | None = None


def load_policy_items(folder: Path) -> Mapping[str, PolicyText]:
    """The items by key, in order; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("item",))
    return MappingProxyType(shaped(tables["item"], file=_FILE, table="item", shape=PolicyText))


POLICY_ITEMS = load_policy_items(Path(__file__).parent)
