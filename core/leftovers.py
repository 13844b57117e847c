"""Files that were kept and never became part of a record: removed once they have lain for so many days.

An e-mail dropped on Intake is kept before anybody records it, so that nothing is lost; when nobody does, it must not
stay for ever. A file that comes back while it is being removed stays: it is moved aside first, and looked at once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.channels.file_stores import ObjectFiles, file_store
from core.commands.arriving import NoteLeftovers
from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.store.keeping import any_settled_before, referred_to

_PLACE = re.compile(r"[0-9a-f]{62}")
_ASIDE = ".leaving"
_UNFINISHED = ".unfinished-*"
_ASIDE_FOR = timedelta(hours=24)
_ANY_TIME = datetime.max.replace(tzinfo=UTC)


def remove_leftovers(office: Office) -> int:
    """Remove every file older than the setting that no record refers to; how many files went.

    The ledger says how many, once a day at most; nothing is written down when there was nothing to remove.
    """
    before = office.now() - timedelta(days=office.settings.leftover_days)
    store = file_store(office.settings)
    gone = _remove_objects(office, store, before) if isinstance(store, ObjectFiles) else _remove_files(office, before)
    with office.database.reading() as connection:
        forgets = any_settled_before(connection, before)
    if gone or forgets:
        Desk(office, SYSTEM).do(NoteLeftovers(files=gone, before=before))
    return gone


def _remove_files(office: Office, before: datetime) -> int:
    """Remove the files of a folder that were put there before a moment and that no record refers to; how many."""
    folder = office.settings.files
    _put_back(folder)
    old = {f"{path.parent.name}{path.name}": path for path in _older(folder, before)}
    with office.database.reading() as connection:
        kept = referred_to(connection, old.keys(), since=before) if old else set()
    gone = sum(_remove(office, digest, path, before) for digest, path in old.items() if digest not in kept)
    return gone + _remove_unfinished(folder, before)


def _remove_objects(office: Office, store: ObjectFiles, before: datetime) -> int:
    """The same in an object store, in two steps: what is put aside is still found, and goes a day later.

    A store cannot tell what was put again a moment ago from what has lain there: a record that came to refer to a
    file meanwhile has a day to be seen, and the file goes back.
    """
    aside = set(store.older(_ANY_TIME, aside=True))
    ripe, old = set(store.older(office.now() - _ASIDE_FOR, aside=True)), set(store.older(before))
    with office.database.reading() as connection:
        kept = referred_to(connection, aside | old, since=before)
    for digest in aside & kept:
        store.put_back(digest)
    for digest in ripe - kept:
        store.remove(digest)
    for digest in old - kept - aside:
        store.put_aside(digest)
    return len(ripe - kept)


def _older(folder: Path, before: datetime) -> Iterator[Path]:
    """The files under their digest that were last put there before a moment."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if _PLACE.fullmatch(path.name) and _put_at(path) < before:
            yield path


def _put_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _remove(office: Office, digest: str, path: Path, before: datetime) -> bool:
    """Remove one file, unless it was put again or named by a record since it was looked at."""
    aside = path.with_name(f"{path.name}{_ASIDE}")
    try:
        path.replace(aside)
    except FileNotFoundError:
        return False  # another process of this installation is at it
    with office.database.reading() as connection:
        named = referred_to(connection, [digest], since=before)
    if named or _put_at(aside) >= before:
        _back(aside, path)
        return False
    aside.unlink()
    return True


def _back(aside: Path, path: Path) -> None:
    """Put a file back; the same bytes may have been put there meanwhile, and then those stay."""
    if path.exists():
        aside.unlink()
    else:
        aside.replace(path)


def _put_back(folder: Path) -> None:
    """Files that a broken-off removal left aside go back, to be looked at again."""
    for aside in folder.glob(f"[0-9a-f][0-9a-f]/*{_ASIDE}"):
        _back(aside, aside.with_name(aside.name.removesuffix(_ASIDE)))


def _remove_unfinished(folder: Path, before: datetime) -> int:
    """Halves of files that were never finished, because the machine stopped."""
    halves = [path for path in folder.glob(f"[0-9a-f][0-9a-f]/{_UNFINISHED}") if _put_at(path) < before]
    for path in halves:
        path.unlink()
    return len(halves)
