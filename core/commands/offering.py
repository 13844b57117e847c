"""Putting things right: OfferRemedy, with what every offer is checked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.code.remedies import APOLOGY, MONEY, REMEDIES
from core.commands.authority import within_authority
from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.confidence import name_as_well
from core.commands.remedy_facts import is_open, upheld_on_record
from core.errors import BadInput
from core.events.base import Event
from core.events.remedies import RemedyOffered
from core.model.access import ColleagueService
from core.model.complaints import Point
from core.model.people import Colleague
from core.model.remedies import Remedy
from core.permissions import GRANTS, Permission, Role
from core.rules.s7_remedies import Moment, day_named, impact_set_out, pence_of
from core.store.facts import CaseRows, ident

_ASKS_KIND: dict[str, Any] = {"widget": "choice", "options": "remedy_kinds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered, as it was checked: the kind, what it is for or who signs it, the sum in pence, and the day."""

    kind: str
    sub_kind: str
    signatory: str
    pence: int | None
    due_on: date | None


class OfferRemedy(CaseCommand):
    """Offer one thing that puts it right: what, for what impact, by when, and who sees to it."""

    needs = Permission.HANDLE
    clauses = ("lgsco:7.1", "lgsco:7.2", "lgsco:7.3", "lgsco:7.5", "lgsco:5.9", "lgsco:6.10")
    title = "Offer a remedy"
    gist = "At either stage, as soon as it is known. It does not wait for the answer, and nobody has to ask for it."

    kind: str = asks("What kind of remedy", **_ASKS_KIND, max_length=40)
    sub_kind: str | None = asks(
        "What the money is for", widget="choice", options="remedy_money", default=None, max_length=40
    )
    pounds: str = asks("How much, in pounds", help="For money alone. There is no tariff.", default="", max_length=20)
    signatory: str | None = asks(
        "Who signs the apology", widget="choice", options="remedy_signatories", default=None, max_length=40
    )
    what: str = asks("What will be done", widget="area", min_length=1, max_length=TEXT_LIMIT)
    impact: str = asks("What the fault did to the individual", widget="area", default="", max_length=TEXT_LIMIT)
    circumstances: str = asks(
        "What made it worse or lighter for them", widget="area", default="", max_length=TEXT_LIMIT
    )
    point: int | None = asks("For which point", widget="choice", options="case_points", default=None)
    offered_on: date = asks("When it was offered", widget="date", starts="today")
    due_on: date | None = asks("By when it will be done", widget="date", default=None)
    owner_id: int = asks("Who sees to it", widget="choice", options="readers")
    after_ombudsman: bool = asks("It is offered only after the Ombudsman looked at it", widget="tick", default=False)
    guidance: bool = asks("The Ombudsman's guidance on remedies was looked at", widget="tick", default=False)
    guidance_note: str = asks("What followed from it", widget="area", default="", max_length=TEXT_LIMIT)


@handles(OfferRemedy)
def offer_remedy(command: OfferRemedy, work: Work) -> Sequence[Event]:
    """Record what is offered for a fault: one of the eight kinds, its impact, its day and its owner [lgsco:7.1]."""
    case = work.open_case(command)
    work.not_future(command.offered_on, "offered_on")
    work.not_before(command.offered_on, case.complaint.received_on, "offered_on", what="the complaint was received")
    offer = checked_offer(command)
    within_authority(offer.pence, case, work)
    promised_after(command.offered_on, command.due_on, case, work)
    point = _point(command.point, case)
    owner = owner_of(command.owner_id, case, work)
    points = [point.id] if point is not None else [each.id for each in case.points]
    upheld = upheld_on_record(case, points, work)
    findings = [*impact_set_out(command.impact, upheld=upheld), *day_named(command.due_on)]
    work.weigh(command, findings, case=case)
    row = keep_offer(
        offer,
        case,
        work,
        moment=Moment.OMBUDSMAN if command.after_ombudsman else _moment(case),
        point_id=point.id if point is not None else None,
        owner_id=ident(owner.id),
        **{name: getattr(command, name) for name in (*_WORDS, "offered_on", "guidance")},
    )
    return [offered(row, owner, command.point), *name_as_well(work, case, ident(owner.id))]


_WORDS = ("what", "impact", "circumstances", "guidance_note")


def checked_offer(command: Any) -> Offer:
    """What is offered, if it fits together; BadInput names the field that does not."""
    kind = known(command.kind, REMEDIES.kinds, "kind")
    sub_kind, signatory = command.sub_kind or "", command.signatory or ""
    pence = pence_of(command.pounds, field="pounds")
    if kind == MONEY and not sub_kind:
        raise BadInput("Say what the money is for. Choose one of the four.", {"sub_kind": "Choose what it is for."})
    if kind == MONEY and pence is None:
        raise BadInput("Say how much is offered, in pounds.", {"pounds": "Write the sum."})
    if kind != MONEY and (sub_kind or pence is not None):
        name = "pounds" if pence is not None else "sub_kind"
        said = "Only money has a sum. Offer it as a remedy of its own, or choose “Money” as the kind."
        raise BadInput(said, {name: "Empty it, or choose “Money” as the kind."})
    if kind == APOLOGY and not signatory:
        said = "Say who signs the apology: somebody senior enough for what went wrong."
        raise BadInput(said, {"signatory": "Choose who signs it."})
    if kind != APOLOGY and signatory:
        said = "Only an apology is signed. Empty who signs it, or choose “An apology” as the kind."
        raise BadInput(said, {"signatory": "Empty it."})
    for name, key, listed in (("sub_kind", sub_kind, REMEDIES.money), ("signatory", signatory, REMEDIES.signatories)):
        if key:
            known(key, listed, name)
    return Offer(kind=kind, sub_kind=sub_kind, signatory=signatory, pence=pence, due_on=command.due_on)


def known(key: str, listed: Any, field: str) -> str:
    """A key of one of the lists; BadInput for one that is not on it."""
    if key not in listed:
        raise BadInput("That is not on the list. Choose one of its entries.", {field: "Choose one of the list."})
    return key


def promised_after(offered_on: date, due_on: date | None, case: CaseRows, work: Work) -> None:
    """Check the day something is promised by: not before the offer, and within the calendar (CalendarEnds)."""
    if due_on is None:
        return
    work.not_before(due_on, offered_on, "due_on", what="it was offered")
    work.calendar_of(work.policy_of(case)).between(offered_on, due_on)


def _point(number: int | None, case: CaseRows) -> Point | None:
    found = next((each for each in case.points if each.number == number), None)
    if number is not None and found is None:
        raise BadInput(
            f"There is no point {number} in this complaint. Choose one of its points.", {"point": "Choose a point."}
        )
    return found


def _moment(case: CaseRows) -> Moment:
    return Moment.TWO if 2 in case.stages else Moment.ONE


def owner_of(colleague_id: int, case: CaseRows, work: Work) -> Colleague:
    """Somebody who can see to a remedy of this case; BadInput for whoever left or does not see it."""
    chosen = work.session.get(Colleague, colleague_id)
    field = {"owner_id": "Choose somebody else."}
    if chosen is None or not chosen.active:
        raise BadInput("That colleague is not on the list any more. Choose someone else.", field)
    if Permission.READ not in GRANTS[Role(chosen.role)]:
        raise BadInput(f"{chosen.name} is here as {chosen.role} and opens no cases. Choose someone else.", field)
    limited = select(ColleagueService.service_id).where(col(ColleagueService.colleague_id) == colleague_id)
    services = set(work.session.exec(limited))
    considers = any(stage.handler_id == colleague_id for stage in case.stages.values())
    if services and case.complaint.service_id not in services and not considers:
        raise BadInput(f"{chosen.name} sees the cases of other services alone. Choose someone else.", field)
    return chosen


def keep_offer(offer: Offer, case: CaseRows, work: Work, **values: Any) -> Remedy:
    """A new remedy with the next number of its complaint."""
    row = Remedy(
        complaint_id=case.id,
        number=max((each.number for each in case.remedies), default=0) + 1,
        stage_number=case.current.number,
        kind=offer.kind,
        sub_kind=offer.sub_kind,
        signatory=offer.signatory,
        offered_pence=offer.pence,
        due_on=offer.due_on,
        **{**values, "moment": values["moment"].value},
    )
    work.session.add(row)
    work.session.flush()
    case.remedies.append(row)
    case.complaint.has_remedies = True
    return row


def offered(row: Remedy, owner: Colleague, point: int | None) -> RemedyOffered:
    """The entry that something was offered."""
    same = ("number", "moment", "offered_on", "due_on", "offered_pence", "guidance", *_WORDS)
    return RemedyOffered(
        complaint_id=row.complaint_id,
        kind=REMEDIES.kinds[row.kind].title,
        point=point,
        owner=owner.name,
        owner_id=ident(owner.id),
        **{name: getattr(row, name) for name in same},
    )


def open_remedy(remedy_id: int, case: CaseRows) -> Remedy:
    """A remedy on this very complaint that is still to be done; BadInput for any other."""
    found = next((row for row in case.remedies if row.id == remedy_id), None)
    if found is None:
        raise BadInput(
            f"That remedy is not on {case.complaint.reference}. Choose one from the list.",
            {"remedy_id": "Choose a remedy."},
        )
    if not is_open(found):
        raise BadInput(
            f"Remedy {found.number} is over already. Choose another, or offer a new one.",
            {"remedy_id": "Choose one that is still to be done."},
        )
    return found
