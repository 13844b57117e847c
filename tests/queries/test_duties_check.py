"""What is stored is what the facts say, at every point a complaint can reach; whatever was tampered with is named.

That the check goes through in parts, and that the command line puts right what differs, is told in
tests/test_cli_records.py.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.commands.organising import RebuildDuties
from core.errors import NotPermitted
from core.queries.duties_check import duties_check
from core.rules.steps import Position
from tests.builders import Story, dump
from tests.conftest import Desks

HISTORY = ("ledger_entry", "ledger_personal", "complaint")

TAMPERED = {
    "a later day to act by": "UPDATE duty SET act_by = '2027-01-04' WHERE complaint_id = :id AND is_next",
    "another start": "UPDATE duty SET start_on = '2026-09-01' WHERE complaint_id = :id AND is_next",
    "another length": "UPDATE duty SET days = 99 WHERE complaint_id = :id AND is_next",
    "another clause": "UPDATE duty SET clause = 'lgsco:1.1' WHERE complaint_id = :id AND is_next",
    "late made timely": (
        "UPDATE duty SET standing = 'late' WHERE complaint_id = :id AND kind = 'acknowledge_stage_one'"
    ),
    "met on another day": (
        "UPDATE duty SET met_on = '2026-09-08' WHERE complaint_id = :id AND kind = 'acknowledge_stage_one'"
    ),
    "somebody else's": "UPDATE duty SET owner_id = NULL WHERE complaint_id = :id",
    "hidden from the queue": "UPDATE duty SET is_next = :no WHERE complaint_id = :id",
    "taken away": "DELETE FROM duty WHERE complaint_id = :id AND kind = 'respond_stage_one'",
    "closed": "UPDATE complaint SET is_open = :no WHERE id = :id",
    "at another position": "UPDATE complaint SET position = 'Withdrawn' WHERE id = :id",
    "at another stage": "UPDATE complaint SET stage_number = 2 WHERE id = :id",
    "without its next day": "UPDATE complaint SET act_by = NULL WHERE id = :id",
    "a fact changed by hand": "UPDATE stage SET acknowledged_on = '2026-09-10' WHERE complaint_id = :id",
}


def tamper(story: Story, reference: str, statement: str) -> None:
    """Change the records behind the console's back."""
    names = {"id": story.case(reference)["id"], "no": False}
    text = sa.text(statement)
    used = {name: value for name, value in names.items() if f":{name}" in statement}
    with story.office.database.engine.begin() as connection:
        assert connection.execute(text, used).rowcount, statement


def test_at_every_position_the_stored_duties_are_what_the_facts_say(story: Story, desks: Desks) -> None:
    """And rebuilding all of them changes no duty, no stage, no position: only the history says it was done."""
    references = tuple(story.reach(position) for position in Position)
    found = desks.manager.ask(duties_check)
    assert (found.checked, found.differing, found.after) == (len(references), (), None)
    before, cases = dump(story.office, leave_out=HISTORY), derived(story)
    desks.manager.do(RebuildDuties(references=references))
    assert dump(story.office, leave_out=HISTORY) == before
    assert derived(story) == cases
    story.verified()


def derived(story: Story) -> list[tuple[object, ...]]:
    """What each complaint's row holds of its duties."""
    names = ("reference", "position", "stage_number", "is_open", "act_by")
    return sorted(tuple(row[name] for name in names) for row in story.rows("complaint"))


def test_what_was_tampered_with_is_named_and_nothing_else(story: Story, desks: Desks) -> None:
    """One complaint of two; rebuilding brings it in line with its facts again."""
    healthy, damaged = story.acknowledged(), story.acknowledged()
    story.assign(healthy)
    story.assign(damaged)
    for what, statement in TAMPERED.items():
        tamper(story, damaged, statement)
        assert desks.manager.ask(duties_check).differing == (damaged,), what
        desks.manager.do(RebuildDuties(references=(damaged,)))
        assert desks.manager.ask(duties_check).differing == (), what


def test_whoever_checks_the_ledger_checks_the_duties(desks: Desks) -> None:
    for desk in (desks.manager, desks.senior_lead, desks.administrator):
        assert desk.ask(duties_check).checked == 0
    for desk in (desks.handler, desks.member, desks.quality, desks.recorder):
        with pytest.raises(NotPermitted):
            desk.ask(duties_check)
