"""The eight kinds of remedy, what money is paid for, who signs an apology, and how often somebody hears meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.code.monitoring import Kept
from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Day, Words

_FILE = "remedies.toml"
_OF_THE_CODE = 8
APOLOGY, MONEY = "apology", "money"
"""The two kinds that are asked more about: who signs it, and what it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of remedy, as the officer chooses it."""

    __pydantic_config__ = STRICT

    key: Kept
    title: Words
    help: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What money is paid for, or how senior the signatory of an apology is."""

    __pydantic_config__ = STRICT

    key: Kept
    title: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """At least how often, in weeks, somebody hears from us while something is still to be done."""

    __pydantic_config__ = STRICT

    key: Kept
    every_weeks: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What the Ombudsman publishes on remedies, and the day somebody last opened it."""

    __pydantic_config__ = STRICT

    key: Kept
    title: Words
    web: Words
    checked: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """Everything the file holds, by key, in its order."""

    kinds: Mapping[str, Kind]
    money: Mapping[str, Named]
    signatories: Mapping[str, Named]
    follow_up: FollowUp
    guide: Guide


def load_remedies(folder: Path) -> Remedies:
    """Read the file; raises CatalogueBroken for anything that does not fit, and for more or fewer than eight kinds."""
    tables = read_tables(folder, _FILE, tables=("kind", "money", "signatory", "follow_up", "guide"))
    kinds = shaped(tables["kind"], file=_FILE, table="kind", shape=Kind)
    if len(kinds) != _OF_THE_CODE or not {APOLOGY, MONEY} <= kinds.keys():
        raise CatalogueBroken(f"{_FILE}: the Code names {_OF_THE_CODE} kinds, apology and money among them.")
    money = shaped(tables["money"], file=_FILE, table="money", shape=Named)
    signatories = shaped(tables["signatory"], file=_FILE, table="signatory", shape=Named)
    follow_up = shaped(_one(tables["follow_up"]), file=_FILE, table="follow_up", shape=FollowUp)
    guide = shaped(_one(tables["guide"]), file=_FILE, table="guide", shape=Guide)
    return Remedies(
        kinds=MappingProxyType(kinds),
        money=MappingProxyType(money),
        signatories=MappingProxyType(signatories),
        follow_up=follow_up["only"],
        guide=guide["only"],
    )


def _one(table: object) -> object:
    """A table that stands once, as a list of one entry."""
    return [{"key": "only", **table}] if isinstance(table, Mapping) else table


REMEDIES = load_remedies(Path(__file__).parent)
