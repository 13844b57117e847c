"""One complaint's story: the commands that make it, each with its moment and whoever gives it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from core.code.policy import Policy
from core.commands.base import Command
from core.commands.recording import AddNote
from core.commands.stage_one import Extend, PointAnswer
from core.demo.courses import Course, Start, back, stories
from core.demo.texts import Matter, Writer, services
from core.desk import LONDON, Desk
from core.rules.facts import ExtensionFacts, Outcome, StageFacts, StageNumber
from core.rules.s6_stages import RESPOND, acknowledge_by, current_date, extend_to_at_most
from core.rules.working_days import WorkingDays

_OPENS, _CLOSES = time(9), time(16)


Finds = Callable[[Desk, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One command: when, by whom, and what it says. The reference is known only once the complaint is recorded.

    `finds` gives what else is known only then, such as the number of a question that is answered.
    """

    at: datetime
    who: str
    kind: type[Command]
    command_id: str
    values: Mapping[str, Any]
    finds: Finds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The council's colleagues by what they do, by name, and the ids that the installation gave them all."""

    recorders: Sequence[str]
    handlers: Sequence[str]
    reviewers: Sequence[str]
    manager: str
    colleague_ids: Mapping[str, int]
    service_ids: Mapping[str, int]
    reason_ids: Mapping[str, int]
    cause_ids: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """What every story shares: the cast, the policy and calendar in force, and the day on which all stories stop."""

    cast: Cast
    policy: Policy
    calendar: WorkingDays
    today: date


class StoryEnds(Exception):
    """The story has come to the demo's today: what follows has not happened yet."""


class Story:
    """One complaint being told, act by act, never back in time."""

    def __init__(self, start: Start, council: Council, *, seed: str) -> None:
        self.random = Random(f"{seed} {start.number} words")  # noqa: S311 - a story, not a secret
        self.calls = Random(f"{seed} {start.number} calls")  # noqa: S311 - by itself, so that calls change nothing else
        self.lessons = Random(f"{seed} {start.number} lessons")  # noqa: S311 - by itself for the same reason
        self.remedies = Random(f"{seed} {start.number} remedies")  # noqa: S311 - by itself for the same reason
        self.council = council
        self.cast = council.cast
        self.course: Course = start.course
        self.received_on = start.received_on
        self.service, matter = self._matter()
        self.writer = Writer(matter, self.random)
        self.handler = self.random.choice(self.cast.reviewers if self.course.same_hands else self.cast.handlers)
        self.acts: list[Act] = []
        self.stages: dict[int, StageFacts] = {}
        self.found: dict[int, Outcome] = {}
        self.points = 1
        self.declared: set[str] = set()
        self.heard: set[int] = set()

    def _matter(self) -> tuple[str, Matter]:
        service = self.random.choice(list(services()))
        return service, self.random.choice(services()[service])

    # ------------------------------------------------------------------------------------------------ days and dates

    @property
    def day(self) -> date:
        """The day of the latest act."""
        return self.acts[-1].at.astimezone(LONDON).date()

    def shift(self, day: date, steps: int) -> date:
        """The working day `steps` after a day, or before it when negative."""
        calendar = self.council.calendar
        return calendar.after(day, steps) if steps > 0 else back(calendar, day, -steps)

    def not_before_now(self, day: date) -> date:
        """The day itself, or the day of the latest act when that is later."""
        return max(day, self.day)

    def some(self, name: str) -> int:
        """A few working days, from the spreads."""
        return int(self.random.choice(stories()["spread"][name]))

    @property
    def counting(self) -> dict[str, Any]:
        """The policy and calendar, as rules take them."""
        return {"policy": self.council.policy, "calendar": self.council.calendar}

    def owed(self, number: int) -> date:
        """The date a stage's answer is owed by."""
        return current_date(self.stages[number], **self.counting)

    def acknowledgement_owed(self, number: int) -> date:
        """The date a stage's acknowledgement is owed by."""
        return acknowledge_by(self.stages[number], **self.counting)

    def answer_again_owed(self, number: StageNumber, reopened_on: date) -> date:
        """The date by which a reopened complaint is answered again."""
        return self.council.calendar.after(reopened_on, self.council.policy.period(RESPOND[number]).value)

    def remember(self, number: int, **facts: Any) -> None:
        """Keep a stage's dates, so that the next ones follow from them."""
        known = self.stages.get(number)
        if known is None:
            self.stages[number] = StageFacts(number=StageNumber(number), **facts)
        else:
            self.stages[number] = dataclasses.replace(known, **facts)

    # ----------------------------------------------------------------------------------------------------------- acts

    def act(self, day: date, who: str, kind: type[Command], /, *, finds: Finds | None = None, **values: Any) -> None:
        """Add a command on a day; on the same day it follows the one before by some minutes.

        Raises StoryEnds on the demo's today: nothing has happened on it yet, whatever the hour.
        """
        if day >= self.council.today:
            raise StoryEnds
        after = self.random.randint(3, 25)
        opens = datetime.combine(day, _OPENS, tzinfo=LONDON).astimezone(UTC)
        closes = datetime.combine(day, _CLOSES, tzinfo=LONDON).astimezone(UTC)
        at = opens + timedelta(minutes=self.random.randrange(int((closes - opens).total_seconds()) // 60))
        if self.acts:
            if day < self.day:
                raise RuntimeError(f"{kind.__name__} on {day} would come before the act on {self.day}.")
            earliest = self.acts[-1].at + timedelta(minutes=after)
            at = earliest if day == self.day else max(at, earliest)
        command_id = str(UUID(int=self.random.getrandbits(128), version=4))
        self.acts.append(Act(at=at, who=who, kind=kind, command_id=command_id, values=values, finds=finds))

    def reason(self, name: str) -> str:
        """A reason that a colleague records."""
        return self.writer.one_of("reasons", name)

    def note(self, day: date, who: str) -> None:
        """A colleague writes down something worth keeping."""
        self.act(self.not_before_now(day), who, AddNote, text=self.writer.one_of("entries", "notes"))

    def outcome(self, number: int) -> Outcome:
        """What is found at a stage, kept for the words that follow from it."""
        often = stories()["outcomes"]
        before = self.found.get(1)
        if number == 2 and before is not None and self.random.random() * 100 >= stories()["overturned"]["often"]:
            chosen = before
        else:
            chosen = Outcome(self.random.choices(list(often), weights=list(often.values()))[0])
        self.found[number] = chosen
        return chosen

    def answers(self, outcome: Outcome, because: str) -> tuple[PointAnswer, ...]:
        """A finding with reasons on every point: the outcome on the first, its own on each further one."""
        given = [PointAnswer(number=1, outcome=outcome, reasons=because)]
        for number in range(2, self.points + 1):
            upheld = self.random.random() < 0.5
            reasons = self.writer.one_of("answers", "point_upheld" if upheld else "point_not_upheld")
            found = Outcome.UPHELD if upheld else Outcome.NOT_UPHELD
            given.append(PointAnswer(number=number, outcome=found, reasons=reasons))
        return tuple(given)

    def extend(self, number: int, kind: str, who: str) -> None:
        """Give a stage more time, in one of the ways that the stories name."""
        stage, owed = self.stages[number], self.owed(number)
        limit = extend_to_at_most(stage, **self.counting)
        new_date = self._new_date(kind, owed=owed, limit=limit)
        late = kind == "told_late"
        told_on = self.shift(owed, self.some("told_after") if late else -self.some("told_before"))
        told_on = self.not_before_now(told_on)
        over = new_date > limit
        excuses = {"told_late": "told_late", "no_ombudsman": "no_ombudsman"}
        excuse = "over_limit" if over else excuses.get(kind, "")
        told = kind != "no_ombudsman"
        good_reason = self.reason(excuse) if excuse else None
        self.act(
            told_on,
            who,
            Extend,
            new_date=new_date,
            told_on=told_on,
            reason=self.reason("within_limit"),
            ombudsman_told=told,
            good_reason=good_reason,
        )
        given = ExtensionFacts(new_date=new_date, told_on=told_on, good_reason=over)
        self.remember(number, extensions=(*stage.extensions, given))

    def _new_date(self, kind: str, *, owed: date, limit: date) -> date:
        if kind == "to_today":
            return self.council.today
        if kind in {"over_limit", "far_over_limit"}:
            return self.shift(limit, self.some(kind))
        if kind == "short":
            return self.shift(owed, self.some("short"))
        room = self.council.calendar.between(owed, limit)
        return self.shift(owed, self.random.randint((room + 1) // 2, room))
