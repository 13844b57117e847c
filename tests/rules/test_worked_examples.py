"""Every worked example, carried out by the rules themselves: what it expects is what comes out."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from core.code.catalogue import WORKED_EXAMPLES
from core.code.example_shapes import Expect, Given, WorkedExample
from core.rules.examples import worked
from tests.rules.calendars import published

EXAMPLES = [pytest.param(example, id=key) for key, example in WORKED_EXAMPLES.items()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_an_example_expects_is_what_the_rules_give(example: WorkedExample) -> None:
    results = worked(example, published())
    expected = example.expect.stated()
    assert expected
    assert {name: results[name] for name in expected} == expected


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_expectation_is_passed_over(example: WorkedExample) -> None:
    """Each name an example may expect is counted, whether this one expects it or not."""
    assert set(worked(example, published())) == {field.name for field in fields(Expect)}


def test_every_name_is_expected_somewhere_and_never_only_as_nothing() -> None:
    """A name whose rule gave nothing everywhere would prove nothing."""
    seen = {name for example in WORKED_EXAMPLES.values() for name in example.expect.stated()}
    given = {
        name
        for example in WORKED_EXAMPLES.values()
        for name, value in worked(example, published()).items()
        if value is not None
    }
    assert seen == given == {field.name for field in fields(Expect)}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_wrong_expectation_would_be_seen(example: WorkedExample) -> None:
    """Move each expected date by a day, and turn each verdict round: none of it comes out."""
    results = worked(example, published())
    for name, value in example.expect.stated().items():
        wrong = (
            (not value)
            if isinstance(value, bool)
            else date.fromordinal(value.toordinal() + 1)
            if isinstance(value, date)
            else {"in_time": "late"}.get(value, "in_time")
        )
        assert results[name] != wrong


def example_of(**given: object) -> WorkedExample:
    return WorkedExample(
        id="T99",
        title="Made up.",
        clauses=("lgsco:6.2",),
        given=Given(**given),  # type: ignore[arg-type]
        expect=Expect(calendar_ends=True),
    )


def test_past_the_calendar_there_is_no_date_at_all() -> None:
    """Nothing is guessed; only what needs no counting is left [lgsco:6.2]; reading R24."""
    results = worked(example_of(received=date(2028, 12, 21)), published())
    assert results["calendar_ends"] is True
    dates = ("acknowledge_by", "respond_by", "extend_to_at_most", "act_by", "met", "acknowledgement_met")
    assert [results[name] for name in dates] == [None] * len(dates)
    assert results["received_on"] == date(2028, 12, 21)


def test_a_point_raised_on_the_day_of_the_answer_comes_after_it() -> None:
    """Stage 1 has been answered then [lgsco:6.9]; reading R21."""
    day = date(2026, 9, 24)
    given = {"received": date(2026, 9, 7), "responded": day, "point_related": True}
    for raised, joins in ((day, False), (date(2026, 9, 23), True), (None, False)):
        assert worked(example_of(**given, point_raised=raised), published())["joins_stage_one"] is joins


def test_an_example_leaves_the_published_calendar_alone() -> None:
    before = published().is_working(date(2026, 9, 21))
    worked(example_of(received=date(2026, 9, 7), added_holiday=date(2026, 9, 21)), published())
    assert published().is_working(date(2026, 9, 21)) is before is True
    whole = replace(example_of(received=date(2026, 9, 7)), title="Another.")
    assert worked(whole, published())["calendar_ends"] is False
