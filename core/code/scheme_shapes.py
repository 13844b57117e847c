"""The shapes of the two Codes and of the routes that lead elsewhere, with the steps and clocks of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, Strict

from core.code.shapes import STRICT, ClauseKey, Count, Name, Switch, Unit, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """Something that happens on a route elsewhere, recorded with its day; `until` asks for the day agreed as well."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    until: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """How others count a clock: from another event, or with its day as day 1. The earlier date is to be acted by."""

    __pydantic_config__ = STRICT

    why: Words
    anchor: Name | None = None
    inclusive: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A day of the year that a route leaves out beside the bank holidays."""

    __pydantic_config__ = STRICT

    name: Words
    month: Count
    day: Count

    def __post_init__(self) -> None:
        date(2000, self.month, self.day)  # a leap year; ValueError says what is wrong with it


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteClock:
    """A period of a route elsewhere, in `unit`, counted from `anchor`.

    `inclusive` when the day of the anchor is day 1; `roll` says what happens when the last day is a day off. Without
    `met_by` nobody here owes it. `extends` names the clock that can be put off to this one's day and no later.
    """

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    n: Count
    unit: Unit
    anchor: Name
    inclusive: Switch
    roll: Literal["none", "next_working_day"]
    met_by: tuple[Name, ...] = ()
    put_off_by: Name | None = None
    extends: Name | None = None
    other_reading: OtherReading | None = None
    note: Words | None = None

    def __post_init__(self) -> None:
        if (self.anchor == "respond_by") and self.extends is None:
            raise ValueError(f"clock {self.key} runs from respond_by; name in `extends` the clock whose day that is")
        if self.put_off_by is not None and not self.met_by:
            raise ValueError(f"clock {self.key} can be put off and nothing meets it; give `met_by`")

    @property
    def kind(self) -> str:
        """The kind of duty that this clock is."""
        return f"route:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ombudsman:
    """Whom to name, and how to reach them."""

    __pydantic_config__ = STRICT

    name: Words
    post: Words
    phone: Words
    web: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One of the two Codes, or a route that leads elsewhere. A Code has exactly two stages [lgsco:6.20]."""

    __pydantic_config__ = STRICT

    key: Annotated[Name, Field(max_length=20)]
    short: Words
    title: Words
    regime: Literal["code", "statutory", "elsewhere"]
    stages: Annotated[int, Strict(), Field(ge=0)]
    applies: Words
    force: Words
    holidays: Literal["england-and-wales", "england", "united-kingdom"]
    extra_days_off: tuple[DayOff, ...] = ()
    pause_allowed: Switch = False
    timescales: tuple[Name, ...] = ()
    law: Annotated[Words, Field(max_length=16)] | None = None
    steps: tuple[RouteStep, ...] = ()
    clocks: tuple[RouteClock, ...] = ()
    apart: Switch = False
    differences: tuple[Words, ...] = ()
    ombudsman: Ombudsman | None = None
    renumbered: Mapping[ClauseKey, Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.regime != "code":
            if self.timescales:
                raise ValueError("only a Code has `timescales`; give its periods as `clocks`")
            self._check_clocks()
            return
        if self.stages != 2:
            raise ValueError(f"it has {self.stages} stages; a Code has exactly two [lgsco:6.20]")
        if self.ombudsman is None:
            raise ValueError("a Code names its Ombudsman; add the `ombudsman` table")
        if self.pause_allowed:
            raise ValueError("neither Code knows a pause; set `pause_allowed` to false")

    def _check_clocks(self) -> None:
        """Each clock runs from, is met by and is put off by something that can happen on this route."""
        if self.clocks and self.law is None:
            raise ValueError("it has clocks; name its `law`, which stands beside them")
        if self.clocks and self.holidays == "united-kingdom":
            raise ValueError("only the bank holidays of England and Wales are held here; its clocks cannot be counted")
        known, before = {step.key for step in self.steps}, set[str]()
        for clock in self.clocks:
            other = clock.other_reading.anchor if clock.other_reading else None
            anchors = {clock.anchor, other} - {"received", "issue_or_awareness", "respond_by", None}
            lacking = {*anchors, *clock.met_by, *filter(None, (clock.put_off_by,))} - known
            if lacking:
                raise ValueError(f"clock {clock.key} names {', '.join(sorted(map(str, lacking)))}; add it to `steps`")
            if clock.extends is not None and clock.extends not in before:
                raise ValueError(f"clock {clock.key} extends {clock.extends}, which does not stand before it")
            before.add(clock.key)

    @property
    def stays(self) -> bool:
        """Whether a complaint under it goes through the two stages."""
        return self.regime == "code"

    @property
    def cite(self) -> str:
        """Its law as the clause of a duty: "law:SI 2009/309"."""
        return f"law:{self.law}"

    def number(self, clause: str) -> str:
        """The number of a clause of ours in this Code, as it is printed there: lgsco:6.15 is 6.14 for a landlord."""
        return self.renumbered.get(clause, clause).partition(":")[2]

    def step(self, key: str) -> RouteStep | None:
        """One of its steps by key."""
        return next((step for step in self.steps if step.key == key), None)
