"""Turning a complaint away at its start: RefuseComplaint. It is no stage, and no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.commands.base import TEXT_LIMIT, LetterStep, Work, asks, handles
from core.commands.discretion import note_discretion
from core.commands.fairness import free_or_refused
from core.commands.letters_going_out import going_out
from core.commands.people import may_go_out
from core.commands.refusal_reasons import reason_in_force
from core.events.base import Event
from core.events.refusals import ComplaintRefused
from core.model.complaints import Refusal
from core.model.people import Colleague
from core.model.refusals import RefusalReason
from core.permissions import Permission
from core.rules.duties import TELL_REFUSAL, counts_of
from core.rules.facts import Ending, Standing
from core.rules.findings import Finding
from core.rules.s2_exclusions import limit_applied_with_discretion, refusal_shown_valid
from core.rules.s5_process import late_answer_explained
from core.store.facts import CaseRows


def asks_reason() -> Any:
    """Which reason of the policy's list."""
    return asks("The reason in our policy", widget="choice", options="refusal_reasons")


def asks_circumstances() -> Any:
    """What was weighed for this individual."""
    return asks(
        "What was weighed in their own circumstances",
        help="No kind of complaint is shut out as a whole: say what is particular to this one.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


def asks_evidence() -> Any:
    """What shows that the reason holds."""
    return asks(
        "What was looked at",
        help="The letters, records or decisions that show the reason holds.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


def asks_other_route() -> Any:
    """Where the individual can go instead."""
    return asks(
        "Where they were told they can go instead",
        help="Leave it empty if they were told what the policy's list says.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


class RefuseComplaint(LetterStep):
    """Turn a complaint away at its start, for a reason in force that was weighed for this individual."""

    needs = Permission.REFUSE
    clauses = ("lgsco:2.1", "lgsco:2.2", "lgsco:2.3", "lgsco:2.4", "lgsco:2.5")
    title = "Refuse this complaint"
    gist = (
        "Only for a reason on the policy's list, weighed for this individual. "
        "They are told why, where else to go, and of the Ombudsman."
    )

    told_on: date = asks("When the individual was told", widget="date", starts="today")
    reason_id: int = asks_reason()
    reasons: str = asks("The reasons they were given", widget="area", default="", max_length=TEXT_LIMIT)
    evidence: str = asks_evidence()
    circumstances: str = asks_circumstances()
    other_route: str = asks_other_route()
    discretion: str = asks(
        "Why discretion does not let it in",
        help="Only when the reason is the time limit.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    ombudsman_told: bool = asks(
        "They were told they can take this refusal to the Ombudsman", widget="tick", default=False
    )


@handles(RefuseComplaint)
def refuse_complaint(command: RefuseComplaint, work: Work) -> Sequence[Event]:
    """Turn a complaint away only for a valid reason, shown and weighed for this individual [lgsco:2.1]."""
    case = work.open_case(command)
    complaint, stage = case.complaint, case.stages[1]
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, complaint.received_on, "told_on", what="the complaint was received")
    if stage.acknowledged_on is not None:
        work.not_before(command.told_on, stage.acknowledged_on, "told_on", what="it was acknowledged")
    reason = reason_in_force(work, command.reason_id, on=command.told_on)
    free_or_refused(work.session.get(Colleague, work.actor.id), case, work)
    going = going_out(command, case, work)
    findings = [
        *may_go_out(case, work, on=command.told_on),
        *refusal_shown_valid(
            what="the complaint",
            clause="lgsco:2.4",
            reasons=command.reasons,
            circumstances=command.circumstances,
            evidence=command.evidence,
            ombudsman_told=command.ombudsman_told,
        ),
        *_within_limit(command, reason, case, work),
    ]
    complaint.ending, complaint.ended_on = Ending.REFUSED.value, command.told_on
    work.weigh(command, [*findings, *_told_late(command, case, work)], case=case)
    refusal = keep_refusal(command, reason, case, work, stage_number=1)
    if reason.time_limit:
        note_discretion(work, case, used=False, note=command.discretion or command.good_reason)
    return [
        ComplaintRefused(
            complaint_id=case.id,
            told_on=command.told_on,
            ground=reason.title,
            reasons=command.reasons,
            circumstances=command.circumstances,
            evidence=command.evidence,
            other_route=refusal.other_route,
            discretion=command.discretion,
        ),
        *going.went(command.told_on, work),
    ]


def keep_refusal(
    command: Any,
    reason: RefusalReason,
    case: CaseRows,
    work: Work,
    *,
    stage_number: int,
    requested_on: date | None = None,
) -> Refusal:
    """Keep a refusal with the reason it names; the list's own words stand in for a route that was not written out."""
    refusal = Refusal(
        complaint_id=case.id,
        stage_number=stage_number,
        requested_on=requested_on or case.complaint.received_on,
        told_on=command.told_on,
        reason_id=reason.id,
        reasons=command.reasons,
        circumstances=command.circumstances,
        evidence=command.evidence,
        other_route=command.other_route or reason.other_route,
        decided_by=work.actor.id or None,
    )
    work.session.add(refusal)
    return refusal


def _within_limit(command: RefuseComplaint, reason: RefusalReason, case: CaseRows, work: Work) -> tuple[Finding, ...]:
    if not reason.time_limit:
        return ()
    row = case.complaint
    return limit_applied_with_discretion(
        row.received_on,
        issue_on=row.issue_on,
        aware_on=row.aware_on,
        discretion=command.discretion,
        policy=work.policy_of(case),
    )


def _told_late(command: RefuseComplaint, case: CaseRows, work: Work) -> tuple[Finding, ...]:
    """What a refusal told too late asks for; its date is counted as its duty will be (reading R28)."""
    counting = work.counting(case)
    counts = counts_of(case.facts(), policy=counting["policy"])
    (duty,) = [duty for count in counts if (duty := count(**counting)).kind == TELL_REFUSAL]
    if duty.standing is not Standing.LATE:
        return ()
    due_on = max(duty.due_on, duty.act_by)
    return late_answer_explained(command.told_on, due_on=due_on, what="The refusal", clause="lgsco:2.4")
