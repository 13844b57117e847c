"""A new issue that stage 1 cannot take in becomes a complaint of its own: SplitPoint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.carrying import carried_over
from core.commands.confidence import as_confidential_as
from core.commands.recording import next_reference, text_digest
from core.events.base import Event
from core.events.cases import ComplaintRecorded
from core.events.refusals import ComplaintSplit, PointSplit
from core.model.complaints import Channel, Complaint, Point, Stage
from core.model.matches import CaseMatch, MatchKind
from core.model.people import Person
from core.permissions import Permission
from core.rules.s6_stages import new_points_kept_apart
from core.rules.steps import Position
from core.store.facts import CaseRows, ident
from core.store.indexing import index_case


class SplitPoint(CaseCommand):
    """Record an issue raised in this complaint as a complaint of its own, received on the day it was raised."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.9",)
    title = "Record as a new complaint"
    gist = (
        "For a new issue that is about something else, comes after the answer, or would hold it up. "
        "Its clock starts on the day it was raised."
    )

    text: str = asks("What they said, in their own words", widget="area", min_length=1, max_length=TEXT_LIMIT)
    matter: str = asks("The matter in a few words", min_length=1, max_length=200)
    raised_on: date = asks("When it was raised", widget="date", starts="today")
    channel: Channel = asks("How it came", widget="choice", options="channels")
    related: bool = asks("It is related to this complaint", widget="tick", default=False)
    delays: bool = asks("Taking it in would unreasonably delay the answer", widget="tick", default=False)


@handles(SplitPoint)
def split_point(command: SplitPoint, work: Work) -> Sequence[Event]:
    """Make a new complaint of an issue that cannot join stage 1, with the same individual and service [lgsco:6.9]."""
    case = work.open_case(command)
    work.not_future(command.raised_on, "raised_on")
    work.not_before(command.raised_on, case.complaint.received_on, "raised_on", what="the complaint was received")
    answered = case.stages[1].responded_on is not None or 2 in case.stages
    apart = new_points_kept_apart(related=command.related, answered=answered, delays=command.delays)
    work.weigh(command, apart, case=case)
    person = same_person(case, work)
    new = _new_case(command, case, person, work)
    work.touch(new)
    index_case(work.session, new.complaint, person)
    link_both(case, new, work, why="A point raised in one became the other.")
    reference = new.complaint.reference
    return [
        PointSplit(complaint_id=case.id, raised_on=command.raised_on, becomes=reference, matter=command.matter),
        ComplaintRecorded(
            complaint_id=new.id,
            reference=reference,
            received_on=command.raised_on,
            logged_on=work.today,
            channel=command.channel.value,
            individual=person.name,
            matter=command.matter,
            words_sha256=text_digest(command.text),
        ),
        ComplaintSplit(complaint_id=new.id, raised_on=command.raised_on, came_from=case.complaint.reference),
        *as_confidential_as(work, case, new),
        *carried_over(case, new, work),
    ]


def same_person(case: CaseRows, work: Work) -> Person:
    """The individual once more: each complaint keeps its own contact details, which are corrected for it alone."""
    known = work.session.get(Person, case.complaint.person_id) if case.complaint.person_id is not None else None
    person = Person(**known.model_dump(exclude={"id"})) if known is not None else Person()
    work.session.add(person)
    work.session.flush()
    return person


def _new_case(command: SplitPoint, case: CaseRows, person: Person, work: Work) -> CaseRows:
    before = case.complaint
    complaint = Complaint(
        reference=next_reference(work, command.raised_on.year),
        scheme=before.scheme,
        matter=command.matter,
        words=command.text,
        category=before.category,
        channel=command.channel.value,
        received_on=command.raised_on,
        logged_on=work.today,
        acknowledgement_possible=before.acknowledgement_possible,
        person_id=person.id,
        service_id=before.service_id,
        policy_id=work.policy_id,
        position=Position.ONE_AWAITING_ACKNOWLEDGEMENT.value,
        changed_at=work.now,
    )
    work.session.add(complaint)
    work.session.flush()
    new_id = ident(complaint.id)
    stage = Stage(
        complaint_id=new_id,
        number=1,
        received_on=command.raised_on,
        logged_on=work.today,
        channel=command.channel.value,
    )
    point = Point(complaint_id=new_id, number=1, text=command.matter, raised_on=command.raised_on)
    work.session.add_all([stage, point])
    return CaseRows(complaint=complaint, stages={1: stage}, points=[point])


def link_both(case: CaseRows, new: CaseRows, work: Work, *, why: str) -> None:
    """Both pages show the other complaint to those who may see it."""
    work.session.add(
        CaseMatch(
            first_id=case.id,
            second_id=new.id,
            kind=MatchKind.RELATED.value,
            why=why,
            decided_by=work.actor.id or None,
            decided_at=work.now,
        )
    )
