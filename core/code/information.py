"""How long colleagues and others have to answer a question, and how long a link works. Read once from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name

_FILE = "information.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationLimits:
    """Working days for an answer, days of a link, files and megabytes of one answer, and days for which it shows."""

    __pydantic_config__ = STRICT

    key: Name
    answer_days: Count
    link_days: Count
    most_files: Count
    together_megabytes: Count
    shown_days: Count


def load_information(folder: Path) -> InformationLimits:
    """The limits; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits",))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    return shaped(keyed, file=_FILE, table="limits", shape=InformationLimits)["limits"]


INFORMATION = load_information(Path(__file__).parent)
