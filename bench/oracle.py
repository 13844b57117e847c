"""A second opinion on what a council owes: the Code's periods written out once more, counted day by day.

It reads nothing but the history, entry by entry, and shares no line with core.rules: a working day is a Monday to
Friday that is not among the bank holidays it is given, and a period is walked one day after another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.lives import TAKES, Key, Life, Stage, carried

ACKNOWLEDGE = 5  # working days from receipt: clause 6.2, and 6.12 for stage 2
ANSWER = {1: 10, 2: 20}  # working days from the acknowledgement: clauses 6.3 and 6.15
EXTEND = {1: 10, 2: 20}  # more working days at most, without good reason: clauses 6.4 and 6.16
UPDATE = timedelta(weeks=4)  # this council's own choice while a remedy is outstanding: clause 6.6 says updated
STAGES = {1: "stage_one", 2: "stage_two"}
LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)

Owed = tuple[date, date, date | None, str]
"""When it is due, the day to act by, when it was met, and how it stands."""


def nth_working_day(start: date, n: int, closed: frozenset[date]) -> date:
    """The nth working day after a day, walked one day at a time."""
    day = start
    while n:
        day += ONE_DAY
        n -= day.weekday() < 5 and day not in closed
    return day


class Oracle:
    """Reads the history of a council and says what is owed on every complaint."""

    def __init__(self, holidays: frozenset[date]) -> None:
        self.lives: dict[int, Life] = {}
        self.versions = [holidays]
        self.unreachable: set[str] = set()
        self.wrong: list[str] = []
        self._halves: dict[str, tuple[Life, tuple[int, ...]]] = {}

    # ------------------------------------------------------------------------------------------ reading the history

    def read(self, row: Mapping[str, Any]) -> None:
        """Take in one entry of the history."""
        data = json.loads(row["data"])
        personal = json.loads(row["payload"] or "{}")
        told = {name: _read(value) for name, value in {**data, **personal}.items()}
        today = row["at"].astimezone(LONDON).date()
        if row["tag"] == "holidays.changed":
            added, gone = map(date.fromisoformat, told["added"]), map(date.fromisoformat, told["withdrawn"])
            self.versions.append((self.versions[-1] | {*added}) - {*gone})
        elif row["tag"] == "complaint.recorded":
            self._recorded(row["complaint_id"], told)
        elif row["complaint_id"] in self.lives:
            life = self.lives[row["complaint_id"]]
            take = TAKES.get(row["tag"])
            if take is not None:
                take(life, told, today)
            elif row["tag"] == "stage.acknowledged":
                self._acknowledged(life, told)
            elif row["tag"] == "stage.extended":
                self._extended(life, told)
            elif row["tag"] == "points.routed" and told["becomes"]:
                self._halves[told["becomes"]] = (life, tuple(told["numbers"]))
            elif row["tag"] == "complaint.split":
                life.came_from = next(each for each in self.lives.values() if each.reference == told["came_from"])
                life.reachable = life.came_from.reachable
            elif row["tag"] == "treatment.carried":
                carried(life)

    def _recorded(self, complaint_id: int, told: dict[str, Any]) -> None:
        stage = Stage(number=1, received=told["received_on"], logged=told["logged_on"])
        life = Life(reference=told["reference"], stages=[stage], raised={1: told["received_on"]})
        life.reachable = life.reference not in self.unreachable
        if life.reference in self._halves:
            # The other half of a complaint is acknowledged if it was, with every point that went over.
            whole, numbers = self._halves.pop(life.reference)
            one = whole.stages[0]
            life.came_from, life.reachable = whole, whole.reachable
            if one.acknowledged is not None and all(whole.raised[each] <= one.acknowledged for each in numbers):
                stage.acknowledged, stage.promised = one.acknowledged, one.promised
        self.lives[complaint_id] = life

    def _acknowledged(self, life: Life, told: dict[str, Any]) -> None:
        stage = life.now
        stage.acknowledged = told["acknowledged_on"]
        stage.promised = self._dates(stage, self.versions[-1])[1]
        if told["promised_on"] != stage.promised:
            self.wrong.append(f"{life.reference}: promised {told['promised_on']}, and by the walk {stage.promised}")

    def _extended(self, life: Life, told: dict[str, Any]) -> None:
        stage = life.now
        _acknowledge, answer, _reached, _told = self._dates(stage, self.versions[-1])
        limit = nth_working_day(answer, EXTEND[stage.number], self.versions[-1])
        stage.extensions.append((told["new_date"], told["told_on"], told["new_date"] > limit))

    # ------------------------------------------------------------------------------------------------- what is owed

    def owed(self, complaint_id: int) -> list[tuple[str, int, Owed]]:
        """Everything owed on a complaint, in order: its kind, its stage, and its days.

        What is settled keeps the holidays it was counted by; what is open is counted by the newest.
        """
        life, newest = self.lives[complaint_id], len(self.versions) - 1
        chosen = dict(self._counted(life, newest))
        for key, version in life.counted_by.items():
            if version != newest and key in chosen and chosen[key][3] != "open":
                chosen[key] = dict(self._counted(life, version))[key]
        life.counted_by = {key: life.counted_by.get(key, newest) for key, duty in chosen.items() if duty[3] != "open"}
        return sorted((kind, stage, duty) for (stage, kind, _number), duty in chosen.items())

    def standing_of(self, life: Life, kind: str) -> tuple[date | None, str]:
        """When one of a stage's own duties was met, and how it stands."""
        for (_stage, each, _number), duty in self._counted(life, len(self.versions) - 1):
            if each == kind:
                return duty[2], duty[3]
        return None, ""

    def _counted(self, life: Life, version: int) -> Iterator[tuple[Key, Owed]]:
        closed = self.versions[version]
        for stage in life.stages:
            yield from self._of_stage(life, stage, closed)
        if life.reopened is not None:
            due = nth_working_day(life.reopened, ANSWER[life.now.number], closed)
            standing = _standing(life, life.now, met=life.again, due=due)
            yield (life.now.number, "answer_again", 0), (due, due, life.again, standing)
        if life.ending == "refused" and life.ended is not None:
            yield (1, "tell_refusal", 0), self._refusal(life, life.ended, closed)
        yield from _beside(life)
        yield from _kept_up(life)

    def _dates(self, stage: Stage, closed: frozenset[date]) -> tuple[date, date, date | None, date | None]:
        """When to acknowledge and to answer, how far extensions told in time reach, and the day last told."""
        acknowledge = nth_working_day(stage.received, ACKNOWLEDGE, closed)
        start = min(stage.acknowledged or acknowledge, acknowledge)  # a late acknowledgement buys no time
        answer = nth_working_day(start, ANSWER[stage.number], closed)
        limit = nth_working_day(answer, EXTEND[stage.number], closed)
        reached, told_dates = answer, []
        for to, told, good_reason in stage.extensions:
            if told <= reached and (to <= limit or good_reason):
                told_dates.append(to)
                reached = max(reached, to)
        return acknowledge, answer, reached if told_dates else None, max(told_dates, default=stage.promised)

    def _of_stage(self, life: Life, stage: Stage, closed: frozenset[date]) -> Iterator[tuple[Key, Owed]]:
        acknowledge, answer, extended, told = self._dates(stage, closed)
        sent = stage.acknowledged or stage.answered
        met = max(sent, stage.logged) if sent is not None else None
        standing = _standing(life, stage, met=met, due=acknowledge)
        if not life.reachable or life.ending == "routed" or (life.ending == "refused" and met is None):
            standing = "void"
        yield (stage.number, f"acknowledge_{STAGES[stage.number]}", 0), (acknowledge, acknowledge, met, standing)
        standing = _standing(life, stage, met=stage.answered, due=answer, extended=extended)
        if life.ending == "routed":
            standing = "void"
        act_by = min(extended or answer, told or extended or answer)
        yield (stage.number, f"respond_{STAGES[stage.number]}", 0), (answer, act_by, stage.answered, standing)

    def _refusal(self, life: Life, told_on: date, closed: frozenset[date]) -> Owed:
        """Told by the day of what it takes the place of: the acknowledgement, or else the answer."""
        acknowledge, answer, extended, told = self._dates(life.stages[0], closed)
        if life.stages[0].acknowledged is None:
            standing = _judged(told_on, acknowledge, None) if life.reachable else "void"
            return acknowledge, acknowledge, told_on, standing
        act_by = min(extended or answer, told or extended or answer)
        return answer, act_by, told_on, _judged(told_on, answer, extended)


def _read(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    return value


def _judged(met: date, due: date, extended: date | None) -> str:
    return "in_time" if met <= due else "extended" if extended is not None and met <= extended else "late"


def _standing(life: Life, stage: Stage, *, met: date | None, due: date, extended: date | None = None) -> str:
    if met is not None:
        return _judged(met, due, extended)
    if stage is not life.now:
        return "late"  # stage 2 was asked for while it was owed
    if life.ended is None:
        return "open"
    return "void" if life.ended <= (extended or due) else "late"


def _beside(life: Life) -> Iterator[tuple[Key, Owed]]:
    """What somebody chose a day for: on that day it is still in time."""
    for each in life.owing:
        if each.due is None:
            continue
        over = each.over
        if each.kind == "information" and life.ended is not None:
            over = min(over or life.ended, life.ended)
        if each.met is not None:
            standing = "in_time" if each.met <= each.due else "late"
        elif over is not None:
            standing = "void" if over <= each.due else "late"
        else:
            standing = "open"
        stage = life.stage_when(each.met or each.over)
        yield (stage, each.kind, each.number), (each.due, each.due, each.met, standing)


def _kept_up(life: Life) -> Iterator[tuple[Key, Owed]]:
    """After an answer they hear from the council again and again until every remedy is done, or stage 2 begins."""
    remedies = [each for each in life.owing if each.kind == "deliver_remedy"]
    for at, stage in enumerate(life.stages):
        answered = stage.answered
        if answered is None:
            continue
        next_stage = life.stages[at + 1].received if at + 1 < len(life.stages) else None
        left = [each for each in remedies if (each.met or each.over or date.max) > answered]
        left = [each for each in left if next_stage is None or each.since < next_stage]
        if not left:
            continue
        start = max(answered, min(each.since for each in left))
        end = max(each.met or each.over or date.max for each in left)
        end = min(end, next_stage or date.max)
        if end > start:
            yield (stage.number, "update_on_remedies", 0), _gaps(life, start, end)


def _gaps(life: Life, start: date, end: date) -> Owed:
    heard = set(life.heard)
    for stage in life.stages:
        heard |= {told for _to, told, _good in stage.extensions}
        heard |= {day for day in (stage.acknowledged, stage.answered, life.again) if day is not None}
    days = [start, *sorted(day for day in heard if start < day < end)]
    if end == date.max:
        due = days[-1] + UPDATE
        return due, due, None, "open"
    for since, until in zip(days, [*days[1:], end], strict=True):
        if until > since + UPDATE:
            return since + UPDATE, since + UPDATE, until, "late"
    due = days[-1] + UPDATE
    return (due, due, end, "in_time") if end > start + UPDATE else (due, due, None, "void")
