"""A short form of the bench `python3 go.py bench writes`: steps that fall due on a clock, by several threads."""

from __future__ import annotations

import pytest

from bench.prove_kills import differing_duties
from bench.writes import MIX, write
from tests.builders import Story


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_steps_that_fall_due_on_a_clock_are_all_saved(story: Story) -> None:
    """Nothing is refused, every kind of step is among them, and the record is whole."""
    written = write(story.office, seconds=0.6, rate=200, threads=6)
    assert (written.refused, written.failed) == ({}, [])
    assert len(written.all) == 120
    assert written.took.keys() == MIX.keys()
    assert min(written.all) > 0
    assert story.verified() == len(story.tags())
    assert differing_duties(story.desks.system, after=0) == []
