"""Reminders by e-mail to colleagues: each working morning what is due of one's own, each week what a manager looks at.

Once for each person and day, also after a restart: at least once under one Message-ID. Their words are made as they go,
by what the person may see at that moment, and hold references and duties alone.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from core.channels.mail_out import send_by_smtp
from core.channels.notify_out import send_by_notify
from core.channels.outgoing import SET_UP, Outgoing, TryLater, Undeliverable, is_address
from core.commands.reminders import ChooseReminders
from core.desk import Desk, Done, Office
from core.errors import BadInput
from core.model.reminders import ReminderKind, ReminderState
from core.outbox import LEASE, LONGEST_WAIT, MOST_TRIES, OnFault, mail_server, notify_service
from core.permissions import Actor, Permission
from core.queries.reminders import Section, managers_week, my_morning, takes
from core.rules.s6_stages import LONDON
from core.settings import Settings
from core.store import outbox, reminders
from core.store.reminders import Taken
from core.words import counted, listed

LONGEST_LIST = 30
"""Lines of one list in a reminder; the rest are counted."""

_ASKED: dict[ReminderKind, tuple[Permission, Callable[..., tuple[Section, ...]]]] = {
    ReminderKind.MORNING: (Permission.READ, my_morning),
    ReminderKind.WEEKLY: (Permission.ASSIGN, managers_week),
}
_PAGES = {ReminderKind.MORNING: "my-cases", ReminderKind.WEEKLY: "policy?show=departures"}


@dataclass(slots=True, kw_only=True)
class Reminded:
    """What one look came to: reminders sent, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    dropped: int = 0


def choose(desk: Desk, command: ChooseReminders) -> Done:
    """Keep where somebody wants to be reminded; BadInput for an address outside the organisation."""
    if command.wanted and is_address(command.address):
        _stays_within(command.address, desk.office.settings.reminded_domains)
    return desk.do(command)


def _stays_within(address: str, domains: frozenset[str]) -> None:
    field = {"address": "This address is outside the organisation."}
    if not domains:
        raise BadInput("Where reminders may go is not set up here. Ask the administrator.", field)
    if not takes(domains, address):
        raise BadInput(f"Reminders go to addresses of {listed(sorted(domains))} alone. Give yours there.", field)


def remind(
    office: Office, *, on_fault: OnFault | None = None, stop: Callable[[], bool] = lambda: False, lease: float = LEASE
) -> Reminded:
    """Remind whoever has something due, once each working day from the hour that is set; nothing on any other day.

    A fault of ours with one is handed to `on_fault`, and the others go on; without it, it is raised.
    """
    done, now = Reminded(), office.now()
    today = office.today(now)
    with office.database.reading() as connection:
        works = office.calendars(connection).of(False).is_working(today)
    if not works or now.astimezone(LONDON).hour < office.settings.reminders_from:
        return done
    days = {ReminderKind.MORNING: today, ReminderKind.WEEKLY: today - timedelta(days=today.weekday())}
    _owe(office, days, now)
    worker = f"{socket.gethostname()[:24]}/{os.getpid()}/{uuid4().hex[:8]}"
    while not stop():
        until = office.now() + timedelta(seconds=lease)
        taken = reminders.take(office.database, worker=worker, now=office.now(), until=until)
        if taken is None:
            break
        try:
            _hand_over(office, taken, done)
        except Exception as fault:  # one that cannot be made must not hold up all the others
            if on_fault is None:
                raise
            on_fault(fault)
    return done


def _owe(office: Office, days: dict[ReminderKind, date], now: datetime) -> None:
    """Enter who is to be reminded, each once, and give up what was owed for an earlier day."""
    settings = office.settings
    with office.database.reading() as connection:
        there = reminders.entered(connection, days)
        chosen = reminders.choices(connection)
        rows = [
            {"colleague_id": colleague_id, "kind": kind.value, "day": day}
            for colleague_id, choice in chosen.items()
            if choice.wanted and takes(settings.reminded_domains, choice.address)
            for kind, day in days.items()
            if (colleague_id, kind) not in there and _may(outbox.actor_who_queued(connection, colleague_id), kind)
        ]
    if not rows:
        return
    domain = settings.smtp_sender.rpartition("@")[2] or "complaints.invalid"
    forgotten = days[ReminderKind.WEEKLY] - timedelta(days=settings.leftover_days)
    reminders.leave_behind(office.database, days, older_than=forgotten)
    reminders.enter(
        office.database, [{**row, "message_id": f"reminder-{uuid4()}@{domain}", "next_try_at": now} for row in rows]
    )


def _may(actor: Actor | None, kind: ReminderKind) -> bool:
    return actor is not None and actor.may(_ASKED[kind][0])


def _hand_over(office: Office, taken: Taken, done: Reminded) -> None:
    """Make one reminder by what its colleague may see now, and hand it to the mail server."""
    with office.database.reading() as connection:
        actor = outbox.actor_who_queued(connection, taken.colleague_id)
        choice = reminders.choice_of(connection, taken.colleague_id)
    needed, asked = _ASKED[taken.kind]
    reached = choice.wanted and takes(office.settings.reminded_domains, choice.address)
    if actor is None or not actor.may(needed) or not reached or taken.tries > MOST_TRIES:
        reminders.settle(office.database, taken, ReminderState.DROPPED)
        done.dropped += 1
        return
    looks = replace(actor, limited_to=frozenset({Permission.READ, Permission.DISCLOSE, Permission.RETAIN, needed}))
    sections = Desk(office, looks).ask(asked)
    if not sections:
        reminders.settle(office.database, taken, ReminderState.NOTHING)
        return
    _send(office, taken, _message(office.settings, taken, choice.address, sections), done)


def _send(office: Office, taken: Taken, message: Outgoing, done: Reminded) -> None:
    try:
        _way(office.settings)(message, sent_at=office.now())
    except TryLater as later:
        wait = min(later.seconds * 2 ** (taken.tries - 1), max(LONGEST_WAIT, later.seconds))
        reminders.put_off(office.database, taken, until=office.now() + timedelta(seconds=wait))
        done.put_off += 1
    except Undeliverable:  # My account says so to whom it concerns
        reminders.settle(office.database, taken, ReminderState.DROPPED)
        done.dropped += 1
    else:
        reminders.settle(office.database, taken, ReminderState.SENT, sent_at=office.now())
        done.sent += 1


def _way(settings: Settings) -> Callable[..., Any]:
    if settings.sends_by_smtp:
        return partial(send_by_smtp, server=mail_server(settings))
    if settings.sends_by_notify:
        return partial(send_by_notify, service=notify_service(settings))
    raise TryLater("No mail server is set up here.", seconds=SET_UP)


def _message(settings: Settings, taken: Taken, to: str, sections: Sequence[Section]) -> Outgoing:
    named = [(section.title[0].lower() + section.title[1:], len(section.lines)) for section in sections[:2]]
    counts = ", ".join(f"{title}: {count}" for title, count in named)
    what = "Complaints this week" if taken.kind is ReminderKind.WEEKLY else "Complaints today"
    return Outgoing(
        message_id=taken.message_id,
        to=to,
        subject=f"{what}: {counts}",
        text=_text(settings, taken.kind, sections),
        automatic=True,
    )


def _text(settings: Settings, kind: ReminderKind, sections: Sequence[Section]) -> str:
    """The lists one below the other, where to see more, and how to switch it off."""
    base = settings.base_url.rstrip("/")
    told = ["\n".join([f"{section.title} ({len(section.lines):,})", *_listed(section)]) for section in sections]
    end = (
        f"Open the console: {base}/{_PAGES[kind]}\n"
        f"Change or stop these reminders: {base}/my-account\n\n"
        "This message holds references alone. Nobody reads an answer to it."
    )
    return "\n\n".join([*told, end]) + "\n"


def _listed(section: Section) -> list[str]:
    shown = [f"- {line}" for line in section.lines[:LONGEST_LIST]]
    more = len(section.lines) - len(shown)
    return [*shown, f"- and {counted(more, 'other')}"] if more else shown
