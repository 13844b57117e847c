"""Requests to correct or erase personal data: a right in law beside the complaint, and no stage of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from core.code.rectification import RECTIFICATION
from core.rules.working_days import WorkingDays, months_after


class RightAsked(StrEnum):
    """What somebody asks of the data about them."""

    CORRECTION = "correction"
    ERASURE = "erasure"


class RightOutcome(StrEnum):
    """How such a request was answered."""

    DONE = "done"
    PARTLY = "done in part"
    REFUSED = "refused"


def due_by(received_on: date, *, calendar: WorkingDays, extended: bool = False) -> date:
    """The same day of the next month, or two months later still once that was told; never a day that is not worked.

    Raises CalendarEnds past the last published bank holidays.
    """
    months = RECTIFICATION.months_extended if extended else RECTIFICATION.months
    return calendar.next_working(months_after(received_on, months))


def rights_told(outcome: RightOutcome) -> bool:
    """Whether they must hear of the Information Commissioner and the courts: unless all they asked was done."""
    return outcome is not RightOutcome.DONE


def rectification_steps(*, extended: bool, answered: bool) -> tuple[str, ...]:
    """What is open for a request: answer it, or ask for more time once; nothing after the answer."""
    if answered:
        return ()
    return ("AnswerRectification",) if extended else ("AnswerRectification", "ExtendRectification")
