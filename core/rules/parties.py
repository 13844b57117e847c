"""People on a case beyond the individual: who they are, what lets them act, and who may not consider it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PartyRole(StrEnum):
    """What somebody beside the individual is on a complaint."""

    REPRESENTATIVE = "representative"
    PROFESSIONAL = "professional representative"
    GROUP_MEMBER = "group member"
    OTHER = "other"


class AuthorityKind(StrEnum):
    """What lets somebody act for the individual."""

    NONE_YET = "none yet"
    CONSENT = "consent"
    POWER_OF_ATTORNEY = "power of attorney"
    PARENT = "parent"
    DEPUTY = "deputy"
    EXECUTOR = "executor"
    COUNCILLOR = "councillor or MP"


class ConflictKind(StrEnum):
    """What a colleague declares about their own tie to a complaint."""

    NONE = "none"
    ACTUAL = "actual"
    PERCEIVED = "perceived"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """Somebody who is written to in the individual's place, and what lets them be: from when and until when."""

    name: str
    authority: AuthorityKind
    recorded_on: date | None
    expires_on: date | None
