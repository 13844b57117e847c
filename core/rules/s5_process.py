"""Section 5, The complaint handling process: lateness is explained, refusals carry their reasons."""

from __future__ import annotations

from datetime import date

from core.rules.findings import Finding
from core.words import day_words


def late_answer_explained(sent_on: date, *, due_on: date, what: str, clause: str) -> tuple[Finding, ...]:
    """What goes out after its date needs its reason on the record, and the individual told why [lgsco:5.5]."""
    if sent_on <= due_on:
        return ()
    sentence = (
        f"{what} was due by {day_words(due_on)} and is dated {day_words(sent_on)}. "
        "Record why it is late and what the individual was told."
    )
    return (Finding(clause=clause, sentence=sentence),)


def refusal_reasons_given(*, reasons: str, circumstances: str, ombudsman_told: bool) -> tuple[Finding, ...]:
    """Refusing to escalate needs valid reasons, weighed for this individual, and the Ombudsman named [lgsco:5.7]."""
    findings = []
    if not reasons.strip():
        findings.append(
            Finding(
                clause="lgsco:5.7",
                sentence="Say why stage 2 is refused, in words the individual will read.",
                force="structure",
            )
        )
    if not circumstances.strip():
        findings.append(
            Finding(
                clause="lgsco:2.5",
                sentence="Say what was weighed in this individual's own circumstances. A blanket rule is not enough.",
            )
        )
    if not ombudsman_told:
        findings.append(
            Finding(
                clause="lgsco:2.4",
                sentence="Tell the individual that they can take this refusal to the Ombudsman.",
                force="structure",
            )
        )
    return tuple(findings)
