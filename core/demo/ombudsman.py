"""What followed some final responses: an Ombudsman's enquiry, its decision, and a recommendation kept or still owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from core.commands.base import Command
from core.commands.handling import AnswerHandlingComplaint, RaiseHandlingComplaint
from core.commands.ombudsman import AnswerEnquiry, RecordEnquiry, RecordOmbudsmanDecision
from core.commands.recommendations import AddRecommendation, ComplyWithRecommendation
from core.commands.stage_two import RespondFinal
from core.demo.story import Act, Finds, Story
from core.demo.texts import read
from core.desk import LONDON, Desk
from core.queries.handling import handling_complaints
from core.queries.ombudsman import case_at_ombudsman, ombudsman_case
from core.rules.outside import RecommendationKind

_OFTEN = 0.3
_HANDLING = 0.1
_COMPLIED = 0.7


def after_the_end(story: Story) -> list[Act]:
    """What an Ombudsman asked and decided after a final response, and a complaint about the handling now and then."""
    final = next((act for act in story.acts if act.kind is RespondFinal), None)
    if final is None:
        return []
    day = final.at.astimezone(LONDON).date()
    acts: list[Act] = []
    if story.calls.random() < _OFTEN:
        acts += _at_the_ombudsman(story, day)
    if story.calls.random() < _HANDLING:
        acts += _about_handling(story, day)
    return [act for act in acts if act.at.astimezone(LONDON).date() < story.council.today]


def _at_the_ombudsman(story: Story, final: date) -> list[Act]:
    said = story.calls.choice(read("ombudsman.toml")["case"])
    came = story.shift(final, story.calls.randrange(8, 25))
    due, answered = story.shift(came, 10), story.shift(came, story.calls.randrange(5, 12))
    decided = story.shift(answered, story.calls.randrange(12, 30))
    number = f"26 {story.calls.randrange(10, 1_000):03d} {story.calls.randrange(100, 1_000)}"
    told: dict[str, Any] = {"ombudsman": "lgsco", "their_reference": number, "subject": said["subject"]}
    acts = [
        _act(story, came, RecordEnquiry, finds=_complaint, enquiry_on=came, respond_by=due, **told),
        _act(story, answered, AnswerEnquiry, finds=_case, answered_on=answered, answer=said["answer"]),
        _act(
            story, decided, RecordOmbudsmanDecision, finds=_case, decided_on=decided, outcome=said["outcome"],
            decision=said["decision"], remedy_before=said.get("remedy_before", False),
        ),
    ]  # fmt: skip
    if "recommended" in said:
        by = story.shift(decided, 20)
        recommended = {"what": said["recommended"], "kind": RecommendationKind(said["kind"]), "due_on": by}
        acts.append(_act(story, decided, AddRecommendation, finds=_case, later=1, **recommended))
        if story.calls.random() < _COMPLIED:
            done = story.shift(decided, story.calls.randrange(8, 24))
            acts.append(
                _act(story, done, ComplyWithRecommendation, finds=_owed, complied_on=done, evidence=said["evidence"])
            )
    return acts


def _about_handling(story: Story, final: date) -> list[Act]:
    said = story.calls.choice(read("ombudsman.toml")["handling"])
    raised = story.shift(final, story.calls.randrange(2, 8))
    answered = story.shift(raised, story.calls.randrange(5, 18))
    by = story.handler
    return [
        _act(story, raised, RaiseHandlingComplaint, who=by, finds=_complaint, raised_on=raised, words=said["said"]),
        _act(
            story, answered, AnswerHandlingComplaint, who=by, finds=_handling, answered_on=answered,
            answer=said["answered"],
        ),
    ]  # fmt: skip


def _act(
    story: Story, day: date, step: type[Command], *, finds: Finds, who: str = "", later: int = 0, **values: Any
) -> Act:
    at = datetime.combine(day, time(15, 10 * later + story.calls.randrange(10)), tzinfo=LONDON).astimezone(UTC)
    command_id = str(UUID(int=story.calls.getrandbits(128), version=4))
    return Act(at=at, who=who or story.cast.manager, kind=step, command_id=command_id, values=values, finds=finds)


def _complaint(_desk: Desk, reference: str) -> dict[str, Any]:
    return {"complaint": reference}


def _case(desk: Desk, reference: str) -> dict[str, Any]:
    return {"ombudsman_case_id": desk.ask(case_at_ombudsman, reference)[0].id}


def _owed(desk: Desk, reference: str) -> dict[str, Any]:
    view = desk.ask(ombudsman_case, desk.ask(case_at_ombudsman, reference)[0].id)
    return {"recommendation_id": next(each.id for each in view.recommendations if each.owed)}


def _handling(desk: Desk, reference: str) -> dict[str, Any]:
    return {"handling_id": desk.ask(handling_complaints, reference)[0].id}
