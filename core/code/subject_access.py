"""How long a request for one's own data has, and the grounds on which a piece is withheld. Read once from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Words

_FILE = "subject_access.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLimits:
    """Calendar months for the answer, and the further ones that may be taken with a reason."""

    __pydantic_config__ = STRICT

    key: Name
    months: Count
    further_months: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One ground for withholding a piece, and where the law has it."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    source: Words


def load_subject_access(folder: Path) -> tuple[AccessLimits, Mapping[str, Exemption]]:
    """The limits and the grounds by key; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits", "exemption"))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    limits = shaped(keyed, file=_FILE, table="limits", shape=AccessLimits)["limits"]
    return limits, shaped(tables["exemption"], file=_FILE, table="exemption", shape=Exemption)


ACCESS_LIMITS, EXEMPTIONS = load_subject_access(Path(__file__).parent)
