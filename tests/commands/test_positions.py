"""Every command at every position: open exactly where the Code's two stages let it be, refused everywhere else."""

from __future__ import annotations

import pytest

from core.commands.base import COMMANDS, CaseCommand
from core.commands.recording import AddNote
from core.desk import Desk
from core.errors import NotFound, StepNotOpen
from core.permissions import Permission
from core.rules.steps import Position
from tests.builders import Story
from tests.commands.refusals import refused

P = Position
CASE_COMMANDS = sorted(name for name, kind in COMMANDS.items() if issubclass(kind, CaseCommand))

# Written out once more, from the Code and the readings, and not from the product's own table.
BEFORE_AN_ANSWER = {
    "RespondStageOne", "Assign", "AddPoint", "SplitPoint", "OpenStageTwo", "RouteElsewhere", "Withdraw",
}  # fmt: skip
BEFORE_THE_FINAL_RESPONSE = {"RespondFinal", "AssignStageTwo", "SplitPoint", "RouteElsewhere", "Withdraw"}
SURVEY = {"OfferSurvey", "RecordSurveyAnswer"}
OPEN_AT = {
    P.ONE_AWAITING_ACKNOWLEDGEMENT: BEFORE_AN_ANSWER | {"Acknowledge", "RefuseComplaint", "TriageComplaint"},
    P.ONE_CONSIDERED: BEFORE_AN_ANSWER | {"Extend", "RefuseComplaint", "TriageComplaint"},
    P.ONE_EXTENDED: BEFORE_AN_ANSWER | {"Extend", "RefuseComplaint"},
    P.ONE_ANSWERED: {"OpenStageTwo", "RefuseEscalation", "SplitPoint", "Reopen"} | SURVEY,
    P.ONE_REOPENED: BEFORE_AN_ANSWER,
    P.TWO_AWAITING_ACKNOWLEDGEMENT: BEFORE_THE_FINAL_RESPONSE | {"AcknowledgeStageTwo"},
    P.TWO_CONSIDERED: BEFORE_THE_FINAL_RESPONSE | {"Extend"},
    P.TWO_EXTENDED: BEFORE_THE_FINAL_RESPONSE | {"Extend"},
    P.TWO_REOPENED: BEFORE_THE_FINAL_RESPONSE,
    P.TWO_ANSWERED: {"Reopen"} | SURVEY,
    P.WITHDRAWN: {"Reopen"},
    P.ESCALATION_REFUSED: {"OpenStageTwo", "Reopen"} | SURVEY,
    P.REFUSED: {"Reopen"},
    P.ROUTED: {"RecordRouteStep", "RerouteComplaint", "Assign"},
}
BEFORE_ANY_ANSWER = {"RecordPosition", "NoteEvidence", "WeighEvidence", "AssessComplaint"}
for _position in OPEN_AT:
    if {"RespondStageOne", "RespondFinal"} & OPEN_AT[_position]:
        OPEN_AT[_position] = OPEN_AT[_position] | BEFORE_ANY_ANSWER
ABOUT_PEOPLE = {
    "AddRepresentative", "RecordAuthority", "ChooseCorrespondent", "RemoveParty", "AgreeAdjustment",
    "ReviewAdjustment", "EndAdjustment", "KeepPreference", "FlagRisk", "LiftRisk", "NameOfficers", "DeclareConflict",
    "RestrictContact", "ReviewRestriction", "LiftRestriction",
    "AskClarification", "RecordClarification", "RecordMeeting",
    "RecordContact", "AnswerContact", "AgreeUpdates",
    "AskForInformation", "ChaseInformation", "EscalateInformation", "RecordInformation", "WithdrawInformationRequest",
    "PrepareLetter", "WriteLetter", "SendLetter", "DropLetter",
}  # fmt: skip
ABOUT_LETTERS = {
    "PrepareLetter", "WriteLetter", "SendLetter", "DropLetter", "QueueLetter", "WithdrawLetter", "RetryLetter",
    "RecordBounce", "CloseBounce",
}  # fmt: skip
PUTS_RIGHT = {
    "OfferRemedy", "AgreeRemedy", "RecordPayment", "CompleteRemedy", "DeclareUndeliverable", "ReassignRemedy",
    "AskAgreement", "AnswerAgreement",
}  # fmt: skip
OTHERS = {"AddNote", "RecordLearning", "CorrectFact", "KeepConfidential", "LiftConfidence", "KeepMonitoring"}
RETENTION = {"PlaceHold", "ReviewHold", "LiftHold", "RetainLonger"}
ALWAYS = OTHERS | ABOUT_PEOPLE | ABOUT_LETTERS | PUTS_RIGHT | RETENTION
LAST = (
    "AddRepresentative", "RecordAuthority", "ChooseCorrespondent", "RemoveParty", "KeepMonitoring", "NameOfficers",
    "DeclareConflict", "LiftConfidence", "KeepConfidential",
)  # fmt: skip
"""Open at every position, and shutting out or showing once whoever takes the next step."""
BY_ITSELF = {"PlaceHold", "OfferSurvey"}
"""Not open once another of the steps was taken: a hold is placed already, or letters are to be in large print."""
AFTER = {
    "Acknowledge": {P.ONE_CONSIDERED},
    "Extend": {P.ONE_EXTENDED, P.TWO_EXTENDED},
    "RespondStageOne": {P.ONE_ANSWERED},
    "OpenStageTwo": {P.TWO_AWAITING_ACKNOWLEDGEMENT},
    "AcknowledgeStageTwo": {P.TWO_CONSIDERED},
    "RespondFinal": {P.TWO_ANSWERED},
    "RefuseEscalation": {P.ESCALATION_REFUSED},
    "RefuseComplaint": {P.REFUSED},
    "RouteElsewhere": {P.ROUTED},
    "RerouteComplaint": {P.ONE_CONSIDERED},
    "Withdraw": {P.WITHDRAWN},
    "Reopen": {P.ONE_REOPENED, P.TWO_REOPENED, P.ONE_CONSIDERED, P.ONE_AWAITING_ACKNOWLEDGEMENT},
}


def doer(story: Story, kind: type[CaseCommand]) -> Desk:
    """Somebody whose role grants the command, and who is new at stage 2."""
    managers = {Permission.ASSIGN, Permission.CORRECT, Permission.RESTRICT, Permission.RETAIN}
    return story.desks.manager if kind.needs in managers else story.desks.reviewer


def test_the_list_of_positions_and_commands_is_complete() -> None:
    assert set(OPEN_AT) == set(Position)
    assert set.union(*OPEN_AT.values()) | ALWAYS == set(CASE_COMMANDS)


@pytest.mark.parametrize("position", Position, ids=lambda position: position.name)
def test_a_step_in_the_wrong_position_is_refused_and_says_what_is_open(story: Story, position: Position) -> None:
    """No stage is skipped, repeated or added [lgsco:6.20]."""
    reference = story.reach(position)
    for name in sorted(set(CASE_COMMANDS) - OPEN_AT[position] - ALWAYS):
        kind = COMMANDS[name]
        assert issubclass(kind, CaseCommand)
        with refused(story, StepNotOpen, match=position.value) as caught:
            doer(story, kind).do(story.ready(kind, reference))
        for step in OPEN_AT[position] - BEFORE_ANY_ANSWER - SURVEY:
            assert COMMANDS[step].title in str(caught.value)


@pytest.mark.parametrize("position", Position, ids=lambda position: position.name)
def test_every_step_a_position_offers_goes_through(story: Story, position: Position) -> None:
    """Nothing is offered that is then refused [lgsco:6.11]; the complaint as it came stays as it came [lgsco:5.8]."""
    shared = story.reach(position)  # one for all that leave the position as it is
    for name in *sorted((OPEN_AT[position] | ALWAYS) - {*LAST}), *LAST:
        kind = COMMANDS[name]
        assert issubclass(kind, CaseCommand)
        reference = story.reach(position) if name in {*AFTER} | BY_ITSELF else shared
        command = story.ready(kind, reference)
        before, words = len(story.tags(reference)), story.case(reference)["words"]
        done = doer(story, kind).do(command)
        assert done.reference == reference
        own = [event for event in done.events if event.complaint_id == story.case(reference)["id"]]
        assert len(story.tags(reference)) == before + len(own)
        case = story.case(reference)
        after = Position(case["position"])
        assert case["words"] == words, name
        assert after in AFTER.get(name, {position}), name
    story.verified()


def test_after_the_final_response_there_is_no_further_stage(story: Story) -> None:
    """Stage 2 is the last [lgsco:6.19, 6.20]."""
    reference = story.finished()
    for name in ("OpenStageTwo", "RefuseEscalation", "AcknowledgeStageTwo", "RespondFinal", "Extend"):
        kind = COMMANDS[name]
        assert issubclass(kind, CaseCommand)
        with refused(story, StepNotOpen):
            doer(story, kind).do(story.ready(kind, reference))


def test_a_reference_that_does_not_exist_is_not_found(story: Story) -> None:
    with refused(story, NotFound, match="C-2026-999999"):
        story.desks.handler.do(AddNote(reference="C-2026-999999", text="Who is this?"))


def test_a_reference_is_found_however_it_is_typed(story: Story) -> None:
    reference = story.record()
    done = story.desks.handler.do(AddNote(reference=f" {reference.lower()} ", text="Rang."))
    assert done.reference == reference
