"""The council's own service standards on one case: introduced, kept up to date, replied to, confirmed in writing.

No clause of the Code asks for them; their periods stand in standards.toml. They are owed until the answer, and not to
professional representatives. A message and a confirmation are owed after the answer as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from core.code.catalogue import STANDARDS
from core.rules.facts import (
    Agreed,
    Allocation,
    CaseFacts,
    Message,
    StageFacts,
    StageNumber,
    StandardsFacts,
    Standing,
    WithOmbudsman,
)
from core.rules.working_days import WorkingDays, months_after

INTRODUCE = "introduce"
UPDATE = "update"
UPDATE_OMBUDSMAN = "update_ombudsman"
REPLY = "reply"
CONFIRM = "confirm_in_writing"
OURS = "ours:our standard"
TITLES = {
    INTRODUCE: "Introduce the handler",
    UPDATE: "Give an update",
    UPDATE_OMBUDSMAN: "Give an update while it is with the Ombudsman",
    REPLY: "Reply to a message",
    CONFIRM: "Confirm the answer in writing",
}
"""What each standard asks for, as a button or a row says it."""

_UPDATES = {StageNumber.ONE: "update_stage_one", StageNumber.TWO: "update_stage_two"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One duty beside the two stages' own. `days` is 0 for a date that is not counted in working days.

    `owner_id` is whoever owes it in place of the stage's handler.
    """

    kind: str
    stage: StageNumber
    start_on: date
    due_on: date
    standing: Standing
    met_on: date | None = None
    days: int = 0
    number: int = 0
    cite: str = OURS
    owner_id: int | None = None


Reckoning = Callable[[WorkingDays], Owed]


def begun(case: CaseFacts, *, kept: bool, periods: Mapping[str, int] = MappingProxyType({})) -> tuple[Reckoning, ...]:
    """The standards this case has, each still to be counted on a calendar.

    `kept` says whether the council keeps service standards, `periods` which of them it gives periods of its own.
    Confirming an answer given by word of mouth is owed whether it keeps them or not, by reading R26.
    """
    if case.standards is None:
        return ()
    facts = replace(case.standards, periods=periods) if periods else case.standards
    case = replace(case, standards=facts)
    counts: list[Reckoning] = []
    if facts.told_on is not None:
        counts.append(partial(_confirm, facts.told_on, case, facts))
    if not kept or facts.professional:
        return tuple(counts)
    # Nobody can write to somebody who left no way to reach them.
    for stage in _stages(case) if case.one.acknowledgement_possible else ():
        given = [each for each in facts.allocations if each.stage is stage.number]
        introduced = _introduced(given, stage, case)
        for number, (each, met) in enumerate(zip(given, introduced, strict=True), start=1):
            counts.append(partial(_introduce, number, each, met, _over_of(each, stage, case), case))
        spells = _spells(stage, given, case)
        if spells:
            counts.append(partial(_update, stage, spells, case))
    counts += [partial(_reply, each, case) for each in facts.messages]
    if case.one.acknowledgement_possible:
        counts += [partial(_update_outside, each, case) for each in case.with_ombudsman]
    return tuple(counts)


def _stages(case: CaseFacts) -> list[StageFacts]:
    return [stage for stage in (case.one, case.two) if stage is not None]


def _over_on(stage: StageFacts, case: CaseFacts) -> date | None:
    """The day a stage was first answered, was overtaken by stage 2, or ended with its complaint."""
    return min(filter(None, (stage.responded_on, _overtaken_on(stage, case))), default=None)


def _over_since(day: date, stage: StageFacts, case: CaseFacts) -> date | None:
    """The first such day from a day on: a stage that was taken up again had its first answer before."""
    ends = (stage.responded_on, case.answered_again_on, _overtaken_on(stage, case))
    return min((end for end in ends if end is not None and end >= day), default=None)


def _overtaken_on(stage: StageFacts, case: CaseFacts) -> date | None:
    return case.two.received_on if case.two is not None and stage.number is StageNumber.ONE else case.ended_on


def _stage_then(on: date | None, case: CaseFacts) -> StageNumber:
    """The stage a complaint was at on a day; the one it is at now for what is still open."""
    early = case.two is None or (on is not None and on < case.two.received_on)
    return StageNumber.ONE if early else StageNumber.TWO


# ------------------------------------------------------------------------------------------------------- introductions


def _introduce(
    number: int, given: Allocation, met: date | None, over: date | None, case: CaseFacts, calendar: WorkingDays
) -> Owed:
    """Whoever is given a stage is introduced; `over` is the day it was theirs no longer, or was answered."""
    days = _period(INTRODUCE, case)
    due = calendar.after(given.on, days)
    if met is not None:
        standing = Standing.IN_TIME if met <= due else Standing.LATE
    elif over is not None:
        standing = Standing.VOID if over <= due else Standing.LATE
    else:
        standing = Standing.OPEN
    return Owed(
        kind=INTRODUCE,
        stage=given.stage,
        start_on=given.on,
        days=days,
        due_on=due,
        met_on=met,
        standing=standing,
        number=number,
    )


def _introduced(given: Iterable[Allocation], stage: StageFacts, case: CaseFacts) -> list[date | None]:
    """The day each of them was introduced. What introduced one on the day of handing on introduced nobody after."""
    found: list[date | None] = []
    for each in given:
        before = found[-1] if found else None
        over = _over_of(each, stage, case)
        days = (day for day in _introductions(stage, case) if _within(day, each.on, over) and day != before)
        found.append(next(days, None))
    return found


def _over_of(given: Allocation, stage: StageFacts, case: CaseFacts) -> date | None:
    return given.until or _over_since(given.on, stage, case)


def _introductions(stage: StageFacts, case: CaseFacts) -> list[date]:
    """The days on which they were told who has it; an acknowledgement says so, by reading R5."""
    told = {each.on for each in _facts(case).in_touch if each.introduces}
    return sorted(told if stage.acknowledged_on is None else told | {stage.acknowledged_on})


def _within(day: date, start: date, end: date | None) -> bool:
    return start <= day and (end is None or day <= end)


# ------------------------------------------------------------------------------------------------------------- updates


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spell:
    """A time in which updates are owed: from the day somebody had the stage until the answer, if it came."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """From one time the individual heard from us to the next, and the day that was due by."""

    since: date
    due: date
    met: date | None

    @property
    def missed(self) -> bool:
        """Whether they heard from us too late."""
        return self.met is not None and self.met > self.due


def _spells(stage: StageFacts, given: Iterable[Allocation], case: CaseFacts) -> tuple[_Spell, ...]:
    """When updates were owed at a stage: until its answer, and again while it is taken up once more."""
    first = min((each.on for each in given), default=None)
    if first is None:
        return ()
    over, again = _over_on(stage, case), case.reopened_on
    found = [_Spell(start=first, end=over)]
    if again is not None and stage is _stages(case)[-1]:
        if stage.responded_on is None:
            found = [_Spell(start=max(first, again), end=over)]
        else:
            found.append(_Spell(start=max(first, again), end=case.answered_again_on or case.ended_on))
    return tuple(spell for spell in found if spell.end is None or spell.start <= spell.end)


def _update(stage: StageFacts, spells: tuple[_Spell, ...], case: CaseFacts, calendar: WorkingDays) -> Owed:
    """One row a stage: while it is open the next update, and afterwards whether every one of them came in time."""
    return _kept_up(UPDATE, _UPDATES[stage.number], stage.number, spells, case, calendar)


def _update_outside(phase: WithOmbudsman, case: CaseFacts, calendar: WorkingDays) -> Owed:
    """The same while an Ombudsman has it, at the interval of that time; the stages' own updates go on as they were."""
    spells = (_Spell(start=phase.since, end=phase.until),)
    owed = _kept_up(UPDATE_OMBUDSMAN, UPDATE_OMBUDSMAN, _stage_then(phase.until, case), spells, case, calendar)
    return replace(owed, number=phase.number)


def _kept_up(
    kind: str, standard: str, stage: StageNumber, spells: tuple[_Spell, ...], case: CaseFacts, calendar: WorkingDays
) -> Owed:
    gaps = [gap for spell in spells for gap in _gaps(standard, spell, case)]
    last = gaps[-1]
    # A list shows how many working days are left, so a date the calendar does not reach cannot be owed.
    calendar.between(last.since, last.due)
    missed = next((gap for gap in gaps if gap.missed), None)
    shown = last
    if last.met is None:
        standing = Standing.OPEN
    elif missed is not None:
        standing, shown = Standing.LATE, missed
    else:
        owed = any(spell.end is not None and spell.end > _due(standard, spell.start, case) for spell in spells)
        standing = Standing.IN_TIME if owed else Standing.VOID
    return Owed(
        kind=kind,
        stage=stage,
        start_on=shown.since,
        due_on=shown.due,
        met_on=shown.met if standing is not Standing.VOID else None,
        standing=standing,
    )


def _gaps(standard: str, spell: _Spell, case: CaseFacts) -> Iterator[_Gap]:
    heard = {day for day in _heard_on(case) if day > spell.start and (spell.end is None or day < spell.end)}
    days: list[date | None] = [spell.start, *sorted(heard), spell.end]
    for since, met in pairwise(days):
        if since is not None:
            yield _Gap(since=since, due=_due(standard, since, case), met=met)


def _heard_on(case: CaseFacts) -> set[date]:
    """Every day on which the individual heard from us, by a step of the case or by something else."""
    facts = _facts(case)
    found = {each.on for each in facts.in_touch} | {each.on for each in facts.agreed}
    for stage in _stages(case):
        found |= {extension.told_on for extension in stage.extensions if extension.told_on is not None}
        found |= {day for day in (stage.acknowledged_on, stage.responded_on) if day is not None}
    return found


def _due(standard: str, since: date, case: CaseFacts) -> date:
    """The day by which they hear from us next, by what had been agreed then."""
    agreed = [each for each in _facts(case).agreed if each.on <= since]
    if agreed:
        return since + timedelta(weeks=sorted(agreed, key=_agreed_on)[-1].weeks)
    return months_after(since, _period(standard, case))


def _agreed_on(agreed: Agreed) -> date:
    return agreed.on


# --------------------------------------------------------------------------------------------- replies, confirmations


def _reply(message: Message, case: CaseFacts, calendar: WorkingDays) -> Owed:
    days = _period(REPLY, case)
    due = calendar.after(message.received_on, days)
    met = message.answered_on
    standing = Standing.OPEN
    if met is not None:
        standing = Standing.IN_TIME if met <= due else Standing.LATE
    return Owed(
        kind=REPLY,
        stage=_stage_then(met, case),
        start_on=message.received_on,
        days=days,
        due_on=due,
        met_on=met,
        standing=standing,
        number=message.number,
    )


def _confirm(told_on: date, case: CaseFacts, facts: StandardsFacts, calendar: WorkingDays) -> Owed:
    """The letter after an answer in conversation; a complaint that ends meanwhile has had its last word in writing."""
    days = _period(CONFIRM, case)
    due = calendar.after(told_on, days)
    met = facts.confirmed_on
    if met is not None:
        standing = Standing.IN_TIME if met <= due else Standing.LATE
    else:
        standing = Standing.OPEN if case.ended_on is None else Standing.VOID
    return Owed(
        kind=CONFIRM,
        stage=StageNumber.ONE,
        start_on=told_on,
        days=days,
        due_on=due,
        met_on=met,
        standing=standing,
        cite=f"ours:{STANDARDS[CONFIRM].source}",
    )


def _period(key: str, case: CaseFacts) -> int:
    """A standard's period, in its own unit: the one of the policy where it has set any."""
    return _facts(case).periods.get(key, STANDARDS[key].value)


def _facts(case: CaseFacts) -> StandardsFacts:
    if case.standards is None:
        raise RuntimeError("The standards are counted on a case that has none.")
    return case.standards
