"""The chores that are due by themselves: once, by `complaints tick`, or again and again in one thread of the server."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

from core import leftovers, mail_polling, month_keeping, noticing, reminding, retaining, theme_finding
from core.desk import Office
from core.errors import ComplaintsError
from core.outbox import OnFault, send_due
from core.settings import Settings
from core.store import outbox
from core.words import counted

MINUTE, HOUR = 60.0, 3600.0
_LEAST_LEASE = 60  # seconds
_PARTING = 30  # seconds to wait for a letter that is being handed over
_MOST_DOUBLINGS = 16

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """One kind of work. `does` it once; `says` in sentences what came of it; `every` so many seconds it comes again.

    After one that failed, the next comes after twice as long each time, up to `longest` seconds.
    """

    name: str
    does: Callable[[Office, OnFault | None, Stop], Any]
    says: Callable[[Any], list[str]]
    every: Callable[[Settings], float]
    wanted: Callable[[Settings], bool] = lambda _settings: True
    longest: float = 0.0

    def pause(self, settings: Settings, failures: int) -> float:
        """Seconds until the next turn."""
        usual = self.every(settings)
        doubled: float = usual * 2 ** min(failures, _MOST_DOUBLINGS)
        return min(doubled, max(usual, self.longest))


def _letters_said(done: Any) -> list[str]:
    said = (
        (done.sent, "sent and on record"),
        (done.put_off, "to be tried again later"),
        (done.failed, "not sent: see Escalations"),
        (done.unrecorded, "sent, and left to an officer to record: see Escalations"),
    )
    return [f"{counted(number, 'letter')} {what}." for number, what in said if number]


def _mail_said(done: Any) -> list[str]:
    kept = [f"{counted(done.kept, 'message')} kept from the mailbox."] if done.kept else []
    large = [f"{counted(done.too_large, 'message')} too large to keep: see Intake."] if done.too_large else []
    return kept + large


def _files_said(gone: int) -> list[str]:
    return [f"{counted(gone, 'file')} removed that no record refers to."] if gone else []


def _notices_said(done: noticing.Noticed) -> list[str]:
    drafted = [f"{counted(done.drafted, 'letter')} about late answers drafted."] if done.drafted else []
    return drafted + ([f"{counted(done.dropped, 'draft')} taken back."] if done.dropped else [])


def _erased_said(done: retaining.Erased) -> list[str]:
    said = ((done.records, "anonymised"), (done.dropped, "left as it is: something keeps it"))
    lines = [f"{counted(number, 'record')} {what}." for number, what in said if number]
    return lines + ([f"Certificate {done.certificate} is on Retention."] if done.certificate is not None else [])


def _reminders_said(done: reminding.Reminded) -> list[str]:
    said = ((done.sent, "sent"), (done.put_off, "to be tried again later"), (done.dropped, "given up"))
    return [f"{counted(number, 'reminder')} {what}." for number, what in said if number]


def _months_said(kept: month_keeping.MonthsKept) -> list[str]:
    return [f"{counted(kept.counted, 'month')} of figures counted."] if kept.counted else []


LETTERS = Chore(
    name="letters",
    does=lambda office, on_fault, stop: send_due(office, on_fault=on_fault, stop=stop),
    says=_letters_said,
    every=lambda settings: settings.tick_seconds or MINUTE,
)
NOTICES = Chore(
    name="notices",
    does=lambda office, _on_fault, stop: noticing.keep_noticed(office, stop=stop),
    says=_notices_said,
    every=lambda _settings: 15 * MINUTE,
)
MAILBOX = Chore(
    name="mailbox",
    does=lambda office, _on_fault, _stop: mail_polling.poll(office),
    says=_mail_said,
    every=lambda settings: settings.imap_every_minutes * MINUTE,
    wanted=lambda settings: bool(settings.imap_host),
    longest=HOUR,
)
LEFTOVERS = Chore(
    name="leftovers",
    does=lambda office, _on_fault, _stop: leftovers.remove_leftovers(office),
    says=_files_said,
    every=lambda _settings: 24 * HOUR,
)

REMINDERS = Chore(
    name="reminders",
    does=lambda office, on_fault, stop: reminding.remind(office, on_fault=on_fault, stop=stop),
    says=_reminders_said,
    every=lambda _settings: 5 * MINUTE,
    wanted=lambda settings: settings.reminders and (settings.sends_by_smtp or settings.sends_by_notify),
)

THEMES = Chore(
    name="themes",
    does=lambda office, _on_fault, _stop: theme_finding.find_when_due(office),
    says=lambda done: list(done.sentences),
    every=lambda _settings: 24 * HOUR,
)

RETENTION = Chore(
    name="retention",
    does=lambda office, _on_fault, stop: retaining.carry_out(office, stop=stop),
    says=_erased_said,
    every=lambda _settings: 10 * MINUTE,
    longest=HOUR,
)

MONTHS = Chore(
    name="months",
    does=lambda office, _on_fault, stop: month_keeping.keep_months(office, stop=stop),
    says=_months_said,
    every=lambda _settings: 15 * MINUTE,
    longest=HOUR,
)

CHORES = (LETTERS, NOTICES, REMINDERS, MAILBOX, LEFTOVERS, THEMES, RETENTION, MONTHS)
"""Everything that is due by itself, in the order in which it is done."""


@dataclass(slots=True, kw_only=True)
class Turn:
    """What one turn of a chore came to: its own answer, or the sentence it was refused with.

    `fault` is a mistake of ours. `elsewhere` when another process does this chore.
    """

    chore: Chore
    came: Any = None
    refusal: str = ""
    fault: Exception | None = None
    elsewhere: bool = False
    failures: int = 0

    @property
    def sentences(self) -> list[str]:
        """What came of it, in sentences; none when nothing was due."""
        if self.refusal:
            return [self.refusal]
        return [] if self.came is None else self.chore.says(self.came)


def tick(
    office: Office,
    *,
    chores: Sequence[Chore] = CHORES,
    on_fault: OnFault | None = None,
    stop: Stop = lambda: False,
) -> list[Turn]:
    """Do everything that is due now, once. One chore that is refused does not keep the others from being done.

    A mistake of ours is handed to `on_fault`; without it, it is raised once the others are done.
    """
    turns = [_turn(chore, office, on_fault, stop) for chore in chores if chore.wanted(office.settings)]
    fault = next((turn.fault for turn in turns if turn.fault is not None), None)
    if fault is not None and on_fault is None:
        raise fault
    return turns


def _turn(chore: Chore, office: Office, on_fault: OnFault | None, stop: Stop) -> Turn:
    try:
        return Turn(chore=chore, came=chore.does(office, on_fault, stop))
    except ComplaintsError as refusal:
        return Turn(chore=chore, refusal=str(refusal))
    except Exception as fault:  # told to whoever runs this; the next turn tries again
        reference = on_fault(fault) if on_fault is not None else None
        return Turn(chore=chore, fault=fault, refusal=f"See {reference or type(fault).__name__} in the log.")


@dataclass(slots=True)
class _Standing:
    """How a chore stands in this process: when it is due, its last turn, and how many have failed since one did not."""

    due: float
    last: Turn | None = None
    failures: int = 0


@dataclass(slots=True, kw_only=True)
class Ticker:
    """Does each chore again and again, in one process of all that serve these records, in one thread.

    Whoever holds a chore's lease does it; a process that dies leaves it to the next one. Two at work at once would do
    no harm: every letter is claimed by itself. `told` hears of every turn, `on_fault` of mistakes of ours.
    """

    office: Office
    chores: Sequence[Chore] = CHORES
    on_fault: OnFault
    told: Callable[[Turn], object] = lambda _turn: None
    first: float = 5.0
    _standing: dict[str, _Standing] = field(default_factory=dict)
    _worker: str = field(init=False)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._worker = f"{socket.gethostname()[:24]}/{os.getpid()}/{uuid4().hex[:8]}"
        self._standing = {chore.name: _Standing(monotonic() + self.first) for chore in self.chores}

    def start(self) -> None:
        """Begin; the first turns come after a moment, so that people come first."""
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after what is in hand, and let another process begin at once."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=_PARTING)

    def last(self, name: str) -> Turn | None:
        """The last turn of a chore in this process; None before the first."""
        return self._standing[name].last if name in self._standing else None

    def turn(self, chore: Chore) -> Turn:
        """One turn of one chore, unless another process has its lease."""
        office, standing = self.office, self._standing[chore.name]
        now, every = office.now(), chore.every(office.settings)
        until = now + timedelta(seconds=max(_LEAST_LEASE, min(3 * every, every + HOUR)))
        try:
            mine = outbox.hold(office.database, chore.name, worker=self._worker, now=now, until=until)
        except Exception as fault:  # the database is away, or a mistake of ours
            done = Turn(chore=chore, fault=fault, refusal=f"See {self.on_fault(fault)} in the log.")
        else:
            done = Turn(chore=chore, elsewhere=True)
            if mine:
                done = _turn(chore, office, self.on_fault, self._ended.is_set)
        standing.failures = standing.failures + 1 if done.refusal else 0
        done.failures, standing.last = standing.failures, done
        self.told(done)
        return done

    def _run(self) -> None:
        while not self._ended.wait(max(0.01, min(each.due for each in self._standing.values()) - monotonic())):
            for chore in self.chores:
                standing = self._standing[chore.name]
                if monotonic() < standing.due or self._ended.is_set():
                    continue
                if chore.wanted(self.office.settings):
                    self.turn(chore)
                standing.due = monotonic() + chore.pause(self.office.settings, standing.failures)
        for chore in self.chores:
            self._let_go(chore)

    def _let_go(self, chore: Chore) -> None:
        try:
            outbox.let_go(self.office.database, chore.name, worker=self._worker, now=self.office.now())
        except Exception as fault:  # it ends by itself a little later
            self.on_fault(fault)
