"""Policies of the made-up council, and a standard that was missed without a word about it."""

from __future__ import annotations

from typing import Any

from core.commands.policies import AdoptPolicy
from tests.builders import Row, Story, day

TODAY, LATER = day("2026-09-07"), day("2026-09-08")
WHY = "Two services share one team until April."


def adopt(**given: Any) -> AdoptPolicy:
    """A version that the cabinet approved, in force from tomorrow."""
    usual = {"name": "Sampleford policy", "in_force_from": LATER, "approved_by": "Cabinet", "minute": "1 September, 12"}
    return AdoptPolicy(**(usual | given))


def overtaken(story: Story, **given: Any) -> str:
    """Stage 2 opened before stage 1 was ever answered: stage 1 counts as late, and nobody has said why."""
    reference = story.record(**given)
    story.acknowledge(reference)
    story.open_two(reference, day("2026-10-02"), good_reason="They asked, and were right to.")
    return reference


def never_answered(story: Story, **given: Any) -> Row:
    """The stage 1 answer of such a complaint."""
    return story.duties(overtaken(story, **given))["respond_stage_one"]
