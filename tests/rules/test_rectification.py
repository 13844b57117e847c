"""The month that a request to correct or erase data has: by the calendar, and never ending on a day not worked."""

from __future__ import annotations

from datetime import date

import pytest

from core.rules.rectification import RightOutcome, due_by, rectification_steps, rights_told
from tests.rules.calendars import published


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        ("2026-09-03", "2026-10-05", "2026-12-03"),  # the 3rd is a Saturday
        ("2026-09-07", "2026-10-07", "2026-12-07"),
        ("2026-08-31", "2026-09-30", "2026-11-30"),  # a shorter month ends sooner
        ("2026-11-25", "2026-12-29", "2027-02-25"),  # Christmas Day, Saturday, Sunday, Boxing Day made good
        ("2027-01-29", "2027-03-01", "2027-04-29"),  # 28 February 2027 is a Sunday
        ("2024-01-31", "2024-02-29", "2024-04-30"),
    ],
)
def test_a_month_and_two_more_by_the_calendar(received: str, due: str, extended: str) -> None:
    day = date.fromisoformat(received)
    assert due_by(day, calendar=published()).isoformat() == due
    assert due_by(day, calendar=published(), extended=True).isoformat() == extended


def test_whoever_does_not_get_all_they_asked_hears_where_else_to_go() -> None:
    assert [rights_told(each) for each in RightOutcome] == [False, True, True]


@pytest.mark.parametrize(
    ("extended", "answered", "steps"),
    [
        (False, False, ("AnswerRectification", "ExtendRectification")),
        (True, False, ("AnswerRectification",)),
        (False, True, ()),
        (True, True, ()),
    ],
)
def test_more_time_is_taken_once_and_nothing_follows_the_answer(
    *, extended: bool, answered: bool, steps: tuple[str, ...]
) -> None:
    assert rectification_steps(extended=extended, answered=answered) == steps
