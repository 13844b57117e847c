"""Section 8: the form of the self-assessment, what an answer must say, what is suggested, and when one is owed."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.catalogue import CLAUSES
from core.code.figures import FIGURES
from core.code.self_assessment import FORM
from core.queries.assessment_documents import _TOLD
from core.rules.duties import TITLES
from core.rules.s8_reporting import (
    AnswerFacts,
    Follows,
    LargeChange,
    OwedFacts,
    SignOff,
    WhyAssessed,
    answer_complete,
    assessments_owed,
    next_to_sign,
    suggested_answer,
)

YEAR = (date(2025, 4, 1), date(2026, 3, 31))


def test_A_rows_there_are_ten_and_section_6_stands_twice() -> None:
    assert [row.section for row in FORM.rows.values()] == [1, 2, 3, 4, 5, 6, 6, 7, 8, 9]
    assert [row.title for row in FORM.rows.values() if row.section == 6] == ["Stage 1", "Stage 2"]


def test_8_1a_every_clause_stands_under_its_row_and_has_evidence_or_is_attested() -> None:
    assert list(FORM.clauses) == list(CLAUSES)
    assert len(FORM.clauses) == 73
    for each in FORM.clauses.values():
        assert each.has_evidence or each.attested, each.key
        assert FORM.rows[each.row].section == CLAUSES[each.key].section
    assert all(FORM.beneath(row) for row in FORM.rows)


def test_8_1a_all_that_is_named_as_evidence_is_counted_somewhere() -> None:
    for each in (*FORM.rows.values(), *FORM.clauses.values()):
        assert set(each.figures) <= set(FIGURES)
        assert set(getattr(each, "duties", ())) <= set(TITLES)
    assert set(FORM.documents) == set(_TOLD)
    assert set(FORM.documents) == {key for each in FORM.clauses.values() for key in each.documents}
    assert FORM.volumes <= set(FIGURES)


def test_A_5_the_form_itself_names_timeliness_and_outcomes_first() -> None:
    for each in (*FORM.rows.values(), *FORM.clauses.values()):
        volumes = [key in FORM.volumes for key in each.figures]
        assert volumes == sorted(volumes), each.key


def test_A_6_the_form_is_the_councils_words_and_none_of_the_codes_sentences() -> None:
    assert all(
        row.action.startswith(("We ", "Our ", "People ", "Named ", "At stage", "When ", "Every ", "Senior "))
        for row in FORM.rows.values()
    )


def facts(follows: Follows, *, force: str = "should", **given: object) -> AnswerFacts:
    told = {"commentary": "", "action": "", "has_owner": False, "has_date": False} | given
    return AnswerFacts(follows=follows, force=force, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "lacking"),
    [
        (facts(Follows.YES), set()),
        (facts(Follows.NONE), {"commentary"}),
        (facts(Follows.NO), {"commentary", "action", "owner_id", "due_on"}),
        (facts(Follows.PARTLY, commentary="In part."), {"action", "owner_id", "due_on"}),
        (facts(Follows.PARTLY, force="must", commentary="In part.", action="Train.", has_owner=True), {"due_on"}),
        (facts(Follows.NO, commentary="No.", action="Train.", has_owner=True, has_date=True), set()),
        (facts(Follows.NO, force="states"), {"commentary"}),
        (facts(Follows.NO, force="states", commentary="It explains only."), set()),
    ],
)
def test_A_2_anything_but_yes_says_why_and_what_will_be_done(answer: AnswerFacts, lacking: set[str]) -> None:
    assert set(answer_complete(answer)) == lacking


def test_A_2_each_part_that_is_missing_is_asked_for_in_its_own_words_and_cannot_be_reasoned_away() -> None:
    found = answer_complete(facts(Follows.NO))
    assert {name: finding.sentence for name, finding in found.items()} == {
        "commentary": "Say in words why the answer is not yes.",
        "action": "Say what will be done about it.",
        "owner_id": "Say who sees to it.",
        "due_on": "Say by when it is done.",
    }
    assert {(finding.clause, finding.force) for finding in found.values()} == {("lgsco:8.1", "structure")}


@pytest.mark.parametrize(
    ("kept", "judged", "expected"),
    [(0, 0, None), (5, 5, Follows.YES), (4, 5, Follows.PARTLY), (0, 5, Follows.NO)],
)
def test_A_3_the_record_suggests_no_more_than_it_knows(kept: int, judged: int, expected: Follows | None) -> None:
    assert suggested_answer(kept, judged) is expected


def test_A_1_signatures_come_in_their_order() -> None:
    assert next_to_sign(()) is SignOff.OWNER
    assert next_to_sign({SignOff.OWNER}) is SignOff.SENIOR_LEAD
    assert next_to_sign({SignOff.OWNER, SignOff.SENIOR_LEAD}) is SignOff.GOVERNING_BODY
    assert next_to_sign(set(SignOff)) is None


def sentences_owed(**given: object) -> dict[WhyAssessed, str]:
    told = {"begun_on": date(2024, 4, 2), "last_year": YEAR, "covered": [], "policies_since": 0, "changes": []} | given
    return {each.why: each.sentence for each in assessments_owed(OwedFacts(**told))}  # type: ignore[arg-type]


def owed(**given: object) -> list[WhyAssessed]:
    return list(sentences_owed(**given))


def test_8_3_what_is_owed_follows_from_years_changes_and_policies() -> None:
    """A policy that has never been assessed is owed the year's assessment, and not two [lgsco:8.3]."""
    assert owed() == [WhyAssessed.YEARLY]
    assert owed(policies_since=2) == [WhyAssessed.YEARLY]
    assert owed(covered=[date(2026, 3, 30)]) == [WhyAssessed.YEARLY]
    assert owed(covered=[date(2026, 3, 31)]) == []
    assert owed(begun_on=date(2026, 4, 1)) == []
    assert owed(begun_on=date(2026, 3, 31)) == [WhyAssessed.YEARLY]
    assert owed(covered=[date(2026, 9, 1)], policies_since=1) == [WhyAssessed.PROCEDURE]
    changes = [(LargeChange.MERGER, date(2026, 5, 1)), (LargeChange.RESTRUCTURE, date(2026, 6, 1))]
    assert owed(covered=[YEAR[1]], changes=changes) == [WhyAssessed.MERGER, WhyAssessed.RESTRUCTURE]


def test_8_3_what_is_owed_says_since_when_and_for_what() -> None:
    assert sentences_owed() == {
        WhyAssessed.YEARLY: "The year from Tue 1 April 2025 to Tue 31 March 2026 has no self-assessment yet."
    }
    assert sentences_owed(covered=[YEAR[1]], policies_since=1, changes=[(LargeChange.MERGER, date(2026, 5, 1))]) == {
        WhyAssessed.MERGER: "Since a merger on Fri 1 May 2026 no self-assessment was opened.",
        WhyAssessed.PROCEDURE: "The complaints policy has 1 version more than when it was last assessed.",
    }
    two = sentences_owed(covered=[YEAR[1]], policies_since=2)[WhyAssessed.PROCEDURE]
    assert two == "The complaints policy has 2 versions more than when it was last assessed."


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 31), (date(2024, 4, 1), date(2025, 3, 31))),
        (date(2026, 4, 1), YEAR),
        (date(2026, 12, 31), YEAR),
        (date(2027, 1, 1), YEAR),
    ],
)
def test_8_1a_a_yearly_assessment_covers_the_councils_last_year(today: date, expected: tuple[date, date]) -> None:
    assert FORM.last_year(today) == expected
