"""Confidential complaints: seen by the people named on them, in every list, count, search and export alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.access import ConfidenceKept, ConfidenceLifted
from core.events.base import Event
from core.model.evidence import ConfidentialCase, NamedPerson
from core.model.people import Colleague
from core.permissions import GRANTS, Permission, Role
from core.store.facts import CaseRows, ident


class KeepConfidential(CaseCommand):
    """Name the people who may see a complaint; to everybody else it does not exist."""

    needs = Permission.CONFIDE
    clauses = ("lgsco:5.8",)
    title = "Keep confidential"
    gist = "Only the people you name see it from now on, yourself and its handlers always among them."

    named: tuple[int, ...] = asks("Who may see it", widget="several", options="readers", default=())
    reason: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(KeepConfidential)
def keep_confidential(command: KeepConfidential, work: Work) -> Sequence[Event]:
    """Show a complaint to named people alone; naming others again replaces the list [lgsco:5.8]."""
    case = work.open_case(command)
    wanted = {*command.named, *_always(case, work)}
    names = _readers(work, wanted)
    kept = work.session.get(ConfidentialCase, case.id)
    if kept is None:
        work.session.add(ConfidentialCase(complaint_id=case.id, reason=command.reason, since=work.now))
        work.session.flush()
    else:
        kept.reason = command.reason
    _name_these(work, case, wanted)
    return [ConfidenceKept(complaint_id=case.id, named=names, reason=command.reason)]


def _always(case: CaseRows, work: Work) -> set[int]:
    """Who is named in any case: whoever keeps it confidential, and those who consider it and open cases still."""
    hands = {stage.handler_id for stage in case.stages.values() if stage.handler_id is not None}
    return {*(hands & _who_open_cases(work)), *([work.actor.id] if work.actor.id else [])}


def _who_open_cases(work: Work) -> set[int]:
    """Everybody here now whose role opens cases."""
    here = work.session.exec(select(Colleague).where(col(Colleague.active).is_(True)))
    return {ident(one.id) for one in here if Permission.READ in GRANTS[Role(one.role)]}


def _readers(work: Work, ids: Iterable[int]) -> tuple[str, ...]:
    """The names of colleagues who can open cases; BadInput for anybody who cannot."""
    names = []
    for each in sorted(ids):
        colleague = work.session.get(Colleague, each)
        if colleague is None:
            raise BadInput("One of these colleagues is not on the list. Choose again.", {"named": "Choose again."})
        if Permission.READ not in GRANTS[Role(colleague.role)]:
            raise BadInput(
                f"{colleague.name} is here as {colleague.role} and opens no cases. Name somebody else.",
                {"named": "Choose again."},
            )
        names.append(colleague.name)
    return tuple(sorted(names))


def _name_these(work: Work, case: CaseRows, wanted: set[int]) -> None:
    """Make these the named people, and nobody else."""
    rows = work.session.exec(select(NamedPerson).where(col(NamedPerson.complaint_id) == case.id)).all()
    for row in rows:
        if row.colleague_id not in wanted:
            work.session.delete(row)
    there = {row.colleague_id for row in rows}
    work.session.add_all(NamedPerson(complaint_id=case.id, colleague_id=each) for each in sorted(wanted - there))


class LiftConfidence(CaseCommand):
    """Let everybody see the complaint again whose role and services allow it."""

    needs = Permission.CONFIDE
    clauses = ("lgsco:5.8",)
    title = "Lift confidentiality"
    gist = "The history keeps who could see it, and why."

    reason: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(LiftConfidence)
def lift_confidence(command: LiftConfidence, work: Work) -> Sequence[Event]:
    """End the confidentiality of a complaint [lgsco:5.8]."""
    case = work.open_case(command)
    kept = work.session.get(ConfidentialCase, case.id)
    if kept is None:
        raise BadInput(f"{case.complaint.reference} is not confidential.")
    _name_these(work, case, set())
    work.session.flush()
    work.session.delete(kept)
    return [ConfidenceLifted(complaint_id=case.id, reason=command.reason)]


def name_as_well(work: Work, case: CaseRows, colleague_id: int) -> list[Event]:
    """Name whoever a confidential complaint is given to: giving it to somebody is showing it to them."""
    kept = work.session.get(ConfidentialCase, case.id)
    if kept is None or work.session.get(NamedPerson, (case.id, colleague_id)) is not None:
        return []
    work.session.add(NamedPerson(complaint_id=case.id, colleague_id=colleague_id))
    work.session.flush()
    return [ConfidenceKept(complaint_id=case.id, named=_names_on(work, case.id), reason=kept.reason)]


def _names_on(work: Work, complaint_id: int) -> tuple[str, ...]:
    """The names on a confidential complaint; somebody on it may have moved to a role that opens no cases since."""
    named = select(NamedPerson.colleague_id).where(col(NamedPerson.complaint_id) == complaint_id)
    statement = select(Colleague.name).where(col(Colleague.id).in_(named)).order_by(col(Colleague.name))
    return tuple(work.session.exec(statement))


def show_managers_what_nobody_sees(work: Work) -> list[Event]:
    """Name the managers on every confidential complaint whose named people have all left, or moved away from cases."""
    readers = _who_open_cases(work)
    still = set(
        work.session.exec(select(NamedPerson.complaint_id).where(col(NamedPerson.colleague_id).in_(sorted(readers))))
    )
    managers = select(Colleague).where(col(Colleague.role) == Role.MANAGER.value, col(Colleague.active).is_(True))
    ids = sorted(ident(one.id) for one in work.session.exec(managers))
    unseen = select(ConfidentialCase).order_by(col(ConfidentialCase.complaint_id))
    events: list[Event] = []
    for kept in [one for one in work.session.exec(unseen) if ids and one.complaint_id not in still]:
        work.session.add_all(NamedPerson(complaint_id=kept.complaint_id, colleague_id=each) for each in ids)
        work.session.flush()
        names = _names_on(work, kept.complaint_id)
        events.append(ConfidenceKept(complaint_id=kept.complaint_id, named=names, reason=kept.reason))
    return events


def confidential_from_the_start(work: Work, case: CaseRows, *, reason: str) -> list[Event]:
    """Keep a complaint confidential as it is recorded: for the managers, and for a recorder who opens cases."""
    statement = select(Colleague).where(col(Colleague.active).is_(True))
    people = {one.id: one for one in work.session.exec(statement) if one.id is not None}
    may_see = {key for key, one in people.items() if Role(one.role) is Role.MANAGER}
    recorder = people.get(work.actor.id)
    if recorder is not None and Permission.READ in GRANTS[Role(recorder.role)]:
        may_see.add(work.actor.id)
    if not may_see:
        raise BadInput("Nobody could see this complaint: there is no complaints manager yet. Add one first.")
    work.session.add(ConfidentialCase(complaint_id=case.id, reason=reason, since=work.now))
    work.session.flush()
    _name_these(work, case, may_see)
    return [ConfidenceKept(complaint_id=case.id, named=_readers(work, may_see), reason=reason)]


def as_confidential_as(work: Work, case: CaseRows, new: CaseRows) -> list[Event]:
    """Keep a complaint that came out of another for the same people as that one; nothing when everybody sees it."""
    kept = work.session.get(ConfidentialCase, case.id)
    if kept is None:
        return []
    named = select(NamedPerson.colleague_id).where(col(NamedPerson.complaint_id) == case.id)
    work.session.add(ConfidentialCase(complaint_id=new.id, reason=kept.reason, since=work.now))
    work.session.flush()
    _name_these(work, new, set(work.session.exec(named)))
    return [ConfidenceKept(complaint_id=new.id, named=_names_on(work, new.id), reason=kept.reason)]
