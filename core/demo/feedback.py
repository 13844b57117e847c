"""What people in the stories say of how their complaint was dealt with, by phone, days after the last answer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from core.code.survey import SURVEY
from core.commands.stage_one import RespondStageOne
from core.commands.stage_two import RespondFinal
from core.commands.survey import RecordSurveyAnswer
from core.demo.story import Act, Story
from core.desk import LONDON
from core.rules.survey import SurveyWay
from core.rules.working_days import months_after

_OFTEN = 0.45
_AFTER = (2, 3, 4)
_WEIGHTS = (4, 6, 2, 2, 1)  # from the best answer to the worst


def survey_in(story: Story) -> list[Act]:
    """Nearly every second individual of the last year whose complaint was answered is rung and says how it was."""
    last = story.acts[-1]
    if last.kind not in (RespondStageOne, RespondFinal) or story.course.anonymous or story.calls.random() > _OFTEN:
        return []
    today = story.council.today
    day = story.shift(story.day, story.calls.choice(_AFTER))
    if not months_after(today, -SURVEY.limits.months) < day < today:
        return []
    at = datetime.combine(day, time(10), tzinfo=LONDON).astimezone(UTC)
    at += timedelta(seconds=story.calls.randrange(3_000))
    answers = {key: story.calls.choices(list(SURVEY.answers_to(key)), weights=_WEIGHTS)[0] for key in SURVEY.questions}
    command_id = str(UUID(int=story.calls.getrandbits(128), version=4))
    values = {"way": SurveyWay.PHONE, **answers}
    return [Act(at=at, who=story.handler, kind=RecordSurveyAnswer, command_id=command_id, values=values)]
