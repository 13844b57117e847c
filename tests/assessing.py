"""Self-assessments arranged through commands."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from core import assessment_files
from core.code.self_assessment import FORM
from core.commands.self_assessment import AnswerClause, FreezeAssessment, OpenAssessment, SignAssessment
from core.desk import Desk
from core.queries.self_assessment import assessment_view
from core.rules.s8_reporting import Follows, SignOff, WhyAssessed
from tests.builders import Story, day

YEAR = (day("2025-04-01"), day("2026-03-31"))
"""The year that is over when these tests begin."""


def opened(story: Story, *, period: tuple[date, date] = YEAR, **given: Any) -> int:
    """A self-assessment is open, and the manager answers for it; its number."""
    manager = story.desks.manager
    told = {"why": WhyAssessed.YEARLY, "owner_id": manager.actor.id, "starts_on": period[0], "ends_on": period[1]}
    manager.do(OpenAssessment(**(told | given)))
    return int(max(row["id"] for row in story.rows("self_assessment")))


def answer(story: Story, number: int, item: str, *, by: Desk | None = None, **given: Any) -> None:
    """One row or clause is answered, after the newest answer it has."""
    desk = by or story.desks.manager
    held = desk.ask(assessment_view, number).answers.get(item)
    told = {"follows": Follows.YES, "answered_version": held.version if held else 0}
    desk.do(AnswerClause(assessment_id=number, item=item, **(told | given)))


def contents(desk: Desk, number: int) -> str:
    """A text to freeze, with the versions of the answers as they are."""
    held = desk.ask(assessment_view, number).answers
    return json.dumps({"answers": {key: {"version": each.version} for key, each in held.items()}})


def answered(story: Story) -> int:
    """All ten rows are answered; the number of the assessment."""
    number = opened(story)
    for row in FORM.rows:
        answer(story, number, row)
    return number


def frozen(story: Story) -> int:
    """A text is frozen; the number of the assessment."""
    number = answered(story)
    freeze(story, number)
    return number


def freeze(story: Story, number: int) -> None:
    """Freeze what stands there now."""
    manager = story.desks.manager
    manager.do(FreezeAssessment(assessment_id=number, contents=contents(manager, number)))


def sign(story: Story, number: int, step: SignOff, *, by: Desk | None = None, **given: Any) -> None:
    """One signature, today."""
    desks = story.desks
    desk = by or (desks.senior_lead if step is SignOff.SENIOR_LEAD else desks.manager)
    if step is SignOff.GOVERNING_BODY:
        given = {"committee": "Scrutiny Committee", "minute": "41", "response": "Noted with thanks."} | given
    desk.do(SignAssessment(assessment_id=number, step=step, signed_on=story.clock.now.date(), **given))


def signed(story: Story, number: int = 0) -> int:
    """A whole text, of this assessment or of a new one, is frozen and signed by everybody; the number of the text."""
    number = number or answered(story)
    assessment_files.freeze(story.desks.manager, FreezeAssessment(assessment_id=number, contents=""))
    for step in SignOff:
        sign(story, number, step)
    return int(max(row["id"] for row in story.rows("self_assessment_text")))
