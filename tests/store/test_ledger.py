"""The history proves itself: what was altered, removed, cut off or replaced is found and named."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.engine import Connection

from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.errors import LedgerBroken, NotReady
from core.events.base import ERASED, restore
from core.events.cases import NoteAdded
from core.model.ledger import LedgerEntry
from core.permissions import SYSTEM
from core.settings import Settings
from core.store import ledger
from core.store.ledger import Anchor
from core.store.schema import migrate
from tests.builders import Story
from tests.conftest import KEY, Databases
from tests.store.tampering import hands_in

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
ENTRY = LedgerEntry.__table__  # type: ignore[attr-defined]


@pytest.fixture
def told(story: Story) -> Story:
    """A history of four set-up entries and those of one complaint."""
    story.answered()
    return story


def proved(story: Story, anchors: Sequence[Anchor] = (), key: bytes | None = None) -> int:
    with story.office.database.reading() as connection:
        return ledger.verify(connection, key=key or story.office.key, anchors=anchors)


def anchored(story: Story) -> Anchor:
    with story.office.database.reading() as connection:
        return ledger.anchor(connection, at=AT)


def tamper(story: Story, *statements: str) -> None:
    with hands_in(story.office) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_history_left_alone_proves_itself(told: Story) -> None:
    assert proved(told) == len(told.tags()) == 12
    assert proved(told, [anchored(told)]) == 12


def test_an_empty_history_proves_itself(databases: Databases, database_kind: str) -> None:
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    with office.database.reading() as connection:
        assert ledger.verify(connection, key=office.key) == 0
        nothing = ledger.anchor(connection, at=AT)
        assert (nothing.n, nothing.mac) == (0, ledger.GENESIS)
        assert ledger.verify(connection, key=office.key, anchors=[nothing]) == 0


ALTERED = {
    "what happened": "UPDATE ledger_entry SET tag = 'note.added' WHERE n = 6",
    "when": "UPDATE ledger_entry SET at = '2020-01-01 09:00:00+00:00' WHERE n = 6",
    "who": "UPDATE ledger_entry SET actor = 'Somebody Else' WHERE n = 6",
    "whose id": "UPDATE ledger_entry SET actor_id = 99 WHERE n = 6",
    "its facts": "UPDATE ledger_entry SET data = '{}' WHERE n = 6",
    "which case": "UPDATE ledger_entry SET complaint_id = NULL WHERE n = 6",
    "which command": "UPDATE ledger_entry SET command_id = 'another' WHERE n = 6",
    "which step": "UPDATE ledger_entry SET step = 9 WHERE n = 6",
    "its digest": "UPDATE ledger_entry SET digest = 'd' WHERE n = 6",
    "its mac": "UPDATE ledger_entry SET mac = 'd' WHERE n = 6",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED.keys())
def test_an_altered_entry_is_located(told: Story, statement: str) -> None:
    """Each column is bound into the chain [lgsco:5.8]."""
    tamper(told, statement)
    with pytest.raises(LedgerBroken, match="Entry 6 has been altered"):
        proved(told)


@pytest.mark.parametrize("column", ["payload", "salt"])
def test_an_altered_personal_field_is_located(told: Story, column: str) -> None:
    """The digest in the chain stands for what lies beside it."""
    tamper(told, f"UPDATE ledger_personal SET {column} = 'x' WHERE n = 6")  # noqa: S608
    with pytest.raises(LedgerBroken, match="The personal fields of entry 6 have been altered"):
        proved(told)


def test_a_personal_field_slipped_in_is_located(told: Story) -> None:
    """An entry that had none cannot be given one."""
    with_some = {row["n"] for row in told.rows("ledger_personal")}
    n = max({row["n"] for row in told.rows("ledger_entry")} - with_some)
    tamper(told, f"INSERT INTO ledger_personal (n, salt, payload) VALUES ({n}, 's', '{{}}')")  # noqa: S608
    with pytest.raises(LedgerBroken, match=f"The personal fields of entry {n} have been altered"):
        proved(told)


@pytest.mark.parametrize("n", [1, 5, 6])
def test_a_removed_entry_is_located(told: Story, n: int) -> None:
    tamper(told, f"DELETE FROM ledger_personal WHERE n = {n}", f"DELETE FROM ledger_entry WHERE n = {n}")  # noqa: S608
    with pytest.raises(LedgerBroken, match=f"Entry {n} has been removed: the next one there is entry {n + 1}"):
        proved(told)


def test_two_entries_that_change_places_are_located(told: Story) -> None:
    tamper(
        told,
        "UPDATE ledger_entry SET n = 99 WHERE n = 6",
        "UPDATE ledger_entry SET n = 6 WHERE n = 7",
        "UPDATE ledger_entry SET n = 7 WHERE n = 99",
    )
    with pytest.raises(LedgerBroken, match="Entry 6 has been altered"):
        proved(told)


def test_a_cut_tail_is_seen_only_against_an_anchor(told: Story) -> None:
    """What is gone from the end leaves no trace in the chain itself: so anchors are kept elsewhere."""
    end = anchored(told)
    tamper(told, "DELETE FROM ledger_personal WHERE n > 6", "DELETE FROM ledger_entry WHERE n > 6")
    assert proved(told) == 6
    with pytest.raises(LedgerBroken, match="The chain ends at entry 6, but entry 12 was anchored: the end was cut off"):
        proved(told, [end])


def test_a_chain_replaced_by_someone_with_the_key_is_seen_against_an_anchor(told: Story) -> None:
    """Whoever has the key can write a chain that proves itself; not one that an older anchor knows."""
    end = anchored(told)
    with hands_in(told.office) as connection:
        rewrite(connection, told.office.key, n=6, actor="Somebody Else")
    assert proved(told) == 12
    with pytest.raises(
        LedgerBroken, match="Entry 12 is not the one that was anchored: the chain before it was replaced"
    ):
        proved(told, [end])


def rewrite(connection: Connection, key: bytes, *, n: int, actor: str) -> None:
    """Change one entry and chain everything after it anew, as only the holder of the key can."""
    mac = ledger.GENESIS
    for row in connection.execute(sa.select(ENTRY).order_by(ENTRY.c.n)).mappings().all():
        entry = dict(row) | ({"actor": actor} if row["n"] == n else {})
        mac = ledger._mac(key, mac, entry)
        connection.execute(sa.update(ENTRY).where(ENTRY.c.n == row["n"]).values(actor=entry["actor"], mac=mac))


def test_another_key_proves_nothing(told: Story) -> None:
    with pytest.raises(LedgerBroken, match="Entry 1 has been altered, or was written with another key"):
        proved(told, key=b"\x00" * 32)


def test_erasing_personal_fields_leaves_the_chain_whole(told: Story) -> None:
    """Retention removes the person; the history still proves itself and says that something was erased."""
    before = proved(told, [anchored(told)])
    with told.office.database.engine.connect() as connection:
        connection.execute(sa.text("DELETE FROM ledger_personal WHERE n = 6"))
        connection.commit()
    assert proved(told) == before
    (entry,) = told.rows("ledger_entry", n=6)
    assert "Sam Sample" not in entry["data"]
    sentence = restore(entry["tag"], entry["data"], None).sentence()
    assert sentence == f"Recorded “{ERASED}” from {ERASED}, received Mon 7 September 2026."


def test_no_personal_word_lies_in_the_chain_itself(told: Story) -> None:
    """Names and texts are in the side table alone, salted apart."""
    for row in told.rows("ledger_entry"):
        assert "Sam Sample" not in row["data"]
        assert "missed" not in row["data"].lower()
    salts = [row["salt"] for row in told.rows("ledger_personal")]
    assert len(set(salts)) == len(salts)


def test_a_verified_history_grows_on_from_its_end(told: Story) -> None:
    """Entry follows entry without a gap, each bound to the one before it."""
    old = anchored(told)
    told.desks.handler.do(AddNote(reference="C-2026-000001", text="Rang."))
    assert proved(told, [old, anchored(told)]) == 13
    assert [row["n"] for row in sorted(told.rows("ledger_entry"), key=lambda row: row["n"])] == list(range(1, 14))


@pytest.mark.parametrize("line", ["", "7", "7 abc 2026", "x " + "0" * 64 + " now", "7 " + "0" * 63 + " now", "1 2 3 4"])
def test_a_line_that_is_no_anchor_is_refused(line: str) -> None:
    with pytest.raises(LedgerBroken, match="That is not an anchor"):
        Anchor.read(line)


def test_an_anchor_goes_out_and_comes_back_as_one_line(told: Story) -> None:
    anchor = anchored(told)
    assert Anchor.read(f"  {anchor.line()}\n") == anchor
    assert anchor.line().endswith("2026-10-01T09:00:00Z")


def test_nothing_to_write_writes_nothing(office: Office) -> None:
    with office.database.writing() as session:
        assert ledger.append(session, [], actor=SYSTEM, command_id="c", at=AT, key=office.key) == 0


def test_the_ledger_alone_does_not_excuse_a_change(office: Office) -> None:
    """An event of one thing is written for it; the unit of work asks no more and no less."""
    with office.database.writing() as session:
        event = NoteAdded(complaint_id=None, text="Only said")
        last = ledger.append(session, [event], actor=SYSTEM, command_id="c", at=AT, key=office.key)
    with office.database.reading() as connection:
        assert ledger.verify(connection, key=office.key) == last


# The key


def settings(folder: Path, key: str | None = None) -> Settings:
    return Settings(_env_file=None, data_dir=folder, ledger_key=SecretStr(key) if key is not None else None)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Beside the database, readable by nobody else."""
    folder = tmp_path / "data"
    first = ledger.key_or_refuse(settings(folder), begun=False)
    path = settings(folder).key_file
    assert len(first) == 32
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ledger.key_or_refuse(settings(folder), begun=False) == first
    assert ledger.key_or_refuse(settings(folder), begun=True) == first


def test_a_key_that_was_lost_is_never_replaced_in_silence(tmp_path: Path) -> None:
    """A new key would break the chain at once."""
    with pytest.raises(NotReady, match="The ledger's key is missing"):
        ledger.key_or_refuse(settings(tmp_path), begun=True)
    assert list(tmp_path.iterdir()) == []


def test_the_desk_refuses_without_the_key_and_saves_nothing(databases: Databases, database_kind: str) -> None:
    url = databases.url(database_kind)
    path = databases.open(url).settings.data_dir / "elsewhere"
    office = Office(Settings(_env_file=None, database_url=url, data_dir=path), clock=lambda: AT)
    try:
        with pytest.raises(NotReady, match="key is missing"):
            Desk(office, SYSTEM).do(AddNote(reference="C-2026-000001", text="x"))
        assert not path.exists()
    finally:
        office.close()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("not hex", "cannot be read"), ("abcd", "too short"), ("", "too short"), ("5a" * 31, "too short")],
)
def test_an_unusable_key_is_refused(tmp_path: Path, key: str, sentence: str) -> None:
    with pytest.raises(NotReady, match=sentence):
        ledger.key_or_refuse(settings(tmp_path, key), begun=False)


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    settings(tmp_path).key_file.write_text("rubbish", encoding="ascii")
    with pytest.raises(NotReady, match="cannot be read"):
        ledger.key_or_refuse(settings(tmp_path), begun=True)


def test_the_key_of_the_settings_is_the_one_that_is_used(tmp_path: Path) -> None:
    assert ledger.key_or_refuse(settings(tmp_path, KEY), begun=False) == bytes.fromhex(KEY)
    assert list(tmp_path.iterdir()) == []
