"""What the dashboard and the forecast stand on: months that are over, services in silence, and who owes what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import BadInput
from core.queries.by_category import OTHERS
from core.queries.dashboard import CHARTED, Period, dashboard
from core.queries.figure_rows import SOURCES
from core.queries.figures import CHOICES, figures
from core.queries.performance import NOBODY, forecast
from core.queries.queue import QueueFilter, queue
from core.rules.showing import AT_THE_END, written
from core.rules.together import OF_NOBODY
from core.store.history import PastStage
from tests.builders import RECEIVED, Story, day
from tests.conftest import Desks
from tests.figures import bring_in, past


def test_months_that_are_over_services_in_silence_and_who_sees_small_numbers(desks: Desks, story: Story) -> None:
    story.record(RECEIVED, service_id=3)
    story.on(day("2026-11-02"))
    found = desks.member.ask(dashboard, Period.quarter(2026, 2))
    assert [*found.months] == [day("2026-09-01")] and {*found.months[day("2026-09-01")]} > {*CHARTED}
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
    answers = [(row.owner, row.act_by) for row in desks.manager.ask(queue, QueueFilter(every=True)).rows]
    assert answers == [("", day("2026-09-14")), ("", day("2026-09-28")), ("Hana Handler", day("2026-09-28"))]
    assert owed[NOBODY][:2] == (0, 1) and owed["Hana Handler"] == (0, 0, 1)
    story.on(day("2026-09-15"))
    assert {each.name: each.late for each in desks.manager.ask(forecast).people}[NOBODY] == 1
    assert desks.manager.ask(forecast).total.late == 1


def test_9_7_what_was_found_stands_by_category_and_beside_the_same_quarter_of_last_year(
    desks: Desks, story: Story
) -> None:
    """Six of bins with spaces about them, four of noise, two of none in summer 2026; one of bins a year before."""
    sent = [("Bins ", "upheld")] * 4 + [("Bins", "resolved")] * 2 + [("Noise", "not_upheld")] * 4 + [("", "upheld")] * 2
    listed = []
    for at, (category, outcome) in enumerate([*sent, ("Bins", "upheld")]):
        year = 2026 if at < len(sent) else 2025
        stage = PastStage(
            received_on=day(f"{year}-07-01"), acknowledged_on=day(f"{year}-07-02"), responded_on=day(f"{year}-07-09"),
            outcome=outcome, handler_id=1,
        )  # fmt: skip
        listed.append(replace(past(at, stage, service_id=1 + at % 2), category=category))
    bring_in(desks.manager, listed)
    story.on(day("2026-11-02"))
    quarter = Period.quarter(2026, 2)
    found = desks.manager.ask(dashboard, quarter)
    bins, none, noise = ("Bins", (4, 0, 0, 2)), ("No category named", (2, 0, 0, 0)), ("Noise", (0, 0, 4, 0))
    assert found.categories == (bins, none, noise)
    assert found.last_year == Period.quarter(2025, 2) and found.year_ago["received"].numerator == 1
    of_one = desks.manager.ask(dashboard, quarter, service_id=1).categories
    assert sum(sum(line) for _name, line in of_one) == 6 and {name for name, _line in of_one} == {
        "Bins",
        "No category named",
        "Noise",
    }
    shown = desks.member.ask(dashboard, quarter)
    assert shown.categories == (bins, (OTHERS, (2, 0, 4, 0)))
    year = desks.manager.ask(dashboard, Period.financial_year(2026))
    assert (year.last_year, year.year_ago) == (None, {}) and year.before["received"].numerator == 1


def test_9_6_a_member_has_quarters_and_years_that_are_over_and_the_years_beside_their_quarters(
    desks: Desks, story: Story
) -> None:
    """Ten, ten, ten and three received: no year, no service and no time under way tells the three."""
    starts = [day("2025-04-01")] * 10 + [day("2025-07-01")] * 10 + [day("2025-10-01")] * 10 + [day("2026-01-05")] * 3
    bring_in(desks.manager, [past(number, stage_of(received)) for number, received in enumerate(starts)])
    year, today = Period.financial_year(2025), day("2026-05-04")
    member, manager = story.on(today).desks.member, story.desks.manager
    found = member.ask(dashboard, year)
    of_quarters = found.quarters[year]
    assert [each["received"].numerator for each in of_quarters] == [10, 10, 10, 3]
    for quarter, each in zip(year.quarters(), of_quarters, strict=True):
        whole = manager.ask(figures, quarter)
        assert each == {key: figure for key, figure in whole.items() if key not in AT_THE_END}
    assert written(found.figures, fewest=5, quarters=of_quarters)["received"] == "not shown"
    assert (found.services, found.categories) == ((), ()) and manager.ask(dashboard, year).services
    assert member.ask(dashboard, Period.quarter(2025, 1)).quarters == {}
    assert {key for each in manager.ask(dashboard, year).quarters[year] for key in each} == {*OF_NOBODY}
    refused = (
        (Period.quarter_with(today), None, "is not over yet"),
        (year, 1, "one service alone"),
        (Period(day("2025-04-01"), day("2025-05-31")), None, "a quarter or a year"),
    )
    for period, service_id, said in refused:
        with pytest.raises(BadInput, match=said):
            member.ask(dashboard, period, service_id=service_id)
        assert manager.ask(dashboard, period, service_id=service_id).fewest is None


def stage_of(received: date) -> PastStage:
    """A stage 1 that was acknowledged and answered within days."""
    later = [received + timedelta(days=days) for days in (1, 8)]
    return PastStage(
        received_on=received, acknowledged_on=later[0], responded_on=later[1], outcome="upheld", handler_id=1
    )


def test_9_6_figures_of_the_last_day_are_those_that_no_day_counts() -> None:
    """So the list of what adds up over quarters cannot drift from what is counted."""
    of_no_day = {key for key, (part, _whole) in CHOICES.items() if SOURCES[part.source].day is None}
    assert of_no_day == {*AT_THE_END}
