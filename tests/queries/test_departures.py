"""Departures are a query: every clause not met, with the reason that was given, by whom and when."""

from __future__ import annotations

import pytest

from core.errors import NotPermitted
from core.queries.departures import DepartureLine, departure_counts, departures
from tests.builders import Story, day
from tests.conftest import Desks

INBOX = "The inbox was not watched."


def two_departures(story: Story) -> tuple[str, str]:
    """One complaint acknowledged late, and one taken in after its time limit."""
    late = story.record()
    story.acknowledge(late, on=day("2026-09-16"), good_reason=INBOX)
    old = story.record(day("2026-09-17"), issue_on=day("2024-01-05"), good_reason="They were in hospital.")
    return late, old


def test_each_departure_says_what_why_who_and_when(story: Story, desks: Desks) -> None:
    """The newest first, with the finding in the rule's own words [lgsco:8.1]."""
    late, old = two_departures(story)
    newest, oldest = desks.manager.ask(departures)
    assert isinstance(oldest, DepartureLine)
    assert (oldest.reference, oldest.clause, oldest.reason, oldest.recorded_by, oldest.recorded_on) == (
        late, "lgsco:6.2", INBOX, "Hana Handler", day("2026-09-16"),
    )  # fmt: skip
    assert oldest.step == "Acknowledge" and oldest.finding.endswith(".")
    assert (newest.reference, newest.clause, newest.reason, newest.recorded_by) == (
        old, "lgsco:2.2", "They were in hospital.", "Robin Recorder",
    )  # fmt: skip
    assert newest.step == "RecordComplaint" and "The time limit ran out on Sun 5 January 2025" in newest.finding


def test_departures_of_one_case_or_of_one_clause(story: Story, desks: Desks) -> None:
    late, old = two_departures(story)
    assert [line.reference for line in desks.manager.ask(departures, reference=late)] == [late]
    assert [line.reference for line in desks.manager.ask(departures, clause="lgsco:2.2")] == [old]
    assert desks.manager.ask(departures, reference=late, clause="lgsco:2.2") == ()
    assert desks.manager.ask(departures, reference="C-2026-999999") == ()
    assert len(desks.manager.ask(departures, limit=1)) == 1


def test_a_complaint_without_one_has_none(story: Story, desks: Desks) -> None:
    """Everything in time and every letter complete: the list stays empty."""
    story.finished()
    assert desks.manager.ask(departures) == ()
    assert desks.manager.ask(departure_counts) == {}


def test_counts_are_figures_a_member_may_see_and_lines_are_not(story: Story, desks: Desks) -> None:
    """How often each clause was departed from, without a case or a name [lgsco:9.5]."""
    two_departures(story)
    again = story.record(day("2026-09-18"))
    story.acknowledge(again, on=day("2026-09-28"), good_reason=INBOX)
    assert desks.member.ask(departure_counts) == {"lgsco:6.2": 2, "lgsco:2.2": 1}
    with pytest.raises(NotPermitted):
        desks.member.ask(departures)
    with pytest.raises(NotPermitted):
        desks.handler.ask(departure_counts)


def test_what_the_console_itself_recorded_says_so(story: Story, desks: Desks) -> None:
    """A step taken by the installation has no colleague's name to it."""
    story.desks = type(desks)(**{name: desks.system for name in desks.__slots__})
    reference = story.record()
    story.acknowledge(reference, on=day("2026-09-16"), good_reason=INBOX)
    (line,) = desks.manager.ask(departures)
    assert line.recorded_by == "The console"
