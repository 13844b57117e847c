"""Plain English as advice: what is said of a draft, and what is not."""

from __future__ import annotations

import pytest

from core.code.catalogue import BLOCKS, LETTERS
from core.letters.advice import advice_on, phrases

PLAIN = (
    "We did not empty your bin four times. We are sorry. The crew did not have your road on its list. "
    "We put it back on the list last week. You can ring us if it happens again. We will come the next day."
)
HEAVY = (
    "Notwithstanding the aforementioned operational considerations, the organisation's investigation established that "
    "administrative irregularities materially contributed to the unsatisfactory prioritisation of individual requests."
)


def kinds(text: str) -> set[str]:
    return {hint.kind for hint in advice_on([text]).hints}


@pytest.mark.parametrize("phrase", phrases(), ids=lambda each: each.say)
def test_E16_each_phrase_is_found_and_says_what_is_better(phrase: object) -> None:
    said = phrase.say.replace("*", "")  # type: ignore[attr-defined]
    found = advice_on([f"Well, {said.upper()} indeed."]).hints
    assert said.upper() in {hint.words for hint in found}
    assert all(hint.advice.endswith((".", "…")) for hint in found)


def test_E16_an_apology_that_is_none_is_noticed_and_a_real_one_is_not() -> None:
    assert kinds("We are sorry you felt let down.") == {"sorry"}
    assert kinds("We apologise for any inconvenience.") == {"sorry"}
    assert kinds("We are sorry that we missed your bin four times.") == set()


def test_nobody_says_for_the_ombudsman_what_it_looks_into() -> None:
    assert kinds("The Ombudsman will not investigate a matter of policy.") == {"ombudsman"}
    assert kinds("You have 12 months from the date of this letter.") == {"ombudsman"}
    assert kinds("You may now complain to the Ombudsman.") == set()


def test_an_ending_counts_only_where_the_list_says_so() -> None:
    assert kinds("We utilised a van.") == {"wordy"}
    assert kinds("We hereby write.") == {"wordy"}
    assert kinds("They were sorry iffy weather came.") == set()


def test_a_long_sentence_is_shown_and_a_short_one_is_not() -> None:
    (hint,) = [each for each in advice_on([f"{'word ' * 26}end. Short."]).hints if each.kind == "long"]
    assert hint.advice.startswith("27 words")
    assert not kinds(f"{'word ' * 24}end. Short.")
    assert not kinds("\n\n".join(["a list entry without a full stop"] * 9))


def test_a_plain_letter_reads_easily_and_a_heavy_one_does_not() -> None:
    plain, heavy = advice_on([PLAIN]), advice_on([HEAVY, HEAVY])
    assert plain.reading_age is not None and plain.reading_age <= 10 and not plain.hard
    assert heavy.reading_age is not None and heavy.reading_age > 20 and heavy.hard


def test_a_few_words_have_no_reading_age() -> None:
    assert advice_on(["We are sorry."]).reading_age is None
    assert advice_on([]).reading_age is None and advice_on([" "]).hints == ()


def test_what_the_console_writes_itself_follows_its_own_advice() -> None:
    """Our wording is plain: no phrase of the list, no long sentence."""
    ours = [block.text for block in BLOCKS.values() if block.text]
    ours += [content.start for kind in LETTERS.values() for content in kind.contents if content.start]
    assert advice_on(ours).hints == ()
