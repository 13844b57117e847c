"""What is held of whom, and what could go wrong with it. Read once from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Name

_FILE = "processing.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One group of people: whose data, what of it, why it is held, on which legal basis, and in which tables."""

    __pydantic_config__ = STRICT

    key: Name
    whose: str
    what: str
    special: str
    why: str
    basis: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Something that could go wrong for people, and what the console does against it."""

    __pydantic_config__ = STRICT

    key: Name
    risk: str
    measures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """The whole: every table is in one category or in `nobody`."""

    categories: tuple[Category, ...]
    nobody: tuple[str, ...]
    dangers: tuple[Danger, ...]


def load_processing(folder: Path) -> Processing:
    """What the file says; raises CatalogueBroken for anything that does not fit, or a table named twice."""
    tables = read_tables(folder, _FILE, tables=("categories", "nobody", "risks"))
    categories = tuple(shaped(tables["categories"], file=_FILE, table="categories", shape=Category).values())
    dangers = tuple(shaped(tables["risks"], file=_FILE, table="risks", shape=Danger).values())
    if not isinstance(tables["nobody"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `nobody` is one table. Write it under [nobody].")
    nobody = tuple(tables["nobody"]["tables"])
    named = [name for each in categories for name in each.tables] + list(nobody)
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise CatalogueBroken(f"{_FILE}: {twice[0]} is named twice. Leave it in one place.")
    return Processing(categories=categories, nobody=nobody, dangers=dangers)


PROCESSING = load_processing(Path(__file__).parent)
