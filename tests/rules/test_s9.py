"""Section 9: what a decision says of learning, and how far an improvement has come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.s9_oversight import (
    ImprovementFacts,
    ImprovementState,
    Learned,
    LearningFacts,
    improvement_overdue,
    improvement_state,
    learning_asked,
)

DUE = date(2026, 10, 1)
BEGUN, DONE = date(2026, 9, 1), date(2026, 9, 20)
NOTHING_SAID = "Nothing says whether something can be learned from this. Choose one and say what, or why not."
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("learned", "lesson", "cause_named", "lacks"),
    [
        (None, "", False, NOTHING_SAID),
        (None, "The round is too long.", True, NOTHING_SAID),
        (Learned.SOMETHING, "", True, "Nothing says what can be learned. Write it in a sentence."),
        (Learned.SOMETHING, "  ", True, "Nothing says what can be learned. Write it in a sentence."),
        (
            Learned.SOMETHING,
            "The round is too long.",
            False,
            "No cause is chosen for what went wrong. Choose the one that comes closest.",
        ),
        (Learned.SOMETHING, "The round is too long.", True, ""),
        (Learned.NOTHING, "", False, "Nothing says why nothing can be learned. Write it in a sentence."),
        (Learned.NOTHING, "A storm.", False, ""),
        (Learned.NOTHING, "A storm.", True, ""),
    ],
)
def test_9_1_a_decision_says_what_it_teaches_or_why_nothing(
    learned: Learned | None, lesson: str, cause_named: bool, lacks: str
) -> None:
    """One thing is asked for at a time, and none is a bar: a reason lets the answer go [lgsco:9.1]."""
    found = learning_asked(LearningFacts(learned=learned, lesson=lesson, cause_named=cause_named))
    asked = [(each.clause, each.force, each.sentence) for each in found]
    assert asked == ([("lgsco:9.1", "should", lacks)] if lacks else [])


@pytest.mark.parametrize(
    ("started_on", "done_on", "dropped_on", "state"),
    [
        (None, None, None, ImprovementState.PROPOSED),
        (BEGUN, None, None, ImprovementState.STARTED),
        (BEGUN, DONE, None, ImprovementState.COMPLETED),
        (None, None, DONE, ImprovementState.DROPPED),
        (BEGUN, None, DONE, ImprovementState.DROPPED),
    ],
)
def test_8_1d_an_improvement_stands_where_its_dates_say(
    started_on: date | None, done_on: date | None, dropped_on: date | None, state: ImprovementState
) -> None:
    facts = ImprovementFacts(due_on=DUE, started_on=started_on, done_on=done_on, dropped_on=dropped_on)
    assert improvement_state(facts) is state
    unfinished = state in (ImprovementState.PROPOSED, ImprovementState.STARTED)
    assert not improvement_overdue(facts, today=DUE)
    assert improvement_overdue(facts, today=DUE + timedelta(days=1)) is unfinished


@given(started_on=DAYS, done_on=DAYS, dropped_on=DAYS, today=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_8_1d_nothing_counts_as_made_without_the_day_it_was_made(
    started_on: date | None, done_on: date | None, dropped_on: date | None, today: date
) -> None:
    facts = ImprovementFacts(due_on=DUE, started_on=started_on, done_on=done_on, dropped_on=dropped_on)
    made = improvement_state(facts) is ImprovementState.COMPLETED
    assert made is (done_on is not None and dropped_on is None)
    assert not (made and improvement_overdue(facts, today=today))
