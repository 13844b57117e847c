"""Bank holidays in: the seeded list against the published one, GOV.UK's file, and a list that only grows."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels.bank_holidays import (
    DIVISION,
    LARGEST_FILE,
    SEED,
    HolidayRow,
    PublishedDay,
    calendar_of,
    from_package,
    in_force,
    merge,
    no_longer_listed,
    published_year_end,
    read_govuk,
    seed_rows,
)
from core.errors import BadInput
from core.rules.working_days import Holiday

SHARED = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def table(name: str) -> list[dict[str, str]]:
    path = SHARED / "calendar" / name
    if not path.is_file():
        pytest.skip(f"The published bank holidays are not here ({path}); set SHARED_DATA to the data folder.")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def govuk(events: object, division: str = DIVISION) -> bytes:
    other = {"division": "scotland", "events": [event("2026-01-02", "2nd January")]}
    return json.dumps({"scotland": other, division: {"division": division, "events": events}}).encode()


def event(on: object = "2026-04-03", title: object = "Good Friday", notes: object = "") -> dict[str, object]:
    return {"title": title, "date": on, "notes": notes, "bunting": False}


def days(first: int, last: int | None = None, *, without: str = "") -> tuple[PublishedDay, ...]:
    listed = from_package(first, last or first)
    return tuple(each for each in listed if not (without and each.name.startswith(without)))


def rows(*lists: tuple[HolidayRow, ...]) -> tuple[HolidayRow, ...]:
    return tuple(row for each in lists for row in each)


# ----------------------------------------------------------------------------------------- the list worked out


def test_the_list_worked_out_equals_the_published_one_day_for_day() -> None:
    """2012 to 2028, 140 days: the same dates, and the same names apart from a remark in brackets."""
    published = table("england_wales_bank_holidays.csv")
    given_names = {date.fromisoformat(row["date"]): row["title"].partition(" (")[0] for row in published}
    assert {each.on: each.name for each in from_package(2012, 2028)} == given_names
    assert len(given_names) == 140


def test_substitute_days_are_marked_as_published() -> None:
    """Only 4 June 2012 differs: the spring holiday was moved beside the Jubilee, not off a weekend."""
    published = {
        date.fromisoformat(row["date"])
        for row in table("england_wales_bank_holidays.csv")
        if row["notes"] == "Substitute day"
    }
    worked_out = {each.on for each in from_package(2012, 2028) if each.substitute}
    assert published - worked_out == {date(2012, 6, 4)} and worked_out <= published


def test_days_that_were_moved_or_announced_late_are_where_they_ended_up() -> None:
    worked_out = {each.on for each in from_package(2012, 2028)}
    moved = {date.fromisoformat(row["date"]) for row in table("withdrawn_or_moved.csv") if row["division"] == DIVISION}
    assert moved == {date(2020, 5, 4), date(2022, 5, 30)} and not moved & worked_out
    assert {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)} <= worked_out


def test_a_weekend_holiday_is_listed_by_its_substitute_only() -> None:
    december = [each for each in from_package(2027, 2027) if each.on.month == 12]
    assert december == [
        PublishedDay(on=date(2027, 12, 27), name="Christmas Day", substitute=True),
        PublishedDay(on=date(2027, 12, 28), name="Boxing Day", substitute=True),
    ]
    assert all(each.on.weekday() < 5 for each in from_package(2000, 2028))


def test_the_list_worked_out_is_in_order_and_has_no_day_twice() -> None:
    everything = from_package(2000, 2028)
    assert all(one.on < two.on for one, two in pairwise(everything))


@pytest.mark.parametrize(("first", "last"), [(2027, 2026), (1971, 2026), (2026, 2101), (0, 0)])
def test_years_nobody_could_mean_are_refused(first: int, last: int) -> None:
    with pytest.raises(BadInput, match="Give years from 1972 to 2100"):
        from_package(first, last)


def test_a_new_installation_knows_the_published_years_and_no_more() -> None:
    """The seed ends with the last year GOV.UK published, though the package could go on."""
    seeded = seed_rows(seen_at=NOON)
    assert (seeded[0].on, seeded[-1].on) == (date(2000, 1, 3), date(2028, 12, 26))
    assert {row.division for row in seeded} == {DIVISION} and {row.source for row in seeded} == {SEED["source"]}
    assert {row.first_seen_at for row in seeded} == {NOON} and not any(row.withdrawn for row in seeded)
    assert published_year_end(seeded) == date(2028, 12, 31)
    calendar = calendar_of(seeded, version="seed")
    assert (calendar.first, calendar.last, calendar.version) == (date(2000, 1, 1), date(2028, 12, 31), "seed")
    assert calendar.name_of(date(2026, 12, 28)) == "Boxing Day (substitute day)"
    assert calendar.after(date(2026, 3, 26), 5) == date(2026, 4, 2)


def test_the_published_list_read_as_a_file_adds_nothing_to_the_seed() -> None:
    published = table("england_wales_bank_holidays.csv")
    incoming = read_govuk(govuk([event(row["date"], row["title"], row["notes"]) for row in published]))
    assert merge(seed_rows(seen_at=NOON), incoming, source="GOV.UK", seen_at=LATER, withdraw=True) == ((), ())


# --------------------------------------------------------------------------------------------------- GOV.UK's file


def test_govuks_file_is_read_for_this_division_in_order() -> None:
    events = [event("2026-12-28", "Boxing Day", "Substitute day"), event("2026-01-01", " New Year’s\u00a0Day ", "")]
    assert read_govuk(govuk(events)) == (
        PublishedDay(on=date(2026, 1, 1), name="New Year’s Day"),
        PublishedDay(on=date(2026, 12, 28), name="Boxing Day", substitute=True),
    )
    assert read_govuk(b"\xef\xbb\xbf" + govuk([event(notes=None)]))[0].name == "Good Friday"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not readable as JSON"),
        (b"\xff\xfe{}", "not readable as JSON"),
        (b"PK\x03\x04 a workbook", "not readable as JSON"),
        (b"<html>Not found</html>", "not readable as JSON"),
        (govuk([event()])[:-1], "not readable as JSON"),
        (b"[" * 200_000, "not readable as JSON"),
        (b'{"a":' * 150_000 + b"1" + b"}" * 150_000, "not readable as JSON"),
        (b"1" * 10_000, "not readable as JSON"),
        (b'{"england-and-wales": {}, "england-and-wales": {}}', "not readable as JSON"),
        (b" " * (LARGEST_FILE + 1), "larger than a list of bank holidays can be"),
        (b"null", "lists no days"),
        (b"[]", "lists no days"),
        (b"{}", "lists no days"),
        (b"NaN", "lists no days"),
        (b'{"england-and-wales": []}', "lists no days"),
        (b'{"england-and-wales": {"events": {}}}', "lists no days"),
        (govuk([event()], division="Scotland"), "lists no days"),
        (govuk([]), "lists no days"),
        (govuk(None), "lists no days"),
        (govuk([0] * 2001), "2,001 days, more than"),
        (govuk([event(), event(title="Another name")]), "Fri 3 April 2026 more than once"),
        (govuk([None]), "Entry 1 of the list has no usable name"),
        (govuk([event(), "2026-04-06"]), "Entry 2 of the list has no usable name"),
        (govuk([event(title="")]), "no usable name"),
        (govuk([event(title=7)]), "no usable name"),
        (govuk([event(title="x" * 201)]), "no usable name"),
        (govuk([event(title="Good\x00Friday")]), "no usable name"),
        (govuk([event(title="Good \u202eFriday")]), "no usable name"),
        (govuk([event(title="Good \ud800Friday")]), "no usable name"),
        (govuk([event(on=None)]), "no usable date: None"),
        (govuk([event(on=20260403)]), "no usable date: 20260403"),
        (govuk([event(on="")]), "no usable date: ''"),
        (govuk([event(on="20260403")]), "no usable date"),
        (govuk([event(on="2026-W14-5")]), "no usable date"),
        (govuk([event(on="03/04/2026")]), "no usable date"),
        (govuk([event(on="2026-04-03T00:00:00Z")]), "no usable date"),
        (govuk([event(on="2026-04-03\n")]), "no usable date"),
        (govuk([event(on="２０２６-04-03")]), "no usable date"),
        (govuk([event(on="2026-02-29")]), "no usable date: '2026-02-29'"),
        (govuk([event(on="2026-13-01")]), "no usable date"),
        (govuk([event(on="1971-12-25")]), "no usable date"),
        (govuk([event(on="2101-12-25")]), "no usable date"),
        (govuk([event(on="9" * 5000)]), "no usable date"),
    ],
)
def test_anything_else_is_refused_whole_with_a_sentence(data: bytes, says: str) -> None:
    """No doubtful file is used in part, and each refusal says what to do."""
    with pytest.raises(BadInput) as refusal:
        read_govuk(data)
    assert says in str(refusal.value) and len(str(refusal.value)) < 250
    assert str(refusal.value).endswith(
        "Fetch https://www.gov.uk/bank-holidays.json again and import that file unchanged."
    )


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_govuk(data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("2026-04-03"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([DIVISION, "events", "date", "title", "notes"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(anything)
def test_any_json_is_read_or_refused_with_a_sentence(document: object) -> None:
    for data in (json.dumps(document).encode(), govuk(document), govuk([document])):
        try:
            read = read_govuk(data)
        except BadInput:
            continue
        assert all(isinstance(each.on, date) and each.name.isprintable() for each in read)


# ----------------------------------------------------------------------------------------------------- the horizon


def test_the_horizon_is_the_end_of_the_last_whole_year() -> None:
    """A year counts once it has all eight usual holidays."""
    assert published_year_end(days(2026, 2028)) == date(2028, 12, 31)
    started = tuple(each for each in days(2026, 2028) if each.on < date(2028, 12, 1))
    assert published_year_end(started) == date(2027, 12, 31)


@pytest.mark.parametrize(
    "name", ["New Year", "Good Friday", "Easter Monday", "Early May", "Spring", "Summer", "Christmas", "Boxing"]
)
def test_a_year_without_one_of_its_usual_holidays_is_not_whole(name: str) -> None:
    short = (*days(2026), *days(2027, without=name))
    assert len(short) == 15
    assert published_year_end(short) == date(2026, 12, 31)


def test_a_missing_year_stops_the_horizon_and_a_stray_year_does_not_move_it() -> None:
    assert published_year_end((*days(2020, 2026), *days(2028))) == date(2026, 12, 31)
    assert published_year_end((*days(1995), *days(2020, 2026))) == date(2026, 12, 31)
    calendar = calendar_of(
        merge((), (*days(1995), *days(2020, 2026)), source="test", seen_at=NOON).additions, version="test"
    )
    assert (calendar.first, calendar.last) == (date(2020, 1, 1), date(2026, 12, 31))


def test_no_whole_year_is_refused() -> None:
    for short in ((), days(2026, without="Boxing")):
        with pytest.raises(BadInput, match="No year of bank holidays is listed whole"):
            published_year_end(short)
    with pytest.raises(BadInput, match="No year"):
        calendar_of((), version="test")


# --------------------------------------------------------------------------------------------- a list that only grows


def test_a_newer_list_adds_what_is_new_with_its_source_and_moment() -> None:
    held = merge((), days(2026), source="seed", seen_at=NOON).additions
    london = datetime(2026, 6, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    extra = PublishedDay(on=date(2026, 6, 12), name="Bank holiday for a made-up jubilee")
    merged = merge(held, (*days(2026), extra), source="GOV.UK file", seen_at=london)
    assert merged.withdrawals == ()
    assert merged.additions == (
        HolidayRow(
            on=date(2026, 6, 12),
            name="Bank holiday for a made-up jubilee",
            division=DIVISION,
            source="GOV.UK file",
            first_seen_at=datetime(2026, 6, 1, 8, 30, tzinfo=UTC),
        ),
    )
    assert merged.additions[0].first_seen_at.tzinfo is UTC


def test_merging_the_same_list_again_adds_nothing_whatever_it_calls_the_days() -> None:
    held = merge((), days(2026), source="seed", seen_at=NOON).additions
    renamed = tuple(PublishedDay(on=each.on, name=f"{each.name} (renamed)") for each in days(2026))
    assert merge(held, renamed, source="GOV.UK", seen_at=LATER, withdraw=True) == ((), ())
    assert in_force(held) == held


def test_a_moved_day_is_added_and_the_old_one_taken_back_only_when_asked() -> None:
    """Early May 2020 moved from 4 to 8 May; the first list had 4 May."""
    moved_day = PublishedDay(on=date(2020, 5, 4), name="Early May bank holiday")
    first = (moved_day, *days(2020, without="Early May"))
    held = merge((), first, source="first list", seen_at=NOON).additions

    kept = merge(held, days(2020), source="second list", seen_at=LATER)
    assert [row.on for row in kept.additions] == [date(2020, 5, 8)] and kept.withdrawals == ()
    assert [row.on for row in no_longer_listed(held, days(2020))] == [date(2020, 5, 4)]

    moved = merge(held, days(2020), source="second list", seen_at=LATER, withdraw=True)
    assert moved.additions == kept.additions
    assert moved.withdrawals == (
        HolidayRow(
            on=date(2020, 5, 4),
            name="Early May bank holiday",
            division=DIVISION,
            source="second list",
            first_seen_at=LATER,
            withdrawn=True,
        ),
    )
    grown = rows(held, moved.additions, moved.withdrawals)
    calendar = calendar_of(grown, version="2")
    assert calendar.is_working(date(2020, 5, 4)) and not calendar.is_working(date(2020, 5, 8))
    assert not calendar_of(held, version="1").is_working(date(2020, 5, 4))  # the past calendar can be made again
    assert merge(grown, days(2020), source="third", seen_at=LATER, withdraw=True) == ((), ())


def test_a_day_taken_back_can_be_announced_again() -> None:
    held = merge((), days(2026), source="seed", seen_at=NOON).additions
    extra = (*days(2026), PublishedDay(on=date(2026, 6, 12), name="Made-up jubilee"))
    announced = merge(held, extra, source="a", seen_at=LATER).additions
    back = merge(rows(held, announced), days(2026), source="b", seen_at=LATER, withdraw=True).withdrawals
    again = merge(rows(held, announced, back), extra, source="c", seen_at=LATER).additions
    assert [row.on for row in announced] == [row.on for row in back] == [row.on for row in again] == [date(2026, 6, 12)]
    assert date(2026, 6, 12) in {row.on for row in in_force(rows(held, announced, back, again))}
    assert date(2026, 6, 12) not in {row.on for row in in_force(rows(held, announced, back))}


def test_years_the_newer_list_does_not_give_whole_lose_nothing() -> None:
    """A shortened file takes no day back; years before and after it stay as they are."""
    held = merge((), days(2024, 2028), source="seed", seen_at=NOON).additions
    newer = (*days(2026), *days(2027, without="Boxing"))
    assert merge(held, newer, source="GOV.UK", seen_at=LATER, withdraw=True) == ((), ())
    assert merge(held, (), source="empty", seen_at=LATER, withdraw=True) == ((), ())


def test_rows_of_another_division_are_left_alone() -> None:
    scotland = HolidayRow(on=date(2026, 1, 2), name="2nd January", division="scotland", source="x", first_seen_at=NOON)
    held = rows(merge((), days(2026), source="seed", seen_at=NOON).additions, (scotland,))
    assert scotland not in in_force(held)
    assert merge(held, days(2026), source="GOV.UK", seen_at=LATER, withdraw=True) == ((), ())
    second = PublishedDay(on=date(2026, 1, 2), name="Made-up day")
    assert [row.on for row in merge(held, (second,), source="y", seen_at=LATER).additions] == [date(2026, 1, 2)]


def test_a_moment_without_a_time_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(RuntimeError, match="time zone"):
        merge((), days(2026), source="x", seen_at=datetime(2026, 1, 5, 12, 0))  # noqa: DTZ001 - the point of the test


def test_closure_days_join_the_calendar_only_when_passed() -> None:
    held = merge((), days(2026), source="seed", seen_at=NOON).additions
    closure = Holiday(on=date(2026, 12, 29), name="Christmas closure", kind="closure")
    assert calendar_of(held, version="1").is_working(date(2026, 12, 29))
    assert not calendar_of(held, version="2", closures=[closure]).is_working(date(2026, 12, 29))


dates_of_2026 = st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=8, unique=True)


@given(st.lists(st.tuples(dates_of_2026, st.booleans()), max_size=5))
def test_however_lists_follow_each_other_rows_only_grow_and_settle(lists: list[tuple[list[date], bool]]) -> None:
    """After a whole list merged with `withdraw`, its years are in force exactly as it says; a repeat adds nothing."""
    held: tuple[HolidayRow, ...] = ()
    for extra, withdraw in lists:
        usual = days(2026)
        listed = (*usual, *(PublishedDay(on=on, name="Extra") for on in extra if on not in {each.on for each in usual}))
        merged = merge(held, listed, source="list", seen_at=NOON, withdraw=withdraw)
        held = rows(held, merged.additions, merged.withdrawals)
        assert merge(held, listed, source="again", seen_at=LATER, withdraw=withdraw) == ((), ())
        force = {row.on for row in in_force(held)}
        assert {each.on for each in listed} <= force
        if withdraw:
            assert {on for on in force if on.year == 2026} == {each.on for each in listed if each.on.year == 2026}
