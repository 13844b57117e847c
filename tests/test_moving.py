"""An installation leaves in open formats and comes back byte for byte, on either kind of database, or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from core.commands.recording import AddNote
from core.desk import Office
from core.errors import BadInput, LedgerBroken, NotReady
from core.evidence import add_evidence
from core.model.access import LoginSession
from core.model.learning import Theme
from core.moving import export_installation, import_installation, move_installation
from core.settings import Settings
from core.store.carrying import LEFT_OUT, as_it_is, carried_tables, lines, rows_of
from tests.builders import Story
from tests.conftest import KEY, Databases, OfficeClock, desks_of

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LETTER = b"A letter, as plain text.\n"
AWKWARD = '=1+1, “quoted” "twice" ""\r\n\n\rNULL \\N \\. ,,\t🙂 e\u0301 \u202e'


def settings_at(url: str, folder: Path, key: str = KEY) -> Settings:
    return Settings(_env_file=None, database_url=url, data_dir=folder, ledger_key=SecretStr(key))  # type: ignore[call-arg]


def held(office: Office) -> dict[str, Any]:
    """What every table holds, as its lines tell."""
    with office.database.reading() as connection:
        return {table.name: as_it_is(connection, table) for table in carried_tables()}


def lived(databases: Databases, kind: str) -> Office:
    """An office with a case that went through everything, words that are hard to carry, evidence and a session."""
    office = databases.office(kind)
    desks = desks_of(office)
    clock: Any = office.clock
    story = Story(office=office, clock=clock, desks=desks)
    reference = story.finished()
    story.acknowledged()
    desks.handler.do(AddNote(reference=reference, text=AWKWARD))
    add_evidence(desks.handler, reference, name="letter.txt", content=LETTER)
    with office.database.writing() as session:
        session.add(LoginSession(id="a" * 64, colleague_id=1, how="password", opened_at=NOW, seen_at=NOW, ends_at=NOW))
    return office


@pytest.fixture
def exported(databases: Databases, database_kind: str, tmp_path: Path) -> tuple[Office, Path]:
    """An office and its export as a folder."""
    office = lived(databases, database_kind)
    export_installation(office, tmp_path / "export")
    return office, tmp_path / "export"


def other(kind: str) -> str:
    return {"sqlite": "postgresql", "postgresql": "sqlite"}[kind]


def empty(databases: Databases, kind: str, folder: Path) -> str:
    """The address of an empty place to come into."""
    return f"sqlite:///{folder / 'complaints.db'}" if kind == "sqlite" else databases.url(kind, seeded=False)


# ------------------------------------------------------------------------------------------------------ out and back


@pytest.mark.postgres
def test_an_installation_comes_back_byte_for_byte_on_the_other_kind_of_database(
    exported: tuple[Office, Path], databases: Databases, database_kind: str, tmp_path: Path
) -> None:
    """Every table, the ledger up to its end, the duties and the evidence; and work goes on with the next number."""
    office, package = exported
    folder = tmp_path / "new"
    url = empty(databases, other(database_kind), folder)
    done = import_installation(settings_at(url, folder), package, now=NOW)
    there = Office(settings_at(url, folder), clock=office.clock)
    try:
        assert held(there) == held(office)
        assert (done.complaints, done.files) == (2, len(list(folder.glob("files/??/*"))))
        digest = hashlib.sha256(LETTER).hexdigest()
        assert (folder / "files" / digest[:2] / digest[2:]).read_bytes() == LETTER
        story = Story(office=there, clock=office.clock, desks=desks_of(there))  # type: ignore[arg-type]
        story.acknowledged()
        assert story.verified() > done.entries
    finally:
        there.close()


def test_a_zip_file_holds_the_same_and_comes_back_too(databases: Databases, tmp_path: Path) -> None:
    office = lived(databases, "sqlite")
    done = export_installation(office, tmp_path / "export.zip")
    folder = tmp_path / "new"
    came = import_installation(
        settings_at(f"sqlite:///{folder}/complaints.db", folder), tmp_path / "export.zip", now=NOW
    )
    assert (came.rows, came.entries, came.files) == (done.rows, done.entries, done.files)
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert archive.testzip() is None
        assert KEY not in archive.read("manifest.json").decode()


def test_the_export_can_be_read_without_the_console(exported: tuple[Office, Path]) -> None:
    """RFC 4180 for any program; the manifest names the columns, their types and every part's digest."""
    office, package = exported
    told = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    with (package / "tables/note.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows][-1] == AWKWARD
    assert [each["name"] for each in told["tables"]["note"]["columns"]] == list(rows[0])
    assert told["tables"]["note"]["rows"] == len(rows)
    for name, part in told["parts"].items():
        assert hashlib.sha256((package / name).read_bytes()).hexdigest() == part["sha256"]
    everything = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    assert everything == {*told["parts"], "manifest.json"}
    with office.database.reading() as connection:
        assert told["ledger"]["n"] == connection.execute(sa.text("SELECT max(n) FROM ledger_entry")).scalar_one()


def test_nothing_that_opens_a_door_leaves(exported: tuple[Office, Path]) -> None:
    """No session, no unused link, no key; what stays behind is named in the manifest."""
    _office, package = exported
    tables = {path.stem for path in (package / "tables").iterdir()}
    assert not tables & set(LEFT_OUT)
    assert tables == {table.name for table in carried_tables()}
    together = b"".join(path.read_bytes() for path in package.rglob("*") if path.is_file())
    assert KEY.encode() not in together
    assert b"a" * 64 not in together
    assert {path.stat().st_mode & 0o077 for path in package.rglob("*") if path.is_file()} == {0}


# ------------------------------------------------------------------------------------------------------------ refusals


def _altered(package: Path) -> None:
    file = package / "tables/complaint.csv"
    file.write_bytes(file.read_bytes().replace(b"Bins", b"Bans").replace(b"stage", b"Stage"))


def _cut(package: Path) -> None:
    file = package / "tables/ledger_entry.csv"
    file.write_bytes(file.read_bytes()[:-40])


def _without(package: Path) -> None:
    (package / "tables/person.csv").unlink()


def _evidence_gone(package: Path) -> None:
    next(package.glob("files/??/*")).unlink()


def _said_otherwise(package: Path) -> None:
    told = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    told["tables"]["note"]["rows"] = 0
    (package / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def _no_manifest(package: Path) -> None:
    (package / "manifest.json").write_text("[]", encoding="utf-8")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """One export that the refusals spoil copies of."""
    folder = tmp_path_factory.mktemp("refused")
    made = Databases(request, folder, OfficeClock())
    try:
        export_installation(lived(made, "sqlite"), folder / "export")
    finally:
        made.close()
    return folder / "export"


@pytest.mark.parametrize(
    ("spoil", "saying"),
    [
        (_altered, "altered or damaged"),
        (_cut, "altered or damaged"),
        (_without, "lacks tables/person.csv"),
        (_evidence_gone, "lacks files/"),
        (_said_otherwise, "manifest.json was altered"),
        (_no_manifest, "is not an export"),
    ],
)
def test_an_export_that_was_touched_leaves_nothing_behind(
    package: Path, tmp_path: Path, spoil: Callable[[Path], None], saying: str
) -> None:
    copy, folder = shutil.copytree(package, tmp_path / "copy"), tmp_path / "new"
    spoil(copy)
    with pytest.raises(BadInput, match=saying):
        import_installation(settings_at(f"sqlite:///{folder}/complaints.db", folder), copy, now=NOW)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_another_key_is_told_before_anything_is_read(package: Path, tmp_path: Path) -> None:
    chosen = settings_at(f"sqlite:///{tmp_path}/new/complaints.db", tmp_path / "new", key="6b" * 32)
    with pytest.raises(BadInput, match="another ledger key"):
        import_installation(chosen, package, now=NOW)
    without = Settings(_env_file=None, data_dir=tmp_path / "new")  # type: ignore[call-arg]
    with pytest.raises(NotReady, match="No export holds it"):
        import_installation(without, package, now=NOW)
    assert not (tmp_path / "new").exists()


def test_an_installation_with_records_is_never_imported_into(
    package: Path, databases: Databases, database_kind: str, tmp_path: Path
) -> None:
    office = databases.office(database_kind)
    before = held(office)
    with pytest.raises(BadInput, match="records here already"):
        import_installation(settings_at(office.settings.url, tmp_path / "new"), package, now=NOW)
    assert held(office) == before
    assert not list((tmp_path / "new").rglob("*"))


def test_another_schema_is_refused_with_both_named(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.moving.head", lambda: "9999")
    with pytest.raises(BadInput, match=r"with schema \d+; this console has 9999"):
        import_installation(settings_at(f"sqlite:///{tmp_path}/new.db", tmp_path / "new"), package, now=NOW)


def test_an_export_never_overwrites_and_a_failed_one_leaves_nothing(databases: Databases, tmp_path: Path) -> None:
    office = lived(databases, "sqlite")
    (tmp_path / "there").mkdir()
    with pytest.raises(BadInput, match="is there already"):
        export_installation(office, tmp_path / "there")
    with closing(sqlite3.connect(str(office.database.url.database))) as connection:
        connection.execute("DROP TRIGGER ledger_entry_no_update")
        connection.execute("UPDATE ledger_entry SET actor = 'Somebody else' WHERE n = 2")
        connection.commit()
    before = set(tmp_path.iterdir())
    for name in ("export", "export.zip"):
        with pytest.raises(LedgerBroken):
            export_installation(office, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


def test_a_file_that_a_record_names_and_that_is_gone_or_damaged_is_told(databases: Databases, tmp_path: Path) -> None:
    office = lived(databases, "sqlite")
    digest = hashlib.sha256(LETTER).hexdigest()
    place = office.settings.files / digest[:2] / digest[2:]
    place.write_bytes(b"something else")
    assert export_installation(office, tmp_path / "one").damaged == (digest,)
    place.unlink()
    assert digest in export_installation(office, tmp_path / "two").missing


# ---------------------------------------------------------------------------------------------------------------- move


@pytest.mark.postgres
def test_a_move_to_postgresql_brings_everything_and_leaves_the_file_as_it_was(
    databases: Databases,
) -> None:
    office = lived(databases, "sqlite")
    file, before = Path(str(office.database.url.database)), held(office)
    to = databases.url("postgresql", seeded=False)
    with pytest.raises(NotReady, match="still running"):
        move_installation(office.settings, to, now=NOW)
    office.close()
    done = move_installation(office.settings, to, now=NOW)
    there = databases.open(to)
    assert held(there) == before
    assert done.entries == Story(office=there, clock=office.clock, desks=desks_of(there)).verified()  # type: ignore[arg-type]
    assert file.stat().st_mode & 0o222 == 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM complaint").fetchone() == (2,)
    with pytest.raises(BadInput, match="records here already"):
        move_installation(office.settings, to, now=NOW)


@pytest.mark.parametrize("to", ["nonsense", "sqlite:///x.db", "postgresql://somebody@host/name"])
def test_a_move_needs_the_address_of_a_postgresql_database(databases: Databases, to: str) -> None:
    office = databases.office("sqlite")
    with pytest.raises(BadInput, match=r"postgresql\+psycopg://"):
        move_installation(office.settings, to, now=NOW)


# --------------------------------------------------------------------------------------------------------------- lines


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), max_size=4), st.integers(1, 7))
def test_any_text_survives_its_line_however_the_bytes_are_cut(texts: list[str], size: int) -> None:
    """Empty text and no text stay apart."""
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))
    engine = sa.create_engine("sqlite://")
    rows = [(at, text) for at, text in enumerate(["", None, *texts])]
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"id": at, "a": text} for at, text in rows])
        whole = b"".join(lines(connection, table))
    engine.dispose()
    pieces = (whole[at : at + size] for at in range(0, len(whole), size))
    assert list(rows_of(table, pieces)) == rows


def test_a_number_in_full_is_the_same_on_both(databases: Databases, database_kind: str) -> None:
    """A third has more figures than four bytes hold; a whole number has no point behind it."""
    office = databases.office(database_kind)
    numbers = {"expected": 1 / 3, "chance": 2.5e-300}
    with office.database.taking_in() as connection:
        row: dict[str, Any] = {"kind": "cause", "name": "x", "service_id": 1}
        columns = Theme.__table__.columns  # type: ignore[attr-defined]
        for column in columns:
            if column.name not in row and not column.nullable and column.name != "id":
                row[column.name] = numbers.get(column.name, _some(column))
        connection.execute(sa.insert(Theme.__table__), [row])  # type: ignore[attr-defined]
        told = b"".join(lines(connection, Theme.__table__)).decode()  # type: ignore[attr-defined]
    assert "0.3333333333333333" in told and "2.5e-300" in told


def _some(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.Date):
        return NOW.date()
    if column.default is not None:
        return column.default.arg  # type: ignore[attr-defined]
    return 1 if isinstance(column.type, sa.Integer) else "x"
