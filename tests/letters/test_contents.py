"""What a letter owes: take any part away and the check names exactly that part."""

from __future__ import annotations

import pytest

from core.code.catalogue import BLOCKS, LETTERS, SCHEMES, clause
from core.code.shapes import LETTER_FIELDS, named_in
from core.letters.contents import GAP, is_written, missing_contents
from core.letters.drafting import (
    answers_listed,
    block_for,
    block_text,
    decision_words,
    drafted,
    gap,
    points_listed,
    without_names,
)
from core.rules.facts import Outcome

EVERYTHING = {name: f"Something about {name}." for name in LETTER_FIELDS}
OWED = [(key, content.key) for key, kind in LETTERS.items() for content in kind.contents]
THE_NINE_MOMENTS = {
    "refusal", "delay_notice", "refused_escalation", "extension_stage_one", "extension_stage_two", "final_response",
    "undeliverable_remedy", "restriction", "unable_to_comply",
}  # fmt: skip


def full(letter: str) -> dict[str, str]:
    """A letter in which everything is written."""
    return {content.key: "Written." for content in LETTERS[letter].contents}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_with_every_part_lacks_nothing(letter: str) -> None:
    assert missing_contents(letter, full(letter)) == ()


@pytest.mark.parametrize(("letter", "content"), OWED)
@pytest.mark.parametrize("instead", ["", "  \n ", "We will answer by [to write: the day we will answer]."])
def test_a_part_taken_away_is_named_and_no_other(letter: str, content: str, instead: str) -> None:
    """Empty, blank, or with a place still to be written: each is missing."""
    ((key, cited, title),) = missing_contents(letter, full(letter) | {content: instead})
    assert key == content
    assert title == next(each.title for each in LETTERS[letter].contents if each.key == content)
    assert clause(cited)


def test_none_is_something() -> None:
    """Said in words, that there is no remedy is a content [lgsco:6.18e]."""
    assert missing_contents("final_response", full("final_response") | {"remedy": "None"}) == ()
    assert is_written("None")


@pytest.mark.parametrize("letter", LETTERS)
def test_a_draft_says_what_is_known_and_marks_the_rest(letter: str) -> None:
    """With everything known only what no case can know is left; with nothing known no draft claims to be complete."""
    known = drafted(letter, EVERYTHING)
    for content in LETTERS[letter].contents:
        assert (GAP in known[content.key]) is (content.start is None)
    unknown = drafted(letter, {})
    assert all(GAP in unknown[content.key] for content in LETTERS[letter].contents if named_in(content.start or "{x}"))
    assert missing_contents(letter, unknown)


def test_a_blank_fact_is_as_unknown_as_an_absent_one() -> None:
    assert drafted("update", {"respond_by": "  "})["next_date"] == f"We will answer by {gap('the day we will answer')}."


def test_braces_in_what_somebody_wrote_are_left_alone() -> None:
    """A fact is put in once; what looks like a name in it is text."""
    assert drafted("final_response", EVERYTHING | {"remedy": "{reasons}"})["remedy"] == "{reasons}"


def test_the_ombudsman_is_worded_for_each_of_the_nine_moments() -> None:
    assert {block.moment for block in BLOCKS.values() if block.moment} == THE_NINE_MOMENTS
    for moment in THE_NINE_MOMENTS:
        text = block_text(block_for("ombudsman", moment), published={}, ombudsman=SCHEMES["lgsco"].ombudsman)
        assert "Local Government and Social Care Ombudsman" in text
        assert "0300 061 0614" in text and "www.lgo.org.uk" in text and "{" not in text
    assert "not a further appeal" in BLOCKS["ombudsman.final_response"].text


def test_each_point_goes_to_its_own_ombudsman() -> None:
    """A complaint under the twin Code names the Housing Ombudsman; a route without one names none."""
    block = block_for("ombudsman", "final_response")
    housing = block_text(block, published={}, ombudsman=SCHEMES["hos"].ombudsman)
    assert "Housing Ombudsman Service" in housing and "Local Government" not in housing
    assert block_text(block, published={}, ombudsman=SCHEMES["schools"].ombudsman) == ""


def test_the_councils_own_wording_comes_first() -> None:
    own = {"how_to_escalate": "Ring us.", "ombudsman": "Ask the {name}."}
    ombudsman = SCHEMES["lgsco"].ombudsman
    assert (
        block_text(block_for("how_to_escalate", "stage_one_response"), published=own, ombudsman=ombudsman) == "Ring us."
    )
    general = block_text(block_for("ombudsman", "update"), published=own, ombudsman=ombudsman)
    assert general == "Ask the Local Government and Social Care Ombudsman."
    # A moment with a wording of its own keeps it.
    assert "final response" in block_text(block_for("ombudsman", "final_response"), published=own, ombudsman=ombudsman)


def test_findings_are_told_point_by_point() -> None:
    told = answers_listed(
        [(1, "Bins missed", Outcome.UPHELD, "The round was cut."), (2, "Rude on the phone", None, "")]
    )
    assert told.startswith("Point 1: Bins missed\n\nWe uphold this point. The round was cut.")
    assert told.count(GAP) == 2
    assert "Point 2: Rude on the phone" in told


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.OTHER])
def test_a_decision_has_words(outcome: Outcome) -> None:
    assert decision_words(outcome).endswith(".")


def test_an_outcome_without_a_finding_is_left_to_the_officer() -> None:
    assert decision_words(Outcome.OTHER) == decision_words(None) == ""


def test_points_are_numbered() -> None:
    assert points_listed(["Late", "Rude"]) == "1. Late\n\n2. Rude"


def test_officers_can_be_left_out_of_a_letter() -> None:
    """Each name becomes a letter, everywhere it stands and nowhere inside another word."""
    text = "Hana Handler rang. Hana Handlers’ note, by Rae Reviewer."
    assert without_names(text, ["Hana Handler", "Rae Reviewer"]) == "Officer A rang. Hana Handlers’ note, by Officer B."
    broken = "Seen by Ada Green (interim) and by Rae\nReviewer."
    assert without_names(broken, ["Ada Green (interim)", "Rae Reviewer"]) == "Seen by Officer A and by Officer B."
