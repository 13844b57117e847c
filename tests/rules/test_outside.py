"""What an Ombudsman or an assessor asks: one date each, no clock of the Code, and no stage begun again by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.code.catalogue import STANDARDS
from core.code.policy import CODE_POLICY, Policy
from core.rules.duties import Duty, duties_of
from core.rules.facts import Asked, AskedKind, Ending, StageNumber, Standing, WithOmbudsman
from core.rules.outside import OWN, TITLES, AtTheOmbudsman, handling_steps, steps_at
from core.rules.standards import UPDATE, UPDATE_OMBUDSMAN
from core.rules.steps import position_of
from tests.rules.calendars import published
from tests.rules.test_standards import KEEPING, MONDAY, case, one_of, ours, told

S = Standing
SET, DUE, AFTER = date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 17)
ANSWERED = {"responded_on": date(2026, 9, 21), "acknowledged_on": date(2026, 9, 8)}
TWO = {"received_on": date(2026, 9, 28), "acknowledged_on": date(2026, 9, 29), "responded_on": date(2026, 10, 20)}


def asked(kind: AskedKind = AskedKind.ENQUIRY, policy: Policy = CODE_POLICY, **given: Any) -> Duty:
    """The one duty of a complaint that had its final response and of which something is asked."""
    told = {"number": 3, "set_on": SET, "due_on": DUE, "cite": "asked:LGSCO", **given}
    over = case(one=ANSWERED, two=TWO, ending=Ending.FINAL_RESPONSE, ended_on=TWO["responded_on"])
    facts = replace(over, asked=(Asked(kind=kind, **told),))
    assert position_of(facts) is position_of(over), "no stage begins again by it [lgsco:6.20]"
    (duty,) = [each for each in duties_of(facts, policy=policy, calendar=published()) if each.kind == kind.value]
    return duty


@pytest.mark.parametrize(
    ("given", "standing"),
    [
        ({}, S.OPEN),
        ({"met_on": DUE}, S.IN_TIME),
        ({"met_on": AFTER}, S.LATE),
        ({"dropped_on": DUE}, S.VOID),
        ({"dropped_on": AFTER}, S.LATE),
        ({"met_on": DUE, "dropped_on": AFTER}, S.IN_TIME),
    ],
)
@pytest.mark.parametrize("kind", [AskedKind.ENQUIRY, AskedKind.DRAFT, AskedKind.RECOMMENDATION])
def test_what_an_ombudsman_asks_is_owed_by_its_day(kind: AskedKind, given: dict[str, Any], standing: Standing) -> None:
    duty = asked(kind, **given)
    assert (duty.standing, duty.due_on, duty.act_by, duty.days) == (standing, DUE, DUE, 0)
    assert (duty.start_on, duty.met_on, duty.number) == (SET, given.get("met_on"), 3)
    assert (duty.clause, duty.ours, duty.stage) == ("asked:LGSCO", False, StageNumber.TWO)


@pytest.mark.parametrize("kind", [AskedKind.HANDLING, AskedKind.ASSESSMENT])
def test_E10_the_dates_of_a_complaint_about_handling_are_our_own(kind: AskedKind) -> None:
    """Counted in working days from standards.toml, and apart from the Code's."""
    duty = asked(kind, due_on=None, cite="")
    assert duty.days == STANDARDS[kind.value].value
    assert duty.due_on == published().after(SET, duty.days)
    assert duty.ours
    assert not duty.clause.startswith("lgsco:")


def test_E10_a_policy_sets_the_period_for_a_complaint_about_handling_and_for_no_other() -> None:
    policy = replace(CODE_POLICY, standard_periods={AskedKind.HANDLING.value: 7})
    assert asked(AskedKind.HANDLING, policy, due_on=None).days == 7
    assert asked(AskedKind.ASSESSMENT, policy, due_on=None).days == STANDARDS[AskedKind.ASSESSMENT.value].value


@pytest.mark.parametrize(
    ("over", "stage"),
    [
        (date(2026, 9, 27), StageNumber.ONE),
        (TWO["received_on"], StageNumber.TWO),
        (date(2026, 9, 29), StageNumber.TWO),
    ],
)
def test_what_is_asked_before_stage_two_belongs_to_stage_one_once_it_is_over(over: date, stage: StageNumber) -> None:
    for day in ("met_on", "dropped_on"):
        assert asked(set_on=date(2026, 9, 14), due_on=date(2026, 9, 21), **{day: over}).stage is stage


def test_every_kind_has_a_title_and_those_that_are_ours_count_by_a_standard_or_have_their_day() -> None:
    assert set(TITLES) == {each.value for each in AskedKind}
    assert set(STANDARDS) >= OWN - {AskedKind.HOLD.value}  # whoever places a hold says when it is reviewed


# ------------------------------------------------------------------------------------------- updates while it is there


def with_one(*days: str, until: date | None = None) -> Any:
    over = case(one=ANSWERED, two=TWO, ending=Ending.FINAL_RESPONSE, ended_on=TWO["responded_on"], in_touch=told(*days))
    return replace(over, with_ombudsman=(WithOmbudsman(number=4, since=SET, until=until),))


def test_E4_the_interval_is_two_months_once_it_is_with_the_ombudsman() -> None:
    """A stage that is being considered has its own, of one month; the phase switch changes it."""
    assert one_of(case(), UPDATE).due_on == date(2026, 10, 7)
    duty = one_of(with_one(), UPDATE_OMBUDSMAN)
    assert (duty.start_on, duty.due_on, duty.standing, duty.number) == (SET, date(2027, 1, 2), S.OPEN, 4)
    assert duty.ours


def test_E4_hearing_from_us_begins_the_next_two_months() -> None:
    assert one_of(with_one("2026-12-01"), UPDATE_OMBUDSMAN).due_on == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("days", "until", "standing"),
    [
        ((), date(2027, 1, 2), S.VOID),
        ((), date(2027, 1, 3), S.LATE),
        (("2026-12-30",), date(2027, 1, 29), S.IN_TIME),
        (("2027-01-04",), date(2027, 1, 29), S.LATE),
    ],
)
def test_E4_the_decision_ends_it(days: tuple[str, ...], until: date, standing: Standing) -> None:
    assert one_of(with_one(*days, until=until), UPDATE_OMBUDSMAN).standing is standing


def test_E4_nothing_is_owed_where_no_standards_are_kept_or_a_professional_is_written_to() -> None:
    assert ours(with_one(), UPDATE_OMBUDSMAN, policy=CODE_POLICY) == []
    solicitor = case(one=ANSWERED, professional=True)
    assert ours(replace(solicitor, with_ombudsman=with_one().with_ombudsman), UPDATE_OMBUDSMAN) == []
    assert KEEPING.service_standards
    assert MONDAY < SET


# ------------------------------------------------------------------------------------------------------------- steps

NEW = AtTheOmbudsman(
    linked=True, respond_by=DUE, answered_on=None, draft_on=None, commented_on=None, decided_on=None, closed_on=None,
    still_to_comply=0,
)  # fmt: skip
DRAFTED = replace(NEW, answered_on=SET, draft_on=SET)
DECIDED = replace(DRAFTED, commented_on=SET, decided_on=DUE)


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        (NEW, {"AnswerEnquiry", "RecordDraftDecision", "RecordOmbudsmanDecision"}),
        (replace(NEW, respond_by=None), {"RecordDraftDecision", "RecordOmbudsmanDecision"}),
        (
            replace(NEW, linked=False),
            {"AnswerEnquiry", "RecordDraftDecision", "RecordOmbudsmanDecision", "LinkOmbudsmanCase"},
        ),
        (DRAFTED, {"CommentOnDraft", "RecordDraftDecision", "RecordOmbudsmanDecision"}),
        (DECIDED, {"AddRecommendation", "RecordOmbudsmanDecision", "CloseOmbudsmanCase"}),
        (replace(DECIDED, still_to_comply=1), {"AddRecommendation", "RecordOmbudsmanDecision"}),
        (replace(DECIDED, linked=False), {"LinkOmbudsmanCase", "RecordOmbudsmanDecision", "CloseOmbudsmanCase"}),
        (replace(DECIDED, closed_on=AFTER), set()),
    ],
)
def test_the_steps_at_an_ombudsman_follow_from_what_is_known(at: AtTheOmbudsman, steps: set[str]) -> None:
    assert set(steps_at(at)) == steps


def test_E10_our_own_answer_comes_first_then_the_assessor_and_nothing_after() -> None:
    def steps(*done: str) -> tuple[str, ...]:
        return handling_steps(**{name: name in done for name in ("answered", "referred", "assessed")})

    assert steps() == ("AnswerHandlingComplaint",)
    assert steps("answered") == ("ReferToAssessor",)
    assert steps("answered", "referred") == ("RecordAssessment",)
    assert steps("answered", "referred", "assessed") == ()
