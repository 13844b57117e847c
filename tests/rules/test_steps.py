"""Where a complaint stands, from its dates alone, and which steps are open there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.rules.facts import CaseFacts, Ending, ExtensionFacts, StageFacts, StageNumber
from core.rules.steps import (
    CONSIDERING_STEPS,
    OPEN_POSITIONS,
    STEPS,
    Position,
    awaits_another_answer,
    position_of,
    steps_from,
)

P = Position
DAY, LATER, LAST = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 24)
MORE_TIME = (ExtensionFacts(new_date=LAST, told_on=LATER),)

WAITING = StageFacts(number=StageNumber.ONE, received_on=DAY)
CONSIDERED = replace(WAITING, acknowledged_on=LATER)
EXTENDED = replace(CONSIDERED, extensions=MORE_TIME)
ANSWERED = replace(EXTENDED, responded_on=LAST)
ANONYMOUS = replace(WAITING, acknowledgement_possible=False)


def two(stage: StageFacts) -> StageFacts:
    return replace(stage, number=StageNumber.TWO)


@pytest.mark.parametrize(
    ("case", "position"),
    [
        (CaseFacts(one=WAITING), P.ONE_AWAITING_ACKNOWLEDGEMENT),
        (CaseFacts(one=ANONYMOUS), P.ONE_CONSIDERED),
        (CaseFacts(one=CONSIDERED), P.ONE_CONSIDERED),
        (CaseFacts(one=EXTENDED), P.ONE_EXTENDED),
        (CaseFacts(one=ANSWERED), P.ONE_ANSWERED),
        (CaseFacts(one=replace(WAITING, responded_on=LATER)), P.ONE_ANSWERED),
        (CaseFacts(one=ANSWERED, reopened_on=LAST), P.ONE_REOPENED),
        (CaseFacts(one=ANSWERED, reopened_on=LAST, answered_again_on=LAST), P.ONE_ANSWERED),
        (CaseFacts(one=CONSIDERED, reopened_on=LAST), P.ONE_CONSIDERED),
        (CaseFacts(one=ANSWERED, two=two(WAITING)), P.TWO_AWAITING_ACKNOWLEDGEMENT),
        (CaseFacts(one=WAITING, two=two(WAITING)), P.TWO_AWAITING_ACKNOWLEDGEMENT),
        (CaseFacts(one=ANSWERED, two=two(ANONYMOUS)), P.TWO_CONSIDERED),
        (CaseFacts(one=ANSWERED, two=two(CONSIDERED)), P.TWO_CONSIDERED),
        (CaseFacts(one=ANSWERED, two=two(EXTENDED)), P.TWO_EXTENDED),
        (CaseFacts(one=ANSWERED, two=two(ANSWERED), ending=Ending.FINAL_RESPONSE, ended_on=LAST), P.TWO_ANSWERED),
        (CaseFacts(one=ANSWERED, two=two(ANSWERED), reopened_on=LAST), P.TWO_REOPENED),
        (CaseFacts(one=ANSWERED, two=two(WAITING), reopened_on=LAST), P.TWO_AWAITING_ACKNOWLEDGEMENT),
        (CaseFacts(one=CONSIDERED, ending=Ending.WITHDRAWN, ended_on=LAST), P.WITHDRAWN),
        (CaseFacts(one=ANSWERED, two=two(WAITING), ending=Ending.WITHDRAWN, ended_on=LAST), P.WITHDRAWN),
        (CaseFacts(one=ANSWERED, ending=Ending.ESCALATION_REFUSED, ended_on=LAST), P.ESCALATION_REFUSED),
        (CaseFacts(one=WAITING, ending=Ending.REFUSED, ended_on=LAST), P.REFUSED),
        (CaseFacts(one=EXTENDED, ending=Ending.REFUSED, ended_on=LAST), P.REFUSED),
        (CaseFacts(one=CONSIDERED, ending=Ending.ROUTED, ended_on=LAST), P.ROUTED),
        (CaseFacts(one=ANSWERED, two=two(WAITING), ending=Ending.ROUTED, ended_on=LAST), P.ROUTED),
        (CaseFacts(one=ANSWERED, reopened_on=LAST, ending=Ending.ROUTED, ended_on=LAST), P.ROUTED),
    ],
)
def test_a_position_follows_from_the_dates(case: CaseFacts, position: Position) -> None:
    """Nothing is stored that the dates do not say [lgsco:6.11]."""
    assert position_of(case) is position


@pytest.mark.parametrize(
    ("case", "awaits"),
    [
        (CaseFacts(one=ANSWERED), False),
        (CaseFacts(one=ANSWERED, reopened_on=LAST), True),
        (CaseFacts(one=CONSIDERED, reopened_on=LAST), False),
        (CaseFacts(one=ANSWERED, reopened_on=LAST, answered_again_on=LAST), False),
        (CaseFacts(one=ANSWERED, reopened_on=LAST, ending=Ending.WITHDRAWN, ended_on=LAST), False),
        (CaseFacts(one=ANSWERED, two=two(CONSIDERED), reopened_on=LAST), False),
    ],
)
def test_only_an_answered_complaint_taken_up_again_awaits_another_answer(case: CaseFacts, awaits: bool) -> None:
    """Reading R20."""
    assert awaits_another_answer(case) is awaits


def test_every_position_has_its_steps_and_four_are_open_always() -> None:
    """Notes and corrections are always possible [lgsco:5.8]."""
    assert set(STEPS) == set(Position)
    for position in Position:
        steps = steps_from(position)
        assert len(set(steps)) == len(steps)
        assert steps[-5:] == ("AddNote", "RecordLearning", "CorrectFact", "KeepConfidential", "LiftConfidence")


def test_the_likeliest_step_comes_first() -> None:
    """The page draws its buttons in this order."""
    first = {position: steps_from(position)[0] for position in Position}
    assert first == {
        P.ONE_AWAITING_ACKNOWLEDGEMENT: "Acknowledge",
        P.ONE_CONSIDERED: "RespondStageOne",
        P.ONE_EXTENDED: "RespondStageOne",
        P.ONE_ANSWERED: "OpenStageTwo",
        P.ONE_REOPENED: "RespondStageOne",
        P.TWO_AWAITING_ACKNOWLEDGEMENT: "AcknowledgeStageTwo",
        P.TWO_CONSIDERED: "RespondFinal",
        P.TWO_EXTENDED: "RespondFinal",
        P.TWO_REOPENED: "RespondFinal",
        P.TWO_ANSWERED: "Reopen",
        P.WITHDRAWN: "Reopen",
        P.ESCALATION_REFUSED: "OpenStageTwo",
        P.REFUSED: "Reopen",
        P.ROUTED: "RecordRouteStep",
    }


def test_5_2_there_are_two_stages_and_no_word_for_another() -> None:
    """Exactly two, and nothing before the first [lgsco:5.2, 6.20]."""
    assert [int(number) for number in StageNumber] == [1, 2]
    for position in Position:
        assert not {"0", "3", "informal", "pre-complaint"} & set(position.value.lower().replace(":", "").split())


def test_an_answer_is_owed_exactly_where_one_can_be_given() -> None:
    """Open is where the council still owes an answer."""
    answering = {"RespondStageOne", "RespondFinal"}
    assert {position for position in Position if answering & set(STEPS[position])} == OPEN_POSITIONS


def test_5_4_what_comes_before_an_answer_is_open_exactly_where_one_is_owed() -> None:
    """Hearing the individual and weighing the evidence [lgsco:5.4]."""
    for position in Position:
        open_there = set(CONSIDERING_STEPS) & set(steps_from(position))
        assert open_there == (set(CONSIDERING_STEPS) if position in OPEN_POSITIONS else set())


def test_nobody_is_kept_from_stage_two_while_stage_one_lasts() -> None:
    """Asking is possible from every position of stage 1, answered or not [lgsco:6.11]."""
    for position in Position:
        at_one = position.value.startswith("Stage 1") or position is P.ESCALATION_REFUSED
        assert ("OpenStageTwo" in STEPS[position]) is at_one


def test_a_refusal_at_the_start_is_no_stage_and_leads_to_none() -> None:
    """It can be taken back, and nothing else [lgsco:5.2, 6.20]."""
    assert STEPS[P.REFUSED] == ("Reopen",)
    assert P.REFUSED not in OPEN_POSITIONS
    refusing = {position for position in Position if "RefuseComplaint" in STEPS[position]}
    assert refusing == {P.ONE_AWAITING_ACKNOWLEDGEMENT, P.ONE_CONSIDERED, P.ONE_EXTENDED}


def test_using_5_another_route_is_open_wherever_an_answer_is_owed_and_leads_back() -> None:
    """Nothing the Code does not replace is kept in it, and nothing sent away is lost to it [lgsco:using.5]."""
    assert {position for position in Position if "RouteElsewhere" in STEPS[position]} == OPEN_POSITIONS
    assert {position for position in Position if "RerouteComplaint" in STEPS[position]} == {P.ROUTED}
    assert P.ROUTED not in OPEN_POSITIONS


def test_after_the_final_response_no_stage_follows() -> None:
    """Stage 2 is the last [lgsco:6.19]."""
    assert STEPS[P.TWO_ANSWERED] == ("Reopen", "OfferSurvey", "RecordSurveyAnswer")
