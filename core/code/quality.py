"""The checklist for the quality of complaint handling, by phase of the work. Read once from quality.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.code.reading_files import read_tables, shaped
from core.code.shapes import STRICT, Name, Words

_FILE = "quality.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing a quality reviewer looks at: in which phase, what to look for, and the clause that asks for it."""

    __pydantic_config__ = STRICT

    key: Name
    phase: Literal["set-up", "investigation", "decision"]
    title: Words
    help: Words
    clause: Words


def load_quality(folder: Path) -> Mapping[str, ChecklistItem]:
    """The items by key, in order; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("item",))
    return MappingProxyType(shaped(tables["item"], file=_FILE, table="item", shape=ChecklistItem))


CHECKLIST = load_quality(Path(__file__).parent)
