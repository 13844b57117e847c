"""Sorting what can be settled soon from what needs more work: AssessComplaint."""

from __future__ import annotations

from collections.abc import Sequence

from core.commands.adjusting import care_of
from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.considering import ComplaintAssessed
from core.model.considering import Assessment
from core.permissions import Permission
from core.rules.considering import Complexity, HandlerFit
from core.rules.s6_stages import comes_first


class AssessComplaint(CaseCommand):
    """Judge how complex a complaint is, whether it can be settled quickly, who should have it and who is behind it."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.1",)
    title = "Judge how it is best handled"
    gist = "Most complaints can be settled quickly. Where somebody vulnerable or at risk is behind one, it comes first."

    complexity: Complexity = asks("How complex it is", widget="choice")
    handler_fit: HandlerFit = asks("Whoever has it is the right one", widget="choice")
    quick: bool = asks("It can probably be settled quickly", widget="tick", default=False)
    vulnerable: bool = asks("Somebody vulnerable is behind it", widget="tick", default=False)
    at_risk: bool = asks("Somebody is at risk", widget="tick", default=False)
    why: str = asks(
        "Why",
        help="Needed where somebody is vulnerable or at risk, or somebody else should have it.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


@handles(AssessComplaint)
def assess_complaint(command: AssessComplaint, work: Work) -> Sequence[Event]:
    """Sort a complaint by complexity, risk and vulnerability; who is vulnerable or at risk comes first [lgsco:6.1]."""
    case = work.open_case(command)
    first = comes_first(vulnerable=command.vulnerable, at_risk=command.at_risk)
    if not command.why and (first or command.handler_fit is HandlerFit.WRONG):
        raise BadInput(
            "Say in a few words who is vulnerable or at risk, or who should have it.",
            {"why": "Say why in a few words."},
        )
    said = command.model_dump(include={"quick", "vulnerable", "at_risk", "why"})
    said |= {"complexity": command.complexity.value, "handler_fit": command.handler_fit.value}
    work.session.merge(
        Assessment(complaint_id=case.id, assessed_on=work.today, assessed_by=work.actor.id or None, **said)
    )
    if first:
        care_of(case, work).risk = command.why
    return [ComplaintAssessed(complaint_id=case.id, **said)]
