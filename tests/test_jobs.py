"""Bringing in old records, on both databases: good rows in, every other row with what to do, nothing twice."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from core.channels.columns import Mapping
from core.channels.rows import RowProblem
from core.channels.safe_export import restore, to_csv
from core.channels.spreadsheets import Sheet, open_sheet
from core.desk import Desk
from core.errors import BadInput, NotPermitted
from core.jobs import ImportResult, guess_mapping, import_history, keep_upload, kept_upload
from core.queries.cases import case_view
from core.queries.duties_check import duties_check
from core.queries.history import import_problems, import_runs
from core.queries.queue import QueueFilter, queue_export
from core.queries.searching import search
from core.rules.steps import Position
from tests.builders import ACKNOWLEDGED, ANSWERED, FINAL, RECEIVED, Story, day, dump
from tests.conftest import Desks

HEADER = "Ref,Service,Name,Date received,Date acknowledged,Date responded,Outcome,Title,Details\n"
GOOD = (
    "A1,Parking,Kim Test,01/04/2026,02/04/2026,17/04/2026,Upheld,A fine,They fined me",
    "A2,Parking,Sam Sample,15/04/2026,16/04/2026,29/05/2026,Not upheld,Another fine,So did they me",
    "A3,Grounds,Zoë Test,24/08/2026,25/08/2026,,,The hedge,It has grown over the path",
)
BAD = (
    "B1,Parking,Kim Test,31/02/2026,,,,No such day,x",
    "B2,Parking,Kim Test,,02/04/2026,,,No day,x",
    "B3,Parking,Kim Test,20/04/2026,13/04/2026,,,Before it came,x",
    "B4,Parking,Kim Test,20/04/2027,,,,Not yet,x",
    "B5,Parking,Kim Test,20/04/2026,,,,Too wide,x,y",
)

HISTORY = ("ledger_entry", "ledger_personal")


def sheet_of(*lines: str, header: str = HEADER) -> Sheet:
    """A list with these rows."""
    return open_sheet((header + "\n".join(lines) + "\n").encode(), "list.csv")


def bring_in(
    desks: Desks, sheet: Sheet, *, source: str = "Old list", mapping: Mapping | None = None, **options: object
) -> ImportResult:
    """Import a list as the manager does."""
    found = mapping or guess_mapping(sheet)
    return import_history(desks.manager, sheet, found, source=source, file_name="list.csv", **options)  # type: ignore[arg-type]


def old_references(story: Story) -> dict[str, str]:
    """Our reference by theirs."""
    return {row["old_reference"]: row["reference"] for row in story.rows("complaint")}


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    """Rows, added, unchanged, duplicates and problems."""
    return result.rows, result.added, result.unchanged, result.duplicates, result.problem_count


# ------------------------------------------------------------------------------------------------------- what comes in


def test_a_dry_run_writes_nothing_and_says_what_would_come(story: Story, desks: Desks) -> None:
    """The same counts and problems as the import that follows; not a row, a service or an entry before it."""
    sheet = sheet_of(*GOOD, *BAD, GOOD[0])
    before = dump(story.office)
    said = bring_in(desks, sheet, dry_run=True)
    assert dump(story.office) == before
    done = bring_in(desks, sheet)
    assert said.dry_run and not done.dry_run
    assert counts(said) == counts(done) == (9, 3, 0, 1, 5)
    assert said.problems == done.problems
    assert len(story.rows("complaint")) == 3


def test_good_rows_come_in_and_every_bad_one_is_told_with_its_cell_and_what_to_do(story: Story, desks: Desks) -> None:
    """Row, column, value and a sentence; kept with the run, so that they can be put right tomorrow."""
    result = bring_in(desks, sheet_of(*GOOD, *BAD))
    assert counts(result) == (8, 3, 0, 0, 5)
    told = [(problem.row, problem.column, problem.value, problem.kind) for problem in result.problems]
    assert told == [
        (5, "Date received", "31/02/2026", "unreadable"),
        (6, "Date received", "", "missing"),
        (7, "Date acknowledged", "13/04/2026", "order"),
        (8, "Date received", "20/04/2027", "future"),
        (9, "", "B5 | Parking | Kim Test | 20/04/2026 | Too wide | x | y", "shape"),
    ]
    assert all(problem.what_to_do.endswith(".") for problem in result.problems)
    (run,) = desks.manager.ask(import_runs)
    assert (run.source, run.file_name, run.rows, run.added, run.unchanged, run.problems) == (
        "Old list", "list.csv", 8, 3, 0, 5,
    )  # fmt: skip
    kept = desks.manager.ask(import_problems, run.id)
    assert [(line.row, line.column, line.value, line.what_to_do) for line in kept] == [
        (problem.row, problem.column, problem.value, problem.what_to_do) for problem in result.problems
    ]
    assert set(old_references(story)) == {"A1", "A2", "A3"}


def test_their_reference_is_kept_beside_ours_and_finds_the_complaint(story: Story, desks: Desks) -> None:
    """Ours follows the year of receipt; the history says where the complaint came from [lgsco:5.8]."""
    bring_in(desks, sheet_of(*GOOD, "OLD/7,Parking,Kim Test,05/05/2025,,06/05/2025,,x,x"))
    ours = old_references(story)
    assert ours == {"A1": "C-2026-000001", "A2": "C-2026-000002", "A3": "C-2026-000003", "OLD/7": "C-2025-000001"}
    assert [row.reference for row in desks.handler.ask(search, "OLD/7").rows] == [ours["OLD/7"]]
    view = desks.handler.ask(case_view, ours["A2"])
    assert (view.old_reference, view.source, view.service) == ("A2", "Old list", "Parking")
    assert (view.individual["name"], view.matter, view.words) == ("Sam Sample", "Another fine", "So did they me")
    assert [line.sentence for line in view.history] == ["Imported from “Old list”, row 3, where its reference was A2."]
    assert story.record() == "C-2026-000004"


def test_services_the_file_names_are_added_once(story: Story, desks: Desks) -> None:
    """Whatever their capitals, in one import or the next; those known already are used."""
    grounds = GOOD[2]
    lines = (
        grounds.replace("A3", "A4").replace("Grounds", "GROUNDS"),
        grounds.replace("A3", "A5").replace("Grounds", ""),
    )
    bring_in(desks, sheet_of(*GOOD, *lines))
    bring_in(desks, sheet_of(grounds), source="Another list")
    names = [row["name"] for row in story.rows("service")]
    assert [name.casefold() for name in names].count("grounds") == 1 and len(names) == 4
    at = {(row["source"], row["old_reference"]): row["service_id"] for row in story.rows("complaint")}
    assert at["Old list", "A3"] == at["Old list", "A4"] == at["Another list", "A3"] is not None
    assert at["Old list", "A5"] is None
    assert at["Old list", "A1"] == story.rows("service", name="Parking")[0]["id"]


def test_a_handler_the_council_knows_is_the_handler_and_another_name_is_nobody(story: Story, desks: Desks) -> None:
    header = "Ref,Date received,Date acknowledged,Date responded,Officer\n"
    lines = ("1,24/08/2026,,,hana HANDLER", "2,24/08/2026,,,Someone Who Left")
    bring_in(desks, sheet_of(*lines, header=header))
    mine = desks.handler.ask(queue_export, QueueFilter(owner_id=desks.handler.actor.id))
    assert [row.reference for row in mine] == [old_references(story)["1"]]
    assert len(desks.handler.ask(queue_export, QueueFilter(unassigned=True))) == 1


# ------------------------------------------------------------------------------------------------------ twice, or anew


def test_the_same_file_again_changes_nothing(story: Story, desks: Desks) -> None:
    """Not a row in any table: each complaint is recognised by its reference and its cells."""
    bring_in(desks, sheet_of(*GOOD))
    before = dump(story.office)
    again = bring_in(desks, sheet_of(*GOOD))
    assert counts(again) == (3, 0, 3, 0, 0)
    assert dump(story.office) == before


def test_a_longer_file_adds_only_what_is_new(story: Story, desks: Desks) -> None:
    """Next month's list holds this month's too."""
    bring_in(desks, sheet_of(*GOOD[:2]))
    again = bring_in(desks, sheet_of(*GOOD))
    assert counts(again) == (3, 1, 2, 0, 0)
    assert set(old_references(story)) == {"A1", "A2", "A3"}


def test_rows_without_a_reference_are_told_apart_by_their_cells(story: Story, desks: Desks) -> None:
    """Two different rows are two complaints, the same row twice is one, and a second import adds none."""
    header = "Date received,Details\n"
    sheet = sheet_of("24/08/2026,a", "24/08/2026,b", "24/08/2026,a", header=header)
    assert counts(bring_in(desks, sheet)) == (3, 2, 0, 1, 0)
    assert counts(bring_in(desks, sheet)) == (3, 0, 2, 1, 0)
    assert len(story.rows("complaint")) == 2


def test_contradicting_rows_of_one_file_are_shown_and_never_merged(story: Story, desks: Desks) -> None:
    """The first was taken as it stands; the sentence names both rows."""
    other = GOOD[0].replace("Upheld", "Not upheld")
    result = bring_in(desks, sheet_of(GOOD[0], GOOD[1], other))
    assert counts(result) == (3, 2, 0, 0, 1)
    (problem,) = result.problems
    assert (problem.row, problem.column, problem.value, problem.kind) == (4, "Ref", "A1", "conflict")
    assert problem.rows == (2, 4) and "Row 2" in problem.what_to_do
    assert story.stage(old_references(story)["A1"], 1)["outcome"] == "upheld"


def test_a_row_that_differs_from_what_was_imported_is_shown_and_changes_nothing(story: Story, desks: Desks) -> None:
    """A correction is made by hand, where the history shows it; or the row is another complaint [lgsco:5.8]."""
    bring_in(desks, sheet_of(*GOOD))
    ours = old_references(story)["A2"]
    before = dump(story.office, leave_out=(*HISTORY, "import_run", "import_problem", "counter"))
    result = bring_in(desks, sheet_of(GOOD[0], GOOD[1].replace("29/05/2026", "28/05/2026"), GOOD[2]))
    assert counts(result) == (3, 0, 2, 0, 1)
    assert result.problems[0].what_to_do == (
        f"This reference is here already as {ours}, with other content. Nothing was changed. "
        f"Correct {ours} by hand, or give this row a reference of its own."
    )
    after = dump(story.office, leave_out=(*HISTORY, "import_run", "import_problem", "counter"))
    assert after == before


def test_one_reference_may_stand_in_two_lists(story: Story, desks: Desks) -> None:
    """Two old systems count from 1; the list's name tells them apart."""
    bring_in(desks, sheet_of(GOOD[0]))
    result = bring_in(desks, sheet_of(GOOD[0].replace("Upheld", "Not upheld")), source="Another list")
    assert counts(result) == (1, 1, 0, 0, 0)
    assert len(story.rows("complaint")) == 2


def test_a_conflict_is_found_across_the_parts_a_file_is_written_in(story: Story, desks: Desks) -> None:
    """More rows than go in at once: numbers without gaps, a contradiction far apart, progress told."""
    lines = [f"N{n},Parking,,01/04/2026,02/04/2026,17/04/2026,Upheld,x,{n}" for n in range(1050)]
    told: list[int] = []
    result = bring_in(desks, sheet_of(*lines, f"{lines[3]}!"), progress=lambda rows, _words: told.append(rows))
    assert counts(result) == (1051, 1050, 0, 0, 1)
    assert result.problems[0].rows == (5, 1052)
    assert told == [1000, 1051]
    assert sorted(old_references(story).values()) == [f"C-2026-{n:06d}" for n in range(1, 1051)]
    assert desks.manager.ask(duties_check, limit=2000).differing == ()
    story.verified()


# ------------------------------------------------------------------------------------------------------ the same rules


def test_imported_history_is_judged_by_the_same_rules_as_today_s_cases(story: Story, desks: Desks) -> None:
    """One complaint told through commands and one imported with its dates: the same duties, position and figures."""
    told = story.finished()
    header = (
        "Ref,Date received,Date acknowledged,Date responded,Stage 2 requested,Stage 2 acknowledged,Stage 2 response\n"
    )
    dates = (RECEIVED, ACKNOWLEDGED, ANSWERED, day("2026-09-28"), day("2026-10-05"), FINAL)
    row = ",".join(["X1", *(each.strftime("%d/%m/%Y") for each in dates)])
    assert bring_in(desks, sheet_of(row, header=header)).added == 1
    imported = old_references(story)["X1"]
    names = (
        "kind",
        "clause",
        "start_on",
        "days",
        "due_on",
        "act_by",
        "met_on",
        "standing",
        "is_next",
        "literal_due_on",
    )

    def judged(reference: str) -> dict[str, list[object]]:
        return {kind: [duty[name] for name in names] for kind, duty in story.duties(reference).items()}

    assert judged(imported) == judged(told)
    for name in ("position", "stage_number", "is_open", "act_by", "ending", "ended_on", "received_on"):
        assert story.case(imported)[name] == story.case(told)[name], name
    assert story.case(imported)["position"] == Position.TWO_ANSWERED


def test_an_imported_complaint_that_is_open_goes_on_like_any_other(story: Story, desks: Desks) -> None:
    """It stands in the queue, and every later step is taken on it."""
    sheet = sheet_of("A3,Grounds,Zoë Test,07/09/2026,,,,The hedge,It has grown")
    bring_in(desks, sheet, mapping=guess_mapping(sheet).with_date_order("dmy"))
    reference = old_references(story)["A3"]
    assert [row.reference for row in desks.handler.ask(queue_export, QueueFilter())] == [reference]
    story.acknowledge(reference)
    story.assign(reference)
    story.respond(reference)
    assert story.case(reference)["position"] == Position.ONE_ANSWERED
    assert desks.manager.ask(duties_check).differing == ()


def test_a_day_outside_the_calendar_leaves_out_only_its_own_row(story: Story, desks: Desks) -> None:
    """Before the first bank holidays held here no date can be counted: said, not guessed [lgsco:6.2]."""
    result = bring_in(desks, sheet_of(GOOD[0], "Z1,Parking,Kim Test,01/06/1999,,,,Long ago,x", GOOD[1]))
    assert counts(result) == (3, 2, 0, 0, 1)
    assert (result.problems[0].row, result.problems[0].value) == (3, "Z1")
    assert "bank holidays" in result.problems[0].what_to_do


# --------------------------------------------------------------------------------------------------------- their words

FORMULAS = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "'=x", "\t=1", '=HYPERLINK("http://example.org")')


def test_words_like_formulas_are_kept_as_they_are_and_harmless_when_exported(story: Story, desks: Desks) -> None:
    """In, out and in again: each word comes back as it stood, and no cell of the export acts."""
    out = io.StringIO()
    writer = csv.writer(out)
    for at, text in enumerate(FORMULAS):
        writer.writerow([f"=F{at}", "", text, "24/08/2026", "25/08/2026", "", "", text, text])
    result = bring_in(desks, sheet_of(*out.getvalue().splitlines()))
    assert counts(result) == (len(FORMULAS), len(FORMULAS), 0, 0, 0)
    kept = {row["old_reference"]: row for row in story.rows("complaint")}
    for at, text in enumerate(FORMULAS):
        assert kept[f"=F{at}"]["words"] == restore(text)
        assert kept[f"=F{at}"]["matter"] == restore(text).strip()
    rows = desks.handler.ask(queue_export, QueueFilter())
    exported = to_csv(((row.reference, row.individual, row.matter) for row in rows), ("Reference", "Name", "Matter"))
    cells = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"))))[1:]
    assert len(cells) == len(FORMULAS)
    for (reference, name, matter), row in zip(cells, rows, strict=True):
        assert reference == row.reference
        assert not name.lstrip().startswith(("=", "@", "+", "-")) and not matter.lstrip().startswith(
            ("=", "@", "+", "-")
        )
        assert (restore(name), restore(matter)) == (row.individual, row.matter)


LONGEST = {"Ref": 100, "Service": 120, "Name": 200, "Category": 120, "Phone": 60, "Postcode": 12, "Address": 500}


def test_the_longest_text_is_kept_whole_and_a_longer_one_is_reported(story: Story, desks: Desks) -> None:
    """On both databases alike: nothing is cut without a word, and one long cell does not stop the others."""
    for column, longest in LONGEST.items():
        header = f"{column},Date received,Details\n"
        fits, too_long = "x" * longest, "y" * (longest + 1)
        sheet = sheet_of(f"{fits},24/08/2026,a", f"{too_long},24/08/2026,b", header=header)
        result = bring_in(desks, sheet, source=column)
        assert counts(result) == (2, 1, 0, 0, 1), column
        (problem,) = result.problems
        assert (problem.row, problem.column, problem.kind) == (3, column, "too_long")
        tables = ("complaint", "person", "service")
        held = {value for table in tables for row in story.rows(table) for value in row.values()}
        assert fits in held or fits.upper() in held, column


def test_a_long_title_is_shortened_in_lists_and_whole_in_its_point(story: Story, desks: Desks) -> None:
    """Every word of it stays on the record."""
    title = "word " * 90 + "end"
    bring_in(desks, sheet_of(f"1,24/08/2026,{title},Details are short", header="Ref,Date received,Title,Details\n"))
    view = desks.handler.ask(case_view, old_references(story)["1"])
    assert len(view.matter) == 200 and view.matter.endswith("…")
    assert view.points[0].text == title


# ----------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("source", ["", "   ", "x" * 81])
def test_records_need_a_name_of_a_fitting_length(source: str, story: Story, desks: Desks) -> None:
    before = dump(story.office)
    with pytest.raises(BadInput, match="such as|Shorten it"):
        bring_in(desks, sheet_of(*GOOD), source=source)
    assert dump(story.office) == before


def test_a_list_whose_dates_are_uncertain_is_not_read(story: Story, desks: Desks) -> None:
    """01/02/2026 may be two days; once a person has said which, it is that one."""
    sheet = sheet_of("1,01/02/2026,x", header="Ref,Date received,Details\n")
    mapping = guess_mapping(sheet)
    with pytest.raises(BadInput, match="not certain"):
        bring_in(desks, sheet, mapping=mapping)
    assert story.rows("complaint") == []
    bring_in(desks, sheet, mapping=mapping.with_date_order("mdy"))
    assert story.case(old_references(story)["1"])["received_on"] == date(2026, 1, 2)


def test_a_mapping_made_for_another_file_is_refused(story: Story, desks: Desks) -> None:
    mapping = guess_mapping(sheet_of(*GOOD))
    with pytest.raises(BadInput, match="has no column"):
        bring_in(desks, sheet_of("1,01/02/2026", header="Number,Opened\n"), mapping=mapping)


def test_only_the_manager_brings_in_old_records(story: Story, desks: Desks) -> None:
    """Refused at the desk before the first row is read."""
    sheet = sheet_of(*GOOD)
    before = dump(story.office, leave_out=HISTORY)
    for desk in desks.of_every_role():
        if desk is not desks.manager:
            with pytest.raises(NotPermitted, match="brings in old records"):
                import_history(desk, sheet, guess_mapping(sheet), source="Old list", file_name="list.csv")
    assert dump(story.office, leave_out=HISTORY) == before


def test_problems_past_the_first_ten_thousand_are_counted_and_not_kept() -> None:
    """A file of nothing but mistakes does not fill the memory."""
    result = ImportResult(source="x")
    for row in range(10_005):
        kind = "duplicate" if row % 5 == 0 else "missing"
        result.note(RowProblem(row=row, column="", value="", what_to_do="Fill it in.", kind=kind))  # type: ignore[arg-type]
    assert (len(result.problems), result.problem_count, result.duplicates) == (10_000, 8_004, 2_001)


# ------------------------------------------------------------------------------------------------- files that are kept


@pytest.fixture
def desk(databases: object, desks: Desks) -> Desk:
    """Who keeps files."""
    return desks.manager


def test_a_file_is_kept_as_it_came_under_its_digest_alone(desk: Desk) -> None:
    """Whatever its name says, it lies in one folder; the same file twice is kept once."""
    folder = desk.office.settings.data_dir / "imports"
    for name in ("list.csv", "../../list.CSV", "/etc/list.csv", "C:\\list.csv", "a\x00.csv"):
        kept = keep_upload(desk, b"Ref,Received\n", file_name=name)
        assert kept.parent == folder and kept.suffix == ".csv" and len(kept.stem) == 64
        assert kept_upload(desk, kept.name) == kept and kept.read_bytes() == b"Ref,Received\n"
    assert keep_upload(desk, b"MZ", file_name="list.exe").suffix == ".txt"
    assert keep_upload(desk, b"", file_name="..").suffix == ".txt"
    assert len(list(folder.iterdir())) == 3 and not list(folder.glob("*.part"))


def test_no_other_file_can_be_asked_for(desk: Desk) -> None:
    """A name with a path, of another file, of none: refused in a sentence."""
    kept = keep_upload(desk, b"Ref,Received\n", file_name="list.csv")
    (kept.parent.parent / "secret.csv").write_text("secret")
    digest, other = kept.stem, "0" * 64
    for name in (
        "../secret.csv", f"../imports/{kept.name}", f"./{kept.name}", str(kept), f"{digest}", f"{digest}.exe",
        f"{digest}.csv/../../secret.csv", f"{digest.upper()}.csv", f"{other}.csv", "", ".", "..", "\x00",
        f"{kept.name}\x00", f"{digest}.csv\n", "ledger.key",
    ):  # fmt: skip
        with pytest.raises(BadInput, match="not kept here"):
            kept_upload(desk, name)


def test_a_kept_file_can_be_imported(story: Story, desk: Desk, desks: Desks, tmp_path: Path) -> None:
    kept = keep_upload(desk, (HEADER + "\n".join(GOOD)).encode(), file_name="list.csv")
    assert bring_in(desks, open_sheet(kept_upload(desk, kept.name))).added == 3


def test_what_has_no_place_of_its_own_is_kept_in_its_own_words(story: Story, desks: Desks) -> None:
    """A remedy, a lesson or a representative in the file is not dropped because no table waits for it [lgsco:5.8]."""
    header = "Ref,Date received,Title,Remedy,Lessons learned,Representative\n"
    bring_in(desks, sheet_of("R1,15/06/2026,Missed bins,Apology and £50,New rota,Ms Advocate", header=header))
    view = desks.handler.ask(case_view, old_references(story)["R1"])
    assert "Remedy: Apology and £50" in view.ending_note
    assert "Learning: New rota" in view.ending_note
    assert "Representative: Ms Advocate" in view.ending_note
