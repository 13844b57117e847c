"""What a report is made of, on both databases: its counts, its text that nobody changes, and tables for analysts."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from core.analysis_files import write_views
from core.code.figures import FIGURES
from core.code.reports import ReportKind
from core.errors import BadInput, NotFound
from core.letters.reports import Section, Words
from core.queries.analysis import analysis_rows
from core.queries.dashboard import dashboard
from core.queries.figures import figures
from core.queries.reports import figure_words, one_report
from core.queries.signed_assessments import signed_assessments
from core.reporting import gathered
from core.rules.periods import Period
from core.rules.s8_reporting import Follows
from core.rules.showing import written
from tests import ombudsman
from tests.assessing import answer, answered, signed
from tests.builders import Story, day
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.reports import (
    LESSON,
    MAIL,
    MATTER,
    PERSON,
    PHONE,
    STREET,
    YEAR,
    a_year,
    bare_report,
    bare_snapshot,
    report_made,
    table_of,
)


def test_8_1b_figures_reconcile_and_are_told_as_the_dashboard_tells_them(story: Story, desks: Desks) -> None:
    """One received in spring and five in summer: the record has all numbers, and readers none that tells the one."""
    a_year(story)
    report = gathered(desks.manager, ReportKind.YEARLY, YEAR)
    now, seen = desks.member.ask(figures, YEAR), desks.member.ask(dashboard, YEAR)
    told = written(seen.figures, fewest=seen.fewest, quarters=seen.quarters[YEAR])
    for each in report.figures:
        assert each.words == figure_words(FIGURES[each.id], now[each.id])
        assert (each.numerator, each.denominator) == (now[each.id].numerator, now[each.id].denominator)
        assert each.told == told[each.id]
    assert now["received"].numerator == 6 and told["received"] == "not shown"
    assert {"By category", "By service", "By reason"} & {table.title for table in report.tables()} == set()
    kept = desks.member.ask(one_report, report_made(story, report))
    assert {each.id: each.words for each in kept.figures} == {each.id: told[each.id] for each in report.figures}
    assert [each.numerator for each in kept.figures if each.id == "received"] == [None]
    summer = gathered(desks.manager, ReportKind.QUARTERLY, Period.quarter(2025, 2))
    assert table_of(summer, "By category") == [("Missed bins", "5")]
    assert table_of(summer, "How many complaints, and about what: figures")[0][1:] == ("5", "fewer than 5")


def test_8_1a_a_signed_self_assessment_stands_in_the_yearly_report_row_by_row(story: Story, desks: Desks) -> None:
    """Ten rows with answer, scope, commentary and action, its signatures, and no colleague's name [lgsco:8.1a]."""
    number = answered(story)
    plan = {"action": "A shared inbox.", "owner_id": desks.handler.actor.id, "due_on": day("2027-01-11")}
    given = {"follows": Follows.PARTLY, "commentary": "Two teams are behind.", "service_ids": (2,)}
    answer(story, number, "6-1", **given, **plan)
    text = signed(story, number)
    (listed,) = desks.member.ask(signed_assessments)
    assert (listed.text_id, listed.starts_on, listed.ends_on) == (text, YEAR.start, YEAR.end)
    report = gathered(desks.manager, ReportKind.YEARLY, YEAR, self_assessment=text)
    assert report.draft == ""
    rows = table_of(report, "Its answers")
    assert len(rows) == 10
    (partly,) = [row for row in rows if row[1].startswith("Partly")]
    assert partly[1].endswith(" only)")
    parts = {block.title: block.paragraphs for block in report.sections[0].blocks if isinstance(block, Words)}
    assert parts[partly[0]][1:] == (
        f"Do we follow the Code? {partly[1]}.", "Two teams are behind.",
        "What will be done: A shared inbox. By 11 January 2027.",
    )  # fmt: skip
    assert {row[0] for row in rows} <= parts.keys()
    said = report.sections[0].model_dump_json()
    assert "Scrutiny Committee" in said and "Noted with thanks." in said
    assert not [desk.actor.name for desk in desks.of_every_role() if desk.actor.name in said]


def test_8_1a_only_a_signed_self_assessment_of_that_year_goes_with_a_report(story: Story, desks: Desks) -> None:
    """One that is not there, of another year, in a pack, or that names somebody is refused; without one, a draft."""
    with pytest.raises(BadInput, match="no such signed"):
        gathered(desks.manager, ReportKind.YEARLY, YEAR, self_assessment=1)
    with refused(story, BadInput, match="do not fit together"):
        desks.manager.do(bare_snapshot(bare_report(draft="")))
    with refused(story, BadInput, match="no such signed"):
        desks.manager.do(bare_snapshot(bare_report(draft=""), self_assessment=1))
    text = signed(story)
    with pytest.raises(BadInput, match="covers no day of April 2024 to March 2025"):
        gathered(desks.manager, ReportKind.YEARLY, Period.financial_year(2024), self_assessment=text)
    with pytest.raises(BadInput, match="goes with a yearly report"):
        gathered(desks.manager, ReportKind.QUARTERLY, YEAR, self_assessment=text)
    named = Words(paragraphs=(f"Ring {PHONE}.",))
    section = Section(key="assessment", title="Our policy", clause="8.1a", blocks=(named,))
    with refused(story, BadInput, match="holds a telephone number, and the report is published"):
        desks.manager.do(bare_snapshot(bare_report(draft="", sections=(section,)), self_assessment=text))


def test_8_1e_the_annual_letter_stands_in_the_yearly_report_beside_our_figures(story: Story, desks: Desks) -> None:
    """Theirs and ours of the whole council, whoever makes it; in words while none is entered [lgsco:8.1e]."""
    title = "The figures of the annual letter"
    section = {each.key: each for each in gathered(desks.manager, ReportKind.YEARLY, YEAR).sections}["annual_letter"]
    said = [each for each in section.blocks if isinstance(each, Words) and each.title == title]
    assert [each.paragraphs for each in said] == [("No annual letter is entered for April 2025 to March 2026.",)]
    story.keep_confidential(story.record())
    ombudsman.decide(story, ombudsman.enquiry(story, "C-2026-000001", on=day("2026-11-02")))
    story.on(day("2027-05-03"))
    ombudsman.letter(story, year=2026)
    report = gathered(desks.manager, ReportKind.YEARLY, Period.financial_year(2026))
    rows = {row[0]: row[1:] for row in table_of(report, title)}
    assert rows["Dealt with in the year"] == ("76", "not shown"), "ours is one"
    assert "81%" in {theirs for theirs, _ours in rows.values()}
    assert {ours for _theirs, ours in rows.values()} == {"not shown"}


def test_8_1_no_hand_changes_or_removes_a_report(story: Story, desks: Desks) -> None:
    """The database itself refuses, and a text that was swapped nevertheless is not shown as the report."""
    number = report_made(story)
    for statement in ("UPDATE report_snapshot SET content = '{}'", "DELETE FROM report_snapshot"):
        with (
            pytest.raises(sa.exc.DatabaseError, match="append-only"),
            story.office.database.engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    assert desks.member.ask(one_report, number) == bare_report()
    with pytest.raises(NotFound, match="no such report"):
        desks.member.ask(one_report, number + 1)


def test_8_1_analysts_get_rows_and_nobody_in_them(story: Story, desks: Desks, tmp_path: Path) -> None:
    """No planted name, address or word, no rare category, no confidential complaint; and each month's figures."""
    reference = a_year(story)
    hidden = story.record(day("2026-09-07"))
    story.keep_confidential(hidden)
    written = write_views(desks.manager, tmp_path / "views")
    assert written["analysis_complaint"] == 6
    text = "\n".join(file.read_text("utf-8-sig") for file in (tmp_path / "views").iterdir())
    for secret in (reference, hidden, PERSON, STREET, MAIL, PHONE, MATTER, LESSON, "ZZ9 9ZZ", "Hana Handler"):
        assert secret not in text
    assert '"Missed bins"' in text
    assert '"2025-07-01","received","Complaints received","5"' in text
    told = (tmp_path / "views" / "published_figure.csv").read_text("utf-8-sig")
    assert '"2025-07-01","2025-09-30","received","Complaints received","5","5",""' in told
    assert '"2025-04-01","2026-03-31","received","Complaints received","not shown","",""' in told
    with pytest.raises(NotFound, match="There is no table person"):
        desks.manager.ask(analysis_rows, "person")
