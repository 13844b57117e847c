"""Stage 1: Acknowledge, Assign, Extend (either stage) and RespondStageOne."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from core.commands.allocating import put_in_hands
from core.commands.base import TEXT_LIMIT, CaseCommand, LetterStep, Work, asks, handles
from core.commands.confidence import name_as_well
from core.commands.considering import considered_fairly
from core.commands.fairness import free_or_refused
from core.commands.learning import asks_cause, asks_learned, asks_lesson, taught
from core.commands.letters_going_out import going_out
from core.commands.people import may_go_out
from core.commands.recording import text_digest
from core.commands.remedy_facts import impacts_set_out, with_remedies
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import Acknowledged, Assigned, Extended, StageAnswered
from core.model.complaints import Answer, Extension, Response, Stage
from core.model.people import Colleague
from core.permissions import GRANTS, Permission, Role
from core.rules.facts import Outcome
from core.rules.findings import Finding
from core.rules.s5_process import late_answer_explained
from core.rules.s6_stages import (
    acknowledge_by,
    answer_again_by,
    current_date,
    escalation_route_told,
    every_point_answered,
    extension_told_in_time,
    extension_within_limit,
    ombudsman_details_told,
    overall_outcome,
    respond_by,
)
from core.rules.s9_oversight import Learned
from core.rules.steps import awaits_another_answer
from core.store.facts import CaseRows, ident


class Acknowledge(LetterStep):
    """Acknowledge stage 1: say what we understood and when we will answer. An automatic receipt does not count."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.2", "lgsco:6.3")
    title = "Acknowledge"
    gist = "Tell the individual what we understood, what they want, who has it, and when we will answer."

    acknowledged_on: date = asks("When the acknowledgement was sent", widget="date", starts="today")
    understanding: str = asks(
        "What we understand the complaint to be", widget="area", min_length=1, max_length=TEXT_LIMIT
    )
    outcomes_sought: str = asks("What they want to happen", widget="area", default="", max_length=TEXT_LIMIT)


@handles(Acknowledge)
def acknowledge(command: Acknowledge, work: Work) -> Sequence[Event]:
    """Acknowledge and log stage 1, which starts the response clock [lgsco:6.2]."""
    case = work.open_case(command)
    going = going_out(command, case, work)
    event = acknowledged(case.stages[1], command, case, work, going.findings)
    return [event, *going.went(command.acknowledged_on, work)]


def acknowledged(
    stage: Stage, command: Any, case: CaseRows, work: Work, findings: Sequence[Finding] = ()
) -> Acknowledged:
    """Set a stage's acknowledgement; the date promised is the response date that follows from it."""
    day = command.acknowledged_on
    work.not_future(day, "acknowledged_on")
    what = "the complaint was received" if stage.number == 1 else "stage 2 was asked for"
    work.not_before(day, stage.received_on, "acknowledged_on", what=what)
    counting = work.counting(case)
    due = acknowledge_by(case.stage_facts(stage.number), **counting)
    late = acknowledgement_explained(stage, day, due_on=due)
    work.weigh(command, [*findings, *late, *may_go_out(case, work, on=day)], case=case)
    stage.acknowledged_on = day
    stage.understanding = command.understanding
    stage.outcomes_sought = command.outcomes_sought
    stage.promised_on = respond_by(case.stage_facts(stage.number), **counting)
    return Acknowledged(
        complaint_id=case.id,
        stage=stage.number,
        acknowledged_on=day,
        promised_on=stage.promised_on,
        understanding=command.understanding,
        outcomes_sought=command.outcomes_sought,
    )


def acknowledgement_explained(stage: Stage, day: date, *, due_on: date) -> tuple[Finding, ...]:
    """What a late acknowledgement asks for; the later of sending and logging decides (reading R7)."""
    logged = stage.logged_on or day
    what = "The acknowledgement" if day >= logged else "Logging it"
    clause = "lgsco:6.2" if stage.number == 1 else "lgsco:6.12"
    return late_answer_explained(max(day, logged), due_on=due_on, what=what, clause=clause)


class Assign(CaseCommand):
    """Give stage 1, or a complaint on another route, to a colleague. The clock goes on as it was."""

    needs = Permission.ASSIGN
    clauses = ("lgsco:4.1", "lgsco:5.4")
    title = "Assign"
    gist = "One named colleague considers the complaint. Handing it over never restarts a clock."

    colleague_id: int = asks("Who will consider it", widget="choice", options="handlers")


@handles(Assign)
def assign(command: Assign, work: Work) -> Sequence[Event]:
    """Give stage 1 to one named colleague [lgsco:4.1]."""
    case = work.open_case(command)
    given = give_to(case.current, command.colleague_id, case, work)
    return [given, *name_as_well(work, case, command.colleague_id)]


def give_to(stage: Stage, colleague_id: int, case: CaseRows, work: Work) -> Assigned:
    """Make a colleague the stage's handler; BadInput when they have it already, left, or may not consider it."""
    chosen = work.session.get(Colleague, colleague_id)
    if chosen is None or not chosen.active:
        raise BadInput("That colleague is not on the list any more. Choose someone else.")
    needed = Permission.HANDLE if stage.number == 1 else Permission.REVIEW
    if needed not in GRANTS[Role(chosen.role)]:
        raise BadInput(
            f"{chosen.name} is here as {chosen.role} and cannot consider stage {stage.number}. Choose someone else."
        )
    if stage.handler_id == colleague_id:
        raise BadInput(f"{chosen.name} has this stage already. Choose someone else.")
    free_or_refused(chosen, case, work)
    before = work.session.get(Colleague, stage.handler_id) if stage.handler_id else None
    put_in_hands(stage, colleague_id, work)
    return Assigned(
        complaint_id=case.id,
        stage=stage.number,
        colleague=chosen.name,
        colleague_id=colleague_id,
        before=before.name if before else "",
    )


class Extend(LetterStep):
    """Give a stage more time, once the individual knows the new date, the reason and the Ombudsman's details."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.4", "lgsco:6.5", "lgsco:6.16", "lgsco:6.17", "lgsco:5.5")
    title = "Extend"
    gist = "There is no pause. More time needs a new date, a reason, and the Ombudsman's details, told in time."

    new_date: date = asks("The new date for the answer", widget="date")
    told_on: date = asks("When the individual was told", widget="date", starts="today")
    reason: str = asks("The reason they were given", widget="area", min_length=1, max_length=TEXT_LIMIT)
    ombudsman_told: bool = asks("They were given the Ombudsman's details", widget="tick", default=False)


@handles(Extend)
def extend(command: Extend, work: Work) -> Sequence[Event]:
    """Extend within the limit, tell the individual in time, and name the Ombudsman [lgsco:6.4]."""
    case = work.open_case(command)
    stage = case.current
    facts, counting = case.stage_facts(stage.number), work.counting(case)
    was = current_date(facts, **counting)
    _check_extension(command, stage, was, work)
    over = extension_within_limit(command.new_date, facts, **counting)
    going = going_out(command, case, work)
    findings = [
        *going.findings,
        *over,
        *extension_told_in_time(command.told_on, facts, **counting),
        *ombudsman_details_told(command.ombudsman_told, facts.number),
        *may_go_out(case, work, on=command.told_on),
    ]
    work.weigh(command, findings, case=case)
    extension = Extension(
        stage_id=ident(stage.id),
        told_on=command.told_on,
        new_date=command.new_date,
        reason=command.reason,
        good_reason=command.good_reason if over else None,
        ombudsman_told=command.ombudsman_told,
        decided_by=work.actor.id or None,
    )
    work.session.add(extension)
    case.extensions.setdefault(ident(stage.id), []).append(extension)
    return [
        Extended(
            complaint_id=case.id,
            stage=stage.number,
            told_on=command.told_on,
            was=was,
            new_date=command.new_date,
            working_days=counting["calendar"].between(was, command.new_date),
            ombudsman_told=command.ombudsman_told,
            reason=command.reason,
        ),
        *going.went(command.told_on, work),
    ]


def _check_extension(command: Extend, stage: Stage, was: date, work: Work) -> None:
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, stage.received_on, "told_on", what="the stage began")
    if command.new_date <= was:
        raise BadInput(
            "The new date must be later than the date it moves. Answer by then, or choose a later date.",
            {"new_date": "Choose a later date."},
        )


class PointAnswer(BaseModel):
    """What was found on one point, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    number: int = Field(ge=1)
    outcome: Outcome | None = None
    reasons: str = Field(default="", max_length=TEXT_LIMIT)


class RespondStageOne(LetterStep):
    """Answer stage 1 when the answer is known, even while actions are still open."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.3", "lgsco:6.6", "lgsco:6.7", "lgsco:6.8", "lgsco:5.4", "lgsco:5.5", "lgsco:9.1")
    title = "Respond at stage 1"
    gist = "Answer every point with reasons, say what will be put right, and how to ask for stage 2."

    sent_on: date = asks("When the answer was sent", widget="date", starts="today")
    answers: tuple[PointAnswer, ...] = asks("Each point", widget="points", default=())
    remedy: str = asks(
        "What will put it right",
        help="Write “None” if nothing is owed. Left empty, it is written from the remedies on the case.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    outstanding_actions: str = asks(
        "What is still to be done, and by when",
        help="Do not wait for it: the answer goes when it is known.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    escalation_told: bool = asks("The answer says how to ask for stage 2", widget="tick", default=False)
    by_word_of_mouth: bool = asks(
        "The answer was given by word of mouth",
        help="A short letter then has to follow.",
        widget="tick",
        default=False,
    )
    learned: Learned | None = asks_learned()
    lesson: str = asks_lesson()
    cause_id: int | None = asks_cause()


@handles(RespondStageOne)
def respond_stage_one(command: RespondStageOne, work: Work) -> Sequence[Event]:
    """Answer every point with reasons, in time, and say how to go to stage 2 [lgsco:6.7]."""
    case = work.open_case(command)
    stage = case.stages[1]
    command = with_remedies(command, case, work)
    _spoken_or_written(command)
    given = check_answer(command, stage, case, work)
    learning = taught(command, work, on=command.sent_on)
    going = going_out(command, case, work)
    work.weigh(
        command,
        [
            *given,
            *going.findings,
            *every_point_answered(*points_and_answers(case, command.answers)),
            *impacts_set_out({each.number: each.outcome for each in command.answers}, case),
            *escalation_route_told(command.escalation_told),
            *learning.findings,
        ],
        case=case,
    )
    response = Response(
        stage_id=ident(stage.id),
        sent_on=command.sent_on,
        sent_by=work.actor.id or None,
        remedy=command.remedy,
        outstanding_actions=command.outstanding_actions,
        signposting="stage 2" if command.escalation_told else "",
        by_word_of_mouth=command.by_word_of_mouth,
    )
    answered = answer_stage(response, stage, command.answers, case, work)
    kept = learning.keep(case, work, stage=1, on=command.sent_on)
    return [answered, *kept, *going.went(command.sent_on, work)]


def _spoken_or_written(command: RespondStageOne) -> None:
    """An answer by word of mouth goes out with no letter, and tells the way to stage 2 (reading R26)."""
    if not command.by_word_of_mouth:
        return
    if command.letter_id is not None:
        raise BadInput(
            "This answer goes out as a letter, so it is not given by word of mouth. Take the tick away.",
            {"by_word_of_mouth": "Take the tick away."},
        )
    if not command.escalation_told:
        raise BadInput(
            "An answer given by word of mouth says how to ask for stage 2. Tell them, then tick that they were told; "
            "or answer in writing.",
            {"escalation_told": "Tell them how to ask for stage 2."},
        )


def check_answer(command: Any, stage: Stage, case: CaseRows, work: Work) -> tuple[Finding, ...]:
    """The dates of an answer, and what its lateness or unfairness asks for; nobody with a conflict gives one."""
    day = command.sent_on
    free_or_refused(work.session.get(Colleague, work.actor.id), case, work)
    work.not_future(day, "sent_on")
    work.not_before(day, stage.received_on, "sent_on", what="the stage began")
    if stage.acknowledged_on is not None:
        work.not_before(day, stage.acknowledged_on, "sent_on", what=f"stage {stage.number} was acknowledged")
    counting = work.counting(case)
    facts = case.stage_facts(stage.number)
    always = (*may_go_out(case, work, on=day), *considered_fairly(stage, case, work))
    clause = "lgsco:6.3" if stage.number == 1 else "lgsco:6.15"
    what = "The answer" if stage.number == 1 else "The final response"
    if awaits_another_answer(case.facts()):
        reopened = case.complaint.reopened_on or day
        work.not_before(day, reopened, "sent_on", what="the complaint was reopened")
        again = answer_again_by(reopened, facts, **counting)
        return (*late_answer_explained(day, due_on=again, what=what, clause=clause), *always)
    late = late_answer_explained(day, due_on=current_date(facts, **counting), what=what, clause=clause)
    if stage.acknowledged_on is None and facts.acknowledgement_possible:
        # Reading R8: this one letter acknowledges as well, so it is late for both or for either.
        late = (*acknowledgement_explained(stage, day, due_on=acknowledge_by(facts, **counting)), *late)
    return (*late, *always)


def points_and_answers(
    case: CaseRows, answers: Sequence[PointAnswer]
) -> tuple[list[int], Mapping[int, tuple[str | None, str]]]:
    """The points of a case and what is answered to each, as the rule on points takes them."""
    numbers = [point.number for point in case.points]
    unknown = [answer.number for answer in answers if answer.number not in numbers]
    if unknown:
        raise BadInput(f"There is no point {unknown[0]} in this complaint. Open the case again and answer its points.")
    return numbers, {a.number: (a.outcome.value if a.outcome else None, a.reasons) for a in answers}


def answer_stage(
    response: Response, stage: Stage, answers: Sequence[PointAnswer], case: CaseRows, work: Work
) -> StageAnswered:
    """Keep the response and its findings; the first response of a stage stops its clock, a later one is an addendum."""
    again = awaits_another_answer(case.facts())
    response.addendum = again
    work.session.add(response)
    _keep_answers(stage.number, answers, case, work)
    outcome = overall_outcome([answer.outcome for answer in answers if answer.outcome is not None])
    stage.outcome = outcome.value
    if again:
        case.complaint.answered_again_on = response.sent_on
    else:
        stage.responded_on = response.sent_on
        stage.responded_by = work.actor.id or None
    stage.told_on = response.sent_on if response.by_word_of_mouth else None
    contents = (response.understanding, response.decision, response.reasons, response.remedy)
    return StageAnswered(
        complaint_id=case.id,
        stage=stage.number,
        sent_on=response.sent_on,
        outcome=outcome.value,
        addendum=again,
        by_word_of_mouth=response.by_word_of_mouth,
        response_sha256=text_digest(*contents, response.outstanding_actions, *(a.reasons for a in answers)),
    )


def _keep_answers(stage_number: int, answers: Sequence[PointAnswer], case: CaseRows, work: Work) -> None:
    points = {point.number: point for point in case.points}
    ids = [point.id for point in case.points]
    statement = select(Answer).where(col(Answer.point_id).in_(ids), col(Answer.stage_number) == stage_number)
    stored = {answer.point_id: answer for answer in work.session.exec(statement)}
    for given in answers:
        if given.outcome is None:
            continue
        point_id = ident(points[given.number].id)
        row = stored.get(point_id) or Answer(point_id=point_id, stage_number=stage_number, outcome=given.outcome.value)
        row.outcome, row.reasons = given.outcome.value, given.reasons
        work.session.add(row)
