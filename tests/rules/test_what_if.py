"""Many stages judged at once come out as each case by itself: the same dates, the same standings, under any policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.code.policy import CODE_POLICY, Policy
from core.errors import CalendarEnds
from core.rules.duties import duties_of
from core.rules.facts import CaseFacts, Ending, ExtensionFacts, StageFacts, StageNumber
from core.rules.what_if import STANDINGS, Extensions, StageDays, judge
from core.rules.working_days import Days, WorkingDays
from tests.rules.calendars import LAST, published, with_days

ONE, TWO = StageNumber.ONE, StageNumber.TWO
POLICIES = {
    "the Code": CODE_POLICY,
    "slower": replace(CODE_POLICY, resolution="x", periods={"respond_stage_one": 15, "acknowledge_stage_two": 7}),
    "faster": replace(CODE_POLICY, resolution="x", periods={"respond_stage_one": 5, "extend_stage_two": 1}),
    "lenient": replace(CODE_POLICY, weekend_receipt_lenient=True, resolution="x"),
    "buys time": replace(CODE_POLICY, late_acknowledgement_buys_time=True, resolution="x"),
}
FIRST = date(2026, 8, 20)
DAYS = st.integers(0, 90).map(lambda days: FIRST + timedelta(days=days))
MAYBE = st.none() | DAYS
KNOWN = st.sampled_from([True, True, True, False])


def extensions() -> st.SearchStrategy[ExtensionFacts]:
    """An extension, told or not, for good reason or not."""
    return st.builds(ExtensionFacts, new_date=DAYS, told_on=MAYBE, good_reason=st.booleans())


def stages(number: StageNumber) -> st.SearchStrategy[StageFacts]:
    """A stage with any days at all, even such as no step would let through: old records have them."""
    return st.builds(
        StageFacts, number=st.just(number), received_on=DAYS, logged_on=MAYBE, acknowledged_on=MAYBE,
        responded_on=MAYBE, extensions=st.lists(extensions(), max_size=3).map(tuple),
        acknowledgement_possible=KNOWN, receipt_recorded=KNOWN, acknowledgement_recorded=KNOWN,
        response_recorded=KNOWN,
    )  # fmt: skip


ENDINGS = st.none() | st.tuples(st.sampled_from([Ending.WITHDRAWN, Ending.REFUSED, Ending.ESCALATION_REFUSED]), DAYS)
CASES = st.builds(
    lambda one, two, end: CaseFacts(
        one=one, two=two and replace(two, acknowledgement_possible=one.acknowledgement_possible),
        ending=end and end[0], ended_on=end and end[1],
    ),
    stages(ONE), st.none() | stages(TWO), ENDINGS,
)  # fmt: skip


def days(values: Sequence[date | None]) -> Days:
    return np.array(values, dtype="datetime64[D]")


def flags(values: Sequence[Any]) -> Any:
    return np.array(values, dtype=bool)


def together(cases: Sequence[CaseFacts], number: StageNumber) -> StageDays:
    """The stages of this number, as arrays."""
    found = [(case, stage) for case in cases if (stage := case.one if number is ONE else case.two) is not None]
    each = [stage for _case, stage in found]
    given = [(at, extension) for at, stage in enumerate(each) for extension in stage.extensions]
    return StageDays(
        number=number,
        received=days([stage.received_on for stage in each]),
        logged=days([stage.logged_on for stage in each]),
        acknowledged=days([stage.acknowledged_on for stage in each]),
        responded=days([stage.responded_on for stage in each]),
        ended=days([case.ended_on for case, _stage in found]),
        refused=flags([case.ending is Ending.REFUSED for case, _stage in found]),
        routed=flags([case.ending is Ending.ROUTED for case, _stage in found]),
        overtaken=flags([number is ONE and case.two is not None for case, _stage in found]),
        can_acknowledge=flags([stage.acknowledgement_possible for stage in each]),
        receipt_known=flags([stage.receipt_recorded for stage in each]),
        acknowledgement_known=flags([stage.acknowledgement_recorded for stage in each]),
        response_known=flags([stage.response_recorded for stage in each]),
        extensions=Extensions(
            at=np.array([at for at, _extension in given], dtype=np.int64),
            new_date=days([extension.new_date for _at, extension in given]),
            told_on=days([extension.told_on for _at, extension in given]),
            good_reason=flags([extension.good_reason for _at, extension in given]),
        ),
    )


def one_by_one(cases: Sequence[CaseFacts], number: StageNumber, policy: Policy, calendar: WorkingDays) -> Any:
    """The two clocks of each, by the rules of one case."""
    kinds = {"acknowledge_stage_one", "respond_stage_one"} if number is ONE else {
        "acknowledge_stage_two", "respond_stage_two"}  # fmt: skip
    found: dict[str, list[Any]] = {kind: [] for kind in sorted(kinds)}
    for case in cases:
        for duty in duties_of(case, policy=policy, calendar=calendar):
            if duty.kind in kinds and duty.stage is number:
                found[duty.kind].append((duty.due_on, duty.standing))
    return found


def at_once(cases: Sequence[CaseFacts], number: StageNumber, policy: Policy, calendar: WorkingDays) -> Any:
    judged = judge(together(cases, number), policy=policy, calendar=calendar)
    return {
        kind: [(due, STANDINGS[code]) for due, code in zip(each.due.tolist(), each.standing, strict=True)]
        for kind, each in sorted(judged.items())
    }


@settings(max_examples=80)
@given(cases=st.lists(CASES, min_size=1, max_size=12), policy=st.sampled_from(sorted(POLICIES)))
def test_whatever_the_days_are_both_ways_agree(cases: list[CaseFacts], policy: str) -> None:
    """Late, extended, overtaken, refused, unknown: the arrays say what the rules of one case say [lgsco:6.3]."""
    for number in StageNumber:
        expected = one_by_one(cases, number, POLICIES[policy], published())
        assert at_once(cases, number, POLICIES[policy], published()) == expected


def test_another_calendar_gives_other_dates() -> None:
    """A day of mourning moves a date in both ways of counting."""
    stage = StageFacts(number=ONE, received_on=date(2026, 9, 7), acknowledged_on=date(2026, 9, 8))
    cases, calendar = [CaseFacts(one=stage)], with_days(date(2026, 9, 10))
    found = at_once(cases, ONE, CODE_POLICY, calendar)
    assert found == one_by_one(cases, ONE, CODE_POLICY, calendar)
    assert found != at_once(cases, ONE, CODE_POLICY, published())


def test_what_lies_past_the_published_holidays_is_unknown_and_stops_nobody_else() -> None:
    known = StageFacts(number=ONE, received_on=date(2026, 9, 7), acknowledged_on=date(2026, 9, 8))
    beyond = replace(known, received_on=LAST, acknowledged_on=None)
    with pytest.raises(CalendarEnds):
        duties_of(CaseFacts(one=beyond), policy=CODE_POLICY, calendar=published())
    first, second = at_once([CaseFacts(one=beyond), CaseFacts(one=known)], ONE, CODE_POLICY, published())[
        "respond_stage_one"
    ]
    assert (first[0], first[1].value) == (None, "unknown")
    assert (second[0], second[1].value) == (date(2026, 9, 22), "open")


def test_nothing_at_all_is_judged_as_nothing() -> None:
    assert at_once([], ONE, CODE_POLICY, published()) == {"acknowledge_stage_one": [], "respond_stage_one": []}
