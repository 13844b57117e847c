"""How long each kind of record is kept where the council has set nothing of its own. Read once from retention.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Words

_FILE = "retention.toml"
UNDER_THE_CODE, NO_FINDING, WITH_OMBUDSMAN = "complaint", "no_finding", "ombudsman"
SERVICE_REQUEST = "service_request"
_ALWAYS = (UNDER_THE_CODE, NO_FINDING, WITH_OMBUDSMAN, SERVICE_REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """One kind of record: what it is, the routes it is for, how many whole years it is kept, and why so many."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    schemes: tuple[Name, ...]
    years: Count
    source: Words


def load_retention(folder: Path) -> Mapping[str, RecordKind]:
    """The kinds by key, in order; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("kind",))
    kinds = shaped(tables["kind"], file=_FILE, table="kind", shape=RecordKind)
    if missing := [key for key in _ALWAYS if key not in kinds]:
        raise CatalogueBroken(f"{_FILE} has no kind “{missing[0]}”. Every record is of one kind: write it.")
    named = [scheme for each in kinds.values() for scheme in each.schemes]
    if twice := [scheme for scheme in named if named.count(scheme) > 1]:
        raise CatalogueBroken(f"{_FILE}: the route “{twice[0]}” stands under two kinds. Leave it under one.")
    return MappingProxyType(kinds)


RECORD_KINDS = load_retention(Path(__file__).parent)
KIND_OF_SCHEME = MappingProxyType({scheme: each.key for each in RECORD_KINDS.values() for scheme in each.schemes})
"""The kind of what goes by a route, by the route's key."""
