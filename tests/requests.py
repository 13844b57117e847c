"""Service requests arranged through commands alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.model.complaints import Channel
from tests.builders import Row, Story, day

ASKED = day("2026-09-07")
UNHAPPY = "The hedge blocks the path. I am fed up: nobody rang back."


def ask(story: Story, received_on: date = ASKED, *, by: Desk | None = None, **fields: Any) -> str:
    """A service request is taken in on its day; its reference."""
    story.on(received_on)
    given: dict[str, Any] = {
        "individual": "Ruth Request",
        "contact_email": "ruth@sample.example",
        "words": "Please cut back the hedge on Sample Lane.",
        "matter": "Overgrown hedge",
        "received_on": received_on,
        "channel": Channel.PHONE,
        "service_id": 1,
        "why": "They ask for it for the first time.",
    }
    done = (by or story.desks.recorder).do(COMMANDS["RecordServiceRequest"](**(given | fields)))
    return str(done.events[0].request)  # type: ignore[attr-defined]


def take(story: Story, step: str, reference: str, on: date, *, by: Desk | None = None, **fields: Any) -> Done:
    """A step on a service request on a day."""
    return (by or story.on(on).desks.handler).do(COMMANDS[step](reference=reference, **fields))


def raise_from(story: Story, reference: str, on: date, **fields: Any) -> Done:
    """A complaint is raised from a service request for what was said on a day."""
    given = {"expressed_on": on, "words": "I am not happy with that answer.", "channel": Channel.EMAIL}
    return take(story, "RaiseComplaint", reference, on, **(given | fields))


def row_of(story: Story, reference: str) -> Row:
    """The row of a service request."""
    (row,) = story.rows("service_request", reference=reference)
    return row
