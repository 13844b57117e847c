"""How a worked example is carried out: the calendar it counts on, and what its facts say beside the plain dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.code.example_shapes import Expect, Given, WorkedExample
from core.code.policy import CODE_POLICY
from core.rules.examples import Result, _calendar, worked
from core.rules.working_days import WorkingDays
from tests.rules.calendars import published

MONDAY, FUNERAL = date(2026, 9, 7), date(2026, 9, 21)
CHRISTMAS_EVE, CLOSED = date(2026, 12, 24), date(2026, 12, 29)


def results_of(**given: Any) -> Mapping[str, Result]:
    """What the rules make of these facts."""
    example = WorkedExample(
        id="T99", title="Made up.", clauses=("lgsco:6.2",), given=Given(**given), expect=Expect(calendar_ends=False)
    )
    return worked(example, published())


def calendar_of(*, skip: bool = False, **given: Any) -> WorkingDays:
    """The calendar an example with these facts counts on; `skip` is the policy's word on closure days."""
    return _calendar(Given(received=MONDAY, **given), replace(CODE_POLICY, closure_days_skip=skip), published())


def test_an_example_that_changes_no_day_counts_on_the_published_calendar_itself() -> None:
    """Closure days are worked unless the policy skips them [lgsco:6.2]; reading R22."""
    assert calendar_of() is published()
    assert calendar_of(closure_days=(CLOSED,)) is published()
    assert calendar_of(skip=True) is published()
    assert calendar_of(holidays_published_to=published().last) is published()


def test_a_closure_an_example_skips_is_named_and_shown_as_a_departure() -> None:
    """Beside the bank holidays, which keep their names [lgsco:6.2]; reading R22."""
    calendar = calendar_of(skip=True, closure_days=(CLOSED,))
    why = calendar.why(CHRISTMAS_EVE, 1)
    assert why.due == date(2026, 12, 30)
    assert dict(why.skipped) == {
        date(2026, 12, 25): published().name_of(date(2026, 12, 25)),
        date(2026, 12, 26): published().name_of(date(2026, 12, 26)),
        date(2026, 12, 27): "Sunday",
        date(2026, 12, 28): published().name_of(date(2026, 12, 28)),
        CLOSED: "Council closed",
    }
    assert why.closures == (CLOSED,)
    assert why.version == "worked example"


def test_a_bank_holiday_announced_late_is_named_and_is_no_closure() -> None:
    """It moves what is open, and departs from nothing [lgsco:6.2]; reading R23."""
    why = calendar_of(added_holiday=FUNERAL).why(date(2026, 9, 18), 1)
    assert (why.due, why.closures) == (date(2026, 9, 22), ())
    assert (FUNERAL, "Bank holiday announced late") in why.skipped


@pytest.mark.parametrize("last", [date(2027, 12, 27), date(2027, 12, 28)], ids=["Monday", "Tuesday"])
def test_a_calendar_cut_short_keeps_its_holidays_to_its_last_day(last: date) -> None:
    """The substitutes of Christmas Day and Boxing Day stay days off when nothing is known past them; reading R24."""
    calendar = calendar_of(holidays_published_to=last)
    assert (calendar.first, calendar.last) == (published().first, last)
    assert calendar.name_of(last) == published().name_of(last) is not None
    found = results_of(received=date(2027, 12, 20), holidays_published_to=last)
    assert (found["acknowledge_by"], found["calendar_ends"]) == (None, True)
    in_time = results_of(received=date(2027, 12, 17), holidays_published_to=last)
    assert in_time["acknowledge_by"] == date(2027, 12, 24)


def test_nobody_to_write_to_at_stage_one_is_nobody_to_write_to_at_stage_two() -> None:
    """Neither acknowledgement is owed, and both answers are [lgsco:6.2, 6.12]; reading R29."""
    given = {"received": MONDAY, "responded": date(2026, 9, 21), "stage_two_requested": date(2026, 9, 28)}
    found = results_of(**given, acknowledgement_possible=False)
    assert (found["acknowledgement_met"], found["stage_two_acknowledgement_met"]) == ("void", "void")
    assert (found["met"], found["stage_two_met"]) == ("in_time", "open")
    written_to = results_of(**given)
    assert (written_to["acknowledgement_met"], written_to["stage_two_acknowledgement_met"]) == ("late", "open")
