"""A case's facts turned into its duties: what is owed, by whom, by when, under which clause, and how it was met.

Nothing else computes lateness. A duty depends on facts, policy and calendar alone, never on today's date, so the
stored duties can be rebuilt at any time and must come out the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from core.code.catalogue import SCHEMES, RouteClock
from core.code.policy import Policy
from core.rules import information, outside, routes, s7_remedies, standards
from core.rules.facts import (
    CaseFacts,
    Ending,
    ReviewFacts,
    ReviewKind,
    RouteFacts,
    StageFacts,
    StageNumber,
    Standing,
)
from core.rules.s6_stages import (
    ACKNOWLEDGE,
    RESPOND,
    acknowledge_by,
    answer_again_by,
    clock_starts,
    last_valid_extension,
    literal_respond_by,
    properly_told,
    respond_by,
    response_anchor,
)
from core.rules.working_days import WorkingDays
from core.words import counted

ANSWER_AGAIN = "answer_again"
TELL_REFUSAL = "tell_refusal"
_REVIEW_CLAUSES = {ReviewKind.ADJUSTMENT: "lgsco:5.6", ReviewKind.RESTRICTION: "lgsco:5.10"}
REVIEWS = frozenset({*(kind.value for kind in ReviewKind), *s7_remedies.TITLES, *outside.TITLES} - outside.OWN)
"""The kinds of duty beside the two stages' own, whose day somebody chose; the others are counted in working days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing owed to the individual.

    `due_on` is the Code's date (working days from `start_on`); `act_by` is the day to act by: an extension told in
    time moves it later, an earlier date promised to the individual brings it forward. `literal_due_on` is the
    response date counted from a late acknowledgement, kept but not used (reading R6), or the date by the other reading
    of a route's clock. `number` tells several of one kind apart; `days` is 0 for a day that was chosen, or that its
    route counts. A route's duty has the route's law for its clause; a service standard of the council's own has words
    of ours. `owner_id` is whoever owes it in place of the stage's handler.
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
    number: int = 0
    owner_id: int | None = None

    @property
    def key(self) -> tuple[int, str, int]:
        """What it is known by among the duties of its complaint."""
        return int(self.stage), self.kind, self.number

    @property
    def ours(self) -> bool:
        """Whether the council owes it by a standard of its own, and no Code or law asks for it."""
        return self.kind in {*standards.TITLES, *information.TITLES, *outside.OWN}


class Count(Protocol):
    """One duty of a case, to be counted."""

    def __call__(self, *, policy: Policy, calendar: WorkingDays) -> Duty:
        """The duty as this policy and calendar have it; raises CalendarEnds past the last published bank holidays."""


def duties_of(case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> tuple[Duty, ...]:
    """Everything the Code's clocks ask of this case, then what the council's own standards ask [lgsco:6.2].

    Raises CalendarEnds when a date lies past the last published bank holidays.
    """
    return tuple(count(policy=policy, calendar=calendar) for count in counts_of(case, policy=policy))


def counts_of(case: CaseFacts, *, policy: Policy) -> tuple[Count, ...]:
    """The duties this case has, each still to be counted on a calendar of its own [lgsco:6.2].

    A settled duty keeps the calendar it was counted by, which may end before the case's later duties begin.
    """
    stages = [stage for stage in (case.one, case.two) if stage is not None]
    counts: list[Count] = [partial(count, stage, case) for stage in stages for count in (_acknowledge, _respond)]
    if case.ending is Ending.ROUTED:
        # Another law's clocks take the place of the Code's, which are owed no longer and were never late.
        counts = [partial(_void, count) for count in counts]
    if case.route is not None:
        counts += [partial(_of_route, clock, case.route, stages[-1].number) for clock in routes.begun(case.route)]
    if case.reopened_on is not None and stages[-1].responded_on is not None:
        counts.append(partial(_answer_again, stages[-1], case, case.reopened_on))
    if case.ending is Ending.REFUSED and case.ended_on is not None:
        counts.append(partial(_tell_refusal, case.one, case, case.ended_on))
    counts += [partial(_review, review, case) for review in case.reviews]
    ours = standards.begun(case, kept=policy.service_standards, periods=policy.standard_periods)
    beside = (
        *information.begun(case),
        *s7_remedies.begun(case),
        *ours,
        *outside.begun(case, periods=policy.standard_periods),
    )
    counts += [partial(_beside, count) for count in beside]
    return tuple(counts)


def _void(count: Count, *, policy: Policy, calendar: WorkingDays) -> Duty:
    return replace(count(policy=policy, calendar=calendar), standing=Standing.VOID)


def _of_route(
    clock: RouteClock, route: RouteFacts, stage: StageNumber, *, policy: Policy, calendar: WorkingDays
) -> Duty:
    """A clock of the route the complaint goes by; no policy of the council changes it [lgsco:using.5]."""
    each = next(each for each in routes.clocks_of(route, calendar=calendar) if each.clock == clock)
    if each.start_on is None or each.due_on is None or each.act_by is None or each.standing is None:
        raise RuntimeError(f"The clock {clock.key} is counted before it has begun.")
    return Duty(
        kind=clock.kind,
        stage=stage,
        clause=SCHEMES[route.scheme].cite,
        start_on=each.start_on,
        days=0,
        due_on=each.due_on,
        act_by=each.act_by,
        met_on=each.met_on,
        standing=each.standing,
        literal_due_on=each.other_on if each.other_on != each.due_on else None,
    )


def _beside(reckoning: standards.Reckoning, *, policy: Policy, calendar: WorkingDays) -> Duty:
    """What is owed by whoever was asked, about a remedy, by a standard of the council's own, or to somebody outside."""
    owed = reckoning(calendar)
    return Duty(
        kind=owed.kind,
        stage=owed.stage,
        clause=owed.cite,
        start_on=owed.start_on,
        days=owed.days,
        due_on=owed.due_on,
        act_by=owed.due_on,
        met_on=owed.met_on,
        standing=owed.standing,
        number=owed.number,
        owner_id=owed.owner_id,
    )


def _tell_refusal(stage: StageFacts, case: CaseFacts, told_on: date, *, policy: Policy, calendar: WorkingDays) -> Duty:
    """A refusal is told by the day that what it takes the place of was owed, and is counted by itself (reading R28)."""
    if stage.acknowledged_on is None:
        told = replace(stage, acknowledged_on=told_on, logged_on=None)
        owed = _acknowledge(told, case, policy=policy, calendar=calendar)
    else:
        owed = _respond(replace(stage, responded_on=told_on), case, policy=policy, calendar=calendar)
    return replace(owed, kind=TELL_REFUSAL, clause="lgsco:2.4")


def _review(review: ReviewFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> Duty:
    """Look at an adjustment or a restriction again by the day that was set; it is owed after the last answer too.

    It belongs to the stage the complaint was at when it was settled, and while it is open to the stage it is at.
    """
    over = review.reviewed_on or review.dropped_on
    early = case.two is None or (over is not None and over < case.two.received_on)
    if over is None:
        standing = Standing.OPEN
    elif over > review.due_on:
        standing = Standing.LATE
    else:
        standing = Standing.IN_TIME if review.reviewed_on is not None else Standing.VOID
    return Duty(
        kind=review.kind.value,
        stage=StageNumber.ONE if early else StageNumber.TWO,
        clause=_REVIEW_CLAUSES[review.kind],
        start_on=review.set_on,
        days=0,
        due_on=review.due_on,
        act_by=review.due_on,
        met_on=review.reviewed_on,
        standing=standing,
        number=review.number,
    )


def _answer_again(
    stage: StageFacts, case: CaseFacts, reopened_on: date, *, policy: Policy, calendar: WorkingDays
) -> Duty:
    """A reopened complaint is answered again within the stage's own period; its first dates stay (reading R20)."""
    period = policy.period(RESPOND[stage.number])
    due = answer_again_by(reopened_on, stage, policy=policy, calendar=calendar)
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


def _acknowledge(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> Duty:
    period = policy.period(ACKNOWLEDGE[stage.number])
    due = acknowledge_by(stage, policy=policy, calendar=calendar)
    # Reading R8: one letter may acknowledge and answer, so an answer without an acknowledgement is both.
    met = stage.acknowledged_on
    if met is None and stage.acknowledgement_recorded:
        met = stage.responded_on
    # Reading R7: acknowledged and logged, so the later of the two days decides.
    if met is not None and stage.logged_on is not None:
        met = max(met, stage.logged_on)
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
    if case.ending is Ending.REFUSED and met is None:
        return Standing.VOID  # telling them of the refusal takes its place
    if not (stage.acknowledgement_recorded and stage.receipt_recorded):
        return Standing.UNKNOWN
    if met is not None:
        return Standing.IN_TIME if met <= due else Standing.LATE
    return _unmet(stage, case, due=due)


def _respond(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> Duty:
    period = policy.period(RESPOND[stage.number])
    due = respond_by(stage, policy=policy, calendar=calendar)
    extended = last_valid_extension(stage, policy=policy, calendar=calendar)
    literal = literal_respond_by(stage, policy=policy, calendar=calendar)
    # Reading R23: a date told to the individual is kept; an extension takes the place of what was promised before it.
    told = max(properly_told(stage, policy=policy, calendar=calendar), default=stage.promised_on)
    act_by = extended or due
    if told is not None:
        act_by = min(act_by, told)
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
    if not stage.receipt_recorded:
        return Standing.UNKNOWN
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
        # Reading R17: stage 2 then answers the original points, and stage 1 counts as late.
        return Standing.LATE
    if case.ended_on is None:
        return Standing.OPEN
    return Standing.VOID if case.ended_on <= due else Standing.LATE


TITLES = {
    "acknowledge_stage_one": "Acknowledge",
    "respond_stage_one": "Respond at stage 1",
    "acknowledge_stage_two": "Acknowledge stage 2",
    "respond_stage_two": "Send the final response",
    ANSWER_AGAIN: "Answer again after reopening",
    TELL_REFUSAL: "Tell them of the refusal",
    ReviewKind.ADJUSTMENT.value: "Review an adjustment",
    ReviewKind.RESTRICTION.value: "Review a contact restriction",
    **s7_remedies.TITLES,
    **routes.TITLES,
    **standards.TITLES,
    **information.TITLES,
    **outside.TITLES,
}
"""What each kind of duty asks for, as a button or a row says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near a date is: `days` working days left, negative when it has passed, and the words for it."""

    days: int
    words: str

    @property
    def overdue(self) -> bool:
        """Whether the date has passed."""
        return self.days < 0


def nearness(act_by: date, *, today: date, calendar: WorkingDays) -> Nearness:
    """How near a duty's date is, in working days and in words [lgsco:6.2].

    Raises CalendarEnds when either date lies outside the calendar.
    """
    if act_by == today:
        return Nearness(days=0, words="due today")
    if act_by > today:
        left = calendar.between(today, act_by)
        return Nearness(days=left, words=f"{counted(left, 'working day')} left")
    late = max(1, calendar.between(act_by, today))
    return Nearness(days=-late, words=f"late by {counted(late, 'working day')}")
