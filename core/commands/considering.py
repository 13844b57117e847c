"""Considering a complaint fairly: RecordPosition, AskClarification, RecordClarification and RecordMeeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.considering import ClarificationAnswered, ClarificationAsked, MeetingRecorded, PositionRecorded
from core.model.complaints import Stage
from core.model.considering import Clarification, Meeting, StatedPosition
from core.permissions import Permission
from core.rules.considering import ReachedBy
from core.rules.findings import Finding
from core.rules.s5_process import fairly_considered
from core.store.considering import fairness_facts
from core.store.facts import CaseRows


def considered_fairly(stage: Stage, case: CaseRows, work: Work) -> tuple[Finding, ...]:
    """What an answer at this stage lacks in fairness, from its handler and whoever gives it; the console is neither."""
    hands = {work.actor.id, stage.handler_id} - {0, None}
    facts = fairness_facts(
        work.session.connection(),
        case.id,
        stage.number,
        considered_by=[each for each in hands if each is not None],
        reachable=case.complaint.acknowledgement_possible,
    )
    return fairly_considered(facts)


class RecordPosition(CaseCommand):
    """Record that the individual had a fair chance to state their position, and what they said."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Record their position"
    gist = "Before each stage is answered the individual is heard. To have nothing to add is an answer as well."

    obtained_on: date = asks("When they said it", widget="date", starts="today")
    reached_by: ReachedBy = asks("How they were heard", widget="choice")
    nothing_to_add: bool = asks("They had nothing to add", widget="tick", default=False)
    said: str = asks("What they said", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordPosition)
def record_position(command: RecordPosition, work: Work) -> Sequence[Event]:
    """Keep when and how the individual was heard at this stage, and what they said [lgsco:5.4]."""
    case = work.open_case(command)
    if not command.said and not command.nothing_to_add:
        raise BadInput(
            "Write what they said, or tick that they had nothing to add.", {"said": "Write it, or tick the box above."}
        )
    stage = case.current
    work.not_future(command.obtained_on, "obtained_on")
    what = "the complaint was received" if stage.number == 1 else "stage 2 was asked for"
    work.not_before(command.obtained_on, stage.received_on, "obtained_on", what=what)
    values = command.model_dump(include={"obtained_on", "nothing_to_add", "said"})
    values["reached_by"] = command.reached_by.value
    work.session.add(
        StatedPosition(complaint_id=case.id, stage_number=stage.number, recorded_by=work.actor.id or None, **values)
    )
    return [PositionRecorded(complaint_id=case.id, stage=stage.number, **values)]


class AskClarification(CaseCommand):
    """Ask the individual about something in the complaint that is not clear. The clock goes on."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Ask what is unclear"
    gist = "Asking stops no clock: the answer is due on the same day. Need more time? Extend, with a reason."

    question: str = asks("What they were asked", widget="area", min_length=1, max_length=TEXT_LIMIT)
    asked_on: date = asks("When they were asked", widget="date", starts="today")
    reached_by: ReachedBy = asks("How they were asked", widget="choice")


@handles(AskClarification)
def ask_clarification(command: AskClarification, work: Work) -> Sequence[Event]:
    """Keep what the individual was asked to make clear; no date moves, by reading R13 [lgsco:5.4]."""
    case = work.open_case(command)
    stage = case.current
    work.not_future(command.asked_on, "asked_on")
    work.not_before(command.asked_on, case.complaint.received_on, "asked_on", what="the complaint was received")
    values: dict[str, Any] = {
        "question": command.question,
        "asked_on": command.asked_on,
        "reached_by": command.reached_by.value,
    }
    work.session.add(
        Clarification(complaint_id=case.id, stage_number=stage.number, asked_by=work.actor.id or None, **values)
    )
    return [ClarificationAsked(complaint_id=case.id, stage=stage.number, **values)]


class RecordClarification(CaseCommand):
    """Record what the individual answered to a question, or that no answer came."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Record what they made clear"
    gist = "Also after the answer went out. If nothing came, say so; the answer rests on what is known."

    clarification_id: int = asks("Which question", widget="choice", options="clarifications")
    answered_on: date = asks("When the answer came", widget="date", starts="today")
    answer: str = asks("What they answered", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordClarification)
def record_clarification(command: RecordClarification, work: Work) -> Sequence[Event]:
    """Keep the answer beside its question; no date moves, by reading R13 [lgsco:5.4]."""
    case = work.open_case(command)
    asked = work.session.get(Clarification, command.clarification_id)
    if asked is None or asked.complaint_id != case.id or asked.answered_on is not None:
        raise BadInput(
            f"No such question is open on {case.complaint.reference}. Choose one from the list.",
            {"clarification_id": "Choose a question."},
        )
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, asked.asked_on, "answered_on", what="the question was asked")
    asked.answered_on, asked.answer = command.answered_on, command.answer
    return [
        ClarificationAnswered(
            complaint_id=case.id, answered_on=command.answered_on, question=asked.question, answer=command.answer
        )
    ]


class RecordMeeting(CaseCommand):
    """Record a meeting with the individual, with who came along with them."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.6", "lgsco:5.6")
    title = "Record a meeting"
    gist = "They may bring somebody, or be represented. Say who came, and what was done so that they could take part."

    held_on: date = asks("When it was held", widget="date", starts="today")
    place: str = asks("Where, or how, such as by video call", min_length=1, max_length=200)
    attended: str = asks("Who was there", widget="area", min_length=1, max_length=2_000)
    accompanied: str = asks(
        "Who came with the individual or spoke for them",
        help="Leave it empty when they came alone.",
        widget="area",
        default="",
        max_length=2_000,
    )
    adjustments: str = asks("Adjustments made for it", widget="area", default="", max_length=TEXT_LIMIT)
    notes: str = asks("What was said", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordMeeting)
def record_meeting(command: RecordMeeting, work: Work) -> Sequence[Event]:
    """Keep who met, who accompanied or represented the individual, and the adjustments made [lgsco:3.6]."""
    case = work.open_case(command)
    work.not_future(command.held_on, "held_on")
    work.not_before(command.held_on, case.complaint.received_on, "held_on", what="the complaint was received")
    values = command.model_dump(include={"held_on", "place", "attended", "accompanied", "adjustments", "notes"})
    work.session.add(Meeting(complaint_id=case.id, recorded_by=work.actor.id or None, **values))
    return [MeetingRecorded(complaint_id=case.id, **values)]
