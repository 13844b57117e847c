"""The feedback survey on the page of a case, and its figures on a page of their own."""

from __future__ import annotations

from datetime import timedelta

from core.code.survey import SURVEY
from core.permissions import Role
from core.rules.survey import SurveyWay
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_corresponding import send

READY = "C-2026-000001"
REMARK = "![x](https://example.org/p.png) **Nobody** rang back."


def test_3_8_the_survey_is_offered_after_the_answer_and_its_link_is_shown_once(
    council: Council, open_page: Open
) -> None:
    assert "Feedback survey" not in words(open_page("case", ref=READY)), "nothing is answered yet"
    council.hear(READY)
    council.answer(READY)
    at = open_page("case", ref=READY)
    assert "Not offered yet. Nobody has to be asked." in words(at)
    button(at, "Offer the feedback survey").click().run()
    field(at, "selectbox", "How they get it").select("by a link").run()
    send(at, "Offer the feedback survey")
    assert "no answer yet" in words(at)
    button(at, "Make a link to the survey").click().run()
    assert any("/survey/" in each.value for each in at.code)
    assert not at.run().code


def test_KPI27_figures_and_remarks_are_shown_from_enough_answers_on(council: Council, open_page: Open) -> None:
    assert "No survey was offered in these months." in words(open_page("feedback", Role.MANAGER))
    for number in range(SURVEY.limits.fewest):
        if number == SURVEY.limits.fewest - 1:
            council.now += timedelta(days=100)
            assert "Fewer than 5 answered" in words(open_page("feedback", Role.MANAGER))
            council.now -= timedelta(days=100)
        reference = council.assign(council.record(days_ago=7), days_ago=7)
        council.acknowledge(reference, days_ago=6)
        council.answer(reference)
        given = {"way": SurveyWay.PHONE, "handling": "satisfied", "comment": REMARK}
        council.take(Role.HANDLER, "RecordSurveyAnswer", reference=reference, **given)
    council.now += timedelta(days=100)
    at = open_page("feedback", Role.MANAGER)
    said = words(at)
    assert "100.0 % (5 of 5)" in said
    assert REMARK in {each.value for each in at.text}
    assert "What people added" not in words(open_page("feedback", Role.MEMBER))
