"""The other half of a mixed complaint: some of its points as a complaint of their own, with every date they had."""

from __future__ import annotations

from collections.abc import Sequence

from core.commands.allocating import put_in_hands
from core.commands.base import Work
from core.commands.carrying import carried_over
from core.commands.confidence import as_confidential_as
from core.commands.recording import next_reference, text_digest
from core.commands.splitting import link_both, same_person
from core.events.base import Event
from core.events.cases import ComplaintRecorded
from core.events.refusals import ComplaintSplit
from core.model.complaints import Complaint, Point, Stage
from core.model.people import Person
from core.rules.steps import Position
from core.store.facts import CaseRows, ident
from core.store.indexing import index_case
from core.words import listed

_MATTER = 200


def other_half(case: CaseRows, points: Sequence[Point], work: Work) -> tuple[CaseRows, list[Event]]:
    """Make a complaint of these points, received on the day the first of them was raised; no clock begins anew.

    It keeps the words as they were said, and its acknowledgement where the points were acknowledged with the rest.
    """
    person = same_person(case, work)
    half = _half(case, points, person, work)
    work.touch(half)
    index_case(work.session, half.complaint, person)
    numbers = listed(str(point.number) for point in points)
    link_both(case, half, work, why=f"Two halves of a mixed complaint: point {numbers} of one became the other.")
    complaint = half.complaint
    return half, [
        ComplaintRecorded(
            complaint_id=half.id,
            reference=complaint.reference,
            received_on=complaint.received_on,
            logged_on=complaint.logged_on,
            channel=complaint.channel,
            individual=person.name,
            matter=complaint.matter,
            words_sha256=text_digest(complaint.words),
        ),
        ComplaintSplit(complaint_id=half.id, raised_on=complaint.received_on, came_from=case.complaint.reference),
        *as_confidential_as(work, case, half),
        *carried_over(case, half, work),
    ]


def _half(case: CaseRows, points: Sequence[Point], person: Person, work: Work) -> CaseRows:
    before = case.complaint
    received_on = min(point.raised_on for point in points)
    complaint = Complaint(
        **before.model_dump(include=_KEPT),
        reference=next_reference(work, received_on.year),
        matter=_matter(points),
        received_on=received_on,
        logged_on=max(before.logged_on, received_on),
        person_id=person.id,
        position=Position.ONE_AWAITING_ACKNOWLEDGEMENT.value,
        changed_at=work.now,
    )
    work.session.add(complaint)
    work.session.flush()
    half_id = ident(complaint.id)
    stage = _stage(case.stages[1], points, half_id)
    stage.received_on, stage.logged_on = complaint.received_on, complaint.logged_on
    own = [
        Point(complaint_id=half_id, number=number, text=point.text, raised_on=point.raised_on)
        for number, point in enumerate(points, start=1)
    ]
    work.session.add_all([stage, *own])
    put_in_hands(stage, stage.handler_id, work)
    return CaseRows(complaint=complaint, stages={1: stage}, points=own)


_KEPT = {
    "scheme", "words", "outcomes_sought", "category", "channel", "received_by", "issue_on", "aware_on",
    "acknowledgement_possible", "service_id", "policy_id",
}  # fmt: skip


def _matter(points: Sequence[Point]) -> str:
    """What the points say, cut to a line."""
    said = " ".join("; ".join(point.text for point in points).split())
    return said if len(said) <= _MATTER else f"{said[: _MATTER - 1]}…"


def _stage(one: Stage, points: Sequence[Point], half_id: int) -> Stage:
    """Stage 1 of the half; whoever had the complaint has it still, and what was acknowledged with the rest stays so."""
    kept = {"number", "received_on", "logged_on", "channel", "handler_id", "assigned_on", "receipt_recorded"}
    if one.acknowledged_on is not None and all(point.raised_on <= one.acknowledged_on for point in points):
        kept |= {"acknowledged_on", "understanding", "outcomes_sought", "promised_on"}
    return Stage(**one.model_dump(include=kept), complaint_id=half_id)
