"""Refusals in a story: which reason of the council's list is chosen, and what is said, looked at and weighed."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.code.refusals import DEFAULT_REASONS
from core.commands.refusing import RefuseComplaint
from core.demo.story import Story
from core.demo.texts import phrases


def turn_away(story: Story, steps: int) -> None:
    """Refuse the complaint at its start, some working days after it came."""
    day = story.not_before_now(story.shift(story.received_on, steps))
    weighed = story.writer.one_of("refusals", "circumstances")
    who = story.random.choice(story.cast.reviewers)
    story.act(day, who, RefuseComplaint, circumstances=weighed, **said(story, "at_the_start", told_on=day))


def said(story: Story, group: str, *, told_on: date) -> dict[str, Any]:
    """One of the refusals laid out for a stage: its reason on the list, and the words that go with it."""
    chosen = story.random.choice(phrases()["refusals"][group])
    return {
        "told_on": told_on,
        "reason_id": story.cast.reason_ids[DEFAULT_REASONS[chosen["reason"]].title],
        "reasons": chosen["said"],
        "evidence": chosen["looked_at"],
        "ombudsman_told": True,
    }
