"""The equality questions on a case, and the page of their figures."""

from __future__ import annotations

import pytest

from core.permissions import Role
from core.queries.monitoring import monitoring_asked
from core.rules.monitoring import MonitoringReply
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

CASE = "C-2026-000001"


def answers(council: Council, number: int, **given: str) -> None:
    """So many complaints of the last quarter, whose people answered so."""
    for _each in range(number):
        reference = council.record(days_ago=60)
        council.take(Role.HANDLER, "KeepMonitoring", reference=reference, reply=MonitoringReply.ANSWERED, **given)


def test_the_questions_are_asked_from_a_band_of_their_own_and_once(council: Council, open_page: Open) -> None:
    """Not among the next steps; once answered the band says so and offers nothing [lgsco:3.1]."""
    at = open_page("case", ref=CASE)
    assert "Not asked yet. Nobody has to be" in words(at)
    button(at, "Record equality answers").click().run()
    field(at, "selectbox", "What they said when asked").set_value("they answered")
    field(at, "selectbox", "Age group").set_value("from_55")
    field(at, "selectbox", "Sex").set_value("no_answer").run()
    next(
        each for each in at.button if each.label == "Record equality answers" and "form/" in str(each.key)
    ).click().run()
    said = words(at)
    assert "Offered the equality questions. They answered." in said
    assert "nothing leads from here to them" in said
    assert not [each for each in at.button if each.label == "Record equality answers"]
    assert "55 to 64" not in said
    assert council.desk(Role.HANDLER).ask(monitoring_asked, CASE) is MonitoringReply.ANSWERED


def test_no_draft_of_the_answers_is_kept(council: Council, open_page: Open) -> None:
    """A draft would be an answer with a case and a colleague written on it [lgsco:3.1]."""
    at = open_page("case", ref=CASE, step="KeepMonitoring")
    field(at, "selectbox", "Age group").set_value("from_55").run()
    sending = next(each for each in at.button if each.label == "Record equality answers" and "form/" in str(each.key))
    sending.click().run()
    assert "“What they said when asked” is not filled in yet." in words(at)
    assert field(at, "selectbox", "Age group").value == "from_55"
    assert council.desk(Role.HANDLER).kept(f"KeepMonitoring:{CASE}") == {}
    again = open_page("case", ref=CASE, step="KeepMonitoring")
    assert field(again, "selectbox", "Age group").value is None


def test_without_answers_the_page_says_where_they_are_asked(council: Council, open_page: Open) -> None:
    said = words(open_page("equality", Role.MANAGER))
    assert "Fewer than 5 people answered in these quarters" in said
    assert "Equality questions (optional)" in said


def test_the_figures_show_shares_and_hold_small_numbers_back(council: Council, open_page: Open) -> None:
    """Every share has its numbers beside it."""
    answers(council, 6, sex="female")
    answers(council, 2, sex="male")
    answers(council, 4, sex="no_answer", age="from_18")
    said = words(open_page("equality", Role.MEMBER))
    assert "| Female | 50.0 % (6 of 12) |" in said
    assert "| Male | not shown |" in said
    assert "| Prefer not to say | not shown |" in said
    assert "Too few people answered this question" in said
    assert "Wed 1 October 2025 to Wed 30 September 2026" in said


@pytest.mark.parametrize("service", ["99", "x", "1 OR 1=1"])
def test_a_service_that_is_not_here_is_a_sentence(council: Council, open_page: Open, service: str) -> None:
    assert "names a service that is not here" in words(open_page("equality", Role.MANAGER, service=service))


def test_a_service_is_chosen_in_the_address(council: Council, open_page: Open) -> None:
    at = open_page("equality", Role.MANAGER)
    at.selectbox[-1].set_value("2").run()
    assert at.query_params["service"] in ("2", ["2"])
    assert "A service’s own counts leave out quarters" in words(at)
