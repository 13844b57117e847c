"""Section 1: what tells a request from a complaint, and the months that are looked back over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.code.catalogue import CatalogueBroken
from core.code.dissatisfaction import PHRASES, load_phrases
from core.rules.request_steps import REQUEST_STEPS, RequestPosition, request_position
from core.rules.s1_definition import (
    agreed_to_be_a_request,
    dissatisfaction_in,
    month_after,
    month_of,
    months_to_review,
    review_overdue,
)

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("I'm FED-UP. Nobody rang back!", ["fed up", "nobody rang back"]),
        ("This is my third  complaint\nabout it", ["complaint"]),
        ("Please empty the bin.", []),
        ("The fed upped the rate; a crude drawing.", []),
        ("", []),
        ("Ich bin nicht zufrieden — İ ß 😀", []),
    ],
)
def test_phrases_are_found_as_whole_words_however_they_are_written(words: str, found: list[str]) -> None:
    """Advice from a short list; nobody has to use any of the words [lgsco:1.7]."""
    assert [phrase.say for phrase in dissatisfaction_in(words)] == found


def test_every_phrase_is_found_and_explained() -> None:
    for phrase in PHRASES.values():
        assert phrase in dissatisfaction_in(f"Well, {phrase.say.upper()}.")
        assert phrase.why.endswith(".")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('say = "Fed up"\nwhy = "Long."', "small letters"),
        ('say = "fed  up"\nwhy = "Long."', "single spaces"),
        ('say = ""\nwhy = "Long."', "small letters"),
        ('say = "fed up"\nwhy = "long"', "is a sentence"),
        ('say = "fed up"', "`why` is missing"),
        ('say = "fed up"\nwhy = "Long."\nweight = 3', "not a field"),
    ],
)
def test_a_phrase_that_does_not_fit_is_named(tmp_path: Path, entry: str, said: str) -> None:
    (tmp_path / "dissatisfaction.toml").write_text(f"[[phrase]]\n{entry}\n", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=said):
        load_phrases(tmp_path)


def test_what_was_passed_on_becomes_a_request_only_when_they_agree() -> None:
    """Otherwise a complaint would be turned away without a word [lgsco:1.7]."""
    assert agreed_to_be_a_request(True) == ()
    (finding,) = agreed_to_be_a_request(False)
    assert (finding.clause, finding.force) == ("lgsco:1.7", "should")
    assert finding.sentence == (
        "The individual has not agreed that this is a service request. Ask them, or leave it a complaint."
    )


def test_a_month_is_named_by_its_first_day_and_followed_by_the_next() -> None:
    assert month_of(date(2026, 2, 28)) == date(2026, 2, 1)
    assert [month_after(month) for month in MONTHS] == [*MONTHS[1:], date(2027, 1, 1)]


def test_every_month_since_the_first_request_is_reviewed_once_it_is_over() -> None:
    """Regularly means each month, a quiet one as well [lgsco:1.8]."""
    first, today = date(2026, 10, 30), date(2027, 1, 1)
    assert months_to_review(first, today=today, reviewed=()) == (*MONTHS[9:],)
    assert months_to_review(first, today=date(2026, 12, 31), reviewed=()) == (*MONTHS[9:11],)
    assert months_to_review(first, today=today, reviewed={MONTHS[10]}) == (MONTHS[9], MONTHS[11])
    assert months_to_review(date(2026, 10, 1), today=date(2026, 10, 31), reviewed=()) == ()
    assert months_to_review(None, today=today, reviewed=()) == ()


def test_a_review_is_overdue_once_the_following_month_is_over_too() -> None:
    """October is looked back over in November [lgsco:1.8]."""
    october = date(2026, 10, 1)
    assert not review_overdue(october, today=date(2026, 11, 1))
    assert not review_overdue(october, today=date(2026, 11, 30))
    assert review_overdue(october, today=date(2026, 12, 1))


def test_where_a_request_stands_follows_from_its_dates() -> None:
    """It has no stage, and a complaint can be raised wherever it stands [lgsco:1.3] [lgsco:1.7]."""
    day = date(2026, 9, 7)
    assert request_position(answered_on=None, closed_on=None) is RequestPosition.OPEN
    assert request_position(answered_on=day, closed_on=None) is RequestPosition.ANSWERED
    assert request_position(answered_on=day, closed_on=day) is RequestPosition.CLOSED
    assert request_position(answered_on=None, closed_on=day) is RequestPosition.CLOSED
    assert set(REQUEST_STEPS) == set(RequestPosition)
    assert {at for at, steps in REQUEST_STEPS.items() if "RaiseComplaint" not in steps} == {RequestPosition.ANONYMISED}
