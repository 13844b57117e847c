"""Everything that can be done. Importing this package registers every command with its handler."""

from core.commands import (
    access,
    accounts,
    confidence,
    correcting,
    ending,
    evidence,
    importing,
    organising,
    recording,
    stage_one,
    stage_two,
)

__all__ = [
    "access",
    "accounts",
    "confidence",
    "correcting",
    "ending",
    "evidence",
    "importing",
    "organising",
    "recording",
    "stage_one",
    "stage_two",
]
