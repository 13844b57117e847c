"""How a complaint ends early or begins again: Withdraw and Reopen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.events.base import Event
from core.events.cases import ComplaintReopened, ComplaintWithdrawn
from core.permissions import Permission
from core.rules.facts import Ending


class Withdraw(CaseCommand):
    """The individual no longer wants an answer."""

    needs = Permission.END
    clauses = ("lgsco:5.8",)
    title = "Withdraw"
    gist = "Only the individual withdraws a complaint. It stays in the figures as received."

    withdrawn_on: date = asks("When they withdrew it", widget="date", starts="today")
    how: str = asks("How they told us, and what they said", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(Withdraw)
def withdraw(command: Withdraw, work: Work) -> Sequence[Event]:
    """Record a withdrawal with who, when and how; the complaint stays counted as received [lgsco:5.8]."""
    case = work.open_case(command)
    work.not_future(command.withdrawn_on, "withdrawn_on")
    work.not_before(command.withdrawn_on, case.current.received_on, "withdrawn_on", what="this stage began")
    case.complaint.ending = Ending.WITHDRAWN.value
    case.complaint.ended_on = command.withdrawn_on
    case.complaint.ending_note = command.how
    return [ComplaintWithdrawn(complaint_id=case.id, withdrawn_on=command.withdrawn_on, how=command.how)]


class Reopen(CaseCommand):
    """Take a complaint up again. Every date it has is kept; the answer that follows is an addendum."""

    needs = Permission.END
    clauses = ("lgsco:6.7", "lgsco:5.8")
    title = "Reopen"
    gist = "For new evidence or an answer found wrong. No first date is wiped and no clock restarts."

    reopened_on: date = asks("When it was taken up again", widget="date", starts="today")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(Reopen)
def reopen(command: Reopen, work: Work) -> Sequence[Event]:
    """Reopen with every first date kept; the figures use the first full answer [lgsco:6.7]."""
    case = work.open_case(command)
    work.not_future(command.reopened_on, "reopened_on")
    since = case.complaint.ended_on or case.current.responded_on or case.complaint.received_on
    work.not_before(command.reopened_on, since, "reopened_on", what="the complaint was last dealt with")
    case.complaint.ending = case.complaint.ended_on = None
    case.complaint.ending_note = ""
    # A stage that was never answered simply goes on: only an answered one owes another answer.
    case.complaint.reopened_on = command.reopened_on if case.current.responded_on is not None else None
    case.complaint.answered_again_on = None
    return [ComplaintReopened(complaint_id=case.id, reopened_on=command.reopened_on, why=command.why)]
