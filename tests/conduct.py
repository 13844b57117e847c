"""Appointments, training and guidance arranged through commands."""

from __future__ import annotations

from typing import Any

from core.code.conduct import Post
from core.code.guidance import GuidanceKind
from core.commands.conduct import AppointTo, RecordTraining
from core.commands.guidance import ShelveGuidance
from core.desk import Desk, Done
from tests.builders import Story, day

SINCE = day("2026-04-01")


def appoint(story: Story, post: Post, who: Desk | str, **fields: Any) -> int:
    """Somebody is appointed to a post; the appointment's number."""
    holder = {"name": who} if isinstance(who, str) else {"colleague_id": who.actor.id}
    given = {"since": SINCE, "appointed_by": "Cabinet, minute 12", **holder, **fields}
    story.desks.manager.do(AppointTo(post=post, **given))
    return int(max(row["id"] for row in story.rows("post_held")))


def train(story: Story, who: Desk | str, kind: str = "the_code", **fields: Any) -> Done:
    """Somebody is trained."""
    holder = {"name": who} if isinstance(who, str) else {"colleague_id": who.actor.id}
    given = {"done_on": SINCE, "given_by": "The complaints team", **holder, **fields}
    return story.desks.manager.do(RecordTraining(training=kind, **given))


def shelve(story: Story, **fields: Any) -> int:
    """Guidance is put on the shelf; the number of its entry."""
    given: dict[str, Any] = {
        "guidance_title": "Putting things right",
        "publisher": "Sample Association of Councils",
        "kind": GuidanceKind.GUIDE,
        "address": "https://guides.example/right?chapter=2",
        "steps": ("OfferRemedy",),
    }
    story.desks.manager.do(ShelveGuidance(**(given | fields)))
    return int(max(row["id"] for row in story.rows("guidance")))


def focus_report(story: Story) -> int:
    """A focus report with two questions is put on the shelf; the number of its first question."""
    number = shelve(
        story,
        guidance_title="Lessons from missed collections",
        kind=GuidanceKind.FOCUS_REPORT,
        questions="1. How many collections were missed?\n\n2) Who checks the rounds?\n",
    )
    return int(min(row["id"] for row in story.rows("guidance_question", guidance_id=number)))
