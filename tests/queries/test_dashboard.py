"""What the dashboard and the forecast stand on: months that are over, services in silence, and who owes what."""

from __future__ import annotations

from core.queries.dashboard import CHARTED, Period, dashboard
from core.queries.performance import NOBODY, forecast
from tests.builders import RECEIVED, Story, day
from tests.conftest import Desks


def test_months_that_are_over_services_in_silence_and_who_sees_small_numbers(desks: Desks, story: Story) -> None:
    story.record(RECEIVED, service_id=3)
    story.on(day("2026-11-02"))
    found = desks.member.ask(dashboard, Period.quarter(2026, 2))
    assert [*found.months] == [day("2026-09-01")] and {*found.months[day("2026-09-01")]} == {*CHARTED}
    assert found.silent == ("Housing repairs", "Waste and recycling")
    assert (found.figures["received"].numerator, found.before["received"].numerator) == (1, 0)
    assert (found.fewest, desks.manager.ask(dashboard, Period.quarter(2026, 2)).fewest) == (5, None)
    later = story.on(day("2027-09-08")).desks.quality.ask(dashboard, Period.financial_year(2027))
    assert later.silent == ("Housing repairs", "Parking", "Waste and recycling")
    assert len(later.months) == 12 and [*later.months][-1] == day("2027-08-01")


def test_what_falls_due_stands_by_week_and_person(desks: Desks, story: Story) -> None:
    """Acknowledge by Monday 14 September; the answer by Monday 28th once it is acknowledged."""
    story.record(RECEIVED)
    story.assign(story.acknowledged())
    story.on(day("2026-09-14"))
    found = desks.manager.ask(forecast)
    assert found.weeks == (day("2026-09-14"), day("2026-09-21"), day("2026-09-28"), day("2026-10-05"))
    owed = {each.name: (each.late, *each.weeks[:1], each.weeks[2]) for each in found.people}
    assert owed[NOBODY][:2] == (0, 1) and owed["Hana Handler"] == (0, 0, 1)
    story.on(day("2026-09-15"))
    assert {each.name: each.late for each in desks.manager.ask(forecast).people}[NOBODY] == 1
    assert desks.manager.ask(forecast).total.late == 1
