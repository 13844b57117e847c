"""The command line on the record itself: bank holidays, ledger, duties, backups and old records."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.channels.bank_holidays import PublishedDay, from_package
from core.cli import opening
from core.commands.erasing import ApproveErasure, ProposeErasure, SetRetention
from core.commands.letters import LetterKind, PrepareLetter
from core.commands.letters_going_out import SendLetter
from core.commands.organising import ChangeCalendar, RebuildDuties
from core.commands.recording import RecordComplaint
from core.demo.texts import colleagues
from core.desk import Desk, Office
from core.errors import NotPermitted
from core.events.cases import DutyMoved
from core.model.complaints import Channel
from core.model.organisation import Layer
from core.outbox import queue_letter
from core.permissions import SYSTEM, Actor, Role
from core.queries.calendar import calendar_news, moved_by
from core.queries.duties_check import duties_check
from core.queries.lists import lists
from core.queries.retention import retention_board
from tests.builders import Story
from tests.cli_fixture import (
    LAST_ENTRY_GONE,
    Run,
    a_fixed_day_and_no_settings,
    damage,
    database,
    govuk,
    here,
    one,
    refused,
    run,
)
from tests.conftest import Desks
from tests.demo_fixture import NOW, SMALL, office_in, own_folder, small_folder
from tests.mail import a_mail_server

__all__ = ["a_fixed_day_and_no_settings", "here", "own_folder", "run", "small_folder"]  # fixtures

# -------------------------------------------------------------------------------------------------------- bank holidays


def test_holidays_import_shows_what_would_move_and_asks_first(run: Run, here: Path, tmp_path: Path) -> None:
    """Without a yes nothing is moved; with it exactly what was shown is moved, one entry each."""
    file = govuk(tmp_path / "bank-holidays.json", extra=("2026-12-01",))
    before = one(here, "SELECT count(*) FROM ledger_entry")
    asked = run("holidays", "import", file, typed="n\n")
    assert asked.exit_code == 1
    assert "would move" in asked.stderr and "Nothing was changed" in asked.stderr
    assert one(here, "SELECT count(*) FROM ledger_entry") == before
    told = json.loads(run("holidays", "import", file, "--yes", "--json").stdout)
    assert told["changed"] == [{"day": "2026-12-01", "name": "Sample jubilee"}]
    with closing(database(here)) as connection:
        found = connection.execute(
            "SELECT c.reference, l.data FROM ledger_entry l JOIN complaint c ON c.id = l.complaint_id "
            "WHERE l.tag = 'duty.moved' ORDER BY l.n"
        ).fetchall()
    moved = {(reference, json.loads(data)["was"], json.loads(data)["becomes"]) for reference, data in found}
    assert moved == {(duty["reference"], duty["was"], duty["becomes"]) for duty in told["moved"]}
    assert len(found) == len(told["moved"]) >= 5
    assert json.loads(run("duties", "rebuild", "--json").stdout)["changed"] == 0


def test_holidays_import_keeps_a_date_already_told(run: Run, here: Path, tmp_path: Path) -> None:
    """The day to act by stays where the individual was promised it, or was told of an extension."""
    told = run("holidays", "import", govuk(tmp_path / "b.json", extra=("2026-12-01",)), "--yes", "--json")
    moved = json.loads(told.stdout)["moved"]
    assert any(duty["act_by"] == duty["act_by_was"] for duty in moved)
    assert "is kept" in told.stderr


def test_holidays_import_says_when_all_is_known(run: Run, here: Path, tmp_path: Path) -> None:
    """The same list again changes nothing and is no mistake."""
    result = run("holidays", "import", govuk(tmp_path / "b.json"))
    assert (result.exit_code, result.stdout) == (0, "Every day of this list is known already. Nothing was changed.\n")


def test_holidays_import_takes_a_day_back_only_when_told_to(run: Run, here: Path, tmp_path: Path) -> None:
    """A day that the newer list lacks is named, kept, and withdrawn with --withdraw; the list itself only grows."""
    run("holidays", "import", govuk(tmp_path / "b.json", extra=("2026-12-01",)), "--yes")
    count = one(here, "SELECT count(*) FROM holiday")
    newer = govuk(tmp_path / "newer.json")
    kept = run("holidays", "import", newer)
    assert "kept here: Tue 1 December 2026" in kept.stdout
    assert one(here, "SELECT count(*) FROM holiday") == count
    taken = run("holidays", "import", newer, "--withdraw", "--yes")
    assert taken.exit_code == 0
    assert one(here, "SELECT count(*) FROM holiday") == count + 1
    assert json.loads(run("days", "add", "2026-11-30", "1", "--json").stdout)["due"] == "2026-12-01"


def test_holidays_import_refuses_what_is_no_list(run: Run, here: Path, tmp_path: Path) -> None:
    """A missing file, another kind of file."""
    refused(run("holidays", "import", tmp_path / "missing.json"), saying="cannot be read")
    (tmp_path / "b.json").write_text("start,n\n")
    refused(run("holidays", "import", tmp_path / "b.json", "--yes"), saying="not readable as JSON")


# ---------------------------------------------------------------------------------------------------- ledger and duties


def test_ledger_verify_proves_the_chain_against_anchors(run: Run, here: Path, tmp_path: Path) -> None:
    """An anchor kept today is found again tomorrow."""
    line = run("ledger", "anchor").stdout
    entries = one(here, "SELECT count(*) FROM ledger_entry")
    assert line.startswith(f"{entries} ") and line.endswith("2026-11-24T10:30:00Z\n")
    kept = tmp_path / "anchors.txt"
    kept.write_text(line + "\n" + line)
    assert json.loads(run("ledger", "verify", "--anchor", kept, "--json").stdout) == {"entries": entries, "anchors": 2}
    assert json.loads(run("ledger", "anchor", "--json").stdout)["n"] == entries


@pytest.mark.parametrize(
    ("statement", "saying"),
    [
        ("UPDATE ledger_entry SET actor = 'Somebody Else' WHERE n = 40", "Entry 40 has been altered"),
        ("DELETE FROM ledger_entry WHERE n = 41", "Entry 41 has been removed"),
        (
            "UPDATE ledger_personal SET payload = replace(payload, 'e', 'a') WHERE n = 40",
            "The personal fields of entry 40 ",
        ),
    ],
)
def test_ledger_verify_names_what_was_done_to_it(run: Run, here: Path, statement: str, saying: str) -> None:
    """Altered, removed: the entry is named."""
    damage(here, statement)
    refused(run("ledger", "verify"), saying=saying)


def test_an_anchor_shows_that_the_end_was_cut_off(run: Run, here: Path, tmp_path: Path) -> None:
    """Without the anchor a shorter chain would look whole."""
    kept = tmp_path / "anchors.txt"
    kept.write_text(run("ledger", "anchor").stdout)
    damage(here, LAST_ENTRY_GONE)
    assert run("ledger", "verify").exit_code == 0
    refused(run("ledger", "verify", "--anchor", kept), saying="the end was cut off")


def test_ledger_verify_refuses_files_that_hold_no_anchor(run: Run, here: Path, tmp_path: Path) -> None:
    """Nothing is proved against nonsense."""
    for content in (b"", b"\n\n", b"hello there\n", "1 ü 2\n".encode()):
        (tmp_path / "a.txt").write_bytes(content)
        assert run("ledger", "verify", "--anchor", tmp_path / "a.txt").exit_code == 1
    refused(run("ledger", "verify", "--anchor", tmp_path / "none.txt"), saying="cannot be read")


def test_a_missing_key_is_not_made_anew(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new key could prove nothing and would hide that the old one is gone."""
    monkeypatch.delenv("COMPLAINTS_LEDGER_KEY")
    refused(run("ledger", "verify"), saying="key is not in")
    assert not (here / "ledger.key").exists()


def test_duties_rebuild_changes_nothing_on_healthy_records(run: Run, here: Path) -> None:
    """And writes nothing to the history."""
    before = one(here, "SELECT count(*) FROM ledger_entry")
    result = run("duties", "rebuild")
    assert result.stdout == f"Nothing to change: the duties of {SMALL} complaints are what they should be.\n"
    assert one(here, "SELECT count(*) FROM ledger_entry") == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE duty SET act_by = date(act_by, '+3 days') WHERE id = (SELECT min(id) FROM duty WHERE is_next = 1)",
        "UPDATE duty SET standing = 'late' WHERE id = (SELECT min(id) FROM duty WHERE standing = 'in_time')",
        "UPDATE duty SET owner_id = NULL WHERE id = (SELECT min(id) FROM duty WHERE owner_id IS NOT NULL)",
        "DELETE FROM duty WHERE id = (SELECT max(id) FROM duty)",
        "INSERT INTO duty (complaint_id, stage_number, kind, number, clause, start_on, days, due_on, act_by, standing, "
        "is_next, calendar_id) SELECT complaint_id, stage_number, 'answer_again', 0, clause, start_on, days, due_on, "
        "act_by, 'open', 0, calendar_id FROM duty WHERE id = (SELECT min(id) FROM duty)",
        "UPDATE complaint SET act_by = NULL WHERE id = (SELECT min(id) FROM complaint WHERE is_open = 1)",
        "UPDATE complaint SET position = 'Withdrawn' WHERE id = (SELECT min(id) FROM complaint WHERE is_open = 1)",
    ],
)
def test_duties_rebuild_puts_right_exactly_what_was_damaged(run: Run, here: Path, statement: str) -> None:
    """One complaint differs, one is put right, one entry says so; then nothing is left to do."""
    damage(here, statement)
    assert json.loads(run("duties", "rebuild", "--json").stdout) == {"checked": SMALL, "changed": 1}
    assert one(here, "SELECT tag FROM ledger_entry ORDER BY n DESC LIMIT 1") == "duties.rebuilt"
    assert json.loads(run("duties", "rebuild", "--json").stdout) == {"checked": SMALL, "changed": 0}


# --------------------------------------------------------------------------------------------------- backup and restore


def test_a_backup_comes_back_as_it_was(run: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file, proved, that another installation with the same key can be given."""
    file = tmp_path / "backup.db"
    entries = one(here, "SELECT count(*) FROM ledger_entry")
    assert json.loads(run("backup", file, "--json").stdout) == {
        "file": str(file),
        "entries": entries,
        "copy_too": ["files"],
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "council"]
    monkeypatch.setenv("COMPLAINTS_DATA_DIR", str(tmp_path / "elsewhere"))
    result = run("restore", file)
    assert result.exit_code == 0
    assert json.loads(run("ledger", "verify", "--json").stdout)["entries"] == entries
    assert json.loads(run("duties", "rebuild", "--json").stdout) == {"checked": SMALL, "changed": 0}
    assert [path.name for path in (tmp_path / "elsewhere").glob(".*")] == []


def test_a_backup_holds_what_was_only_in_the_log(run: Run, here: Path, tmp_path: Path) -> None:
    """While the console runs, the newest entries are not yet in the file itself; a backup has them all the same."""
    with closing(database(here)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger_entry").fetchone()
        run("holidays", "import", govuk(tmp_path / "b.json", extra=("2026-12-01",)), "--yes")
        assert run("backup", tmp_path / "backup.db").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        assert copy.execute("SELECT count(*) FROM holiday WHERE day = '2026-12-01'").fetchone() == (1,)


def test_a_backup_never_overwrites_and_needs_a_place(run: Run, here: Path, tmp_path: Path) -> None:
    """A target that exists, a folder that does not, records that are not there."""
    (tmp_path / "taken.db").write_bytes(b"precious")
    refused(run("backup", tmp_path / "taken.db"), saying="never overwrites")
    assert (tmp_path / "taken.db").read_bytes() == b"precious"
    refused(run("backup", tmp_path / "no" / "such" / "b.db"), saying="does not exist")
    (here / "complaints.db").unlink()
    refused(run("backup", tmp_path / "b.db"), saying="There are no records")


def test_records_that_do_not_prove_themselves_are_not_backed_up(run: Run, here: Path, tmp_path: Path) -> None:
    """A backup of a broken history would pass for a good one."""
    damage(here, "DELETE FROM ledger_entry WHERE n = 41")
    refused(run("backup", tmp_path / "b.db"), saying="Entry 41 has been removed")
    assert not (tmp_path / "b.db").exists()


def test_postgresql_has_its_own_tools(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sentence names them; nothing is tried."""
    monkeypatch.setenv("COMPLAINTS_DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")
    refused(run("backup", tmp_path / "b.db"), saying="pg_dump")
    refused(run("restore", tmp_path / "b.db"), saying="pg_dump")


def test_restore_replaces_only_when_told_to_and_keeps_the_old_records(run: Run, here: Path, tmp_path: Path) -> None:
    """What was there lies beside it afterwards, whole."""
    run("backup", tmp_path / "backup.db")
    run("holidays", "import", govuk(tmp_path / "b.json", extra=("2026-12-01",)), "--yes")
    entries = one(here, "SELECT count(*) FROM ledger_entry")
    refused(run("restore", tmp_path / "backup.db"), saying="--replace")
    told = json.loads(run("restore", tmp_path / "backup.db", "--replace", "--json").stdout)
    assert told["entries"] == one(here, "SELECT count(*) FROM ledger_entry") < entries
    aside = Path(told["aside"])
    assert aside.name == "complaints.db.before-20261124T103000Z"
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM ledger_entry").fetchone() == (entries,)


def test_restore_waits_until_the_console_has_stopped(run: Run, here: Path, tmp_path: Path) -> None:
    """Records that another program has open are not taken from under it."""
    run("backup", tmp_path / "backup.db")
    before = (here / "complaints.db").read_bytes()
    with closing(database(here)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM complaint").fetchone()
        refused(run("restore", tmp_path / "backup.db", "--replace"), saying="still running")
    assert (here / "complaints.db").read_bytes() == before


def test_restore_over_damaged_records_puts_them_aside_as_they_are(run: Run, here: Path, tmp_path: Path) -> None:
    """That is when a backup is needed most."""
    run("backup", tmp_path / "backup.db")
    (here / "complaints.db").write_bytes(b"ruined")
    told = json.loads(run("restore", tmp_path / "backup.db", "--replace", "--json").stdout)
    assert Path(told["aside"]).read_bytes() == b"ruined"
    assert run("ledger", "verify").exit_code == 0


def other_database(path: Path) -> None:
    """A database of something else."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE shopping (item TEXT)")


def newer_backup(path: Path) -> None:
    """A backup by a version of the console that does not exist yet."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def cut_short(path: Path) -> None:
    """A backup of which half was copied."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("spoil", "saying"),
    [
        (lambda path: path.write_bytes(b"not a database at all, but long enough to look at" * 40), "not a backup"),
        (lambda path: (path.unlink(), other_database(path)), "not one of the console"),
        (newer_backup, "newer version"),
        (cut_short, "damaged"),
        (lambda path: damage_file(path), "Entry 30 has been altered"),
        (lambda path: path.unlink(), "is not there"),
    ],
    ids=["text", "other", "newer", "half", "forged", "missing"],
)
def test_restore_refuses_what_it_cannot_prove(
    run: Run, here: Path, tmp_path: Path, spoil: Callable[[Path], object], saying: str
) -> None:
    """And leaves the present records as they are."""
    file = tmp_path / "backup.db"
    run("backup", file)
    spoil(file)
    before = (here / "complaints.db").read_bytes()
    refused(run("restore", file, "--replace"), saying=saying)
    assert (here / "complaints.db").read_bytes() == before
    assert list(here.glob("complaints.db.before-*")) == []


def damage_file(path: Path) -> None:
    """Forge one entry of a backup."""
    folder = path.parent / "forging"
    folder.mkdir()
    shutil.move(path, folder / "complaints.db")
    damage(folder, "UPDATE ledger_entry SET actor = 'Somebody Else' WHERE n = 30")
    shutil.move(folder / "complaints.db", path)


def test_restore_needs_the_key_it_was_written_with(
    run: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another key proves nothing; a missing one is asked for and not made."""
    run("backup", tmp_path / "backup.db")
    monkeypatch.setenv("COMPLAINTS_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.delenv("COMPLAINTS_LEDGER_KEY")
    refused(run("restore", tmp_path / "backup.db"), saying="key is not in")
    monkeypatch.setenv("COMPLAINTS_LEDGER_KEY", "77" * 32)
    refused(run("restore", tmp_path / "backup.db"), saying="another key")
    assert list((tmp_path / "elsewhere").glob("complaints.db")) == []


# ---------------------------------------------------------------------------------------------------------- old records

OLD = """Ref,Service,Date received,Date acknowledged,Date responded,Outcome
A1,Sample service,01/04/2026,02/04/2026,13/04/2026,Upheld
A2,Sample service,15/04/2026,16/04/2026,29/05/2026,Not upheld
A3,Sample service,31/02/2026,,30/05/2026,Not upheld
"""


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """Three old complaints, one of them with a day that does not exist."""
    file = tmp_path / "old.csv"
    file.write_text(OLD, encoding="utf-8")
    return file


def test_import_brings_in_the_good_rows_and_lists_the_others(run: Run, here: Path, old_file: Path) -> None:
    """The second time nothing is new; what was understood of the file is said beside it."""
    first = run("import", old_file, "--source", "Old records", "--json")
    told = json.loads(first.stdout)
    assert (told["added"], told["problem_count"], told["rows"]) == (2, 1, 3)
    assert told["problems"][0]["row"] == 4
    assert "“Received” is read from “Date received”." in first.stderr
    again = run("import", old_file, "--source", "Old records")
    assert "0 complaints added" in again.stdout and "2 here already" in again.stdout
    assert "Row 4, column “Date received”, “31/02/2026”" in again.stdout
    assert one(here, "SELECT count(*) FROM complaint") == SMALL + 2


def test_a_dry_run_changes_nothing(run: Run, here: Path, old_file: Path) -> None:
    """It says what would come of it; not even the file is kept."""
    before = one(here, "SELECT count(*) FROM ledger_entry")
    assert "2 complaints would be added" in run("import", old_file, "--dry-run").stdout
    assert one(here, "SELECT count(*) FROM ledger_entry") == before
    assert not (here / "imports").exists()


def test_import_takes_a_mapping_from_a_file(run: Run, here: Path, old_file: Path, tmp_path: Path) -> None:
    """Only the columns it names are read; an unknown or unreadable one is refused."""
    columns = {"received_on": "Date received", "old_reference": "Ref"}
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": columns, "date_order": "dmy"}))
    told = json.loads(run("import", old_file, "--map", mapping, "--dry-run", "--json").stdout)
    assert told["mapping"] == columns
    result = run("import", old_file, "--map", "nothing of the kind")
    assert result.exit_code == 1 and "Saved mappings: none yet" in result.stderr
    mapping.write_text("{}")
    assert "cannot be used" in run("import", old_file, "--map", mapping).stderr


def test_import_refuses_what_it_cannot_read(run: Run, here: Path, tmp_path: Path) -> None:
    """A missing file, and one without a single date."""
    refused(run("import", tmp_path / "missing.csv"), saying="could not be opened")
    (tmp_path / "list.csv").write_text("name,colour\nR. Example,blue\n")
    result = run("import", tmp_path / "list.csv")
    assert result.exit_code == 1 and "No column of dates" in result.stderr


def test_an_order_of_dates_is_asked_for_when_the_file_leaves_it_open(run: Run, here: Path, tmp_path: Path) -> None:
    """01/02/2026 may be two days; --dates says which."""
    file = tmp_path / "open.csv"
    file.write_text("Ref,Date received,Date responded\nB1,01/02/2026,03/02/2026\nB2,02/03/2026,04/03/2026\n")
    result = run("import", file)
    assert result.exit_code == 1 and "--dates" in result.stderr
    assert json.loads(run("import", file, "--dates", "dmy", "--json").stdout)["added"] == 2
    assert one(here, "SELECT received_on FROM complaint WHERE old_reference = 'B1'") == "2026-02-01"


def test_gap_report_counts_one_import_or_everything(run: Run, here: Path, old_file: Path) -> None:
    """By clock, service and month, with the clauses the file cannot speak to."""
    run("import", old_file, "--source", "Old records")
    text = run("gap-report", "--source", "Old records").stdout
    assert text.startswith("2 complaints, 0 still open.")
    assert "Sample service" in text and "2026-04" in text and "6.18:" in text
    told = json.loads(run("gap-report", "--source", "Old records", "--json").stdout)
    assert told["clocks"]["respond_stage_one"]["late"] == 1
    everything = json.loads(run("gap-report", "--json").stdout)
    assert everything["complaints"] + sum(everything["apart"].values()) == SMALL + 2
    refused(run("gap-report", "--source", "Something else"), saying="There are: Old records.")


# --------------------------------------------------------------------------- what these commands ask, on both databases

JUBILEE = (date(2026, 9, 18), "Sample jubilee", Layer.BANK_HOLIDAY, False)


def test_what_would_move_is_what_moves(story: Story, desks: Desks) -> None:
    """Open duties that count over the day are named before and then moved; settled ones stay (reading R23)."""
    still_open = {story.record(), story.acknowledged()}
    story.answered()
    shown = desks.manager.ask(moved_by, [JUBILEE])
    assert {duty.reference for duty in shown} == still_open
    done = desks.manager.do(ChangeCalendar(source="GOV.UK", rows=(JUBILEE,)))
    moved = [event for event in done.events if isinstance(event, DutyMoved)]
    assert sorted((event.was, event.becomes, event.act_by) for event in moved) == sorted(
        (duty.was, duty.becomes, duty.act_by) for duty in shown
    )
    assert desks.manager.ask(moved_by, []) == ()


def test_stored_duties_are_checked_in_parts(story: Story, desks: Desks) -> None:
    """Every complaint is looked at once, whatever the size of the parts."""
    for _ in range(3):
        story.acknowledged()
    story.at_stage_two()
    first = desks.manager.ask(duties_check, limit=3)
    assert (first.checked, first.differing) == (3, ())
    assert first.after is not None
    rest = desks.manager.ask(duties_check, after=first.after, limit=3)
    assert (rest.checked, rest.differing, rest.after) == (1, (), None)


def test_stored_duties_that_differ_are_named(story: Story, desks: Desks, office: Office) -> None:
    """A damaged one is found, and rebuilding puts it right."""
    reference = story.acknowledged()
    with office.database.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE duty SET act_by = :day WHERE kind = 'respond_stage_one'"), {"day": "2027-01-04"}
        )
    assert desks.manager.ask(duties_check).differing == (reference,)
    desks.manager.do(RebuildDuties(references=(reference,)))
    assert desks.manager.ask(duties_check).differing == ()


def test_a_published_list_is_compared_with_what_is_held(desks: Desks) -> None:
    """New days are added, known ones passed over, missing ones named and only taken back when told to."""
    jubilee = PublishedDay(on=JUBILEE[0], name=JUBILEE[1])
    listed = [PublishedDay(on=day.on, name=day.name) for day in from_package(2025, 2028)]
    news = desks.manager.ask(calendar_news, [*listed, jubilee], source="GOV.UK")
    assert news.rows == (JUBILEE,)
    assert jubilee.on not in {day for day, _name in news.unlisted}
    desks.manager.do(ChangeCalendar(source="GOV.UK", rows=news.rows))
    after = desks.manager.ask(calendar_news, listed, source="GOV.UK")
    assert after.rows == ()
    assert set(after.unlisted) == {*news.unlisted, (jubilee.on, jubilee.name)}
    back = desks.manager.ask(calendar_news, listed, source="GOV.UK", withdraw=True)
    assert (*JUBILEE[:3], True) in back.rows
    assert back.unlisted == ()


def test_only_those_who_may_change_the_calendar_see_what_it_would_move(desks: Desks) -> None:
    """The questions name the same permissions as the commands."""
    with pytest.raises(NotPermitted, match="administrator changes the calendar"):
        desks.handler.ask(moved_by, [JUBILEE])
    with pytest.raises(NotPermitted, match="checks the ledger"):
        desks.handler.ask(duties_check)


# ------------------------------------------------------------------------------------------------------------- themes


def test_9_2_themes_are_looked_for_at_once(run: Run, here: Path) -> None:
    assert run("themes", "find").stdout.startswith("Looked for themes in ")
    assert set(json.loads(run("themes", "find", "--json").stdout)) == {"complaint_id", "looked_at", "fresh"}


# --------------------------------------------------------------------------------------------------------------- tick


def test_tick_sends_what_is_due_once_and_says_what_came_of_it(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way from the command line to the mail server, with settings from the environment."""
    first = run("tick").stdout
    assert "about late answers drafted." in first and "months of figures counted." in first
    kept = json.loads(run("figures", "keep", "--json").stdout)
    assert kept["held"] > 12 and kept["counted"] == 0
    assert run("tick").stdout == "Nothing was due.\n"
    told = {"HOST": "127.0.0.1", "SECURITY": "none", "SENDER": "complaints@sampleton.example"}
    for name, value in told.items():
        monkeypatch.setenv(f"COMPLAINTS_SMTP_{name}", value)
    with a_mail_server() as postbox:
        monkeypatch.setenv("COMPLAINTS_SMTP_PORT", str(postbox.port))
        with opening.at_the_desk() as desk:
            reference = desk.do(
                RecordComplaint(
                    individual="Sam Sample", words="The bins were missed.", received_on=desk.office.now().date(),
                    channel=Channel.PHONE, contact_email="sam@sample.example",
                )
            ).reference  # fmt: skip
            assert reference is not None
            begun = desk.do(PrepareLetter(reference=reference, kind=LetterKind.UPDATE)).events[0]
            step = SendLetter(
                reference=reference, letter_id=getattr(begun, "letter_id", 0), sent_on=desk.office.now().date(),
                good_reason="They know the rest.",
            )  # fmt: skip
            queue_letter(desk, step)
        assert run("tick").stdout == "1 letter sent and on record.\n"
        assert json.loads(run("tick", "--json").stdout) == {
            "letters": {"sent": 0, "put_off": 0, "failed": 0, "unrecorded": 0},
            "notices": {"drafted": 0, "dropped": 0},
            "reminders": {"sent": 0, "put_off": 0, "dropped": 0},
            "leftovers": {"done": 0},
            "themes": {"done": None},
            "retention": {"records": 0, "dropped": 0, "files": 0, "counted": 0, "certificate": None},
            "months": kept,
        }
        assert [letter["To"] for letter in postbox.taken] == ["sam@sample.example"]


# --------------------------------------------------------------------------------------- pages and tables for elsewhere


def test_3_4_the_pages_for_the_website_and_the_tables_for_analysts_are_written(
    run: Run, here: Path, tmp_path: Path
) -> None:
    """Into a folder each; the sample council's pages lack nothing."""
    told = json.loads(run("publish", tmp_path / "website", "--json").stdout)
    assert {"index.html", "policy.html", "ombudsman.html", "reports.html", "style.css"} <= {*told["files"]}
    assert sorted(told["files"]) == sorted(each.name for each in (tmp_path / "website").iterdir())
    assert told["missing"] == []
    written = json.loads(run("export-views", tmp_path / "views", "--json").stdout)["rows"]
    assert written["analysis_complaint"] == one(here, "SELECT count(*) FROM analysis_complaint") > 0
    assert (tmp_path / "views" / "analysis_figure.csv").exists()
    (tmp_path / "file").write_text("x")
    refused(run("export-views", tmp_path / "file"), saying="cannot be written")


# ------------------------------------------------------------------------------------------------- records at their end


def test_retention_run_anonymises_what_two_people_approved_and_says_so(run: Run, here: Path) -> None:
    """Nothing that was not approved, and nothing a second time [lgsco:5.8]."""
    assert run("retention", "run").stdout.strip() == "Nothing was due."
    office = office_in(here)
    with closing(office):
        known = {each.name: each.id for each in Desk(office, SYSTEM).ask(lists).colleagues}
        manager, lead = (
            Desk(office, Actor(id=known[name], name=name, role=role))
            for wanted in (Role.MANAGER, Role.SENIOR_LEAD)
            for name, role in colleagues()
            if role is wanted
        )
        told = {"source": "Minute 7", "reason": "Needed no longer.", "in_force_from": NOW.date()}
        manager.do(SetRetention(kind="complaint", years=1, **told))
        reference, kept = (line.reference for line in manager.ask(retention_board).due[:2])
        for each in (reference, kept):
            manager.do(ProposeErasure(references=(each,)))
        lead.do(ApproveErasure(references=(reference,)))
    told = json.loads(run("retention", "run", "--json").stdout)
    assert (told["records"], told["dropped"], told["certificate"]) == (1, 0, 1)
    assert one(here, "SELECT group_concat(reference) FROM complaint WHERE anonymised_on IS NOT NULL") == reference
    assert run("retention", "run").stdout.strip() == "Nothing was due."
