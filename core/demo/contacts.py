"""Calls and messages in a story, beside its course: what they ask, and our reply, in time or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.commands.base import Command
from core.commands.corresponding import AnswerContact, RecordContact
from core.commands.stage_one import Assign
from core.demo.story import Act, Finds, Story
from core.demo.texts import phrases
from core.desk import LONDON, Desk
from core.queries.corresponding import corresponding
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom

_OFTEN = 0.3
_ANSWERED_AFTER = (1, 1, 1, 2, 2, 4)
_CAME_AFTER = (1, 2, 3, 5)
_HOURS = range(10, 16)


def calls_in(story: Story) -> list[Act]:
    """Nearly every third individual gets in touch once somebody has the complaint, and has a reply some days later."""
    given = next((act for act in story.acts if act.kind is Assign), None)
    if given is None or story.course.anonymous or story.calls.random() > _OFTEN:
        return []
    said = story.calls.choice(phrases()["contacts"])
    came = story.shift(given.at.astimezone(LONDON).date(), story.calls.choice(_CAME_AFTER))
    replied = story.shift(came, story.calls.choice(_ANSWERED_AFTER))
    with_them: dict[str, Any] = {"with_whom": WithWhom.INDIVIDUAL, "reached_by": ReachedBy.PHONE}
    asked = _act(
        story, came, RecordContact, direction=Direction.IN, on_day=came, what=said["asked"], waits=True, **with_them
    )
    answer = {"reached_by": ReachedBy.PHONE, "answered_on": replied, "what": said["replied"]}
    told = _act(story, replied, AnswerContact, finds=_the_message, **answer)
    return [act for act in (asked, told) if act.at.astimezone(LONDON).date() < story.council.today]


def _act(story: Story, day: date, kind: type[Command], *, finds: Finds | None = None, **values: Any) -> Act:
    at = datetime.combine(day, time(story.calls.choice(_HOURS)), tzinfo=LONDON).astimezone(UTC)
    at += timedelta(seconds=story.calls.randrange(3_000))
    command_id = str(UUID(int=story.calls.getrandbits(128), version=4))
    return Act(at=at, who=story.handler, kind=kind, command_id=command_id, values=values, finds=finds)


def _the_message(desk: Desk, reference: str) -> dict[str, Any]:
    return {"contact_id": desk.ask(corresponding, reference).waiting[0].contact_id}
