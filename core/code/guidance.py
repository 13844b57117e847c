"""What the guidance shelf can begin with, and how long an entry stays before it is looked at again. Read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Step, Words

_FILE = "guidance.toml"


class GuidanceKind(StrEnum):
    """What kind of guidance an entry is. The words are shown as they are."""

    GUIDE = "guide"
    FOCUS_REPORT = "focus report"
    POLICY = "policy"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedGuidance:
    """One entry to begin with; `address` is "" where none is known for sure."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    publisher: Words
    kind: GuidanceKind
    steps: tuple[Step, ...]
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceLimits:
    """Months until an entry is looked at again, and days before it from which that shows as due soon."""

    __pydantic_config__ = STRICT

    key: Name
    review_months: Count
    soon_days: Count


def load_guidance(folder: Path) -> tuple[GuidanceLimits, Mapping[str, SuggestedGuidance]]:
    """The limits, and the entries by key; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits", "entry"))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    limits = shaped(keyed, file=_FILE, table="limits", shape=GuidanceLimits)["limits"]
    return limits, MappingProxyType(shaped(tables["entry"], file=_FILE, table="entry", shape=SuggestedGuidance))


GUIDANCE_LIMITS, SUGGESTED = load_guidance(Path(__file__).parent)
