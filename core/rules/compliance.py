"""The Code on one case: each clause that applies, how it stands, and what proves it.

Pure: it reads facts, duties and what the history holds, and gives one line a clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.rules import s7_remedies
from core.rules.duties import ANSWER_AGAIN, TELL_REFUSAL, Duty
from core.rules.facts import CaseFacts, Ending, ReviewKind, StageFacts, Standing


class How(StrEnum):
    """How a clause stands on a case; the words are shown."""

    MET = "met"
    EXTENDED = "met within a notified extension"
    OPEN = "open"
    LATE = "late"
    DEPARTED = "departed, reason recorded"
    UNEXPLAINED = "not met, no reason recorded"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """One clause on one case. `proof` is the tag of the history entry that proves it, "" while there is none."""

    clause: str
    how: How
    what: str
    proof: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the record holds beside dates: points and findings, tags in the history, clauses departed from."""

    points: int
    unanswered: Mapping[int, int]
    tags: frozenset[str]
    departed: frozenset[str]
    told_how_to_escalate: bool
    ombudsman_told: Mapping[int, bool]
    someone_new: bool | None
    time_limit_known: bool


_STANDING = {
    Standing.IN_TIME: How.MET,
    Standing.EXTENDED: How.EXTENDED,
    Standing.OPEN: How.OPEN,
    Standing.UNKNOWN: How.UNKNOWN,
    Standing.LATE: How.LATE,
}
_BESIDE = {
    ReviewKind.ADJUSTMENT.value: ("The adjustment reviewed by its day", "adjustment.reviewed"),
    ReviewKind.RESTRICTION.value: ("The contact restriction reviewed by its day", "restriction.reviewed"),
    s7_remedies.DELIVER: ("The remedy delivered by its day", "remedy.completed"),
    s7_remedies.UPDATE_ON_REMEDIES: ("Kept up to date on what is still to be done", ""),
}
_RECORDED = ("complaint.recorded", "complaint.imported")


def clauses_on(case: CaseFacts, duties: Sequence[Duty], evidence: Evidence) -> tuple[ClauseLine, ...]:
    """Every clause that applies to this case and how it stands [lgsco:5.8]."""
    recorded = next((tag for tag in _RECORDED if tag in evidence.tags), "")
    lines = [ClauseLine(clause="lgsco:5.8", how=How.MET, what="The original and its date are kept", proof=recorded)]
    if evidence.time_limit_known:
        lines.append(_kept("lgsco:2.2", "Taken within its time limit, or discretion considered", recorded, evidence))
    lines += _clock_lines(duties, evidence)
    over = case.ended_on is not None
    lines += _fairness_lines(case, evidence, over=over)
    lines += _stage_lines(case.one, evidence, over=over or case.two is not None)
    if evidence.points > 1:
        lines.append(
            _kept("lgsco:6.9", "New points joined or kept apart by the three questions", "point.added", evidence)
        )
    if case.two is not None:
        lines += _stage_two_lines(case.two, evidence, over=over)
    lines += _refusal_lines(case, evidence)
    return tuple(sorted(lines, key=lambda line: _order(line.clause)))


def _fairness_lines(case: CaseFacts, evidence: Evidence, *, over: bool) -> list[ClauseLine]:
    """How the complaint was considered; nothing is said of answers from before this was asked."""
    what = "Considered without a conflict, the individual heard, the evidence weighed"
    stage = case.two or case.one
    if not stage.response_recorded:
        return []
    if stage.responded_on is None and not over:
        return [ClauseLine(clause="lgsco:5.4", how=How.OPEN, what=what)]
    proof = next((tag for tag in ("position.recorded", "conflict.declared") if tag in evidence.tags), "")
    if "stage.answered" not in evidence.tags or not (proof or "lgsco:5.4" in evidence.departed):
        return []
    return [_kept("lgsco:5.4", what, proof, evidence)]


def _refusal_lines(case: CaseFacts, evidence: Evidence) -> list[ClauseLine]:
    """What a refusal rests on. When it was told, and with whose details, is its clock's line at the start."""
    if case.ending is Ending.ESCALATION_REFUSED:
        proof, told = "stage_two.refused", "Told of the right to go to the Ombudsman"
        lines = [_kept("lgsco:5.7", "Refusing stage 2 has valid reasons, clearly set out", proof, evidence)]
        lines.append(_kept("lgsco:2.4", told, proof, evidence))
    elif case.ending is Ending.REFUSED:
        proof = "complaint.refused"
        lines = [_kept("lgsco:2.3", "Refused for a reason on the list, another route told", proof, evidence)]
    else:
        return []
    lines.append(_kept("lgsco:2.1", "Evidence that the reason holds", proof, evidence))
    lines.append(_kept("lgsco:2.5", "Weighed in the individual's own circumstances", proof, evidence))
    return lines


def _order(clause: str) -> tuple[int, int]:
    section, _, number = clause.partition(":")[2].partition(".")
    return int(section), int(number)


def _kept(clause: str, what: str, proof: str, evidence: Evidence) -> ClauseLine:
    how = How.DEPARTED if clause in evidence.departed else How.MET
    return ClauseLine(clause=clause, how=how, what=what, proof="code.departed" if how is How.DEPARTED else proof)


def _clock_lines(duties: Iterable[Duty], evidence: Evidence) -> list[ClauseLine]:
    lines = []
    for duty in duties:
        if duty.standing is Standing.VOID or duty.kind == ANSWER_AGAIN or not duty.clause.startswith("lgsco:"):
            continue
        how = _STANDING[duty.standing]
        explained = duty.clause in evidence.departed or "lgsco:5.5" in evidence.departed
        if how is How.LATE and explained:
            how = How.DEPARTED
        elif how is How.LATE:
            how = How.UNEXPLAINED
        what, proof = _met_by(duty.kind)
        lines.append(
            ClauseLine(
                clause=duty.clause,
                how=how,
                what=what,
                proof=proof if duty.met_on and proof in evidence.tags else "",
                due_on=duty.act_by,
            )
        )
    return lines


def _met_by(kind: str) -> tuple[str, str]:
    """What meeting a duty is called, and the tag of the entry that proves it."""
    if kind == TELL_REFUSAL:
        return "Told why it is refused, and of the Ombudsman, in time", "complaint.refused"
    if kind in _BESIDE:
        return _BESIDE[kind]
    if kind.startswith("acknowledge"):
        return "Acknowledged and logged in time", "stage.acknowledged"
    return "Answered in time", "stage.answered"


def _stage_lines(stage: StageFacts, evidence: Evidence, *, over: bool) -> list[ClauseLine]:
    """What a stage 1 answer carries; once the complaint has gone past it, an answer that never was owes nothing."""
    lines = _extension_lines(stage, evidence)
    if not stage.response_recorded or (over and stage.responded_on is None):
        return lines
    if stage.responded_on is None:
        lines.append(ClauseLine(clause="lgsco:6.7", how=How.OPEN, what="Every point answered with reasons"))
        lines.append(ClauseLine(clause="lgsco:6.8", how=How.OPEN, what="Told how to ask for stage 2"))
        return lines
    if "stage.answered" not in evidence.tags:
        return lines
    answered = evidence.unanswered.get(1, 0) == 0
    lines.append(_judged("lgsco:6.7", "Every point answered with reasons", answered, "stage.answered", evidence))
    told = evidence.told_how_to_escalate
    lines.append(_judged("lgsco:6.8", "Told how to ask for stage 2", told, "stage.answered", evidence))
    return lines


def _judged(clause: str, what: str, met: bool, proof: str, evidence: Evidence) -> ClauseLine:
    if met:
        return ClauseLine(clause=clause, how=How.MET, what=what, proof=proof)
    if clause in evidence.departed:
        return ClauseLine(clause=clause, how=How.DEPARTED, what=what, proof="code.departed")
    return ClauseLine(clause=clause, how=How.UNEXPLAINED, what=what)


def _extension_lines(stage: StageFacts, evidence: Evidence) -> list[ClauseLine]:
    if not stage.extensions:
        return []
    limit, named = ("lgsco:6.4", "lgsco:6.5") if stage.number == 1 else ("lgsco:6.16", "lgsco:6.17")
    told = evidence.ombudsman_told.get(int(stage.number), False)
    return [
        _kept(limit, "Extended within the limit, reason explained", "stage.extended", evidence),
        _judged(named, "Given the Ombudsman's details with the extension", told, "stage.extended", evidence),
    ]


def _stage_two_lines(stage: StageFacts, evidence: Evidence, *, over: bool) -> list[ClauseLine]:
    opened = "stage_two.opened" if "stage_two.opened" in evidence.tags else ""
    lines = [
        _kept("lgsco:6.11", "Progressed to stage 2 when asked", opened, evidence),
        *_extension_lines(stage, evidence),
    ]
    new = evidence.someone_new
    if new is not None:
        lines.append(_judged("lgsco:6.14", "Considered by someone new", new, "stage.assigned", evidence))
    elif not over:
        lines.append(ClauseLine(clause="lgsco:6.14", how=How.OPEN, what="Considered by someone new"))
    what = "The final response carries its seven parts"
    if stage.responded_on is None and over:
        return lines
    if stage.responded_on is None:
        lines.append(ClauseLine(clause="lgsco:6.18", how=How.OPEN, what=what))
        lines.append(ClauseLine(clause="lgsco:6.13", how=How.OPEN, what="Efforts made to understand why"))
    elif "stage.answered" in evidence.tags:
        lines.append(ClauseLine(clause="lgsco:6.18", how=How.MET, what=what, proof="stage.answered"))
        lines.append(_kept("lgsco:6.13", "Efforts made to understand why", "stage.answered", evidence))
    return lines
