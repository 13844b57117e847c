"""The feedback survey by link: what it asks, what it always says, and what it never tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.web import by_link, intake
from core import surveying
from core.code.survey import SURVEY
from core.commands.wording import PublishWording
from core.desk import LONDON
from core.permissions import Role
from core.queries.survey import case_surveys
from core.rules.survey import SurveyReply, SurveyWay
from tests.pages.council import Council
from tests.web.live import ADDRESS, Live, Visitor, hidden_in, said


class Offered:
    """A survey offered about an answered stage, and a browser that holds its link."""

    def __init__(self, live: Live) -> None:
        self.live = live
        council = Council(live.folder, now=live.now)
        self.reference = council.record(days_ago=14, matter="Bin left in the road", words="The bin again.")
        council.acknowledge(self.reference, days_ago=10)
        council.assign(self.reference, days_ago=10)
        council.answer(self.reference)
        council.take(Role.HANDLER, "OfferSurvey", reference=self.reference, way=SurveyWay.LINK)
        council.office.close()
        self.desk = live.desk(Role.HANDLER)
        self.browser = Visitor()
        self.path = surveying.make_link(self.desk, self.reference).address.removeprefix(ADDRESS)

    def sends(self, **typed: str) -> Any:
        told = hidden_in(self.browser.opens(self.path).text) | typed
        fields = [(name, (None, value)) for name, value in told.items()]
        return self.browser.client.post(self.path, files=fields, headers={"origin": ADDRESS})

    @property
    def reply(self) -> SurveyReply:
        return self.desk.ask(case_surveys, self.reference)[0].reply


@pytest.fixture
def offered(live: Live) -> Offered:
    intake.rates.cache_clear()
    return Offered(live)


def test_3_8_the_survey_itself_says_how_to_complain_and_nothing_of_the_case(offered: Offered) -> None:
    """About a service and about how a complaint was dealt with; there is no survey without it."""
    today = offered.live.now.astimezone(LONDON).date()
    wording = {"block": "contact", "text": "Ring 01632 960 001.", "in_force_from": today, "approved_by": "The manager"}
    offered.live.desk(Role.MANAGER).do(PublishWording(**wording))
    page = offered.browser.opens(offered.path)
    assert page.status_code == 200
    assert "How to complain" in page.text
    assert SURVEY.limits.how_to_complain in page.text
    assert "Ring 01632 960 001." in page.text
    assert page.text.count("<fieldset>") == len(SURVEY.questions)
    for hidden in (offered.reference, "Sam Sample", "Bin left", "<script"):
        assert hidden not in page.text
    assert page.headers["content-security-policy"] == by_link.POLICY


def test_KPI27_answers_by_link_are_counted_once(offered: Offered) -> None:
    done = offered.sends(handling="satisfied", fair="agree", comment="Thank you.\r\nReally.")
    assert (done.status_code, "counted without your name" in done.text) == (200, True)
    assert offered.reply is SurveyReply.ANSWERED
    again = offered.browser.opens(offered.path)
    assert (again.status_code, "answered already" in again.text) == (410, True)


@pytest.mark.parametrize(
    ("typed", "status", "match"),
    [
        ({"comment": " "}, 400, "Nothing is answered yet"),
        ({"handling": "splendid"}, 400, "not on its list"),
        ({"comment": "x" * 4_001}, 413, "longer than 4,000"),
        ({"comment": "All of it was long.", "seal": "0" * 64}, 403, "run out"),
    ],
)
def test_what_was_chosen_comes_back_when_something_is_refused(
    offered: Offered, typed: dict[str, str], status: int, match: str
) -> None:
    answer = offered.sends(**({"easy": "disagree"} if status != 400 else {}), **typed)  # noqa: PLR2004
    assert (answer.status_code, match in said(answer)) == (status, True)
    assert typed.get("comment", "") in answer.text
    assert status == 400 or 'value="disagree" checked' in answer.text  # noqa: PLR2004
    assert "How to complain" in answer.text
    assert offered.reply is SurveyReply.OFFERED


def test_a_survey_link_runs_out(offered: Offered) -> None:
    offered.live.now += timedelta(days=SURVEY.limits.link_days + 1)
    assert offered.browser.opens(offered.path).status_code == 410
    assert offered.browser.opens("/survey/unknown").status_code == 404
