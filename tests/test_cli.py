"""The command line: what it answers, in lines and as JSON, and how it refuses."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import council
from core.demo import build_demo
from core.settings import ROOT
from tests.cli_fixture import LAST_ENTRY_GONE, Run, a_fixed_day_and_no_settings, damage, here, one, refused, run
from tests.demo_fixture import NOW, SMALL, own_folder, small_folder

__all__ = ["a_fixed_day_and_no_settings", "here", "own_folder", "run", "small_folder"]  # fixtures

# ----------------------------------------------------------------------------------------------------------- as a whole


def test_it_starts_as_a_module_and_explains_itself() -> None:
    """`python -m core.cli` lists what it can do."""
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0
    for name in (
        "demo",
        "setup",
        "import",
        "gap-report",
        "days",
        "case",
        "queue",
        "ledger",
        "duties",
        "backup",
        "restore",
    ):
        assert name in done.stdout


def test_without_records_it_says_what_to_run_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    """Asking a question never leaves an empty database behind."""
    refused(run("queue"), saying="Run `complaints setup`")
    refused(run("ledger", "verify"), saying="Run `complaints setup`")
    assert not (tmp_path / "nothing-here").exists()


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the variable."""
    monkeypatch.setenv("COMPLAINTS_MODE", "playful")
    refused(run("queue"), saying="COMPLAINTS_MODE")


def test_usage_is_exit_code_two(run: Run) -> None:
    """A word it does not know is no refusal of ours."""
    for words in (("nonsense",), ("queue", "--nonsense"), ("case", "show"), ("days", "add", "soon", "3")):
        assert run(*words).exit_code == 2, words


def test_json_can_be_asked_for_before_or_after_the_command(run: Run, here: Path) -> None:
    """Both places mean the same, and lines come without it."""
    before, after = run("--json", "ledger", "verify"), run("ledger", "verify", "--json")
    assert json.loads(before.stdout) == json.loads(after.stdout)
    assert run("ledger", "verify").stdout.startswith("The history is whole")


def test_a_refusal_is_json_too(run: Run, here: Path) -> None:
    """A program reads why, a person reads the sentence beside it."""
    result = run("case", "show", "C-2026-999999", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"refused": result.stderr.strip(), "why": "NotFound"}


# ------------------------------------------------------------------------------------------------------- demo and setup


def test_demo_makes_the_sample_council_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second start finds it there."""
    monkeypatch.setattr(council, "build_demo", functools.partial(build_demo, complaints=SMALL))
    folder = tmp_path / "made"
    first = run("demo", "--data-dir", folder, "--json")
    assert first.exit_code == 0
    made = Path(json.loads(first.stdout)["database"])
    assert made == folder / "complaints.db"
    before = made.read_bytes()
    second = run("demo", "--data-dir", folder)
    assert (second.exit_code, made.read_bytes()) == (0, before)
    assert str(made) in second.stdout


def test_demo_is_refused_where_real_work_is_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live mode and made-up complaints exclude each other."""
    monkeypatch.setenv("COMPLAINTS_MODE", "live")
    refused(run("demo"), saying="real work")


def test_setup_makes_an_empty_installation_ready(run: Run, tmp_path: Path) -> None:
    """Schema, bank holidays to 2028 and the Code as policy; a second time nothing is left to do."""
    result = run("setup", "--council", "Trial Borough Council")
    assert result.exit_code == 0
    assert "2000 to 2028" in result.stdout and "Trial Borough Council" in result.stdout
    assert json.loads(run("queue", "--json").stdout)["count"] == 0
    assert json.loads(run("days", "add", "2028-12-15", "5", "--json").stdout)["due"] == "2028-12-22"
    again = run("setup", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, {"done": []})
    assert one(tmp_path / "nothing-here", "SELECT count(*) FROM policy_version") == 1
    assert one(tmp_path / "nothing-here", "SELECT count(*) FROM holiday WHERE source = ''") == 0


def test_setup_goes_on_where_an_earlier_one_stopped(run: Run, tmp_path: Path) -> None:
    """After a stop between the calendar and the council, the second run does the rest."""
    run("setup")
    folder = tmp_path / "nothing-here"
    damage(folder, LAST_ENTRY_GONE)
    result = run("setup")
    assert result.stdout.splitlines()[0].startswith("Set up Sample Borough Council")
    assert run("ledger", "verify").exit_code == 0


# ------------------------------------------------------------------------------------------------------ cases and queue


def test_queue_lists_who_is_at_risk_and_then_what_is_owed_nearest_first(run: Run, here: Path) -> None:
    """The count and the rows agree, in lines and as JSON; a line says why it comes first [lgsco:6.1]."""
    found = json.loads(run("queue", "--json", "--limit", "100").stdout)
    days = [(not row["at_risk"], row["act_by"]) for row in found["rows"]]
    assert not days[0][0]
    assert len(days) == found["count"] == one(here, "SELECT count(*) FROM duty WHERE is_next = 1")
    assert days == sorted(days)
    lines = run("queue", "--limit", "3").stdout.splitlines()
    assert lines[0] == f"{found['count']} owed, of which 3 are shown."
    assert [line.split()[0] for line in lines[1:]] == [row["reference"] for row in found["rows"][:3]]
    assert ["vulnerable or at risk" in line for line in lines[1:]] == [row["at_risk"] for row in found["rows"][:3]]


def test_queue_can_be_narrowed(run: Run, here: Path) -> None:
    """To what is overdue, to one service, to one colleague; names are found whatever their case."""
    overdue = json.loads(run("queue", "--overdue", "--json").stdout)["rows"]
    assert overdue and all(row["act_by"] < NOW.date().isoformat() for row in overdue)
    some = overdue[0]
    service = json.loads(run("queue", "--service", some["service"].upper(), "--json").stdout)["rows"]
    assert some["reference"] in {row["reference"] for row in service}
    assert {row["service"] for row in service} == {some["service"]}
    mine = json.loads(run("queue", "--mine", "kit madeup", "--json").stdout)["rows"]
    assert {row["owner"] for row in mine} == {"Kit Madeup"}


def test_queue_refuses_names_it_does_not_know(run: Run, here: Path) -> None:
    """The sentence lists those there are."""
    refused(run("queue", "--service", "Alchemy"), saying="Housing")
    refused(run("queue", "--mine", "Nobody"), saying="Kit Madeup")


def test_case_show_tells_one_complaint(run: Run, here: Path) -> None:
    """Position, dates with their why, points and history; the reference in any case."""
    reference = json.loads(run("queue", "--json").stdout)["rows"][0]["reference"]
    view = json.loads(run("case", "show", reference.lower(), "--json").stdout)
    text = run("case", "show", reference).stdout
    assert view["reference"] == reference
    assert text.startswith(f"{reference}  {view['matter']}\n{view['position']}\n")
    assert "(day 0)" in text and "Point 1:" in text
    assert view["history"][-1]["sentence"] in text


def test_case_show_refuses_an_unknown_reference(run: Run, here: Path) -> None:
    """With the sentence the pages use."""
    refused(run("case", "show", "C-1999-000001"), saying="There is no complaint C-1999-000001.")


# --------------------------------------------------------------------------------------------------------- working days


def test_days_add_counts_and_says_why(run: Run, here: Path) -> None:
    """The Easter of 2026, with each skipped day by name."""
    told = json.loads(run("days", "add", "2026-03-30", "10", "--json").stdout)
    assert told["due"] == "2026-04-15"
    assert {"day": "2026-04-03", "name": "Good Friday"} in told["skipped"]
    lines = run("days", "add", "2026-03-30", "10").stdout.splitlines()
    assert lines[0] == "Wed 15 April 2026"
    assert "Good Friday" in lines[3]


def test_days_add_reads_and_writes_csv(run: Run, here: Path, tmp_path: Path) -> None:
    """Columns start,n in; due,skipped out, row for row, whatever else the file holds."""
    asked = tmp_path / "asked.csv"
    asked.write_text("\ufeffnote,start,n\nfirst,2026-03-26,5\nsecond,2026-12-23, 3\n", encoding="utf-8")
    result = run("days", "add", "--csv", asked)
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["due"] for row in found] == ["2026-04-02", "2026-12-30"]
    assert found[0] == {"due": "2026-04-02", "skipped": "2026-03-28 Saturday; 2026-03-29 Sunday"}
    assert found[1]["skipped"].endswith("2026-12-28 Boxing Day (substitute day)")
    assert [row["due"] for row in json.loads(run("days", "add", "--csv", asked, "--json").stdout)] == [
        row["due"] for row in found
    ]


@pytest.mark.parametrize(
    ("content", "saying"),
    [
        (b"start,n\n2026-03-26,5\n26/03/2026,5\n", "Line 3"),
        (b"start,n\n2026-03-26,five\n", "Line 2"),
        (b"start,n\n2026-03-26\n", "Line 2"),
        (b"from,days\n2026-03-26,5\n", "columns start and n"),
        (b"", "columns start and n"),
        (b"start,n\n\xff\xfe,5\n", "readable as CSV"),
        (b"start,n\n2026-03-26,0\n", "Give 1 or more"),
        (b"start,n\n1999-12-31,5\n", "bank holidays"),
    ],
)
def test_days_add_refuses_rows_it_cannot_use(run: Run, here: Path, tmp_path: Path, content: bytes, saying: str) -> None:
    """Nothing of a doubtful file is answered."""
    asked = tmp_path / "asked.csv"
    asked.write_bytes(content)
    refused(run("days", "add", "--csv", asked), saying=saying)


def test_days_add_refuses_bad_dates_and_missing_parts(run: Run, here: Path) -> None:
    """A date is written one way; a number alone or two questions at once are no question."""
    for words in (("2026-02-30", "5"), ("30.03.2026", "5"), ("2026-03-30",), (), ("2026-03-30", "x")):
        assert run("days", "add", *words).exit_code == 2, words
    assert "year-month-day" in run("days", "add", "2026-02-30", "5").stderr
    assert run("days", "add", "2026-03-30", "5", "--csv", "x.csv").exit_code == 2
    refused(run("days", "add", "--csv", "missing.csv"), saying="missing.csv cannot be read")
    refused(run("days", "add", "2028-12-20", "30"), saying="last published bank holidays")


# ----------------------------------------------------------------------------------------------------------- web forms


def test_a_web_form_is_given_a_key_listed_and_stopped(run: Run, here: Path) -> None:
    """The key is printed once; the records hold its hash."""
    assert "No web form has a key yet" in run("clients", "list").stdout
    said = json.loads(run("clients", "add", "Council website", "--json").stdout)
    assert len(said["key"]) >= 43
    assert one(here, "SELECT key_hash FROM intake_client") != said["key"]
    assert run("clients", "list").stdout == "Council website: never used.\n"
    refused(run("clients", "add", "council WEBSITE"), saying="already")
    refused(run("clients", "revoke", "Another"), saying="There is no web form called Another")
    stopped = run("clients", "revoke", "council website", "--why", "The site moved.")
    assert "may send no complaints in any more. The site moved." in stopped.stdout
    assert "its key was taken back on 2" in run("clients", "list").stdout


def test_the_mailbox_and_the_left_over_files_have_commands_for_a_timer(run: Run, here: Path) -> None:
    """Without a mailbox it says what to set; an old file that nobody needs goes."""
    refused(run("mail", "poll"), saying="Set COMPLAINTS_IMAP_HOST")
    put = here / "files" / "ab" / ("c" * 62)
    put.parent.mkdir(parents=True, exist_ok=True)
    put.write_bytes(b"x")
    os.utime(put, (0, 0))
    assert run("files", "tidy").stdout == "Removed 1 file that no record refers to.\n"
    assert not put.exists()
    assert json.loads(run("files", "tidy", "--json").stdout) == {"removed": 0}
