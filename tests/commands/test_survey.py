"""The feedback survey: offered once after a stage, answered apart from the complaint, and told in figures of many."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from core.code.survey import SURVEY
from core.commands.survey import AnswerSurvey, MakeSurveyLink, OfferSurvey, RecordSurveyAnswer
from core.errors import BadInput, LinkOver, NotFound, StepNotOpen
from core.queries.dashboard import dashboard
from core.queries.survey import SurveyFigures, case_surveys, survey_comments, survey_figures
from core.rules.periods import Period
from core.rules.showing import written
from core.rules.survey import SurveyReply, SurveyWay
from tests.builders import ANSWERED, Story, day
from tests.commands.refusals import refused

TOKEN = "a" * 64
FEW = SURVEY.limits.fewest


def offer(story: Story, reference: str, **fields: Any) -> None:
    story.desks.handler.do(OfferSurvey(reference=reference, **({"way": SurveyWay.LINK} | fields)))


def by_phone(story: Story, reference: str, **answers: str) -> None:
    given = {"handling": "satisfied"} | answers
    story.desks.handler.do(RecordSurveyAnswer(reference=reference, way=SurveyWay.PHONE, **given))


def many(story: Story, number: int, **answers: str) -> None:
    for _ in range(number):
        by_phone(story, story.answered(), **answers)


def figures(story: Story) -> SurveyFigures:
    """The figures once nobody can answer any more."""
    story.on(day("2026-12-07"))
    return story.desks.member.ask(survey_figures)


# ----------------------------------------------------------------------------------------------------------- offering


def test_3_8_the_survey_is_offered_once_after_a_stage(story: Story) -> None:
    reference = story.answered()
    offer(story, reference)
    (line,) = story.desks.handler.ask(case_surveys, reference)
    assert (line.stage, line.way, line.reply) == (1, "by a link", SurveyReply.OFFERED)
    with refused(story, StepNotOpen, "has been offered"):
        offer(story, reference)


def test_whoever_asked_to_be_left_alone_is_not_asked_and_has_no_link(story: Story) -> None:
    reference = story.answered()
    offer(story, reference, left_alone=True)
    ends_at = story.clock.now + timedelta(weeks=1)
    with refused(story, StepNotOpen, "Offer it first"):
        story.desks.handler.do(MakeSurveyLink(reference=reference, link_id=TOKEN, ends_at=ends_at))
    with refused(story, StepNotOpen, "not wanted"):
        by_phone(story, reference)


def test_an_adjustment_in_force_is_looked_at_before_anybody_is_asked(story: Story) -> None:
    reference = story.answered()
    story.adjust(reference, what="Calls, no writing")
    with refused(story, BadInput, "Agreed with them: Calls, no writing"):
        offer(story, reference)
    offer(story, reference, way=SurveyWay.PHONE, fits=True)


def test_nobody_is_asked_who_left_no_way_to_be_reached(story: Story) -> None:
    reference = story.record(contact_email="", no_contact_details=True)
    story.assign(reference)
    story.respond(reference, good_reason="Nobody could be written to.")
    with refused(story, StepNotOpen, "without any way"):
        offer(story, reference)


# ---------------------------------------------------------------------------------------------------------- answering


def test_KPI27_an_answer_raises_counts_and_is_found_nowhere_with_the_complaint(story: Story) -> None:
    """The ledger says that there is one; what it was stands with no row that leads to the case."""
    reference = story.answered()
    by_phone(story, reference, easy="strongly_disagree", comment="Long, but fair.")
    raised = [(row["question"], row["answer"]) for row in story.rows("survey_count") if row["people"]]
    assert sorted(raised) == [("easy", "strongly_disagree"), ("handling", "satisfied")]
    (month,) = {row["month"] for row in story.rows("survey_count")}
    assert month == ANSWERED.replace(day=1)
    (comment,) = story.rows("survey_comment")
    assert set(comment) == {"id", "month", "words"}
    told = " ".join(str(row) for table in ("ledger_entry", "ledger_personal") for row in story.rows(table))
    assert not re.search("strongly_disagree|Long, but fair", told)
    assert story.tags(reference)[-1] == "survey.answered"
    with refused(story, StepNotOpen, "answered or not wanted"):
        by_phone(story, reference)


@pytest.mark.parametrize(
    ("answers", "match"), [({"handling": "splendid"}, "not on its list"), ({"handling": None}, "Nothing is answered")]
)
def test_an_answer_is_on_its_list_and_there_is_one(story: Story, answers: dict[str, Any], match: str) -> None:
    reference = story.answered()
    with refused(story, BadInput, match):
        by_phone(story, reference, **answers)


def test_3_8_a_link_takes_one_answer_and_stops_with_time(story: Story) -> None:
    reference = story.answered()
    offer(story, reference)
    ends_at = story.clock.now + timedelta(weeks=2)
    sent = AnswerSurvey(link_id=TOKEN, answers=(("handling", "dissatisfied"),), comment="")
    with refused(story, NotFound, "not known"):
        story.desks.system.do(sent)
    story.desks.handler.do(MakeSurveyLink(reference=reference, link_id=TOKEN, ends_at=ends_at))
    with refused(story, BadInput, "not on its list"):
        story.desks.system.do(AnswerSurvey(link_id=TOKEN, answers=(("outcome", "x"),)))
    story.desks.system.do(sent)
    with refused(story, LinkOver, "answered already"):
        story.desks.system.do(AnswerSurvey(link_id=TOKEN, comment="Once more."))
    late = story.answered()
    offer(story, late)
    story.desks.handler.do(MakeSurveyLink(reference=late, link_id="b" * 64, ends_at=story.clock.now))
    with refused(story, LinkOver, "run out"):
        story.desks.system.do(AnswerSurvey(link_id="b" * 64, comment="Too late."))


# ------------------------------------------------------------------------------------------------------------ figures


def test_KPI27_figures_stand_only_from_enough_answers_and_once_nobody_can_answer(story: Story) -> None:
    many(story, FEW - 1, comment="Never called back.")
    found = figures(story)
    assert (found.offered, found.answered) == (None, None)
    assert {each.answered for each in found.questions if each.title != SURVEY.questions["handling"].title} == {0}
    assert (found.questions[-1].content, found.questions[-1].answered, found.by_outcome) == (None, None, ())
    assert story.desks.quality.ask(survey_comments) == ()
    story.on(day("2026-09-21"))
    many(story, 1)
    many(story, FEW, handling="very_dissatisfied")
    found = figures(story)
    assert found.period == Period.quarter(2026, 2)
    handling = found.questions[-1]
    assert (found.offered, found.answered, handling.content, handling.answered) == (2 * FEW, 2 * FEW, FEW, 2 * FEW)
    assert story.desks.quality.ask(survey_comments) == ("Never called back.",) * (FEW - 1)
    assert [(each.title, each.content) for each in found.by_outcome if each.answered] == [("Upheld", FEW)]
    seen = story.desks.manager.ask(dashboard, found.period)
    told = written(seen.figures, fewest=seen.fewest)
    assert told["feedback_handling"] == "50.0 % (5 of 10)" and seen.fewest is None


def test_KPI27_a_quarter_is_not_shown_while_somebody_may_still_answer(story: Story) -> None:
    many(story, FEW)
    story.on(day("2026-11-02"))
    assert story.desks.member.ask(survey_figures).offered == 0
    assert story.desks.manager.ask(dashboard, Period.quarter(2026, 2)).figures["feedback_handling"].denominator == 0
    assert figures(story).offered == FEW
