"""A remedy that cannot be delivered: DeclareUndeliverable, with what is offered instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.commands.authority import within_authority
from core.commands.base import TEXT_LIMIT, LetterStep, Work, asks, handles
from core.commands.confidence import name_as_well
from core.commands.letters_going_out import going_out
from core.commands.offering import Offer, checked_offer, keep_offer, offered, open_remedy, owner_of, promised_after
from core.commands.people import may_go_out
from core.errors import BadInput
from core.events.base import Event
from core.events.remedies import RemedyFailed
from core.model.people import Colleague
from core.model.remedies import Remedy
from core.permissions import Permission
from core.rules.s5_process import late_answer_explained
from core.rules.s7_remedies import Moment, day_named, told_by_letter
from core.store.facts import CaseRows, ident


class DeclareUndeliverable(LetterStep):
    """Say that a remedy cannot be delivered: why, what is offered instead, and the letter that tells them."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.4", "lgsco:7.3")
    title = "A remedy cannot be delivered"
    gist = "They are told why, what is offered instead, and that they may still go to the Ombudsman."

    remedy_id: int = asks("Which remedy", widget="choice", options="remedies")
    told_on: date = asks("When the individual was told", widget="date", starts="today")
    reasons: str = asks("Why it cannot be done", widget="area", min_length=1, max_length=TEXT_LIMIT)
    alternative: str = asks(
        "What is offered instead",
        help="If there is nothing to offer instead, write that, and why.",
        widget="area",
        min_length=1,
        max_length=TEXT_LIMIT,
    )
    kind: str | None = asks(
        "What kind it is",
        help="Empty if nothing takes its place.",
        widget="choice",
        options="remedy_kinds",
        default=None,
        max_length=40,
    )
    sub_kind: str | None = asks(
        "What the money is for", widget="choice", options="remedy_money", default=None, max_length=40
    )
    pounds: str = asks("How much, in pounds", default="", max_length=20)
    signatory: str | None = asks(
        "Who signs the apology", widget="choice", options="remedy_signatories", default=None, max_length=40
    )
    due_on: date | None = asks("By when it will be done", widget="date", default=None)


@handles(DeclareUndeliverable)
def declare_undeliverable(command: DeclareUndeliverable, work: Work) -> Sequence[Event]:
    """Give up what cannot be delivered only with reasons, an alternative and the Ombudsman, by letter [lgsco:7.4]."""
    case = work.open_case(command)
    row = open_remedy(command.remedy_id, case)
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, row.offered_on, "told_on", what="it was offered")
    offer = _offer(command, case, work)
    if offer is not None:
        within_authority(offer.pence, case, work, instead_of=row.offered_pence or 0)
    going = going_out(command, case, work)
    findings = [*told_by_letter(letter=going.letter is not None), *going.findings]
    if row.due_on is not None:
        what = "The remedy"
        findings += late_answer_explained(command.told_on, due_on=row.due_on, what=what, clause="lgsco:7.3")
    if command.kind is not None:
        findings += day_named(command.due_on)
    work.weigh(command, [*findings, *may_go_out(case, work, on=command.told_on)], case=case)
    instead = _instead(offer, command, row, case, work) if offer is not None else []
    row.undeliverable_on, row.why_not, row.alternative = command.told_on, command.reasons, command.alternative
    row.letter_id = going.letter.id if going.letter is not None else None
    given_up = RemedyFailed(
        complaint_id=case.id,
        number=row.number,
        told_on=command.told_on,
        letter_id=row.letter_id,
        instead=case.remedies[-1].number if instead else None,
        reasons=command.reasons,
        alternative=command.alternative,
    )
    return [given_up, *instead, *going.went(command.told_on, work)]


def _offer(command: DeclareUndeliverable, case: CaseRows, work: Work) -> Offer | None:
    """What is offered instead, checked like any other offer; None where nothing takes its place."""
    if command.kind is None:
        if command.sub_kind or command.signatory or command.pounds or command.due_on is not None:
            said = "Say what kind the alternative is, or empty its sum, its signatory and its day."
            raise BadInput(said, {"kind": "Choose a kind."})
        return None
    promised_after(command.told_on, command.due_on, case, work)
    return checked_offer(command)


def _instead(offer: Offer, command: DeclareUndeliverable, row: Remedy, case: CaseRows, work: Work) -> list[Event]:
    """What takes its place, as a remedy of its own: for the same impact and point, with whoever had the first one."""
    owner = _owner(row, case, work)
    same = ("point_id", "impact", "circumstances", "guidance", "guidance_note")
    new = keep_offer(
        offer,
        case,
        work,
        moment=Moment(row.moment),
        owner_id=ident(owner.id),
        what=command.alternative,
        offered_on=command.told_on,
        **{name: getattr(row, name) for name in same},
    )
    new.stage_number = row.stage_number
    row.replaced_by_id = new.id
    numbers = {each.id: each.number for each in case.points}
    point = numbers.get(row.point_id) if row.point_id is not None else None
    return [offered(new, owner, point), *name_as_well(work, case, ident(owner.id))]


def _owner(row: Remedy, case: CaseRows, work: Work) -> Colleague:
    """Whoever had the first one, or whoever declares it where nobody has."""
    return owner_of(row.owner_id or work.actor.id, case, work)
