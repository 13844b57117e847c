"""The calendar every clock is counted on: real dates by name, both ends of the table, and the reasons it gives."""

from __future__ import annotations

import csv
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.channels.bank_holidays import from_package
from core.errors import BadInput, CalendarEnds
from core.rules.working_days import Holiday, Move, WorkingDays, day_words, months_after, moves

SHARED = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
PUBLISHED = SHARED / "calendar" / "england_wales_bank_holidays.csv"

FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)
HOLIDAYS = tuple(Holiday(on=day.on, name=day.name) for day in from_package(FIRST.year, LAST.year))


def calendar_of(holidays: tuple[Holiday, ...] = HOLIDAYS, *, first: date = FIRST, last: date = LAST) -> WorkingDays:
    return WorkingDays.of(holidays, first=first, last=last, version="test")


CALENDAR = calendar_of()


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


# ---------------------------------------------------------------------------------------------- worked examples


@pytest.mark.parametrize(
    ("vector", "start", "n", "due"),
    [
        ("V1 acknowledge", "2026-09-07", 5, "2026-09-14"),
        ("V1 stage 1", "2026-09-14", 10, "2026-09-28"),
        ("V1 extended", "2026-09-28", 10, "2026-10-12"),
        ("V2 acknowledge, received on Saturday", "2026-09-12", 5, "2026-09-18"),
        ("V2 stage 1", "2026-09-18", 10, "2026-10-02"),
        ("V2 extended", "2026-10-02", 10, "2026-10-16"),
        ("V3 acknowledge, over Easter", "2026-03-27", 5, "2026-04-07"),
        ("V3 stage 1", "2026-04-07", 10, "2026-04-21"),
        ("V3 extended, over the May holiday", "2026-04-21", 10, "2026-05-06"),
        ("V4 acknowledge, over Christmas", "2026-12-18", 5, "2026-12-29"),
        ("V4 stage 1", "2026-12-29", 10, "2027-01-13"),
        ("V4 extended", "2027-01-13", 10, "2027-01-27"),
        ("V5 stage 1, acknowledged the same day", "2026-09-07", 10, "2026-09-21"),
        ("V5 extended", "2026-09-21", 10, "2026-10-05"),
        ("V6 stage 1, literal", "2026-09-21", 10, "2026-10-05"),
        ("V6 extended, literal", "2026-10-05", 10, "2026-10-19"),
        ("V7 acknowledge, received on Christmas Eve", "2026-12-24", 5, "2027-01-05"),
        ("V8 acknowledge, received on Christmas Day", "2026-12-25", 5, "2027-01-05"),
        ("V8 stage 1", "2027-01-05", 10, "2027-01-19"),
        ("V8 extended", "2027-01-19", 10, "2027-02-02"),
        ("V9 acknowledge stage 2", "2026-07-20", 5, "2026-07-27"),
        ("V9 final response", "2026-07-27", 20, "2026-08-24"),
        ("V9 extended, over the August holiday", "2026-08-24", 20, "2026-09-22"),
        ("V10 acknowledge stage 2", "2026-10-12", 5, "2026-10-19"),
        ("V10 final response", "2026-10-19", 20, "2026-11-16"),
        ("V10 extended", "2026-11-16", 20, "2026-12-14"),
        ("V11 acknowledge stage 2, unextended", "2026-09-28", 5, "2026-10-05"),
        ("V11 final response", "2026-10-05", 20, "2026-11-02"),
        ("request 26 March 2026", "2026-03-26", 5, "2026-04-02"),
        ("acknowledged 30 March 2026", "2026-03-30", 20, "2026-04-29"),
        ("extended to at most", "2026-04-29", 20, "2026-05-29"),
    ],
)
def test_the_worked_dates_of_the_requirements_come_out(vector: str, start: str, n: int, due: str) -> None:
    """The day the clock starts is day 0; only working days count [lgsco:6.2]."""
    assert CALENDAR.after(day(start), n) == day(due), vector
    assert CALENDAR.bulk_after(days(start), n)[0] == np.datetime64(due), vector
    assert CALENDAR.why(day(start), n).due == day(due), vector
    assert CALENDAR.between(day(start), day(due)) == n, vector


def test_v2_received_on_saturday_is_one_day_later_under_the_lenient_switch() -> None:
    """A weekend receipt deemed made on Monday makes Monday day 0 [lgsco:6.2]."""
    saturday = day("2026-09-12")
    assert CALENDAR.next_working(saturday) == day("2026-09-14")
    assert CALENDAR.after(saturday, 5, deemed_next=True) == day("2026-09-21")
    assert CALENDAR.bulk_after(days("2026-09-12"), 5, deemed_next=True)[0] == np.datetime64("2026-09-21")


def test_the_lenient_switch_leaves_a_receipt_on_a_working_day_alone() -> None:
    friday = day("2026-09-11")
    assert CALENDAR.next_working(friday) == friday
    assert CALENDAR.after(friday, 5, deemed_next=True) == CALENDAR.after(friday, 5) == day("2026-09-18")
    assert CALENDAR.why(friday, 5, deemed_next=True).deemed_on is None


def test_the_lenient_switch_counts_from_the_deemed_day_on_every_day_and_in_bulk() -> None:
    starts = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days - 60)]
    for n in (1, 5, 20):
        expected = [CALENDAR.after(CALENDAR.next_working(start), n) for start in starts]
        assert [CALENDAR.after(start, n, deemed_next=True) for start in starts] == expected
        assert CALENDAR.bulk_after(np.array(starts, dtype="datetime64[D]"), n, deemed_next=True).tolist() == expected


# ------------------------------------------------------------------------------------------- the published list


def published() -> list[dict[str, str]]:
    if not PUBLISHED.is_file():
        pytest.skip(f"The published bank holidays are not here ({PUBLISHED}); set SHARED_DATA to the data folder.")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_holidays(rows: list[dict[str, str]]) -> tuple[Holiday, ...]:
    return tuple(Holiday(on=day(row["date"]), name=row["title"]) for row in rows)


def test_the_seeded_calendar_equals_the_published_one_on_every_day() -> None:
    """Each day from 2012 to 2028 is worked or not as GOV.UK's list says."""
    from_list = calendar_of(as_holidays(published()))
    every = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
    assert [CALENDAR.is_working(each) for each in every] == [from_list.is_working(each) for each in every]


def test_a_holiday_announced_late_moves_the_open_dates_it_touches_and_no_other() -> None:
    """The State Funeral of 19 September 2022 was published on 9 September 2022 (reading T23)."""
    rows = published()
    old = calendar_of(as_holidays([row for row in rows if row["first_seen_in_repo"] < "2022-09-09"]))
    new = calendar_of(as_holidays([row for row in rows if row["first_seen_in_repo"] <= "2022-09-09"]))
    items = [
        ("before it", day("2022-09-09"), 5, day("2022-09-16")),
        ("on it", day("2022-09-12"), 5, day("2022-09-19")),
        ("across it", day("2022-09-12"), 10, day("2022-09-26")),
        ("after it", day("2022-09-19"), 5, day("2022-09-26")),
        ("already moved", day("2022-09-12"), 5, day("2022-09-20")),
    ]
    assert list(moves(old, new, items)) == [
        Move(key="on it", was=day("2022-09-19"), becomes=day("2022-09-20")),
        Move(key="across it", was=day("2022-09-26"), becomes=day("2022-09-27")),
    ]


def test_a_date_that_differs_for_another_reason_is_not_said_to_move() -> None:
    """Only what the change of calendar moves is listed; a promise of another day stays out of it."""
    item = ("promised by hand", day("2026-09-07"), 5, day("2026-09-11"))
    assert list(moves(CALENDAR, calendar_of(), [item])) == []
    deemed = ("promised by hand", day("2026-09-12"), 5, day("2026-09-17"))
    assert list(moves(CALENDAR, calendar_of(), [deemed], deemed_next=True)) == []


def test_moves_follow_the_lenient_switch() -> None:
    extra = calendar_of((*HOLIDAYS, Holiday(on=day("2026-09-21"), name="Extra bank holiday")))
    item = (1, day("2026-09-12"), 5, day("2026-09-21"))
    expected = [Move(key=1, was=day("2026-09-21"), becomes=day("2026-09-22"))]
    assert list(moves(CALENDAR, extra, [item], deemed_next=True)) == expected
    assert list(moves(CALENDAR, extra, [item])) == []


def test_moves_go_both_ways() -> None:
    """A day taken back brings the date forward; what to do with a promise is for the caller."""
    extra = calendar_of((*HOLIDAYS, Holiday(on=day("2026-09-09"), name="Extra bank holiday")))
    item = ("C-2026-000001", day("2026-09-07"), 5, day("2026-09-15"))
    expected = [Move(key="C-2026-000001", was=day("2026-09-15"), becomes=day("2026-09-14"))]
    assert list(moves(extra, CALENDAR, [item])) == expected


# --------------------------------------------------------------------------------------------------- every day


def test_every_method_agrees_with_a_slow_walk_on_every_day() -> None:
    """Every start from 2015 to 2028 and every period from 1 to 60, against a walk day by day and against numpy."""
    closed = {holiday.on for holiday in HOLIDAYS}
    begin = date(2015, 1, 1)
    starts = [begin + timedelta(days=step) for step in range((LAST - begin).days + 1)]
    array = np.array(starts, dtype="datetime64[D]")
    holidays = np.array(sorted(each for each in closed if each.weekday() < 5), dtype="datetime64[D]")

    walked: list[list[date]] = []
    for start in starts:
        answers: list[date] = []
        at = start + timedelta(days=1)
        while len(answers) < 60 and at <= LAST:
            if at.weekday() < 5 and at not in closed:
                answers.append(at)
            at += timedelta(days=1)
        walked.append(answers)

    for n in range(1, 61):
        inside = [start for start, answers in zip(starts, walked, strict=True) if len(answers) >= n]
        expected = [answers[n - 1] for answers in walked if len(answers) >= n]
        assert [CALENDAR.after(start, n) for start in inside] == expected
        assert CALENDAR.bulk_after(array[: len(inside)], n).tolist() == expected
        # numpy rolls a start that is no working day back to the one before, from which it then counts.
        by_numpy = np.busday_offset(array[: len(inside)], n, roll="backward", holidays=holidays)
        assert by_numpy.tolist() == expected
        for start in starts[len(inside) :]:
            with pytest.raises(CalendarEnds):
                CALENDAR.after(start, n)
        with pytest.raises(CalendarEnds):
            CALENDAR.bulk_after(array[: len(inside) + 1], n)

    one = np.timedelta64(1, "D")
    counts = np.busday_count(array[0] + one, array + one, holidays=holidays)
    assert CALENDAR.bulk_between(np.full(array.shape, array[0]), array).tolist() == counts.tolist()
    assert [CALENDAR.between(begin, start) for start in starts] == counts.tolist()


def test_counting_back_is_the_same_count_below_zero() -> None:
    assert CALENDAR.between(day("2026-09-07"), day("2026-09-14")) == 5
    assert CALENDAR.between(day("2026-09-14"), day("2026-09-07")) == -5
    assert CALENDAR.between(day("2026-09-14"), day("2026-09-14")) == 0
    assert CALENDAR.between(day("2026-09-11"), day("2026-09-13")) == 0
    there, back = days("2026-09-07", "2026-09-14"), days("2026-09-14", "2026-09-07")
    assert CALENDAR.bulk_between(there, back).tolist() == [5, -5]


# --------------------------------------------------------------------------------------- both ends of the table


def test_the_first_and_the_last_day_are_inside() -> None:
    """1 January 2012 was a Sunday and 2 January its substitute day; 29 December 2028 is the last day worked."""
    assert CALENDAR.after(FIRST, 1) == day("2012-01-03")
    assert CALENDAR.after(day("2028-12-28"), 1) == day("2028-12-29")
    assert not CALENDAR.is_working(FIRST) and not CALENDAR.is_working(LAST)
    assert CALENDAR.name_of(FIRST) == CALENDAR.name_of(LAST) == "Sunday"
    assert CALENDAR.between(FIRST, LAST) == sum(CALENDAR.is_working(FIRST + timedelta(days=at)) for at in range(6210))
    assert CALENDAR.next_working(FIRST) == day("2012-01-03")
    assert CALENDAR.bulk_after(days("2012-01-01", "2028-12-28"), 1).tolist() == [day("2012-01-03"), day("2028-12-29")]
    assert CALENDAR.bulk_between(days("2012-01-01"), days("2028-12-31"))[0] == CALENDAR.between(FIRST, LAST)


def test_a_table_of_one_day_still_knows_its_ends() -> None:
    one = calendar_of((), first=day("2026-09-07"), last=day("2026-09-07"))
    assert one.is_working(day("2026-09-07")) and one.between(day("2026-09-07"), day("2026-09-07")) == 0
    with pytest.raises(CalendarEnds):
        one.after(day("2026-09-07"), 1)
    with pytest.raises(CalendarEnds):
        one.bulk_after(days("2026-09-07"), 1)


def test_an_answer_past_the_last_published_year_is_refused_and_never_guessed() -> None:
    """The sentence names the period, the start, the last year and what to do (reading T24)."""
    for start in ("2028-12-29", "2028-12-30", "2028-12-31"):
        with pytest.raises(CalendarEnds):
            CALENDAR.after(day(start), 1)
        with pytest.raises(CalendarEnds):
            CALENDAR.after(day(start), 1, deemed_next=True)
        with pytest.raises(CalendarEnds):
            CALENDAR.why(day(start), 1)
        with pytest.raises(CalendarEnds):
            CALENDAR.bulk_after(days("2026-09-07", start), 1)
    with pytest.raises(CalendarEnds) as refusal:
        CALENDAR.after(day("2028-12-18"), 20)
    assert str(refusal.value) == (
        "20 working days after Mon 18 December 2028 lies past the last published bank holidays, which end with 2028. "
        "Import the newer GOV.UK bank holidays, then try again."
    )
    with pytest.raises(CalendarEnds):
        CALENDAR.after(day("2026-09-07"), 10**30)
    with pytest.raises(CalendarEnds):
        CALENDAR.bulk_after(days("2026-09-07"), 10**30)
    with pytest.raises(CalendarEnds):
        CALENDAR.next_working(LAST)
    with pytest.raises(CalendarEnds, match="^1 working day after Sun 31 December 2028 lies past"):
        CALENDAR.after(LAST, 1)


def test_a_start_under_the_lenient_switch_is_refused_one_day_earlier() -> None:
    """Sat 23 December 2028 is the last weekend: three days are worked after it, and the switch uses up the first."""
    saturday = day("2028-12-23")
    assert CALENDAR.after(saturday, 3) == day("2028-12-29")
    assert CALENDAR.after(saturday, 2, deemed_next=True) == day("2028-12-29")
    with pytest.raises(CalendarEnds) as refusal:
        CALENDAR.after(saturday, 3, deemed_next=True)
    assert str(refusal.value).startswith("3 working days after Sat 23 December 2028")
    with pytest.raises(CalendarEnds):
        CALENDAR.bulk_after(days("2028-12-23"), 3, deemed_next=True)
    assert CALENDAR.bulk_after(days("2028-12-23"), 2, deemed_next=True).tolist() == [day("2028-12-29")]


@pytest.mark.parametrize("outside", ["2011-12-31", "2029-01-01", "1066-10-14", "9999-12-31"])
def test_a_day_outside_the_table_is_refused_by_every_method(outside: str) -> None:
    strange = day(outside)
    inside = day("2026-09-07")
    for refused in (
        lambda: CALENDAR.after(strange, 1),
        lambda: CALENDAR.after(strange, 1, deemed_next=True),
        lambda: CALENDAR.between(strange, inside),
        lambda: CALENDAR.between(inside, strange),
        lambda: CALENDAR.is_working(strange),
        lambda: CALENDAR.next_working(strange),
        lambda: CALENDAR.name_of(strange),
        lambda: CALENDAR.why(strange, 1),
        lambda: CALENDAR.bulk_after(days("2026-09-07", outside), 1),
        lambda: CALENDAR.bulk_after(days("2026-09-07", outside, "NaT"), 1),
        lambda: CALENDAR.bulk_between(days(outside), days("2026-09-07")),
        lambda: CALENDAR.bulk_between(days("2026-09-07"), days(outside)),
    ):
        with pytest.raises(CalendarEnds):
            refused()


def test_the_refusals_say_on_which_side_the_day_lies_and_what_to_do() -> None:
    with pytest.raises(CalendarEnds) as before:
        CALENDAR.is_working(day("2011-12-31"))
    assert str(before.value) == (
        "Sat 31 December 2011 lies before the bank holidays held here, which begin on Sun 1 January 2012. "
        "Check that the date is right."
    )
    with pytest.raises(CalendarEnds) as past:
        CALENDAR.after(day("2029-01-01"), 5)
    assert str(past.value) == (
        "Mon 1 January 2029 lies past the last published bank holidays, which end with 2028. "
        "Import the newer GOV.UK bank holidays, then try again."
    )
    with pytest.raises(CalendarEnds) as many:
        CALENDAR.bulk_after(days("2026-09-07", "2011-12-31", "2028-12-31", "NaT"), 1)
    assert str(many.value) == (
        "2 days of 4 cannot be counted from: the day or its answer lies outside the bank holidays held here, "
        "Sun 1 January 2012 to Sun 31 December 2028. The earliest is 2011-12-31. "
        "Check that day. If it is right, import the newer GOV.UK bank holidays."
    )


def test_a_calendar_that_ends_before_it_begins_or_begins_before_1970_is_a_mistake_of_ours() -> None:
    with pytest.raises(RuntimeError, match="not 2026-01-02 to 2026-01-01"):
        calendar_of((), first=day("2026-01-02"), last=day("2026-01-01"))
    with pytest.raises(RuntimeError, match="begins in 1970 or later"):
        calendar_of((), first=day("1969-12-31"), last=day("1970-12-31"))
    thursday = calendar_of((), first=day("1970-01-01"), last=day("1970-12-31"))
    assert thursday.bulk_after(days("1970-01-01"), 1).tolist() == [thursday.after(day("1970-01-01"), 1)]


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("n", [0, -1])
def test_a_period_below_one_day_is_refused_with_a_sentence(n: int) -> None:
    start = day("2026-09-07")
    for refused in (
        lambda: CALENDAR.after(start, n),
        lambda: CALENDAR.why(start, n),
        lambda: CALENDAR.bulk_after(days("2026-09-07"), n),
    ):
        with pytest.raises(BadInput) as refusal:
            refused()
        assert str(refusal.value) == f"A period of {n} working days cannot be counted. Give 1 or more."


def test_a_moment_is_not_a_day() -> None:
    """23:30 UTC on 28 June is already 29 June in London: the caller says which day is meant."""
    sentence = "^A moment is not a day: turn it into the local day in Europe/London first.$"
    with pytest.raises(RuntimeError, match=sentence):
        CALENDAR.after(datetime(2026, 6, 28, 23, 30, tzinfo=UTC), 5)
    with pytest.raises(RuntimeError):
        CALENDAR.is_working(datetime(2026, 6, 28, 23, 30, tzinfo=UTC))
    with pytest.raises(RuntimeError, match="not datetime64.ns."):
        CALENDAR.bulk_after(np.array(["2026-06-28T23:30"], dtype="datetime64[ns]"), 5)
    with pytest.raises(RuntimeError):
        CALENDAR.bulk_between(days("2026-06-28"), np.array(["2026-06-28T23:30"], dtype="datetime64[s]"))


def test_a_missing_day_stays_missing_and_a_missing_count_is_refused() -> None:
    answers = CALENDAR.bulk_after(days("2026-09-07", "NaT", "2026-09-12"), 5)
    assert answers.tolist() == [day("2026-09-14"), None, day("2026-09-18")]
    assert CALENDAR.bulk_after(days("2012-01-01", "NaT"), 1).tolist() == [day("2012-01-03"), None]
    with pytest.raises(BadInput) as refusal:
        CALENDAR.bulk_between(days("2026-09-07", "NaT"), days("2026-09-14", "2026-09-14"))
    assert str(refusal.value) == "1 day is missing from what is to be counted. Leave those rows out as unknown."
    with pytest.raises(BadInput, match="2 days are missing"):
        CALENDAR.bulk_between(days("2026-09-07", "2026-09-07"), days("NaT", "NaT"))


def test_bulk_takes_any_shape_and_never_the_callers_array() -> None:
    assert CALENDAR.bulk_after(days(), 5).tolist() == []
    assert CALENDAR.bulk_between(days(), days()).tolist() == []
    square = days("2026-09-07", "2026-09-12", "2026-03-27", "2026-12-24").reshape(2, 2)
    kept = square.copy()
    answers = CALENDAR.bulk_after(square, 5)
    assert answers.shape == (2, 2) and answers[1, 1] == np.datetime64("2027-01-05")
    answers[:] = np.datetime64("NaT")
    assert (square == kept).all()
    assert CALENDAR.bulk_after(square[:, ::2], 5).tolist() == [[day("2026-09-14")], [day("2026-04-07")]]


def test_many_different_periods_are_all_right_and_the_tables_kept_stay_few() -> None:
    calendar = calendar_of()
    start = days("2026-09-07")
    for n in range(1, 200):
        assert calendar.bulk_after(start, n).tolist() == [calendar.after(day("2026-09-07"), n)]
        assert len(calendar._tables) <= 32
        assert calendar._table(n, deemed_next=False) is calendar._table(n, deemed_next=False)


# ----------------------------------------------------------------------------------------------------------- why


def test_why_names_each_skipped_day_and_says_it_in_plain_english() -> None:
    """Easter 2026: two bank holidays by name, weekends as weekends [lgsco:6.2]."""
    why = CALENDAR.why(day("2026-04-02"), 5)
    assert (why.start, why.n, why.day_one, why.due) == (day("2026-04-02"), 5, day("2026-04-07"), day("2026-04-13"))
    assert why.skipped == (
        (day("2026-04-03"), "Good Friday"),
        (day("2026-04-04"), "Saturday"),
        (day("2026-04-05"), "Sunday"),
        (day("2026-04-06"), "Easter Monday"),
        (day("2026-04-11"), "Saturday"),
        (day("2026-04-12"), "Sunday"),
    )
    assert why.closures == () and why.deemed_on is None and why.version == "test"
    assert why.words() == (
        "Received Thu 2 April 2026 (day 0). Day one is Tue 7 April 2026. Skipped: Fri 3 April 2026 (Good Friday), "
        "Sat 4 April 2026, Sun 5 April 2026, Mon 6 April 2026 (Easter Monday), Sat 11 April 2026, Sun 12 April 2026. "
        "5th working day: Mon 13 April 2026."
    )
    assert why.sentences("Acknowledged")[0] == "Acknowledged Thu 2 April 2026 (day 0)."


def test_why_says_so_when_no_day_was_skipped() -> None:
    why = CALENDAR.why(day("2026-09-07"), 1)
    assert why.skipped == ()
    assert why.words() == (
        "Received Mon 7 September 2026 (day 0). Day one is Tue 8 September 2026. No day was skipped. "
        "1st working day: Tue 8 September 2026."
    )


def test_why_tells_a_start_that_was_deemed_later() -> None:
    why = CALENDAR.why(day("2026-09-12"), 5, deemed_next=True)
    assert (why.deemed_on, why.day_one, why.due) == (day("2026-09-14"), day("2026-09-15"), day("2026-09-21"))
    assert [each for each, _ in why.skipped] == [day("2026-09-13"), day("2026-09-19"), day("2026-09-20")]
    assert why.sentences()[0] == "Received Sat 12 September 2026, counted as Mon 14 September 2026 (day 0)."
    strict = CALENDAR.why(day("2026-09-12"), 5)
    assert (strict.deemed_on, strict.day_one) == (None, day("2026-09-14"))


def test_a_holiday_on_a_weekend_is_shown_by_its_name() -> None:
    named = calendar_of((*HOLIDAYS, Holiday(on=day("2026-12-26"), name="Boxing Day")))
    assert (day("2026-12-26"), "Boxing Day") in named.why(day("2026-12-24"), 5).skipped
    assert named.after(day("2026-12-24"), 5) == CALENDAR.after(day("2026-12-24"), 5)


def test_closure_days_are_a_second_layer_shown_as_the_councils_own() -> None:
    """A closure counts only when passed, is named, and never hides a bank holiday (reading T22)."""
    closures = (
        Holiday(on=day("2026-12-25"), name="Christmas closure", kind="closure"),
        Holiday(on=day("2026-12-26"), name="Christmas closure", kind="closure"),
        Holiday(on=day("2026-12-29"), name="Christmas closure", kind="closure"),
        Holiday(on=day("2026-12-30"), name="Christmas closure", kind="closure"),
    )
    for holidays in ((*HOLIDAYS, *closures), (*closures, *HOLIDAYS)):
        closed = calendar_of(holidays)
        why = closed.why(day("2026-12-24"), 5)
        assert why.due == day("2027-01-07") and CALENDAR.after(day("2026-12-24"), 5) == day("2027-01-05")
        assert why.closures == (day("2026-12-29"), day("2026-12-30"))
        assert (day("2026-12-25"), "Christmas Day") in why.skipped
        said = "Closure days of the council among them: Tue 29 December 2026, Wed 30 December 2026."
        assert said in why.sentences()


def test_a_day_says_why_it_is_not_worked() -> None:
    assert CALENDAR.name_of(day("2026-09-07")) is None
    assert CALENDAR.name_of(day("2026-09-12")) == "Saturday"
    assert CALENDAR.name_of(day("2026-09-13")) == "Sunday"
    assert CALENDAR.name_of(day("2026-05-04")) == "Early May bank holiday"


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (111, "111th"), (121, "121st")],
)  # fmt: skip
def test_places_are_said_as_english_says_them(n: int, said: str) -> None:
    assert CALENDAR.why(day("2026-01-05"), n).sentences()[-1].startswith(f"{said} working day: ")


# ----------------------------------------------------------------------- clock change, leap day, year end, months


def test_the_clock_change_takes_and_gives_no_day() -> None:
    """Clocks change on Sun 29 March and Sun 25 October 2026: days are counted, not hours."""
    assert CALENDAR.after(day("2026-03-27"), 1) == day("2026-03-30")
    assert CALENDAR.after(day("2026-03-29"), 1) == day("2026-03-30")
    assert CALENDAR.after(day("2026-10-23"), 1) == CALENDAR.after(day("2026-10-25"), 1) == day("2026-10-26")


def test_a_leap_day_is_a_day_like_any_other() -> None:
    assert CALENDAR.after(day("2024-02-28"), 1) == day("2024-02-29")
    assert CALENDAR.after(day("2024-02-28"), 2) == CALENDAR.after(day("2024-02-29"), 1) == day("2024-03-01")
    assert CALENDAR.after(day("2023-02-28"), 1) == day("2023-03-01")
    assert CALENDAR.after(day("2028-02-28"), 1) == day("2028-02-29")


def test_the_count_runs_over_the_end_of_a_year() -> None:
    assert CALENDAR.after(day("2027-12-24"), 1) == day("2027-12-29")
    assert CALENDAR.after(day("2027-12-31"), 1) == day("2028-01-04")
    assert CALENDAR.after(day("2021-12-24"), 5) == day("2022-01-05")


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-01", 12, "2026-12-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-03-31", 0, "2026-03-31"),
        ("9998-12-31", 12, "9999-12-31"),
        ("0002-01-01", -12, "0001-01-01"),
    ],
)
def test_months_keep_the_day_or_end_with_the_shorter_month(start: str, n: int, end: str) -> None:
    """Twelve months are calendar months and 29 February ends on the 28th (T19) [lgsco:2.2]."""
    assert months_after(day(start), n) == day(end)


@pytest.mark.parametrize(("start", "n"), [("9999-01-01", 12), ("0001-01-01", -1), ("2026-01-01", 10**9)])
def test_months_past_the_last_year_there_is_are_refused(start: str, n: int) -> None:
    with pytest.raises(BadInput, match=r"^[-0-9,]+ months? from .* is no date. Check that the date is right.$"):
        months_after(day(start), n)


def test_dates_are_said_without_a_leading_nought() -> None:
    assert day_words(day("2026-04-02")) == "Thu 2 April 2026"


# ------------------------------------------------------------------------------------------------- never changes


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CALENDAR.last = day("2030-12-31")  # type: ignore[misc]
    made = calendar_of()
    assert made.version == "test" and made._nth_array.dtype == np.dtype("datetime64[D]")
    for array in (made._upto_array, made._nth_array, made._table(5, deemed_next=False)):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    given = list(HOLIDAYS)
    calendar = WorkingDays.of(given, first=FIRST, last=LAST, version="test")
    given.append(Holiday(on=day("2026-09-08"), name="Added to the list afterwards"))
    assert calendar.is_working(day("2026-09-08"))


def test_holidays_outside_the_table_are_left_aside() -> None:
    first, last = day("2026-01-01"), day("2026-12-31")
    inside = calendar_of(first=first, last=last)
    assert inside.after(day("2026-04-02"), 5) == CALENDAR.after(day("2026-04-02"), 5)
    assert inside.between(first, last) == CALENDAR.between(first, last)


def test_a_calendar_without_closures_is_of_the_same_version_and_days() -> None:
    """So that whoever reads a date counted on it knows which list it came from."""
    bare = CALENDAR.without_closures()
    assert (bare.version, bare.first, bare.last) == (CALENDAR.version, CALENDAR.first, CALENDAR.last)


def test_eight_threads_share_one_new_calendar_and_agree() -> None:
    """No lock: tables are filled by whoever comes first, and each thread gets the same answers."""
    calendar = calendar_of()
    starts = np.arange("2015-01-01", "2028-01-01", dtype="datetime64[D]")

    def work(seat: int) -> list[object]:
        periods = [1 + (seat * 7 + step) % 60 for step in range(120)]
        by_period = {n: calendar.bulk_after(starts, n).tolist() for n in periods}
        return [by_period[n] for n in sorted(by_period)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    expected = [CALENDAR.bulk_after(starts, n).tolist() for n in range(1, 61)]
    assert all(each == expected for each in answers)


def test_a_calendar_goes_to_another_process_whole() -> None:
    copy = pickle.loads(pickle.dumps(CALENDAR))  # noqa: S301 - our own bytes
    assert copy.after(day("2026-04-02"), 5) == day("2026-04-13")
    assert repr(copy) == repr(CALENDAR) and "version='test'" in repr(CALENDAR)
