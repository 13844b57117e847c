"""What comes of an offer: AgreeRemedy, RecordPayment, CompleteRemedy and ReassignRemedy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import col, func, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.confidence import name_as_well
from core.commands.offering import open_remedy, owner_of
from core.errors import BadInput
from core.events.base import Event
from core.events.remedies import PaymentRecorded, RemedyAgreed, RemedyCompleted, RemedyReassigned
from core.model.evidence import CaseFile
from core.model.people import Colleague
from core.model.remedies import Payment, Remedy
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.s5_process import late_answer_explained
from core.rules.s7_remedies import paid_in_full, pence_of
from core.store.facts import CaseRows, ident
from core.words import pounds as in_pounds


class Agreeing(StrEnum):
    """What the individual said to an offer."""

    YES = "they agree"
    NO = "they do not agree"


class AgreeRemedy(CaseCommand):
    """Record what the individual said to an offer."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.3",)
    title = "Record what they say to an offer"
    gist = "Where it is right, what is done and by when is agreed with them. An offer stays owed if they do not agree."

    remedy_id: int = asks("Which remedy", widget="choice", options="remedies")
    answer: Agreeing = asks("What they said", widget="choice")
    agreed_on: date = asks("When they said so", widget="date", starts="today")
    said: str = asks("In their words", widget="area", default="", max_length=TEXT_LIMIT)


@handles(AgreeRemedy)
def agree_remedy(command: AgreeRemedy, work: Work) -> Sequence[Event]:
    """Agree what will be done and by when with the individual, where that is right [lgsco:7.3]."""
    case = work.open_case(command)
    row = open_remedy(command.remedy_id, case)
    work.not_future(command.agreed_on, "agreed_on")
    work.not_before(command.agreed_on, row.offered_on, "agreed_on", what="it was offered")
    row.agreed, row.agreed_on = command.answer is Agreeing.YES, command.agreed_on
    told: dict[str, Any] = {"agreed": row.agreed, "agreed_on": command.agreed_on, "said": command.said}
    return [RemedyAgreed(complaint_id=case.id, number=row.number, **told)]


class RecordPayment(CaseCommand):
    """Record money that was paid for a remedy."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.1", "lgsco:7.3")
    title = "Record a payment"
    gist = "What was paid is kept apart from what was offered, each payment with its day."

    remedy_id: int = asks("Which remedy", widget="choice", options="remedies_of_money")
    pounds: str = asks("How much was paid, in pounds", min_length=1, max_length=20)
    paid_on: date = asks("When it was paid", widget="date", starts="today")
    how: str = asks(
        "How it was paid", help="Such as to their account, or against their rent.", default="", max_length=200
    )


@handles(RecordPayment)
def record_payment(command: RecordPayment, work: Work) -> Sequence[Event]:
    """Keep what was paid, and when, apart from what was offered [lgsco:7.1]."""
    case = work.open_case(command)
    row = open_remedy(command.remedy_id, case)
    if row.offered_pence is None:
        said = f"Remedy {row.number} offers no money. Choose the one that the payment is for."
        raise BadInput(said, {"remedy_id": "Choose the one with money."})
    work.not_future(command.paid_on, "paid_on")
    work.not_before(command.paid_on, row.offered_on, "paid_on", what="it was offered")
    pence = pence_of(command.pounds, field="pounds")
    if pence is None:
        raise BadInput("Say how much was paid, in pounds.", {"pounds": "Write the sum."})
    paid = _paid(row, work)
    if paid + pence > row.offered_pence:
        said = (
            f"{in_pounds(row.offered_pence)} was offered and {in_pounds(paid)} is paid already. Offer the rest first."
        )
        raise BadInput(said, {"pounds": "This is more than was offered."})
    kept: dict[str, Any] = {"paid_on": command.paid_on, "pence": pence, "how": command.how}
    work.session.add(Payment(remedy_id=ident(row.id), recorded_by=work.actor.id or None, **kept))
    return [PaymentRecorded(complaint_id=case.id, number=row.number, **kept)]


def _paid(row: Remedy, work: Work) -> int:
    """What is recorded as paid for a remedy, in pence."""
    statement = select(func.coalesce(func.sum(Payment.pence), 0)).where(col(Payment.remedy_id) == row.id)
    return int(work.session.exec(statement).one())


class CompleteRemedy(CaseCommand):
    """Say that a remedy was done, with what shows it."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.3",)
    title = "Complete a remedy"
    gist = "Done to the end, and shown: in words, or by a file on the case. Until then the complaint is not complete."

    remedy_id: int = asks("Which remedy", widget="choice", options="remedies")
    done_on: date = asks("When it was done", widget="date", starts="today")
    evidence: str = asks("What shows that it was done", widget="area", default="", max_length=TEXT_LIMIT)
    file_id: int | None = asks(
        "The file that shows it", help="A file on this case.", widget="choice", options="case_files", default=None
    )


@handles(CompleteRemedy)
def complete_remedy(command: CompleteRemedy, work: Work) -> Sequence[Event]:
    """Follow what was offered through to the end, and keep what shows it [lgsco:7.3]."""
    case = work.open_case(command)
    row = open_remedy(command.remedy_id, case)
    work.not_future(command.done_on, "done_on")
    work.not_before(command.done_on, row.offered_on, "done_on", what="it was offered")
    _shown(command, case, work)
    late: tuple[Finding, ...] = ()
    if row.due_on is not None:
        late = late_answer_explained(command.done_on, due_on=row.due_on, what="The remedy", clause="lgsco:7.3")
    paid = paid_in_full(offered=row.offered_pence, paid=_paid(row, work)) if row.offered_pence is not None else ()
    work.weigh(command, [*late, *paid], case=case)
    row.done_on, row.evidence, row.evidence_file_id = command.done_on, command.evidence, command.file_id
    return [
        RemedyCompleted(
            complaint_id=case.id,
            number=row.number,
            done_on=command.done_on,
            due_on=row.due_on,
            file_id=command.file_id,
            evidence=command.evidence,
        )
    ]


def _shown(command: CompleteRemedy, case: CaseRows, work: Work) -> None:
    """Something shows that it was done: words, or a file on this very case."""
    if command.file_id is None:
        if not command.evidence:
            said = "Say what shows that it was done, or choose a file on this case."
            raise BadInput(said, {"evidence": "Write what shows it."})
        return
    file = work.session.get(CaseFile, command.file_id)
    if file is None or file.complaint_id != case.id:
        said = f"That file is not on {case.complaint.reference}. Choose one from the list, or add it to the case first."
        raise BadInput(said, {"file_id": "Choose a file on this case."})


class ReassignRemedy(CaseCommand):
    """Give a remedy to somebody else. Its day stays."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.3",)
    title = "Give a remedy to somebody else"
    gist = "Whoever sees to it owes it by its day. Handing it over moves no date."

    remedy_id: int = asks("Which remedy", widget="choice", options="remedies")
    owner_id: int = asks("Who sees to it from now on", widget="choice", options="readers")


@handles(ReassignRemedy)
def reassign_remedy(command: ReassignRemedy, work: Work) -> Sequence[Event]:
    """Keep one named colleague behind each thing that was promised [lgsco:7.3]."""
    case = work.open_case(command)
    row = open_remedy(command.remedy_id, case)
    owner = owner_of(command.owner_id, case, work)
    if row.owner_id == owner.id:
        said = f"{owner.name} has remedy {row.number} already. Choose someone else."
        raise BadInput(said, {"owner_id": "Choose somebody else."})
    return [given_to(row, owner, work), *name_as_well(work, case, ident(owner.id))]


def given_to(row: Remedy, owner: Colleague | None, work: Work) -> RemedyReassigned:
    """Make a colleague the owner of a remedy, or nobody."""
    before = work.session.get(Colleague, row.owner_id) if row.owner_id is not None else None
    row.owner_id = owner.id if owner is not None else None
    return RemedyReassigned(
        complaint_id=row.complaint_id,
        number=row.number,
        owner=owner.name if owner is not None else "",
        owner_id=row.owner_id,
        before=before.name if before is not None else "",
    )
