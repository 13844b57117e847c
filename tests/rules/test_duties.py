"""A case's facts turned into what is owed: dates, days to act by, and how each duty was met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.code.policy import CODE_POLICY, Policy
from core.errors import CalendarEnds
from core.rules.duties import ANSWER_AGAIN, TELL_REFUSAL, TITLES, Duty, counts_of, duties_of, nearness
from core.rules.facts import (
    CaseFacts,
    Ending,
    ExtensionFacts,
    ReviewFacts,
    ReviewKind,
    StageFacts,
    StageNumber,
    Standing,
)
from core.rules.information import INFORMATION
from core.rules.outside import TITLES as OUTSIDE
from core.rules.s7_remedies import TITLES as REMEDIES
from core.rules.standards import TITLES as STANDARDS
from tests.rules.calendars import published, with_days

S = Standing
ACKNOWLEDGE, RESPOND = "acknowledge_stage_one", "respond_stage_one"
ACKNOWLEDGE_TWO, FINAL = "acknowledge_stage_two", "respond_stage_two"
RECEIVED, ACKNOWLEDGED, DUE, LIMIT = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 28), date(2026, 10, 12)
EXTENDED = ExtensionFacts(new_date=date(2026, 10, 6), told_on=DUE)


def one(**facts: Any) -> StageFacts:
    return StageFacts(**({"number": StageNumber.ONE, "received_on": RECEIVED, "acknowledged_on": ACKNOWLEDGED} | facts))


def two(**facts: Any) -> StageFacts:
    return StageFacts(**({"number": StageNumber.TWO, "received_on": DUE} | facts))


def owed(case: CaseFacts, policy: Policy = CODE_POLICY) -> dict[str, Duty]:
    duties = duties_of(case, policy=policy, calendar=published())
    assert len({duty.kind for duty in duties}) == len(duties)
    return {duty.kind: duty for duty in duties}


def test_a_new_complaint_owes_an_acknowledgement_and_an_answer() -> None:
    """Both with their clause, start, period and date [lgsco:6.2, 6.3]."""
    duties = owed(CaseFacts(one=one(acknowledged_on=None)))
    assert list(duties) == [ACKNOWLEDGE, RESPOND]
    assert duties[ACKNOWLEDGE] == Duty(
        kind=ACKNOWLEDGE, stage=StageNumber.ONE, clause="lgsco:6.2", start_on=RECEIVED, days=5,
        due_on=ACKNOWLEDGED, act_by=ACKNOWLEDGED, standing=S.OPEN,
    )  # fmt: skip
    assert duties[RESPOND] == Duty(
        kind=RESPOND, stage=StageNumber.ONE, clause="lgsco:6.3", start_on=ACKNOWLEDGED, days=10,
        due_on=DUE, act_by=DUE, standing=S.OPEN,
    )  # fmt: skip


def test_stage_two_owes_its_own_two() -> None:
    """Counted from the request and from its acknowledgement [lgsco:6.12, 6.15]."""
    case = CaseFacts(one=one(responded_on=DUE), two=two(acknowledged_on=date(2026, 10, 5)))
    duties = owed(case)
    assert list(duties) == [ACKNOWLEDGE, RESPOND, ACKNOWLEDGE_TWO, FINAL]
    assert duties[ACKNOWLEDGE_TWO] == Duty(
        kind=ACKNOWLEDGE_TWO, stage=StageNumber.TWO, clause="lgsco:6.12", start_on=DUE, days=5,
        due_on=date(2026, 10, 5), act_by=date(2026, 10, 5), met_on=date(2026, 10, 5), standing=S.IN_TIME,
    )  # fmt: skip
    assert duties[FINAL] == Duty(
        kind=FINAL, stage=StageNumber.TWO, clause="lgsco:6.15", start_on=date(2026, 10, 5), days=20,
        due_on=date(2026, 11, 2), act_by=date(2026, 11, 2), standing=S.OPEN,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "met", "standing"),
    [
        ({"acknowledged_on": ACKNOWLEDGED}, ACKNOWLEDGED, S.IN_TIME),
        ({"acknowledged_on": date(2026, 9, 15)}, date(2026, 9, 15), S.LATE),
        ({"acknowledged_on": RECEIVED, "logged_on": RECEIVED}, RECEIVED, S.IN_TIME),
        ({"acknowledged_on": RECEIVED, "logged_on": ACKNOWLEDGED}, ACKNOWLEDGED, S.IN_TIME),
        ({"acknowledged_on": RECEIVED, "logged_on": date(2026, 9, 15)}, date(2026, 9, 15), S.LATE),
        ({"acknowledged_on": date(2026, 9, 15), "logged_on": RECEIVED}, date(2026, 9, 15), S.LATE),
        ({"acknowledged_on": None}, None, S.OPEN),
        ({"acknowledged_on": None, "responded_on": date(2026, 9, 10)}, date(2026, 9, 10), S.IN_TIME),
        ({"acknowledged_on": None, "responded_on": date(2026, 9, 15)}, date(2026, 9, 15), S.LATE),
        ({"acknowledged_on": None, "responded_on": date(2026, 9, 10), "logged_on": date(2026, 9, 15)},
         date(2026, 9, 15), S.LATE),
        ({"acknowledged_on": None, "acknowledgement_possible": False}, None, S.VOID),
        ({"acknowledged_on": date(2026, 9, 15), "acknowledgement_possible": False}, date(2026, 9, 15), S.VOID),
        ({"acknowledged_on": None, "acknowledgement_recorded": False}, None, S.UNKNOWN),
        ({"acknowledged_on": None, "acknowledgement_recorded": False, "responded_on": DUE}, None, S.UNKNOWN),
        ({"acknowledged_on": ACKNOWLEDGED, "receipt_recorded": False}, ACKNOWLEDGED, S.UNKNOWN),
    ],
    ids=[
        "on the day", "a day late", "logged at once", "logged on the day", "logged too late", "sent too late",
        "not yet", "answered instead", "answered too late instead", "answered but logged too late", "nobody to tell",
        "nobody to tell, sent all the same", "not in the record", "not in the record, answered", "receipt unknown",
    ],
)  # fmt: skip
def test_an_acknowledgement_is_in_time_late_open_void_or_unknown(
    facts: dict[str, Any], met: date | None, standing: Standing
) -> None:
    """Sent and logged within five working days [lgsco:6.2]; readings R7, R8 and R29."""
    duty = owed(CaseFacts(one=one(**facts)))[ACKNOWLEDGE]
    assert (duty.met_on, duty.standing) == (met, standing)


@pytest.mark.parametrize(
    ("facts", "act_by", "standing"),
    [
        ({}, DUE, S.OPEN),
        ({"responded_on": DUE}, DUE, S.IN_TIME),
        ({"responded_on": date(2026, 9, 29)}, DUE, S.LATE),
        ({"extensions": (EXTENDED,)}, date(2026, 10, 6), S.OPEN),
        ({"extensions": (EXTENDED,), "responded_on": DUE}, date(2026, 10, 6), S.IN_TIME),
        ({"extensions": (EXTENDED,), "responded_on": date(2026, 9, 29)}, date(2026, 10, 6), S.EXTENDED),
        ({"extensions": (EXTENDED,), "responded_on": date(2026, 10, 6)}, date(2026, 10, 6), S.EXTENDED),
        ({"extensions": (EXTENDED,), "responded_on": date(2026, 10, 7)}, date(2026, 10, 6), S.LATE),
        ({"extensions": (replace(EXTENDED, told_on=date(2026, 9, 29)),), "responded_on": date(2026, 10, 1)},
         DUE, S.LATE),
        ({"extensions": (replace(EXTENDED, told_on=None),), "responded_on": date(2026, 10, 6)}, DUE, S.UNKNOWN),
        ({"extensions": (replace(EXTENDED, told_on=None),), "responded_on": date(2026, 10, 7)}, DUE, S.LATE),
        ({"extensions": (replace(EXTENDED, told_on=None),), "responded_on": DUE}, DUE, S.IN_TIME),
        ({"promised_on": date(2026, 9, 25)}, date(2026, 9, 25), S.OPEN),
        ({"promised_on": date(2026, 9, 30)}, DUE, S.OPEN),
        ({"promised_on": date(2026, 9, 25), "extensions": (EXTENDED,)}, date(2026, 10, 6), S.OPEN),
        ({"response_recorded": False}, DUE, S.UNKNOWN),
        ({"response_recorded": False, "responded_on": DUE}, DUE, S.IN_TIME),
        ({"receipt_recorded": False, "responded_on": DUE}, DUE, S.UNKNOWN),
        ({"receipt_recorded": False}, DUE, S.UNKNOWN),
    ],
    ids=[
        "not yet", "on the day", "a day late", "extended", "extended, in time after all", "inside the extension",
        "on its last day", "a day past it", "extension told too late", "telling not known", "past it anyway",
        "telling not known, in time", "promised sooner", "promised later", "promised, then extended",
        "answers not in the record", "not in the record, but here", "receipt unknown", "receipt unknown, open",
    ],
)  # fmt: skip
def test_an_answer_is_in_time_extended_late_open_or_unknown(
    facts: dict[str, Any], act_by: date, standing: Standing
) -> None:
    """Three numbers, never two [lgsco:6.3, 6.4]; readings R9, R12 and R23."""
    duty = owed(CaseFacts(one=one(**facts)))[RESPOND]
    assert (duty.due_on, duty.act_by, duty.standing) == (DUE, act_by, standing)
    assert (duty.met_on, duty.promised_on) == (facts.get("responded_on"), facts.get("promised_on"))


@pytest.mark.parametrize(
    ("holidays", "due", "act_by"),
    [
        ((), DUE, date(2026, 9, 29)),
        ((date(2026, 9, 21),), date(2026, 9, 29), date(2026, 9, 29)),
        ((date(2026, 9, 21), date(2026, 9, 22)), date(2026, 9, 30), date(2026, 9, 29)),
    ],
    ids=["before the Code's date moves", "level with it", "past it"],
)
def test_the_date_an_extension_told_is_the_one_to_act_by_even_when_the_codes_date_reaches_it(
    holidays: tuple[date, ...], due: date, act_by: date
) -> None:
    """The earlier of what was told and what the Code now gives [lgsco:6.4]; reading R23."""
    told = (replace(EXTENDED, new_date=date(2026, 9, 29), told_on=date(2026, 9, 15)),)
    case = CaseFacts(one=one(promised_on=DUE, extensions=told))
    duties = {duty.kind: duty for duty in duties_of(case, policy=CODE_POLICY, calendar=with_days(*holidays))}
    assert (duties[RESPOND].due_on, duties[RESPOND].act_by) == (due, act_by)


@pytest.mark.parametrize(
    ("answered", "extensions", "standing"),
    [
        (date(2026, 9, 21), (), S.IN_TIME),
        (date(2026, 9, 22), (), S.UNKNOWN),
        (DUE, (), S.UNKNOWN),
        (date(2026, 9, 29), (), S.LATE),
        (date(2026, 9, 29), (EXTENDED,), S.UNKNOWN),
    ],
    ids=["in time however", "depends", "depends to the last day", "late however", "an extension may have saved it"],
)
def test_without_acknowledgements_in_the_record_only_the_certain_is_said(
    answered: date, extensions: tuple[ExtensionFacts, ...], standing: Standing
) -> None:
    """In time even if acknowledged at once, late even if acknowledged on the last day [lgsco:6.3]."""
    facts = one(acknowledged_on=None, acknowledgement_recorded=False, responded_on=answered, extensions=extensions)
    assert owed(CaseFacts(one=facts))[RESPOND].standing is standing


def test_a_late_acknowledgement_leaves_both_dates() -> None:
    """The target stays; the literal date is kept only where it differs [lgsco:6.3]; reading R6."""
    late = owed(CaseFacts(one=one(acknowledged_on=date(2026, 9, 21))))[RESPOND]
    assert (late.start_on, late.due_on, late.literal_due_on) == (ACKNOWLEDGED, DUE, date(2026, 10, 5))
    assert owed(CaseFacts(one=one()))[RESPOND].literal_due_on is None
    assert owed(CaseFacts(one=one(acknowledged_on=None)))[RESPOND].literal_due_on is None


@pytest.mark.parametrize(
    ("ended", "acknowledgement", "answer"),
    [
        (RECEIVED, S.VOID, S.VOID),
        (ACKNOWLEDGED, S.VOID, S.VOID),
        (date(2026, 9, 15), S.LATE, S.VOID),
        (DUE, S.LATE, S.VOID),
        (date(2026, 9, 29), S.LATE, S.LATE),
    ],
)
def test_what_was_not_due_yet_when_it_ended_is_owed_no_more(
    ended: date, acknowledgement: Standing, answer: Standing
) -> None:
    """What was overdue stays late; reading R18."""
    case = CaseFacts(one=one(acknowledged_on=None), ending=Ending.WITHDRAWN, ended_on=ended)
    duties = owed(case)
    assert (duties[ACKNOWLEDGE].standing, duties[RESPOND].standing) == (acknowledgement, answer)


def test_an_extension_counts_when_the_complaint_ends() -> None:
    """Withdrawn inside a notified extension: nothing was late; reading R18."""
    for ended, standing in ((date(2026, 10, 6), S.VOID), (date(2026, 10, 7), S.LATE)):
        case = CaseFacts(one=one(extensions=(EXTENDED,)), ending=Ending.WITHDRAWN, ended_on=ended)
        assert owed(case)[RESPOND].standing is standing


@pytest.mark.parametrize(
    ("told", "standing"),
    [(RECEIVED, S.IN_TIME), (ACKNOWLEDGED, S.IN_TIME), (date(2026, 9, 15), S.LATE), (date(2026, 10, 20), S.LATE)],
    ids=["the same day", "on the last day", "a day late", "weeks late"],
)
def test_a_refusal_is_counted_apart(told: date, standing: Standing) -> None:
    """T28: told within the time for an acknowledgement, and never counted as one [lgsco:2.4]; reading R28."""
    duties = owed(CaseFacts(one=one(acknowledged_on=None), ending=Ending.REFUSED, ended_on=told))
    assert list(duties) == [ACKNOWLEDGE, RESPOND, TELL_REFUSAL]
    assert duties[TELL_REFUSAL] == Duty(
        kind=TELL_REFUSAL, stage=StageNumber.ONE, clause="lgsco:2.4", start_on=RECEIVED, days=5,
        due_on=ACKNOWLEDGED, act_by=ACKNOWLEDGED, standing=standing, met_on=told,
    )  # fmt: skip
    assert duties[ACKNOWLEDGE].standing is S.VOID
    assert duties[RESPOND].standing is (S.VOID if told <= DUE else S.LATE)


@pytest.mark.parametrize(
    ("extensions", "told", "standing"),
    [
        ((), DUE, S.IN_TIME),
        ((), date(2026, 9, 29), S.LATE),
        ((EXTENDED,), date(2026, 10, 6), S.EXTENDED),
        ((EXTENDED,), date(2026, 10, 7), S.LATE),
    ],
    ids=["by the answer's day", "after it", "within the extension told", "after that"],
)
def test_one_already_taken_is_refused_by_the_day_of_its_answer(
    extensions: tuple[ExtensionFacts, ...], told: date, standing: Standing
) -> None:
    """T28: its acknowledgement stays what it was; the answer it does not get is not counted [lgsco:2.4, 6.3]."""
    duties = owed(CaseFacts(one=one(extensions=extensions), ending=Ending.REFUSED, ended_on=told))
    assert (duties[TELL_REFUSAL].standing, duties[TELL_REFUSAL].met_on) == (standing, told)
    assert duties[ACKNOWLEDGE].standing is S.IN_TIME
    assert duties[RESPOND].standing is (S.LATE if standing is S.LATE else S.VOID)


def test_somebody_who_cannot_be_reached_cannot_be_told() -> None:
    """An anonymous complaint may be refused; no date is owed to anybody [lgsco:2.4]; reading R29."""
    nobody = one(acknowledged_on=None, acknowledgement_possible=False)
    duties = owed(CaseFacts(one=nobody, ending=Ending.REFUSED, ended_on=DUE))
    assert duties[TELL_REFUSAL].standing is S.VOID


def test_what_stage_two_overtakes_counts_as_late() -> None:
    """Even before its day, and even when the case ends later; reading R17."""
    for ended in (None, date(2026, 9, 30)):
        case = CaseFacts(
            one=one(acknowledged_on=None),
            two=two(received_on=date(2026, 9, 10)),
            ending=Ending.WITHDRAWN if ended else None,
            ended_on=ended,
        )
        duties = owed(case)
        assert (duties[ACKNOWLEDGE].standing, duties[RESPOND].standing) == (S.LATE, S.LATE)
        assert duties[FINAL].standing is (S.VOID if ended else S.OPEN)


@pytest.mark.parametrize(
    ("facts", "stage", "due", "standing"),
    [
        ({}, 1, date(2026, 11, 3), S.OPEN),
        ({"answered_again_on": date(2026, 11, 3)}, 1, date(2026, 11, 3), S.IN_TIME),
        ({"answered_again_on": date(2026, 11, 4)}, 1, date(2026, 11, 3), S.LATE),
        ({"ending": Ending.WITHDRAWN, "ended_on": date(2026, 11, 3)}, 1, date(2026, 11, 3), S.VOID),
        ({"ending": Ending.WITHDRAWN, "ended_on": date(2026, 11, 4)}, 1, date(2026, 11, 3), S.LATE),
        ({"two": two(responded_on=date(2026, 10, 19))}, 2, date(2026, 11, 17), S.OPEN),
    ],
    ids=["open", "in time", "late", "ended in time", "ended too late", "at stage 2"],
)
def test_a_reopened_complaint_is_answered_again_within_its_stages_period(
    facts: dict[str, Any], stage: int, due: date, standing: Standing
) -> None:
    """From the day it was taken up again; its first dates stay; reading R20."""
    case = CaseFacts(one=one(responded_on=DUE), reopened_on=date(2026, 10, 20), **facts)
    duties = owed(case)
    assert duties[RESPOND].standing is S.IN_TIME
    again = duties[ANSWER_AGAIN]
    assert again == Duty(
        kind=ANSWER_AGAIN,
        stage=StageNumber(stage),
        clause="lgsco:6.3" if stage == 1 else "lgsco:6.15",
        start_on=date(2026, 10, 20),
        days=10 if stage == 1 else 20,
        due_on=due,
        act_by=due,
        met_on=facts.get("answered_again_on"),
        standing=standing,
    )


@pytest.mark.parametrize(
    "case",
    [
        CaseFacts(one=one(), reopened_on=DUE),
        CaseFacts(one=one(responded_on=DUE), two=two(), reopened_on=DUE),
        CaseFacts(one=one(responded_on=DUE)),
    ],
    ids=["never answered", "stage 2 not answered", "not reopened"],
)
def test_nothing_is_answered_again_that_was_not_answered(case: CaseFacts) -> None:
    """Reading R20."""
    assert ANSWER_AGAIN not in owed(case)


def test_a_policy_counts_by_its_own_periods_and_readings() -> None:
    """The value in force, and day 0 as the council reads it [lgsco:6.2]; readings R2 and R6."""
    own = Policy(
        name="Ours",
        resolution="Cabinet, 3 March 2026, minute 12",
        in_force_from=date(2026, 4, 1),
        periods={"acknowledge_stage_one": 3},
        weekend_receipt_lenient=True,
        late_acknowledgement_buys_time=True,
    )
    duty = owed(CaseFacts(one=one(received_on=date(2026, 9, 12), acknowledged_on=None)), own)[ACKNOWLEDGE]
    assert (duty.start_on, duty.days, duty.due_on) == (date(2026, 9, 14), 3, date(2026, 9, 17))
    late = owed(CaseFacts(one=one(acknowledged_on=date(2026, 9, 21))), own)[RESPOND]
    assert (late.start_on, late.due_on, late.literal_due_on) == (date(2026, 9, 21), date(2026, 10, 5), None)


def test_each_duty_can_be_counted_by_a_calendar_of_its_own() -> None:
    """A settled one keeps the calendar it had, even one that ends before the later duties begin; reading R23."""
    case = CaseFacts(one=one(acknowledged_on=ACKNOWLEDGED, responded_on=DUE), two=two(received_on=date(2028, 12, 20)))
    with pytest.raises(CalendarEnds):
        duties_of(case, policy=CODE_POLICY, calendar=published())
    acknowledge, respond, acknowledge_two, final = counts_of(case, policy=CODE_POLICY)
    for count, due in ((acknowledge, ACKNOWLEDGED), (respond, DUE), (acknowledge_two, date(2028, 12, 29))):
        assert count(policy=CODE_POLICY, calendar=published()).due_on == due
    with pytest.raises(CalendarEnds):
        final(policy=CODE_POLICY, calendar=published())


def test_every_kind_of_duty_has_its_title() -> None:
    """What a row or a button says."""
    reviews = tuple(ReviewFacts(kind=kind, number=1, set_on=DUE, due_on=DUE) for kind in ReviewKind)
    case = CaseFacts(one=one(responded_on=DUE), two=two(responded_on=DUE), reopened_on=DUE, reviews=reviews)
    refused = CaseFacts(one=one(), ending=Ending.REFUSED, ended_on=DUE)
    # Tried in test_routes, test_standards, test_information and tests of their own.
    elsewhere = {kind for kind in TITLES if kind.startswith("route:")} | {*STANDARDS, *REMEDIES, *OUTSIDE, INFORMATION}
    assert {*owed(case), *owed(refused)} == {*TITLES} - elsewhere


# Reviews of adjustments and restrictions


@pytest.mark.parametrize(
    ("review", "standing", "stage"),
    [
        ({}, S.OPEN, 1),
        ({"reviewed_on": DUE}, S.IN_TIME, 1),
        ({"reviewed_on": LIMIT}, S.LATE, 1),
        ({"dropped_on": DUE}, S.VOID, 1),
        ({"dropped_on": LIMIT}, S.LATE, 1),
        ({"at_two": LIMIT}, S.OPEN, 2),
        ({"at_two": LIMIT, "reviewed_on": DUE}, S.IN_TIME, 1),
        ({"at_two": DUE, "reviewed_on": DUE}, S.IN_TIME, 2),
    ],
)
def test_a_review_is_owed_by_the_day_that_was_chosen(review: dict[str, Any], standing: Standing, stage: int) -> None:
    """Held, dropped with what it was about, or open; at the stage it was settled in [lgsco:5.6]."""
    at_two = review.get("at_two")
    said = {name: value for name, value in review.items() if name != "at_two"}
    facts = ReviewFacts(kind=ReviewKind.ADJUSTMENT, number=3, set_on=RECEIVED, due_on=DUE, **said)
    stage_two = two(received_on=at_two) if at_two else None
    case = CaseFacts(one=one(responded_on=DUE), two=stage_two, reviews=(facts,))
    assert owed(case)["review_adjustment"] == Duty(
        kind="review_adjustment", stage=StageNumber(stage), clause="lgsco:5.6", start_on=RECEIVED, days=0, due_on=DUE,
        act_by=DUE, standing=standing, met_on=review.get("reviewed_on"), number=3,
    )  # fmt: skip


def test_a_restriction_is_reviewed_after_the_last_answer_too() -> None:
    """What limits somebody outlasts the complaint [lgsco:5.10]."""
    facts = ReviewFacts(kind=ReviewKind.RESTRICTION, number=1, set_on=RECEIVED, due_on=LIMIT)
    case = CaseFacts(one=one(), ending=Ending.WITHDRAWN, ended_on=DUE, reviews=(facts,))
    duty = owed(case)["review_restriction"]
    assert (duty.standing, duty.clause, duty.key) == (S.OPEN, "lgsco:5.10", (1, "review_restriction", 1))


# What must hold for every case

near = st.integers(min_value=-3, max_value=60)


@st.composite
def stages(draw: st.DrawFn, number: StageNumber, received: date) -> StageFacts:
    """A stage with any dates, in any order the record may have them."""

    def some_day() -> date | None:
        return received + timedelta(days=draw(near)) if draw(st.booleans()) else None

    extensions = tuple(
        ExtensionFacts(
            new_date=received + timedelta(days=draw(near)), told_on=some_day(), good_reason=draw(st.booleans())
        )
        for _ in range(draw(st.integers(min_value=0, max_value=2)))
    )
    return StageFacts(
        number=number,
        received_on=received,
        logged_on=some_day(),
        acknowledged_on=some_day(),
        responded_on=some_day(),
        extensions=extensions,
        promised_on=some_day(),
        acknowledgement_possible=draw(st.booleans()),
        receipt_recorded=draw(st.booleans()),
        acknowledgement_recorded=draw(st.booleans()),
        response_recorded=draw(st.booleans()),
    )


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    """A case with any dates at all."""
    received = draw(st.dates(date(2012, 2, 1), date(2028, 1, 31)))
    ended = draw(st.booleans())
    return CaseFacts(
        one=draw(stages(StageNumber.ONE, received)),
        two=draw(stages(StageNumber.TWO, received + timedelta(days=draw(near)))) if draw(st.booleans()) else None,
        ending=Ending.WITHDRAWN if ended else None,
        ended_on=received + timedelta(days=draw(near)) if ended else None,
        reopened_on=received + timedelta(days=draw(near)) if draw(st.booleans()) else None,
        answered_again_on=received + timedelta(days=draw(near)) if draw(st.booleans()) else None,
    )


@given(cases(), st.integers(min_value=-10, max_value=120))
def test_a_holiday_more_never_makes_a_duty_earlier(case: CaseFacts, after: int) -> None:
    """Neither its date nor the day to act by, and what was in time stays so [lgsco:6.2]; reading R23."""
    day = case.one.received_on + timedelta(days=after)
    more = duties_of(case, policy=CODE_POLICY, calendar=with_days(day))
    for was, becomes in zip(duties_of(case, policy=CODE_POLICY, calendar=published()), more, strict=True):
        assert becomes.due_on >= was.due_on
        assert becomes.act_by >= was.act_by
        assert becomes.start_on >= was.start_on
        if was.standing is S.IN_TIME:
            assert becomes.standing is S.IN_TIME


@given(cases(), st.integers(min_value=1, max_value=30))
def test_acknowledging_later_still_never_moves_the_answer(case: CaseFacts, days: int) -> None:
    """Once late, later changes nothing but the literal date [lgsco:6.3]; reading R6."""
    due = owed(case)[ACKNOWLEDGE].due_on
    on_time = owed(replace(case, one=replace(case.one, acknowledged_on=due)))[RESPOND]
    late = owed(replace(case, one=replace(case.one, acknowledged_on=due + timedelta(days=days))))[RESPOND]
    assert (late.due_on, late.act_by, late.start_on) == (on_time.due_on, on_time.act_by, on_time.start_on)


@given(cases())
def test_standings_divide_every_duty_without_a_gap(case: CaseFacts) -> None:
    """Met in time, met inside an extension, late, open, void or unknown: exactly one, and the right one; R12."""
    for duty in owed(case).values():
        stage = case.one if duty.stage is StageNumber.ONE else case.two
        assert stage is not None
        if duty.standing is S.IN_TIME:
            assert duty.met_on is not None
            assert duty.met_on <= duty.due_on
        elif duty.standing is S.EXTENDED:
            assert duty.met_on is not None
            assert duty.due_on < duty.met_on <= duty.act_by
            assert stage.extensions
        elif duty.standing is S.OPEN:
            assert duty.met_on is None
            assert case.ended_on is None
            assert duty.stage is StageNumber.TWO or case.two is None
        elif duty.standing is S.VOID:
            assert not stage.acknowledgement_possible or case.ended_on is not None
        elif duty.standing is S.UNKNOWN:
            assert not (stage.receipt_recorded and stage.acknowledgement_recorded and stage.response_recorded) or any(
                each.told_on is None for each in stage.extensions
            )


@given(cases())
def test_counting_again_gives_the_same(case: CaseFacts) -> None:
    """Duties follow from facts, policy and calendar alone, so they can be rebuilt at any time."""
    assert duties_of(case, policy=CODE_POLICY, calendar=with_days()) == duties_of(
        case, policy=CODE_POLICY, calendar=published()
    )
    assert [count(policy=CODE_POLICY, calendar=published()) for count in counts_of(case, policy=CODE_POLICY)] == list(
        owed(case).values()
    )


# How near a date is


@pytest.mark.parametrize(
    ("act_by", "days", "words", "overdue"),
    [
        (RECEIVED, 0, "due today", False),
        (date(2026, 9, 8), 1, "1 working day left", False),
        (ACKNOWLEDGED, 5, "5 working days left", False),
        (date(2026, 9, 4), -1, "late by 1 working day", True),
        (date(2026, 9, 3), -2, "late by 2 working days", True),
    ],
)
def test_how_near_a_date_is(act_by: date, days: int, words: str, overdue: bool) -> None:
    """In working days and in words [lgsco:6.2]."""
    found = nearness(act_by, today=RECEIVED, calendar=published())
    assert (found.days, found.words, found.overdue) == (days, words, overdue)


def test_overdue_over_a_weekend_is_late_by_at_least_a_day() -> None:
    """Due on Friday, looked at on Saturday [lgsco:6.2]."""
    found = nearness(date(2026, 9, 11), today=date(2026, 9, 12), calendar=published())
    assert (found.days, found.words, found.overdue) == (-1, "late by 1 working day", True)
