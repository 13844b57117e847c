"""Section 6: both stages' clocks, extensions, and what each step must carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.code.policy import CODE_POLICY
from core.errors import CalendarEnds
from core.rules import s6_stages as rules
from core.rules.facts import ExtensionFacts, Outcome, StageFacts, StageNumber
from tests.rules.calendars import published, with_days

COUNTING = {"policy": CODE_POLICY, "calendar": published()}
ONE, TWO = StageNumber.ONE, StageNumber.TWO
RECEIVED, ACKNOWLEDGED, DUE = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 28)
LIMIT = date(2026, 10, 12)


def stage(number: StageNumber = ONE, **facts: object) -> StageFacts:
    given: dict[str, object] = {"received_on": RECEIVED, "acknowledged_on": ACKNOWLEDGED}
    return StageFacts(number=number, **(given | facts))  # type: ignore[arg-type]


def extension(to: date, told: date | None, good_reason: bool = False) -> ExtensionFacts:
    return ExtensionFacts(new_date=to, told_on=told, good_reason=good_reason)


# Days and clocks


def test_a_moment_counts_for_its_day_in_london() -> None:
    """Up to midnight, in summer time as in winter [lgsco:6.2]; readings R3 and R34."""
    assert rules.local_day(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert rules.local_day(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == date(2026, 7, 1)
    assert rules.local_day(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == date(2026, 11, 30)


def test_a_complaint_is_flagged_at_eight_and_twelve_weeks() -> None:
    """Weeks from receipt, weekends and holidays included [lgsco:6.19]; reading R33."""
    assert rules.whole_case_flags(date(2026, 10, 31)) == (date(2026, 12, 26), date(2027, 1, 23))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 7), date(2026, 9, 14)),
        (date(2026, 9, 12), date(2026, 9, 18)),
        (date(2026, 9, 13), date(2026, 9, 18)),
        (date(2026, 3, 27), date(2026, 4, 7)),
        (date(2026, 12, 18), date(2026, 12, 29)),
        (date(2026, 12, 24), date(2027, 1, 5)),
        (date(2026, 12, 25), date(2027, 1, 5)),
    ],
    ids=["Monday", "Saturday", "Sunday", "Easter", "before Christmas", "Christmas Eve", "Christmas Day"],
)
def test_both_stages_are_acknowledged_within_five_working_days(received: date, due: date) -> None:
    """The day of receipt is day 0, at stage 2 that of the request [lgsco:6.2, 6.12]; readings R1 and R2."""
    assert rules.acknowledge_stage_one_by(received, **COUNTING) == due
    assert rules.acknowledge_stage_two_by(received, **COUNTING) == due


def test_a_policy_may_deem_a_weekend_receipt_to_be_mondays() -> None:
    """Only where the council decided so, and only for days not worked [lgsco:6.2]; reading R2."""
    lenient = replace(CODE_POLICY, weekend_receipt_lenient=True)
    for received, due in ((date(2026, 9, 12), date(2026, 9, 21)), (RECEIVED, ACKNOWLEDGED)):
        assert rules.acknowledge_stage_one_by(received, policy=lenient, calendar=published()) == due
    assert rules.clock_starts(date(2026, 9, 12), policy=lenient, calendar=published()) == date(2026, 9, 14)
    assert rules.clock_starts(date(2026, 9, 12), **COUNTING) == date(2026, 9, 12)


@pytest.mark.parametrize(
    ("acknowledged", "anchor", "answer", "final"),
    [
        (RECEIVED, RECEIVED, date(2026, 9, 21), date(2026, 10, 5)),
        (ACKNOWLEDGED, ACKNOWLEDGED, DUE, LIMIT),
        (date(2026, 9, 21), ACKNOWLEDGED, DUE, LIMIT),
        (None, ACKNOWLEDGED, DUE, LIMIT),
    ],
    ids=["at once", "on the last day", "a week late", "not yet"],
)
def test_the_answer_is_counted_from_the_acknowledgement_and_never_from_a_late_one(
    acknowledged: date | None, anchor: date, answer: date, final: date
) -> None:
    """Ten working days at stage 1, twenty at stage 2 [lgsco:6.3, 6.15]; reading R6."""
    for number, due in ((ONE, answer), (TWO, final)):
        facts = stage(number, acknowledged_on=acknowledged)
        assert rules.response_anchor(facts, **COUNTING) == anchor
        assert rules.respond_by(facts, **COUNTING) == due
    if acknowledged is not None:
        assert rules.respond_stage_one_by(acknowledged, received_on=RECEIVED, **COUNTING) == answer
        assert rules.respond_stage_two_by(acknowledged, requested_on=RECEIVED, **COUNTING) == final


def test_a_policy_may_let_a_late_acknowledgement_move_the_answer() -> None:
    """As the Code reads to the letter, where the council decided so [lgsco:6.3]; reading R6."""
    letter = replace(CODE_POLICY, late_acknowledgement_buys_time=True)
    late = stage(acknowledged_on=date(2026, 9, 21))
    assert rules.response_anchor(late, policy=letter, calendar=published()) == date(2026, 9, 21)
    assert rules.respond_by(late, policy=letter, calendar=published()) == date(2026, 10, 5)


def test_the_literal_date_is_kept_beside_ours() -> None:
    """Counted from the acknowledgement as it was sent; none before there is one [lgsco:6.3]; reading R6."""
    assert rules.literal_respond_by(stage(acknowledged_on=date(2026, 9, 21)), **COUNTING) == date(2026, 10, 5)
    assert rules.literal_respond_by(stage(TWO, acknowledged_on=date(2026, 9, 21)), **COUNTING) == date(2026, 10, 19)
    assert rules.literal_respond_by(stage(acknowledged_on=None), **COUNTING) is None


@given(st.dates(date(2012, 1, 2), date(2028, 9, 1)), st.integers(min_value=0, max_value=30))
def test_a_late_acknowledgement_never_moves_the_answer_later(received: date, late: int) -> None:
    """Whatever the day it was sent, the answer is due no later than for one sent in time [lgsco:6.3]; reading R6."""
    due = rules.acknowledge_stage_one_by(received, **COUNTING)
    on_time = rules.respond_stage_one_by(due, received_on=received, **COUNTING)
    sent = due + timedelta(days=late)
    assert rules.respond_stage_one_by(sent, received_on=received, **COUNTING) == on_time
    for early in (received, received + (due - received) / 2):
        assert rules.respond_stage_one_by(early, received_on=received, **COUNTING) <= on_time


@given(
    st.dates(date(2012, 1, 2), date(2028, 6, 1)),
    st.integers(min_value=0, max_value=20),
    st.integers(min_value=-20, max_value=90),
    st.sampled_from(list(StageNumber)),
)
def test_a_holiday_more_never_makes_a_date_earlier(
    received: date, sent_after: int, holiday_after: int, number: StageNumber
) -> None:
    """Every date of a stage stays or moves later [lgsco:6.2]; reading R23."""
    facts = stage(number, received_on=received, acknowledged_on=received + timedelta(days=sent_after))
    more = {"policy": CODE_POLICY, "calendar": with_days(received + timedelta(days=holiday_after))}
    for rule in (rules.acknowledge_by, rules.respond_by, rules.extend_to_at_most):
        assert rule(facts, **more) >= rule(facts, **COUNTING)


def test_no_date_is_guessed_past_the_calendar() -> None:
    """Nothing is published for 2029 [lgsco:6.2]; reading R24."""
    assert rules.acknowledge_stage_one_by(date(2028, 12, 20), **COUNTING) == date(2028, 12, 29)
    with pytest.raises(CalendarEnds):
        rules.acknowledge_stage_one_by(date(2028, 12, 22), **COUNTING)


# Extensions


@pytest.mark.parametrize(
    ("number", "clause", "limit"), [(ONE, "lgsco:6.4", LIMIT), (TWO, "lgsco:6.16", date(2026, 11, 9))]
)
def test_the_limit_of_extensions_is_counted_from_the_original_date(
    number: StageNumber, clause: str, limit: date
) -> None:
    """Ten and twenty working days from the original date, whatever was extended before [lgsco:6.4, 6.16]; R11."""
    extended = stage(number, extensions=(extension(date(2026, 10, 6), DUE),))
    for facts in (stage(number), extended):
        assert rules.extend_to_at_most(facts, **COUNTING) == limit
        assert rules.extension_within_limit(limit, facts, **COUNTING) == ()
        (finding,) = rules.extension_within_limit(limit + timedelta(days=1), facts, **COUNTING)
        assert (finding.clause, finding.force) == (clause, "should")


def test_how_far_past_the_limit_is_said_in_working_days() -> None:
    """The sentence counts the days and names the limit [lgsco:6.4]."""
    (one,) = rules.extension_within_limit(date(2026, 10, 13), stage(), **COUNTING)
    assert one.sentence == (
        "Tue 13 October 2026 is 1 working day past the limit of Mon 12 October 2026. "
        "Choose an earlier date, or record the good reason for going past it."
    )
    (four,) = rules.extension_within_limit(date(2026, 10, 18), stage(), **COUNTING)
    assert "is 4 working days past" in four.sentence


def test_an_extension_is_told_on_or_before_the_day_it_moves() -> None:
    """On the day counts; the day after does not [lgsco:6.4, 5.5]; reading R9."""
    assert rules.extension_told_in_time(DUE, stage(), **COUNTING) == ()
    (finding,) = rules.extension_told_in_time(date(2026, 9, 29), stage(), **COUNTING)
    assert (finding.clause, finding.force) == ("lgsco:5.5", "should")
    assert finding.sentence == (
        "The answer was due by Mon 28 September 2026; telling the individual on Tue 29 September 2026 is after that. "
        "The answer will count as late. Record why the individual was not told sooner."
    )
    extended = stage(extensions=(extension(date(2026, 10, 6), DUE),))
    assert rules.extension_told_in_time(date(2026, 10, 6), extended, **COUNTING) == ()
    assert rules.extension_told_in_time(date(2026, 10, 7), extended, **COUNTING)


@pytest.mark.parametrize(("number", "clause"), [(ONE, "lgsco:6.5"), (TWO, "lgsco:6.17")])
def test_whoever_is_told_of_an_extension_is_told_of_the_ombudsman(number: StageNumber, clause: str) -> None:
    """At both stages [lgsco:6.5, 6.17]."""
    assert rules.ombudsman_details_told(True, number) == ()
    (finding,) = rules.ombudsman_details_told(False, number)
    assert (finding.clause, finding.force) == (clause, "should")
    assert finding.sentence == (
        "Give the individual the Ombudsman's details with the extension, or record why they were left out."
    )


@pytest.mark.parametrize(
    ("extensions", "reached"),
    [
        ((), None),
        ((extension(date(2026, 10, 6), DUE),), date(2026, 10, 6)),
        ((extension(LIMIT, date(2026, 9, 15)),), LIMIT),
        ((extension(date(2026, 10, 6), date(2026, 9, 29)),), None),
        ((extension(date(2026, 10, 6), None),), None),
        ((extension(date(2026, 10, 13), DUE),), None),
        ((extension(date(2026, 10, 13), DUE, True),), date(2026, 10, 13)),
        ((extension(date(2026, 10, 13), date(2026, 9, 29), True),), None),
        ((extension(date(2026, 10, 6), DUE), extension(LIMIT, date(2026, 10, 6))), LIMIT),
        ((extension(date(2026, 10, 6), DUE), extension(LIMIT, date(2026, 10, 7))), date(2026, 10, 6)),
        ((extension(date(2026, 10, 6), date(2026, 9, 29)), extension(LIMIT, date(2026, 10, 6))), None),
        ((extension(LIMIT, DUE), extension(date(2026, 10, 6), DUE)), LIMIT),
        ((extension(date(2026, 9, 21), ACKNOWLEDGED),), DUE),
    ],
    ids=[
        "none", "told on the day", "to the limit", "told too late", "telling not known", "past the limit",
        "past it with good reason", "good reason but told too late", "two in turn", "the second told too late",
        "the first told too late carries no second", "a shorter one after", "one that moves nothing",
    ],
)  # fmt: skip
def test_only_a_properly_told_extension_reaches_anywhere(
    extensions: tuple[ExtensionFacts, ...], reached: date | None
) -> None:
    """Told in time, and within the limit or with good reason [lgsco:6.4]; readings R9, R10 and R12."""
    facts = stage(extensions=extensions)
    assert rules.last_valid_extension(facts, **COUNTING) == reached
    assert rules.current_date(facts, **COUNTING) == (reached or DUE)


# Points and answers


@pytest.mark.parametrize(("vulnerable", "at_risk"), [(True, False), (False, True), (True, True)])
def test_6_1_either_need_puts_a_complaint_before_all_others(vulnerable: bool, at_risk: bool) -> None:
    """Somebody vulnerable or at risk is behind it [lgsco:6.1]."""
    assert rules.comes_first(vulnerable=vulnerable, at_risk=at_risk)
    assert not rules.comes_first(vulnerable=False, at_risk=False)


def test_every_point_has_a_finding_and_its_reasons() -> None:
    """Each point raised is addressed [lgsco:6.7]."""
    answered = {1: ("upheld", "We missed it."), 2: ("not_upheld", "  "), 4: (None, "Reasons without a finding")}
    findings = rules.every_point_answered([1, 2, 3, 4], answered)
    assert [(each.clause, each.force, each.sentence) for each in findings] == [
        ("lgsco:6.7", "should", "Point 2 has a finding but no reasons."),
        ("lgsco:6.7", "should", "Point 3 has no finding yet."),
        ("lgsco:6.7", "should", "Point 4 has no finding yet."),
    ]
    assert rules.every_point_answered([], {}) == ()


U, PU, N, R, X = Outcome.UPHELD, Outcome.PARTIALLY_UPHELD, Outcome.NOT_UPHELD, Outcome.RESOLVED, Outcome.OTHER


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        ([], X), ([U], U), ([PU], PU), ([N], N), ([R], R), ([X], X), ([U, U], U), ([N, N], N),
        ([U, N], PU), ([N, U], PU), ([U, R], PU), ([PU, N], PU), ([U, PU], PU), ([X, PU], PU),
        ([R, N], R), ([X, R], R), ([N, X], N),
    ],
)  # fmt: skip
def test_the_outcome_follows_from_the_points(found: list[Outcome], whole: Outcome) -> None:
    """Upheld, not upheld, or partly when they differ [lgsco:6.7]."""
    assert rules.overall_outcome(found) is whole


def test_a_stage_one_answer_says_how_to_go_on() -> None:
    """How to ask for stage 2 [lgsco:6.8]."""
    assert rules.escalation_route_told(True) == ()
    (finding,) = rules.escalation_route_told(False)
    assert (finding.clause, finding.force) == ("lgsco:6.8", "should")
    assert finding.sentence == "Tell the individual how to ask for stage 2, or record why the answer leaves it out."


@pytest.mark.parametrize(("related", "answered", "delays"), list(product([True, False], repeat=3)))
def test_a_new_point_joins_by_three_questions(related: bool, answered: bool, delays: bool) -> None:
    """Related, before the answer, and without unreasonable delay [lgsco:6.9]; reading R21."""
    findings = rules.new_points_join_stage_one(related=related, answered=answered, delays=delays)
    why = [
        text
        for holds, text in (
            (not related, "it is about something else"),
            (answered, "stage 1 has been answered"),
            (delays, "it would delay the answer unreasonably"),
        )
        if holds
    ]
    if not why:
        assert findings == ()
        return
    (finding,) = findings
    assert (finding.clause, finding.force) == ("lgsco:6.9", "should")
    assert finding.sentence == (
        f"Record this as a new complaint, because {' and '.join(why)}; or record why it belongs here."
    )


@pytest.mark.parametrize(("related", "answered", "delays"), list(product([True, False], repeat=3)))
def test_a_point_is_kept_apart_exactly_where_it_cannot_join(related: bool, answered: bool, delays: bool) -> None:
    """T21: of the eight, one joins and seven are split; never both, never neither [lgsco:6.9]; reading R21."""
    three = {"related": related, "answered": answered, "delays": delays}
    joins, apart = rules.new_points_join_stage_one(**three), rules.new_points_kept_apart(**three)
    assert bool(joins) is not bool(apart)
    assert bool(apart) is (three == {"related": True, "answered": False, "delays": False})
    if apart:
        assert (apart[0].clause, apart[0].force) == ("lgsco:6.9", "should")
        assert apart[0].sentence == (
            "Add this as a point, because it is related, stage 1 has no answer yet, and it does not hold the answer "
            "up; or record why it is kept apart."
        )


# Stage 2


def test_stage_two_follows_an_answer() -> None:
    """Asked for on the day of the answer or later [lgsco:6.11]; reading R17."""
    answered = stage(responded_on=date(2026, 9, 24))
    assert rules.stage_one_answered_first(answered, asked_on=date(2026, 9, 24)) == ()
    assert rules.stage_one_answered_first(answered, asked_on=date(2027, 9, 24)) == ()
    (none,) = rules.stage_one_answered_first(stage(), asked_on=DUE)
    assert (none.clause, none.force) == ("lgsco:6.11", "should")
    assert none.sentence == (
        "Stage 1 has no answer yet. Send it, or record why stage 2 starts now; stage 1 will count as late."
    )
    (before,) = rules.stage_one_answered_first(answered, asked_on=date(2026, 9, 23))
    assert (before.clause, before.force) == ("lgsco:6.11", "should")
    assert before.sentence == (
        "Stage 2 was asked for on Wed 23 September 2026, before stage 1 was answered on Thu 24 September 2026. "
        "Check both dates, or record why stage 2 starts from that day."
    )


@pytest.mark.parametrize(
    ("issues", "outcomes", "missing"),
    [
        ("Bins", "A plan", ""),
        (" ", "A plan", "the outstanding issues"),
        ("Bins", " ", "the outcomes sought"),
        ("", "", "the outstanding issues and the outcomes sought"),
    ],
)
def test_the_acknowledgement_of_stage_two_sets_out_both_or_asks(issues: str, outcomes: str, missing: str) -> None:
    """What is outstanding and what is sought [lgsco:6.12]."""
    assert rules.outstanding_issues_set_out(issues=issues, outcomes=outcomes, clarification_asked=True) == ()
    findings = rules.outstanding_issues_set_out(issues=issues, outcomes=outcomes, clarification_asked=False)
    if not missing:
        assert findings == ()
        return
    (finding,) = findings
    assert (finding.clause, finding.force) == ("lgsco:6.12", "should")
    assert finding.sentence == (f"Set out {missing}, or say that you have asked the individual to make them clear.")


def test_stage_two_is_considered_by_someone_new() -> None:
    """Whoever took part in stage 1 is named with what they did [lgsco:6.14]."""
    hands = {7: "handled stage 1", 8: "answered stage 1"}
    assert rules.someone_new_at_stage_two(9, hands) == ()
    assert rules.someone_new_at_stage_two(9, {}) == ()
    for colleague, did in hands.items():
        (finding,) = rules.someone_new_at_stage_two(colleague, hands)
        assert (finding.clause, finding.force) == ("lgsco:6.14", "should")
        assert finding.sentence == (
            f"This colleague {did}. Choose someone else, or record why no one else can consider stage 2."
        )


def test_we_try_to_understand_and_never_demand_a_reason() -> None:
    """Efforts are ours [lgsco:6.13]."""
    assert rules.efforts_to_understand_made("Rang twice.") == ()
    for nothing in ("", "  "):
        (finding,) = rules.efforts_to_understand_made(nothing)
        assert (finding.clause, finding.force) == ("lgsco:6.13", "should")
        assert finding.sentence == (
            "Say what was done to understand why the individual is still unhappy, or record why nothing was done."
        )


def test_a_missing_part_of_the_final_response_is_a_matter_of_structure() -> None:
    """Seven parts, and no reason gets past a missing one [lgsco:6.18]."""
    assert rules.final_response_complete([]) == ()
    missing = [("remedy", "lgsco:6.18e", "What we offer"), ("ombudsman", "lgsco:6.18g", "The Ombudsman")]
    findings = rules.final_response_complete(missing)
    assert [(each.clause, each.force, each.sentence) for each in findings] == [
        (clause, "structure", f"{title} is missing. Write it, or say in words that there is none.")
        for _key, clause, title in missing
    ]
