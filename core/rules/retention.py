"""How long a record is kept: from which day it is counted, until when, and what keeps it longer.

The day is derived from what happened and never set by hand, so anything that happens later moves it.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.code.retention import KIND_OF_SCHEME, NO_FINDING, UNDER_THE_CODE, WITH_OMBUDSMAN
from core.rules.facts import AskedKind, CaseFacts, Ending, Standing
from core.rules.findings import Finding
from core.rules.steps import OPEN_POSITIONS, position_of
from core.rules.working_days import months_after

_CLAUSE = "lgsco:5.8"
_YEAR = len(gregorian.month_name) - 1  # months; the first name is empty


class Kept(StrEnum):
    """Why a record stays, or that it has come to its end. The words are shown as they are."""

    IN_USE = "still in use"
    HELD = "on hold"
    WITH_COMPLAINT = "kept with the complaint it belongs to"
    LONGER = "kept longer by decision"
    UNTIL = "kept until its date"
    DUE = "due for review"
    ANONYMISED = "anonymised"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStands:
    """One duty of a case, as far as keeping its record asks: its kind, how it stands and when it was met."""

    kind: str
    standing: Standing
    met_on: date | None = None


def kind_of(case: CaseFacts, *, scheme: str) -> str:
    """The kind of record a complaint is [lgsco:5.8].

    Its route comes first, then that it went to an Ombudsman, then that nothing was found.
    """
    if scheme in KIND_OF_SCHEME:
        return KIND_OF_SCHEME[scheme]
    if case.with_ombudsman:
        return WITH_OMBUDSMAN
    return NO_FINDING if case.ending in (Ending.REFUSED, Ending.WITHDRAWN) else UNDER_THE_CODE


def counted_from(case: CaseFacts, *, duties: Iterable[DutyStands], later: Collection[date] = ()) -> date | None:
    """The last day on which anything happened on a closed complaint; None while something is still to do [lgsco:5.8].

    Answers, the end, remedies carried out, reviews, an Ombudsman's time and correspondence all count; `later` are the
    days of what was said and written. A hold is no activity: it keeps the record by itself.
    """
    held = AskedKind.HOLD.value
    duties = [duty for duty in duties if duty.kind != held]
    if position_of(case) in OPEN_POSITIONS or any(duty.standing is Standing.OPEN for duty in duties):
        return None
    if any(phase.until is None for phase in case.with_ombudsman):
        return None
    return max([*_days(case), *(duty.met_on for duty in duties if duty.met_on is not None), *later])


def request_counted_from(
    *, closed_on: date | None, answered_on: date | None = None, offered_on: date | None = None
) -> date | None:
    """The last day on which anything happened on a closed service request; None while it is open [lgsco:5.8]."""
    if closed_on is None:
        return None
    return max(day for day in (closed_on, answered_on, offered_on) if day is not None)


def _days(case: CaseFacts) -> list[date]:
    """The days of what happened, the receipt among them: there is always one."""
    stages = [stage for stage in (case.one, case.two) if stage is not None]
    days = [day for stage in stages for day in (stage.received_on, stage.acknowledged_on, stage.responded_on)]
    days += [case.ended_on, case.reopened_on, case.answered_again_on]
    days += [phase.until for phase in case.with_ombudsman]
    if case.remedies is not None:
        days += [remedy.over_on for remedy in case.remedies.each]
    if case.route is not None:
        days += [step.on for step in case.route.steps.values()]
    return [day for day in days if day is not None]


def planned_on(counted: date, *, years: int, longer: date | None = None) -> date:
    """The day on which a record comes up for review: so many years on, or the later day that was decided [lgsco:5.8].

    From 29 February it is 28 February where the year has no other.
    """
    planned = months_after(counted, years * _YEAR)
    return planned if longer is None else max(planned, longer)


def counted_until(today: date, *, years: int) -> date:
    """The last day a record can be counted from and be due by today [lgsco:5.8].

    It may name one day too many at the end of February: `planned_on` decides.
    """
    return months_after(today, -years * _YEAR)


def how_kept(
    *, planned: date | None, longer: date | None, held: bool, anonymised: bool, today: date, bound: bool = False
) -> Kept:
    """Why a record stays today. A hold beats every date; one that is bound waits for its complaint [lgsco:5.8]."""
    if anonymised:
        return Kept.ANONYMISED
    if held:
        return Kept.HELD
    if planned is None:
        return Kept.IN_USE
    if bound:
        return Kept.WITH_COMPLAINT
    if planned <= today:
        return Kept.DUE
    return Kept.LONGER if longer == planned else Kept.UNTIL


def may_propose(kept: Kept, *, reference: str) -> tuple[Finding, ...]:
    """Only a record that is due is proposed for erasure [lgsco:5.8]."""
    if kept is Kept.DUE:
        return ()
    return (
        Finding(clause=_CLAUSE, sentence=f"{reference} is not due for review: it is {kept.value}.", force="structure"),
    )


def second_person(proposed_by: int | None, decided_by: int | None) -> tuple[Finding, ...]:
    """Whoever proposed an erasure does not approve it: two people decide [lgsco:5.8]."""
    if proposed_by and decided_by and proposed_by != decided_by:
        return ()
    return (
        Finding(
            clause=_CLAUSE,
            sentence="Somebody other than whoever proposed it has to approve an erasure. Ask a second person.",
            force="structure",
        ),
    )
