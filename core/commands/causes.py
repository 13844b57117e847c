"""The council's list of causes: AddCause and WithdrawCause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, or_, select

from core.code.causes import DEFAULT_CAUSES
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.refusal_reasons import key_of
from core.errors import BadInput
from core.events.base import Event
from core.events.learning import CauseAdded, CausesAdopted, CauseWithdrawn
from core.model.learning import Cause
from core.permissions import Permission

_ONE_DAY = timedelta(days=1)


class AddCause(Command):
    """Add something that can lie behind a complaint to the council's list."""

    needs = Permission.POLICY
    clauses = ("lgsco:9.2",)
    title = "Add a cause"
    gist = (
        "A cause says why things went wrong, whatever the complaint is about. It can be chosen from its first day on."
    )

    cause: str = asks("The cause, as it is chosen", min_length=1, max_length=120)
    when: str = asks("When it is this cause and not another", widget="area", default="", max_length=TEXT_LIMIT)
    in_force_from: date = asks("In use from", widget="date", starts="today")


@handles(AddCause)
def add_cause(command: AddCause, work: Work) -> Sequence[Event]:
    """Keep the causes as a list with dates, apart from what complaints are about [lgsco:9.2]."""
    if command.in_force_from < work.today:
        raise BadInput(
            "A cause cannot be in use before it was decided. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    key = key_of(command.cause)
    held = next((one for one in _standing(work) if key_of(one.title) == key), None)
    if held is not None:
        raise BadInput(
            f"“{held.title}” is on the list already. Withdraw it first if its words should change.",
            {"cause": "This is on the list already."},
        )
    work.session.add(Cause(key=key, title=command.cause, help=command.when, in_force_from=command.in_force_from))
    return [CauseAdded(title=command.cause, in_force_from=command.in_force_from)]


def _standing(work: Work) -> Sequence[Cause]:
    """Causes that nobody has withdrawn, those that begin later among them."""
    until = col(Cause.in_force_until)
    return work.session.exec(select(Cause).where(or_(until.is_(None), until >= work.today))).all()


class WithdrawCause(Command):
    """Take a cause off the list. Complaints and improvements that named it keep it."""

    needs = Permission.POLICY
    clauses = ("lgsco:9.2",)
    title = "Withdraw a cause"
    gist = "Nobody can choose it from today on. What named it keeps it."

    cause_id: int = asks("Which cause", widget="choice", options="causes")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WithdrawCause)
def withdraw_cause(command: WithdrawCause, work: Work) -> Sequence[Event]:
    """End a cause and keep when it was in use [lgsco:9.2]."""
    held = next((one for one in _standing(work) if one.id == command.cause_id), None)
    if held is None:
        raise BadInput(
            "That cause is not on the list any more. Choose again.", {"cause_id": "Choose one from the list."}
        )
    held.in_force_until = work.today - _ONE_DAY
    return [CauseWithdrawn(title=held.title, why=command.why)]


def adopt_default_causes(work: Work, *, in_force_from: date) -> Event:
    """Begin the list with the causes in common use, for the council to make its own [lgsco:9.2]."""
    given = DEFAULT_CAUSES.values()
    work.session.add_all(
        Cause(key=one.key, title=one.title, help=one.help, in_force_from=in_force_from) for one in given
    )
    return CausesAdopted(titles=tuple(one.title for one in given))


def cause_in_use(work: Work, cause_id: int | None, *, on: date) -> Cause | None:
    """The cause chosen, in use on that day; None when none is chosen, BadInput for one that was not in use."""
    if cause_id is None:
        return None
    found = work.session.get(Cause, cause_id)
    began = found is not None and found.in_force_from <= on
    if found is None or not began or (found.in_force_until is not None and found.in_force_until < on):
        raise BadInput(
            "This cause was not in use on that day. Choose one from the list.",
            {"cause_id": "Choose one from the list."},
        )
    return found
