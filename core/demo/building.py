"""Making the sample council: every story's commands in the order of their moments, each given at the right desk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from core.code.policy import CODE_POLICY
from core.commands.base import CaseCommand
from core.demo.courses import first_day, starts, stories
from core.demo.stage_one import tell_stage_one
from core.demo.stage_two import tell_stage_two
from core.demo.story import Act, Cast, Council, Story
from core.demo.texts import colleagues, services
from core.desk import LONDON, Desk, Office
from core.errors import BadInput, ComplaintsError
from core.installing import install
from core.model.complaints import Complaint
from core.permissions import Actor, Role
from core.queries.lists import lists
from core.settings import Settings
from core.store.engine import Database
from core.store.gate import Gate
from core.store.schema import at_head, migrate

Progress = Callable[[int, int], None]
"""Called with how many commands have been given, and how many there are."""

_EVERY = 50


@dataclass(slots=True)
class _Clock:
    """The sample council's own clock, set before each command."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


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
    gate = Gate(target)
    try:
        with gate():
            if not _is_there(target, settings):
                _build_beside(target, settings, now=now, progress=progress, complaints=complaints, seed=seed)
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
