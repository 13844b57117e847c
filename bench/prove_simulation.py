"""Councils that live by the dice for years, each judged by a second opinion that reads their history alone.

After every step the duties of each complaint it touched are compared with those of `bench.oracle`; after every year the
ledger is proved, the duties are counted again, and the figures are added up. A seed names a council for good.
"""

from __future__ import annotations

import json
import re
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from bench.council import BEGINS, COMPLAINTS_A_YEAR, TURN, Council, Told
from bench.lives import Life
from bench.oracle import Oracle
from bench.prove_kills import differing_duties
from bench.prove_records import bank_holidays
from core.desk import Desk
from core.errors import ComplaintsError, StepNotOpen
from core.model.duties import Duty
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.model.outbox import OutboxState
from core.permissions import SYSTEM
from core.queries.figures import Period, figures, figures_by_month
from core.rules.steps import STEPS, Position
from tests.mail import a_mail_server

COUNCIL_YEARS, YEARS_OF_EACH, A_YEAR = 200, 2, 365
SETTLED_TURN = 0.006  # how likely a complaint that is over is taken up on a working day
WEEK = timedelta(days=7)
OF_A_SORT = 10
IN_HAND = frozenset(
    {
        *("stage.assigned", "stage.left", "stage.freed", "stage.answered"),
        *("complaint.refused", "complaint.rerouted"),
    }
)

_D = Duty.__table__  # type: ignore[attr-defined]
_E = LedgerEntry.__table__  # type: ignore[attr-defined]
_P = LedgerPersonal.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Lived:
    """What came of councils: how much happened, and whatever must not. `faults` name the seed that shows each."""

    years: float = 0
    complaints: int = 0
    duties_compared: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    broken: int = 0
    judged_twice: int = 0
    misled: int = 0
    letters_wrong: int = 0
    seconds: float = 0
    faults: list[str] = field(default_factory=list)
    sorts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Hands:
    """Who had a complaint in hand: who answered or refused it at first, who has stage 1, and who has stage 2."""

    answered: set[int] = field(default_factory=set)
    one: int | None = None
    two: int | None = None


def simulate(*, seeds: range, days: int, limit: float) -> Lived:
    """Let one council after another live, until all have or the time is up."""
    lived, began = Lived(), perf_counter()
    for seed in seeds:
        if perf_counter() - began > limit:
            break
        _one_council(seed, days, lived)
    lived.seconds = round(perf_counter() - began, 1)
    return lived


def _one_council(seed: int, days: int, lived: Lived) -> None:
    with tempfile.TemporaryDirectory(prefix="council-") as name, a_mail_server() as box:
        council = Council.founded(seed, Path(name), box)
        try:
            _Watched(seed, council, lived).live(days)
        except Exception:
            lived.broken += 1
            lived.faults.append(f"seed {seed}: {traceback.format_exc(limit=-3)}")
        finally:
            lived.counts += council.counts
            council.office.close()


class _Watched:
    """One council and whoever watches it."""

    def __init__(self, seed: int, council: Council, lived: Lived) -> None:
        self.seed, self.council, self.lived = seed, council, lived
        closed, _named = bank_holidays()
        self.oracle = Oracle(frozenset(closed))
        self.oracle.unreachable = council.unreachable
        self.read_to = 0
        self.hands: dict[int, Hands] = {}
        list(self.read())

    def live(self, days: int) -> None:
        """Day after day, and a look at everything at the end of each year and of the last day."""
        seen = 0
        for at in range(days):
            self.a_day(BEGINS + timedelta(days=at))
            if (at + 1) % A_YEAR == 0 or at + 1 == days:
                self.look_at_everything()
                self.lived.years += (at + 1 - seen) / A_YEAR
                seen = at + 1
        self.last_letters(BEGINS + timedelta(days=days))
        self.lived.complaints += len(self.oracle.lives)

    # ---------------------------------------------------------------------------------------------------------- days

    def a_day(self, day: date) -> None:
        council, dice = self.council, self.council.dice
        if day.weekday() > 4 or day in self.oracle.versions[-1]:
            return
        council.begin_day(day)
        if dice.random() < COMPLAINTS_A_YEAR / 250:
            council.take_in()
            self.compare(self.read())
        if dice.random() < 1 / 250:
            council.declare_a_holiday()
            self.compare([*self.read(), *self.oracle.lives])
        for case_id, life, row in self.open_to_steps():
            if dice.random() < (TURN if row["is_open"] else SETTLED_TURN):
                self.a_step(case_id, life, Position(row["position"]))
        if council.counts["letters_queued"] and dice.random() < 0.2:
            council.deliver()
            self.compare(self.read())

    def open_to_steps(self) -> list[tuple[int, Life, Any]]:
        rows = {row["id"]: row for row in self.council.story.rows("complaint")}
        return [(case_id, life, rows[case_id]) for case_id, life in list(self.oracle.lives.items())]

    def a_step(self, case_id: int, life: Life, position: Position) -> None:
        council = self.council
        if position is Position.ONE_AWAITING_ACKNOWLEDGEMENT and council.dice.random() < 0.05:
            self.quietly(lambda: council.write_to_them(life.reference))
            self.compare(self.read())
            return
        kind = council.choose(position)
        ready: Any = None

        def prepare() -> None:
            nonlocal ready
            ready = council.ready(kind, life.reference)

        self.quietly(prepare)
        self.compare(self.read())
        if ready is None:
            return
        desk, command = ready
        before = council.story.case(life.reference)["position"]
        told = council.take(desk, command)
        self.judge(told, life, position, moved=before != position.value)

    def quietly(self, act: Callable[[], None]) -> None:
        """What leads up to a step can be refused like any step, and is then left."""
        try:
            act()
        except ComplaintsError as refusal:
            self.lived.refusals[f"before: {type(refusal).__name__}"] += 1

    def judge(self, told: Told, life: Life, position: Position, *, moved: bool) -> None:
        entries = list(self.entries())
        touched = self.take_in(entries)
        if told.refusal is not None:
            self.lived.refusals[type(told.refusal).__name__] += 1
            left = [row["tag"] for row in entries if row["tag"] != "step.refused"]
            if left:
                self.lived.broken += 1
                self.fault(f"{told.kind} was refused and left {left}")
            if isinstance(told.refusal, StepNotOpen) and position.value in str(told.refusal) and not moved:
                self.lived.misled += 1
                self.fault(f"{told.kind} was offered on {life.reference} and refused: {told.refusal}")
        self.compare(touched)

    # ------------------------------------------------------------------------------------------------------- watching

    def entries(self) -> Iterator[dict[str, Any]]:
        """What the history has that was not read yet."""
        statement = (
            sa.select(_E, _P.c.payload)
            .select_from(_E.outerjoin(_P, _P.c.n == _E.c.n))
            .where(_E.c.n > self.read_to)
            .order_by(_E.c.n)
        )
        with self.council.office.database.reading() as connection:
            rows = [dict(row) for row in connection.execute(statement).mappings()]
        for row in rows:
            self.read_to = row["n"]
            yield row

    def read(self) -> list[int]:
        """Let the second opinion read on; the complaints that something happened to."""
        return self.take_in(list(self.entries()))

    def take_in(self, entries: list[dict[str, Any]]) -> list[int]:
        departed = {row["command_id"] for row in entries if row["tag"] == "code.departed" and "6.14" in row["data"]}
        for row in entries:
            self.oracle.read(row)
            self.someone_new(row, excused=row["command_id"] in departed)
        for wrong in self.oracle.wrong:
            self.lived.differing += 1
            self.fault(wrong)
        self.oracle.wrong.clear()
        return sorted({row["complaint_id"] for row in entries if row["complaint_id"] in self.oracle.lives})

    def someone_new(self, row: dict[str, Any], *, excused: bool) -> None:
        """Nobody considers stage 2 who considered stage 1, unless the reason is on record: clause 6.14.

        Another law lets anybody take a complaint on; back in the two stages the clause counts again.
        """
        tag, case_id = row["tag"], row["complaint_id"]
        if tag not in IN_HAND:
            return
        data = json.loads(row["data"])
        hands = self.hands.setdefault(case_id, Hands())
        who = data["colleague_id"] if tag == "stage.assigned" else row["actor_id"]
        if tag == "complaint.rerouted":
            who = hands.two
        elif tag in ("stage.left", "stage.freed"):
            who = None
            hands.one, hands.two = (None, hands.two) if data["stage"] == 1 else (hands.one, None)
        elif tag == "stage.assigned" and data["stage"] == 2:
            hands.two = who
        if tag == "complaint.refused" or (tag == "stage.answered" and data["stage"] == 1):
            hands.answered.add(who)
        elif tag == "stage.assigned" and data["stage"] == 1:
            hands.one = who
        elif who in {*hands.answered, hands.one} - {None} and not excused and not self.elsewhere(case_id):
            self.lived.judged_twice += 1
            self.fault(f"{row['actor']} considered both stages of complaint {case_id} without a reason on record")

    def elsewhere(self, case_id: int) -> bool:
        """Whether a complaint goes by another law."""
        return self.oracle.lives[case_id].ending == "routed"

    def compare(self, case_ids: list[int]) -> None:
        """Compare the stored duties of complaints with what the second opinion says of them."""
        if not case_ids:
            return
        stored: dict[int, list[Any]] = {case_id: [] for case_id in case_ids}
        with self.council.office.database.reading() as connection:
            for duty in connection.execute(sa.select(_D).where(_D.c.complaint_id.in_(list(stored)))):
                days = (duty.due_on, duty.act_by, duty.met_on, duty.standing)
                if not duty.kind.startswith("route:"):  # another law's clocks, which are not the Code's
                    stored[duty.complaint_id].append((duty.kind, duty.stage_number, days))
        for case_id, held in stored.items():
            owed = self.oracle.owed(case_id)
            self.lived.duties_compared += len(owed)
            self.lived.kinds.update(kind for kind, *_rest in owed)
            if sorted(held, key=repr) != sorted(owed, key=repr):
                self.lived.differing += 1
                ours = [each for each in held if each not in owed]
                theirs = [each for each in owed if each not in held]
                self.fault(f"{self.oracle.lives[case_id].reference}: stored {ours}, and by the walk {theirs}")

    def fault(self, what: str) -> None:
        """Keep what was wrong with the seed that shows it; of each sort the first few, so that none hides another."""
        sort = re.sub(r"[0-9]+", "", what.split(": ", 1)[-1])[:30]
        self.lived.sorts[sort] += 1
        if self.lived.sorts[sort] <= OF_A_SORT:
            self.lived.faults.append(f"seed {self.seed}, {self.council.today}: {what}")

    # ---------------------------------------------------------------------------------------------------------- years

    def look_at_everything(self) -> None:
        """The ledger proves itself, nothing is left to rebuild, every position leads on, and the figures add up."""
        self.compare([*self.oracle.lives])
        broken = [*self.dead_ends(), *self.figures_apart()]
        proved = self.council.story.verified()
        if proved != self.read_to:
            broken.append(f"the ledger has {proved} entries, and {self.read_to} were read")
        desk = Desk(self.council.office, SYSTEM)
        broken += [f"{each} has other duties once rebuilt" for each in differing_duties(desk, after=0)]
        for each in broken:
            self.lived.broken += 1
            self.fault(each)

    def dead_ends(self) -> Iterator[str]:
        """Open complaints that nothing is due on, and any in a position from which nothing leads on."""
        nexts = {row["complaint_id"] for row in self.council.story.rows("duty") if row["is_next"]}
        for row in self.council.story.rows("complaint"):
            if not STEPS[Position(row["position"])]:
                yield f"{row['reference']} stands at “{row['position']}” with no next step"
            if row["is_open"] and row["id"] not in nexts:
                yield f"{row['reference']} is open and nothing is due on it"

    def figures_apart(self) -> Iterator[str]:
        """Figures that are not the sum of their months, or not what the second opinion counts."""
        desk, year = Desk(self.council.office, SYSTEM), Period.year_with(self.council.today)
        found, months = desk.ask(figures, year), desk.ask(figures_by_month, year)
        counted = self.counted(year)
        for name, number in counted.items():
            if found[name].numerator != number:
                yield f"{name} is {found[name].numerator} in {year.start.year}, and {number} by the second opinion"
        for name in ("received", *counted):
            parts = sum(month[name].numerator or 0 for month in months.values())
            if parts != found[name].numerator:
                yield f"{name} is {found[name].numerator}, and its months add up to {parts}"

    def counted(self, year: Period) -> dict[str, int]:
        named = {"in_time": "in_target", "extended": "in_extension", "late": "late"}
        number = {f"{name}_{end}": 0 for name in named.values() for end in ("one", "two")}
        number["received"] = 0
        # What goes by another law is in the figures of that law alone, for as long as it does.
        for life in (each for each in self.oracle.lives.values() if each.scheme == "lgsco"):
            number["received"] += year.start <= life.stages[0].received <= year.end
            for stage in life.stages:
                end = "one" if stage.number == 1 else "two"
                met, standing = self.oracle.standing_of(life, f"respond_stage_{end}")
                if met is not None and year.start <= met <= year.end and standing in named:
                    number[f"{named[standing]}_{end}"] += 1
        return number

    def last_letters(self, day: date) -> None:
        """The mail server works again: whatever waits goes out, once, and its step is on record."""
        council = self.council
        for _week in range(3):
            council.begin_day(day)
            council.deliver(working=True)
            self.compare(self.read())
            day += WEEK
        ids, counts = council.box.ids, council.counts
        waiting = [row for row in council.story.rows("outbox") if row["state"] == OutboxState.WAITING]
        twice = len(ids) - len(set(ids))
        if waiting or twice or len(ids) != counts["letters_sent"] + counts["letters_unrecorded"]:
            self.lived.letters_wrong += 1
            self.fault(f"the mail server has {len(ids)} letters, {twice} twice; {len(waiting)} wait still; {counts}")
