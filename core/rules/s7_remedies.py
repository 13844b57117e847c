"""Section 7, Putting things right: a remedy answers an impact, has a day, is followed to its end, and is never silent.

A remedy with a day is a duty of its owner until it is done, whatever becomes of the stage meanwhile. While one is open
after an answer, the individual is kept up to date; the interval is the council's and stands in remedies.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from core.code.remedies import REMEDIES
from core.errors import BadInput
from core.rules.facts import CaseFacts, RemediesFacts, RemedyFacts, StageFacts, StageNumber, Standing
from core.rules.findings import Finding
from core.rules.standards import Owed
from core.rules.working_days import WorkingDays
from core.words import pounds

DELIVER = "deliver_remedy"
UPDATE_ON_REMEDIES = "update_on_remedies"
TITLES = {DELIVER: "Deliver a remedy", UPDATE_ON_REMEDIES: "Give an update on what is still to be done"}
"""What each duty about remedies asks for, as a button or a row says it."""
DONE_TITLES = {DELIVER: "Remedy delivered", UPDATE_ON_REMEDIES: "Kept up to date on what was to be done"}
"""The same once it was met."""
BEGAN = {DELIVER: "Offered on {day}, for the day named then", UPDATE_ON_REMEDIES: "They last heard from us on {day}"}
"""From when each runs."""

_SUM = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d{2}))?", re.ASCII)
Reckoning = Callable[[WorkingDays], Owed]


class Moment(StrEnum):
    """When a remedy was offered: at one of the two stages, or only once the Ombudsman had looked at it."""

    ONE = "at stage 1"
    TWO = "at stage 2"
    OMBUDSMAN = "after the Ombudsman"


class RemedyState(StrEnum):
    """How a remedy stands; it follows from its dates."""

    OFFERED = "offered"
    AGREED = "agreed"
    DONE = "done"
    UNDELIVERABLE = "could not be delivered"
    REPLACED = "replaced"


def state_of(
    *, agreed: bool | None, done_on: date | None, undeliverable_on: date | None, replaced: bool
) -> RemedyState:
    """How a remedy stands, from its dates alone [lgsco:7.3]."""
    if done_on is not None:
        return RemedyState.DONE
    if undeliverable_on is not None:
        return RemedyState.REPLACED if replaced else RemedyState.UNDELIVERABLE
    return RemedyState.AGREED if agreed else RemedyState.OFFERED


def is_complete(*, answer_owed: bool, open_remedies: int) -> bool:
    """Whether nothing is left to do: no answer is owed, and every remedy is done or was given up openly [lgsco:7.3]."""
    return not answer_owed and open_remedies == 0


# ------------------------------------------------------------------------------------------------------------ findings


def impact_set_out(impact: str, *, upheld: bool) -> tuple[Finding, ...]:
    """A remedy for a fault that was found reflects what the fault did to the individual [lgsco:7.2]."""
    if impact.strip() or not upheld:
        return ()
    sentence = (
        "The finding is upheld, and the remedy does not say what the fault did to the individual. "
        "Write the impact, or record why none is written."
    )
    return (Finding(clause="lgsco:7.2", sentence=sentence),)


def day_named(due_on: date | None) -> tuple[Finding, ...]:
    """An offer says by when it will be done [lgsco:7.3]."""
    if due_on is not None:
        return ()
    sentence = "It does not say by when it will be done. Give the day, or record why there is none."
    return (Finding(clause="lgsco:7.3", sentence=sentence),)


def paid_in_full(*, offered: int, paid: int) -> tuple[Finding, ...]:
    """Money that was offered is paid before the remedy is done; sums are in pence [lgsco:7.3]."""
    if paid >= offered:
        return ()
    sentence = (
        f"{pounds(offered)} was offered and {pounds(paid)} is recorded as paid. "
        "Record the payment, or why less is paid."
    )
    return (Finding(clause="lgsco:7.3", sentence=sentence),)


def told_by_letter(*, letter: bool) -> tuple[Finding, ...]:
    """They are told why it cannot be done, what is offered instead, and of the Ombudsman [lgsco:7.4]."""
    if letter:
        return ()
    sentence = (
        "No letter goes out with this. Write the letter for a remedy that cannot be delivered, "
        "or record how they were told the reasons, what is offered instead, and how to reach the Ombudsman."
    )
    return (Finding(clause="lgsco:7.4", sentence=sentence),)


def pence_of(text: str, *, field: str) -> int | None:
    """A sum of money as it is typed, in pence; None for nothing, BadInput for what is no sum above zero [lgsco:7.1]."""
    if not text.strip():
        return None
    found = _SUM.fullmatch(text.strip())
    pence = int(Decimal(f"{found[1].replace(',', '')}.{found[2] or '00'}") * 100) if found else 0
    if pence <= 0:
        raise BadInput(
            f"“{text}” is no sum of money. Write pounds, or pounds and pence, such as 150 or 150.50.",
            {field: "Write it like 150 or 150.50."},
        )
    return pence


# -------------------------------------------------------------------------------------------------------------- duties


def begun(case: CaseFacts) -> tuple[Reckoning, ...]:
    """What is owed about the remedies of a case, each still to be counted on a calendar [lgsco:7.3]."""
    facts = case.remedies
    if facts is None:
        return ()
    counts: list[Reckoning] = [
        partial(_deliver, each, each.due_on, case) for each in facts.each if each.due_on is not None
    ]
    for stage in (case.one, case.two):
        spell = _spell(stage, case, facts) if stage is not None else None
        if stage is not None and spell is not None:
            counts.append(partial(_update, stage.number, *spell, case))
    return tuple(counts)


def _deliver(remedy: RemedyFacts, due_on: date, case: CaseFacts, _calendar: WorkingDays) -> Owed:
    """A remedy by its day. One that cannot be delivered is owed no longer, and was late if nobody said so in time.

    While it is open it belongs to the stage the complaint is at, whichever it was offered at.
    """
    over = remedy.over_on
    early = case.two is None or (over is not None and over < case.two.received_on)
    if remedy.done_on is not None:
        standing = Standing.IN_TIME if remedy.done_on <= due_on else Standing.LATE
    elif remedy.dropped_on is not None:
        standing = Standing.VOID if remedy.dropped_on <= due_on else Standing.LATE
    else:
        standing = Standing.OPEN
    return Owed(
        kind=DELIVER,
        stage=StageNumber.ONE if early else StageNumber.TWO,
        start_on=remedy.offered_on,
        due_on=due_on,
        met_on=remedy.done_on,
        standing=standing,
        number=remedy.number,
        cite="lgsco:7.3",
        owner_id=remedy.owner_id,
    )


def _spell(stage: StageFacts, case: CaseFacts, facts: RemediesFacts) -> tuple[date, date | None] | None:
    """From when until when updates are owed after a stage's answer; None where nothing was left to do then."""
    answered = stage.responded_on
    if answered is None:
        return None
    over = case.two.received_on if case.two is not None and stage.number is StageNumber.ONE else None
    left = [each for each in facts.each if each.over_on is None or each.over_on > answered]
    left = [each for each in left if over is None or each.offered_on < over]
    if not left:
        return None
    start = max(answered, min(each.offered_on for each in left))
    ends = [each.over_on for each in left if each.over_on is not None]
    last = max(ends) if len(ends) == len(left) else None
    end = min(filter(None, (last, over)), default=None)
    return None if end is not None and end <= start else (start, end)


def _update(stage: StageNumber, start: date, end: date | None, case: CaseFacts, calendar: WorkingDays) -> Owed:
    """One row a stage: while something is open the next update, and afterwards whether each one came in time."""
    gaps = list(_gaps(start, end, case))
    last = gaps[-1]
    # A list shows how many working days are left, so a date the calendar does not reach cannot be owed.
    calendar.between(last[0], last[1])
    missed = next((gap for gap in gaps if gap[2] is not None and gap[2] > gap[1]), None)
    since, due, met = missed if missed is not None and last[2] is not None else last
    if last[2] is None:
        standing = Standing.OPEN
    elif missed is not None:
        standing = Standing.LATE
    else:
        owed = end is not None and end > gaps[0][1]
        standing, met = (Standing.IN_TIME, met) if owed else (Standing.VOID, None)
    return Owed(
        kind=UPDATE_ON_REMEDIES,
        stage=stage,
        start_on=since,
        due_on=due,
        met_on=met,
        standing=standing,
        cite="lgsco:6.6",
    )


def _gaps(start: date, end: date | None, case: CaseFacts) -> Iterator[tuple[date, date, date | None]]:
    """From one time they heard from us to the next: since when, due by when, and when they did hear."""
    interval = timedelta(weeks=REMEDIES.follow_up.every_weeks)
    heard = {day for day in _heard_on(case) if day > start and (end is None or day < end)}
    days = [start, *sorted(heard)]
    for since, met in zip(days, [*days[1:], end], strict=True):
        yield since, since + interval, met


def _heard_on(case: CaseFacts) -> set[date]:
    """Every day on which the individual heard from us, by a step of the case or by something else."""
    found = set(case.remedies.heard_on) if case.remedies is not None else set()
    for stage in filter(None, (case.one, case.two)):
        found |= {extension.told_on for extension in stage.extensions if extension.told_on is not None}
        found |= {day for day in (stage.acknowledged_on, stage.responded_on) if day is not None}
    return found | ({case.answered_again_on} if case.answered_again_on is not None else set())
