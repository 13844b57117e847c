"""How each of the sample council's complaints runs: drawn from `stories.toml`, every number a count of working days."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from core.code.policy import CODE_POLICY
from core.demo.texts import read
from core.errors import BadInput
from core.rules.working_days import WorkingDays, months_after
from core.words import counted, day_words

Steps = int | None
"""Working days from one step to the next; None when the step is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One complaint's course. The fields are explained at the head of `stories.toml`."""

    received: Steps = None
    logged: int = 0
    elsewhere: str = ""
    anonymous: bool = False
    late_issue: bool = False
    correction: str = ""
    assigned: Steps = None
    acknowledged: Steps = None
    notes: int = 0
    points: tuple[str, ...] = ()
    turned_away: Steps = None
    routed: Steps = None
    route: str = ""
    withdrawn: Steps = None
    extended: tuple[str, ...] = ()
    one_letter: Steps = None
    answered: Steps = None
    point_left_open: bool = False
    route_left_out: bool = False
    reopened: Steps = None
    again: Steps = None
    asked: Steps = None
    unanswered: bool = False
    refused: Steps = None
    no_circumstances: bool = False
    overturned: Steps = None
    assigned_two: Steps = None
    same_hands: bool = False
    acknowledged_two: Steps = None
    issues_left_out: bool = False
    extended_two: tuple[str, ...] = ()
    answered_two: Steps = None
    no_efforts: bool = False
    reopened_two: Steps = None
    again_two: Steps = None
    unheard: bool = False
    unclear: bool = False
    met: bool = False
    evidence: bool = False
    judged: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A complaint about to begin: its number, the day it comes in, and how it will run."""

    number: int
    received_on: date
    course: Course


@cache
def stories() -> Mapping[str, Any]:
    """`stories.toml` as it stands."""
    return read("stories.toml")


def first_day(today: date) -> date:
    """The day the sample council begins to work with the console: not before the Code."""
    return max(months_after(today, -int(stories()["months"])), CODE_POLICY.in_force_from)


def starts(complaints: int, *, seed: str, today: date, calendar: WorkingDays) -> Iterator[Start]:
    """Every complaint there will be. The ones laid out one by one always come; the others fill up the number.

    Raises BadInput when there is not room for them, in number or in time.
    """
    laid_out = [*stories()["closed"], *stories()["open"]]
    first = calendar.after(first_day(today), 1)
    longest = back(calendar, today, max(one["received"] for one in laid_out))
    if longest <= first:
        raise BadInput(
            f"The sample council cannot be made for {day_words(today)}: its oldest complaint would come before "
            f"{day_words(first)}, when the console opens there. Check this computer's clock."
        )
    rest = complaints - len(laid_out)
    if rest < 0:
        raise BadInput(f"The sample council has at least {counted(len(laid_out), 'complaint')}. Ask for that or more.")
    for number in range(complaints):
        random = Random(f"{seed} {number}")  # noqa: S311 - a story, not a secret
        if number < rest:
            table = _weighed(stories()["shape"], random)
            yield Start(
                number=number,
                received_on=_some_day(number / rest, first=first, today=today, calendar=calendar, random=random),
                course=course_from(table, random),
            )
        else:
            course = course_from(laid_out[number - rest], random)
            yield Start(number=number, received_on=back(calendar, today, course.received or 0), course=course)


def course_from(table: Mapping[str, Any], random: Random) -> Course:
    """A course from its table over the usual one, with every choice drawn."""
    given = {**stories()["usual"], **table}
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Course):
        value = given.get(field.name)
        if value is None:
            continue
        if isinstance(field.default, tuple):
            value = tuple(value)
        elif isinstance(value, list):
            value = random.choice(value)
        values[field.name] = None if value == "never" else value
    return Course(**values)


def back(calendar: WorkingDays, day: date, steps: int) -> date:
    """The working day that lies `steps` working days before a day; with 0 the day itself or the last one before it."""
    found = day
    while not calendar.is_working(found) or calendar.between(found, day) < steps:
        found -= timedelta(days=1)
    return found


def _weighed(tables: list[dict[str, Any]], random: Random) -> Mapping[str, Any]:
    return random.choices(tables, weights=[table["often"] for table in tables])[0]


def _some_day(share: float, *, first: date, today: date, calendar: WorkingDays, random: Random) -> date:
    """A day near a share of the whole time: complaints grow a little denser, and most come on working days."""
    spread = stories()["spread"]
    latest = back(calendar, today, spread["latest"])
    length = (latest - first).days
    day = first + timedelta(days=min(length, round(length * share ** spread["growth"] + random.random())))
    if random.random() < spread["on_working_days"]:
        day = calendar.next_working(day)
    return min(day, latest)
