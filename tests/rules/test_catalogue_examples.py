"""The worked examples, counted again by another hand: numpy's business days, from what each example is given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.code.catalogue import PERIODS, WATCH, WORKED_EXAMPLES, timescale
from core.code.example_shapes import Given, GivenExtension, WorkedExample

TODAY = date(2026, 11, 22)

HOLIDAYS = [
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
]  # fmt: skip


class CountedAgain:
    """Every value an example may expect, counted by numpy from what is given: a second opinion on the data."""

    def __init__(self, example: WorkedExample) -> None:
        given = self.given = example.given
        extra = [*(given.closure_days or ())] if given.closure_days_skip else []
        extra += [given.added_holiday] if given.added_holiday else []
        self.calendar = np.busdaycalendar(holidays=[*HOLIDAYS, *(day.isoformat() for day in extra)])
        moment = given.received_at
        self.received = moment.astimezone(ZoneInfo("Europe/London")).date() if moment else given.received
        assert self.received is not None

    def after(self, day: date, key: str) -> date:
        count = timescale(key, on=TODAY).value
        return np.busday_offset(day, count, roll="backward", busdaycal=self.calendar).astype(date)

    def stage(self, received: date, given: dict[str, object], name: str) -> dict[str, object]:
        """One stage: its dates by name, and how its two duties stand."""
        start = received
        if self.given.weekend_receipt_lenient:
            start = np.busday_offset(received, 0, roll="forward", busdaycal=self.calendar).astype(date)
        due = self.after(start, f"acknowledge_{name}")
        sent = given["acknowledged"]
        assert sent is None or isinstance(sent, date)
        anchor = sent if sent and self.given.late_acknowledgement_buys_time else min(sent or due, due)
        respond = self.after(anchor, f"respond_{name}")
        limit = self.after(respond, f"extend_{name}")
        literal = self.after(sent or due, f"respond_{name}")
        reached = respond
        extensions = given["extensions"] or ()
        assert isinstance(extensions, tuple)
        for extension in extensions:
            assert isinstance(extension, GivenExtension)
            if extension.told <= reached and (extension.to <= limit or extension.good_reason):
                reached = extension.to
        done = max(sent, given["logged"] or sent) if sent else None
        return {
            "acknowledge_by": due,
            "acknowledgement_met": "open" if done is None else "in_time" if done <= due else "late",
            "respond_by": respond,
            "literal_respond_by": literal,
            "act_by": min(reached, given["promised"] or reached),
            "extend_to_at_most": limit,
            "literal_extend_to_at_most": self.after(literal, f"extend_{name}"),
            "within_limit": not extensions or extensions[-1].to <= limit,
            "met": self.verdict(given["responded"], respond=respond, reached=reached),
        }

    def verdict(self, answered: object, *, respond: date, reached: date) -> str:
        if isinstance(answered, date):
            return "in_time" if answered <= respond else "extended" if answered <= reached else "late"
        return "open"

    def refusal(self, one: dict[str, object]) -> dict[str, object]:
        """A refusal takes the place of what was still owed and is counted by itself."""
        refused, taken = self.given.refused, self.given.acknowledged is not None
        by = one["act_by"] if taken else one["acknowledge_by"]
        assert isinstance(refused, date) and isinstance(by, date) and isinstance(one["act_by"], date)
        return {
            "refuse_by": by,
            "refusal_met": "in_time" if refused <= by else "late",
            "acknowledgement_met": one["acknowledgement_met"] if taken else "void",
            "met": "void" if refused <= one["act_by"] else "late",
        }

    def everything(self) -> dict[str, object]:
        given, received = self.given, self.received
        one = self.stage(received, _stage_one(given), "stage_one")
        if one["met"] == "open" and given.stage_two_requested:
            one["met"] = "late"
        if one["met"] == "open" and given.withdrawn:
            one["met"] = "void" if given.withdrawn <= one["act_by"] else "late"
        if given.refused:
            one |= self.refusal(one)
        if given.acknowledgement_possible is False:
            one["acknowledgement_met"] = "void"
        two = {}
        if given.stage_two_requested:
            two = self.stage(given.stage_two_requested, _stage_two(given), "stage_two")
        until = self.accept_until()
        return {
            **one,
            **{f"stage_two_{key}": value for key, value in two.items()},
            "received_on": received,
            "accept_until": until,
            "in_time": until is None or received <= until,
            "joins_stage_one": self.joins(),
            "whole_case_amber": received + timedelta(weeks=WATCH["whole_case_amber"].value),
            "whole_case_red": received + timedelta(weeks=WATCH["whole_case_red"].value),
            "calendar_ends": bool(given.holidays_published_to and one["acknowledge_by"] > given.holidays_published_to),
        }

    def accept_until(self) -> date | None:
        known = [day for day in (self.given.issue, self.given.aware) if day]
        if not known:
            return None
        month = np.datetime64(max(known), "M") + timescale("accept_within", on=TODAY).value
        last = (month + 1).astype("datetime64[D]") - 1
        return min(month.astype("datetime64[D]") + (max(known).day - 1), last).astype(date)

    def joins(self) -> bool:
        answered = self.given.responded and self.given.point_raised and self.given.responded <= self.given.point_raised
        return bool(self.given.point_related and not self.given.point_delays and not answered)


def _stage_one(given: Given) -> dict[str, object]:
    names = ("acknowledged", "logged", "promised", "extensions", "responded")
    return {name: getattr(given, name) for name in names}


def _stage_two(given: Given) -> dict[str, object]:
    names = ("acknowledged", "extensions", "responded")
    return {"logged": None, "promised": None, **{name: getattr(given, f"stage_two_{name}") for name in names}}


@pytest.mark.parametrize("example", WORKED_EXAMPLES.values(), ids=lambda example: example.id)
def test_each_worked_example_is_counted_again_with_the_same_result(example: WorkedExample) -> None:
    counted = CountedAgain(example).everything()
    expected = example.expect.stated()
    assert {name: counted[name] for name in expected} == expected


def test_the_plain_paths_v1_to_v11_are_all_there() -> None:
    assert {f"V{number}" for number in range(1, 12)} <= set(WORKED_EXAMPLES)


def test_examples_cover_every_period_of_the_code() -> None:
    worked = {key for example in WORKED_EXAMPLES.values() for key in example.clauses}
    assert {period.clause for period in PERIODS.values()} <= worked


def test_an_example_tells_only_what_it_is_given() -> None:
    assert WORKED_EXAMPLES["V5"].given.stated() == {"received": date(2026, 9, 7), "acknowledged": date(2026, 9, 7)}


def test_a_moment_in_an_example_is_universal_time() -> None:
    assert WORKED_EXAMPLES["T34"].given.received_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
