"""Section 7: what an offer must say, how a remedy stands, and what is owed about it until its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.code.policy import CODE_POLICY
from core.code.reading_files import CatalogueBroken
from core.code.remedies import REMEDIES, load_remedies
from core.errors import BadInput, CalendarEnds
from core.rules.duties import TITLES, Duty, duties_of
from core.rules.facts import CaseFacts, ExtensionFacts, RemediesFacts, RemedyFacts, StageFacts, StageNumber, Standing
from core.rules.s7_remedies import (
    BEGAN,
    DELIVER,
    DONE_TITLES,
    UPDATE_ON_REMEDIES,
    RemedyState,
    day_named,
    impact_set_out,
    is_complete,
    paid_in_full,
    pence_of,
    state_of,
    told_by_letter,
)
from tests.rules.calendars import published

S = Standing
RECEIVED, ACKNOWLEDGED, ANSWERED = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 24)
WEEKS = timedelta(weeks=REMEDIES.follow_up.every_weeks)
FIRST_UPDATE = ANSWERED + WEEKS
DUE = ANSWERED + 3 * WEEKS
ONE = StageFacts(number=StageNumber.ONE, received_on=RECEIVED, acknowledged_on=ACKNOWLEDGED, responded_on=ANSWERED)
TWO = StageFacts(number=StageNumber.TWO, received_on=FIRST_UPDATE + timedelta(days=3))
REMEDY = RemedyFacts(number=1, offered_on=ACKNOWLEDGED, due_on=DUE, owner_id=7)


def owed(*remedies: RemedyFacts, heard: tuple[date, ...] = (), **case: Any) -> dict[tuple[int, str, int], Duty]:
    facts = CaseFacts(**{"one": ONE, **case}, remedies=RemediesFacts(each=remedies, heard_on=heard))
    found = duties_of(facts, policy=CODE_POLICY, calendar=published())
    return {duty.key: duty for duty in found if duty.kind in (DELIVER, UPDATE_ON_REMEDIES)}


def update(*remedies: RemedyFacts, stage: int = 1, **more: Any) -> Duty | None:
    return owed(*remedies, **more).get((stage, UPDATE_ON_REMEDIES, 0))


# ----------------------------------------------------------------------------------------------- the kinds, and offers


def test_7_1_the_eight_kinds_are_those_of_the_code_and_no_sum_stands_beside_them() -> None:
    assert [*REMEDIES.kinds] == [
        "apology", "acknowledgement", "explanation", "delay", "decision", "record", "money", "practice",
    ]  # fmt: skip
    assert [*REMEDIES.money] == ["reimbursement", "quantifiable_loss", "distress", "time_and_trouble"]
    told = [text for kind in REMEDIES.kinds.values() for text in (kind.title, kind.help)]
    assert not any(character.isdigit() or character == "£" for text in told for character in text)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('key = "practice"', 'key = "apology"', "stands twice"),
        ('key = "money"\ntitle = "Money"', 'key = "cash"\ntitle = "Money"', "apology and money among them"),
        ("every_weeks = 4", "every_weeks = 0", "every_weeks"),
        ("[follow_up]", "[[follow_up]]", "`key` is missing"),
    ],
)
def test_a_broken_list_of_remedies_is_named(tmp_path: Any, was: str, becomes: str, said: str) -> None:
    from core.code import remedies

    text = (remedies.Path(remedies.__file__).with_name("remedies.toml")).read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "remedies.toml").write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=said):
        load_remedies(tmp_path)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("", None), ("  ", None), ("150", 15_000), ("£150", 15_000), ("£ 150.50", 15_050), ("0.01", 1),
        ("1,250", 125_000), ("12,345,678.90", 1_234_567_890), ("1234567", 123_456_700),
    ],
)  # fmt: skip
def test_7_1_a_sum_is_kept_to_the_penny(typed: str, pence: int | None) -> None:
    assert pence_of(typed, field="pounds") == pence


@pytest.mark.parametrize(
    "typed", ["0", "0.00", "-5", "150.5", "1,50", "1.000,00", "12,34", "ten", "150 pounds", "1e3", "12345678", "٣"]
)
def test_7_1_what_is_no_sum_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput, match=r"no sum of money\. Write pounds") as caught:
        pence_of(typed, field="pounds")
    assert caught.value.fields == {"pounds": "Write it like 150 or 150.50."}


@pytest.mark.parametrize(
    ("impact", "upheld", "asks"),
    [("", True, True), ("  ", True, True), ("A month of trips.", True, False), ("", False, False)],
)
def test_7_2_a_remedy_for_a_fault_says_what_the_fault_did(impact: str, upheld: bool, asks: bool) -> None:
    found = impact_set_out(impact, upheld=upheld)
    sentence = (
        "The finding is upheld, and the remedy does not say what the fault did to the individual. "
        "Write the impact, or record why none is written."
    )
    said = [(each.clause, each.force, each.sentence) for each in found]
    assert said == ([("lgsco:7.2", "should", sentence)] if asks else [])


def test_7_3_an_offer_names_its_day() -> None:
    assert day_named(DUE) == ()
    (found,) = day_named(None)
    assert (found.clause, found.force) == ("lgsco:7.3", "should")
    assert found.sentence == "It does not say by when it will be done. Give the day, or record why there is none."


@pytest.mark.parametrize(
    ("offered", "paid", "said"),
    [
        (100, 100, None),
        (100, 101, None),
        (100, 99, "£1.00 was offered and £0.99 is recorded as paid."),
        (125_000, 0, "£1,250.00 was offered and £0.00 is recorded as paid."),
    ],
)
def test_7_3_money_is_done_once_it_is_paid(offered: int, paid: int, said: str | None) -> None:
    found = [(each.clause, each.force, each.sentence) for each in paid_in_full(offered=offered, paid=paid)]
    assert found == ([("lgsco:7.3", "should", f"{said} Record the payment, or why less is paid.")] if said else [])


def test_7_4_without_a_letter_the_way_they_were_told_is_asked_for() -> None:
    assert told_by_letter(letter=True) == ()
    (found,) = told_by_letter(letter=False)
    assert (found.clause, found.force) == ("lgsco:7.4", "should")
    assert found.sentence == (
        "No letter goes out with this. Write the letter for a remedy that cannot be delivered, "
        "or record how they were told the reasons, what is offered instead, and how to reach the Ombudsman."
    )


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, RemedyState.OFFERED),
        ({"agreed": False}, RemedyState.OFFERED),
        ({"agreed": True}, RemedyState.AGREED),
        ({"agreed": True, "done_on": DUE}, RemedyState.DONE),
        ({"undeliverable_on": DUE}, RemedyState.UNDELIVERABLE),
        ({"undeliverable_on": DUE, "replaced": True}, RemedyState.REPLACED),
    ],
)
def test_7_3_how_a_remedy_stands_follows_from_its_dates(dates: dict[str, Any], state: RemedyState) -> None:
    none: dict[str, Any] = {"agreed": None, "done_on": None, "undeliverable_on": None, "replaced": False}
    assert state_of(**(none | dates)) is state


@pytest.mark.parametrize(("answer_owed", "left", "complete"), [(False, 0, True), (False, 1, False), (True, 0, False)])
def test_7_3_a_complaint_is_complete_once_nothing_is_left(answer_owed: bool, left: int, complete: bool) -> None:
    assert is_complete(answer_owed=answer_owed, open_remedies=left) is complete


# -------------------------------------------------------------------------------------------------------------- duties


def test_without_remedies_nothing_is_owed_about_them() -> None:
    found = duties_of(CaseFacts(one=ONE), policy=CODE_POLICY, calendar=published())
    assert not {DELIVER, UPDATE_ON_REMEDIES} & {duty.kind for duty in found}
    assert {*BEGAN} == {*DONE_TITLES} == {DELIVER, UPDATE_ON_REMEDIES} <= {*TITLES}


@pytest.mark.parametrize(
    ("dates", "standing", "met"),
    [
        ({}, S.OPEN, None),
        ({"done_on": DUE}, S.IN_TIME, DUE),
        ({"done_on": DUE + timedelta(days=1)}, S.LATE, DUE + timedelta(days=1)),
        ({"dropped_on": DUE}, S.VOID, None),
        ({"dropped_on": DUE + timedelta(days=1)}, S.LATE, None),
    ],
)
def test_7_3_a_remedy_is_owed_by_its_owner_until_it_is_done(
    dates: dict[str, Any], standing: Standing, met: date | None
) -> None:
    duty = owed(replace(REMEDY, number=3, **dates))[1, DELIVER, 3]
    assert (duty.standing, duty.met_on, duty.due_on, duty.act_by) == (standing, met, DUE, DUE)
    assert (duty.clause, duty.owner_id, duty.start_on, duty.days, duty.ours) == ("lgsco:7.3", 7, ACKNOWLEDGED, 0, False)


@pytest.mark.parametrize(
    ("dates", "stage"),
    [({}, 2), ({"done_on": TWO.received_on}, 2), ({"done_on": TWO.received_on - timedelta(days=1)}, 1)],
)
def test_7_3_while_it_is_open_it_belongs_to_the_stage_the_complaint_is_at(dates: dict[str, Any], stage: int) -> None:
    """So that a remedy of stage 1 hides no stage 2 from whoever looks after that."""
    assert (stage, DELIVER, 1) in owed(replace(REMEDY, **dates), two=TWO)


def test_7_3_one_without_a_day_owes_none_and_still_asks_for_updates() -> None:
    assert [*owed(replace(REMEDY, due_on=None))] == [(1, UPDATE_ON_REMEDIES, 0)]


def test_6_6_while_stage_one_is_considered_no_update_on_remedies_is_owed() -> None:
    assert update(REMEDY, one=replace(ONE, responded_on=None)) is None


def test_6_6_after_the_answer_an_open_remedy_owes_updates() -> None:
    duty = update(REMEDY)
    assert duty is not None
    assert (duty.clause, duty.standing, duty.start_on, duty.due_on) == ("lgsco:6.6", S.OPEN, ANSWERED, FIRST_UPDATE)


def test_6_6_whatever_they_hear_from_us_begins_the_interval_anew() -> None:
    told, again = ANSWERED + timedelta(days=9), ANSWERED + timedelta(days=5)
    one = replace(
        ONE, extensions=(ExtensionFacts(new_date=DUE, told_on=None), ExtensionFacts(new_date=DUE, told_on=told))
    )
    for more in ({"heard": (told, ACKNOWLEDGED)}, {"one": one}, {"reopened_on": again, "answered_again_on": told}):
        duty = update(REMEDY, **more)
        assert duty is not None
        assert (duty.standing, duty.start_on, duty.due_on) == (S.OPEN, told, told + WEEKS)


def test_6_6_a_remedy_offered_after_the_answer_counts_from_its_own_day() -> None:
    offered_on = ANSWERED + timedelta(days=30)
    duty = update(replace(REMEDY, offered_on=offered_on))
    assert duty is not None
    assert (duty.start_on, duty.due_on) == (offered_on, offered_on + WEEKS)


@pytest.mark.parametrize(
    ("done", "heard", "standing", "met"),
    [
        (FIRST_UPDATE + timedelta(days=5), (FIRST_UPDATE,), S.IN_TIME, FIRST_UPDATE + timedelta(days=5)),
        (FIRST_UPDATE + timedelta(days=5), (), S.LATE, FIRST_UPDATE + timedelta(days=5)),
        (FIRST_UPDATE, (), S.VOID, None),
        # They heard sooner than they had to and all was done before the first update was due: none was owed.
        (ANSWERED + timedelta(days=9), (ANSWERED + timedelta(days=5),), S.VOID, None),
        (DUE, (FIRST_UPDATE + timedelta(days=1), DUE - timedelta(days=1)), S.LATE, FIRST_UPDATE + timedelta(days=1)),
    ],
)
def test_6_6_once_all_is_done_the_row_says_whether_each_update_came_in_time(
    done: date, heard: tuple[date, ...], standing: Standing, met: date | None
) -> None:
    duty = update(replace(REMEDY, done_on=done), heard=heard)
    assert duty is not None
    assert (duty.standing, duty.met_on) == (standing, met)


def test_6_6_hearing_from_us_on_the_day_all_is_done_begins_no_further_interval() -> None:
    done = FIRST_UPDATE + timedelta(days=5)
    duty = update(replace(REMEDY, done_on=done), heard=(FIRST_UPDATE, done))
    assert duty is not None
    assert (duty.standing, duty.start_on, duty.due_on, duty.met_on) == (
        S.IN_TIME,
        FIRST_UPDATE,
        FIRST_UPDATE + WEEKS,
        done,
    )


def test_6_6_a_remedy_done_with_the_answer_begins_nothing_for_one_offered_later() -> None:
    with_the_answer = replace(REMEDY, done_on=ANSWERED)
    later = replace(REMEDY, number=2, offered_on=ANSWERED + timedelta(days=10))
    duty = update(with_the_answer, later)
    assert duty is not None
    assert duty.start_on == later.offered_on


def test_6_6_what_is_offered_on_the_day_stage_two_begins_is_none_of_stage_ones() -> None:
    """Stage 1's remedy was done before its first update was due, so none was owed for it."""
    done = replace(REMEDY, done_on=FIRST_UPDATE - timedelta(days=1))
    at_two = replace(REMEDY, number=2, offered_on=TWO.received_on)
    duty = update(done, at_two, two=TWO)
    assert duty is not None
    assert duty.standing is S.VOID


def test_6_6_a_missed_update_does_not_hide_the_next_one() -> None:
    duty = update(REMEDY, heard=(FIRST_UPDATE + timedelta(days=1),))
    assert duty is not None
    assert (duty.standing, duty.start_on, duty.met_on) == (S.OPEN, FIRST_UPDATE + timedelta(days=1), None)


@pytest.mark.parametrize("over_on", [ACKNOWLEDGED, ANSWERED])
def test_6_6_what_was_done_by_the_answer_owes_no_update(over_on: date) -> None:
    assert update(replace(REMEDY, done_on=over_on)) is None
    assert update(replace(REMEDY, dropped_on=over_on)) is None


def test_6_6_asked_for_at_stage_two_the_updates_of_stage_one_end_and_begin_again_with_its_answer() -> None:
    late = replace(REMEDY, number=2, offered_on=TWO.received_on + timedelta(days=9))
    one = update(REMEDY, late, two=TWO)
    assert one is not None
    assert (one.standing, one.met_on) == (S.LATE, TWO.received_on)
    assert update(REMEDY, late, two=TWO, stage=2) is None
    answered = replace(TWO, responded_on=TWO.received_on + timedelta(days=20))
    final = update(REMEDY, late, two=answered, stage=2)
    assert final is not None
    assert (final.standing, final.start_on) == (S.OPEN, answered.responded_on)
    assert update(late, two=TWO) is None, "what came only at stage 2 was none of stage 1's"


def test_6_6_stage_two_asked_for_on_the_day_of_the_answer_leaves_no_time_for_an_update() -> None:
    assert update(REMEDY, two=replace(TWO, received_on=ANSWERED)) is None


def test_6_6_an_update_past_the_calendar_is_not_dated() -> None:
    with pytest.raises(CalendarEnds):
        update(replace(REMEDY, offered_on=date(2028, 12, 20), due_on=None))
