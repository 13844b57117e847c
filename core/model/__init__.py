"""The tables. Importing this package registers every one of them, so that migrations see the whole schema."""

from core.model import (
    access,
    complaints,
    considering,
    duties,
    evidence,
    intake,
    ledger,
    letters,
    matches,
    organisation,
    parties,
    people,
    refusals,
    requests,
    routes,
    working,
)

__all__ = [
    "access",
    "complaints",
    "considering",
    "duties",
    "evidence",
    "intake",
    "ledger",
    "letters",
    "matches",
    "organisation",
    "parties",
    "people",
    "refusals",
    "requests",
    "routes",
    "working",
]
