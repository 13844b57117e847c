"""The ledger: every event chained to the one before it by a keyed hash, so that it cannot be rewritten unseen.

Personal fields lie in a side table; an entry holds only their salted digest. Erasing them leaves the chain valid;
changing, removing or cutting anything does not.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.errors import LedgerBroken, NotReady
from core.events.base import Event
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.permissions import Actor
from core.settings import Settings
from core.store.bulk import insert_many

GENESIS = "0" * 64
_HEAD_LOCK = 20240401
_ENTRY = LedgerEntry.__table__  # type: ignore[attr-defined]
_PERSONAL = LedgerPersonal.__table__  # type: ignore[attr-defined]

# Put together once: every step asks them.
_END = sa.select(_ENTRY.c.n, _ENTRY.c.mac).order_by(_ENTRY.c.n.desc()).limit(1)
_WITH_PERSONAL = _ENTRY.outerjoin(_PERSONAL, _ENTRY.c.n == _PERSONAL.c.n)
_OF_COMMAND = (
    sa.select(_ENTRY, _PERSONAL.c.payload)
    .select_from(_WITH_PERSONAL)
    .where(_ENTRY.c.command_id == sa.bindparam("command_id"))
    .order_by(_ENTRY.c.step)
)
_ADD_ENTRIES, _ADD_PERSONAL = sa.insert(_ENTRY), sa.insert(_PERSONAL)
_MANY = 50
"""Entries of one command from which they are written as an import's rows are."""
_TAKE_TURN = sa.text("SELECT pg_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The chain's end at one moment. Kept outside the database, it proves later that nothing was cut off."""

    n: int
    mac: str
    at: str

    def line(self) -> str:
        """The anchor as one line of text, for a letter, an e-mail or the annual report."""
        return f"{self.n} {self.mac} {self.at}"

    @staticmethod
    def read(line: str) -> Anchor:
        """An anchor from its line; LedgerBroken when the line is not one."""
        parts = line.split()
        if len(parts) != 3 or not parts[0].isdigit() or len(parts[1]) != len(GENESIS):
            raise LedgerBroken("That is not an anchor. An anchor is one line: a number, a long code and a time.")
        return Anchor(n=int(parts[0]), mac=parts[1], at=parts[2])


def load_key(settings: Settings, *, begun: bool) -> bytes:
    """The ledger's key: from the settings, or from the key file, made once when the ledger has not begun.

    Raises NotReady when the ledger has begun and its key is gone: another key would break the chain.
    """
    if settings.ledger_key is not None:
        return bytes.fromhex(settings.ledger_key.get_secret_value())
    path = settings.key_file
    if not path.exists():
        if begun:
            raise NotReady(
                f"The ledger's key is missing. Put {path.name} back beside the database, or set COMPLAINTS_LEDGER_KEY. "
                "Nothing can be saved without it."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_key(path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def _write_key(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))


def append(
    session: Session, events: Sequence[Event], *, actor: Actor, command_id: str, at: datetime, key: bytes
) -> int:
    """Write a command's events at the end of the chain; the number of the last one [lgsco:5.8]."""
    if not events:
        return 0
    connection = session.connection()
    n, mac = _head(connection)
    entries: list[dict[str, Any]] = []
    personal: list[dict[str, Any]] = []
    for step, event in enumerate(events):
        n += 1
        data, private = event.split()
        digest = ""
        if private:
            salt = secrets.token_hex(16)
            digest = _digest(salt, private)
            personal.append({"n": n, "salt": salt, "payload": private})
        entry = {
            "n": n,
            "at": at,
            "actor_id": actor.id,
            "actor": actor.name,
            "complaint_id": event.complaint_id,
            "tag": event.tag,
            "command_id": command_id,
            "step": step,
            "data": data,
            "digest": digest,
        }
        mac = entry["mac"] = _mac(key, mac, entry)
        entries.append(entry)
    if len(entries) >= _MANY:
        insert_many(connection, _ENTRY, entries)
        insert_many(connection, _PERSONAL, personal)
    else:
        connection.execute(_ADD_ENTRIES, entries)
        if personal:
            connection.execute(_ADD_PERSONAL, personal)
    session.info["recorded"] = True
    return n


def _head(connection: Connection) -> tuple[int, str]:
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN, {"key": _HEAD_LOCK})
    row = connection.execute(_END).first()
    return (row.n, row.mac) if row else (0, GENESIS)


def _digest(salt: str, payload: str) -> str:
    return hashlib.sha256(f"{salt}{payload}".encode()).hexdigest()


def _mac(key: bytes, previous: str, entry: dict[str, Any]) -> str:
    at = entry["at"].astimezone(UTC).isoformat()
    chained = [previous, entry["n"], at, entry["actor_id"], entry["actor"], entry["complaint_id"], entry["tag"]]
    chained += [entry["command_id"], entry["step"], entry["data"], entry["digest"]]
    text = json.dumps(chained, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def anchor(connection: Connection, *, at: datetime) -> Anchor:
    """The chain's end now."""
    row = connection.execute(_END).first()
    n, mac = (row.n, row.mac) if row else (0, GENESIS)
    return Anchor(n=n, mac=mac, at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def verify(connection: Connection, *, key: bytes, anchors: Iterable[Anchor] = ()) -> int:
    """Prove the whole chain; the number of entries.

    Raises LedgerBroken naming the entry that was altered, is missing, or was cut off after an anchor.
    """
    kept = {one.n: one for one in anchors}
    mac, last = GENESIS, 0
    with contextlib.closing(_entries(connection)) as entries:
        for entry in entries:
            n = entry["n"]
            if n != last + 1:
                raise LedgerBroken(f"Entry {last + 1:,} has been removed: the next one there is entry {n:,}.")
            if not hmac.compare_digest(_mac(key, mac, entry), entry["mac"]):
                raise LedgerBroken(f"Entry {n:,} has been altered, or was written with another key.")
            if entry["payload"] is not None and _digest(entry["salt"], entry["payload"]) != entry["digest"]:
                raise LedgerBroken(f"The personal fields of entry {n:,} have been altered.")
            if n in kept and kept[n].mac != entry["mac"]:
                raise LedgerBroken(f"Entry {n:,} is not the one that was anchored: the chain before it was replaced.")
            mac, last = entry["mac"], n
    cut = [one for one in kept.values() if one.n > last]
    if cut:
        furthest = max(cut, key=lambda one: one.n)
        raise LedgerBroken(
            f"The chain ends at entry {last:,}, but entry {furthest.n:,} was anchored: the end was cut off."
        )
    return last


def _entries(connection: Connection) -> Generator[dict[str, Any]]:
    statement = sa.select(_ENTRY, _PERSONAL.c.salt, _PERSONAL.c.payload).select_from(_WITH_PERSONAL)
    statement = statement.order_by(_ENTRY.c.n)
    rows = connection.execute(statement, execution_options={"stream_results": True})
    try:
        for row in rows.yield_per(5000).mappings():
            yield dict(row)
    finally:
        rows.close()  # a broken chain is not read to its end


def already_done(connection: Connection, command_id: str) -> list[dict[str, Any]]:
    """The entries a command has already written, if it was carried out before."""
    return [dict(row) for row in connection.execute(_OF_COMMAND, {"command_id": command_id}).mappings()]


def begun(connection: Connection) -> bool:
    """Whether the ledger has an entry."""
    return connection.execute(sa.select(_ENTRY.c.n).limit(1)).first() is not None


def key_or_refuse(settings: Settings, *, begun: bool) -> bytes:
    """The key, or a sentence when there is none or it is not a usable one."""
    try:
        key = load_key(settings, begun=begun)
    except (ValueError, OSError) as error:
        raise NotReady(
            "The ledger's key cannot be read. Put the key file back, or set COMPLAINTS_LEDGER_KEY."
        ) from error
    if len(key) < 32:
        raise NotReady("The ledger's key is too short: it needs 64 hexadecimal characters.")
    return key
