"""Fairness: who may not consider a complaint. NameOfficers and DeclareConflict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from core.commands.allocating import put_in_hands
from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.people import ConflictDeclared, OfficersNamed, StageFreed
from core.model.parties import Conflict, OfficerNamed
from core.model.people import Colleague
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.parties import ConflictKind
from core.rules.s5_process import free_to_consider
from core.rules.steps import OPEN_POSITIONS, position_of
from core.store.facts import CaseRows, ident


def not_free(colleague: Colleague, case: CaseRows, work: Work) -> tuple[Finding, ...]:
    """Why a colleague may not consider this complaint; nothing when they may."""
    who = (case.id, ident(colleague.id))
    declared = work.session.get(Conflict, who)
    return free_to_consider(
        colleague.name,
        named=work.session.get(OfficerNamed, who) is not None,
        declared=declared is not None and declared.kind != ConflictKind.NONE,
    )


def free_or_refused(colleague: Colleague | None, case: CaseRows, work: Work) -> None:
    """Refuse whoever is named in the complaint or has declared a conflict; the console itself is neither."""
    against = not_free(colleague, case, work) if colleague is not None else ()
    if against:
        raise StepNotOpen(" ".join(finding.sentence for finding in against))


class NameOfficers(CaseCommand):
    """Write down which colleagues a complaint is about, so that it is never given to them."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Name the officers it is about"
    gist = "They cannot be given this complaint. One who has it now loses it with this step."

    officers_named: tuple[int, ...] = asks(
        "Colleagues the complaint is about", widget="several", options="everyone", default=()
    )


@handles(NameOfficers)
def name_officers(command: NameOfficers, work: Work) -> Sequence[Event]:
    """Keep a complaint from the colleagues it is about; naming others again replaces the list [lgsco:5.4]."""
    case = work.open_case(command)
    wanted = set(command.officers_named)
    names = {each: _name_of(work, each) for each in sorted(wanted)}
    rows = work.session.exec(select(OfficerNamed).where(col(OfficerNamed.complaint_id) == case.id)).all()
    for row in rows:
        if row.colleague_id not in wanted:
            work.session.delete(row)
    new = wanted - {row.colleague_id for row in rows}
    work.session.add_all(OfficerNamed(complaint_id=case.id, colleague_id=each) for each in sorted(new))
    named = OfficersNamed(complaint_id=case.id, named=tuple(sorted(names.values())))
    stage = case.current
    if stage.handler_id not in wanted or position_of(case.facts()) not in OPEN_POSITIONS:
        return [named]
    freed = StageFreed(complaint_id=case.id, stage=stage.number, before=names[ident(stage.handler_id)])
    put_in_hands(stage, None, work)
    return [named, freed]


def _name_of(work: Work, colleague_id: int) -> str:
    colleague = work.session.get(Colleague, colleague_id)
    if colleague is None:
        said = "One of these colleagues is not on the list. Choose again."
        raise BadInput(said, {"officers_named": "Choose again."})
    return colleague.name


class DeclareConflict(CaseCommand):
    """Say whether you have a conflict of interest in this complaint."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Declare whether you have a conflict"
    gist = "When you take it, and as soon as you know. With a conflict you answer nothing here; someone else does."

    kind: ConflictKind = asks("Your conflict of interest", widget="choice")
    detail: str = asks("What it is", widget="area", default="", max_length=TEXT_LIMIT)


@handles(DeclareConflict)
def declare_conflict(command: DeclareConflict, work: Work) -> Sequence[Event]:
    """Keep what a colleague declares; a conflict once declared stays until the complaint is handed on [lgsco:5.4]."""
    case = work.open_case(command)
    colleague = work.session.get(Colleague, work.actor.id)
    if colleague is None:
        raise BadInput("Only a colleague can have a conflict of interest. Sign in as yourself.")
    if command.kind is not ConflictKind.NONE and not command.detail:
        raise BadInput("Say what the conflict is, in a few words.", {"detail": "Say what it is."})
    held = work.session.get(Conflict, (case.id, ident(colleague.id)))
    if held is not None and held.kind != ConflictKind.NONE:
        raise BadInput(
            "You have declared a conflict in this complaint already, and it stays on the record. "
            "Ask the complaints manager to hand the complaint on."
        )
    said: dict[str, Any] = {"kind": command.kind.value, "detail": command.detail, "declared_at": work.now}
    work.session.merge(Conflict(complaint_id=case.id, colleague_id=ident(colleague.id), **said))
    return [
        ConflictDeclared(complaint_id=case.id, colleague=colleague.name, kind=command.kind.value, detail=command.detail)
    ]
