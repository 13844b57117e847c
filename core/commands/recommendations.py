"""What an Ombudsman or an independent assessor recommends, each owed by its day: AddRecommendation, ComplyWith…."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.code.ombudsmen import BODIES
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.ombudsman import asks_which, opened, within_calendar
from core.errors import BadInput, NotFound, StepNotOpen
from core.events.base import Event
from core.events.ombudsman import RecommendationAdded, RecommendationComplied
from core.model.complaints import Complaint
from core.model.evidence import CaseFile
from core.model.ombudsman import OmbudsmanCase, Recommendation
from core.model.people import Colleague
from core.permissions import GRANTS, Permission, Role
from core.rules.outside import RecommendationKind
from core.store.facts import CaseRows, load_case


class AddRecommendation(Command):
    """Add one thing that an Ombudsman recommended, with its day and who sees to it."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:7.3",)
    title = "Add a recommendation"
    gist = "Each is owed by its own day until it is complied with, and stands in its owner’s queue."

    ombudsman_case_id: int = asks_which()
    what: str = asks("What is recommended", widget="area", min_length=1, max_length=TEXT_LIMIT)
    kind: RecommendationKind = asks("What kind it is", widget="choice")
    due_on: date = asks("To be done by", widget="date")
    owner_id: int | None = asks("Who sees to it", widget="choice", options="readers", default=None)
    accepted: bool = asks("The council accepts it", widget="tick", default=True)
    why_not: str = asks("If not, why not", widget="area", default="", max_length=TEXT_LIMIT)


@handles(AddRecommendation)
def add_recommendation(command: AddRecommendation, work: Work) -> Sequence[Event]:
    """Owe what was recommended by its day, to the end; what is not accepted is kept with its reason [lgsco:7.3]."""
    row, complaint_id = opened(command, work)
    if row.decided_on is None or complaint_id is None:
        raise StepNotOpen(f"{row.their_reference} is not decided, or stands with no complaint here. Record that first.")
    work.not_before(command.due_on, row.decided_on, "due_on", what="it was decided")
    within_calendar(command.due_on, None, work)
    told = command.model_dump(include={"what", "due_on", "owner_id", "accepted", "why_not"})
    added = Recommendation(
        complaint_id=complaint_id,
        ombudsman_case_id=row.id,
        set_on=row.decided_on,
        kind=command.kind.value,
        **told,
    )
    return [add_to(added, work, source=f"the {BODIES[row.ombudsman].name}")]


def add_to(row: Recommendation, work: Work, *, source: str) -> Event:
    """Keep a recommendation; BadInput where its owner is not here, or where it is refused without a reason."""
    owner = work.session.get(Colleague, row.owner_id) if row.owner_id is not None else None
    if row.owner_id is not None and (owner is None or not owner.active or not _may_see_to_it(owner)):
        said = "Whoever sees to it works with cases here. Choose a handler, a reviewer, the manager or a link officer."
        raise BadInput(said, {"owner_id": said})
    if not row.accepted and not row.why_not:
        said = "Write why the council does not accept it. It has to explain that to the Ombudsman as well."
        raise BadInput(said, {"why_not": said})
    work.session.add(row)
    return RecommendationAdded(
        complaint_id=row.complaint_id,
        source=source,
        kind=row.kind,
        due_on=row.due_on,
        accepted=row.accepted,
        what=row.what,
        why_not=row.why_not,
    )


def _may_see_to_it(owner: Colleague) -> bool:
    return ComplyWithRecommendation.needs in GRANTS[Role(owner.role)]


class ComplyWithRecommendation(Command):
    """Record that a recommendation was complied with, and what shows it."""

    needs = Permission.EVIDENCE
    clauses = ("lgsco:7.3", "lgsco:5.8")
    title = "Record that it is complied with"
    gist = "With what shows it: a file that is on the case already, or in words what was done and when."

    recommendation_id: int = asks("Which recommendation", widget="choice", options="recommendations")
    complied_on: date = asks("When it was done", widget="date", starts="today")
    evidence_file_id: int | None = asks("The file that shows it", widget="choice", options="case_files", default=None)
    evidence: str = asks("Or in words, what shows it", widget="area", default="", max_length=TEXT_LIMIT)


@handles(ComplyWithRecommendation)
def comply_with_recommendation(command: ComplyWithRecommendation, work: Work) -> Sequence[Event]:
    """Keep that what was promised was done to the end, with its evidence [lgsco:7.3]."""
    row, case = _owed(command.recommendation_id, work)
    work.not_future(command.complied_on, "complied_on")
    work.not_before(command.complied_on, row.set_on, "complied_on", what="it was recommended")
    if not command.evidence and command.evidence_file_id is None:
        said = "Choose the file that shows it, or write what does. Whoever asks will want to see it."
        raise BadInput(said, {"evidence": said})
    row.complied_on, row.evidence = command.complied_on, command.evidence
    row.evidence_file_id = command.evidence_file_id
    return [
        RecommendationComplied(
            complaint_id=case.id,
            due_on=row.due_on,
            complied_on=command.complied_on,
            file=_file_name(command.evidence_file_id, case, work),
            what=row.what,
            evidence=command.evidence,
        )
    ]


def _owed(recommendation_id: int, work: Work) -> tuple[Recommendation, CaseRows]:
    """A recommendation that is still to be complied with, and its complaint; NotFound where this person sees none."""
    nothing = "There is no such recommendation. Open it again from the list."
    row = work.session.get(Recommendation, recommendation_id)
    if row is None:
        raise NotFound(nothing)
    try:
        case = load_case(work.session, work.session.get_one(Complaint, row.complaint_id).reference, actor=work.actor)
    except NotFound as unseen:
        raise NotFound(nothing) from unseen
    work.touch(case)
    statement = select(Recommendation).where(col(Recommendation.id) == row.id).with_for_update()
    row = work.session.exec(statement).one()
    if not row.accepted or row.complied_on is not None:
        raise StepNotOpen("That is complied with already, or the council did not accept it. Choose another.")
    closed = work.session.get(OmbudsmanCase, row.ombudsman_case_id) if row.ombudsman_case_id is not None else None
    if closed is not None and closed.closed_on is not None:
        raise StepNotOpen(f"{closed.their_reference} is closed. Look at what its history says.")
    return row, case


def _file_name(file_id: int | None, case: CaseRows, work: Work) -> str:
    """The name of a file of this very complaint; BadInput for any other."""
    if file_id is None:
        return ""
    found = work.session.get(CaseFile, file_id)
    if found is None or found.complaint_id != case.id:
        said = f"That file is not on {case.complaint.reference}. Add it to the case first, then choose it."
        raise BadInput(said, {"evidence_file_id": said})
    return found.name
