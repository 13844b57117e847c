"""kill -9 in the middle of sending, again and again: every letter arrives and is on record once.

Three processes send the letters of one outbox to a mail server in this one. They are killed without warning, one at a
time and evenly over the whole work, and others take their place. A letter that a killed process had handed over and not
noted goes once more under its own id; these are counted.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from bench.data import AS_AT, Clock, database_for, desks_of, office_at, set_up
from core.commands.letters import LetterKind, PrepareLetter, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.outbox import QueueLetter
from core.commands.recording import RecordComplaint
from core.desk import Desk, Office
from core.letter_files import files_kept
from core.model.complaints import Channel
from core.model.outbox import MailChannel, OutboxState
from core.outbox import send_due
from core.queries.letters import letter_view
from core.store import ledger
from tests.mail import a_mail_server, sends_by_smtp

WORKERS = 3
LETTERS_A_CASE = 50
LEASE = 5.0  # seconds; short, so that what a killed process held is taken up again soon
PATIENCE = 120.0  # seconds without any letter arriving
PAUSE = 0.05


def send_until_killed(url: str, folder: str, port: int, began: float) -> None:
    """What a doomed process does: send what is due, for ever. Runs in a process of its own and never returns."""
    office = sending_office(url, Path(folder), port, began)
    while True:
        send_due(office, lease=LEASE)
        time.sleep(PAUSE)


def sending_office(url: str, folder: Path, port: int, began: float) -> Office:
    """An office whose clock runs on from the moment the campaign began, the same in every process."""
    office = office_at(url, folder)
    office.clock = running_from(began)
    sends_by_smtp(office, port)
    return office


def running_from(began: float) -> Callable[[], datetime]:
    """A clock that stood at the data's moment when the machine's own showed `began`."""
    return lambda: AS_AT + timedelta(seconds=time.monotonic() - began)


@dataclass(slots=True)
class Deliveries:
    """What came of a campaign; the counts after `duplicates` are of things that must not happen."""

    messages: int = 0
    kills: int = 0
    seconds: float = 0.0
    duplicates: int = 0
    lost: int = 0
    unrecorded: int = 0
    recorded_twice: int = 0
    foreign: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """Everything that must not happen."""
        return self.lost + self.unrecorded + self.recorded_twice + self.foreign


def kill_while_sending(kind: str, *, messages: int, kills: int) -> Deliveries:
    """The whole campaign on one kind of database, its files removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database_for(kind, folder) as url:
            return _campaign(url, folder, messages, kills)


def _campaign(url: str, folder: Path, messages: int, kills: int) -> Deliveries:
    office = office_at(url, folder, clock=Clock())
    try:
        set_up(office)
        fill_outbox(office, messages)
    finally:
        office.close()
    found = Deliveries(messages=messages)
    with a_mail_server() as postbox:
        began = time.monotonic()
        _kill_on_the_way(url, folder, postbox, began, messages, kills, found)
        found.seconds = round(time.monotonic() - began, 1)
        arrived = Counter(each.strip("<>") for each in postbox.ids)
    office = office_at(url, folder, clock=Clock())
    try:
        _examine(office, arrived, found)
    finally:
        office.close()
    return found


def fill_outbox(office: Office, messages: int) -> None:
    """Queue so many letters on cases of fifty each. The first of each case goes through commands, the rest are copies.

    Their file is one and the same, so that making it is not measured.
    """
    desks = desks_of(office)
    files: dict[str, str] = {}
    for first in range(0, messages, LETTERS_A_CASE):
        reference = desks.recorder.do(
            RecordComplaint(
                individual="Sam Sample", words="The bins were missed.", matter="Missed bins",
                received_on=AS_AT.date(), channel=Channel.PHONE, contact_email="sam@sample.example",
            )
        ).reference  # fmt: skip
        assert reference is not None
        letter_id = _letter(desks.handler, reference)
        files = files or files_kept(desks.handler, letter_id, on=AS_AT.date())
        _queue(desks.handler, reference, letter_id, first, files)
        _copy(office, letter_id, range(first + 1, min(first + LETTERS_A_CASE, messages)))


def _letter(desk: Desk, reference: str) -> int:
    done = desk.do(PrepareLetter(reference=reference, kind=LetterKind.UPDATE))
    letter_id = int(getattr(done.events[0], "letter_id"))  # noqa: B009 - only this event has one
    view = desk.ask(letter_view, letter_id)
    parts = tuple({"content": part.content, "text": f"Written: {part.title}."} for part in view.parts)
    desk.do(WriteLetter(reference=reference, letter_id=letter_id, addressee="Sam Sample", parts=parts))
    return letter_id


def _queue(desk: Desk, reference: str, letter_id: int, number: int, files: dict[str, str]) -> None:
    step = SendLetter(reference=reference, letter_id=letter_id, sent_on=AS_AT.date())
    desk.do(
        QueueLetter(
            reference=reference, letter_id=letter_id, channel=MailChannel.SMTP, address="sam@sample.example",
            subject=f"Your complaint {reference}", message_id=_message_id(number),
            step="SendLetter", step_values=step.model_dump_json(exclude={"command_id"}), dated_on=AS_AT.date(), **files,
        )
    )  # fmt: skip


def _message_id(number: int) -> str:
    return f"letter-{number}@sampleton.example"


def _copy(office: Office, letter_id: int, numbers: range) -> None:
    """More letters like one that was queued, each with an id and a step of its own."""
    tables = SQLModel.metadata.tables
    letter, part, queued = tables["letter"], tables["letter_part"], tables["outbox"]
    with office.database.engine.begin() as connection:
        (first,) = connection.execute(sa.select(letter).where(letter.c.id == letter_id)).mappings()
        parts = connection.execute(sa.select(part).where(part.c.letter_id == letter_id)).mappings().all()
        (row,) = connection.execute(sa.select(queued).where(queued.c.letter_id == letter_id)).mappings()
        step = json.loads(row["step_values"])
        for number in numbers:
            values = {name: value for name, value in first.items() if name != "id"}
            (new,) = connection.execute(sa.insert(letter).values(values)).inserted_primary_key or ()
            connection.execute(sa.insert(part), [{**each, "letter_id": new} for each in parts])
            own = {name: value for name, value in row.items() if name != "id"}
            own |= {"letter_id": new, "message_id": _message_id(number)}
            own["step_values"] = json.dumps({**step, "letter_id": new})
            connection.execute(sa.insert(queued).values(own))


def _kill_on_the_way(
    url: str, folder: Path, postbox: Any, began: float, messages: int, kills: int, found: Deliveries
) -> None:
    """Let the workers send everything, killing one each time another share of the letters has arrived."""
    context, luck = _context(), random.Random(20261127)

    def another() -> Any:
        process = context.Process(  # type: ignore[attr-defined]
            target=send_until_killed, args=(url, str(folder), postbox.port, began)
        )
        process.start()
        return process

    workers = [another() for _ in range(WORKERS)]
    try:
        for at in range(kills):
            _wait(lambda at=at: len(postbox.taken) >= (at + luck.random()) * messages / (kills + 1), postbox, workers)
            time.sleep(luck.uniform(0, PAUSE))
            doomed = luck.randrange(WORKERS)
            workers[doomed].kill()
            workers[doomed].join()
            found.kills += 1
            workers[doomed] = another()
        office = office_at(url, folder, clock=Clock())
        try:
            _wait(lambda: _left(office) == 0, postbox, workers)
        finally:
            office.close()
    finally:
        for process in workers:
            process.kill()
            process.join()


def _wait(reached: Callable[[], bool], postbox: Any, workers: list[Any]) -> None:
    """Wait for something; RuntimeError when nothing arrives any more, or a worker ended by itself."""
    had, since = len(postbox.taken), time.monotonic()
    while not reached():
        if any(not process.is_alive() for process in workers):
            raise RuntimeError("A sending process ended by itself, so nothing was proved.")
        if len(postbox.taken) != had:
            had, since = len(postbox.taken), time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise RuntimeError("No letter arrives any more.")
        time.sleep(0.005)


def _left(office: Office) -> int:
    time.sleep(PAUSE)
    with office.database.reading() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM outbox WHERE state <> 'sent'")).scalar_one())


def _context() -> BaseContext:
    """How processes are started: from one that has everything loaded, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.prove_outbox"])
    return context


def _examine(office: Office, arrived: Counter[str], found: Deliveries) -> None:
    with office.database.reading() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT outbox.message_id, outbox.state, letter.sent_on, outbox.letter_id "
                "FROM outbox JOIN letter ON letter.id = outbox.letter_id"
            )
        ).all()
        sent = connection.execute(sa.text("SELECT count(*) FROM ledger_entry WHERE tag = 'letter.sent'")).scalar_one()
        ledger.verify(connection, key=office.key)
    ids = {row.message_id for row in rows}
    found.lost = len(ids - arrived.keys())
    found.foreign = len(arrived.keys() - ids)
    found.duplicates = sum(arrived.values()) - len(arrived)
    found.unrecorded = sum(row.state != OutboxState.SENT or row.sent_on is None for row in rows)
    found.recorded_twice = sent - len(rows)
    found.examples = sorted(ids - arrived.keys())[:5]
