"""What holds today: the policy in force, the clock a complaint would start, and worked examples counted anew."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.catalogue import WORKED_EXAMPLES
from core.commands.organising import ChangeCalendar
from core.errors import BadInput, CalendarEnds, NotPermitted, NotReady
from core.model.organisation import Layer
from core.queries.in_force import examples_worked, intake_clock, policy_today
from core.store.schema import migrate
from tests.builders import ACKNOWLEDGED, RECEIVED, Story, day
from tests.conftest import Databases, Desks


def test_the_clock_shown_at_intake_is_the_one_that_recording_starts(story: Story, desks: Desks) -> None:
    """Any day of a fortnight, weekends among them: the same day as the duty then stored [lgsco:6.2]."""
    for number in range(14):
        received = date.fromordinal(day("2026-08-24").toordinal() + number)
        story.on(received)
        shown = desks.recorder.ask(intake_clock, received)
        reference = story.record(received)
        duty = story.duties(reference)["acknowledge_stage_one"]
        assert (shown.acknowledge_by, shown.clause) == (duty["due_on"], duty["clause"])
        assert (shown.why.start, shown.why.due) == (duty["start_on"], duty["due_on"])


def test_it_says_how_near_the_day_is_and_why(story: Story, desks: Desks) -> None:
    story.on(day("2026-09-10"))
    shown = desks.recorder.ask(intake_clock, RECEIVED)
    assert (shown.acknowledge_by, shown.soon.words) == (ACKNOWLEDGED, "2 working days left")
    assert shown.why.sentences()[0] == "Received Mon 7 September 2026 (day 0)."
    story.on(day("2026-09-17"))
    assert desks.recorder.ask(intake_clock, RECEIVED).soon.words == "late by 3 working days"


LIMITS = (
    (None, None, None, False),
    ("2026-08-01", None, "2027-08-01", False),
    ("2025-09-07", None, "2026-09-07", False),
    ("2025-09-06", None, "2026-09-06", True),
    ("2024-02-29", "2025-09-07", "2026-09-07", False),
    ("2024-01-05", "2024-02-29", "2025-02-28", True),
)


def test_the_time_limit_runs_from_the_later_of_issue_and_awareness(desks: Desks) -> None:
    """Twelve months; past it there is a finding and not a refusal [lgsco:2.2]."""
    for issue, aware, until, late in LIMITS:
        days = {"issue_on": day(issue) if issue else None, "aware_on": day(aware) if aware else None}
        shown = desks.recorder.ask(intake_clock, RECEIVED, **days)
        assert shown.accept_until == (day(until) if until else None)
        assert (shown.late is not None) is late, (issue, aware)
        if shown.late is not None:
            assert shown.late.clause == "lgsco:2.2" and "discretion" in shown.late.sentence


def test_a_day_the_calendar_does_not_reach_is_refused_not_guessed(desks: Desks) -> None:
    """Before the first and past the last published bank holidays there is no date [lgsco:6.2]; reading R24."""
    for received in (date(1, 1, 1), date(1999, 12, 31), date(2028, 12, 29), date(9999, 12, 31)):
        with pytest.raises(CalendarEnds, match="bank holidays"):
            desks.recorder.ask(intake_clock, received)
    with pytest.raises(BadInput, match="is no date"):
        desks.recorder.ask(intake_clock, RECEIVED, issue_on=date(9999, 12, 31))


def test_whoever_cannot_record_is_not_shown_a_clock(desks: Desks) -> None:
    with pytest.raises(NotPermitted):
        desks.member.ask(intake_clock, RECEIVED)


def test_5_1_the_code_s_own_policy_is_the_one_in_force_from_its_first_day(story: Story, desks: Desks) -> None:
    """A day before it there is none, and the sentence says what to run."""
    policy = desks.member.ask(policy_today)
    assert policy.in_force_from <= RECEIVED
    story.on(policy.in_force_from)
    assert desks.member.ask(policy_today) == policy
    story.on(date.fromordinal(policy.in_force_from.toordinal() - 1))
    with pytest.raises(NotReady, match="complaints setup"):
        desks.member.ask(policy_today)


def test_without_a_council_there_is_no_policy(databases: Databases, database_kind: str, desks: Desks) -> None:
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    desk = type(desks.manager)(office, desks.manager.actor)
    with pytest.raises(NotReady, match="complaints setup"):
        desk.ask(policy_today)


def test_every_worked_example_comes_out_as_its_clause_says(desks: Desks) -> None:
    """Counted now, on the bank holidays held here: what is shown beside the clause is what holds."""
    seen = set()
    for clause in sorted({clause for example in WORKED_EXAMPLES.values() for clause in example.clauses}):
        for key, results in desks.member.ask(examples_worked, clause).items():
            example = WORKED_EXAMPLES[key]
            assert clause in example.clauses
            expected = example.expect.stated()
            assert {name: results[name] for name in expected} == expected, key
            seen.add(key)
    assert seen == set(WORKED_EXAMPLES)


def test_a_clause_without_examples_has_none(desks: Desks) -> None:
    for clause in ("lgsco:1.1", "6.2", "", "\u2603"):
        assert desks.member.ask(examples_worked, clause) == {}


def test_examples_follow_the_calendar_held_here(desks: Desks) -> None:
    """A bank holiday announced since moves the example with the complaints: it is counted, not remembered."""
    before = desks.member.ask(examples_worked, "lgsco:6.2")["V1"]["acknowledge_by"]
    rows = ((day("2026-09-09"), "Day of mourning", Layer.BANK_HOLIDAY, False),)
    desks.manager.do(ChangeCalendar(source="GOV.UK", rows=rows))
    after = desks.member.ask(examples_worked, "lgsco:6.2")["V1"]["acknowledge_by"]
    assert (before, after) == (day("2026-09-14"), day("2026-09-15"))
