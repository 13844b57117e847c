"""The council's own service standards: what is owed, from when, and how it was met; never a clause of the Code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.code.catalogue import STANDARDS
from core.code.policy import CODE_POLICY
from core.rules import standards
from core.rules.duties import Duty, duties_of
from core.rules.facts import (
    Agreed,
    Allocation,
    CaseFacts,
    Ending,
    ExtensionFacts,
    InTouch,
    Message,
    StageFacts,
    StageNumber,
    StandardsFacts,
    Standing,
    WithOmbudsman,
)
from core.rules.standards import CONFIRM, INTRODUCE, REPLY, UPDATE, UPDATE_OMBUDSMAN, begun
from tests.rules.calendars import published

KEEPING = replace(CODE_POLICY, service_standards=True)
RECEIVED, ACKNOWLEDGED = date(2026, 9, 7), date(2026, 9, 8)
MONDAY, NEXT_MONDAY = date(2026, 9, 7), date(2026, 9, 14)
ONE, TWO = StageNumber.ONE, StageNumber.TWO


def case(*, one: dict[str, Any] | None = None, two: dict[str, Any] | None = None, **facts: Any) -> CaseFacts:
    """A complaint received on Monday 7 September 2026 and given to somebody that day."""
    ends = {
        name: facts.pop(name) for name in ("ending", "ended_on", "reopened_on", "answered_again_on") if name in facts
    }
    kept: dict[str, Any] = {"allocations": (Allocation(stage=ONE, on=MONDAY),), **facts}
    return CaseFacts(
        one=StageFacts(number=ONE, received_on=RECEIVED, logged_on=RECEIVED, **(one or {})),
        two=StageFacts(number=TWO, **two) if two else None,
        standards=StandardsFacts(**kept),
        **ends,
    )


def ours(of: CaseFacts, kind: str, **more: Any) -> list[Duty]:
    """The standards of one kind on this case."""
    counted = duties_of(of, policy=more.get("policy", KEEPING), calendar=published())
    return [duty for duty in counted if duty.kind == kind]


def one_of(of: CaseFacts, kind: str) -> Duty:
    (duty,) = ours(of, kind)
    return duty


def told(*days: str, **more: Any) -> tuple[InTouch, ...]:
    return tuple(InTouch(on=date.fromisoformat(each), **more) for each in days)


# ------------------------------------------------------------------------------------------------------ introductions


def test_E1_given_on_a_monday_the_introduction_is_owed_by_the_next_monday() -> None:
    duty = one_of(case(), INTRODUCE)
    assert (duty.stage, duty.start_on, duty.due_on, duty.met_on) == (ONE, MONDAY, NEXT_MONDAY, None)
    assert (duty.standing, duty.days, duty.ours) == (Standing.OPEN, STANDARDS["introduce"].value, True)


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("2026-09-04", Standing.OPEN),
        ("2026-09-07", Standing.IN_TIME),
        ("2026-09-14", Standing.IN_TIME),
        ("2026-09-15", Standing.LATE),
    ],
)
def test_E1_only_an_introduction_since_it_was_given_counts(on: str, standing: Standing) -> None:
    duty = one_of(case(in_touch=told(on, introduces=True)), INTRODUCE)
    assert duty.standing is standing


def test_E1_an_update_is_no_introduction_and_an_acknowledgement_is_one() -> None:
    """The acknowledgement says who has the complaint (reading R5)."""
    assert one_of(case(in_touch=told("2026-09-09")), INTRODUCE).standing is Standing.OPEN
    duty = one_of(case(one={"acknowledged_on": ACKNOWLEDGED}), INTRODUCE)
    assert (duty.standing, duty.met_on) == (Standing.IN_TIME, ACKNOWLEDGED)


def test_E1_reassigning_owes_a_new_introduction_and_keeps_how_the_first_stood() -> None:
    given = (Allocation(stage=ONE, on=MONDAY, until=date(2026, 9, 16)), Allocation(stage=ONE, on=date(2026, 9, 16)))
    first, second = ours(case(allocations=given, one={"acknowledged_on": ACKNOWLEDGED}), INTRODUCE)
    assert (first.standing, first.number) == (Standing.IN_TIME, 1)
    assert (second.standing, second.number, second.due_on) == (Standing.OPEN, 2, date(2026, 9, 23))


def test_E1_what_introduced_the_first_on_the_day_of_handing_on_introduces_nobody_after() -> None:
    given = (Allocation(stage=ONE, on=MONDAY, until=ACKNOWLEDGED), Allocation(stage=ONE, on=ACKNOWLEDGED))
    first, second = ours(case(allocations=given, one={"acknowledged_on": ACKNOWLEDGED}), INTRODUCE)
    assert (first.standing, second.standing) == (Standing.IN_TIME, Standing.OPEN)


@pytest.mark.parametrize(("until", "standing"), [("2026-09-14", Standing.VOID), ("2026-09-15", Standing.LATE)])
def test_E1_taken_from_somebody_who_never_introduced_themselves(until: str, standing: Standing) -> None:
    """Within the period it is owed no longer; after it, it stays late."""
    given = (Allocation(stage=ONE, on=MONDAY, until=date.fromisoformat(until)),)
    assert one_of(case(allocations=given), INTRODUCE).standing is standing


def test_E1_what_introduces_the_next_one_does_not_introduce_whoever_had_it_before() -> None:
    """Handed on two days after the introduction was owed, and introduced the day after that."""
    given = (Allocation(stage=ONE, on=MONDAY, until=date(2026, 9, 16)), Allocation(stage=ONE, on=date(2026, 9, 16)))
    first, second = ours(case(allocations=given, in_touch=told("2026-09-17", introduces=True)), INTRODUCE)
    assert (first.standing, first.met_on) == (Standing.LATE, None)
    assert (second.standing, second.met_on) == (Standing.IN_TIME, date(2026, 9, 17))


@pytest.mark.parametrize("given", ["2026-09-07", "2026-09-09", "2026-09-10"])
def test_E1_an_answer_within_the_period_ends_it(given: str) -> None:
    """Whenever the stage was given to somebody, on the day of the answer as well."""
    answered = case(
        one={"responded_on": date(2026, 9, 10)}, allocations=(Allocation(stage=ONE, on=date.fromisoformat(given)),)
    )
    assert one_of(answered, INTRODUCE).standing is Standing.VOID


@pytest.mark.parametrize(("asked", "standing"), [("2026-09-14", Standing.VOID), ("2026-09-15", Standing.LATE)])
def test_E1_stage_2_ends_what_stage_1_still_owed(asked: str, standing: Standing) -> None:
    overtaken = case(two={"received_on": date.fromisoformat(asked)})
    assert one_of(overtaken, INTRODUCE).standing is standing


def test_E1_a_stage_given_again_after_reopening_is_not_over_by_its_first_answer() -> None:
    given = (Allocation(stage=ONE, on=date(2026, 10, 12)),)
    reopened = case(one={"responded_on": date(2026, 9, 21)}, allocations=given, reopened_on=date(2026, 10, 12))
    assert one_of(reopened, INTRODUCE).standing is Standing.OPEN


# ------------------------------------------------------------------------------------------------------------ updates


def test_E2_no_contact_for_a_month_is_overdue_and_there_is_one_open_row() -> None:
    duty = one_of(case(), UPDATE)
    assert (duty.start_on, duty.due_on, duty.standing) == (MONDAY, date(2026, 10, 7), Standing.OPEN)


def test_E2_a_letter_or_call_of_ours_begins_the_month_again() -> None:
    assert one_of(case(in_touch=told("2026-09-21", "2026-10-05")), UPDATE).due_on == date(2026, 11, 5)


def test_E2_so_do_the_acknowledgement_and_an_extension() -> None:
    extended = {
        "acknowledged_on": ACKNOWLEDGED,
        "extensions": (ExtensionFacts(new_date=date(2026, 10, 6), told_on=date(2026, 9, 22)),),
    }
    assert one_of(case(one=extended), UPDATE).due_on == date(2026, 10, 22)


def test_E2_what_was_agreed_takes_the_place_of_the_month() -> None:
    """Six weeks from the day it was agreed, which is a contact itself; what is agreed later holds from then."""
    agreed = case(agreed=(Agreed(on=date(2026, 9, 9), weeks=6),))
    assert one_of(agreed, UPDATE).due_on == date(2026, 10, 21)
    twice = case(agreed=(Agreed(on=date(2026, 9, 16), weeks=2), Agreed(on=date(2026, 9, 9), weeks=6)))
    assert one_of(twice, UPDATE).due_on == date(2026, 9, 30)


def test_E2_one_update_too_late_shows_once_the_answer_has_gone() -> None:
    late = case(one={"responded_on": date(2026, 11, 20)}, in_touch=told("2026-10-08", "2026-11-06"))
    duty = one_of(late, UPDATE)
    assert (duty.standing, duty.due_on, duty.met_on) == (Standing.LATE, date(2026, 10, 7), date(2026, 10, 8))


def test_E2_every_update_in_time_and_none_owed_are_told_apart() -> None:
    kept = case(one={"responded_on": date(2026, 11, 2)}, in_touch=told("2026-10-07"))
    duty = one_of(kept, UPDATE)
    assert duty.standing is Standing.IN_TIME
    assert (duty.start_on, duty.due_on, duty.met_on) == (date(2026, 10, 7), date(2026, 11, 7), date(2026, 11, 2))
    quick = one_of(case(one={"responded_on": date(2026, 10, 7)}), UPDATE)
    assert (quick.standing, quick.start_on, quick.due_on, quick.met_on) == (
        Standing.VOID,
        MONDAY,
        date(2026, 10, 7),
        None,
    )
    same_day = case(one={"responded_on": MONDAY})
    assert one_of(same_day, UPDATE).standing is Standing.VOID


def test_E2_a_reopened_complaint_owes_updates_again_and_not_for_the_time_between() -> None:
    answered: dict[str, Any] = {"responded_on": date(2026, 9, 21)}
    duty = one_of(case(one=answered, reopened_on=date(2026, 12, 1)), UPDATE)
    assert (duty.standing, duty.due_on) == (Standing.OPEN, date(2027, 1, 1))
    again = case(one=answered, reopened_on=date(2026, 12, 1), answered_again_on=date(2026, 12, 9))
    assert one_of(again, UPDATE).standing is Standing.VOID


def test_E2_a_withdrawn_complaint_taken_up_again_owes_updates_from_then() -> None:
    assert one_of(case(reopened_on=date(2026, 12, 1)), UPDATE).due_on == date(2027, 1, 1)
    again = case(reopened_on=date(2026, 12, 1), ending=Ending.WITHDRAWN, ended_on=date(2026, 12, 9))
    assert one_of(again, UPDATE).standing is Standing.VOID


@pytest.mark.parametrize(
    ("until", "stage", "standing"),
    [("2026-09-28", ONE, Standing.VOID), ("2026-09-29", TWO, Standing.VOID), (None, TWO, Standing.OPEN)],
)
def test_E2_a_time_with_the_ombudsman_stands_at_the_stage_it_ended_in(
    until: str | None, stage: StageNumber, standing: Standing
) -> None:
    """Stage 2 was asked for on 29 September; a time that still runs is of the stage there is now."""
    phase = WithOmbudsman(number=4, since=date(2026, 9, 21), until=date.fromisoformat(until) if until else None)
    second = case(one={"responded_on": date(2026, 9, 14)}, two={"received_on": date(2026, 9, 29)})
    duty = one_of(replace(second, with_ombudsman=(phase,)), UPDATE_OMBUDSMAN)
    assert (duty.stage, duty.number, duty.standing) == (stage, 4, standing)


def test_E4_at_stage_two_an_update_is_owed_every_other_month() -> None:
    given = (Allocation(stage=ONE, on=MONDAY), Allocation(stage=TWO, on=date(2026, 9, 30)))
    second = case(one={"responded_on": date(2026, 9, 21)}, two={"received_on": date(2026, 9, 29)}, allocations=given)
    one, two = ours(second, UPDATE)
    assert (one.stage, one.standing) == (ONE, Standing.VOID)
    assert (two.stage, two.standing, two.due_on) == (TWO, Standing.OPEN, date(2026, 11, 30))


def test_nobody_given_it_owes_no_introduction_and_no_update() -> None:
    assert ours(case(allocations=()), INTRODUCE) == ours(case(allocations=()), UPDATE) == []


# ------------------------------------------------------------------------------------------------------------ replies


@pytest.mark.parametrize(
    ("answered", "standing"),
    [(None, Standing.OPEN), ("2026-09-09", Standing.IN_TIME), ("2026-09-10", Standing.LATE)],
)
def test_E3_a_message_is_answered_within_its_period(answered: str | None, standing: Standing) -> None:
    message = Message(number=3, received_on=MONDAY, answered_on=date.fromisoformat(answered) if answered else None)
    duty = one_of(case(messages=(message,)), REPLY)
    assert (duty.due_on, duty.standing, duty.number) == (date(2026, 9, 9), standing, 3)
    assert (duty.stage, duty.start_on, duty.met_on) == (ONE, MONDAY, message.answered_on)
    assert duty.days == STANDARDS[REPLY].value


@pytest.mark.parametrize(("answered", "stage"), [("2026-09-28", ONE), ("2026-09-29", TWO), ("2026-09-30", TWO)])
def test_E3_a_reply_belongs_to_the_stage_the_complaint_was_at_then(answered: str, stage: StageNumber) -> None:
    message = Message(number=1, received_on=date(2026, 9, 28), answered_on=date.fromisoformat(answered))
    second = case(one={"responded_on": date(2026, 9, 21)}, two={"received_on": date(2026, 9, 29)}, messages=(message,))
    assert one_of(second, REPLY).stage is stage


def test_a_period_of_the_policy_takes_the_place_of_its_standards_own() -> None:
    """And changes no other standard's."""
    message = Message(number=1, received_on=MONDAY)
    periods = {REPLY: STANDARDS[REPLY].value + 1}
    counted = [each(published()) for each in begun(case(messages=(message,)), kept=True, periods=periods)]
    due = {each.kind: each.due_on for each in counted}
    assert due == {INTRODUCE: NEXT_MONDAY, UPDATE: date(2026, 10, 7), REPLY: date(2026, 9, 10)}


def test_E3_a_message_after_the_final_response_is_owed_a_reply_at_its_stage() -> None:
    message = Message(number=1, received_on=date(2026, 11, 2))
    over = case(
        one={"responded_on": date(2026, 9, 21)},
        two={"received_on": date(2026, 9, 29), "responded_on": date(2026, 10, 26)},
        messages=(message,),
        ending=Ending.FINAL_RESPONSE,
        ended_on=date(2026, 10, 26),
    )
    duty = one_of(over, REPLY)
    assert (duty.stage, duty.standing) == (TWO, Standing.OPEN)


# ----------------------------------------------------------------------------------- to whom, and beside the Code alone


def test_E5_a_professional_representative_is_owed_none_of_them_and_all_of_the_code() -> None:
    message = Message(number=1, received_on=MONDAY)
    counting: dict[str, Any] = {"policy": KEEPING, "calendar": published()}
    without = duties_of(case(messages=(message,)), **counting)
    brought = duties_of(case(messages=(message,), professional=True), **counting)
    assert {duty.kind for duty in without if duty.ours} == {INTRODUCE, UPDATE, REPLY}
    assert brought == tuple(duty for duty in without if not duty.ours)


def test_no_standard_is_owed_where_the_council_keeps_none() -> None:
    kept = case(messages=(Message(number=1, received_on=MONDAY),))
    assert not any(duty.ours for duty in duties_of(kept, policy=CODE_POLICY, calendar=published()))


def test_no_standard_moves_a_date_of_the_code_or_carries_a_clause() -> None:
    kept = case(messages=(Message(number=1, received_on=MONDAY),), agreed=(Agreed(on=MONDAY, weeks=9),))
    counted = duties_of(kept, policy=KEEPING, calendar=published())
    plain = duties_of(replace(kept, standards=None), policy=KEEPING, calendar=published())
    assert tuple(duty for duty in counted if not duty.ours) == plain
    assert all(duty.clause.startswith("ours:") == duty.ours for duty in counted)


def test_nobody_is_told_who_left_no_way_to_reach_them() -> None:
    assert ours(case(one={"acknowledgement_possible": False}), UPDATE) == []


@pytest.mark.parametrize(
    ("confirmed", "standing"),
    [(None, Standing.OPEN), ("2026-09-28", Standing.IN_TIME), ("2026-09-29", Standing.LATE)],
)
def test_T26_an_answer_by_word_of_mouth_owes_a_short_letter(confirmed: str | None, standing: Standing) -> None:
    """Owed by reading R26, whether or not the council keeps standards of its own."""
    day = date.fromisoformat(confirmed) if confirmed else None
    spoken = case(one={"responded_on": date(2026, 9, 21)}, told_on=date(2026, 9, 21), confirmed_on=day)
    (duty,) = ours(spoken, CONFIRM, policy=CODE_POLICY)
    assert (duty.due_on, duty.standing, duty.clause) == (date(2026, 9, 28), standing, "ours:reading R26")
    assert (duty.stage, duty.start_on, duty.met_on) == (ONE, date(2026, 9, 21), day)
    assert duty.days == STANDARDS[CONFIRM].value


def test_T26_a_complaint_that_ends_meanwhile_owes_no_confirmation() -> None:
    spoken = case(
        one={"responded_on": date(2026, 9, 21)},
        told_on=date(2026, 9, 21),
        ending=Ending.ESCALATION_REFUSED,
        ended_on=date(2026, 9, 23),
    )
    assert one_of(spoken, CONFIRM).standing is Standing.VOID


def test_standards_are_never_counted_on_a_case_that_has_none() -> None:
    """Nothing is begun there; a count that were made all the same would be a mistake of ours, and no date."""
    without = replace(case(), standards=None)
    assert begun(without, kept=True) == ()
    with pytest.raises(RuntimeError, match=r"^The standards are counted on a case that has none\.$"):
        standards._facts(without)
