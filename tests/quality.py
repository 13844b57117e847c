"""Samples and checks arranged through commands."""

from __future__ import annotations

from datetime import date

from core.code.quality import CHECKLIST
from core.commands.quality import DrawSample, ItemMark, RecordCheck
from core.rules.quality import Mark
from tests.builders import ANSWERED, Story, day

MONTH = ANSWERED.replace(day=1)
AFTER_IT = day("2026-10-05")


def all_met(**others: tuple[Mark, str]) -> tuple[ItemMark, ...]:
    """Every item met, but for those given with their mark and words."""
    marks = {key: others.get(key, (Mark.MET, "")) for key in CHECKLIST}
    return tuple(ItemMark(item=key, mark=mark, words=words) for key, (mark, words) in marks.items())


def sampled_month(story: Story) -> date:
    """A month in which a complaint was answered, once it is over."""
    story.answered()
    story.on(AFTER_IT)
    return MONTH


def sampled(story: Story, *, size: int = 1) -> int:
    """A complaint is on the month's sample; its number there."""
    month = sampled_month(story)
    story.desks.quality.do(DrawSample(month=month, size=size, seed=7))
    return int(max(row["id"] for row in story.rows("sampled_case")))


def checked(story: Story, **others: tuple[Mark, str]) -> int:
    """A sampled complaint is checked; the check's number."""
    story.desks.quality.do(RecordCheck(sampled_id=sampled(story), marks=all_met(**others), words="Kind and clear."))
    return int(max(row["id"] for row in story.rows("quality_check")))
