"""The Self-assessment page: what is owed, rows and clauses, evidence as a suggestion, answers, signatures and files."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.self_assessment import FORM
from core.permissions import Role
from core.queries.self_assessment import assessment_view
from core.rules.s8_reporting import Follows, LargeChange, WhyAssessed
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, words

PERIOD = {"starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31)}


@pytest.fixture
def open_one(council: Council) -> Council:
    """A council with a self-assessment open."""
    told = {"why": WhyAssessed.YEARLY, "owner_id": WHO[Role.MANAGER], **PERIOD}
    council.take(Role.MANAGER, "OpenAssessment", **told)
    return council


def test_8_3_what_is_owed_stands_on_home_and_here_until_it_is_opened(council: Council, open_page: Open) -> None:
    told = {"kind": LargeChange.MERGER, "changed_on": council.today, "what": "Two districts became one."}
    council.take(Role.MANAGER, "RecordLargeChange", **told)
    owed = "Since a merger on Tue 24 November 2026 no self-assessment was opened."
    assert owed in words(open_page("overview", Role.MANAGER))
    at = open_page("self_assessment", Role.MANAGER)
    assert "A self-assessment is owed." in words(at)
    assert "There is no self-assessment yet" in words(at)
    button(at, "Open a self-assessment").click().run()
    assert field(at, "date_input", "First day of its period").value == date(2025, 4, 1)
    field(at, "selectbox", "Who answers for it").set_value(WHO[Role.MANAGER]).run()
    _sends(at, "Open a self-assessment")
    said = words(at)
    assert "A self-assessment is owed." not in said
    assert "0 of 10 rows" in said


def test_A_rows_ten_rows_or_all_clauses_and_each_is_a_place(open_one: Council, open_page: Open) -> None:
    said = words(open_page("self_assessment", Role.MEMBER))
    assert len(unanswered(said)) == 10
    assert "**6. Stage 1**" in said
    assert "**6. Stage 2**" in said
    said = words(open_page("self_assessment", Role.MEMBER, long="1", item="lgsco:6.2"))
    assert len(unanswered(said)) == 10 + len(FORM.clauses)
    assert "We acknowledge stage 1 within the Code’s period." in said
    assert "Save this answer" not in said
    assert "names no row and no clause" in words(open_page("self_assessment", Role.MEMBER, item="7-4"))


def test_8_1a_evidence_suggests_and_a_person_answers(open_one: Council, open_page: Open) -> None:
    """The suggestion is taken only when somebody asks for it, and a no without a plan keeps what was typed."""
    at = open_page("self_assessment", Role.MANAGER, item="lgsco:6.2")
    assert "It is only a suggestion" in words(at)
    assert "Not answered yet." in words(at)
    button(at, "Begin with the suggestion").click().run()
    assert field(at, "selectbox", "Do we follow it?").value == "partly"
    field(at, "text_area", "Explanation and commentary").set_value("One *inbox*.").run()
    _sends(at, "Save this answer")
    assert "Say what will be done about it." in words(at)
    field(at, "text_area", "What will be done").set_value("Share the inbox.")
    field(at, "selectbox", "Who sees to it").set_value(1)
    field(at, "date_input", "By when").set_value(date(2027, 1, 11)).run()
    _sends(at, "Save this answer")
    held = open_one.desk(Role.MEMBER).ask(assessment_view, 1).answers["lgsco:6.2"]
    assert (held.follows, held.commentary, held.answered_by) == (Follows.PARTLY, "One *inbox*.", "Max Manager")
    assert "for the whole council · Max Manager" in words(at)


def test_8_1a_the_cases_behind_a_number_open_for_readers(open_one: Council, open_page: Open) -> None:
    told = {"item": "lgsco:6.2", "behind": "duty.acknowledge_stage_one"}
    assert "[C-2026-000002]" in words(open_page("self_assessment", Role.QUALITY, **told))
    assert "C-2026-" not in words(open_page("self_assessment", Role.MEMBER, **told))
    assert "link is damaged" in words(open_page("self_assessment", Role.QUALITY, item="1", behind="duty.nothing"))


def test_A_1_frozen_on_the_page_signed_and_saved(open_one: Council, open_page: Open) -> None:
    for row in FORM.rows:
        told = {"assessment_id": 1, "item": row, "answered_version": 0, "follows": Follows.YES}
        open_one.take(Role.QUALITY, "AnswerClause", **told)
    at = open_page("self_assessment", Role.MANAGER, step="FreezeAssessment")
    _sends(at, "Freeze this text")
    assert "Next to sign: whoever answers for it." in words(at)
    button(at, "Sign the frozen text").click().run()
    _sends(at, "Sign the frozen text")
    said = words(at)
    assert "Next to sign: the senior lead." in said
    assert "/export/self-assessment/1.docx?columns=section%2Caction%2Cfollow%2Ccommentary" in said


def unanswered(said: str) -> set[str]:
    """The rows and clauses that are said to have no answer."""
    return {line for line in said.splitlines() if "not answered" in line}


def _sends(at: object, label: str) -> None:
    found = [each for each in at.button if each.label == label and "form/" in str(each.key)]  # type: ignore[attr-defined]
    found[-1].click().run()
