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
from core.rules.what_if import STANDINGS, Extensions, StageDays, _turns, judge
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


RECEIVED, ACKNOWLEDGE_BY = date(2026, 9, 7), date(2026, 9, 14)
ANSWER_BY, AT_MOST = date(2026, 9, 28), date(2026, 10, 12)
ONE_DAY = timedelta(days=1)
PLAIN = StageFacts(number=ONE, received_on=RECEIVED, acknowledged_on=ACKNOWLEDGE_BY, responded_on=ANSWER_BY)
OPEN = replace(PLAIN, responded_on=None)


def longer(*given: tuple[date, date | None], good_reason: bool = False, **more: Any) -> StageFacts:
    """Stage 1 with extensions: for each the new date, and when they were told of it."""
    facts = (ExtensionFacts(new_date=new, told_on=told_on, good_reason=good_reason) for new, told_on in given)
    return replace(PLAIN, extensions=tuple(facts), **more)


def ended(stage: StageFacts, on: date, ending: Ending = Ending.WITHDRAWN) -> CaseFacts:
    return CaseFacts(one=stage, ending=ending, ended_on=on)


STANDS: list[tuple[StageFacts | CaseFacts, str, str]] = [
    (PLAIN, "in_time", "in_time"),
    (replace(PLAIN, responded_on=ANSWER_BY + ONE_DAY), "in_time", "late"),
    (replace(PLAIN, acknowledged_on=ACKNOWLEDGE_BY + ONE_DAY), "late", "in_time"),
    (replace(PLAIN, acknowledged_on=ACKNOWLEDGE_BY + ONE_DAY, responded_on=ANSWER_BY + ONE_DAY), "late", "late"),
    (replace(PLAIN, logged_on=ACKNOWLEDGE_BY + ONE_DAY), "late", "in_time"),
    # An answer without an acknowledgement is both (reading R8).
    (replace(PLAIN, acknowledged_on=None, responded_on=ACKNOWLEDGE_BY), "in_time", "in_time"),
    (replace(PLAIN, acknowledged_on=None), "late", "in_time"),
    (replace(OPEN, acknowledged_on=None), "open", "open"),
    (OPEN, "in_time", "open"),
    (ended(OPEN, ANSWER_BY), "in_time", "void"),
    (ended(OPEN, ANSWER_BY + ONE_DAY), "in_time", "late"),
    (ended(replace(OPEN, acknowledged_on=None), ACKNOWLEDGE_BY), "void", "void"),
    (ended(replace(OPEN, acknowledged_on=None), ANSWER_BY), "late", "void"),
    (ended(replace(OPEN, acknowledged_on=None), ANSWER_BY, Ending.REFUSED), "void", "void"),
    (ended(PLAIN, ANSWER_BY, Ending.ROUTED), "void", "void"),
    # Stage 2 asked for before stage 1 was answered (reading R17).
    (CaseFacts(one=OPEN, two=replace(OPEN, number=TWO)), "in_time", "late"),
    (replace(PLAIN, acknowledgement_possible=False, acknowledged_on=None), "void", "in_time"),
    (longer((AT_MOST, ANSWER_BY), responded_on=AT_MOST), "in_time", "extended"),
    (longer((AT_MOST, ANSWER_BY), responded_on=AT_MOST + ONE_DAY), "in_time", "late"),
    (longer((AT_MOST, ANSWER_BY + ONE_DAY), responded_on=AT_MOST), "in_time", "late"),
    (longer((AT_MOST + ONE_DAY, ANSWER_BY), responded_on=AT_MOST), "in_time", "late"),
    (longer((AT_MOST + ONE_DAY, ANSWER_BY), good_reason=True, responded_on=AT_MOST + ONE_DAY), "in_time", "extended"),
    (ended(longer((AT_MOST, ANSWER_BY), responded_on=None), AT_MOST), "in_time", "void"),
    # A second extension told by the date of the first; and one told after it.
    (longer((ANSWER_BY + ONE_DAY, ANSWER_BY), (AT_MOST, ANSWER_BY + ONE_DAY), responded_on=AT_MOST),
     "in_time", "extended"),
    (longer((ANSWER_BY + ONE_DAY, ANSWER_BY), (AT_MOST, ANSWER_BY + 2 * ONE_DAY), responded_on=AT_MOST),
     "in_time", "late"),
    # Nobody knows when they were told: nothing is claimed up to the new date.
    (longer((AT_MOST, None), responded_on=AT_MOST), "in_time", "unknown"),
    (longer((AT_MOST, None), responded_on=AT_MOST + ONE_DAY), "in_time", "late"),
    (longer((AT_MOST, None), responded_on=ANSWER_BY), "in_time", "in_time"),
    # A source without receipts, acknowledgements or answers.
    (replace(PLAIN, receipt_recorded=False), "unknown", "unknown"),
    (replace(PLAIN, acknowledged_on=None, acknowledgement_recorded=False), "unknown", "unknown"),
    (replace(PLAIN, acknowledged_on=None, acknowledgement_recorded=False, responded_on=date(2026, 9, 21)),
     "unknown", "in_time"),
    (replace(PLAIN, acknowledged_on=None, acknowledgement_recorded=False, responded_on=ANSWER_BY + ONE_DAY),
     "unknown", "late"),
    (longer((AT_MOST, ANSWER_BY), acknowledged_on=None, acknowledgement_recorded=False,
            responded_on=ANSWER_BY + ONE_DAY), "unknown", "unknown"),
    (replace(OPEN, response_recorded=False), "in_time", "unknown"),
]  # fmt: skip
"""A stage or a complaint received on a Monday, and how its acknowledgement and its answer stand by the Code."""


def test_6_3_each_way_a_stage_can_stand_is_told_among_all_the_others() -> None:
    """All in one go, so that no stage is given what belongs to its neighbour."""
    cases = [facts if isinstance(facts, CaseFacts) else CaseFacts(one=facts) for facts, _first, _second in STANDS]
    found = at_once(cases, ONE, CODE_POLICY, published())
    assert found == one_by_one(cases, ONE, CODE_POLICY, published())
    stands = [
        (acknowledged.value, answered.value)
        for (_by, acknowledged), (_due, answered) in zip(
            found["acknowledge_stage_one"], found["respond_stage_one"], strict=True
        )
    ]
    assert stands == [(first, second) for _facts, first, second in STANDS]


def test_6_4_each_stages_extensions_count_in_the_order_they_were_given_however_many_stages_there_are() -> None:
    """Every second one was told by the date of the first, so each needs the one before it (reading R9)."""
    twice = longer((ANSWER_BY + ONE_DAY, ANSWER_BY), (AT_MOST, ANSWER_BY + ONE_DAY), responded_on=AT_MOST)
    number = 40
    stages = together([CaseFacts(one=twice)] * number, ONE)
    given = stages.extensions
    rounds = np.argsort(np.arange(len(given.at)) % 2, kind="stable")  # all the first ones, then all the second ones
    mixed = replace(
        given,
        at=given.at[rounds],
        new_date=given.new_date[rounds],
        told_on=given.told_on[rounds],
        good_reason=given.good_reason[rounds],
    )
    for facts in (stages, replace(stages, extensions=mixed)):
        judged = judge(facts, policy=CODE_POLICY, calendar=published())["respond_stage_one"]
        assert [STANDINGS[code].value for code in judged.standing] == ["extended"] * number


@pytest.mark.parametrize(
    ("at", "turns"),
    [
        ([], []),
        ([0, 1], [[0, 1]]),
        ([2, 0, 2, 1, 0, 2], [[1, 3, 0], [4, 2], [5]]),
    ],
)
def test_extensions_are_taken_in_as_few_turns_as_the_most_of_one_stage(at: list[int], turns: list[list[int]]) -> None:
    """The first of every stage at once, then every second one: thousands of stages cost no more than one."""
    assert [turn.tolist() for turn in _turns(np.array(at, dtype=np.int64))] == turns


@pytest.mark.parametrize(
    ("policy", "acknowledge", "answer"),
    [
        ("the Code", date(2026, 9, 11), date(2026, 9, 25)),
        ("lenient", date(2026, 9, 14), date(2026, 9, 28)),
        ("buys time", date(2026, 9, 11), date(2026, 9, 30)),
        ("slower", date(2026, 9, 11), date(2026, 10, 2)),
    ],
)
def test_6_3_the_dates_are_the_policys_own(policy: str, acknowledge: date, answer: date) -> None:
    """Received on a Saturday and acknowledged late, on the Wednesday of the week after [lgsco:6.2, 6.3]."""
    late = CaseFacts(one=replace(OPEN, received_on=date(2026, 9, 5), acknowledged_on=date(2026, 9, 16)))
    found = at_once([late], ONE, POLICIES[policy], published())
    assert [found[kind][0][0] for kind in sorted(found)] == [acknowledge, answer]


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
