"""Files that were kept and never became part of a record: removed once they have lain for so many days.

An e-mail dropped on Intake is kept before anybody records it, so that nothing is lost; when nobody does, it must not
stay for ever. A file that comes back while it is being removed stays: it is moved aside first, and looked at once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.commands.arriving import NoteLeftovers
from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.store.keeping import any_settled_before, referred_to

_PLACE = re.compile(r"[0-9a-f]{62}")
_ASIDE = ".leaving"
_UNFINISHED = ".unfinished-*"


def remove_leftovers(office: Office) -> int:
    """Remove every file older than the setting that no record refers to; how many files went.

    The ledger says how many, once a day at most; nothing is written down when there was nothing to remove.
    """
    before = office.now() - timedelta(days=office.settings.leftover_days)
    folder = office.settings.files
    _put_back(folder)
    old = {f"{path.parent.name}{path.name}": path for path in _older(folder, before)}
    with office.database.reading() as connection:
        kept = referred_to(connection, old.keys(), since=before) if old else set()
        forgets = any_settled_before(connection, before)
    gone = sum(_remove(office, digest, path, before) for digest, path in old.items() if digest not in kept)
    gone += _remove_unfinished(folder, before)
    if gone or forgets:
        Desk(office, SYSTEM).do(NoteLeftovers(files=gone, before=before))
    return gone


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
