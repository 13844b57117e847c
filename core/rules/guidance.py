"""Guidance on the shelf: which addresses may stand there, when an entry is looked at again, and its questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from core.code.guidance import GUIDANCE_LIMITS
from core.rules.working_days import months_after

_ADDRESS = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?([/?#][A-Za-z0-9/._~%?&=+#,;:@-]*)?", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


class ReviewStands(StrEnum):
    """How an entry stands towards its next look. The words are shown as they are."""

    OVERDUE = "review overdue"
    SOON = "review due soon"
    LATER = "in date"


def safe_address(address: str) -> bool:
    """A shelf leads only to pages by https, by names and paths without signs that mean something else [lgsco:7.5]."""
    return _ADDRESS.fullmatch(address) is not None


def review_by(shelved_on: date) -> date:
    """Where nobody chose a day, an entry is looked at again after the months that our list says [lgsco:4.3]."""
    return months_after(shelved_on, GUIDANCE_LIMITS.review_months)


def review_stands(by: date, *, today: date) -> ReviewStands:
    """An entry is due for a look on its day and overdue from the day after [lgsco:4.3]."""
    if by < today:
        return ReviewStands.OVERDUE
    soon = by - timedelta(days=GUIDANCE_LIMITS.soon_days) <= today
    return ReviewStands.SOON if soon else ReviewStands.LATER


def questions_in(text: str) -> Sequence[str]:
    """The questions of a focus report, one a line, without the numbers or dashes before them [lgsco:9.4]."""
    lines = (_NUMBERED.sub("", line).strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
