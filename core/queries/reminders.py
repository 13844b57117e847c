"""What a reminder lists, by reference and duty alone: one's own day, and a week of the whole organisation.

A reminder leaves the console by e-mail, so nothing here holds a name or a word of a complaint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import LETTERS, SCHEMES
from core.model.complaints import Complaint, Extension, Stage
from core.model.correspondence import Allocation, Contact
from core.model.duties import Duty
from core.model.letters import Letter
from core.model.reminders import ReminderState
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.beside import Beside, owed_beside
from core.queries.escalations import escalations
from core.queries.outbox import stuck_letters
from core.queries.queue import QueueFilter, QueueRow, queue_export
from core.rules.duties import REVIEWS, TITLES, nearness
from core.rules.facts import Standing
from core.rules.notices import ANSWERS, NOTICES
from core.store import reminders
from core.store.breaches import unexplained
from core.words import day_words

_A = Allocation.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_K = Contact.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One list of a reminder: its title, and a line for each thing."""

    title: str
    lines: tuple[str, ...]


@query(needs=Permission.READ)
def my_morning(asking: Asking) -> tuple[Section, ...]:
    """What is due of one's own today and this week, and what waits for one; empty lists are left out [lgsco:5.5]."""
    mine = QueueFilter(owner_id=asking.actor.id, due_until=asking.today + timedelta(weeks=1))
    rows = queue_export(asking, mine)
    return _filled(
        Section(title="Overdue", lines=_lines(row for row in rows if row.act_by < asking.today)),
        Section(title="Due today", lines=_lines(row for row in rows if row.act_by == asking.today)),
        Section(title="Due within a week", lines=_lines(row for row in rows if row.act_by > asking.today)),
        *_beside(asking, mine.due_until, own=True),
        Section(title="Given to you since the last working day", lines=_given(asking)),
        Section(title="Messages that wait for your reply", lines=_waiting(asking)),
        Section(title="Drafts of letters", lines=_drafts(asking)),
    )


def _beside(asking: Asking, until: date | None = None, *, own: bool = False) -> tuple[Section, Section]:
    """What is owed on no complaint, for whoever may see to it; by number or reference and without a name."""
    lines: dict[Beside, list[str]] = {kind: [] for kind in Beside}
    for each in owed_beside(asking, until=until, own=own):
        by = f"by {day_words(each.act_by)}, {each.soon.words}"
        named = f"Request {each.number}: answer {by}" if each.kind is Beside.OWN_DATA else f"{each.named}: {by}"
        lines[each.kind].append(named)
    return (
        Section(title="Requests for own data to answer", lines=tuple(lines[Beside.OWN_DATA])),
        Section(title="Holds on service requests to review", lines=tuple(lines[Beside.HOLD])),
    )


def _filled(*sections: Section) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.lines)


def _lines(rows: Iterable[QueueRow]) -> tuple[str, ...]:
    return tuple(f"{row.reference}: {row.title} ({_cited(row.scheme, row)}), {row.soon.words}" for row in rows)


def _cited(scheme: str, row: Any) -> str:
    return "our own standard" if row.ours else SCHEMES[scheme].number(row.clause)


def _in_my_hands(asking: Asking) -> Any:
    """That the stage a complaint is at is considered by whoever asks."""
    own = (_ST.c.complaint_id == _C.c.id, _ST.c.number == _C.c.stage_number, _ST.c.handler_id == asking.actor.id)
    return sa.exists().where(*own).correlate(_C)


def _given(asking: Asking) -> tuple[str, ...]:
    """Stages handed over since the last working day, of complaints that are still open."""
    since = _working_day_before(asking)
    statement = (
        sa.select(_C.c.reference, _A.c.stage_number)
        .select_from(_A.join(_C, _C.c.id == _A.c.complaint_id))
        .where(_A.c.colleague_id == asking.actor.id, _A.c.until.is_(None), _A.c.given_on >= since, _open())
        .where(*_seen(asking))
        .order_by(_C.c.reference)
    )
    return tuple(f"{row.reference}: stage {row.stage_number}" for row in asking.connection.execute(statement))


def _working_day_before(asking: Asking) -> date:
    calendar, day = asking.calendars.of(False), asking.today - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def _waiting(asking: Asking) -> tuple[str, ...]:
    statement = (
        sa.select(_C.c.reference, _K.c.on_day)
        .select_from(_K.join(_C, _C.c.id == _K.c.complaint_id))
        .where(_K.c.waits.is_(True), _K.c.answered_on.is_(None), _in_my_hands(asking), *_seen(asking))
        .order_by(_K.c.on_day, _K.c.id)
    )
    rows = asking.connection.execute(statement)
    return tuple(f"{row.reference}: a message of {day_words(row.on_day)}" for row in rows)


def _drafts(asking: Asking) -> tuple[str, ...]:
    """Drafts one began oneself, and those on complaints in one's hands, the console's among them."""
    mine = sa.or_(_L.c.prepared_by == asking.actor.id, _in_my_hands(asking))
    statement = (
        sa.select(_C.c.reference, _L.c.kind)
        .select_from(_L.join(_C, _C.c.id == _L.c.complaint_id))
        .where(_L.c.sent_on.is_(None), mine, *_seen(asking))
        .order_by(_C.c.reference, _L.c.id)
    )
    return tuple(f"{row.reference}: {LETTERS[row.kind].title}" for row in asking.connection.execute(statement))


def _seen(asking: Asking) -> list[Any]:
    return asking.seen(_C.c.id, service_id=_C.c.service_id)


def _open() -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = _C.c.is_open.is_(True)
    return condition


@query(needs=Permission.ASSIGN)
def managers_week(asking: Asking) -> tuple[Section, ...]:
    """What the complaints manager looks at once a week; empty lists are left out [lgsco:5.5]."""
    long = escalations(asking)
    stuck = stuck_letters(asking)
    return _filled(
        Section(title="Late, and nobody has told them why", lines=_untold(asking)),
        Section(title="Answered late without a recorded reason", lines=_unexplained(asking)),
        Section(title="Extended beyond the limit of the Code", lines=_over_limit(asking)),
        Section(title=f"Open for {long.red_weeks} weeks or more", lines=tuple(row.reference for row in long.red)),
        Section(title=f"Open for {long.amber_weeks} weeks or more", lines=tuple(row.reference for row in long.amber)),
        *_beside(asking),
        Section(title="Reviews that are overdue", lines=_late_reviews(asking)),
        Section(
            title="Letters that do not get on", lines=tuple(f"{row.reference}: {row.letter.title}" for row in stuck)
        ),
    )


def _untold(asking: Asking) -> tuple[str, ...]:
    """Answers that are owed and late, and no letter since the period began said when they come."""
    about = (_L.c.complaint_id == _D.c.complaint_id, _L.c.stage_number == _D.c.stage_number, _L.c.kind.in_(NOTICES))
    told = sa.exists().where(*about, _L.c.sent_on > _D.c.due_on).correlate(_D)
    late = (_D.c.kind.in_(ANSWERS), _D.c.standing == Standing.OPEN.value, _D.c.act_by < asking.today)
    return _duties(asking, *late, ~told)


def _unexplained(asking: Asking) -> tuple[str, ...]:
    """Duties met late, on complaints still open and recorded here, without a reason."""
    return _duties(asking, *unexplained(), _open())


def _late_reviews(asking: Asking) -> tuple[str, ...]:
    owed = (_D.c.kind.in_(REVIEWS), _D.c.standing == Standing.OPEN.value, _D.c.act_by < asking.today)
    return _duties(asking, *owed)


def _duties(asking: Asking, *where: Any) -> tuple[str, ...]:
    statement = (
        sa.select(_C.c.reference, _C.c.scheme, _D.c.kind, _D.c.clause, _D.c.ours, _D.c.act_by, _D.c.met_on)
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(*where, *_seen(asking))
        .order_by(_D.c.act_by, _D.c.id)
        .limit(asking.settings.search_limit)
    )
    rows = asking.connection.execute(statement)
    return tuple(
        f"{row.reference}: {TITLES[row.kind]} ({_cited(row.scheme, row)}), {_late(asking, row)}" for row in rows
    )


def _late(asking: Asking, row: Any) -> str:
    """How late a duty was met, or is today."""
    return nearness(row.act_by, today=row.met_on or asking.today, calendar=asking.calendars.of(False)).words


def _over_limit(asking: Asking) -> tuple[str, ...]:
    """Extensions past the limit, each with its recorded reason, of the stage a complaint is at."""
    at_stage = sa.and_(_C.c.id == _ST.c.complaint_id, _C.c.stage_number == _ST.c.number)
    statement = (
        sa.select(_C.c.reference, _E.c.new_date)
        .select_from(_E.join(_ST, _ST.c.id == _E.c.stage_id).join(_C, at_stage))
        .where(_E.c.good_reason.is_not(None), _open(), *_seen(asking))
        .order_by(_C.c.reference, _E.c.id)
    )
    rows = asking.connection.execute(statement)
    return tuple(f"{row.reference}: until {day_words(row.new_date)}" for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReminders:
    """One's own reminders: the address chosen, the one they go to, and whether. `trouble` says why none goes."""

    own: str
    address: str
    wanted: bool
    trouble: str


@query(needs=Permission.OWN)
def own_reminders(asking: Asking) -> OwnReminders:
    """Where one is reminded of what is due, and why not when one is not."""
    chosen = reminders.choice_of(asking.connection, asking.actor.id)
    found = OwnReminders(own=chosen.own, address=chosen.address, wanted=chosen.wanted, trouble="")
    return replace(found, trouble=_trouble(asking, chosen))


def _trouble(asking: Asking, chosen: reminders.Choice) -> str:
    settings = asking.settings
    if not settings.reminders or not (settings.sends_by_smtp or settings.sends_by_notify):
        return "No reminders go out here: the administrator has not set them up."
    if not chosen.wanted:
        return "You have switched your reminders off."
    if not chosen.address:
        return "No address of yours is known. Give one to be reminded."
    if not takes(settings.reminded_domains, chosen.address):
        return f"None goes to {chosen.address}: reminders stay within the organisation. Give another address."
    newest = reminders.newest(asking.connection, asking.actor.id)
    if newest is not None and newest[1] is ReminderState.DROPPED:
        return f"The reminder of {day_words(newest[0])} could not be delivered. Check the address."
    return ""


def takes(domains: frozenset[str], address: str) -> bool:
    """Whether reminders go to an address: its domain is one of the organisation's."""
    return address.rpartition("@")[2].lower() in domains
