"""The tables. Importing this package registers every one of them, so that migrations see the whole schema."""

from core.model import (
    access,
    complaints,
    duties,
    evidence,
    ledger,
    matches,
    monitoring,
    organisation,
    parties,
    people,
    refusals,
    requests,
    working,
)

__all__ = [
    "access",
    "complaints",
    "duties",
    "evidence",
    "ledger",
    "matches",
    "monitoring",
    "organisation",
    "parties",
    "people",
    "refusals",
    "requests",
    "working",
]
