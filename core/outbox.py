"""Letters by e-mail, from an officer's act until the mail server has them and the step is on record.

Nothing counts as sent before the mail server took it: that day is the day of the letter and of the step it belongs to
(requirements T25). Each message is handed over at least once under one Message-ID. A process that dies between the
server's answer and its own note sends it once more; one that dies after the note repeats only the recording.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from core.channels.file_stores import file_store
from core.channels.mail_out import MailServer, send_by_smtp
from core.channels.notify_out import NotifyService, send_by_notify
from core.channels.outgoing import SET_UP, SOON, Attachment, Outgoing, TryLater, Undeliverable
from core.commands.base import Command, LetterStep
from core.commands.mail_on_its_way import record_id
from core.commands.outbox import NoteDelivery, QueueLetter, step_of
from core.desk import Desk, Done, Office
from core.errors import BadInput, ChangedMeanwhile, ComplaintsError, NotFound, NotReady
from core.letter_files import files_kept, letter_document
from core.letters.plain_text import as_plain_text
from core.model.outbox import MailChannel
from core.permissions import SYSTEM
from core.queries.letters import letter_view
from core.queries.outbox import way_by_mail
from core.rules.behaviour import Enclosed
from core.settings import Settings
from core.store import outbox
from core.store.outbox import Claimed
from core.words import counted

MOST_TRIES = 12
LONGEST_WAIT = 21_600  # seconds between two tries, at most
LEASE = 300  # seconds for which one process alone works on a letter: longer than a mail server may take to answer
_NOT_IN_THE_STEP = {"command_id", "seen_version", "pdf_sha256", "word_sha256"}
_LUCK, _SPREAD = random.SystemRandom(), 1.25
_PDF = "application/pdf"

OnFault = Callable[[Exception], object]


def queue_letter(desk: Desk, step: Command) -> Done:
    """Give the letter of a step to go by e-mail; the step is recorded when the mail server has taken it [lgsco:5.8].

    The step is tried out first and undone, so that whatever it would be refused with comes up now: raises that, and
    BadInput when there is no way by e-mail.
    """
    if not isinstance(step, LetterStep) or step.letter_id is None:
        raise RuntimeError(f"No letter goes out with {type(step).__name__}.")
    way = desk.ask(way_by_mail, step.letter_id)
    if way.channel is None or way.why_not:
        raise BadInput(way.why_not)
    today = desk.office.today(desk.office.now())
    dated = step.model_copy(update={step.day_field(): today})
    desk.rehearse(dated)
    letter = desk.ask(letter_view, step.letter_id)
    if way.channel is MailChannel.NOTIFY and letter.enclosed is not None and not letter.enclosed.web_address:
        raise BadInput(
            "GOV.UK Notify takes one file, and a policy goes with this letter. Send it by post, or publish the policy "
            "and adopt it with its web address."
        )
    told: dict[str, Any] = {
        "reference": step.reference,
        "seen_version": step.seen_version,
        "letter_id": step.letter_id,
        "channel": way.channel,
        "address": way.address,
        "subject": f"Your complaint {letter.reference}",
        "message_id": f"letter-{uuid4()}@{_domain(desk.office.settings)}",
        "step": type(step).__name__,
        "step_values": dated.model_dump_json(exclude=_NOT_IN_THE_STEP),
        "dated_on": today,
        **files_kept(desk, step.letter_id, on=today),
    }
    return desk.do(QueueLetter(command_id=step.command_id, **told))


def _domain(settings: Settings) -> str:
    """The right half of a Message-ID: the council's own where it is known."""
    return settings.smtp_sender.rpartition("@")[2] or "complaints.invalid"


@dataclass(slots=True, kw_only=True)
class Sent:
    """What one look at the outbox came to: letters on record as sent, put off, given up, and left to an officer."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    unrecorded: int = 0


def send_due(
    office: Office,
    *,
    on_fault: OnFault | None = None,
    stop: Callable[[], bool] = lambda: False,
    lease: float = LEASE,
) -> Sent:
    """Send every letter that is due, one after another, until `stop`; safe beside others who do the same.

    A fault of ours with one letter is handed to `on_fault`, and the others go on; without it, it is raised.
    """
    done = Sent()
    for claimed in _due(office, lease):
        try:
            _Delivery(office, claimed, done).carry_on()
        except Exception as fault:  # one letter that cannot be read must not hold up all the others
            if on_fault is None:
                raise
            on_fault(fault)
        if stop():
            break
    return done


def _due(office: Office, lease: float) -> Iterator[Claimed]:
    worker = f"{socket.gethostname()[:24]}/{os.getpid()}/{uuid4().hex[:8]}"
    while True:
        now = office.now()
        until = now + timedelta(seconds=lease)
        claimed = outbox.claim(office.database, worker=worker, now=now, until=until)
        if claimed is None:
            return
        yield claimed


class _Delivery:
    """One queued letter, from wherever it stands."""

    def __init__(self, office: Office, row: Claimed, done: Sent) -> None:
        self._office, self._row, self._done = office, row, done

    def carry_on(self) -> None:
        """Hand it over unless the mail server has it already; then record it."""
        went = self._row.sent_at or self._handed_over()
        if went is not None:
            self._record(self._office.today(went))

    def _handed_over(self) -> datetime | None:
        """Try once; the moment the mail server took it, None when it did not."""
        try:
            if self._row.tries > MOST_TRIES:
                raise Undeliverable("The console failed at it again and again. Tell your administrator.")
            message, send = self._message(), self._way()
            send(message, sent_at=self._office.now())
        except TryLater as later:
            self._later(later)
            return None
        except (NotReady, ChangedMeanwhile):
            self._put_off(SOON, None)
            return None
        except Undeliverable as never:
            self._note(str(never))
            self._done.failed += 1
            return None
        except ComplaintsError as refusal:
            self._note(f"It was not sent, because its step cannot be taken: {refusal} Take it back first.")
            self._done.failed += 1
            return None
        went = self._office.now()
        outbox.accepted(self._office.database, self._row.id, at=went)
        return went

    def _message(self) -> Outgoing:
        """The letter as it goes today, once its step has been tried out as whoever queued it."""
        row, today = self._row, self._office.today(self._office.now())
        desk = self._desk()
        desk.rehearse(self._step(today))
        digest = row.pdf_sha256
        if row.dated_on != today:
            files = files_kept(desk, row.letter_id, on=today)
            outbox.redate(self._office.database, row.id, dated_on=today, files=files)
            digest = files["pdf_sha256"]
        letter = desk.ask(letter_view, row.letter_id)
        document = letter_document(letter.as_sent_on(today), council=self._office.settings.council, on=today)
        pdf = self._attached(f"Letter {letter.reference}.pdf", _PDF, digest)
        policy = letter.enclosed if letter.enclosed is not None and self._takes(letter.enclosed) else None
        more = (self._attached(policy.file_name, policy.media_type, policy.sha256),) if policy is not None else ()
        return Outgoing(
            message_id=row.message_id,
            to=row.address,
            subject=row.subject,
            text=as_plain_text(document),
            attachments=(pdf, *more),
        )

    def _attached(self, name: str, media_type: str, sha256: str) -> Attachment:
        with file_store(self._office.settings).open(sha256) as file:
            return Attachment(name=name, media_type=media_type, content=file.read())

    def _takes(self, policy: Enclosed) -> bool:
        """Whether the policy goes along as a file: Notify takes one alone, so there its address stands in the text."""
        return bool(policy.sha256) and (self._row.channel is not MailChannel.NOTIFY or not policy.web_address)

    def _way(self) -> Callable[..., str]:
        """What carries it; TryLater when that is not set up any more."""
        chosen = self._office.settings
        if self._row.channel is MailChannel.SMTP and chosen.sends_by_smtp:
            return partial(send_by_smtp, server=mail_server(chosen))
        if self._row.channel is MailChannel.NOTIFY and chosen.sends_by_notify:
            return partial(send_by_notify, service=notify_service(chosen))
        raise TryLater("What it was to go by is not set up here any more.", seconds=SET_UP)

    def _record(self, day: date) -> None:
        """Take its step as whoever queued it, on the day it went; what is refused now is left to an officer."""
        try:
            if self._row.tries > 2 * MOST_TRIES:
                raise BadInput("The console failed at it again and again. Tell your administrator.")
            self._desk().do(self._step(day))
            self._done.sent += 1
        except (NotReady, ChangedMeanwhile):
            self._put_off(SOON, None)
        except ComplaintsError as refusal:
            self._note(f"{refusal} Do not send it again: record it by hand, with that day.")
            self._done.unrecorded += 1

    def _desk(self) -> Desk:
        """The desk of whoever queued it, as they stand now; NotFound when they have left."""
        with self._office.database.reading() as connection:
            actor = outbox.actor_who_queued(connection, self._row.queued_by)
        if actor is None:
            raise NotFound("Whoever queued it does not work here any more, so it needs somebody else.")
        return Desk(self._office, actor)

    def _step(self, day: date) -> LetterStep:
        """The very step that was queued, on a day; under the one id this message is ever recorded with."""
        step = step_of(self._row.step, self._row.step_values)
        return step.model_copy(update={"command_id": record_id(self._row.message_id), step.day_field(): day})

    def _later(self, later: TryLater) -> None:
        """Try again after twice the time of the last try, and a little more so that not all come back at once."""
        tried = self._row.tries
        if tried >= MOST_TRIES:
            self._note(
                f"{later} It was tried {counted(tried, 'time')}. Try again when that is mended, or take it back."
            )
            self._done.failed += 1
            return
        wait = min(later.seconds * 2 ** (tried - 1), max(LONGEST_WAIT, later.seconds))
        self._put_off(wait * _LUCK.uniform(1, _SPREAD), str(later))

    def _put_off(self, seconds: float, problem: str | None) -> None:
        until = self._office.now() + timedelta(seconds=seconds)
        outbox.put_off(self._office.database, self._row, until=until, problem=problem)
        self._done.put_off += 1

    def _note(self, why: str) -> None:
        """Put on the case what stood in the way, and leave it to an officer."""
        with suppress(NotFound):  # taken back, or recorded by hand, in the meantime
            Desk(self._office, SYSTEM).do(NoteDelivery(outbox_id=self._row.id, why=why))


def mail_server(chosen: Settings) -> MailServer:
    """The council's mail server as it is set up."""
    return MailServer(
        host=chosen.smtp_host or "",
        port=chosen.smtp_port,
        sender=chosen.smtp_sender,
        security=chosen.smtp_security,
        user=chosen.smtp_user,
        password=chosen.smtp_password.get_secret_value() if chosen.smtp_password else "",
        authority=str(chosen.smtp_authority) if chosen.smtp_authority else None,
    )


def notify_service(chosen: Settings) -> NotifyService:
    """The council's service at Notify as it is set up."""
    key = chosen.notify_api_key.get_secret_value() if chosen.notify_api_key else ""
    return NotifyService(api_key=key, template_id=chosen.notify_template_id, base_url=chosen.notify_url)
