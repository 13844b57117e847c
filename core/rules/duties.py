"""A case's facts turned into its duties: what is owed, by whom, by when, under which clause, and how it was met.

Nothing else computes lateness. A duty depends on facts, policy and calendar alone, never on today's date, so the
stored duties can be rebuilt at any time and must come out the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.code.policy import Policy
from core.rules.facts import CaseFacts, StageFacts, StageNumber, Standing
from core.rules.s6_stages import (
    ACKNOWLEDGE,
    RESPOND,
    acknowledge_by,
    clock_starts,
    last_valid_extension,
    literal_respond_by,
    respond_by,
    response_anchor,
)
from core.rules.working_days import WorkingDays

ANSWER_AGAIN = "answer_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing owed to the individual.

    `due_on` is the Code's date (working days from `start_on`); `act_by` is the day to act by: an extension told in
    time moves it later, an earlier date promised to the individual brings it forward. `literal_due_on` is the
    response date counted from a late acknowledgement, kept but not used (reading T6).
    """

    kind: str
    stage: StageNumber
    clause: str
    start_on: date
    days: int
    due_on: date
    act_by: date
    standing: Standing
    met_on: date | None = None
    literal_due_on: date | None = None
    promised_on: date | None = None


def duties_of(case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> tuple[Duty, ...]:
    """Everything the Code's clocks ask of this case [lgsco:6.2].

    Raises CalendarEnds when a date lies past the last published bank holidays.
    """
    duties = [*_stage_duties(case.one, case, policy=policy, calendar=calendar)]
    if case.two is not None:
        duties += _stage_duties(case.two, case, policy=policy, calendar=calendar)
    if case.reopened_on is not None and (case.two or case.one).responded_on is not None:
        duties.append(_answer_again(case, case.reopened_on, policy=policy, calendar=calendar))
    return tuple(duties)


def _answer_again(case: CaseFacts, reopened_on: date, *, policy: Policy, calendar: WorkingDays) -> Duty:
    """A reopened complaint is answered again within the stage's own period; its first dates stay (reading T20)."""
    stage = case.two or case.one
    period = policy.period(RESPOND[stage.number])
    due = calendar.after(reopened_on, period.value)
    met = case.answered_again_on
    if met is not None:
        standing = Standing.IN_TIME if met <= due else Standing.LATE
    elif case.ended_on is not None:
        standing = Standing.VOID if case.ended_on <= due else Standing.LATE
    else:
        standing = Standing.OPEN
    return Duty(
        kind=ANSWER_AGAIN,
        stage=stage.number,
        clause=period.clause,
        start_on=reopened_on,
        days=period.value,
        due_on=due,
        act_by=due,
        met_on=met,
        standing=standing,
    )


def _stage_duties(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> tuple[Duty, Duty]:
    return (
        _acknowledge(stage, case, policy=policy, calendar=calendar),
        _respond(stage, case, policy=policy, calendar=calendar),
    )


def _acknowledge(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> Duty:
    period = policy.period(ACKNOWLEDGE[stage.number])
    due = acknowledge_by(stage, policy=policy, calendar=calendar)
    # Reading T8: one letter may acknowledge and answer, so an answer without an acknowledgement is both.
    met = stage.acknowledged_on
    if met is None and stage.acknowledgement_recorded:
        met = stage.responded_on
    return Duty(
        kind=ACKNOWLEDGE[stage.number],
        stage=stage.number,
        clause=period.clause,
        start_on=clock_starts(stage.received_on, policy=policy, calendar=calendar),
        days=period.value,
        due_on=due,
        act_by=due,
        met_on=met,
        standing=_acknowledgement_standing(stage, case, met=met, due=due),
    )


def _acknowledgement_standing(stage: StageFacts, case: CaseFacts, *, met: date | None, due: date) -> Standing:
    if not stage.acknowledgement_possible:
        return Standing.VOID
    if not stage.acknowledgement_recorded:
        return Standing.UNKNOWN
    if met is not None:
        return Standing.IN_TIME if met <= due else Standing.LATE
    return _unmet(stage, case, due=due)


def _respond(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> Duty:
    period = policy.period(RESPOND[stage.number])
    due = respond_by(stage, policy=policy, calendar=calendar)
    extended = last_valid_extension(stage, policy=policy, calendar=calendar)
    literal = literal_respond_by(stage, policy=policy, calendar=calendar)
    act_by = extended or due
    if stage.promised_on is not None and extended is None:
        act_by = min(act_by, stage.promised_on)
    return Duty(
        kind=RESPOND[stage.number],
        stage=stage.number,
        clause=period.clause,
        start_on=response_anchor(stage, policy=policy, calendar=calendar),
        days=period.value,
        due_on=due,
        act_by=act_by,
        met_on=stage.responded_on,
        standing=_response_standing(stage, case, due=due, extended=extended, policy=policy, calendar=calendar),
        literal_due_on=literal if literal != due else None,
        promised_on=stage.promised_on,
    )


def _response_standing(
    stage: StageFacts,
    case: CaseFacts,
    *,
    due: date,
    extended: date | None,
    policy: Policy,
    calendar: WorkingDays,
) -> Standing:
    met = stage.responded_on
    if met is None:
        if not stage.response_recorded:
            return Standing.UNKNOWN
        return _unmet(stage, case, due=extended or due)
    if stage.acknowledged_on is None and not stage.acknowledgement_recorded:
        return _answer_without_acknowledgement(stage, met=met, latest=due, policy=policy, calendar=calendar)
    if met <= due:
        return Standing.IN_TIME
    if extended is not None and met <= extended:
        return Standing.EXTENDED
    if any(extension.told_on is None and met <= extension.new_date for extension in stage.extensions):
        return Standing.UNKNOWN
    return Standing.LATE


def _answer_without_acknowledgement(
    stage: StageFacts, *, met: date, latest: date, policy: Policy, calendar: WorkingDays
) -> Standing:
    """In time if so even had it been acknowledged on the day of receipt; late if past the last lawful day."""
    earliest = calendar.after(stage.received_on, policy.period(RESPOND[stage.number]).value)
    if met <= earliest:
        return Standing.IN_TIME
    if met > latest and not stage.extensions:
        return Standing.LATE
    return Standing.UNKNOWN


def _unmet(stage: StageFacts, case: CaseFacts, *, due: date) -> Standing:
    """A duty not met: open, or settled by what overtook it (stage 2 asked for, withdrawn, ended)."""
    overtaken = case.two.received_on if stage.number is StageNumber.ONE and case.two is not None else None
    if overtaken is not None:
        # Reading T17: stage 2 then answers the original points, and stage 1 counts as late.
        return Standing.LATE
    if case.ended_on is None:
        return Standing.OPEN
    return Standing.VOID if case.ended_on <= due else Standing.LATE
