"""The council's own policy: the Code's periods unless the council decided otherwise, and every difference listed."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime
from typing import Any

import pytest

from core.code.catalogue import PERIODS, READINGS, timescale
from core.code.policy import CODE_POLICY, SETTINGS, Departure, Policy
from core.errors import BadInput, NotFound

FROM = date(2026, 4, 1)
RESOLUTION = "Cabinet of Sampleford Council, 12 March 2026, minute 41"


def policy(**changes: Any) -> Policy:
    return Policy(**{"name": "Sampleford policy", "resolution": RESOLUTION, "in_force_from": FROM, **changes})


@pytest.mark.parametrize("key", PERIODS)
def test_the_code_policy_is_the_code_unchanged(key: str) -> None:
    assert CODE_POLICY.period(key) == timescale(key, on=date(2026, 11, 22))
    assert CODE_POLICY.departures() == ()


def test_a_policy_without_periods_of_its_own_has_the_codes_and_departs_in_nothing() -> None:
    plain = policy(resolution="")
    assert [plain.period(key) for key in PERIODS] == [CODE_POLICY.period(key) for key in PERIODS]
    assert plain.departures() == ()


def test_a_period_of_the_councils_own_keeps_the_clause_and_names_the_resolution() -> None:
    own = policy(periods={"respond_stage_one": 15}).period("respond_stage_one")
    assert (own.value, own.clause, own.unit, own.anchor) == (15, "lgsco:6.3", "working_days", "acknowledged")
    assert (own.source, own.since) == (RESOLUTION, FROM)


def test_other_periods_stay_the_codes() -> None:
    assert policy(periods={"respond_stage_one": 15}).period("respond_stage_two") == CODE_POLICY.period(
        "respond_stage_two"
    )


def test_each_period_that_differs_is_listed_with_clause_and_difference() -> None:
    longer, shorter = policy(periods={"respond_stage_one": 15, "acknowledge_stage_two": 1}).departures()
    assert longer == Departure(
        key="respond_stage_one",
        clause="lgsco:6.3",
        sentence="Answer stage 1: 15 working days in Sampleford policy, 10 working days in the Code.",
        source=RESOLUTION,
        unit="working_days",
        code_value=10,
        own_value=15,
        difference=5,
    )
    assert (shorter.clause, shorter.difference) == ("lgsco:6.12", -4)
    assert "1 working day in Sampleford policy, 5 working days in the Code" in shorter.sentence


def test_a_period_equal_to_the_codes_is_no_departure() -> None:
    same = policy(periods={"respond_stage_one": 10}, resolution="")
    assert same.departures() == ()
    assert same.period("respond_stage_one").source == "Sampleford policy"


def test_a_departure_without_a_resolution_is_refused() -> None:
    with pytest.raises(BadInput, match=r"departs from the Code \(respond_stage_one\) and names no resolution"):
        policy(periods={"respond_stage_one": 15}, resolution="  ")


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_changes_a_reading_is_listed_with_the_reading(setting: str) -> None:
    (found,) = policy(**{setting: True}).departures()
    assert found.key == setting
    assert found.reading is not None
    assert READINGS[found.reading].setting == setting
    assert found.clause in READINGS[found.reading].clauses
    assert (
        found.sentence
        == f"{READINGS[found.reading].title} (reading {found.reading}): Sampleford policy decides otherwise."
    )
    assert found.difference is None


def test_settings_are_off_unless_the_council_turns_them_on() -> None:
    assert [getattr(CODE_POLICY, setting) for setting in SETTINGS] == [False, False, False]


def test_a_policy_older_than_the_code_is_measured_by_its_first_values() -> None:
    old = policy(in_force_from=date(2019, 1, 1), periods={"respond_stage_two": 25})
    assert old.period("respond_stage_one").value == 10
    assert [departure.difference for departure in old.departures()] == [5]


def test_a_third_stage_cannot_be_set() -> None:
    with pytest.raises(
        BadInput, match=r"respond_stage_three is not a period of the Code, which has exactly two stages"
    ):
        policy(periods={"respond_stage_three": 10})
    with pytest.raises(TypeError, match="stages"):
        policy(stages=3)


@pytest.mark.parametrize("value", [0, -5, True, 7.5, "10", None])
def test_only_a_whole_number_above_zero_is_a_period(value: object) -> None:
    with pytest.raises(BadInput, match="Give a whole number above zero") as refused:
        policy(periods={"acknowledge_stage_one": value})
    assert set(refused.value.fields) == {"acknowledge_stage_one"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("in_force_from", datetime(2026, 4, 1)),  # noqa: DTZ001 - a moment where a day belongs is the point
        ("in_force_from", "2026-04-01"),
        ("closure_days_skip", "no"),
        ("weekend_receipt_lenient", 1),
    ],
)
def test_wrong_facts_are_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(BadInput) as refused:
        policy(**{field: value})
    assert set(refused.value.fields) == {field}


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        policy(name="", periods={"nonsense": 3, "extend_stage_one": 0})
    assert set(refused.value.fields) == {"name", "nonsense", "extend_stage_one"}


def test_an_unknown_period_is_refused_with_the_choice() -> None:
    with pytest.raises(NotFound, match="no period appeal.*respond_stage_two"):
        CODE_POLICY.period("appeal")


def test_a_policy_is_frozen_and_keeps_its_own_copy_of_the_periods() -> None:
    given = {"respond_stage_one": 15}
    held = policy(periods=given)
    given["respond_stage_one"] = 99
    assert held.period("respond_stage_one").value == 15
    assert [departure.own_value for departure in held.departures()] == [15]
    with pytest.raises(FrozenInstanceError):
        held.name = "Other"  # type: ignore[misc]


def test_a_policy_can_be_compared_hashed_copied_sent_to_another_process_and_changed_into_another() -> None:
    held = policy(periods={"respond_stage_one": 15}, closure_days_skip=True)
    sent = pickle.loads(pickle.dumps(held))  # noqa: S301 - our own object, made one line above
    assert sent == held == copy.deepcopy(held)
    assert hash(sent) == hash(held)
    assert sent.period("respond_stage_one").value == 15
    assert replace(held, periods={"respond_stage_one": 12}).period("respond_stage_one").value == 12
    assert held != policy(periods={"respond_stage_one": 12}, closure_days_skip=True)


def test_asking_twice_answers_with_the_same_object() -> None:
    assert CODE_POLICY.period("respond_stage_one") is CODE_POLICY.period("respond_stage_one")
