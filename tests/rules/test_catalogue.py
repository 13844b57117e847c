"""The Code as data: complete, in order, citing only what exists, and refused with a sentence when malformed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import core.code
from core.code.catalogue import (
    CLAUSES,
    LETTERS,
    PARTS,
    PERIODS,
    READINGS,
    SCHEMES,
    SECTIONS,
    USING,
    WATCH,
    Clause,
    DatedValue,
    cited,
    clause,
    letter,
    reading,
    timescale,
)
from core.errors import BadInput, NotFound

FOLDER = Path(core.code.__file__).parent
PER_SECTION = {1: 8, 2: 5, 3: 8, 4: 3, 5: 11, 6: 22, 7: 5, 8: 3, 9: 8}
BEFORE, FIRST, TODAY = date(2024, 3, 31), date(2024, 4, 1), date(2026, 11, 22)


# ------------------------------------------------------------------------------------------------ what the Code holds


def test_all_73_clauses_are_held_section_by_section() -> None:
    held = {number: sum(each.section == number for each in CLAUSES.values()) for number in SECTIONS}
    assert held == PER_SECTION
    assert len(CLAUSES) == 73


def test_two_clauses_say_must_five_only_state_and_the_rest_say_should() -> None:
    by_force = {force: [key for key, each in CLAUSES.items() if each.force == force] for force in ("must", "states")}
    assert by_force["must"] == ["lgsco:3.1", "lgsco:5.6"]
    assert by_force["states"] == ["lgsco:1.2", "lgsco:1.3", "lgsco:1.4", "lgsco:6.20", "lgsco:6.22"]
    assert sum(each.force == "should" for each in CLAUSES.values()) == 66


def test_the_shape_itself_is_enforced_for_stages_the_empty_request_and_the_final_response() -> None:
    assert {key for key, each in CLAUSES.items() if each.structure} == {
        "lgsco:5.2",
        "lgsco:6.13",
        "lgsco:6.18",
        "lgsco:6.20",
    }


def test_lettered_parts_have_keys_of_their_own() -> None:
    letters = {
        number: "".join(part.key[-1] for part in CLAUSES[f"lgsco:{number}"].parts)
        for number in ("5.4", "6.18", "8.1", "9.7")
    }
    assert letters == {"5.4": "abcde", "6.18": "abcdefg", "8.1": "abcdef", "9.7": "abc"}
    assert len(PARTS) == 5 + 7 + 6 + 3


@pytest.mark.parametrize("each", [*CLAUSES.values(), *USING.values()], ids=lambda each: each.key)
def test_a_gist_is_one_to_three_whole_sentences(each: Clause) -> None:
    assert 1 <= len(re.findall(r"[.](?:\s|$)", each.gist)) <= 3
    assert each.gist.endswith(".")


def test_a_clause_is_either_met_or_says_what_the_council_does_meanwhile() -> None:
    for each in (*CLAUSES.values(), *USING.values()):
        assert (each.where is None) != (each.not_yet is None)
        assert each.met == (each.where is not None)
        assert each.answer == (each.how if each.met else each.not_yet)
    assert clause("lgsco:6.14").where == "core.rules.s6_stages.someone_new_at_stage_two"
    assert clause("lgsco:8.1").met and not clause("lgsco:3.1").met


def test_no_text_speaks_of_anything_but_the_words_of_the_code() -> None:
    unwelcome = re.compile(r"\b(tickets?|customers?|SLAs?|stage 0|informal complaints?|complainants?)\b", re.IGNORECASE)
    for file in FOLDER.glob("*.toml"):
        assert not unwelcome.findall(file.read_text(encoding="utf-8")), file.name


def test_a_part_answers_with_its_clause_and_an_unknown_key_is_refused() -> None:
    assert clause("lgsco:6.18g") is CLAUSES["lgsco:6.18"]
    assert clause("lgsco:using.1").section == 0
    assert clause("lgsco:6.18").number == "6.18"
    assert cited("lgsco:5.4a")
    assert not cited("hos:6.13")
    with pytest.raises(NotFound, match=r"no clause 6\.18.*lgsco:6\.15"):
        clause("6.18")


# ------------------------------------------------------------------------------------------------------------ periods


@pytest.mark.parametrize(
    ("key", "value", "unit", "anchor", "clause_key"),
    [
        ("accept_within", 12, "months", "issue_or_awareness", "lgsco:2.2"),
        ("acknowledge_stage_one", 5, "working_days", "received", "lgsco:6.2"),
        ("respond_stage_one", 10, "working_days", "acknowledged", "lgsco:6.3"),
        ("extend_stage_one", 10, "working_days", "respond_by", "lgsco:6.4"),
        ("acknowledge_stage_two", 5, "working_days", "requested", "lgsco:6.12"),
        ("respond_stage_two", 20, "working_days", "acknowledged", "lgsco:6.15"),
        ("extend_stage_two", 20, "working_days", "respond_by", "lgsco:6.16"),
    ],
)
def test_the_seven_periods_are_the_codes(key: str, value: int, unit: str, anchor: str, clause_key: str) -> None:
    held = timescale(key, on=FIRST)
    assert (held.value, held.unit, held.anchor, held.clause, held.since) == (value, unit, anchor, clause_key, FIRST)
    assert held.source.endswith(clause_key.removeprefix("lgsco:"))
    assert len(PERIODS) == 7


def test_the_day_before_the_code_applied_has_no_period() -> None:
    with pytest.raises(BadInput, match=r"answer stage 1 applies from Mon 1 April 2024; there is none for Sun 31 March"):
        timescale("respond_stage_one", on=BEFORE)


def test_older_history_may_be_measured_by_the_first_value_as_a_yardstick() -> None:
    assert timescale("respond_stage_one", on=BEFORE, yardstick=True) == timescale("respond_stage_one", on=FIRST)


def test_a_period_the_code_does_not_have_is_refused() -> None:
    with pytest.raises(NotFound, match="no period respond_stage_three"):
        timescale("respond_stage_three", on=TODAY)


def test_a_later_value_applies_from_its_own_day_only(monkeypatch: pytest.MonkeyPatch) -> None:
    held = PERIODS["respond_stage_one"]
    later = DatedValue(since=date(2027, 4, 1), value=15, source="A later Code")
    changed = {**PERIODS, held.key: replace(held, values=(*held.values, later))}
    monkeypatch.setattr("core.code.catalogue.PERIODS", changed)
    assert timescale(held.key, on=date(2027, 3, 31)).value == 10
    assert timescale(held.key, on=date(2027, 4, 1)).value == 15
    assert timescale(held.key, on=BEFORE, yardstick=True).value == 10


def test_the_whole_case_flags_are_ours_and_say_so() -> None:
    assert {key: (flag.value, flag.unit, flag.reading) for key, flag in WATCH.items()} == {
        "whole_case_amber": (8, "weeks", "R33"),
        "whole_case_red": (12, "weeks", "R33"),
        "wording_stale": (12, "months", "R38"),
    }


# --------------------------------------------------------------------------------------- letters, readings and schemes


def test_the_final_response_carries_the_seven_things_in_their_order_and_is_refused_without() -> None:
    final = letter("final_response")
    assert [(content.key, content.clause) for content in final.contents] == [
        ("stage", "lgsco:6.18a"),
        ("understanding", "lgsco:6.18b"),
        ("decision", "lgsco:6.18c"),
        ("reasons", "lgsco:6.18d"),
        ("remedy", "lgsco:6.18e"),
        ("outstanding_actions", "lgsco:6.18f"),
        ("ombudsman", "lgsco:6.18g"),
    ]
    assert final.refused_without


def test_refusals_are_refused_without_their_contents_and_other_letters_ask_for_a_reason() -> None:
    assert {key for key, each in LETTERS.items() if each.refused_without} == {
        "final_response",
        "refusal",
        "refused_escalation",
    }


def test_each_letter_holds_what_its_clauses_ask_for() -> None:
    contents = {key: [content.key for content in each.contents] for key, each in LETTERS.items()}
    assert contents["acknowledgement"] == ["understanding", "outcomes_sought", "handler", "response_date"]
    assert contents["acknowledgement_stage_two"] == ["outstanding_issues", "outcomes_sought"]
    assert contents["extension_stage_one"] == contents["extension_stage_two"] == ["new_date", "reason", "ombudsman"]
    assert contents["stage_one_response"] == [
        "decision",
        "reasons",
        "points_answered",
        "responsibility",
        "how_to_escalate",
    ]
    assert contents["refused_escalation"] == ["reasons", "ombudsman"]
    assert {"receipt", "delay_notice", "clarification", "undeliverable_remedy", "restriction"} < set(contents)
    assert {"route_elsewhere", "unable_to_comply", "update", "introduction"} < set(contents)


def test_the_ombudsman_is_named_at_each_moment_the_code_asks_for_it() -> None:
    naming = {key for key, each in LETTERS.items() if each.names_ombudsman}
    assert naming == {
        "extension_stage_one",
        "extension_stage_two",
        "delay_notice",
        "final_response",
        "refusal",
        "refused_escalation",
        "undeliverable_remedy",
        "restriction",
        "unable_to_comply",
    }


def test_an_unknown_letter_or_reading_is_refused_with_the_choice() -> None:
    with pytest.raises(NotFound, match="no letter of the kind invoice.*final_response"):
        letter("invoice")
    with pytest.raises(NotFound, match=f"R1 to R{len(READINGS)}"):
        reading("R99")


def test_readings_name_the_setting_that_changes_them() -> None:
    settings = {each.setting: key for key, each in READINGS.items() if each.setting is not None}
    assert settings == {
        "weekend_receipt_lenient": "R2",
        "late_acknowledgement_buys_time": "R6",
        "closure_days_skip": "R22",
    }
    assert reading("R6").example == "V6"


def test_both_codes_have_two_stages_and_name_their_ombudsman() -> None:
    codes = {key: each for key, each in SCHEMES.items() if each.regime == "code"}
    assert set(codes) == {"lgsco", "hos"}
    assert {each.stages for each in codes.values()} == {2}
    ours = codes["lgsco"].ombudsman
    assert ours is not None
    assert (ours.post, ours.phone, ours.web) == ("PO Box 4771, Coventry CV4 0EH", "0300 061 0614", "www.lgo.org.uk")


def test_the_twin_codes_numbers_are_never_bare() -> None:
    assert SCHEMES["hos"].renumbered["lgsco:6.13"] == "hos:6.12"
    assert SCHEMES["hos"].renumbered["lgsco:2.2"] == "hos:2.3"


def test_routes_elsewhere_hold_their_clocks_as_data() -> None:
    clocks = {key: {clock.key: clock for clock in each.clocks} for key, each in SCHEMES.items()}
    panel = clocks["children_statutory"]
    assert [panel[key].n for key in ("child_respond_one", "child_respond_two", "child_respond_two_at_most")] == [
        10,
        25,
        65,
    ]
    assert clocks["public_health"]["health_respond"].inclusive
    data = clocks["data_protection"]["data_acknowledge"]
    assert (data.n, data.unit, data.inclusive, data.roll) == (30, "calendar_days", False, "next_working_day")
    (boxing,) = SCHEMES["children_statutory"].extra_days_off
    assert (boxing.name, boxing.month, boxing.day) == ("Boxing Day", 12, 26)
