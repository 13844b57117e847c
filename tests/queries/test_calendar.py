"""The calendar asked: dates counted with their why, what a changed list would move, and nothing moved by asking.

That what is shown is what is then moved, and how a list is compared, is told in tests/test_cli_records.py.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.commands.organising import ChangeCalendar
from core.errors import BadInput, CalendarEnds, NotPermitted
from core.model.organisation import Layer
from core.queries.calendar import calendar_news, counted_from, moved_by
from core.queries.duties_check import duties_check
from core.rules.duties import TITLES
from tests.builders import ANSWER_DUE, EXTENDED_TO, FINAL_DUE, RECEIVED, Story, day, dump
from tests.conftest import Desks

JUBILEE = day("2026-09-21")


def holiday(*days: date, withdrawn: bool = False) -> list[tuple[date, str, Layer, bool]]:
    """Rows of a changed calendar."""
    return [(each, "Sample jubilee", Layer.BANK_HOLIDAY, withdrawn) for each in days]


def test_dates_are_counted_with_their_why(desks: Desks) -> None:
    """Any number of questions at once; a start on a day off begins on the next working day [lgsco:6.2]."""
    monday, christmas = desks.member.ask(counted_from, [(RECEIVED, 5), (day("2026-12-22"), 5)])
    assert (monday.due, monday.skipped[0][0]) == (day("2026-09-14"), day("2026-09-12"))
    assert christmas.due == day("2026-12-31")
    assert {name for _day, name in christmas.skipped} >= {"Christmas Day"}
    assert desks.member.ask(counted_from, []) == ()


def test_what_cannot_be_counted_is_a_sentence(desks: Desks) -> None:
    for start, number, kind in (
        (RECEIVED, 0, BadInput),
        (RECEIVED, -3, BadInput),
        (RECEIVED, 10**9, CalendarEnds),
        (date(9999, 12, 31), 1, CalendarEnds),
        (date(1, 1, 1), 1, CalendarEnds),
    ):
        with pytest.raises(kind):
            desks.member.ask(counted_from, [(start, number)])


def test_asking_what_would_move_moves_nothing(story: Story, desks: Desks) -> None:
    story.record(day("2026-09-16"))
    story.acknowledged()
    before = dump(story.office)
    assert desks.manager.ask(moved_by, holiday(JUBILEE))
    assert dump(story.office) == before


def test_each_duty_that_would_move_is_told_with_the_day_to_act_by(story: Story, desks: Desks) -> None:
    """A promised or extended date stays although the Code's own moves [lgsco:6.3, 6.4]; reading R23."""
    waiting = story.record(day("2026-09-16"))
    promised = story.acknowledged()
    extended = story.acknowledged()
    story.extend(extended, told=day("2026-09-15"))
    shown = desks.manager.ask(moved_by, holiday(JUBILEE))
    assert [(each.reference, each.title, each.was, each.becomes, each.act_by_was, each.act_by) for each in shown] == [
        (waiting, "Acknowledge", day("2026-09-23"), day("2026-09-24"), day("2026-09-23"), day("2026-09-24")),
        (promised, "Respond at stage 1", ANSWER_DUE, day("2026-09-29"), ANSWER_DUE, ANSWER_DUE),
        (extended, "Respond at stage 1", ANSWER_DUE, day("2026-09-29"), EXTENDED_TO, EXTENDED_TO),
        (waiting, "Respond at stage 1", day("2026-10-07"), day("2026-10-08"), day("2026-10-07"), day("2026-10-08")),
    ]
    assert {each.title for each in shown} <= set(TITLES.values())


def test_a_day_outside_every_open_period_moves_nothing(story: Story, desks: Desks) -> None:
    """Before the complaint, a Sunday, long after, or in a case that is settled."""
    story.record()
    story.finished()
    for on in (day("2026-08-24"), RECEIVED, day("2026-09-20"), day("2026-12-01")):
        assert desks.manager.ask(moved_by, holiday(on)) == (), on


def test_a_day_taken_back_brings_dates_forward(story: Story, desks: Desks) -> None:
    """The summer bank holiday withdrawn: one working day more, one day earlier; reading R23."""
    reference = story.record(day("2026-08-27"))
    shown = desks.manager.ask(moved_by, holiday(day("2026-08-31"), withdrawn=True))
    assert [(each.reference, each.was, each.becomes) for each in shown] == [
        (reference, day("2026-09-04"), day("2026-09-03")),
        (reference, day("2026-09-18"), day("2026-09-17")),
    ]


def test_stage_two_is_told_with_its_own_clause(story: Story, desks: Desks) -> None:
    reference = story.considered_at_stage_two()
    (moved,) = desks.manager.ask(moved_by, holiday(day("2026-10-14")))
    assert (moved.reference, moved.stage, moved.clause) == (reference, 2, "lgsco:6.15")
    assert (moved.was, moved.becomes, moved.act_by) == (FINAL_DUE, day("2026-11-03"), FINAL_DUE)


def test_several_days_are_counted_together(story: Story, desks: Desks) -> None:
    """Two new days in one list move a date by two, and what was shown is what comes."""
    reference = story.record()
    rows = holiday(day("2026-09-09"), day("2026-09-10"))
    shown = {each.title: each.becomes for each in desks.manager.ask(moved_by, rows)}
    assert shown["Acknowledge"] == day("2026-09-16")
    desks.manager.do(ChangeCalendar(source="GOV.UK", rows=tuple(rows)))
    assert story.duties(reference)["acknowledge_stage_one"]["due_on"] == day("2026-09-16")
    assert desks.manager.ask(duties_check).differing == ()


def test_an_empty_list_would_take_everything_back_only_when_told_to(desks: Desks) -> None:
    """A list that came empty is not taken for the news that there are no bank holidays any more."""
    news = desks.manager.ask(calendar_news, [], source="GOV.UK")
    assert news.rows == ()


def test_the_calendar_s_questions_name_the_permissions_of_its_commands(desks: Desks) -> None:
    for desk in (desks.handler, desks.member, desks.quality):
        with pytest.raises(NotPermitted):
            desk.ask(moved_by, holiday(JUBILEE))
        with pytest.raises(NotPermitted):
            desk.ask(calendar_news, [], source="GOV.UK")
