"""What can happen when a complaint, or a point of one, goes by another route than the Code."""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import day_words, listed


class ComplaintRouted(Event):
    """A complaint was sent down another route, or moved to the other Code."""

    tag = "complaint.routed"
    clauses = ("lgsco:5.8",)

    scheme: str
    route: str
    stays: bool
    received_on: date
    told_on: date
    why: PersonalText
    told: PersonalText
    taken_by: PersonalText = ""
    link: PersonalText = ""

    def sentence(self) -> str:
        goes = "Goes on in the same two stages under" if self.stays else "Goes by another route:"
        there = f" Taken on by {self.taken_by}." if self.taken_by not in ("", ERASED) else ""
        return (
            f"{goes} {self.route}. Received {day_words(self.received_on)}, as before; the individual was told on "
            f"{day_words(self.told_on)}.{there} Why: {self.why}"
        )


class PointsRouted(Event):
    """Points of a complaint were put under another scheme.

    `becomes` is the complaint they went on as, if they left it.
    """

    tag = "points.routed"
    clauses = ("lgsco:5.8",)

    numbers: tuple[int, ...]
    scheme: str
    route: str
    told_on: date
    why: PersonalText
    told: PersonalText
    becomes: str = ""

    def sentence(self) -> str:
        one = len(self.numbers) == 1
        what = f"Point {self.numbers[0]}" if one else f"Points {listed(map(str, self.numbers))}"
        if self.becomes:
            how = f"{'goes' if one else 'go'} by another route as {self.becomes}: {self.route}"
        else:
            how = f"{'is' if one else 'are'} answered here under {self.route}"
        return f"{what} {how}. The individual was told on {day_words(self.told_on)}. Why: {self.why}"


class RouteStepRecorded(Event):
    """Something happened on the route a complaint goes by, or the day of it was put right."""

    tag = "route_step.recorded"
    clauses = ("lgsco:5.8",)

    scheme: str
    step: str
    title: str
    on: date
    until: date | None = None
    was: date | None = None
    note: PersonalText = ""

    def sentence(self) -> str:
        until = f", until {day_words(self.until)}" if self.until is not None else ""
        was = f" Before, the record said {day_words(self.was)}." if self.was is not None else ""
        note = f" {self.note}" if self.note not in ("", ERASED) else ""
        return f"On its route: {self.title[0].lower()}{self.title[1:]} on {day_words(self.on)}{until}.{was}{note}"


class ComplaintRerouted(Event):
    """A complaint left the route it went by, for another one or back into the Code."""

    tag = "complaint.rerouted"
    clauses = ("lgsco:5.8",)

    was: str
    becomes: str
    route: str
    stays: bool
    received_on: date
    told_on: date
    why: PersonalText
    told: PersonalText
    taken_by: PersonalText = ""
    link: PersonalText = ""

    def sentence(self) -> str:
        where = f"Brought back into the two stages, under {self.route}" if self.stays else f"Moved to {self.route}"
        return (
            f"{where}; it went by {self.was}. Received {day_words(self.received_on)}, as before: its clocks count from "
            f"that day. The individual was told on {day_words(self.told_on)}. Why: {self.why}"
        )
