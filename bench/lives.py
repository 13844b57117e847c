"""What happened to one complaint, as the second opinion notes it from the history: days, and nothing counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Key = tuple[int, str, int]
"""A duty of a complaint: its stage, its kind, and which of several."""
HOLD = "review_hold"
TREATMENT = frozenset({"review_adjustment", "review_restriction"})


@dataclass(slots=True)
class Stage:
    """What happened at one stage."""

    number: int
    received: date
    logged: date
    acknowledged: date | None = None
    promised: date | None = None
    answered: date | None = None
    extensions: list[tuple[date, date, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Owing:
    """Something with a day somebody chose: a review, a remedy, a question. `over` is when it was owed no longer."""

    kind: str
    number: int
    since: date
    due: date | None
    met: date | None = None
    over: date | None = None
    what: str = ""


@dataclass(slots=True)
class Life:
    """What happened to one complaint."""

    reference: str
    stages: list[Stage]
    raised: dict[int, date]
    reachable: bool = True
    scheme: str = "lgsco"
    ending: str = ""
    ended: date | None = None
    reopened: date | None = None
    again: date | None = None
    owing: list[Owing] = field(default_factory=list)
    heard: set[date] = field(default_factory=set)
    came_from: Life | None = None
    counted_by: dict[Key, int] = field(default_factory=dict)
    """The version of the holidays that each settled duty was counted by, which it keeps."""

    @property
    def now(self) -> Stage:
        """The stage it is at."""
        return self.stages[-1]

    def find(self, kind: str, number: int) -> Owing:
        """One thing that is owed, by its number."""
        return next(each for each in self.owing if (each.kind, each.number) == (kind, number))

    def open_review(self, kind: str, what: str) -> Owing:
        """The review that is owed of one adjustment or restriction."""
        return next(
            each for each in self.owing if (each.kind, each.what) == (kind, what) and not (each.met or each.over)
        )

    def stage_when(self, settled: date | None) -> int:
        """The stage a complaint was at on the day something was settled, or is at now."""
        two = self.stages[1] if len(self.stages) > 1 else None
        return 1 if two is None or (settled is not None and settled < two.received) else 2


# ------------------------------------------------------------------------------------------------- what each entry says

Told = dict[str, Any]


def _answered(life: Life, told: Told, _today: date) -> None:
    if told["addendum"]:
        life.again = told["sent_on"]
    else:
        life.now.answered = told["sent_on"]
    if told["stage"] == 2:
        life.ending, life.ended = "final_response", told["sent_on"]


def _two(life: Life, told: Told, today: date) -> None:
    life.stages.append(Stage(number=2, received=told["requested_on"], logged=today))
    life.reopened = life.again = None
    life.ending, life.ended = "", None


def _corrected(life: Life, told: Told, _today: date) -> None:
    """A day was written down wrongly: everything is counted from the right one."""
    place = CORRECTED.get(told["fact"])
    if place is None:
        return
    number, name = place
    setattr(life.stages[number - 1], name, told["new"] or None)
    if told["fact"] == "the day of the final response" and (life.ending, life.ended) == ("final_response", told["old"]):
        life.ended = told["new"]


def _ends(ending: str, day: str) -> Callable[[Life, Told, date], None]:
    def take(life: Life, told: Told, _today: date) -> None:
        life.ending, life.ended = ending, told[day]

    return take


def _reopened(life: Life, told: Told, _today: date) -> None:
    life.ending, life.ended, life.again = "", None, None
    life.reopened = told["reopened_on"] if life.now.answered is not None else None


def _routed(life: Life, told: Told, _today: date) -> None:
    life.scheme = told.get("scheme") or told["becomes"]
    if not told["stays"]:
        life.ending, life.ended = "routed", told["told_on"]
    elif life.ending == "routed":
        life.ending, life.ended = "", None


def _agreed(kind: str) -> Callable[[Life, Told, date], None]:
    def take(life: Life, told: Told, _today: date) -> None:
        number = sum(each.kind == kind for each in life.owing) + 1
        life.owing.append(Owing(kind, number, told["starts_on"], told["review_on"], what=told["what"]))

    return take


def _reviewed(kind: str) -> Callable[[Life, Told, date], None]:
    def take(life: Life, told: Told, _today: date) -> None:
        life.open_review(kind, told["what"]).met = told["reviewed_on"]
        number = sum(each.kind == kind for each in life.owing) + 1
        life.owing.append(Owing(kind, number, told["reviewed_on"], told["review_on"], what=told["what"]))

    return take


def _dropped(kind: str) -> Callable[[Life, Told, date], None]:
    def take(life: Life, told: Told, _today: date) -> None:
        life.open_review(kind, told["what"]).over = told["ended_on"]

    return take


def _held(life: Life, told: Told, today: date) -> None:
    number = sum(each.kind == HOLD for each in life.owing) + 1
    life.owing.append(Owing(HOLD, number, today, told["review_on"], what=HOLD))


def _still_held(life: Life, told: Told, today: date) -> None:
    life.open_review(HOLD, HOLD).met = today
    _held(life, told, today)


def _let_go(life: Life, _told: Told, today: date) -> None:
    life.open_review(HOLD, HOLD).over = today


def _offered(life: Life, told: Told, _today: date) -> None:
    life.owing.append(Owing("deliver_remedy", told["number"], told["offered_on"], told["due_on"]))


def _done(life: Life, told: Told, _today: date) -> None:
    life.find("deliver_remedy", told["number"]).met = told["done_on"]


def _failed(life: Life, told: Told, _today: date) -> None:
    life.find("deliver_remedy", told["number"]).over = told["told_on"]


def _asked(life: Life, told: Told, today: date) -> None:
    life.owing.append(Owing("information", told["number"], today, told["due_on"]))


def _chased(life: Life, told: Told, _today: date) -> None:
    question = life.find("information", told["number"])
    question.due = told["new_due_on"] or question.due


def _informed(life: Life, told: Told, _today: date) -> None:
    life.find("information", told["number"]).met = told["answered_on"]


def _taken_back(life: Life, told: Told, today: date) -> None:
    life.find("information", told["number"]).over = today


def _heard(day: str) -> Callable[[Life, Told, date], None]:
    def take(life: Life, told: Told, _today: date) -> None:
        life.heard.add(told[day])

    return take


def _contact(life: Life, told: Told, _today: date) -> None:
    if told["direction"] == "we contacted them" and told["with_whom"] != "somebody else":
        life.heard.add(told["on_day"])


def _point(life: Life, told: Told, _today: date) -> None:
    life.raised[told["number"]] = told["raised_on"]


CORRECTED: Mapping[str, tuple[int, str]] = {
    "the day of receipt": (1, "received"),
    "the day stage 1 was acknowledged": (1, "acknowledged"),
    "the day stage 1 was answered": (1, "answered"),
    "the day stage 2 was asked for": (2, "received"),
    "the day stage 2 was acknowledged": (2, "acknowledged"),
    "the day of the final response": (2, "answered"),
}
"""The days that can be corrected: the stage each belongs to, and what it is there."""

TAKES: Mapping[str, Callable[[Life, Told, date], None]] = {
    "stage.answered": _answered,
    "stage_two.opened": _two,
    "stage_two.refused": _ends("escalation_refused", "told_on"),
    "complaint.refused": _ends("refused", "told_on"),
    "complaint.withdrawn": _ends("withdrawn", "withdrawn_on"),
    "complaint.reopened": _reopened,
    "complaint.routed": _routed,
    "complaint.rerouted": _routed,
    "adjustment.agreed": _agreed("review_adjustment"),
    "adjustment.reviewed": _reviewed("review_adjustment"),
    "adjustment.ended": _dropped("review_adjustment"),
    "contact.restricted": _agreed("review_restriction"),
    "restriction.reviewed": _reviewed("review_restriction"),
    "restriction.lifted": _dropped("review_restriction"),
    "hold.placed": _held,
    "hold.reviewed": _still_held,
    "hold.lifted": _let_go,
    "remedy.offered": _offered,
    "remedy.completed": _done,
    "remedy.failed": _failed,
    "information.asked": _asked,
    "information.chased": _chased,
    "information.answered": _informed,
    "information.withdrawn": _taken_back,
    "contact.recorded": _contact,
    "clarification.asked": _heard("asked_on"),
    "meeting.recorded": _heard("held_on"),
    "letter.sent": _heard("sent_on"),
    "updates.agreed": _heard("agreed_on"),
    "point.added": _point,
    "fact.corrected": _corrected,
}
"""What each entry of the history changes; the others change no day."""


def carried(life: Life) -> None:
    """Each adjustment and restriction in force is reviewed on both complaints, by the same day."""
    for each in life.came_from.owing if life.came_from is not None else ():
        if each.kind in TREATMENT and not (each.met or each.over):
            number = sum(one.kind == each.kind for one in life.owing) + 1
            life.owing.append(Owing(each.kind, number, each.since, each.due, what=each.what))
