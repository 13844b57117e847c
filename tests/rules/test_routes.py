"""The clocks of the routes elsewhere, by the tables of requirements b3: each scheme keeps its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.code.catalogue import ROUTES, SCHEMES, DayOff
from core.code.policy import CODE_POLICY
from core.errors import CalendarEnds
from core.rules import routes
from core.rules.duties import TITLES, Duty, duties_of
from core.rules.facts import CaseFacts, Ending, RouteFacts, StageFacts, StageNumber, Standing, Taken
from core.rules.routes import Reached, begun, clocks_of, latest_put_off, next_clock, steps_before
from core.rules.working_days import Holiday, WorkingDays
from tests.rules.calendars import bank_holidays, published

MON = date(2026, 9, 7)


def on(text: str) -> date:
    return date.fromisoformat(text)


def facts(scheme: str, received_on: date = MON, *, aware: date | None = None, **steps: object) -> RouteFacts:
    """A route with its steps, each a date or a date and the later day agreed."""
    taken = {
        key: Taken(on=on(said)) if isinstance(said, str) else Taken(on=on(said[0]), until=on(said[1]))  # type: ignore[index]
        for key, said in steps.items()
    }
    return RouteFacts(scheme=scheme, received_on=received_on, issue_or_awareness=aware, steps=taken)


def clock(key: str, given: RouteFacts, calendar: WorkingDays | None = None) -> Reached:
    """One clock of a route as it stands."""
    found = {each.clock.key: each for each in clocks_of(given, calendar=calendar or published())}
    return found[key]


# ------------------------------------------------------------------------------------------------------- their periods


@pytest.mark.parametrize(
    ("scheme", "key", "received", "due"),
    [
        # Public health: six months that begin on the day of receipt.
        ("public_health", "health_respond", "2026-01-15", "2026-07-14"),
        ("public_health", "health_respond", "2026-03-01", "2026-08-31"),
        ("public_health", "health_respond", "2026-08-31", "2027-02-28"),
        ("public_health", "health_respond", "2027-08-31", "2028-02-29"),
        ("public_health", "health_respond", "2027-08-29", "2028-02-28"),
        # Adult social care: three working days, six months, neither counting the day itself.
        ("adult_statutory", "adult_acknowledge", "2026-09-07", "2026-09-10"),
        ("adult_statutory", "adult_acknowledge", "2026-04-02", "2026-04-09"),
        ("adult_statutory", "adult_respond", "2026-01-15", "2026-07-15"),
        ("adult_statutory", "adult_respond", "2026-08-31", "2027-02-28"),
        # Data protection: thirty calendar days, the last of which rolls to a working day.
        ("data_protection", "data_acknowledge", "2026-09-07", "2026-10-07"),
        ("data_protection", "data_acknowledge", "2026-09-03", "2026-10-05"),
        ("data_protection", "data_acknowledge", "2026-11-25", "2026-12-29"),
        # Children: ten working days, over the May bank holiday.
        ("children_statutory", "child_respond_one", "2026-09-07", "2026-09-21"),
        ("children_statutory", "child_respond_one", "2026-04-27", "2026-05-12"),
        ("children_statutory", "child_respond_one", "2026-12-21", "2027-01-07"),
        # Eight weeks to the day.
        ("financial_firm", "firm_respond", "2026-09-07", "2026-11-02"),
        ("legal_services", "legal_respond", "2026-09-09", "2026-11-04"),
    ],
)
def test_using_5_each_route_counts_by_its_own_law(scheme: str, key: str, received: str, due: str) -> None:
    """Requirements b3, by name [lgsco:using.5]."""
    reached = clock(key, facts(scheme, on(received)))
    assert (reached.start_on, reached.due_on) == (on(received), on(due))
    assert reached.standing is Standing.OPEN


def test_children_every_clock_of_the_three_stages() -> None:
    """10 (+10), 20 to ask, 25 and 65, panel 30, 5 and 15 working days, each from its own event."""
    given = facts(
        "children_statutory", MON, stage_one_answered="2026-09-18", stage_two_requested="2026-10-01",
        stage_two_agreed="2026-10-12", stage_two_answered="2026-11-02", panel_requested="2026-11-05",
        panel_met="2026-12-10", panel_reported="2026-12-16",
    )  # fmt: skip
    due = {each.clock.key: each.due_on for each in clocks_of(given, calendar=published())}
    assert due == {
        "child_respond_one": on("2026-09-21"),
        "child_extend_one": on("2026-10-05"),
        "child_ask_two": on("2026-10-16"),
        "child_respond_two": on("2026-11-05"),
        "child_respond_two_at_most": on("2027-01-05"),
        "child_panel_meets": on("2026-12-17"),
        "child_panel_reports": on("2026-12-17"),
        "child_reply_to_panel": on("2027-01-11"),
    }


def test_a_clock_whose_event_has_not_happened_is_not_yet() -> None:
    reached = clock("child_respond_two", facts("children_statutory"))
    assert (reached.start_on, reached.due_on, reached.act_by, reached.standing) == (None, None, None, None)


def test_what_bounds_others_is_counted_and_owed_by_nobody() -> None:
    """How long they have to ask, how old the matter may be: dates without a standing."""
    given = facts("adult_statutory", aware=on("2025-11-30"))
    limit = clock("adult_accept_within", given)
    assert (limit.due_on, limit.standing) == (on("2026-11-30"), None)
    assert clock("adult_accept_within", facts("adult_statutory")).due_on is None


# -------------------------------------------------------------------------------------------------------- two readings


def test_data_protection_shows_both_readings_and_is_acted_on_by_the_earlier() -> None:
    """Counting the day of receipt is a day less; late is only what is late by the clock's own reading."""
    given = facts("data_protection", MON)
    reached = clock("data_acknowledge", given)
    assert (reached.due_on, reached.other_on, reached.act_by) == (on("2026-10-07"), on("2026-10-06"), on("2026-10-06"))
    for met, standing in (("2026-10-06", "in_time"), ("2026-10-07", "in_time"), ("2026-10-08", "late")):
        assert clock("data_acknowledge", facts("data_protection", acknowledged=met)).standing == standing


def test_both_readings_roll_and_may_come_to_the_same_day() -> None:
    """Received on a Thursday: day 30 is a Saturday, day 29 a Friday."""
    reached = clock("data_acknowledge", facts("data_protection", on("2026-09-03")))
    assert (reached.due_on, reached.other_on) == (on("2026-10-05"), on("2026-10-02"))
    reached = clock("data_acknowledge", facts("data_protection", on("2026-09-04")))
    assert (reached.due_on, reached.other_on) == (on("2026-10-05"), on("2026-10-05"))


def test_children_stage_two_from_the_request_or_from_the_agreement() -> None:
    given = facts("children_statutory", stage_two_requested="2026-10-01", stage_two_agreed="2026-10-12")
    reached = clock("child_respond_two", given)
    assert (reached.due_on, reached.other_on, reached.act_by) == (on("2026-11-05"), on("2026-11-16"), on("2026-11-05"))
    alone = clock("child_respond_two", facts("children_statutory", stage_two_agreed="2026-10-12"))
    assert (alone.start_on, alone.due_on, alone.act_by) == (None, None, on("2026-11-16"))
    assert alone.standing is None


# --------------------------------------------------------------------------------------------------- put off, and ended


@pytest.mark.parametrize(
    ("steps", "act_by", "standing"),
    [
        ({}, "2026-09-21", "open"),
        ({"stage_one_extended": "2026-09-21"}, "2026-10-05", "open"),
        ({"stage_one_extended": ("2026-09-18", "2026-09-28")}, "2026-09-28", "open"),
        ({"stage_one_extended": "2026-09-22"}, "2026-09-21", "open"),
        ({"stage_one_extended": "2026-09-21", "stage_one_answered": "2026-10-05"}, "2026-10-05", "extended"),
        ({"stage_one_extended": "2026-09-21", "stage_one_answered": "2026-10-06"}, "2026-10-05", "late"),
        ({"stage_one_extended": "2026-09-22", "stage_one_answered": "2026-10-05"}, "2026-09-21", "late"),
        ({"stage_one_extended": "2026-09-18", "stage_one_answered": "2026-09-21"}, "2026-10-05", "in_time"),
        ({"stage_two_requested": "2026-09-21"}, "2026-09-21", "void"),
        ({"stage_two_requested": "2026-09-22"}, "2026-09-21", "late"),
        ({"closed": "2026-09-08"}, "2026-09-21", "void"),
        ({"closed": "2026-09-22"}, "2026-09-21", "late"),
    ],
)
def test_children_stage_one_in_time_put_off_late_or_overtaken(
    steps: dict[str, object], act_by: str, standing: str
) -> None:
    """More time counts only when it is told while the clock still runs."""
    reached = clock("child_respond_one", facts("children_statutory", **steps))
    assert (reached.act_by, reached.standing) == (on(act_by), standing)


def test_an_agreement_moves_what_has_no_limit_and_nothing_without_its_day() -> None:
    """Public health: longer is agreed before the six months end."""
    agreed = facts("public_health", on("2026-01-15"), longer_agreed=("2026-07-14", "2026-09-30"))
    assert clock("health_respond", agreed).act_by == on("2026-09-30")
    late = facts("public_health", on("2026-01-15"), longer_agreed=("2026-07-15", "2026-09-30"))
    assert clock("health_respond", late).act_by == on("2026-07-14")
    bare = facts("public_health", on("2026-01-15"), longer_agreed="2026-07-14")
    assert clock("health_respond", bare).put_off_to is None


def test_the_latest_day_is_the_laws_where_it_sets_one() -> None:
    children, health = facts("children_statutory"), facts("public_health")
    one = SCHEMES["children_statutory"].clocks[0]
    assert latest_put_off(one, children, calendar=published()) == on("2026-10-05")
    assert latest_put_off(SCHEMES["public_health"].clocks[0], health, calendar=published()) is None


def test_one_letter_may_acknowledge_and_answer() -> None:
    assert clock("adult_acknowledge", facts("adult_statutory", answered="2026-09-10")).standing is Standing.IN_TIME
    assert clock("adult_respond", facts("adult_statutory", delay_explained="2027-03-08")).standing is Standing.LATE
    both = clock("adult_acknowledge", facts("adult_statutory", acknowledged="2026-09-09", answered="2026-09-11"))
    assert (both.standing, both.met_on) == (Standing.IN_TIME, on("2026-09-09"))


def test_the_next_clock_is_the_nearest_still_open() -> None:
    given = facts("adult_statutory", acknowledged="2026-09-08")
    found = next_clock(clocks_of(given, calendar=published()))
    assert found is not None
    assert found.clock.key == "adult_respond"
    assert next_clock(clocks_of(facts("adult_statutory", answered="2026-09-08"), calendar=published())) is None
    assert next_clock(()) is None
    nearest = next_clock(clocks_of(facts("adult_statutory"), calendar=published())[::-1])
    assert nearest is not None and nearest.clock.key == "adult_acknowledge", "in whatever order they come"


def test_a_step_names_what_has_to_come_before_it() -> None:
    children = SCHEMES["children_statutory"]
    assert [step.key for step in steps_before(children, "panel_met")] == ["panel_requested"]
    assert [step.key for step in steps_before(children, "stage_two_answered")] == ["stage_two_requested"]
    assert steps_before(SCHEMES["adult_statutory"], "answered") == ()


# ------------------------------------------------------------------------------------------------------------ calendar


def test_a_route_leaves_out_its_own_days_off_and_no_closure_day_of_the_council(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxing Day is left out by name, even where no list of bank holidays has it; a closure day of ours counts."""
    without = [each for each in bank_holidays() if (each.on.month, each.on.day) != (12, 26)]
    closed = Holiday(on=on("2025-12-22"), name="Closed", kind="closure")
    calendar = WorkingDays.of([*without, closed], first=on("2025-01-01"), last=on("2026-12-31"), version="t")
    assert calendar.is_working(on("2025-12-26"))
    given = facts("children_statutory", on("2025-12-15"))
    assert clock("child_respond_one", given, calendar).due_on == on("2025-12-31")
    adult = facts("adult_statutory", on("2025-12-23"))
    assert clock("adult_acknowledge", adult, calendar).due_on == on("2025-12-29")
    assert SCHEMES["children_statutory"].extra_days_off == (DayOff(name="Boxing Day", month=12, day=26),)


@pytest.mark.parametrize(
    ("scheme", "received"),
    [("children_statutory", "2028-12-20"), ("public_health", "2028-09-01"), ("data_protection", "2028-12-15")],
)
def test_using_5_a_year_without_published_holidays_is_refused(scheme: str, received: str) -> None:
    """Nothing is guessed, not even where no working day is counted: how near the date is could not be said."""
    with pytest.raises(CalendarEnds, match="2028"):
        clocks_of(facts(scheme, on(received)), calendar=published())


def test_an_inclusive_clock_in_weeks_and_in_working_days_ends_a_day_earlier() -> None:
    """No route of today counts so; the data may say it tomorrow."""
    working, weeks = SCHEMES["children_statutory"].clocks[0], SCHEMES["legal_services"].clocks[0]
    calendar = published()
    for each, start, ends in (
        (working, MON, "2026-09-18"),
        (working, on("2026-09-05"), "2026-09-18"),
        (weeks, MON, "2026-11-01"),
    ):
        counted = routes._last_day(replace(each, inclusive=True), start, inclusive=True, days=calendar)
        assert counted == on(ends)


# -------------------------------------------------------------------------------------------------------------- duties


def routed(given: RouteFacts, *, two: bool = False) -> CaseFacts:
    one = StageFacts(number=StageNumber.ONE, received_on=MON, logged_on=MON, acknowledged_on=on("2026-09-30"))
    second = StageFacts(number=StageNumber.TWO, received_on=on("2026-10-05")) if two else None
    return CaseFacts(one=one, two=second, ending=Ending.ROUTED, ended_on=on("2026-10-06"), route=given)


def test_using_5_the_codes_duties_become_void_and_the_routes_take_their_place() -> None:
    """Acknowledged late, and yet never late: another law's clock ran [lgsco:using.5]."""
    owed = {
        duty.kind: duty
        for duty in duties_of(routed(facts("adult_statutory")), policy=CODE_POLICY, calendar=published())
    }
    assert {duty.standing for kind, duty in owed.items() if not kind.startswith("route:")} == {Standing.VOID}
    own = owed["route:adult_acknowledge"]
    assert (own.clause, own.due_on, own.days, own.stage) == ("law:SI 2009/309", on("2026-09-10"), 0, 1)
    assert (own.start_on, own.met_on, own.standing) == (MON, None, Standing.OPEN)
    assert set(owed) == {
        "acknowledge_stage_one", "respond_stage_one", "route:adult_acknowledge", "route:adult_respond",
    }  # fmt: skip


def test_a_route_taken_at_stage_two_is_owed_by_whoever_has_stage_two() -> None:
    owed = duties_of(routed(facts("public_health"), two=True), policy=CODE_POLICY, calendar=published())
    assert {duty.stage for duty in owed if duty.kind.startswith("route:")} == {StageNumber.TWO}


def duty_of_route(given: RouteFacts) -> Duty:
    """The one duty of a route that owes one."""
    counted = duties_of(routed(given), policy=CODE_POLICY, calendar=published())
    (own,) = (duty for duty in counted if duty.kind.startswith("route:"))
    return own


def test_a_duty_keeps_the_other_reading_beside_its_date() -> None:
    """Where it is another day at all."""
    own = duty_of_route(facts("data_protection"))
    assert (own.due_on, own.literal_due_on, own.act_by) == (on("2026-10-07"), on("2026-10-06"), on("2026-10-06"))
    same = duty_of_route(facts("data_protection", on("2026-09-04")))
    assert (same.due_on, same.literal_due_on, same.act_by) == (on("2026-10-05"), None, on("2026-10-05"))


def test_a_duty_of_a_route_says_when_it_was_met() -> None:
    own = duty_of_route(facts("data_protection", acknowledged="2026-10-08"))
    assert (own.start_on, own.met_on, own.standing) == (MON, on("2026-10-08"), Standing.LATE)


def test_a_clock_that_runs_from_the_matter_is_owed_once_its_day_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No route of today owes one; the data may say it tomorrow."""
    adult = SCHEMES["adult_statutory"]
    limit = next(each for each in adult.clocks if each.anchor == "issue_or_awareness")
    owed = replace(limit, met_by=("answered",))
    monkeypatch.setattr(routes, "SCHEMES", {"adult_statutory": replace(adult, clocks=(owed,))})
    assert begun(facts("adult_statutory")) == ()
    assert begun(facts("adult_statutory", aware=on("2026-09-01"))) == (owed,)


def test_every_clock_of_a_route_that_is_owed_has_its_title_and_its_law() -> None:
    for route in ROUTES.values():
        for each in route.clocks:
            assert (each.kind in TITLES) is bool(each.met_by)
            assert len(each.kind) <= 40
        assert len(route.cite) <= 20
        assert begun(facts(route.key)) == tuple(
            each for each in route.clocks if each.met_by and each.anchor == "received"
        )


def test_a_clock_cannot_be_owed_before_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours is never a date."""
    panel = next(each for each in SCHEMES["children_statutory"].clocks if each.key == "child_panel_meets")
    monkeypatch.setattr(routes, "begun", lambda _facts: (panel,))
    with pytest.raises(RuntimeError, match="child_panel_meets"):
        duties_of(routed(facts("children_statutory")), policy=CODE_POLICY, calendar=published())
