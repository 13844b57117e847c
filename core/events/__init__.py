"""What can happen, in the past tense, a file for each part of the work; importing the package makes every tag known."""

from core.events import (
    access,
    base,
    cases,
    considering,
    correspondence,
    handling,
    intake,
    letters,
    monitoring,
    ombudsman,
    outbox,
    people,
    refusals,
    requests,
    routes,
)

__all__ = [
    "access",
    "base",
    "cases",
    "considering",
    "correspondence",
    "handling",
    "intake",
    "letters",
    "monitoring",
    "ombudsman",
    "outbox",
    "people",
    "refusals",
    "requests",
    "routes",
]
