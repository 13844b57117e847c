"""Remedies in a story, beside its course: offered with the answer, paid and done some days later, or still owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.commands.base import Command
from core.commands.offering import OfferRemedy
from core.commands.remedies import CompleteRemedy, RecordPayment
from core.commands.stage_one import RespondStageOne
from core.demo.story import Act, Finds, Story
from core.demo.texts import phrases
from core.desk import LONDON, Desk
from core.queries.remedies import case_remedies
from core.rules.facts import Outcome

_OFTEN, _OFTEN_OF_LATE = 0.06, 0.6
_PROMISED_AFTER = 10
_DONE_AFTER = (2, 4, 7, 9, 10, 13)


def remedies_in(story: Story) -> list[Act]:
    """Some complaints that are upheld at stage 1 are offered a remedy just before their answer goes."""
    answer = next((act for act in story.acts if act.kind is RespondStageOne), None)
    if answer is None:
        return []
    before = story.acts[story.acts.index(answer) - 1]
    answered = answer.at.astimezone(LONDON).date()
    # Of late there are more of them, so that something is still to be done on the day the council is looked at.
    of_late = answered >= story.shift(story.council.today, -2 * _PROMISED_AFTER)
    if story.remedies.random() > (_OFTEN_OF_LATE if of_late else _OFTEN):
        return []
    if answer.values["answers"][0].outcome is not Outcome.UPHELD:
        return []
    said = story.remedies.choice(phrases()["remedies"])
    due = story.shift(answered, _PROMISED_AFTER)
    offer = {name: said[name] for name in ("kind", "sub_kind", "pounds", "signatory", "what", "impact") if name in said}
    acts = [
        _act(
            story,
            before.at + timedelta(minutes=1),
            OfferRemedy,
            **offer,
            offered_on=before.at.astimezone(LONDON).date(),
            due_on=due,
            owner_id=story.cast.colleague_ids[story.handler],
            guidance=True,
        ),
        *(_done(story, said, answered=answered, due=due) if not of_late else ()),
    ]
    return [act for act in acts if act.at.astimezone(LONDON).date() < story.council.today]


def _done(story: Story, said: dict[str, Any], *, answered: date, due: date) -> list[Act]:
    """Paid, where it is money, and done, on one day; with the reason where it is late."""
    day = story.shift(answered, story.remedies.choice(_DONE_AFTER))
    at = datetime.combine(day, time(story.remedies.choice(range(10, 16))), tzinfo=LONDON).astimezone(UTC)
    excuse = said["excuse"] if day > due else None
    told = {"done_on": day, "evidence": said["evidence"], "good_reason": excuse}
    done = _act(story, at + timedelta(minutes=5), CompleteRemedy, finds=_the_remedy, **told)
    if "pounds" not in said:
        return [done]
    payment = {"pounds": said["pounds"], "paid_on": day, "how": said["how"]}
    return [_act(story, at, RecordPayment, finds=_the_remedy, **payment), done]


def _act(story: Story, at: datetime, step: type[Command], /, *, finds: Finds | None = None, **values: Any) -> Act:
    command_id = str(UUID(int=story.remedies.getrandbits(128), version=4))
    return Act(at=at, who=story.handler, kind=step, command_id=command_id, values=values, finds=finds)


def _the_remedy(desk: Desk, reference: str) -> dict[str, Any]:
    return {"remedy_id": desk.ask(case_remedies, reference).still_open[0].id}
