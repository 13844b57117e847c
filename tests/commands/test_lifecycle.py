"""Random walks through the life of complaints, watched by a second opinion on every position, date and reason asked.

The periods of the Code are written out here once more and counted by numpy, from what the walk has done: not a line is
shared with `core.rules`. After each step the ledger is proved and the stored duties must be what the facts give.
`PROVE=25` takes 25 longer walks, no two runs the same.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session

from core.commands.base import COMMANDS, CaseCommand, Command
from core.commands.ending import Reopen, Withdraw
from core.commands.organising import ChangeCalendar
from core.commands.recording import AddNote, RecordComplaint
from core.commands.refusing import RefuseComplaint
from core.commands.stage_one import Acknowledge, Assign, Extend, RespondStageOne
from core.commands.stage_two import AcknowledgeStageTwo, AssignStageTwo, OpenStageTwo, RefuseEscalation, RespondFinal
from core.desk import Desk, Done
from core.errors import BadInput, ReasonNeeded, StepNotOpen
from core.model.complaints import Channel
from core.model.organisation import Layer
from core.permissions import SYSTEM
from core.queries.searching import search
from core.rules.steps import Position
from core.store.facts import load_case
from core.store.settling import settle
from tests.builders import LEARNING, REFUSING, SEVEN_PARTS, Story, answers
from tests.commands.test_positions import ALWAYS, CASE_COMMANDS, OPEN_AT, doer
from tests.conftest import OfficeClock, bank_holidays, desks_of, office_at

P = Position
ACKNOWLEDGE_WITHIN = 5
ANSWER_WITHIN = {1: 10, 2: 20}
EXTEND_BY = {1: 10, 2: 20}
MONDAY = date(2026, 9, 7)
FAR = int(os.environ.get("PROVE", "0"))


@dataclass
class StageSeen:
    """What the walk did to one stage."""

    number: int
    received: date
    logged: date
    acknowledged: date | None = None
    promised: date | None = None
    told: date | None = None
    answered: date | None = None
    extensions: list[tuple[date, date, bool]] = field(default_factory=list)
    handler: int | None = None


@dataclass
class Seen:
    """What the walk did to one complaint, and where it must stand."""

    reference: str
    anonymous: bool
    stages: list[StageSeen]
    position: Position
    before: Position = P.ONE_AWAITING_ACKNOWLEDGEMENT
    ended: date | None = None
    reopened: date | None = None
    again: date | None = None
    refused: bool = False
    turned_away: bool = False  # by the reviewer, once: whoever refused it at the start is not someone new at stage 2
    settled: dict[str, tuple[date, date, str]] = field(default_factory=dict)

    @property
    def now(self) -> StageSeen:
        """The stage it is at."""
        return self.stages[-1]


def permitting(*commands: str) -> Any:
    """Only while some complaint permits one of these steps."""
    return precondition(lambda self: any(OPEN_AT[life.position] & {*commands} for life in self.lives))


class Lives(RuleBasedStateMachine):
    """Up to three complaints of one council."""

    seeded: ClassVar[Path]
    folder: ClassVar[Path]
    numbers: ClassVar[Any] = count()
    walked: ClassVar[Counter[str]] = Counter()

    @initialize()
    def open_the_office(self) -> None:
        path = self.folder / f"life{next(self.numbers)}.db"
        shutil.copy(self.seeded, path)
        self.clock = OfficeClock()
        self.office = office_at(f"sqlite:///{path}", self.folder, self.clock)
        self.story = Story(office=self.office, clock=self.clock, desks=desks_of(self.office))
        self.holidays = {day for day, *_rest in bank_holidays()}
        self.today = MONDAY
        self.lives: list[Seen] = []
        self.kept: set[str] = set()
        self._at_noon()

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.walked["walks"] += bool(getattr(self, "lives", []))
            self.office.close()

    # ------------------------------------------------------------------------------------------ the second opinion

    def after(self, start: date, days: int) -> date:
        """The nth working day after a day, by numpy."""
        off = np.array(sorted(self.holidays), dtype="datetime64[D]")
        return np.busday_offset(start, days, roll="backward", holidays=off).astype(date)

    def dates(self, stage: StageSeen) -> tuple[date, date, date, date | None]:
        """When the stage is to be acknowledged and answered, the limit of extensions, and where they reach.

        A bank holiday announced late can bring the Code's date level with an extension, or past it.
        """
        acknowledge = self.after(stage.received, ACKNOWLEDGE_WITHIN)
        start = min(stage.acknowledged or acknowledge, acknowledge)
        answer = self.after(start, ANSWER_WITHIN[stage.number])
        limit = self.after(answer, EXTEND_BY[stage.number])
        reached, stage.told = answer, stage.promised
        for to, told, good_reason in stage.extensions:
            if told <= reached and (to <= limit or good_reason):
                reached = max(reached, to)
                stage.told = to
        return acknowledge, answer, limit, reached if reached > answer else None

    def owed(self, life: Seen) -> dict[str, tuple[date, date, str]]:
        """Each duty: its date, the day to act by, its standing; by today's calendar while open, then as settled."""
        fresh: dict[str, tuple[date, date, str]] = {}
        for stage in life.stages:
            name = "stage_one" if stage.number == 1 else "stage_two"
            acknowledge, answer, _limit, extended = self.dates(stage)
            sent = stage.acknowledged or stage.answered
            met = max(sent, stage.logged) if sent else None
            standing = "void" if life.anonymous else self._standing(life, stage, met, acknowledge, None)
            if life.refused and met is None:
                standing = "void"
            fresh[f"acknowledge_{name}"] = (acknowledge, acknowledge, standing)
            act_by = min(extended or answer, stage.told or answer)
            fresh[f"respond_{name}"] = (
                answer, act_by, self._standing(life, stage, stage.answered, answer, extended),
            )  # fmt: skip
            if life.refused:
                fresh["tell_refusal"] = self._refusal(life, stage)
        if life.reopened is not None:
            due = self.after(life.reopened, ANSWER_WITHIN[life.now.number])
            fresh["answer_again"] = (due, due, self._standing(life, life.now, life.again, due, None))
        life.settled = {
            kind: life.settled.get(kind, duty) for kind, duty in fresh.items() if duty[2] != "open"
        }  # what was settled before keeps the calendar it was settled by
        return {kind: life.settled.get(kind, duty) for kind, duty in fresh.items()}

    def _refusal(self, life: Seen, stage: StageSeen) -> tuple[date, date, str]:
        """Owed by the day of the acknowledgement, or of the answer once that was given; never counted as either."""
        acknowledge, answer, _limit, extended = self.dates(stage)
        due, more = (acknowledge, None) if stage.acknowledged is None else (answer, extended)
        act_by = due if stage.acknowledged is None else min(more or due, stage.told or due)
        standing = self._standing(life, stage, life.ended, due, more)
        return due, act_by, "void" if life.anonymous else standing

    @staticmethod
    def _standing(life: Seen, stage: StageSeen, met: date | None, due: date, extended: date | None) -> str:
        if met is not None:
            return "in_time" if met <= due else "extended" if extended and met <= extended else "late"
        if stage is not life.now:
            return "late"
        if life.ended is None:
            return "open"
        return "void" if life.ended <= (extended or due) else "late"

    # ------------------------------------------------------------------------------------------------ taking steps

    def _at_noon(self) -> None:
        self.clock.now = datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)

    def step(self, desk: Desk, life: Seen, kind: type[Command], expected: list[str], **fields: Any) -> None:
        """Take a step that its position permits, first without a reason where the second opinion expects one asked."""

        def go(reason: str | None) -> Done:
            return desk.do(kind(reference=life.reference, good_reason=reason, **fields))

        if expected:
            with pytest.raises(ReasonNeeded) as caught:
                go(None)
            assert [finding.clause for finding in caught.value.findings] == expected  # type: ignore[attr-defined]
        done = go("It could not be helped.")
        departed = [event.clause for event in done.events if event.tag == "code.departed"]  # type: ignore[attr-defined]
        assert departed == expected

    def pick(self, which: int, *commands: str) -> Seen:
        """A complaint whose position permits one of these steps; a precondition has seen that there is one."""
        fitting = [life for life in self.lives if not commands or OPEN_AT[life.position] & {*commands}]
        return fitting[which % len(fitting)]

    def ended(self, life: Seen, position: Position) -> None:
        life.before, life.position, life.ended = life.position, position, self.today

    some = precondition(lambda self: bool(self.lives))
    unacknowledged = permitting("Acknowledge", "AcknowledgeStageTwo")
    unassigned = permitting("Assign", "AssignStageTwo")
    extensible = permitting("Extend")
    unanswered = permitting("RespondStageOne", "RespondFinal")
    escalable = permitting("OpenStageTwo")
    refusable = permitting("RefuseEscalation")
    turnable = permitting("RefuseComplaint")
    withdrawable = permitting("Withdraw")
    reopenable = permitting("Reopen")
    room = precondition(lambda self: len(self.lives) < 3)
    which = st.integers(min_value=0, max_value=2)

    @rule(days=st.integers(min_value=1, max_value=7))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        self._at_noon()

    @room
    @rule(back=st.integers(min_value=0, max_value=9), anonymous=st.booleans(), rarely=st.integers(0, 3))
    def record(self, back: int, anonymous: bool, rarely: int) -> None:
        received = self.today - timedelta(days=back)
        anonymous = anonymous and rarely == 0
        command = RecordComplaint(
            words="Bins", matter="Bins", received_on=received, channel=Channel.PHONE,
            contact_phone="" if anonymous else "1", no_contact_details=anonymous,
        )  # fmt: skip
        reference = self.story.desks.recorder.do(command).reference
        assert reference is not None
        stage = StageSeen(number=1, received=received, logged=self.today)
        position = P.ONE_CONSIDERED if anonymous else P.ONE_AWAITING_ACKNOWLEDGEMENT
        self.lives.append(Seen(reference=reference, anonymous=anonymous, stages=[stage], position=position))

    @unacknowledged
    @rule(which=which, back=st.integers(min_value=0, max_value=2))
    def acknowledge(self, which: int, back: int) -> None:
        life = self.pick(which, "Acknowledge", "AcknowledgeStageTwo")
        now = life.now
        kind = Acknowledge if now.number == 1 else AcknowledgeStageTwo
        day = max(self.today - timedelta(days=back), now.received)
        due, *_rest = self.dates(now)
        expected = [] if max(day, now.logged) <= due else ["lgsco:6.2" if now.number == 1 else "lgsco:6.12"]
        fields = {"acknowledged_on": day, "understanding": "Bins", "outcomes_sought": "A plan"}
        self.step(self.story.desks.handler, life, kind, expected, **fields)
        now.acknowledged = day
        now.promised = self.dates(now)[1]
        life.position = P.ONE_CONSIDERED if now.number == 1 else P.TWO_CONSIDERED

    @unassigned
    @rule(which=which, other=st.booleans())
    def assign(self, which: int, other: bool) -> None:
        life, desks = self.pick(which, "Assign", "AssignStageTwo"), self.story.desks
        if life.now.number == 1:
            chosen = (desks.other_handler if other else desks.handler).actor.id
        else:
            chosen = (desks.other_reviewer if other else desks.reviewer).actor.id
        kind = Assign if life.now.number == 1 else AssignStageTwo
        if life.now.handler == chosen:
            with pytest.raises(BadInput, match="has this stage already"):
                desks.manager.do(kind(reference=life.reference, colleague_id=chosen))
        else:
            known = life.now.number == 2 and life.turned_away and chosen == desks.reviewer.actor.id
            self.step(desks.manager, life, kind, ["lgsco:6.14"] if known else [], colleague_id=chosen)
            life.now.handler = chosen

    @extensible
    @rule(which=which, days=st.integers(min_value=1, max_value=22), named=st.booleans())
    def extend(self, which: int, days: int, named: bool) -> None:
        life = self.pick(which, "Extend")
        now = life.now
        _acknowledge, answer, limit, extended = self.dates(now)
        to = self.after(extended or answer, days)
        one = now.number == 1
        expected = ["lgsco:6.4" if one else "lgsco:6.16"] if to > limit else []
        expected += ["lgsco:5.5"] if self.today > (extended or answer) else []
        expected += [] if named else ["lgsco:6.5" if one else "lgsco:6.17"]
        fields = {"new_date": to, "told_on": self.today, "reason": "A crew is away.", "ombudsman_told": named}
        self.step(self.story.desks.handler, life, Extend, expected, **fields)
        now.extensions.append((to, self.today, to > limit))
        life.position = P.ONE_EXTENDED if one else P.TWO_EXTENDED

    def be_fair(self, life: Seen, answering: Desk) -> None:
        """Whoever answers and whoever has the stage declare that they are free to, and the individual is heard."""
        self.story.hear(life.reference, answering)
        handler_id = self.story.stage(life.reference, life.now.number)["handler_id"]
        desks = self.story.desks
        everyone = (desks.handler, desks.other_handler, desks.reviewer, desks.other_reviewer, desks.manager)
        for each in everyone:
            if each.actor.id == handler_id:
                self.story.free(life.reference, each)

    @unanswered
    @rule(which=which, told=st.booleans())
    def respond(self, which: int, told: bool) -> None:
        life = self.pick(which, "RespondStageOne", "RespondFinal")
        stage = life.now.number
        now, desks = life.now, self.story.desks
        again = life.position in (P.ONE_REOPENED, P.TWO_REOPENED)
        due, answer, _limit, extended = self.dates(now)
        clause = "lgsco:6.3" if now.number == 1 else "lgsco:6.15"
        expected = []
        if again:
            expected += [clause] if self.today > self.owed(life)["answer_again"][1] else []
        else:
            unacknowledged = now.acknowledged is None and not life.anonymous
            if unacknowledged and max(self.today, now.logged) > due:
                expected.append("lgsco:6.2" if now.number == 1 else "lgsco:6.12")
            expected += [clause] if self.today > (extended or answer) else []
        fields: dict[str, Any] = {"sent_on": self.today, "answers": answers(1), **LEARNING}
        self.be_fair(life, desks.handler if stage == 1 else desks.reviewer)
        if stage == 1:
            expected += [] if told else ["lgsco:6.8"]
            self.step(desks.handler, life, RespondStageOne, expected, escalation_told=told, **fields)
        else:
            parts = SEVEN_PARTS | {"efforts_to_understand": "Rang." if told else ""}
            expected += [] if told else ["lgsco:6.13"]
            expected += ["lgsco:6.14"] if life.turned_away else []
            self.step(desks.reviewer, life, RespondFinal, expected, **fields, **parts)
        if again:
            life.again = self.today
        else:
            now.answered = self.today
        if stage == 1:
            life.position = P.ONE_ANSWERED
        else:
            self.ended(life, P.TWO_ANSWERED)

    @escalable
    @rule(which=which)
    def ask_for_stage_two(self, which: int) -> None:
        life = self.pick(which, "OpenStageTwo")
        expected = [] if life.now.answered else ["lgsco:6.11"]
        fields = {"requested_on": self.today, "channel": Channel.EMAIL}
        self.step(self.story.desks.handler, life, OpenStageTwo, expected, **fields)
        life.stages.append(StageSeen(number=2, received=self.today, logged=self.today))
        life.position = P.TWO_CONSIDERED if life.anonymous else P.TWO_AWAITING_ACKNOWLEDGEMENT
        life.ended = life.reopened = life.again = None

    @refusable
    @rule(which=which)
    def refuse_stage_two(self, which: int) -> None:
        life = self.pick(which, "RefuseEscalation")
        fields = {**REFUSING, **self.story.reason("court_begun"), "requested_on": self.today, "told_on": self.today}
        self.step(self.story.desks.reviewer, life, RefuseEscalation, [], **fields)
        self.ended(life, P.ESCALATION_REFUSED)

    @turnable
    @rule(which=which, rarely=st.integers(0, 3))
    def turn_away(self, which: int, rarely: int) -> None:
        life = self.pick(which, "RefuseComplaint")
        if rarely == 0:
            acknowledge, answer, _limit, extended = self.dates(life.now)
            due = acknowledge if life.now.acknowledged is None else extended or answer
            expected = ["lgsco:2.4"] if self.today > due and not life.anonymous else []
            fields = {**REFUSING, **self.story.reason("court_begun"), "told_on": self.today}
            self.step(self.story.desks.reviewer, life, RefuseComplaint, expected, **fields)
            self.ended(life, P.REFUSED)
            life.refused = life.turned_away = True

    @withdrawable
    @rule(which=which, rarely=st.integers(0, 3))
    def withdraw(self, which: int, rarely: int) -> None:
        life = self.pick(which, "Withdraw")
        if rarely == 0:
            self.step(self.story.desks.handler, life, Withdraw, [], withdrawn_on=self.today, how="By phone")
            self.ended(life, P.WITHDRAWN)

    @reopenable
    @rule(which=which)
    def reopen(self, which: int) -> None:
        life = self.pick(which, "Reopen")
        self.step(self.story.desks.handler, life, Reopen, [], reopened_on=self.today, why="New evidence")
        life.ended = life.again = life.reopened = None
        life.refused = False
        if life.now.answered is None:
            life.position = life.before
        else:
            life.position = P.ONE_REOPENED if life.now.number == 1 else P.TWO_REOPENED
            life.reopened = self.today

    @some
    @rule(which=which, name=st.sampled_from(CASE_COMMANDS))
    def out_of_turn(self, which: int, name: str) -> None:
        """A step its position does not permit is refused, whatever reason comes with it."""
        life, kind = self.pick(which), COMMANDS[name]
        assert issubclass(kind, CaseCommand)
        if name not in OPEN_AT[life.position] | ALWAYS:
            command = self.story.ready(kind, life.reference).model_copy(update={"good_reason": "Whatever."})
            with pytest.raises(StepNotOpen):
                doer(self.story, kind).do(command)

    @some
    @rule(which=which)
    def note(self, which: int) -> None:
        self.story.desks.handler.do(AddNote(reference=self.pick(which).reference, text="Rang the depot."))

    @some
    @rule(which=which, rarely=st.integers(0, 2))
    def keep_it_to_a_few(self, which: int, rarely: int) -> None:
        """Those who take the steps are named, and every one of them goes on as before; lifted, everybody sees it."""
        life, desks = self.pick(which), self.story.desks
        if rarely == 0:
            named = (desks.handler, desks.other_handler, desks.other_reviewer, desks.manager)
            self.story.keep_confidential(life.reference, *named)
            self.kept.add(life.reference)
        elif life.reference in self.kept:
            self.story.lift(life.reference)
            self.kept.discard(life.reference)

    @rule(ahead=st.integers(min_value=1, max_value=20))
    def announce_a_holiday(self, ahead: int) -> None:
        day = self.today + timedelta(days=ahead)
        if day.weekday() > 4 or day in self.holidays:
            return
        before = [self._open(life) for life in self.lives]
        rows = ((day, "Day of mourning", Layer.BANK_HOLIDAY, False),)
        done = self.story.desks.manager.do(ChangeCalendar(source="GOV.UK", rows=rows))
        self.holidays.add(day)
        moved = sum(
            self._open(life)[kind] != was[kind] for life, was in zip(self.lives, before, strict=True) for kind in was
        )
        assert [event.tag for event in done.events] == ["holidays.changed", *["duty.moved"] * moved]

    def _open(self, life: Seen) -> dict[str, tuple[date, date]]:
        return {kind: (due, act_by) for kind, (due, act_by, standing) in self.owed(life).items() if standing == "open"}

    # ------------------------------------------------------------------------------------------- what must always hold

    @invariant()
    def every_complaint_stands_where_it_should(self) -> None:
        for life in getattr(self, "lives", []):
            row = self.story.case(life.reference)
            assert row["position"] == life.position.value
            assert bool(row["is_open"]) is (
                life.position not in (P.ONE_ANSWERED, P.TWO_ANSWERED, P.WITHDRAWN, P.ESCALATION_REFUSED, P.REFUSED)
            )
            owed = self.owed(life)
            stored = self.story.duties(life.reference)
            assert {kind: (duty["due_on"], duty["act_by"], duty["standing"]) for kind, duty in stored.items()} == owed
            still = [act_by for _due, act_by, standing in owed.values() if standing == "open"]
            assert row["act_by"] == min(still, default=None)
            assert sum(duty["is_next"] for duty in stored.values()) == bool(still)

    @invariant()
    def whoever_is_not_named_is_shown_the_others_alone(self) -> None:
        for life in getattr(self, "lives", []):
            found = self.story.desks.quality.ask(search, life.reference).rows
            assert [row.reference for row in found] == ([] if life.reference in self.kept else [life.reference])

    @invariant()
    def the_ledger_proves_itself_and_nothing_is_left_to_settle(self) -> None:
        if not hasattr(self, "office"):
            return
        assert self.story.verified() == len(self.story.tags())
        with Session(self.office.database.engine) as session:
            calendars = self.office.calendars(session.connection())
            policies = self.office.policies(session.connection())
            for life in self.lives:
                case = load_case(session, life.reference, actor=SYSTEM)
                settle(session, case, policy=policies[case.complaint.policy_id], calendars=calendars)
                assert not session.new
                assert not session.deleted
                assert not [row for row in session.dirty if session.is_modified(row)]
                assert not session.info.get("touched")
        self.walked["states"] += bool(self.lives)


@pytest.mark.slow
def test_no_walk_leads_where_the_code_does_not(
    seeded_sqlite: Path, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Positions, dates, reasons and moves agree with the second opinion at every step [lgsco:6.2–6.20]."""
    Lives.seeded, Lives.folder = seeded_sqlite, tmp_path
    walks, steps = (FAR, 80) if FAR else (30, 50)
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not FAR,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    for what, many in Lives.walked.items():
        record_testsuite_property(what, many)
