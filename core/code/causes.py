"""The causes a new installation begins with: what lies behind a complaint, apart from what it is about.

Read once from causes.toml and checked entry by entry. The council's own list lies in its database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.code.reading_files import read_tables, shaped
from core.code.shapes import STRICT, Name, Words

_FILE = "causes.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultCause:
    """One cause: as it is chosen, and when it is this one and not another."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    help: Words


def load_causes(folder: Path) -> Mapping[str, DefaultCause]:
    """The default causes by key; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("cause",))
    return MappingProxyType(shaped(tables["cause"], file=_FILE, table="cause", shape=DefaultCause))


DEFAULT_CAUSES = load_causes(Path(__file__).parent)
