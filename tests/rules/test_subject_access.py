"""Whose data a piece is likely to be, and what is likely done with it: suggestions, for a person to decide."""

from __future__ import annotations

from datetime import date

import pytest

from core.rules.subject_access import PieceFacts, Ruling, Stop, Whose, answer_by, likely_ruling, likely_whose
from tests.rules.calendars import published

NOTHING = {
    "by_requester": False, "by_officer": False, "names_requester": False, "names_others": False,
    "names_officers": False, "on_own_record": False,
}  # fmt: skip


def whose(*known: str) -> Whose:
    return likely_whose(PieceFacts(**(NOTHING | dict.fromkeys(known, True))))


@pytest.mark.parametrize(
    ("known", "likely"),
    [
        ((), Whose.NOBODY),
        (("by_requester",), Whose.REQUESTER),
        (("by_requester", "names_officers"), Whose.REQUESTER),
        (("by_officer", "names_requester"), Whose.REQUESTER),
        (("by_officer", "names_requester", "names_officers"), Whose.MIXED),
        (("names_requester", "names_others"), Whose.MIXED),
        (("by_requester", "names_others"), Whose.MIXED),
        (("by_officer", "names_others"), Whose.OTHER),
        (("by_officer",), Whose.OFFICER),
        (("names_officers",), Whose.OFFICER),
        (("by_officer", "on_own_record"), Whose.REQUESTER),
        (("by_officer", "on_own_record", "names_officers"), Whose.OFFICER),
        (("by_officer", "on_own_record", "names_others"), Whose.MIXED),
    ],
)
def test_whose_data_a_piece_is_follows_from_writer_and_names(known: tuple[str, ...], likely: Whose) -> None:
    assert whose(*known) is likely


def test_what_others_are_in_is_looked_at_and_what_is_nobodys_stays() -> None:
    assert {each: likely_ruling(each) for each in Whose} == {
        Whose.REQUESTER: Ruling.DISCLOSE, Whose.MIXED: Ruling.REDACT, Whose.OFFICER: Ruling.DISCLOSE,
        Whose.OTHER: Ruling.WITHHOLD, Whose.NOBODY: Ruling.WITHHOLD,
    }  # fmt: skip


def on(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def due(received: str, *stops: tuple[str, str | None], proved: str | None = None, extended: bool = False) -> str:
    """The day of the answer, from days as they are written."""
    stood = [Stop(since=date.fromisoformat(since), until=on(until)) for since, until in stops]
    known = {"extended": extended, "calendar": published(), "stops": stood}
    return answer_by(date.fromisoformat(received), on(proved), **known).isoformat()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "stops", "expected"),
    [
        ("2026-08-31", (), "2026-09-30"),  # a shorter month ends it on its last day
        ("2027-01-31", (), "2027-03-01"),  # 28 February is a Sunday
        ("2027-01-29", (("2027-02-01", "2027-02-02"),), "2027-03-01"),  # one day more, from the 28th on
        ("2027-01-31", (("2027-02-01", "2027-02-11"),), "2027-03-10"),  # ten days after 28 February
        ("2026-08-31", (("2026-09-29", "2026-09-30"),), "2026-10-01"),  # into the next month
        ("2026-08-31", (("2026-09-10", "2026-09-10"),), "2026-09-30"),  # answered the same day: nothing is added
        ("2026-08-31", (("2026-09-10", None),), "2026-09-30"),  # not over: nothing yet
        ("2026-08-31", (("2026-09-01", "2026-09-03"), ("2026-09-10", "2026-09-13")), "2026-10-05"),  # both together
        ("2026-11-25", (("2026-11-26", "2026-11-27"),), "2026-12-29"),  # past Christmas and Boxing Day's substitute
    ],
)
def test_the_days_of_a_question_are_added_to_the_months_last_one(
    received: str, stops: tuple[tuple[str, str | None], ...], expected: str
) -> None:
    assert due(received, *stops) == expected


def test_days_before_the_month_begins_are_counted_once() -> None:
    """A question before the proof of identity adds only what lies after it, and three months are moved alike."""
    assert due("2026-08-31", ("2026-09-01", "2026-09-03"), proved="2026-09-04") == "2026-10-05"
    assert due("2026-08-31", ("2026-09-01", "2026-09-09"), proved="2026-09-04") == "2026-10-09"
    assert due("2026-08-31", ("2026-09-01", "2026-09-04"), extended=True) == "2026-12-03"
