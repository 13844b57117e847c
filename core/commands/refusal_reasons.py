"""The council's list of reasons to refuse: AddRefusalReason and WithdrawRefusalReason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, or_, select

from core.code.refusals import DEFAULT_REASONS
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.refusals import RefusalReasonAdded, RefusalReasonsAdopted, RefusalReasonWithdrawn
from core.model.refusals import RefusalReason
from core.permissions import Permission

_KEY_LENGTH = 60
_ONE_DAY = timedelta(days=1)


class AddRefusalReason(Command):
    """Add a reason for which a complaint may be refused to the council's list."""

    needs = Permission.POLICY
    clauses = ("lgsco:2.3", "lgsco:2.5")
    title = "Add a reason"
    gist = (
        "A fair reason leaves everybody a way to be put right. "
        "It is never enough by itself: each refusal says what was weighed."
    )

    reason: str = asks("The reason, as it is chosen", min_length=1, max_length=200)
    other_route: str = asks(
        "Where the individual can go instead",
        help="As they are told. If there is no other route, say so.",
        widget="area",
        min_length=1,
        max_length=TEXT_LIMIT,
    )
    equality_note: str = asks(
        "Whom it could hit harder, and what is done about it", widget="area", min_length=1, max_length=TEXT_LIMIT
    )
    in_force_from: date = asks("In force from", widget="date", starts="today")
    time_limit: bool = asks("This reason is the time limit", widget="tick", default=False)


@handles(AddRefusalReason)
def add_refusal_reason(command: AddRefusalReason, work: Work) -> Sequence[Event]:
    """Keep the circumstances in which a complaint may be refused as a list with dates [lgsco:2.3]."""
    if command.in_force_from < work.today:
        raise BadInput(
            "A reason cannot be in force before it was decided. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    key = key_of(command.reason)
    held = [one for one in _standing(work) if key_of(one.title) == key]
    if held:
        raise BadInput(
            f"“{held[0].title}” is on the list already. Withdraw it first if its words should change.",
            {"reason": "This is on the list already."},
        )
    work.session.add(
        RefusalReason(
            key=key,
            title=command.reason,
            other_route=command.other_route,
            equality_note=command.equality_note,
            time_limit=command.time_limit,
            in_force_from=command.in_force_from,
            policy_id=work.policy_id,
        )
    )
    return [RefusalReasonAdded(title=command.reason, in_force_from=command.in_force_from)]


def key_of(title: str) -> str:
    """The name by which two wordings of one reason are known to be the same."""
    return re.sub(r"\W+", "_", title.casefold()).strip("_")[:_KEY_LENGTH]


def _standing(work: Work) -> Sequence[RefusalReason]:
    """Reasons that nobody has withdrawn, those that begin later among them."""
    until = col(RefusalReason.in_force_until)
    return work.session.exec(select(RefusalReason).where(or_(until.is_(None), until >= work.today))).all()


class WithdrawRefusalReason(Command):
    """Take a reason off the list. Refusals that named it keep it."""

    needs = Permission.POLICY
    clauses = ("lgsco:2.3",)
    title = "Withdraw a reason"
    gist = "Nobody can choose it from today on. The list keeps it, with the days it was in force."

    reason_id: int = asks("Which reason", widget="choice", options="refusal_reasons")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WithdrawRefusalReason)
def withdraw_refusal_reason(command: WithdrawRefusalReason, work: Work) -> Sequence[Event]:
    """End a reason and keep when it was in force [lgsco:2.3]."""
    held = next((one for one in _standing(work) if one.id == command.reason_id), None)
    if held is None:
        raise BadInput(
            "That reason is not on the list any more. Choose again.", {"reason_id": "Choose one from the list."}
        )
    held.in_force_until = work.today - _ONE_DAY
    return [RefusalReasonWithdrawn(title=held.title, why=command.why)]


def adopt_default_reasons(work: Work, *, policy_id: int, in_force_from: date) -> Event:
    """Begin the list with the reasons in common use, for the council to make its own [lgsco:2.3]."""
    given = DEFAULT_REASONS.values()
    work.session.add_all(
        RefusalReason(
            key=one.key,
            title=one.title,
            other_route=one.other_route,
            equality_note=one.equality_note,
            time_limit=one.time_limit,
            in_force_from=in_force_from,
            policy_id=policy_id,
        )
        for one in given
    )
    return RefusalReasonsAdopted(titles=tuple(one.title for one in given))


def reason_in_force(work: Work, reason_id: int, *, on: date) -> RefusalReason:
    """The reason chosen, in force on the day the individual was told; BadInput for any other."""
    found = work.session.get(RefusalReason, reason_id)
    began = found is not None and found.in_force_from <= on
    if found is None or not began or (found.in_force_until is not None and found.in_force_until < on):
        raise BadInput(
            "This reason was not in force on the day the individual was told. Choose one from the policy's list.",
            {"reason_id": "Choose one from the list."},
        )
    return found
