"""Limits of authority: SetAuthority, and the agreement to a sum above one: AskAgreement and AnswerAgreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Command, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.authority import AgreementAnswered, AgreementAsked, LimitDecided
from core.events.base import Event
from core.model.authority import AuthorityLimit, SumAsked
from core.model.people import Colleague
from core.permissions import GRANTS, Permission, Role
from core.rules.authority import covers, limit_of, names_sum
from core.rules.s7_remedies import pence_of
from core.store.authority import limits, who_may_agree
from core.store.facts import CaseRows, ident
from core.words import listed, pounds

_NAMED = 4  # colleagues whose names a sentence says


class Agreement(StrEnum):
    """What was answered to a sum."""

    YES = "agreed"
    NO = "not agreed"


class SetAuthority(Command):
    """Set up to which sum on one complaint a role or a colleague offers money without anybody's agreement."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.2",)
    title = "Set a limit of authority"
    gist = "As the scheme of delegation has it. Whoever has no limit decides alone; above a limit a colleague agrees."

    role: Role | None = asks("A role", widget="choice", default=None)
    colleague_id: int | None = asks("Or one colleague", widget="choice", options="readers", default=None)
    pounds: str = asks(
        "Up to how much on one complaint, in pounds",
        help="0 for no money without agreement. Empty to end a limit: a colleague then has their role’s.",
        default="",
        max_length=20,
    )
    in_force_from: date = asks("From when", widget="date", starts="today")
    why: str = asks("Where it was decided, and why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(SetAuthority)
def set_authority(command: SetAuthority, work: Work) -> Sequence[Event]:
    """Keep who may put things right with how much money, as the council decided it [lgsco:4.2]."""
    if (command.role is None) == (command.colleague_id is None):
        raise BadInput("Choose a role or a colleague, one of the two.", {"role": "One of the two."})
    if command.in_force_from < work.today:
        raise BadInput(
            "A limit begins today or later; what was offered before stays as it was. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    colleague = _limited(command, work)
    pence = 0 if command.pounds.strip(" £") in ("0", "0.00") else pence_of(command.pounds, field="pounds")
    role = command.role.value if command.role is not None else None
    work.session.add(
        AuthorityLimit(
            role=role,
            colleague_id=command.colleague_id,
            pence=pence,
            in_force_from=command.in_force_from,
            why=command.why,
            set_by=work.actor.id or None,
            set_on=work.today,
        )
    )
    name = colleague.name if colleague is not None else ""
    told: dict[str, Any] = {"pence": pence, "in_force_from": command.in_force_from, "why": command.why}
    return [LimitDecided(role=role or "", colleague_id=command.colleague_id, colleague=name, **told)]


def _limited(command: SetAuthority, work: Work) -> Colleague | None:
    """The colleague whose limit it is, None for a role's; BadInput where nobody offers anything."""
    if command.role is not None:
        if Permission.AGREE_SUM not in GRANTS[command.role]:
            said = f"A {command.role.value} offers no remedies, so a limit says nothing. Choose another role."
            raise BadInput(said, {"role": "Choose another role."})
        return None
    colleague = work.session.get(Colleague, command.colleague_id)
    if colleague is None or not colleague.active:
        raise BadInput("That colleague is not here any more. Choose somebody else.", {"colleague_id": "Choose again."})
    if Permission.AGREE_SUM not in GRANTS[Role(colleague.role)]:
        said = f"{colleague.name} is here as {colleague.role} and offers no remedies. Choose somebody else."
        raise BadInput(said, {"colleague_id": "Choose somebody else."})
    return colleague


class AskAgreement(CaseCommand):
    """Ask a colleague with a higher limit to agree to the money that is to be offered on a complaint."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2", "lgsco:7.1")
    title = "Ask for agreement to a sum"
    gist = "For money above your limit. Nothing is offered, and no letter names the sum, before a colleague agrees."

    pounds: str = asks(
        "Up to how much on this complaint in all, in pounds",
        help="With what is offered on it already.",
        min_length=1,
        max_length=20,
    )
    why: str = asks("What it is for, and why so much", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(AskAgreement)
def ask_agreement(command: AskAgreement, work: Work) -> Sequence[Event]:
    """Reach a colleague who may decide, without the complaint leaving whoever has it [lgsco:4.2]."""
    case = work.open_case(command)
    pence = pence_of(command.pounds, field="pounds")
    if pence is None or pence <= _on_the_table(case):
        said = f"{pounds(_on_the_table(case))} is offered here already. Ask for the sum that all offers come to."
        raise BadInput(said, {"pounds": "Write the sum of all offers."})
    if covers(_own_limit(work), pence) or pence <= _agreed_up_to(case, work):
        said = f"{pounds(pence)} needs nobody's agreement any more. Offer it with “Offer a remedy”."
        raise BadInput(said, {"pounds": "You may offer this."})
    if _waiting(case, work):
        raise StepNotOpen("A sum on this complaint awaits agreement already. It is answered first.")
    if not (able := _able(pence, case, work, but=work.actor.id)):
        said = f"{pounds(pence)} is above your limit. {_may_agree(able)}"
        raise BadInput(said, {"pounds": "Nobody may agree to this yet."})
    row = SumAsked(
        complaint_id=case.id, pence=pence, why=command.why, asked_by=work.actor.id or None, asked_on=work.today
    )
    work.session.add(row)
    work.session.flush()
    return [AgreementAsked(complaint_id=case.id, number=ident(row.id), pence=pence, why=command.why)]


class AnswerAgreement(CaseCommand):
    """Agree to a sum that a colleague asked about, or do not. Nobody agrees for themselves."""

    needs = Permission.AGREE_SUM
    clauses = ("lgsco:4.2", "lgsco:7.1")
    title = "Agree to a sum"
    gist = "Within your own limit, and never to what you asked for yourself. Then it can be offered."

    asked_id: int = asks("Which sum", widget="choice", options="sums_asked")
    answer: Agreement = asks("Your answer", widget="choice")
    note: str = asks("What you say to it", widget="area", default="", max_length=TEXT_LIMIT)


@handles(AnswerAgreement)
def answer_agreement(command: AnswerAgreement, work: Work) -> Sequence[Event]:
    """Settle a sum quickly by whoever has the authority to, and never by whoever asked [lgsco:4.2]."""
    case = work.open_case(command)
    row = next((each for each in _waiting(case, work) if each.id == command.asked_id), None)
    if row is None:
        raise BadInput("That sum is not waiting any more. Open the case again.", {"asked_id": "Choose one."})
    if row.asked_by == (work.actor.id or None):
        raise StepNotOpen(
            f"You asked for {pounds(row.pence)} yourself, so somebody else answers. {_who(row, case, work)}"
        )
    agreed = command.answer is Agreement.YES
    if agreed and not covers(_own_limit(work), row.pence):
        limit = pounds(_own_limit(work) or 0)
        raise StepNotOpen(f"{pounds(row.pence)} is above your own limit of {limit}. {_who(row, case, work)}")
    if not agreed and not command.note:
        raise BadInput("Say why not, so that they know what to do next.", {"note": "Write why."})
    row.agreed, row.answered_by, row.answered_on, row.note = agreed, work.actor.id or None, work.today, command.note
    told: dict[str, Any] = {"number": ident(row.id), "pence": row.pence, "agreed": agreed, "note": command.note}
    return [AgreementAnswered(complaint_id=case.id, **told)]


def _who(row: SumAsked, case: CaseRows, work: Work) -> str:
    """Who may answer, in a sentence."""
    return _may_agree(_able(row.pence, case, work, but=row.asked_by or 0))


# ----------------------------------------------------------------------------------------------- what other steps ask


def within_authority(pence: int | None, case: CaseRows, work: Work, *, instead_of: int = 0) -> None:
    """Refuse money that brings the complaint above one's limit before a colleague agreed to it [lgsco:4.2].

    Sums are in pence; `instead_of` is what falls away by the same step. Raises BadInput that says who may agree.
    """
    if pence is None:
        return
    total, limit = _on_the_table(case) + pence - instead_of, _own_limit(work)
    if covers(limit, total) or total <= _agreed_up_to(case, work):
        return
    said = f"This makes {pounds(total)} on this complaint, and your limit is {pounds(limit or 0)}."
    if _waiting(case, work):
        said = f"{said} A sum awaits agreement already. Offer it once that is given."
    else:
        said = f"{said} Take “{AskAgreement.title}” first. {_may_agree(_able(total, case, work, but=work.actor.id))}"
    raise BadInput(said, {"pounds": f"Above your limit of {pounds(limit or 0)}."})


def not_promised_early(texts: Iterable[str], case: CaseRows, work: Work) -> None:
    """Refuse a letter that names a sum nobody agreed to yet, in all or what it adds; StepNotOpen [lgsco:4.2]."""
    waiting = _waiting(case, work)
    said = "\n".join(texts) if waiting else ""
    for row in waiting:
        more = row.pence - _on_the_table(case)
        named = next((sum_ for sum_ in (row.pence, more) if sum_ > 0 and names_sum(said, sum_)), None)
        if named is not None:
            raise StepNotOpen(f"The letter names {pounds(named)}, which awaits agreement. {_who(row, case, work)}")


def _own_limit(work: Work) -> int | None:
    """The limit of whoever acts, in pence; the console itself has none."""
    if work.actor.whole:
        return None
    held = limits(work.session.connection())
    return limit_of(held, colleague_id=work.actor.id, role=work.actor.role.value, on=work.today)


def _on_the_table(case: CaseRows) -> int:
    """The money offered on a complaint that was not given up, in pence."""
    return sum(row.offered_pence or 0 for row in case.remedies if row.undeliverable_on is None)


def _agreed_up_to(case: CaseRows, work: Work) -> int:
    """The highest sum a colleague agreed to, in pence; 0 for none."""
    agreed = select(col(SumAsked.pence)).where(col(SumAsked.complaint_id) == case.id, col(SumAsked.agreed).is_(True))
    return max(work.session.exec(agreed), default=0)


def _waiting(case: CaseRows, work: Work) -> Sequence[SumAsked]:
    return work.session.exec(
        select(SumAsked).where(col(SumAsked.complaint_id) == case.id, col(SumAsked.agreed).is_(None))
    ).all()


def _able(pence: int, case: CaseRows, work: Work, *, but: int) -> tuple[str, ...]:
    """The colleagues who may agree to a sum, but for one."""
    connection, service_id = work.session.connection(), case.complaint.service_id
    return who_may_agree(connection, limits(connection), pence, service_id=service_id, but=but, on=work.today)


def _may_agree(names: Sequence[str]) -> str:
    """Who may agree, as a sentence; the next step where nobody may."""
    if not names:
        return "Nobody's limit covers it. Ask the complaints manager to set one that does."
    more = (f"{len(names) - _NAMED} more",) if len(names) > _NAMED else ()
    return f"{listed((*names[:_NAMED], *more))} may agree to it."
