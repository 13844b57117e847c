"""Making the sample council: every story's commands in the order of their moments, each given at the right desk."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from core.commands.standards import AdoptStandards
from core.demo.assessing import assess
from core.demo.beside import keep_files, request_stories, tell_beside
from core.demo.conduct import resourcing
from core.demo.contacts import calls_in
from core.demo.courses import first_day, starts, stories
from core.demo.feedback import survey_in
from core.demo.governing import governing
from core.demo.learning import improving, look_back
from core.demo.ombudsman import after_the_end
from core.demo.records import look_after_records
from core.demo.remedies import remedies_in
from core.demo.stage_one import tell_stage_one
from core.demo.stage_two import tell_stage_two
from core.demo.story import Act, Cast, Council, Story, StoryEnds
from core.demo.texts import colleagues, services
from core.desk import LONDON, Desk, Office, policy_in_force
from core.errors import BadInput, CalendarEnds, ComplaintsError
from core.installing import install
from core.model.complaints import Complaint
from core.permissions import SYSTEM, Actor, Role
from core.queries.lists import lists
from core.settings import Settings
from core.store.engine import Database
from core.store.gate import Gate
from core.store.schema import at_head, migrate
from core.store.whole_case import words_at_the_end

Progress = Callable[[int, int], None]
"""Called with how many commands have been given, and how many there are."""

_NO_STORY = -1  # the acts that belong to no complaint
_EVERY = 50


@dataclass(slots=True)
class _Clock:
    """The sample council's own clock, set before each command."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which sample council: how many complaints, from which seed, up to which moment."""

    complaints: int
    seed: str
    now: datetime


def build_demo(
    settings: Settings,
    *,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
    complaints: int | None = None,
    seed: str | None = None,
) -> None:
    """Make the sample council's database, unless it is there already.

    It is made beside its place and moved there when it is whole, so an interruption leaves nothing half made. The same
    seed and day give the same history, up to the evening before. Raises BadInput where no sample council may be made.
    """
    target = _target(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    gate = Gate(target.with_name("making"))  # not the database's own gate, which the database itself takes
    try:
        with gate():
            if not (target.exists() and _is_whole(target)):
                plan = _Plan(complaints=complaints or stories()["complaints"], seed=seed or stories()["seed"], now=now)
                _build_beside(target, settings, plan, progress)
    finally:
        gate.close()


def _target(settings: Settings) -> Path:
    if settings.mode != "demo":
        raise BadInput("This installation is for real work, so no sample council is made here. Choose another folder.")
    url = sa.make_url(settings.url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BadInput(
            "The sample council is a single SQLite file. Leave COMPLAINTS_DATABASE_URL unset and choose a folder."
        )
    return Path(url.database)


def _is_whole(target: Path) -> bool:
    """Whether the database holds complaints, once it has the newest schema; BadInput when it holds none."""
    database = Database(f"sqlite:///{target.as_posix()}")
    try:
        if not at_head(database):
            migrate(database)
        with database.reading() as connection:
            found = connection.execute(sa.select(Complaint.__table__.c.id).limit(1)).first()  # type: ignore[attr-defined]
    finally:
        database.close()
    if found is None:
        raise BadInput(
            f"{target} is there already and holds no complaint. Nothing was changed. "
            "Choose another folder for the sample council, or move that file away."
        )
    return True


def _build_beside(target: Path, settings: Settings, plan: _Plan, progress: Progress) -> None:
    folder = target.with_name("making")
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier interruption left
    folder.mkdir()
    try:
        made = folder / target.name
        values: dict[str, Any] = {**settings.model_dump(), "database_url": f"sqlite:///{made.as_posix()}"}
        clock = _Clock(plan.now)
        office = Office(Settings(**values), clock=clock)
        try:
            _hurry(office.database)
            with words_at_the_end(office.database):
                _play(office, clock, plan, progress)
        finally:
            office.close()
        keep_files(settings)
        _keep(made, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(database: Database) -> None:
    """Do not wait for the disk after each command: until it is whole, nobody relies on this file."""

    @event.listens_for(database.engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")


def _keep(made: Path, target: Path) -> None:
    """Put the finished file in its place, once the disk has all of it."""
    if made.with_name(f"{made.name}-wal").exists():
        raise RuntimeError("The sample council was not closed properly: part of it is still in its log.")
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(made, target)


# ---------------------------------------------------------------------------------------------------- playing it out


def _play(office: Office, clock: _Clock, plan: _Plan, progress: Progress) -> None:
    today = office.today(plan.now)
    clock.now = _moment(first_day(today), time(9))
    random = Random(plan.seed)  # noqa: S311 - a story, not a secret
    install(
        office,
        council=office.settings.council,
        services=tuple(services()),
        colleagues=colleagues(),
        command_ids=[str(UUID(int=random.getrandbits(128), version=4)) for _ in range(2)],
    )
    _keep_standards(office, today, command_id=str(UUID(int=random.getrandbits(128), version=4)))
    council = _council(office, today)
    acts = [
        (act, start.number)
        for start in starts(plan.complaints, seed=plan.seed, today=today, calendar=council.calendar)
        for act in _told(Story(start, council, seed=plan.seed))
    ]
    asked = enumerate(request_stories(plan.complaints, council, seed=plan.seed), start=plan.complaints)
    acts += [(act, number) for number, story in asked for act in story.acts]
    acts += [(act, _NO_STORY) for act in improving(council, seed=plan.seed)]
    acts += [(act, _NO_STORY) for act in resourcing(council, seed=plan.seed)]
    acts += [(act, _NO_STORY) for act in governing(council, seed=plan.seed)]
    acts.sort(key=lambda pair: (pair[0].at, pair[1]))
    desks = _perform(office, clock, acts, council.cast, progress)
    (reviewer,) = [name for name, role in colleagues() if role is Role.QUALITY][:1]
    look_back(desks[council.cast.manager], desks[reviewer], seed=plan.seed)
    assess(desks[council.cast.manager], desks[reviewer], first=first_day(today), seed=plan.seed)
    look_after_records(desks[council.cast.manager], desks[council.cast.handlers[0]], seed=plan.seed)


def _keep_standards(office: Office, today: date, *, command_id: str) -> None:
    """The sample council has service standards of its own from the day after it begins: one policy a day."""
    (manager,) = [name for name, role in colleagues() if role is Role.MANAGER][:1]
    known = {one.name: one.id for one in Desk(office, SYSTEM).ask(lists).colleagues}
    desk = Desk(office, Actor(id=known[manager], name=manager, role=Role.MANAGER))
    begins = first_day(today) + timedelta(days=1)
    decided = "The cabinet member, at the start of the new procedure"
    desk.do(AdoptStandards(kept=True, in_force_from=begins, resolution=decided, command_id=command_id))


def _told(story: Story) -> Sequence[Act]:
    with contextlib.suppress(StoryEnds):
        tell_stage_one(story)
        tell_stage_two(story)
    said = survey_in(story)
    tell_beside(story)
    return [*story.acts, *calls_in(story), *remedies_in(story), *said, *after_the_end(story)]


def _council(office: Office, today: date) -> Council:
    known = Desk(office, SYSTEM).ask(lists)
    roles: dict[Role, list[str]] = {role: [name for name, has in colleagues() if has is role] for role in Role}
    cast = Cast(
        recorders=roles[Role.RECORDER],
        handlers=roles[Role.HANDLER],
        reviewers=roles[Role.REVIEWER],
        manager=roles[Role.MANAGER][0],
        colleague_ids={one.name: one.id for one in known.colleagues},
        service_ids={one.name: one.id for one in known.services},
        reason_ids={one.name: one.id for one in known.refusal_reasons},
        cause_ids={one.name: one.id for one in known.causes},
    )
    with office.database.reading() as connection:
        policies = office.policies(connection)
        policy = policies[policy_in_force(policies, today)]
        calendar = office.calendars(connection).of(policy.closure_days_skip)
    return Council(cast=cast, policy=policy, calendar=calendar, today=today)


def _perform(
    office: Office, clock: _Clock, acts: Sequence[tuple[Act, int]], cast: Cast, progress: Progress
) -> dict[str, Desk]:
    ids, roles = cast.colleague_ids, dict(colleagues())
    desks = {name: Desk(office, Actor(id=ids[name], name=name, role=role)) for name, role in roles.items()}
    references: dict[int, str] = {}
    for done, (act, story) in enumerate(acts, start=1):
        clock.now = act.at
        values = {**act.values, "command_id": act.command_id}
        if "reference" in act.kind.model_fields:
            values["reference"] = references[story]
        if act.finds is not None:
            values |= act.finds(desks[act.who], references[story])
        try:
            answer = desks[act.who].do(act.kind(**values))
        except CalendarEnds:
            raise
        except ComplaintsError as refusal:
            raise RuntimeError(
                f"Story {story}: {act.kind.__name__} by {act.who} at {act.at} was refused: {refusal}"
            ) from refusal
        references.setdefault(story, answer.reference or str(getattr(answer.events[0], "request", "")))
        if done % _EVERY == 0 or done == len(acts):
            progress(done, len(acts))
    return desks


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
