"""Records at their end, arranged through commands alone: closed, due, proposed, approved and anonymised."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.commands.base import COMMANDS
from core.commands.erasing import ApproveErasure, ProposeErasure, SetRetention
from core.desk import Desk, Done
from core.model.complaints import Channel
from core.model.requests import RequestOutcome
from core.permissions import Role
from core.retaining import Erased, carry_out
from core.rules.retention import planned_on
from tests.builders import Story

YEARS, DAYS = 1, 366
"""Years kept in these tests: the made-up council's calendar ends soon after."""


def kept_a_year(story: Story, *kinds: str) -> None:
    """The council keeps these kinds of record for a year from today."""
    for kind in kinds or ("complaint", "no_finding", "ombudsman"):
        story.desks.manager.do(
            SetRetention(
                kind=kind,
                years=YEARS,
                in_force_from=story.clock.now.date(),
                source="The cabinet, minute 7",
                reason="It is needed no longer.",
            )
        )


def due_on(story: Story, reference: str) -> date:
    """The day a closed complaint's record comes up for review."""
    (row,) = story.rows("retention", complaint_id=story.case(reference)["id"])
    assert row["counted_from"] is not None
    return planned_on(row["counted_from"], years=YEARS)


def when_due(story: Story, *references: str) -> None:
    """Make it the day on which all of them are due."""
    story.on(max(due_on(story, reference) for reference in references))


def propose(story: Story, *references: str, by: Desk | None = None) -> None:
    """Propose that they are anonymised."""
    (by or story.desks.manager).do(ProposeErasure(references=references))


def approve(story: Story, *references: str, by: Desk | None = None) -> None:
    """Approve it as the second person."""
    (by or story.desks.senior_lead).do(ApproveErasure(references=references))


def approved(story: Story, *references: str) -> None:
    """They are due, and two people have decided."""
    when_due(story, *references)
    propose(story, *references)
    approve(story, *references)


def anonymised(story: Story, *references: str) -> Erased:
    """They are due, two people have decided, and the console has carried it out."""
    approved(story, *references)
    return carry_out(story.office)


def later(story: Story, days: int = 30) -> date:
    """A day after today."""
    return story.clock.now.date() + timedelta(days=days)


def erased_request(council: Any) -> str:
    """On a council of pages: a service request from long ago, anonymised by two people's decision; its reference."""
    today = council.now.date()

    def take(role: Role, step: str, **values: Any) -> Done:
        return council.desk(role).do(COMMANDS[step](**values))

    council.now -= timedelta(days=2 * DAYS)
    day = council.now.date()
    asked = {"individual": "Ruth Request", "words": "Please cut the hedge.", "channel": Channel.PHONE}
    recorded: Any = take(Role.RECORDER, "RecordServiceRequest", received_on=day, why="A first ask.", **asked).events[0]
    reference: str = recorded.request
    take(Role.HANDLER, "CloseServiceRequest", reference=reference, closed_on=day, outcome=RequestOutcome.DONE)
    council.now += timedelta(days=2 * DAYS)
    rule = {"years": YEARS, "in_force_from": today, "source": "Minute 7", "reason": "Needed no longer."}
    take(Role.MANAGER, "SetRetention", kind="service_request", **rule)
    take(Role.MANAGER, "ProposeErasure", references=(reference,))
    take(Role.SENIOR_LEAD, "ApproveErasure", references=(reference,))
    carry_out(council.office)
    return reference
