"""Carrying out what two people have approved: batch by batch, so that it can be broken off and taken up again.

First the records, then the bytes of their files, then what the database itself remembers, then the certificate. Each
part is kept before the next begins, so whoever takes it up again begins where it ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.channels.file_stores import ObjectFiles, file_store
from core.commands.carrying_out import EraseApproved, FinishErasure, NoteScrub
from core.commands.organising import RebuildDuties
from core.desk import Desk, Office
from core.events.retention import ErasureFinished, RecordAnonymised
from core.permissions import SYSTEM
from core.queries.retention import erasure_left
from core.store.erasing import IMPORTS, still_named, tidy
from core.store.scrubbing import Scrubbed, scrub

BATCH = 500
Told = Callable[[int, int], object]
"""Hears how many records are anonymised and how many are left; of a scrub, tables written anew and all of them."""


@dataclass(slots=True)
class Erased:
    """What one turn came to: records anonymised, proposals dropped, files removed; `certificate` is its number."""

    records: int = 0
    dropped: int = 0
    files: int = 0
    counted: int = 0
    certificate: int | None = None


def carry_out(
    office: Office, *, stop: Callable[[], bool] = lambda: False, told: Told = lambda _done, _left: None
) -> Erased:
    """Anonymise what was approved, remove its files, and write the certificate [lgsco:5.8].

    Raises NotReady while somebody still reads what was there before; the next turn goes on from there.
    """
    desk, came = Desk(office, SYSTEM), Erased()
    left = desk.ask(erasure_left)
    while left.uncounted and not stop():
        desk.do(RebuildDuties(references=left.uncounted))
        came.counted += len(left.uncounted)
        left = desk.ask(erasure_left)
    while left.records:
        if stop():
            return came
        done = desk.do(EraseApproved(most=BATCH))
        erased = sum(isinstance(event, RecordAnonymised) for event in done.events)
        came.records += erased
        came.dropped += len(done.events) - erased
        left = desk.ask(erasure_left)
        told(came.records, left.records)
    if left.under_way and not stop():
        _remove(office, left.files)
        tidy(office.database)
        (finished,) = desk.do(FinishErasure()).events
        if isinstance(finished, ErasureFinished):
            came.certificate, came.files = finished.run, finished.files
    return came


def scrub_files(office: Office, *, told: Told = lambda _done, _all: None) -> Scrubbed:
    """Write PostgreSQL's own files anew, and note it on the certificates of what was erased [lgsco:5.8].

    Raises BadInput for SQLite and without the owner's role, NotReady while somebody still reads what was there before.
    """
    came = scrub(office.database, told=told)
    Desk(office, SYSTEM).do(NoteScrub(tables=came.tables, log=came.log))
    return came


def _remove(office: Office, names: tuple[str, ...]) -> None:
    """Remove the bytes of files that no other record names; imported spreadsheets go in any case."""
    digests = [name for name in names if not name.startswith(IMPORTS)]
    kept: set[str] = set()
    for at in range(0, len(digests), BATCH):
        with office.database.reading() as connection:
            kept |= still_named(connection, digests[at : at + BATCH])
    store = file_store(office.settings)
    for digest in digests:
        if digest in kept:
            continue
        if isinstance(store, ObjectFiles):
            store.put_aside(digest)
            store.remove(digest)
        else:
            _place(office.settings.files, digest).unlink(missing_ok=True)
    for name in names:
        if name.startswith(IMPORTS):
            for copy in (office.settings.data_dir / "imports").glob(f"{name.removeprefix(IMPORTS)}.*"):
                copy.unlink(missing_ok=True)


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:]
