"""Conduct and resourcing: posts for complaints, training, and the objective that everyone concerned shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.code.conduct import CONDUCT, Post
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.conduct import (
    AppointmentEnded,
    AppointmentMade,
    ContractorObjectiveRecorded,
    ObjectiveAgreed,
    TrainingRecorded,
)
from core.model.conduct import ObjectiveAcknowledged, PostHeld, Training
from core.model.people import Colleague
from core.permissions import Permission
from core.rules.conduct import Tenure, room_in_post
from core.words import day_words


class AppointTo(Command):
    """Appoint somebody to a post for complaints."""

    needs = Permission.STAFF
    clauses = ("lgsco:4.1", "lgsco:9.4", "lgsco:9.5")
    title = "Appoint somebody"
    gist = "Choose a colleague, or write the name of a councillor, a committee or anybody else. Earlier holders stay."

    post: Post = asks("To which post", widget="choice")
    colleague_id: int | None = asks("A colleague", widget="choice", options="everyone", default=None)
    name: str = asks(
        "Or somebody else, or a committee, by name",
        help="A councillor needs no account here.",
        default="",
        max_length=200,
    )
    holder_title: str = asks("Their title", default="", max_length=200)
    committee: bool = asks("It is a committee", widget="tick", default=False)
    since: date = asks("From which day", widget="date", starts="today")
    appointed_by: str = asks(
        "Who appointed them", help="With the minute, where there is one.", min_length=1, max_length=300
    )
    contact: str = asks("How they are reached", default="", max_length=300)


@handles(AppointTo)
def appoint_to(command: AppointTo, work: Work) -> Sequence[Event]:
    """Keep who holds a post from which day and who appointed them, with whoever held it before [lgsco:4.1]."""
    name = _who(command.colleague_id, command.name, work)
    if command.committee and (command.post is not Post.MEMBER or command.colleague_id is not None):
        raise BadInput(
            "A committee can be the Member responsible for complaints, by its name, and hold no other post.",
            {"committee": "Only for the Member responsible for complaints."},
        )
    held = list(work.session.exec(select(PostHeld).where(col(PostHeld.post) == command.post)))
    new = Tenure(since=command.since)
    twice = next((each for each in held if _same(each, command, name) and _still(each, command.since)), None)
    if twice is not None:
        raise StepNotOpen(
            f"{name} is appointed to this post already, from {day_words(twice.since)}. End that appointment first, or "
            "leave it as it is."
        )
    for finding in room_in_post(command.post, [_tenure(each) for each in held], new):
        raise StepNotOpen(finding.sentence)
    work.session.add(
        PostHeld(
            **command.model_dump(include={"colleague_id", "committee", "since", "appointed_by", "contact"}),
            post=command.post.value,
            name=name,
            title=command.holder_title,
            recorded_by=work.actor.id or None,
        )
    )
    return [
        AppointmentMade(post=command.post.value, holder=name, since=command.since, appointed_by=command.appointed_by)
    ]


def _tenure(row: PostHeld) -> Tenure:
    return Tenure(since=row.since, until=row.until)


def _still(row: PostHeld, since: date) -> bool:
    """Whether an appointment has not ended before this day."""
    return row.until is None or row.until >= since


def _same(row: PostHeld, command: AppointTo, name: str) -> bool:
    if command.colleague_id is not None or row.colleague_id is not None:
        return row.colleague_id == command.colleague_id
    return row.name.casefold() == name.casefold()


def _who(colleague_id: int | None, name: str, work: Work) -> str:
    """The name of a colleague who works here, or the one typed; BadInput for both, for neither, or for a leaver."""
    if (colleague_id is None) == (not name):
        raise BadInput(
            "Choose a colleague, or write a name: one of the two.", {"name": "Choose a colleague or write a name."}
        )
    if colleague_id is None:
        return name
    found = work.session.get(Colleague, colleague_id)
    if found is None or not found.active:
        raise BadInput(
            "That colleague is not here any more. Choose somebody else.", {"colleague_id": "Choose somebody else."}
        )
    return found.name


class EndAppointment(Command):
    """End an appointment. It stays in the list of who held the post."""

    needs = Permission.STAFF
    clauses = ("lgsco:4.1", "lgsco:9.5")
    title = "End an appointment"
    gist = "They hold the post up to and with this day. Appoint somebody else next, so that it does not stand empty."

    appointment_id: int = asks("Which appointment", widget="choice", options="appointments")
    until: date = asks("Their last day", widget="date", starts="today")
    why: str = asks("Why", default="", max_length=500)


@handles(EndAppointment)
def end_appointment(command: EndAppointment, work: Work) -> Sequence[Event]:
    """Keep the last day of an appointment [lgsco:4.1]."""
    row = work.session.get(PostHeld, command.appointment_id)
    if row is None:
        raise BadInput("There is no such appointment. Choose one from the list.", {"appointment_id": "Choose one."})
    if row.until is not None:
        raise StepNotOpen(f"This appointment was ended with {day_words(row.until)} already. Nothing was changed.")
    work.not_before(command.until, row.since, "until", what="the first day of the appointment")
    row.until, row.why_ended = command.until, command.why
    return [AppointmentEnded(post=row.post, holder=row.name, until=command.until, why=command.why)]


class RecordTraining(Command):
    """Record that somebody was trained."""

    needs = Permission.STAFF
    clauses = ("lgsco:4.3",)
    title = "Record training"
    gist = "Where a kind of training is refreshed, the next day it is due follows from this one."

    colleague_id: int | None = asks("A colleague", widget="choice", options="everyone", default=None)
    name: str = asks("Or a Member without an account, by name", default="", max_length=200)
    training: str = asks("Which training", widget="choice", options="training", max_length=60)
    topic: str = asks("Its topic", default="", max_length=200)
    done_on: date = asks("When", widget="date", starts="today")
    given_by: str = asks("Who gave it", min_length=1, max_length=200)
    evidence: str = asks(
        "What shows it",
        help="A certificate, a list of who was there.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


@handles(RecordTraining)
def record_training(command: RecordTraining, work: Work) -> Sequence[Event]:
    """Keep who was trained in what, when and by whom [lgsco:4.3]."""
    name = _who(command.colleague_id, command.name, work)
    kind = CONDUCT.training.get(command.training)
    if kind is None:
        raise BadInput("That kind of training is not on the list. Choose one from it.", {"training": "Choose one."})
    if not kind.roles and not command.topic:
        raise BadInput(f"Say in a few words what “{kind.title}” was about.", {"topic": "Say what it was about."})
    work.not_future(command.done_on, "done_on")
    work.session.add(
        Training(
            **command.model_dump(include={"colleague_id", "topic", "done_on", "given_by", "evidence"}),
            name=name,
            kind=kind.key,
            recorded_by=work.actor.id or None,
        )
    )
    said = f"{kind.title} ({command.topic})" if command.topic else kind.title
    return [TrainingRecorded(who=name, training=said, done_on=command.done_on, given_by=command.given_by)]


class AcknowledgeObjective(Command):
    """Say, once a year, that one works by the objective that everyone concerned shares."""

    needs = Permission.OWN
    clauses = ("lgsco:9.8",)
    title = "Acknowledge the objective"
    gist = "The three parts stand above. Everybody concerned with complaints says so for themselves, once a year."

    agreed: bool = asks("I have read the three parts and work by them", widget="tick", default=False)


@handles(AcknowledgeObjective)
def acknowledge_objective(command: AcknowledgeObjective, work: Work) -> Sequence[Event]:
    """Keep when a colleague said for themselves that they work by the shared objective [lgsco:9.8]."""
    if not command.agreed:
        raise BadInput(
            "Tick that you have read the three parts and work by them, or close this without sending.",
            {"agreed": "Tick this, or close without sending."},
        )
    if not work.actor.id:
        raise StepNotOpen("Each colleague acknowledges the objective for themselves. Sign in as yourself.")
    last = select(ObjectiveAcknowledged).where(
        col(ObjectiveAcknowledged.colleague_id) == work.actor.id,
        col(ObjectiveAcknowledged.acknowledged_on) == work.today,
    )
    if work.session.exec(last).first() is not None:
        raise StepNotOpen("You have acknowledged the objective today already. There is nothing more to do.")
    work.session.add(
        ObjectiveAcknowledged(
            colleague_id=work.actor.id, acknowledged_on=work.today, signed_by="", recorded_by=work.actor.id
        )
    )
    return [ObjectiveAgreed(who=work.actor.name)]


class RecordContractorObjective(Command):
    """Record that a contractor agreed to the objective that everyone concerned shares."""

    needs = Permission.STAFF
    clauses = ("lgsco:6.22", "lgsco:9.8")
    title = "Record a contractor’s agreement"
    gist = "What is asked of colleagues is asked of those who work for the council as well, by contract or in writing."

    contractor: str = asks(
        "Which contractor or partner", help="By the name that complaints give it.", min_length=1, max_length=120
    )
    acknowledged_on: date = asks("When they agreed", widget="date", starts="today")
    signed_by: str = asks("Who signed for them", min_length=1, max_length=200)
    evidence: str = asks("Where it stands", help="A clause of the contract, a letter.", default="", max_length=500)


@handles(RecordContractorObjective)
def record_contractor_objective(command: RecordContractorObjective, work: Work) -> Sequence[Event]:
    """Keep when a contractor agreed to the shared objective, and who signed [lgsco:9.8]."""
    work.not_future(command.acknowledged_on, "acknowledged_on")
    told = command.model_dump(include={"contractor", "acknowledged_on", "signed_by"})
    work.session.add(ObjectiveAcknowledged(**told, evidence=command.evidence, recorded_by=work.actor.id or None))
    return [ContractorObjectiveRecorded(**told)]
