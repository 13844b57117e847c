"""What a report is made of, on both databases: its counts, its text that nobody changes, and tables for analysts."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from core.analysis_files import write_views
from core.code.figures import FIGURES
from core.code.reports import ReportKind
from core.errors import NotFound
from core.queries.analysis import analysis_rows
from core.queries.figures import figures
from core.queries.reports import figure_words, one_report
from core.reporting import gathered
from tests.builders import Story, day
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
    report_made,
    table_of,
)


def test_8_1b_figures_reconcile_and_small_kinds_are_put_together(story: Story, desks: Desks) -> None:
    a_year(story)
    report = gathered(desks.manager, ReportKind.YEARLY, YEAR)
    now = desks.member.ask(figures, YEAR)
    for each in report.figures:
        assert each.words == figure_words(FIGURES[each.id], now[each.id])
        assert (each.numerator, each.denominator) == (now[each.id].numerator, now[each.id].denominator)
    assert table_of(report, "By category") == [("Other categories", "6")]
    assert table_of(report, "By reason") == [("Other reasons", "1")]
    assert now["received"].numerator == 6


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
    with pytest.raises(NotFound, match="There is no table person"):
        desks.manager.ask(analysis_rows, "person")
