"""Complaints that are likely the same: linked, or put aside as not the same, and never merged."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import CasesLinked, MatchDismissed
from core.events.linking import CasesUnlinked
from core.model.matches import CaseMatch, LinkKind, MatchKind
from core.permissions import Permission
from core.store.facts import CaseRows, load_case


class LinkCases(Command):
    """Say that two complaints belong together."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:6.9")
    title = "Link these cases"
    gist = "Each keeps its own record, clocks and answers. Nothing is merged; both pages show the link."

    reference: str = Field(max_length=20)
    other: str = asks("The other case", help="Its reference.", max_length=20, min_length=1)
    kind: LinkKind = asks("How they belong together", widget="choice")
    why: str = asks("Why", widget="area", default="", max_length=TEXT_LIMIT)


@handles(LinkCases)
def link_cases(command: LinkCases, work: Work) -> Sequence[Event]:
    """Keep that two complaints are related, without joining what only one of them is about [lgsco:6.9]."""
    cases = _pair(command.reference, command.other, work)
    _decide(cases, MatchKind(command.kind.value), command.why, work)
    # The other one's readers may not all see this one, so what was written about both stands in this history alone.
    own, others = (cases[0], command.why), (cases[1], "")
    return [CasesLinked(complaint_id=case.id, kind=command.kind.value, why=why) for case, why in (own, others)]


class UnlinkCases(Command):
    """Say that two complaints were linked and should not be."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "End the link"
    gist = "Neither page shows the other any more. Both histories keep that they were linked, and that it ended."

    reference: str = Field(max_length=20)
    other: str = asks("The other case", help="Its reference.", max_length=20, min_length=1)
    why: str = asks("Why the link ends", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(UnlinkCases)
def unlink_cases(command: UnlinkCases, work: Work) -> Sequence[Event]:
    """Keep who ended the link between two complaints, and why; they may be linked again [lgsco:5.8]."""
    cases = _pair(command.reference, command.other, work)
    kept = _decided(cases, work)
    if kept is None or kept.kind == MatchKind.NOT_THE_SAME:
        one, other = (case.complaint.reference for case in cases)
        raise BadInput(
            f"{one} and {other} are not linked. Look at the list of linked cases again.", {"other": "Not linked."}
        )
    work.session.delete(kept)
    own, others = (cases[0], command.why), (cases[1], "")
    return [CasesUnlinked(complaint_id=case.id, kind=kept.kind, why=why) for case, why in (own, others)]


class DismissMatch(Command):
    """Say that two complaints only look alike."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Not the same"
    gist = "They are no longer shown side by side, and a link between them ends. Both histories say so."

    reference: str = Field(max_length=20)
    other: str = asks("The other case", help="Its reference.", max_length=20, min_length=1)
    why: str = asks("Why they are not the same", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(DismissMatch)
def dismiss_match(command: DismissMatch, work: Work) -> Sequence[Event]:
    """Keep who decided that two complaints are not the same, and why [lgsco:5.8]."""
    cases = _pair(command.reference, command.other, work)
    _decide(cases, MatchKind.NOT_THE_SAME, command.why, work)
    return [MatchDismissed(complaint_id=case.id, why=why) for case, why in ((cases[0], command.why), (cases[1], ""))]


def _pair(reference: str, other: str, work: Work) -> tuple[CaseRows, CaseRows]:
    """Both complaints, the one the step was taken on first. Locked in order, so two steps never wait in a ring."""
    wanted = [each.strip().upper() for each in (reference, other)]
    if wanted[0] == wanted[1]:
        raise BadInput("A case is not linked to itself. Give the other one.", {"other": "This is the same case."})
    found = {each: load_case(work.session, each, actor=work.actor) for each in sorted(wanted)}
    return found[wanted[0]], found[wanted[1]]


def _decided(cases: tuple[CaseRows, CaseRows], work: Work) -> CaseMatch | None:
    """What was last decided about a pair."""
    first, second = sorted(case.id for case in cases)
    pair = select(CaseMatch).where(col(CaseMatch.first_id) == first, col(CaseMatch.second_id) == second)
    return work.session.exec(pair).first()


def _decide(cases: tuple[CaseRows, CaseRows], kind: MatchKind, why: str, work: Work) -> None:
    """Write the newest decision about a pair over the one before it; the ledger keeps both."""
    first, second = sorted(case.id for case in cases)
    kept = _decided(cases, work)
    if kept is not None and kept.kind == kind.value:
        told = "put aside as not the same" if kind is MatchKind.NOT_THE_SAME else f"linked as “{kind.value}”"
        raise BadInput(f"{cases[0].complaint.reference} and {cases[1].complaint.reference} are {told} already.")
    if kept is None:
        kept = CaseMatch(first_id=first, second_id=second, kind=kind.value, decided_at=work.now)
    kept.kind, kept.why = kind.value, why
    kept.decided_by, kept.decided_at = work.actor.id or None, work.now
    work.session.add(kept)
