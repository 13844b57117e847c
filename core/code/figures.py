"""The figures a council reports: what each one counts, of what, and how it is read. Read once from figures.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, ClauseKey, Count, Name, Words

_FILE = "figures.toml"
Basis = Literal["received", "due", "sent", "open", "year"]
Kind = Literal["count", "share", "mean", "median", "pence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureText:
    """One figure in words.

    `number` is its place in the catalogue of key figures. `basis` says which day puts a case into a period: the day it
    was received, was due, was sent, or whether it was open at the end. `denominator` is "" for what is only counted.
    """

    __pydantic_config__ = STRICT

    id: Name
    number: Count
    name: Words
    numerator: Words
    denominator: str = ""
    basis: Basis
    clause: ClauseKey
    how_to_read: Words
    kind: Kind


def load_figures(folder: Path) -> Mapping[str, FigureText]:
    """The figures by id, in order; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("figure",))
    found: dict[str, FigureText] = shaped(tables["figure"], file=_FILE, table="figure", shape=FigureText, name="id")
    for text in found.values():
        if (text.kind == "count") is not (text.denominator == ""):
            raise CatalogueBroken(f"{_FILE}, {text.id}: a {text.kind} needs its `denominator` put right.")
    return MappingProxyType(found)


FIGURES = load_figures(Path(__file__).parent)
