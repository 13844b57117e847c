"""A complaint's position, derived from its dates, and the one table of steps each position permits.

The command checks it and the page draws its buttons from it, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.rules.facts import CaseFacts, Ending, StageFacts, StageNumber


class Position(StrEnum):
    """Where a complaint stands. The words are shown as they are."""

    ONE_AWAITING_ACKNOWLEDGEMENT = "Stage 1: awaiting acknowledgement"
    ONE_CONSIDERED = "Stage 1: being considered"
    ONE_EXTENDED = "Stage 1: extended"
    ONE_ANSWERED = "Stage 1: answered"
    TWO_AWAITING_ACKNOWLEDGEMENT = "Stage 2: awaiting acknowledgement"
    TWO_CONSIDERED = "Stage 2: being considered"
    TWO_EXTENDED = "Stage 2: extended"
    TWO_ANSWERED = "Final response sent"
    ONE_REOPENED = "Stage 1: reopened"
    TWO_REOPENED = "Stage 2: reopened"
    WITHDRAWN = "Withdrawn"
    ESCALATION_REFUSED = "Stage 2 refused"
    REFUSED = "Refused"
    ROUTED = "Goes by another route"


P = Position

_NEW_POINTS = ("AddPoint", "SplitPoint")
_ALWAYS = ("AddNote", "RecordLearning", "CorrectFact", "KeepConfidential", "LiftConfidence")

PEOPLE_STEPS = (
    "AddRepresentative",
    "RecordAuthority",
    "ChooseCorrespondent",
    "RemoveParty",
    "AgreeAdjustment",
    "ReviewAdjustment",
    "EndAdjustment",
    "KeepPreference",
    "FlagRisk",
    "LiftRisk",
    "NameOfficers",
    "DeclareConflict",
    "RestrictContact",
    "ReviewRestriction",
    "LiftRestriction",
)
"""The steps about people: open at every position, since what somebody needs outlasts an answer [lgsco:5.6]."""

LETTER_STEPS = (
    "PrepareLetter",
    "WriteLetter",
    "SendLetter",
    "DropLetter",
    "QueueLetter",
    "WithdrawLetter",
    "RetryLetter",
    "RecordBounce",
    "CloseBounce",
)
"""The steps about letters: open at every position, since people are written to after an answer as well [lgsco:5.8]."""

CONSIDERING_STEPS = (
    "RecordPosition",
    "NoteEvidence",
    "WeighEvidence",
    "AssessComplaint",
)
"""The steps that come before an answer: open while one is owed [lgsco:5.4]."""

RECORDING_STEPS = ("AskClarification", "RecordClarification", "RecordMeeting")
"""What is open at every position: asking about what is unclear, the reply however late, and a meeting [lgsco:3.6]."""

CONTACT_STEPS = ("RecordContact", "AnswerContact", "AgreeUpdates")
"""The steps about being in touch: open at every position, since people ring after an answer as well [lgsco:5.8]."""

REMEDY_STEPS = (
    "OfferRemedy",
    "AskAgreement",
    "AnswerAgreement",
    "AgreeRemedy",
    "RecordPayment",
    "CompleteRemedy",
    "DeclareUndeliverable",
    "ReassignRemedy",
)
"""The steps that put things right: open at every position, since what was promised is owed after the answer too."""

INFORMATION_STEPS = (
    "AskForInformation",
    "ChaseInformation",
    "EscalateInformation",
    "RecordInformation",
    "WithdrawInformationRequest",
)
"""The steps about what is asked of others: open at every position, for an answer comes however late [lgsco:4.2]."""

RETENTION_STEPS = ("PlaceHold", "ReviewHold", "LiftHold", "RetainLonger")
"""The steps about how long the record is kept: open at every position, since a hold does not wait for an answer."""

LETTER_PAGE_STEPS = tuple(step for step in LETTER_STEPS if step != "PrepareLetter")
"""Those of them that are taken on the page of a letter."""

APART_STEPS = ("KeepMonitoring",)
"""Open at every position and drawn in a band of their own: no part of dealing with the complaint [lgsco:3.1]."""

SURVEY_STEPS = ("OfferSurvey", "RecordSurveyAnswer")
"""The steps of the feedback survey: open once a stage is answered and nothing else is under way [lgsco:3.8]."""

BAND_STEPS = frozenset(
    {*PEOPLE_STEPS, *CONSIDERING_STEPS, *RECORDING_STEPS, *CONTACT_STEPS, *REMEDY_STEPS, *INFORMATION_STEPS}
    | {*LETTER_PAGE_STEPS, *SURVEY_STEPS, *APART_STEPS, *RETENTION_STEPS}
)
"""The steps that stand in a band of their own on the case page, and not among its next steps."""

STEPS: Mapping[Position, tuple[str, ...]] = {
    P.ONE_AWAITING_ACKNOWLEDGEMENT: (
        "Acknowledge",
        "Assign",
        "RespondStageOne",
        *_NEW_POINTS,
        "OpenStageTwo",
        "RefuseComplaint",
        "TriageComplaint",
        "RouteElsewhere",
        "Withdraw",
    ),
    P.ONE_CONSIDERED: (
        "RespondStageOne",
        "Extend",
        "Assign",
        *_NEW_POINTS,
        "OpenStageTwo",
        "RefuseComplaint",
        "TriageComplaint",
        "RouteElsewhere",
        "Withdraw",
    ),
    P.ONE_EXTENDED: (
        "RespondStageOne",
        "Extend",
        "Assign",
        *_NEW_POINTS,
        "OpenStageTwo",
        "RefuseComplaint",
        "RouteElsewhere",
        "Withdraw",
    ),
    P.ONE_ANSWERED: ("OpenStageTwo", "RefuseEscalation", "SplitPoint", "Reopen", *SURVEY_STEPS),
    P.ONE_REOPENED: ("RespondStageOne", "Assign", *_NEW_POINTS, "OpenStageTwo", "RouteElsewhere", "Withdraw"),
    P.TWO_AWAITING_ACKNOWLEDGEMENT: (
        "AcknowledgeStageTwo",
        "AssignStageTwo",
        "RespondFinal",
        "SplitPoint",
        "RouteElsewhere",
        "Withdraw",
    ),
    P.TWO_CONSIDERED: ("RespondFinal", "Extend", "AssignStageTwo", "SplitPoint", "RouteElsewhere", "Withdraw"),
    P.TWO_EXTENDED: ("RespondFinal", "Extend", "AssignStageTwo", "SplitPoint", "RouteElsewhere", "Withdraw"),
    P.TWO_REOPENED: ("RespondFinal", "AssignStageTwo", "SplitPoint", "RouteElsewhere", "Withdraw"),
    P.TWO_ANSWERED: ("Reopen", *SURVEY_STEPS),
    P.WITHDRAWN: ("Reopen",),
    P.ESCALATION_REFUSED: ("OpenStageTwo", "Reopen", *SURVEY_STEPS),
    P.REFUSED: ("Reopen",),
    P.ROUTED: ("RecordRouteStep", "Assign", "RerouteComplaint"),
}
"""Stage 2 is the last: nothing after the final response leads to another stage [lgsco:6.19]."""

OPEN_POSITIONS = frozenset(
    {
        P.ONE_AWAITING_ACKNOWLEDGEMENT,
        P.ONE_CONSIDERED,
        P.ONE_EXTENDED,
        P.ONE_REOPENED,
        P.TWO_AWAITING_ACKNOWLEDGEMENT,
        P.TWO_CONSIDERED,
        P.TWO_EXTENDED,
        P.TWO_REOPENED,
    }
)
"""Positions in which the council still owes the individual an answer."""


def position_of(case: CaseFacts) -> Position:
    """Where the complaint stands, from its dates alone [lgsco:6.11]."""
    stage = case.two or case.one
    if case.ending is Ending.WITHDRAWN:
        return P.WITHDRAWN
    if case.ending is Ending.ESCALATION_REFUSED:
        return P.ESCALATION_REFUSED
    if case.ending is Ending.REFUSED:
        return P.REFUSED
    if case.ending is Ending.ROUTED:
        return P.ROUTED
    if awaits_another_answer(case):
        return P.ONE_REOPENED if stage.number is StageNumber.ONE else P.TWO_REOPENED
    return _position_in(stage)


def awaits_another_answer(case: CaseFacts) -> bool:
    """Whether a complaint that had its answer has been taken up again and not answered since."""
    stage = case.two or case.one
    reopened = case.reopened_on is not None and case.answered_again_on is None
    return reopened and case.ended_on is None and stage.responded_on is not None


def _position_in(stage: StageFacts) -> Position:
    one = stage.number is StageNumber.ONE
    if stage.responded_on is not None:
        return P.ONE_ANSWERED if one else P.TWO_ANSWERED
    if stage.extensions:
        return P.ONE_EXTENDED if one else P.TWO_EXTENDED
    if stage.acknowledged_on is not None or not stage.acknowledgement_possible:
        return P.ONE_CONSIDERED if one else P.TWO_CONSIDERED
    return P.ONE_AWAITING_ACKNOWLEDGEMENT if one else P.TWO_AWAITING_ACKNOWLEDGEMENT


def steps_from(position: Position) -> tuple[str, ...]:
    """The commands this position permits, the likeliest first."""
    considering = CONSIDERING_STEPS if position in OPEN_POSITIONS else ()
    apart = REMEDY_STEPS + CONTACT_STEPS + INFORMATION_STEPS + LETTER_STEPS + APART_STEPS + RETENTION_STEPS
    return STEPS[position] + considering + RECORDING_STEPS + PEOPLE_STEPS + apart + _ALWAYS
