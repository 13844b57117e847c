"""The Member dashboard and Performance: words at the top, numbers that open their cases, and no case for a Member."""

from __future__ import annotations

import json
from datetime import timedelta

import altair
import pytest

from app.ui.filters import filter_of
from core.permissions import Role
from core.queries.dashboard import behind, dashboard
from core.queries.performance import forecast
from core.queries.queue import queue_counts
from core.rules.periods import Period
from core.rules.working_days import months_after
from core.store.history import PastStage
from core.words import month_words
from tests.figures import bring_in, past
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import field, words


def this_year(council: Council) -> str:
    """The financial year under way, as an address has it."""
    return str(Period.year_with(council.today).start.year)


def test_9_6_a_member_sees_figures_and_neither_a_case_nor_a_link_to_one(council: Council, open_page: Open) -> None:
    at = open_page("dashboard", Role.MEMBER)
    said = words(at)
    assert "omplaints received" in said
    assert "C-20" not in said and "/behind" not in said and "/case" not in said
    assert "read “fewer than 5”" in said and "fewer than 5" in said
    assert "Too early to tell" in said or "Not shown by month" in said or "No complaint" in said
    assert "More complaints are not worse" in said


def test_8_1_each_number_of_the_manager_s_opens_as_many_cases_as_it_says(council: Council, open_page: Open) -> None:
    year = this_year(council)
    said = words(open_page("dashboard", Role.MANAGER, period=year))
    found = council.desk(Role.MANAGER).ask(dashboard, Period.financial_year(int(year)))
    count = found.figures["received"].numerator
    assert count and f"[{count}](/behind?figure=received&part=numerator&period={year}" in said
    listed = words(open_page("behind", Role.MANAGER, figure="received", period=year))
    assert f"{count} cases, each listed once" in listed and listed.count("C-20") >= count


@pytest.mark.parametrize(
    ("query", "sentence"), [({}, "is not over yet"), ({"service": "1"}, "one service alone are not shown")]
)
def test_9_6_a_member_is_told_what_to_choose_instead_of_a_time_under_way_or_one_service(
    council: Council, open_page: Open, query: dict[str, str], sentence: str
) -> None:
    at = open_page("dashboard", Role.MEMBER, **({"period": this_year(council)} | query))
    said = words(at)
    assert sentence in said and "Choose" in said
    (periods,) = [each for each in at.selectbox if each.label == "Period"]
    assert not any("under way" in each for each in periods.options)
    assert not [each for each in at.selectbox if each.label == "Service"]


def test_a_member_opens_no_list_behind_a_number(council: Council, open_page: Open) -> None:
    said = words(open_page("behind", Role.MEMBER, figure="received", period=this_year(council)))
    assert "Your role does not open cases" in said and "C-20" not in said


@pytest.mark.parametrize(
    ("page", "query", "sentence"),
    [
        ("dashboard", {"period": "2026-q9"}, "There is no such period"),
        ("dashboard", {"service": "²"}, "There is no such service"),
        ("dashboard", {"period": "0001"}, "no year with figures"),
        ("behind", {"figure": "nobodys"}, "That link is damaged"),
        ("behind", {"figure": "received", "part": "denominator"}, "plain count"),
        ("my_cases", {"due": "2026-02-30"}, "asks for a week there is not"),
        ("my_cases", {"due": "9999-12-31"}, "asks for a week there is not"),
        ("my_cases", {"steps": "some"}, "asks for steps in a way"),
        ("behind", {}, "Open a number on the Member dashboard"),
    ],
)
def test_an_address_changed_by_hand_is_a_sentence(
    council: Council, open_page: Open, page: str, query: dict[str, str], sentence: str
) -> None:
    assert sentence in words(open_page(page, Role.MANAGER, **query))


def test_3_3_services_nobody_complained_about_are_named(quiet_council: Council, open_page: Open) -> None:
    said = words(open_page("dashboard", Role.MEMBER))
    assert "0 complaints received" in said
    assert "Check access:" in said and "Waste and recycling" in said
    assert "No complaint was answered at stage 1" in said


def test_the_manager_sees_what_is_late_what_falls_due_and_whose_it_is(council: Council, open_page: Open) -> None:
    said = words(open_page("performance", Role.MANAGER))
    assert "overdue" in said and "due=late" in said
    assert "| Who | Late already |" in said and "| Everybody |" in said
    assert "Missed without a recorded reason" in said
    late = council.desk(Role.MANAGER).ask(forecast).total.late
    assert late and f"| Everybody | [{late:,}](/my-cases?whose=all&due=late&steps=all" in said


def test_each_number_of_what_falls_due_opens_as_many_steps_as_it_says(council: Council, open_page: Open) -> None:
    """Every number of the forecast by the filter of its link; the fullest person's by the page itself."""
    desk = council.desk(Role.MANAGER)
    ahead = desk.ask(forecast)
    lines = [*((str(each.id) if each.id else "nobody", each) for each in ahead.people), ("all", ahead.total)]
    for whose, each in lines:
        for due, number in (("late", each.late), *zip(map(str, ahead.weeks), each.weeks, strict=True)):
            asked = filter_of({"whose": whose, "due": due, "steps": "all"}, desk)
            assert desk.ask(queue_counts, asked).total == number, (whose, due)
    fullest, week = next((each, at) for each in ahead.people for at in range(4) if each.id and each.weeks[at])
    first = ahead.weeks[week]
    listed = open_page("my_cases", Role.MANAGER, whose=str(fullest.id), due=str(first), steps="all")
    assert f"**{fullest.weeks[week]:,} open dut" in words(listed)
    assert field(listed, "selectbox", "When").value == str(first)


def test_an_empty_council_s_manager_is_told_that_nothing_falls_due(quiet_council: Council, open_page: Open) -> None:
    said = words(open_page("performance", Role.MANAGER))
    assert "Nothing falls due" in said and "No extension was told in this year so far" in said
    assert quiet_council.desk(Role.MANAGER).ask(behind, "received", Period.financial_year(2026)).count == 0


def test_6_4_an_extension_s_reason_stands_in_a_table_and_its_length_opens_its_case(
    quiet_council: Council, open_page: Open
) -> None:
    today = quiet_council.today
    stage = PastStage(
        received_on=today, acknowledged_on=today, responded_on=today, extended_to=today + timedelta(days=42),
        extension_told_on=today, extension_reason="Crew | [away](x)", outcome="upheld", handler_id=1,
    )  # fmt: skip
    bring_in(quiet_council.desk(Role.MANAGER), [past(1, stage)])
    said = words(open_page("performance", Role.MANAGER))
    assert "Average working days of extension" in said and "figure=extension_days_mean&part=denominator" in said
    assert "| Crew | [away](x) | 1 | 0 | 0 | [C-20" in said


def past_months(council: Council) -> None:
    """Eight old complaints in each of fourteen months up to the last quarter that is over, and thirty in the last."""
    listed = []
    first = Period.quarter_with(council.today).start
    for back in range(1, 15):
        month = months_after(first, -back)
        for at in range(30 if back == 1 else 8):
            received = month + timedelta(days=at % 5)
            stage = PastStage(
                received_on=received, acknowledged_on=received + timedelta(days=1), handler_id=1,
                responded_on=min(received + timedelta(days=8), council.today), outcome="upheld",
            )  # fmt: skip
            listed.append(past(len(listed), stage, service_id=1 + at % 2))
    bring_in(council.desk(Role.MANAGER), listed)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MANAGER])
def test_9_7_a_chart_says_its_signal_in_words_and_has_a_table_beside_it(
    quiet_council: Council, open_page: Open, role: Role
) -> None:
    """Thirty where eight are usual is named; the chart is one that Vega-Lite takes, with words in place of it."""
    past_months(quiet_council)
    last = months_after(Period.quarter_with(quiet_council.today).start, -1)
    at = open_page("dashboard", role)
    said = words(at)
    assert f"{month_words(last)} is above what is usual: 30" in said
    assert "Nothing more than usual variation." in said
    assert "| Service | Upheld |" in said and "| All |" in said and "| Category | Upheld |" in said
    assert "| No category named |" in said and "100.0 % (" in said
    charts = at.get("vega_lite_chart")
    assert len(charts) >= 3
    for each in charts:
        spec = json.loads(each.proto.spec)
        values = [{"month": "2026-01", "value": 1, "lower": 0, "upper": 2, "average": 1, "how": "as usual"}]
        altair.LayerChart.from_dict({**spec, "data": {"values": values}}).to_dict()
    assert "The same as a table" in {each.label for each in at.expander}
    assert f"| {month_words(last)} | 30 | " in said
