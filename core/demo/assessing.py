"""The sample council's self-assessment: opened for its new procedure, and a few rows answered, honestly."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from core.commands.self_assessment import AnswerClause, OpenAssessment
from core.demo.texts import read
from core.desk import Desk
from core.queries.self_assessment import assessments
from core.rules.s8_reporting import Follows, WhyAssessed


def assess(manager: Desk, reviewer: Desk, *, first: date, seed: str) -> None:
    """Open one over all that is recorded, and answer some of it: yes, and partly with what will be done."""
    random = Random(f"{seed} assessment")  # noqa: S311 - a story, not a secret

    def named() -> dict[str, Any]:
        return {"command_id": str(UUID(int=random.getrandbits(128), version=4))}

    told = read("assessment.toml")
    today = manager.office.today(manager.office.now())
    if first >= today:
        return
    manager.do(
        OpenAssessment(
            why=WhyAssessed.PROCEDURE, starts_on=first, ends_on=today, owner_id=manager.actor.id, about=told["about"],
            **named(),
        )
    )  # fmt: skip
    number = max(each.id for each in manager.ask(assessments))
    for each in told["answer"]:
        desk = reviewer if each["by"] == "reviewer" else manager
        plan: dict[str, Any] = (
            {"action": each["action"], "owner_id": manager.actor.id, "due_on": today} if "action" in each else {}
        )
        desk.do(
            AnswerClause(
                assessment_id=number, item=each["item"], answered_version=0, follows=Follows(each["follows"]),
                commentary=each["commentary"], **plan, **named(),
            )
        )  # fmt: skip
