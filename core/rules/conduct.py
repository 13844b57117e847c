"""Who holds a post on a day, whether there is room in it, and whether training and the objective are in date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.code.conduct import CONDUCT, Post, TrainingKind
from core.permissions import Role
from core.rules.findings import Finding
from core.rules.working_days import months_after
from core.words import counted, day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """From which day, up to and with which, somebody holds a post; `until` is None while nobody has ended it."""

    since: date
    until: date | None = None


def in_post(tenure: Tenure, *, on: date) -> bool:
    """Somebody is in post from the first day of an appointment to the last, both included [lgsco:4.1]."""
    return tenure.since <= on and (tenure.until is None or on <= tenure.until)


def room_in_post(post: Post, held: Iterable[Tenure], new: Tenure) -> tuple[Finding, ...]:
    """A post is held on any one day by no more people than there may be: two link officers at the most [lgsco:4.1]."""
    rule = CONDUCT.posts[post]
    if rule.most is None:
        return ()
    others = [each for each in held if _meet(each, new)]
    # The most at once is reached on a day on which one of them begins.
    days = sorted({max(new.since, each.since) for each in [*others, new]})
    full = next((day for day in days if sum(in_post(each, on=day) for each in others) >= rule.most), None)
    if full is None:
        return ()
    held_by = counted(rule.most, "person holds", "people hold")
    sentence = (
        f"{held_by} the post “{post.value}” on {day_words(full)} already, and that is as many as there may be. "
        "End an appointment first."
    )
    return (Finding(clause=rule.clause, sentence=sentence, force="structure"),)


def _meet(one: Tenure, other: Tenure) -> bool:
    return in_post(one, on=max(one.since, other.since)) and in_post(other, on=max(one.since, other.since))


class InDate(StrEnum):
    """How something stands that has to be renewed. The words are shown as they are."""

    NEVER = "not recorded"
    OVERDUE = "overdue"
    SOON = "due soon"
    HOLDS = "in date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How it stands today, and the day it is due again; None where it was never done, or never is due again."""

    stands: InDate
    due_on: date | None


def training_for(role: Role) -> tuple[TrainingKind, ...]:
    """The kinds of training that somebody in this role needs [lgsco:4.3]."""
    return tuple(kind for kind in CONDUCT.training.values() if role in kind.roles)


def training_stands(kind: TrainingKind, *, done_on: date | None, today: date) -> Renewal:
    """Training holds until its refresher is due, and for good where it has none [lgsco:4.3]."""
    return _renewal(done_on, months=kind.refresh, today=today)


def objective_stands(acknowledged_on: date | None, *, today: date) -> Renewal:
    """The objective that everyone concerned shares is acknowledged once a year [lgsco:9.8]."""
    return _renewal(acknowledged_on, months=CONDUCT.limits.objective_months, today=today)


def _renewal(done_on: date | None, *, months: int | None, today: date) -> Renewal:
    if done_on is None:
        return Renewal(stands=InDate.NEVER, due_on=None)
    if months is None:
        return Renewal(stands=InDate.HOLDS, due_on=None)
    due_on = months_after(done_on, months)
    if due_on < today:
        return Renewal(stands=InDate.OVERDUE, due_on=due_on)
    soon = due_on - timedelta(days=CONDUCT.limits.soon_days) <= today
    return Renewal(stands=InDate.SOON if soon else InDate.HOLDS, due_on=due_on)


def untrained(stands: Sequence[Renewal]) -> bool:
    """Whether some training was never recorded, or its refresher is overdue [lgsco:4.3]."""
    return any(each.stands in (InDate.NEVER, InDate.OVERDUE) for each in stands)
