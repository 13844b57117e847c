"""How long a request to correct or erase personal data may take. Read once from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Words

_FILE = "rectification.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationLimits:
    """Calendar months for an answer, the same when more time was needed, and the law that says so."""

    __pydantic_config__ = STRICT

    key: Name
    months: Count
    months_extended: Count
    law: Words

    @property
    def cite(self) -> str:
        """The law as the clause of a duty."""
        return f"law:{self.law}"


def load_rectification(folder: Path) -> RectificationLimits:
    """The limits; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits",))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    return shaped(keyed, file=_FILE, table="limits", shape=RectificationLimits)["limits"]


RECTIFICATION = load_rectification(Path(__file__).parent)
