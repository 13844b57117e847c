"""The figures of a period: the conventions told again in plain Python, and the cases behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from core.code.figures import FIGURES
from core.commands.matching import LinkCases, UnlinkCases
from core.desk import Desk, Office
from core.errors import BadInput, NotPermitted
from core.model.matches import LinkKind
from core.permissions import Role
from core.queries.extensions import extension_reasons
from core.queries.figures import (
    CHOICES,
    NO_SERVICE,
    Figure,
    Period,
    cases_behind,
    figures,
    figures_by_month,
    figures_by_service,
)
from core.queries.remedy_figures import remedy_figures
from core.rules.facts import Outcome
from core.rules.working_days import WorkingDays
from core.store.history import PastStage
from core.words import share
from tests import ombudsman as at
from tests.builders import RECEIVED, Story, answers, day
from tests.conftest import Desks
from tests.figures import Restated, bring_in, past, some
from tests.people import joined

SUMMER = Period(day("2026-07-01"), day("2026-09-30"))
TWICE = {
    "answers",
    "lengthened",
    "extensions",
    "missed",
    "departures",
    "remedies",
    "remedies_due",
    "payments",
    "own_standards",
    "improvements_made",
}
AUTUMN = Period.quarter(2026, 3)
YEAR = Period.financial_year(2025)


def calendar_of(office: Office) -> WorkingDays:
    """The office's working days."""
    with office.database.reading() as connection:
        return office.calendars(connection).of(False)


def numbers(figure: Figure) -> tuple[int | None, int | None, Decimal | None]:
    """A figure without its name."""
    return figure.numerator, figure.denominator, figure.value


def behind_each(desk: Desk, found: Mapping[str, Figure], period: Period) -> None:
    """Every number is as many cases as can be opened behind it; fewer where one case can stand in it twice."""
    for key, figure in found.items():
        for part, number in (("numerator", figure.numerator), ("denominator", figure.denominator)):
            choice = CHOICES[key][part == "denominator"]
            if choice is None or FIGURES[key].kind in ("mean", "median", "pence") and part == "numerator":
                continue
            opened = len(desk.ask(cases_behind, key, period, part=part))
            twice = choice.source in TWICE and "stage" not in choice.facets
            assert (opened == number) or (twice and 0 < opened < number), (key, part)


def test_every_figure_of_the_catalogue_is_counted_and_no_other() -> None:
    assert set(CHOICES) == set(FIGURES)
    assert [key for key, (_part, whole) in CHOICES.items() if (whole is None) != (FIGURES[key].denominator == "")] == []


def test_figures_are_what_plain_python_counts_from_the_same_histories(
    office: Office, desks: Desks, story: Story
) -> None:
    """Old records, seeded: the year, two quarters, a service, and the period that is under way."""
    today = day("2026-08-12")
    calendar = calendar_of(office)
    listed = [*some(Random(7), 240, calendar=calendar, today=today)]
    bring_in(story.on(today).desks.manager, listed)
    for period in (
        YEAR,
        Period.quarter(2025, 1),
        Period.quarter(2026, 2),
        Period(day("2025-05-07"), day("2025-05-20")),
    ):
        found = desks.member.ask(figures, period)
        told = Restated(listed, calendar, period, today).all()
        assert {key: numbers(found[key]) for key in told} == told, period
    for service_id in (1, 2, 3):
        own = [each for each in listed if each.service_id == service_id]
        told = Restated(own, calendar, YEAR, today).all()
        found = desks.member.ask(figures, YEAR, service_id=service_id)
        assert {key: numbers(found[key]) for key in told} == told, service_id
    whole = desks.member.ask(figures, YEAR)
    parts = desks.member.ask(figures_by_service, YEAR)
    assert set(parts) == {NO_SERVICE, 1, 2, 3}
    assert {key: numbers(each) for key, each in parts[2].items()} == {
        key: numbers(each) for key, each in desks.member.ask(figures, YEAR, service_id=2).items()
    }
    for key, figure in whole.items():
        if FIGURES[key].kind in ("count", "share"):
            assert sum(each[key].numerator or 0 for each in parts.values()) == figure.numerator, key
    months = desks.member.ask(figures_by_month, YEAR)
    assert [*months][0::11] == [day("2025-04-01"), day("2026-03-01")]
    assert sum(month["late_one"].numerator or 0 for month in months.values()) == whole["late_one"].numerator
    late = desks.member.ask(figures_by_month, YEAR, ids=("late_one",))
    assert all({*each} == {"late_one"} and each["late_one"] == months[key]["late_one"] for key, each in late.items())
    behind_each(desks.manager, whole, YEAR)


def test_a_published_table_of_counts_comes_back_weighted_and_not_averaged(desks: Desks, story: Story) -> None:
    """Eight subjects, 74.0 % in time in all, where the mean of their percentages would say 71."""
    table = ((12, 7), (48, 37), (20, 14), (40, 22), (25, 13), (48, 43), (40, 36), (25, 19))
    assert round(sum(100 * kept / all_ for all_, kept in table) / len(table)) == 71
    in_time = {"received_on": day("2026-02-02"), "acknowledged_on": day("2026-02-04"), "handler_id": 1}
    kept = PastStage(**in_time, responded_on=day("2026-02-11"), outcome=Outcome.NOT_UPHELD.value)
    late = PastStage(**in_time, responded_on=day("2026-03-11"), outcome=Outcome.UPHELD.value)
    rows = [stage for all_, good in table for stage in [kept] * good + [late] * (all_ - good)]
    bring_in(desks.manager, [past(number, stage) for number, stage in enumerate(rows)])
    found = desks.member.ask(figures, YEAR)
    assert numbers(found["in_target_one"]) == (191, 258, Decimal("74.0"))
    assert numbers(found["late_one"]) == (67, 258, Decimal("26.0"))
    assert numbers(found["upheld_one"]) == (67, 258, Decimal("26.0"))
    assert numbers(found["not_upheld_one"]) == (191, 258, Decimal("74.0"))
    assert numbers(found["days_median_one"]) == (None, 258, Decimal("7.0"))
    assert numbers(found["acknowledged_in_time_one"]) == (258, 258, Decimal("100.0"))
    assert numbers(found["over_twelve_weeks"]) == (0, None, Decimal(0))
    assert numbers(found["in_target_two"]) == (0, 0, None)
    assert share(0, 0) == "n/a (0 of 0)" and share(17, 21) == "81.0 % (17 of 21)"


def test_a_life_in_full_is_in_every_figure_it_belongs_to(desks: Desks, story: Story) -> None:
    """Escalated and overturned, extended, refused, withdrawn, routed away: each where the conventions put it."""
    story.respond(story.acknowledged(), answers=answers(outcome=Outcome.NOT_UPHELD))
    overturned = f"C-2026-{1:06d}"
    story.open_two(overturned)
    story.assign_two(overturned)
    story.acknowledge_two(overturned)
    story.respond_final(overturned, answers=answers(outcome=Outcome.UPHELD), **story.teaches())
    story.withdraw(story.record())
    story.turn_away(story.record())
    story.route(story.acknowledged())
    extended = story.acknowledged()
    story.extend(extended, told=day("2026-09-24"))
    story.respond(extended, on=day("2026-10-02"))
    story.improvement(overturned)
    story.on(day("2026-11-02"))
    found = desks.member.ask(figures, Period(SUMMER.start, AUTUMN.end))
    told = {key: (each.numerator, each.denominator) for key, each in found.items()}
    assert told["received"] == (4, None)
    assert told["acknowledged_in_time_one"] == (2, 2)
    assert (told["in_target_one"], told["in_extension_one"], told["late_one"]) == ((1, 2), (1, 2), (0, 2))
    assert told["escalated"] == (1, 2) and told["overturned"] == (1, 1) and told["upheld_two"] == (1, 1)
    assert told["extended"] == (1, 3) and told["extended_beyond"] == (0, 3)
    assert told["extension_days_mean"] == (6, 1) and told["extension_details"] == (1, 1)
    assert told["refused"] == (1, 4) and told["refused_start"] == (1, None)
    assert told["learning_identified"] == (1, 2) and told["improvements_identified"] == (1, None)
    behind_each(desks.manager, found, Period(SUMMER.start, AUTUMN.end))
    assert desks.manager.ask(cases_behind, "overturned", AUTUMN) == (overturned,)


def test_an_open_complaint_is_late_only_once_its_day_has_passed(desks: Desks, story: Story) -> None:
    """Due in the period and not done: counted from the day after, and a date not yet reached counts nowhere."""
    story.record(RECEIVED)
    for today, expected in ((day("2026-09-14"), (0, 0)), (day("2026-09-15"), (0, 1))):
        story.on(today)
        figure = desks.member.ask(figures, SUMMER)["acknowledged_in_time_one"]
        assert (figure.numerator, figure.denominator) == expected
    missed = desks.member.ask(figures, SUMMER)
    assert missed["breaches"].numerator == 1 and numbers(missed["breaches_unexplained"])[:2] == (1, 1)


def test_what_was_open_for_long_is_seen_as_at_the_end_of_its_period(desks: Desks, story: Story) -> None:
    """Twelve weeks and a day later it counts; once it is answered, the earlier period still says so."""
    reference = story.acknowledged()
    twelve = RECEIVED + timedelta(weeks=12)
    story.on(twelve - timedelta(days=1))
    assert desks.member.ask(figures, AUTUMN)["over_twelve_weeks"].numerator == 0
    assert desks.member.ask(figures, AUTUMN)["over_eight_weeks"].numerator == 1
    story.on(twelve)
    assert desks.member.ask(figures, AUTUMN)["over_twelve_weeks"].numerator == 1
    story.respond(reference, on=day("2026-12-10"), good_reason="The crew was away.")
    assert desks.member.ask(figures, AUTUMN)["over_twelve_weeks"].numerator == 0
    november = Period(day("2026-11-01"), day("2026-11-30"))
    assert desks.member.ask(figures, november)["over_twelve_weeks"].numerator == 1
    assert desks.manager.ask(cases_behind, "over_twelve_weeks", november) == (reference,)


def test_money_and_remedies_are_those_of_the_page_of_remedies(desks: Desks, story: Story) -> None:
    reference = story.acknowledged()
    story.offer(reference)
    found = desks.member.ask(figures, SUMMER)
    other = desks.member.ask(remedy_figures, since=SUMMER.start, until=SUMMER.end)
    assert found["remedies_offered"].numerator == other.count == 1
    assert found["pence_offered"].numerator == other.offered.pence
    assert found["pence_paid"].numerator == other.paid.pence
    assert numbers(found["remedy_actions_in_time"])[:2] == (other.in_time, other.due)
    assert numbers(found["first_offered_late"])[:2] == (other.later_first, other.cases)


def test_what_an_ombudsman_decided_counts_of_what_is_recorded_here(desks: Desks, story: Story) -> None:
    """Investigated of decided, upheld of investigated, put right before of upheld, complied of what came due."""
    fault, fine, closed = (story.acknowledged() for _ in range(3))
    decided = day("2026-11-02")
    upheld = at.enquiry(story, fault, on=day("2026-10-05"))
    at.decide(story, upheld, decided, remedy_before=True)
    at.decide(story, at.enquiry(story, fine, on=day("2026-10-05")), decided, outcome="lgsco_not_upheld")
    at.decide(story, at.enquiry(story, closed, on=day("2026-10-05")), decided, outcome="lgsco_closed")
    at.decide(story, at.enquiry(story, on=day("2026-10-05")), decided)  # never recorded here
    for due_on in (day("2026-11-16"), day("2026-11-23"), day("2026-12-14")):
        at.recommend(story, upheld, on=decided, what="Say sorry.", due_on=due_on)
    at.comply(story, at.last_id(story, "recommendation") - 2, day("2026-11-20"))
    story.on(day("2026-11-27"))
    found = desks.member.ask(figures, AUTUMN)
    told = {key: numbers(found[key])[:2] for key in found if FIGURES[key].number in range(20, 24)}
    assert told == {
        "ombudsman_decided": (3, None),
        "ombudsman_investigated": (2, 3),
        "ombudsman_upheld": (1, 2),
        "recommendations_complied": (1, 2),
        "remedied_before": (1, 1),
    }
    assert desks.manager.ask(cases_behind, "ombudsman_upheld", AUTUMN) == (fault,)


def test_a_confidential_complaint_counts_and_is_listed_to_the_people_named_alone(desks: Desks, story: Story) -> None:
    """A figure is the same whoever asks; the list is each person's own [lgsco:5.8]."""
    reference = story.record()
    manager = joined(story.office, "Mia Manager", Role.MANAGER)
    story.keep_confidential(reference, manager)
    assert desks.manager.ask(figures, SUMMER)["received"].numerator == 1
    assert desks.manager.ask(cases_behind, "received", SUMMER) == ()
    assert Desk(story.office, manager.actor).ask(cases_behind, "received", SUMMER) == (reference,)


def test_linked_and_split_complaints_count_once_each_as_they_were_received(desks: Desks, story: Story) -> None:
    """A link merges nothing: a duplicate stays a complaint received, and so does what was split off [lgsco:6.9]."""
    one, twin, other = story.record(), story.record(), story.acknowledged()
    desks.handler.do(LinkCases(reference=one, other=twin, kind=LinkKind.SAME_MATTER))
    desks.handler.do(LinkCases(reference=one, other=other, kind=LinkKind.GROUP))
    assert desks.manager.ask(figures, SUMMER)["received"].numerator == 3
    split = story.split(other)
    assert desks.manager.ask(figures, SUMMER)["received"].numerator == 4
    assert set(desks.manager.ask(cases_behind, "received", SUMMER)) == {one, twin, other, split}
    desks.handler.do(UnlinkCases(reference=one, other=twin, why="Another street."))
    assert desks.manager.ask(figures, SUMMER)["received"].numerator == 4


def test_a_member_opens_no_case_and_a_wrong_address_is_answered(desks: Desks) -> None:
    with pytest.raises(NotPermitted):
        desks.member.ask(cases_behind, "received", SUMMER)
    with pytest.raises(BadInput, match="no such figure"):
        desks.manager.ask(cases_behind, "nobodys", SUMMER)
    with pytest.raises(BadInput, match="plain count"):
        desks.manager.ask(cases_behind, "received", SUMMER, part="denominator")


def test_nothing_recorded_is_nothing_counted_and_no_share(desks: Desks) -> None:
    found = desks.member.ask(figures, Period.financial_year(2024))
    assert {each.numerator for key, each in found.items() if FIGURES[key].kind != "median"} == {0}
    assert {each.value for key, each in found.items() if FIGURES[key].kind not in ("count", "pence")} == {None}
    assert isinstance(SUMMER.start, date)


def test_6_4_the_reasons_of_extensions_are_counted_in_the_words_they_were_given(desks: Desks, story: Story) -> None:
    """Twice one reason, once told without the Ombudsman's details, and an old record that says nothing of them."""
    first, second, third = story.acknowledged(), story.acknowledged(), story.acknowledged()
    story.extend(first)
    story.extend(second, reason=" A crew is away. ", ombudsman_told=False, good_reason="The letter lacked it.")
    story.extend(third, reason="The records are elsewhere.")
    stage = PastStage(
        received_on=day("2026-08-03"), acknowledged_on=day("2026-08-04"), responded_on=day("2026-08-24"),
        extended_to=day("2026-08-10"), extension_told_on=day("2026-08-12"), outcome="upheld", handler_id=1,
    )  # fmt: skip
    bring_in(desks.manager, [past(1, stage)])
    found = desks.manager.ask(extension_reasons, SUMMER)
    assert [(each.reason, each.given, each.beyond, each.without) for each in found] == [
        ("A crew is away.", 2, 0, 1), ("", 1, 0, 0), ("The records are elsewhere.", 1, 0, 0),
    ]  # fmt: skip
    assert found[0].latest == second
    summer = desks.member.ask(figures, SUMMER)
    assert numbers(summer["extension_details"])[:2] == (2, 3)
    assert numbers(summer["extension_days_mean"]) == (0, 1, Decimal("0.0")), "a new date before the due day is no wait"
    assert desks.manager.ask(cases_behind, "extension_details", SUMMER) == (first, third)
    assert desks.manager.ask(extension_reasons, YEAR) == ()
