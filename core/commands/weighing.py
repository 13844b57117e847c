"""Weighing the evidence: NoteEvidence, WeighEvidence, and the entry that every file on a complaint has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.considering import EvidenceNoted, EvidenceWeighed
from core.model.considering import EvidenceItem
from core.permissions import Permission
from core.rules.considering import Weighed
from core.store.facts import CaseRows


class NoteEvidence(CaseCommand):
    """Write down evidence that is no file, such as what an officer said on the phone."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4", "lgsco:5.8")
    title = "Note evidence without a file"
    gist = "What somebody said or showed. It is weighed before the answer, as every file is."

    what: str = asks("What it is, in a few words", min_length=1, max_length=200)
    source: str = asks("Whom it comes from", min_length=1, max_length=200)


@handles(NoteEvidence)
def note_evidence(command: NoteEvidence, work: Work) -> Sequence[Event]:
    """Keep evidence that has no file beside the files, to be weighed like them [lgsco:5.4]."""
    case = work.open_case(command)
    work.session.add(EvidenceItem(complaint_id=case.id, what=command.what, source=command.source))
    return [EvidenceNoted(complaint_id=case.id, what=command.what, source=command.source)]


class WeighEvidence(CaseCommand):
    """Decide whether pieces of evidence are considered, and say what weight they have."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.4",)
    title = "Weigh the evidence"
    gist = "Each piece is considered or left aside, with a word on why. What was weighed can be weighed again."

    items: tuple[int, ...] = asks("Which pieces", widget="several", options="evidence_items", min_length=1)
    considered: Weighed = asks("They are", widget="choice")
    weight: str = asks("What they show and what weight they have", widget="area", min_length=1, max_length=TEXT_LIMIT)
    source: str = asks(
        "Whom they come from", help="Leave it empty to keep what is written there.", default="", max_length=200
    )


@handles(WeighEvidence)
def weigh_evidence(command: WeighEvidence, work: Work) -> Sequence[Event]:
    """Consider all the evidence, each piece with its weight and source [lgsco:5.4]."""
    case = work.open_case(command)
    rows = _items(command.items, case, work)
    for row in rows:
        row.considered, row.weight = command.considered.value, command.weight
        row.source = command.source or row.source
        row.weighed_on, row.weighed_by = work.today, work.actor.id or None
    return [
        EvidenceWeighed(
            complaint_id=case.id,
            considered=command.considered.value,
            items="; ".join(row.what for row in rows),
            weight=command.weight,
            source=command.source,
        )
    ]


def _items(wanted: Sequence[int], case: CaseRows, work: Work) -> list[EvidenceItem]:
    """The pieces chosen, all of them on this very complaint; BadInput for any other."""
    chosen = select(EvidenceItem).where(
        col(EvidenceItem.complaint_id) == case.id, col(EvidenceItem.id).in_(sorted(set(wanted)))
    )
    rows = list(work.session.exec(chosen.order_by(col(EvidenceItem.id))))
    if len(rows) != len(set(wanted)):
        raise BadInput(
            f"One of these is not evidence on {case.complaint.reference}. Choose from the list again.",
            {"items": "Choose again."},
        )
    return rows
