"""Stage 2: OpenStageTwo, AcknowledgeStageTwo, AssignStageTwo, RespondFinal and RefuseEscalation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, LetterStep, Work, asks, handles
from core.commands.confidence import name_as_well
from core.commands.fairness import free_or_refused
from core.commands.learning import asks_cause, asks_learned, asks_lesson, taught
from core.commands.letters_going_out import going_out
from core.commands.people import may_go_out
from core.commands.refusal_reasons import reason_in_force
from core.commands.refusing import asks_circumstances, asks_evidence, asks_other_route, asks_reason, keep_refusal
from core.commands.remedy_facts import impacts_set_out, with_remedies
from core.commands.stage_one import (
    PointAnswer,
    acknowledged,
    answer_stage,
    check_answer,
    give_to,
    points_and_answers,
)
from core.errors import BadInput, LetterIncomplete
from core.events.base import Event
from core.events.cases import EscalationRefused, StageTwoOpened
from core.letters.contents import missing_contents
from core.model.complaints import Channel, Response, Stage
from core.model.ledger import LedgerEntry
from core.model.people import Colleague
from core.permissions import Permission
from core.rules.facts import Ending
from core.rules.ombudsmen import not_named
from core.rules.s5_process import refusal_reasons_given
from core.rules.s6_stages import (
    efforts_to_understand_made,
    every_point_answered,
    outstanding_issues_set_out,
    someone_new_at_stage_two,
    stage_one_answered_first,
)
from core.rules.s9_oversight import Learned
from core.rules.steps import Position, position_of
from core.store.facts import CaseRows, ident


class OpenStageTwo(CaseCommand):
    """Open stage 2 when the individual is not satisfied. They need give no reason."""

    needs = Permission.ESCALATE
    clauses = ("lgsco:6.11", "lgsco:6.12", "lgsco:6.13")
    title = "Open stage 2"
    gist = "Asking is enough: nobody has to say why, and there is no last day to ask."

    requested_on: date = asks("When the request arrived", widget="date", starts="today")
    channel: Channel = asks("How it came", widget="choice", options="channels")
    still_wrong: str = asks(
        "What they say is still wrong",
        help="Only if they said so. Leave it empty otherwise: asking is enough.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


@handles(OpenStageTwo)
def open_stage_two(command: OpenStageTwo, work: Work) -> Sequence[Event]:
    """Progress what is not resolved to stage 2, without asking for reasons [lgsco:6.11]."""
    case = work.open_case(command)
    work.not_future(command.requested_on, "requested_on")
    work.not_before(command.requested_on, case.complaint.received_on, "requested_on", what="the complaint was received")
    work.weigh(command, stage_one_answered_first(case.stage_facts(1), asked_on=command.requested_on), case=case)
    if position_of(case.facts()) is Position.ESCALATION_REFUSED:
        case.complaint.ending = case.complaint.ended_on = None
    case.complaint.reopened_on = case.complaint.answered_again_on = None
    stage = Stage(
        complaint_id=case.id,
        number=2,
        received_on=command.requested_on,
        logged_on=work.today,
        channel=command.channel.value,
        request_words=command.still_wrong,
    )
    work.session.add(stage)
    case.stages[2] = stage
    return [
        StageTwoOpened(
            complaint_id=case.id,
            requested_on=command.requested_on,
            channel=command.channel.value,
            request_words=command.still_wrong,
        )
    ]


class AcknowledgeStageTwo(LetterStep):
    """Acknowledge stage 2, setting out what is outstanding and what the individual wants."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.12", "lgsco:6.15")
    title = "Acknowledge stage 2"
    gist = "Set out the outstanding issues and the outcomes sought; ask when either is unclear."

    acknowledged_on: date = asks("When the acknowledgement was sent", widget="date", starts="today")
    understanding: str = asks(
        "The outstanding issues as we understand them", widget="area", default="", max_length=TEXT_LIMIT
    )
    outcomes_sought: str = asks("The outcomes they want", widget="area", default="", max_length=TEXT_LIMIT)
    clarification_asked: bool = asks("We have asked them to make it clear", widget="tick", default=False)


@handles(AcknowledgeStageTwo)
def acknowledge_stage_two(command: AcknowledgeStageTwo, work: Work) -> Sequence[Event]:
    """Acknowledge and log stage 2 with outstanding issues and outcomes sought [lgsco:6.12]."""
    case = work.open_case(command)
    findings = outstanding_issues_set_out(
        issues=command.understanding,
        outcomes=command.outcomes_sought,
        clarification_asked=command.clarification_asked,
    )
    going = going_out(command, case, work)
    event = acknowledged(case.stages[2], command, case, work, [*going.findings, *findings])
    return [event, *going.went(command.acknowledged_on, work)]


class AssignStageTwo(CaseCommand):
    """Give stage 2 to someone who did not consider stage 1."""

    needs = Permission.ASSIGN
    clauses = ("lgsco:6.14", "lgsco:6.19")
    title = "Assign stage 2"
    gist = "Someone new: not whoever handled or answered stage 1."

    colleague_id: int = asks("Who will consider it", widget="choice", options="reviewers")


@handles(AssignStageTwo)
def assign_stage_two(command: AssignStageTwo, work: Work) -> Sequence[Event]:
    """Give stage 2 to a colleague who did not consider stage 1 [lgsco:6.14]."""
    case = work.open_case(command)
    work.weigh(command, someone_new_at_stage_two(command.colleague_id, stage_one_hands(case, work)), case=case)
    given = give_to(case.stages[2], command.colleague_id, case, work)
    return [given, *name_as_well(work, case, command.colleague_id)]


def stage_one_hands(case: CaseRows, work: Work) -> dict[int, str]:
    """Everyone who considered stage 1, from its rows and its history, and what they did."""
    hands: dict[int, str] = {}
    statement = select(LedgerEntry).where(
        col(LedgerEntry.complaint_id) == case.complaint.id,
        col(LedgerEntry.tag).in_(("complaint.refused", "stage.answered")),
    )
    for entry in work.session.exec(statement):
        if entry.tag == "complaint.refused":
            hands[entry.actor_id] = "refused it at the start"
        elif '"stage":1' in entry.data:
            hands[entry.actor_id] = "answered stage 1"
    one = case.stages[1]
    if one.handler_id is not None:
        hands[one.handler_id] = "handled stage 1"
    if one.responded_by is not None:
        hands[one.responded_by] = "answered stage 1"
    return hands


class RespondFinal(LetterStep):
    """Send the final response, with all seven things it owes the individual."""

    needs = Permission.REVIEW
    clauses = ("lgsco:6.15", "lgsco:6.18", "lgsco:6.19", "lgsco:6.13", "lgsco:6.14", "lgsco:5.4", "lgsco:9.1")
    title = "Send the final response"
    gist = "In writing and in plain language. Seven things; where there is none, say so in words."

    sent_on: date = asks("When it was sent", widget="date", starts="today")
    understanding: str = asks(
        "What we understand the complaint to be", widget="area", default="", max_length=TEXT_LIMIT
    )
    efforts_to_understand: str = asks(
        "What we did to understand why they are still unhappy",
        help="For the record; they never have to say why.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    answers: tuple[PointAnswer, ...] = asks("Each point", widget="points", default=())
    decision: str = asks("The decision", widget="area", default="", max_length=TEXT_LIMIT)
    reasons: str = asks("The reasons for it", widget="area", default="", max_length=TEXT_LIMIT)
    remedy: str = asks(
        "What will put it right",
        help="Write “None” if nothing is owed. Left empty, it is written from the remedies on the case.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    outstanding_actions: str = asks(
        "What is still to be done, and by when",
        help="Write “None” if all is done.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    ombudsman: str = asks(
        "How to go to the Ombudsman",
        help="The Ombudsman's name and how to reach it.",
        widget="signpost",
        default="",
        max_length=TEXT_LIMIT,
    )
    learned: Learned | None = asks_learned()
    lesson: str = asks_lesson()
    cause_id: int | None = asks_cause()


@handles(RespondFinal)
def respond_final(command: RespondFinal, work: Work) -> Sequence[Event]:
    """Send the final response with its seven contents, by someone new, in time [lgsco:6.18]."""
    case = work.open_case(command)
    stage = case.stages[2]
    command = with_remedies(command, case, work)
    _complete_or_refused(command)
    _names_every_ombudsman(command, case)
    answered = command.answers
    learning = taught(command, work, on=command.sent_on)
    going = going_out(command, case, work)
    work.weigh(
        command,
        [
            *check_answer(command, stage, case, work),
            *every_point_answered(*points_and_answers(case, answered)),
            *impacts_set_out({each.number: each.outcome for each in answered}, case),
            *efforts_to_understand_made(command.efforts_to_understand),
            *someone_new_at_stage_two(work.actor.id, stage_one_hands(case, work)),
            *learning.findings,
        ],
        case=case,
    )
    response = Response(
        stage_id=ident(stage.id),
        sent_on=command.sent_on,
        sent_by=work.actor.id or None,
        understanding=command.understanding,
        decision=command.decision,
        reasons=command.reasons,
        remedy=command.remedy,
        outstanding_actions=command.outstanding_actions,
        signposting=command.ombudsman,
        efforts_to_understand=command.efforts_to_understand,
    )
    event = answer_stage(response, stage, answered, case, work)
    case.complaint.ending = Ending.FINAL_RESPONSE.value
    case.complaint.ended_on = command.sent_on
    return [event, *learning.keep(case, work, stage=2, on=command.sent_on), *going.went(command.sent_on, work)]


def _complete_or_refused(command: RespondFinal) -> None:
    """Refuse a final response that lacks one of its seven contents [lgsco:6.18]."""
    missing = missing_contents("final_response", _contents(command))
    if missing:
        titles = "; ".join(
            f"{title[0].lower()}{title[1:]} ({clause.partition(':')[2]})" for _key, clause, title in missing
        )
        raise LetterIncomplete(
            f"The final response lacks {titles}. Write each one; where there is none, say so in words.", missing
        )


def _names_every_ombudsman(command: RespondFinal, case: CaseRows) -> None:
    """Each Ombudsman whose Code a point is under is named; LetterIncomplete otherwise [lgsco:6.18]."""
    lacking = not_named(command.ombudsman, case.schemes(), whole=case.complaint.scheme)
    if lacking:
        raise LetterIncomplete(f"Name the {' and the '.join(lacking)} in the last part, with how to reach it.")


def _contents(command: RespondFinal) -> dict[str, str]:
    return {
        "stage": "Stage 2, the final response",
        "understanding": command.understanding,
        "decision": command.decision,
        "reasons": command.reasons,
        "remedy": command.remedy,
        "outstanding_actions": command.outstanding_actions,
        "ombudsman": command.ombudsman,
    }


class RefuseEscalation(LetterStep):
    """Refuse to open stage 2. This is meant to be harder than opening it."""

    needs = Permission.REFUSE
    clauses = ("lgsco:5.7", "lgsco:2.1", "lgsco:2.3", "lgsco:2.4", "lgsco:2.5")
    title = "Refuse stage 2"
    gist = "Only for a valid reason in the policy, weighed for this individual, with the Ombudsman's details given."

    requested_on: date = asks("When the request arrived", widget="date", starts="today")
    told_on: date = asks("When the individual was told", widget="date", starts="today")
    reason_id: int = asks_reason()
    reasons: str = asks("The reasons they were given", widget="area", default="", max_length=TEXT_LIMIT)
    evidence: str = asks_evidence()
    circumstances: str = asks_circumstances()
    other_route: str = asks_other_route()
    ombudsman_told: bool = asks(
        "They were told they can take this refusal to the Ombudsman", widget="tick", default=False
    )


@handles(RefuseEscalation)
def refuse_escalation(command: RefuseEscalation, work: Work) -> Sequence[Event]:
    """Refuse to escalate only with valid reasons, clearly set out, and the Ombudsman named [lgsco:5.7]."""
    case = work.open_case(command)
    answered = case.stages[1].responded_on
    if answered is None:
        raise BadInput("Stage 1 has no answer yet, so there is nothing to refuse. Answer stage 1 first.")
    work.not_future(command.told_on, "told_on")
    work.not_before(command.requested_on, case.complaint.received_on, "requested_on", what="the complaint was received")
    work.not_before(command.told_on, command.requested_on, "told_on", what="the request arrived")
    reason = reason_in_force(work, command.reason_id, on=command.told_on)
    if reason.time_limit:
        raise BadInput(
            "There is no last day to ask for stage 2, so the time limit is no reason to refuse it. Choose another.",
            {"reason_id": "Choose another reason."},
        )
    findings = refusal_reasons_given(
        reasons=command.reasons,
        circumstances=command.circumstances,
        evidence=command.evidence,
        ombudsman_told=command.ombudsman_told,
    )
    free_or_refused(work.session.get(Colleague, work.actor.id), case, work)
    going = going_out(command, case, work)
    work.weigh(command, [*findings, *may_go_out(case, work, on=command.told_on)], case=case)
    refusal = keep_refusal(command, reason, case, work, stage_number=2, requested_on=command.requested_on)
    case.complaint.ending = Ending.ESCALATION_REFUSED.value
    case.complaint.ended_on = command.told_on
    return [
        EscalationRefused(
            complaint_id=case.id,
            requested_on=command.requested_on,
            told_on=command.told_on,
            ground=reason.title,
            reasons=command.reasons,
            circumstances=command.circumstances,
            evidence=command.evidence,
            other_route=refusal.other_route,
        ),
        *going.went(command.told_on, work),
    ]
