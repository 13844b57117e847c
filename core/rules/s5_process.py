"""Section 5, The complaint handling process: lateness is explained, refusals carry their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.rules.considering import FairnessFacts
from core.rules.findings import Finding
from core.rules.s2_exclusions import refusal_shown_valid
from core.words import counted, day_words

_NAMED = 6
"""Of more pieces of evidence than this, a sentence names the first and counts the rest."""


def late_answer_explained(sent_on: date, *, due_on: date, what: str, clause: str) -> tuple[Finding, ...]:
    """What goes out after its date needs its reason on the record, and the individual told why [lgsco:5.5]."""
    if sent_on <= due_on:
        return ()
    sentence = (
        f"{what} was due by {day_words(due_on)} and is dated {day_words(sent_on)}. "
        "Record why it is late and what the individual was told."
    )
    return (Finding(clause=clause, sentence=sentence),)


def refusal_reasons_given(
    *, reasons: str, circumstances: str, evidence: str, ombudsman_told: bool
) -> tuple[Finding, ...]:
    """Refusing to escalate takes the same approach as refusing a complaint at its start [lgsco:5.7]."""
    return refusal_shown_valid(
        what="stage 2",
        clause="lgsco:5.7",
        reasons=reasons,
        circumstances=circumstances,
        evidence=evidence,
        ombudsman_told=ombudsman_told,
    )


def chance_to_complain_offered(*, dissatisfied: bool, offered: bool) -> tuple[Finding, ...]:
    """A request that holds dissatisfaction does not end before its maker was offered a complaint [lgsco:5.3]."""
    if offered or not dissatisfied:
        return ()
    sentence = (
        "They sound unhappy and were not offered a complaint yet. Offer one and record what they say, "
        "or record why none is offered."
    )
    return (Finding(clause="lgsco:5.3", sentence=sentence),)


def free_to_consider(name: str, *, named: bool, declared: bool) -> tuple[Finding, ...]:
    """Nobody considers a complaint that names them, or in which they have declared a conflict [lgsco:5.4]."""
    if named:
        why = f"{name} is named in this complaint, so somebody else considers it."
    elif declared:
        why = f"{name} has declared a conflict of interest in this complaint, so somebody else considers it."
    else:
        return ()
    return (
        Finding(clause="lgsco:5.4", sentence=f"{why} Ask the complaints manager to hand it on.", force="structure"),
    )


def fairly_considered(facts: FairnessFacts) -> tuple[Finding, ...]:
    """Whoever answers is free to, has heard the individual and has weighed the evidence [lgsco:5.4]."""
    return (
        *interests_declared(facts.undeclared),
        *individual_heard(facts.position_obtained, reachable=facts.reachable),
        *evidence_weighed(facts.undecided),
    )


def interests_declared(undeclared: Sequence[str]) -> tuple[Finding, ...]:
    """Whoever considers a complaint says first whether they have a conflict of interest in it [lgsco:5.4d]."""
    if not undeclared:
        return ()
    has = "has" if len(undeclared) == 1 else "have"
    sentence = (
        f"{_both(undeclared)} {has} not declared yet whether there is a conflict of interest. "
        "Declare it, or record why the answer goes out without."
    )
    return (Finding(clause="lgsco:5.4", sentence=sentence),)


def individual_heard(obtained: bool, *, reachable: bool) -> tuple[Finding, ...]:
    """The individual has a fair chance to state their position before an answer, at each stage [lgsco:5.4c]."""
    if obtained or not reachable:
        return ()
    sentence = (
        "Nothing says yet that the individual could state their position at this stage. "
        "Record what they said, or that they had nothing to add, or record why they were not asked."
    )
    return (Finding(clause="lgsco:5.4", sentence=sentence),)


def evidence_weighed(undecided: Sequence[str]) -> tuple[Finding, ...]:
    """Each piece of evidence is considered or left aside for a reason before an answer [lgsco:5.4e]."""
    if not undecided:
        return ()
    shown = list(undecided[:_NAMED])
    if len(undecided) > _NAMED:
        shown.append(f"{len(undecided) - _NAMED:,} more")
    is_not = "is" if len(undecided) == 1 else "are"
    sentence = (
        f"{counted(len(undecided), 'piece of evidence', 'pieces of evidence')} {is_not} not weighed yet: "
        f"{'; '.join(shown)}. Weigh each, or record why the answer does not wait for it."
    )
    return (Finding(clause="lgsco:5.4", sentence=sentence),)


def _both(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def reviewed_in_time(reviewed_on: date, *, due_on: date, what: str, clause: str) -> tuple[Finding, ...]:
    """An adjustment or a restriction is reviewed by the day that was set, or its lateness explained [lgsco:5.6]."""
    if reviewed_on <= due_on:
        return ()
    sentence = f"{what} was to be reviewed by {day_words(due_on)}. Record why the review is late."
    return (Finding(clause=clause, sentence=sentence),)


def restriction_justified(
    *, evidence: str, lesser_measures: str, equality: str, way_to_complain: str, challenge_told: bool
) -> tuple[Finding, ...]:
    """A restriction rests on evidence, goes no further than it must, and leaves a way to complain [lgsco:5.11]."""
    lacking = [
        ("lgsco:5.10", evidence, "Say what behaviour the restriction rests on, and where the evidence is."),
        ("lgsco:5.11", equality, "Say what was considered under the Equality Act 2010."),
        ("lgsco:5.11", way_to_complain, "Say how this person can still make a new complaint."),
    ]
    missing = [(key, said) for key, text, said in lacking if not text.strip()]
    findings = [Finding(clause=key, sentence=said, force="structure") for key, said in missing]
    if not lesser_measures.strip():
        said = "Say what lesser measures were considered, and why they are not enough."
        findings.append(Finding(clause="lgsco:5.11", sentence=said))
    if not challenge_told:
        said = "They were not told how to challenge the restriction. Tell them, or record why not."
        findings.append(Finding(clause="lgsco:5.10", sentence=said))
    return tuple(findings)
