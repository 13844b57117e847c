"""What takes back a part of a request for own data, or the whole: RemoveSubjectCase and WithdrawSubjectAccess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.subject_access import asked_about, open_subject_access
from core.errors import BadInput
from core.events.base import Event
from core.events.subject_access import SubjectAccessWithdrawn, SubjectCaseRemoved
from core.model.subject_access import SubjectCase, SubjectRequest, SubjectRuling
from core.permissions import Permission
from core.rules.request_steps import names_request
from core.store.facts import ident, load_case

_CLAUSES = ("lgsco:5.8",)


class RemoveSubjectCase(Command):
    """Take out a complaint that was confirmed wrongly, and what was decided on its pieces."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Take a complaint out"
    gist = "For one that is not theirs after all. What was decided on its pieces goes too, and the history says so."

    request_id: int
    reference: str = asks("Which complaint", widget="choice", options="taken_in", min_length=1, max_length=20)
    reason: str = asks("Why it is not theirs", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RemoveSubjectCase)
def remove_subject_case(command: RemoveSubjectCase, work: Work) -> Sequence[Event]:
    """Let nobody be given what is held about somebody else [lgsco:5.8]."""
    open_subject_access(work, command.request_id)
    row, reference, told = _taken_in(command, work)
    if row is None:
        raise BadInput(
            f"{reference} is not taken in. Choose one of the complaints that are.", {"reference": "Choose another."}
        )
    of_it = (col(SubjectRuling.request_id) == command.request_id, col(SubjectRuling.piece).startswith(f"{reference}/"))
    rulings = work.session.exec(select(SubjectRuling).where(*of_it)).all()
    for each in (row, *rulings):
        work.session.delete(each)
    return [SubjectCaseRemoved(**told, request_id=command.request_id, rulings=len(rulings), reason=command.reason)]


def _taken_in(
    command: RemoveSubjectCase, work: Work
) -> tuple[SubjectCase | SubjectRequest | None, str, dict[str, Any]]:
    """The row that took a record in, its reference, and what an event says of it."""
    if names_request(command.reference):
        found = asked_about(work, command.reference)
        key = (command.request_id, ident(found.id))
        return work.session.get(SubjectRequest, key), found.reference, {"service_request": found.reference}
    case = load_case(work.session, command.reference, actor=work.actor)
    row = work.session.get(SubjectCase, (command.request_id, case.id))
    return row, case.complaint.reference, {"complaint_id": case.id}


class WithdrawSubjectAccess(Command):
    """Record that whoever asked for their own data does not ask any more."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Withdraw the request"
    gist = "Only when they say so themselves. Not being able to answer in time is no reason."

    request_id: int
    withdrawn_on: date = asks("When they said so", widget="date", starts="today")
    reason: str = asks("What they said", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WithdrawSubjectAccess)
def withdraw_subject_access(command: WithdrawSubjectAccess, work: Work) -> Sequence[Event]:
    """End a request that is not pursued, with the day and the reason [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    work.not_future(command.withdrawn_on, "withdrawn_on")
    work.not_before(command.withdrawn_on, row.received_on, "withdrawn_on", what="the request")
    row.withdrawn_on, row.why_withdrawn = command.withdrawn_on, command.reason
    told = command.model_dump(include={"request_id", "withdrawn_on", "reason"})
    return [SubjectAccessWithdrawn(**told)]
