"""How a body of complaints stands against the Code's clocks: the same duties, counted by service and by month."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.channels.spreadsheets import open_sheet
from core.errors import BadInput, NotPermitted
from core.jobs import guess_mapping, import_history
from core.queries.gap_report import KINDS, Counts, GapReport, Line, counted_cases, gap_report, import_sources
from core.rules.facts import Standing
from tests.builders import Story, day
from tests.conftest import Desks

# By hand: A1 in time; A2 acknowledged a week late and answered the day after the 27th; A3 within its extension; A4
# late; A5 between the first and the last lawful day, so not known; A6 and A7 still open.
OLD = """Ref,Service,Date received,Date acknowledged,Extended to,Extension letter sent,Date responded
A1,Parking,05/01/2026,07/01/2026,,,14/01/2026
A2,Parking,06/01/2026,20/01/2026,,,28/01/2026
A3,Parking,07/01/2026,09/01/2026,06/02/2026,20/01/2026,02/02/2026
A4,Housing repairs,02/02/2026,04/02/2026,,,30/03/2026
A5,Housing repairs,03/02/2026,,,,20/02/2026
A6,,04/02/2026,06/02/2026,,,
A7,,05/03/2026,,,,
"""


@pytest.fixture
def old(story: Story, desks: Desks, tmp_path: Path) -> Desks:
    """Seven old complaints, imported on 7 September 2026."""
    file = tmp_path / "old.csv"
    file.write_text(OLD, encoding="utf-8")
    sheet = open_sheet(file)
    result = import_history(desks.manager, sheet, guess_mapping(sheet), source="Old records", file_name="old.csv")
    assert (result.added, result.problem_count) == (7, 0)
    return desks


def report(desks: Desks, source: str | None = "Old records") -> GapReport:
    """The report as a Member sees it."""
    return desks.member.ask(gap_report, source=source)


def stood(counts: Counts) -> dict[str, int]:
    """How many stand how, without the noughts."""
    return {name: count for name in Standing if (count := getattr(counts, name.value))}


def line(lines: tuple[Line, ...], name: str, kind: str) -> dict[str, int]:
    """One clock of one service or month."""
    return stood(next(each for each in lines if each.name == name).counts[kind])


def test_each_clock_counts_in_time_extended_late_and_not_known_apart(old: Desks) -> None:
    """Three numbers that are never merged, and what cannot be judged beside them; reading R12."""
    found = report(old)
    assert (found.source, found.complaints, found.still_open) == ("Old records", 7, 2)
    assert stood(found.clocks["acknowledge_stage_one"]) == {"in_time": 4, "late": 1, "unknown": 1, "open": 1}
    assert stood(found.clocks["respond_stage_one"]) == {
        "in_time": 1, "late": 2, "extended": 1, "unknown": 1, "open": 2,
    }  # fmt: skip
    assert found.clocks["acknowledge_stage_two"].total == found.clocks["respond_stage_two"].total == 0


def test_services_and_months_add_up_to_the_whole(old: Desks) -> None:
    """Nobody is left out: a complaint without a service is counted under words that say so."""
    found = report(old)
    assert [each.name for each in found.services] == ["Housing repairs", "No service named", "Parking"]
    assert [each.name for each in found.months] == ["2026-01", "2026-02", "2026-03"]
    for lines in (found.services, found.months):
        for kind in KINDS:
            for name in Standing:
                whole = getattr(found.clocks[kind], name.value)
                assert sum(getattr(each.counts[kind], name.value) for each in lines) == whole
    assert line(found.services, "Parking", "acknowledge_stage_one") == {"in_time": 2, "late": 1}
    assert line(found.services, "No service named", "respond_stage_one") == {"open": 2}
    assert line(found.months, "2026-01", "respond_stage_one") == {"in_time": 1, "late": 1, "extended": 1}
    assert line(found.months, "2026-03", "acknowledge_stage_one") == {"open": 1}


def test_the_cases_behind_each_number_are_as_many_as_it_says(old: Desks, story: Story) -> None:
    """Opened from the table: by clock, service and month, the newest first."""
    found = report(old)
    for kind in KINDS:
        for name in Standing:
            asked = {"kind": kind, "standing": name, "source": "Old records"}
            assert len(old.quality.ask(counted_cases, **asked)) == getattr(found.clocks[kind], name.value)
            for each in found.services:
                cases = old.quality.ask(counted_cases, **asked, service=each.name)
                assert len(cases) == getattr(each.counts[kind], name.value), (kind, name, each.name)
            for each in found.months:
                cases = old.quality.ask(counted_cases, **asked, month=each.name)
                assert len(cases) == getattr(each.counts[kind], name.value), (kind, name, each.name)
    asked = {"kind": "respond_stage_one", "standing": Standing.LATE}
    late = [reference for reference, _matter in old.quality.ask(counted_cases, **asked)]
    assert [story.case(reference)["old_reference"] for reference in late] == ["A4", "A2"]
    assert len(old.quality.ask(counted_cases, **asked, limit=1)) == 1
    with pytest.raises(NotPermitted):
        old.member.ask(counted_cases, **asked)


@pytest.mark.parametrize(
    "month", ["garbage", "", "2026", "2026-13", "2026-00", "2026-7", "2026-07-01", "٢٠٢٦-٠٧", "0-0"]
)
def test_a_month_written_otherwise_is_a_sentence(old: Desks, month: str) -> None:
    """An address somebody changed by hand is answered, and breaks nothing."""
    with pytest.raises(BadInput, match="Write it as 2026-07"):
        old.quality.ask(counted_cases, kind="respond_stage_one", standing=Standing.LATE, month=month)


def test_the_paragraph_says_the_percentages_with_their_numbers(old: Desks) -> None:
    """Half up, to one decimal, numerator and denominator beside it; a clock that never ran is not mentioned."""
    assert report(old).paragraph() == (
        "7 complaints, 2 still open. "
        "Acknowledge (6.2): 80.0 % (4 of 5) in time, 20.0 % (1 of 5) late. "
        "Another 1 cannot be judged from these records. "
        "Respond at stage 1 (6.3): 25.0 % (1 of 4) in time, 25.0 % (1 of 4) within an extension, "
        "50.0 % (2 of 4) late. Another 1 cannot be judged from these records."
    )


def test_the_clauses_a_file_cannot_speak_to_are_listed_with_the_reason(old: Desks) -> None:
    """In the order of the Code: what it has no column for, and what only letters show."""
    told = dict(report(old).not_covered)
    assert "no column" in told["lgsco:6.15"] and "letters" in told["lgsco:6.18"]
    assert not {"lgsco:6.2", "lgsco:6.3"} & set(told)
    numbers = [tuple(map(int, clause.partition(":")[2].split("."))) for clause, _why in report(old).not_covered]
    assert numbers == sorted(numbers)


def test_our_own_cases_are_counted_by_the_same_duties(old: Desks, story: Story) -> None:
    """Everything here is the import and today's cases together; the import alone stays what it was."""
    story.finished()
    before = report(old)
    everything = report(old, None)
    assert before.complaints == 7 and everything.complaints == 8
    assert (everything.source, everything.not_covered) == ("everything here", ())
    assert stood(everything.clocks["respond_stage_two"]) == {"in_time": 1}
    assert everything.clocks["respond_stage_one"].in_time == before.clocks["respond_stage_one"].in_time + 1
    assert line(everything.months, "2026-09", "respond_stage_two") == {"in_time": 1}


def test_void_duties_count_in_the_total_and_in_no_percentage(story: Story, desks: Desks) -> None:
    """A complaint withdrawn in time owed nothing any more."""
    story.withdraw(story.record())
    counts = report(desks, None).clocks["respond_stage_one"]
    assert (stood(counts), counts.total, counts.judged) == ({"void": 1}, 1, 0)
    assert counts.words() == "none of 1 can be judged"


def test_nothing_imported_is_said_and_not_divided_by(desks: Desks) -> None:
    """No complaint, an unknown source: a sentence, no percentage of nothing."""
    for found in (report(desks, None), report(desks, "Nobody's list")):
        assert found.paragraph() == "There is nothing to report yet. Import a file first."
        assert (found.complaints, found.services, found.months, found.not_covered) == (0, (), (), ())
        for kind in KINDS:
            assert found.clocks[kind].words() == "none of 0 can be judged"


def test_a_year_s_end_and_a_year_s_beginning_are_two_months(story: Story, desks: Desks) -> None:
    story.record(day("2025-12-31"), today=day("2026-01-02"))
    story.record(day("2026-01-02"))
    assert [each.name for each in report(desks, None).months] == ["2025-12", "2026-01"]


def test_sources_are_named_the_latest_first(old: Desks, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text(OLD.replace("\nA", "\nB"), encoding="utf-8")
    sheet = open_sheet(file)
    import_history(old.manager, sheet, guess_mapping(sheet), source="Another list", file_name="more.csv")
    assert old.member.ask(import_sources) == ("Another list", "Old records")
    with pytest.raises(NotPermitted):
        old.handler.ask(gap_report)


def test_T29_an_anonymous_complaint_counts_in_the_volume_and_among_no_acknowledgements(
    story: Story, desks: Desks
) -> None:
    """It is recorded and considered, and cannot be acknowledged [lgsco:1.5]; reading R29."""
    story.record(individual="", contact_email="", no_contact_details=True)
    story.acknowledged()
    found = desks.member.ask(gap_report)
    assert (found.complaints, found.still_open) == (2, 2)
    assert stood(found.clocks["acknowledge_stage_one"]) == {"in_time": 1, "void": 1}
    assert found.clocks["acknowledge_stage_one"].words().startswith("100.0 % (1 of 1)")
    assert stood(found.clocks["respond_stage_one"]) == {"open": 2}
