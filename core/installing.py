"""A new installation: its schema, its bank holidays and the Code as its first policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from core.channels.bank_holidays import SEED, seed_rows
from core.code.causes import DEFAULT_CAUSES
from core.code.refusals import DEFAULT_REASONS
from core.commands.causes import AddCause
from core.commands.organising import ChangeCalendar, SetUpCouncil
from core.commands.refusal_reasons import AddRefusalReason
from core.desk import Desk, Office
from core.events.cases import CouncilSetUp
from core.model.learning import Cause
from core.model.ledger import LedgerEntry
from core.model.organisation import Layer
from core.model.refusals import RefusalReason
from core.permissions import SYSTEM, Role
from core.store.calendar import calendar_version
from core.store.schema import migrate
from core.words import counted

_ENTRY = LedgerEntry.__table__  # type: ignore[attr-defined]
_CAUSE = Cause.__table__  # type: ignore[attr-defined]
_REASON = RefusalReason.__table__  # type: ignore[attr-defined]
_SETTING_UP = 20261128
"""The lock's own number: whoever sets up or upgrades holds it."""


def install(
    office: Office,
    *,
    council: str,
    services: Sequence[str] = (),
    colleagues: Sequence[tuple[str, Role]] = (),
    command_ids: Sequence[str] = (),
) -> tuple[str, ...]:
    """Bring the database to the newest schema and set up what is missing; the sentences of what was done.

    What is there already stays: on an installation that is set up, only missing migrations are run. `command_ids` names
    the two commands, for a council whose history must come out the same each time. Of several processes that begin at
    once on one PostgreSQL, one does it and the others find it done.
    """
    with office.database.alone(_SETTING_UP):
        return _install(office, council, services, colleagues, command_ids)


def _install(
    office: Office,
    council: str,
    services: Sequence[str],
    colleagues: Sequence[tuple[str, Role]],
    command_ids: Sequence[str],
) -> tuple[str, ...]:
    migrate(office.database)
    desk = Desk(office, SYSTEM)
    said: list[str] = []
    with office.database.reading() as connection:
        calendar = calendar_version(connection) > 0
        listed = connection.execute(sa.select(_REASON.c.id).limit(1)).first()
        causes = connection.execute(sa.select(_CAUSE.c.id).limit(1)).first()
        known = connection.execute(sa.select(_ENTRY.c.n).where(_ENTRY.c.tag == CouncilSetUp.tag).limit(1)).first()
    named = [{"command_id": one} for one in command_ids] or [{}, {}]
    if not calendar:
        days = seed_rows(seen_at=office.now())
        rows = tuple((day.on, day.name, Layer.BANK_HOLIDAY, False) for day in days)
        _added, *others = desk.do(ChangeCalendar(source=SEED["source"], rows=rows, **named[0])).sentences
        years = f"{days[0].on.year} to {days[-1].on.year}"
        said += [f"Loaded {counted(len(rows), 'bank holiday')} of {years}: {SEED['source']}.", *others]
    else:  # set up before there were these lists, perhaps
        today = office.today(office.now())
        missing = [*(_reasons(today) if listed is None else ()), *(_causes(today) if causes is None else ())]
        said += [desk.do(entry).sentences[0] for entry in missing]
    if known is None:
        setting_up = SetUpCouncil(council=council, services=tuple(services), colleagues=tuple(colleagues), **named[1])
        said += desk.do(setting_up).sentences
    return tuple(said)


def _reasons(today: date) -> Iterator[AddRefusalReason]:
    for one in DEFAULT_REASONS.values():
        yield AddRefusalReason(
            reason=one.title,
            other_route=one.other_route,
            equality_note=one.equality_note,
            in_force_from=today,
            time_limit=one.time_limit,
        )


def _causes(today: date) -> Iterator[AddCause]:
    for one in DEFAULT_CAUSES.values():
        yield AddCause(cause=one.title, when=one.help, in_force_from=today)
