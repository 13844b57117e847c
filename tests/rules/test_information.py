"""Information asked of others: when it is late, when it is owed no longer, and that it is never the Code's date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.code.policy import CODE_POLICY
from core.rules.duties import Duty, duties_of
from core.rules.facts import CaseFacts, Ending, InformationFacts, StageFacts, StageNumber, Standing
from core.rules.information import INFORMATION, link_over
from core.store.facts import next_of
from tests.rules.calendars import published

RECEIVED, ASKED, DUE = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)
LATER, STAGE_TWO = date(2026, 9, 22), date(2026, 10, 5)
ONE = StageFacts(number=StageNumber.ONE, received_on=RECEIVED, acknowledged_on=ASKED)
TWO = StageFacts(number=StageNumber.TWO, received_on=STAGE_TWO)
QUESTION = InformationFacts(number=1, asked_on=ASKED, due_on=DUE)


def owed(asked: InformationFacts, **case: object) -> Duty:
    facts = CaseFacts(**({"one": ONE, "information": (asked,)} | case))  # type: ignore[arg-type]
    (found,) = [each for each in counted(facts) if each.kind == INFORMATION]
    return found


def counted(facts: CaseFacts) -> tuple[Duty, ...]:
    return duties_of(facts, policy=CODE_POLICY, calendar=published())


@pytest.mark.parametrize(
    ("answered", "withdrawn", "ended", "standing"),
    [
        (None, None, None, Standing.OPEN),
        (DUE, None, None, Standing.IN_TIME),
        (LATER, None, None, Standing.LATE),
        (None, DUE, None, Standing.VOID),
        (None, LATER, None, Standing.LATE),
        (None, None, DUE, Standing.VOID),
        (None, None, LATER, Standing.LATE),
        (None, DUE, LATER, Standing.VOID),
        (DUE, None, LATER, Standing.IN_TIME),
        (LATER, None, DUE, Standing.LATE),
    ],
)
def test_4_2_a_question_is_in_time_on_its_day_and_what_was_late_stays_late(
    answered: date | None, withdrawn: date | None, ended: date | None, standing: Standing
) -> None:
    asked = replace(QUESTION, answered_on=answered, withdrawn_on=withdrawn)
    found = owed(asked, ending=Ending.WITHDRAWN if ended else None, ended_on=ended)
    assert (found.standing, found.start_on, found.met_on, found.act_by) == (standing, ASKED, answered, DUE)


def test_4_2_waiting_for_an_answer_moves_no_date_of_the_code() -> None:
    """The council waits for somebody: the individual does not wait longer for it."""
    without = counted(CaseFacts(one=ONE))
    late = replace(QUESTION, due_on=date(2026, 12, 31))
    assert [each for each in counted(CaseFacts(one=ONE, information=(late,))) if not each.ours] == list(without)


def test_4_2_what_a_colleague_owes_rests_on_the_code_and_what_a_contractor_owes_does_not() -> None:
    assert owed(replace(QUESTION, colleague_id=7)).clause == "lgsco:4.2"
    assert owed(replace(QUESTION, colleague_id=7)).owner_id == 7
    assert owed(QUESTION).clause == "ours:our standard"
    assert owed(QUESTION).owner_id is None
    assert owed(QUESTION).ours


@pytest.mark.parametrize(
    ("answered", "stage"),
    [
        (None, StageNumber.TWO),
        (DUE, StageNumber.ONE),
        (date(2026, 10, 4), StageNumber.ONE),
        (STAGE_TWO, StageNumber.TWO),
        (date(2026, 10, 6), StageNumber.TWO),
    ],
)
def test_a_question_belongs_to_the_stage_it_was_settled_at(answered: date | None, stage: StageNumber) -> None:
    answered_one = replace(ONE, responded_on=LATER)
    assert owed(replace(QUESTION, answered_on=answered), one=answered_one, two=TWO).stage is stage


def test_every_open_question_stands_beside_what_comes_first_and_hides_neither() -> None:
    """Each is somebody else's to do, so each is seen; the day to act by stays the complaint's own."""
    questions = tuple(replace(QUESTION, number=number, due_on=RECEIVED) for number in (1, 2))
    found = counted(CaseFacts(one=ONE, information=questions))
    first = next_of(found)
    assert [each.number for each in found if first.holds(each) and each.kind == INFORMATION] == [1, 2]
    assert first.asked is not None
    assert first.asked.kind == "respond_stage_one"
    assert first.act_by == first.asked.act_by
    assert first.ours is None


SENT = "An answer has been sent already. If it was yours, it has arrived and there is nothing left to do."
TAKEN_BACK = "The question has been taken back. No answer is needed any more."
NEWER = "A newer link has taken the place of this one. Use the newer one, or ask whoever sent it."
RUN_OUT = "This link has run out. Ask whoever sent it for a new one."


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ((), ""),
        (("run_out",), RUN_OUT),
        (("ended", "run_out"), NEWER),
        (("withdrawn", "ended", "run_out"), TAKEN_BACK),
        (("answered", "withdrawn", "ended", "run_out"), SENT),
    ],
)
def test_4_2_a_link_that_is_over_says_why_and_what_to_do_and_the_weightiest_reason_first(
    holds: tuple[str, ...], said: str
) -> None:
    """Nobody asks for a new link to a question that is settled."""
    assert link_over(**{name: name in holds for name in ("answered", "withdrawn", "ended", "run_out")}) == said
