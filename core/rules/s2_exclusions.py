"""Section 2, Exclusions: when a complaint may be turned away."""

from __future__ import annotations

from datetime import date

from core.code.policy import Policy
from core.rules.findings import Finding
from core.rules.working_days import months_after
from core.words import day_words


def accept_until(*, issue_on: date | None, aware_on: date | None, policy: Policy) -> date | None:
    """The last day a complaint is in time: its period from the later of issue and awareness [lgsco:2.2].

    None when neither date is known, so that nothing is refused on a guess.
    """
    known = [day for day in (issue_on, aware_on) if day is not None]
    if not known:
        return None
    return months_after(max(known), policy.period("accept_within").value)


def accepted_in_time(
    received_on: date, *, issue_on: date | None, aware_on: date | None, policy: Policy
) -> tuple[Finding, ...]:
    """A complaint made within its period is accepted; a later one needs discretion to be considered [lgsco:2.2]."""
    until = accept_until(issue_on=issue_on, aware_on=aware_on, policy=policy)
    if until is None or received_on <= until:
        return ()
    sentence = (
        f"The time limit ran out on {day_words(until)}. Record why discretion lets it in, "
        "or why the limit is applied in this individual's circumstances."
    )
    return (Finding(clause="lgsco:2.2", sentence=sentence),)


def limit_applied_with_discretion(
    received_on: date, *, issue_on: date | None, aware_on: date | None, discretion: str, policy: Policy
) -> tuple[Finding, ...]:
    """The time limit is a reason only for a late complaint, and only once discretion was considered [lgsco:2.2]."""
    until = accept_until(issue_on=issue_on, aware_on=aware_on, policy=policy)
    if until is None:
        sentence = (
            "Neither the day it happened nor the day they became aware of it is recorded, so the time limit cannot be "
            "the reason. Correct that fact first, or choose another reason."
        )
        return (Finding(clause="lgsco:2.2", sentence=sentence, force="structure"),)
    if received_on <= until:
        sentence = f"It came within its time limit, which ran until {day_words(until)}. Choose another reason."
        return (Finding(clause="lgsco:2.2", sentence=sentence, force="structure"),)
    if not discretion.strip():
        sentence = f"The time limit ran out on {day_words(until)}. Record why discretion does not let it in."
        return (Finding(clause="lgsco:2.2", sentence=sentence),)
    return ()


def refusal_shown_valid(
    *, what: str, clause: str, reasons: str, circumstances: str, evidence: str, ombudsman_told: bool
) -> tuple[Finding, ...]:
    """A refusal has reasons in words, on evidence, weighed for this individual, and names the Ombudsman [lgsco:2.1].

    `what` is refused under `clause`: the complaint at its start, or stage 2.
    """
    findings = []
    if not reasons.strip():
        sentence = f"Say why {what} is refused, in words the individual will read."
        findings.append(Finding(clause=clause, sentence=sentence, force="structure"))
    if not evidence.strip():
        sentence = "Say what was looked at to be sure that this reason holds."
        findings.append(Finding(clause="lgsco:2.1", sentence=sentence))
    if not circumstances.strip():
        sentence = "Say what was weighed in this individual's own circumstances. A blanket rule is not enough."
        findings.append(Finding(clause="lgsco:2.5", sentence=sentence))
    if not ombudsman_told:
        sentence = "Tell the individual that they can take this refusal to the Ombudsman."
        findings.append(Finding(clause="lgsco:2.4", sentence=sentence, force="structure"))
    return tuple(findings)
