"""A phrase is looked up by the pairs of words in it, and found where its words stand side by side and nowhere else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands.correcting import Fact
from core.commands.importing import ImportBatch
from core.desk import Office
from core.queries.searching import search as looked_for
from core.store import search
from core.store.search import pairs_of, words_of
from tests.builders import Story
from tests.conftest import Databases, Desks, OfficeClock, desks_of
from tests.naughty import naughty_strings
from tests.store.asked import old, references

WORDS = ("bin", "gate", "map", "roof", "tap")  # each is stored as it is written
JOINTS = (" ", ", ", "! ", " - ", "/", "\n\n")


def said(office: Office, texts: Sequence[str]) -> list[str]:
    """Bring in complaints that say these; the reference of each."""
    past = tuple(old(number, text) for number, text in enumerate(texts))
    desks_of(office).manager.do(ImportBatch(source="texts", complaints=past))
    return [f"C-2026-{number + 1:06d}" for number in range(len(texts))]


def a_text(dice: random.Random) -> tuple[str, list[str]]:
    """A made-up text of few different words, so that most runs of words are in many, and the words of it."""
    words = dice.choices(WORDS, k=dice.randint(1, 12))
    written = "".join(dice.choice(JOINTS) + dice.choice((word, word.upper())) for word in words)
    return written, words


@pytest.fixture(scope="module")
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """Two hundred texts on both databases, and the words of each by its reference."""
    dice = random.Random(20261127)
    made = [a_text(dice) for _ in range(200)]
    databases = Databases(request, tmp_path_factory.mktemp("phrases"), OfficeClock())
    try:
        offices = [databases.office(kind) for kind in ("sqlite", "postgresql")]
        for office in offices:
            names = said(office, [text for text, _words in made])
        yield {"offices": offices, "words": dict(zip(names, (words for _text, words in made), strict=True))}
    finally:
        databases.close()


def has_run(words: Sequence[str], run: Sequence[str], *, begun: bool) -> bool:
    """Whether these words stand side by side somewhere, the last of them only begun if so asked."""
    for at in range(len(words) - len(run) + 1):
        here = words[at : at + len(run)]
        if here[:-1] == list(run[:-1]) and (here[-1].startswith(run[-1]) if begun else here[-1] == run[-1]):
            return True
    return False


@st.composite
def runs(draw: st.DrawFn) -> tuple[tuple[str, ...], bool, bool]:
    """Some words in a row, whether they are wanted, and whether the last is only begun."""
    run = tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
    begun = draw(st.booleans())
    return (*run[:-1], run[-1][: draw(st.integers(1, 3))] if begun else run[-1]), draw(st.booleans()), begun


def typed(asked: tuple[tuple[str, ...], bool, bool]) -> str:
    """The run as an officer types it."""
    run, wanted, begun = asked
    return ("" if wanted else "-") + (f"{'-'.join(run)}*" if begun else f'"{" ".join(run)}"')


@pytest.mark.postgres
@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(runs(), min_size=1, max_size=4).filter(lambda each: any(wanted for _run, wanted, _b in each)))
def test_both_databases_find_what_a_plain_reading_finds(
    many: dict[str, object], asked: list[tuple[tuple[str, ...], bool, bool]]
) -> None:
    query = " ".join(
        ("" if wanted else "-") + (f"{'-'.join(run)}*" if begun else f'"{" ".join(run)}"')
        for run, wanted, begun in asked
    )
    words: dict[str, list[str]] = many["words"]  # type: ignore[assignment]
    expected = {
        name
        for name, text in words.items()
        if all(has_run(text, run, begun=begun) is wanted for run, wanted, begun in asked)
    }
    for office in many["offices"]:  # type: ignore[attr-defined]
        assert references(office, query) == expected, (query, office.database.url.drivername)


def test_a_phrase_is_found_late_in_a_text_that_says_the_same_word_again_and_again(office: Office) -> None:
    """PostgreSQL keeps 255 places of one word and forgets the others; the phrase is read in the words themselves."""
    often = "the bin and " * 400
    late, never = said(office, [f"{often} the lamp by the gate", f"{often} lamp by the door, a gate"])
    for query in ('"the lamp"', '"by the gate"', '"lamp by the gate"', '"and the lamp"', "bin-and-the-lam*"):
        assert references(office, query) == {late}, query
    assert references(office, 'bin -"the lamp"') == {never} == references(office, "bin -by-the-gat* lamp")
    assert references(office, 'bin -"by the"') == set()


def test_no_pair_of_words_decides_that_a_complaint_is_left_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wanted phrase is looked up by its pairs; an unwanted one is read, since two pairs may have one sign."""
    lamp, gate = said(office, ["the lamp post by the old gate", "the gate post"])
    assert references(office, '"lamp post"') == {lamp}
    another = pairs_of("gate post")
    monkeypatch.setattr(search, "_signs", lambda words: [another] * (len(words) - 1))
    assert references(office, '"lamp post"') == set()
    assert references(office, 'post -"lamp post"') == {gate}
    assert references(office, 'post -"old lamp"') == {lamp, gate}


@pytest.mark.parametrize("query", ['"lamp post by"', '"post" "lamp post"', '"the lamp" old gat*'])
def test_two_pairs_of_one_sign_find_nothing_wrong(office: Office, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(search, "_signs", lambda words: ["\U0010ffff"] * (len(words) - 1))
    lamp, *_others = said(
        office, ["the lamp post by the old gate", "post lamp by the post old the gate", "by the post"]
    )
    assert references(office, query) == {lamp}


def test_a_whole_complaint_pasted_as_a_phrase_is_found(office: Office) -> None:
    """However long it is, and not the one that differs in its last word."""
    dice = random.Random(5)
    long = " ".join(dice.choices(WORDS, k=4_000))
    same, _other = said(office, [f"{long} lamp", f"{long} door"])
    assert references(office, f'"{long} lamp"') == {same}


def test_a_corrected_complaint_is_found_by_its_new_phrases_alone(story: Story) -> None:
    reference = story.record(individual="Sam Sample", contact_email="post@box.example")
    assert references(story.office, '"sam sample"') == {reference}
    story.correct(reference, Fact.NAME, "Sample Samuel")
    assert references(story.office, '"sam sample"') == set()
    assert references(story.office, '"sample samuel"') == {reference}


def test_a_phrase_in_a_confidential_complaint_is_found_by_the_named_alone(story: Story, desks: Desks) -> None:
    kept, other = story.record(), story.record()
    story.keep_confidential(kept, desks.reviewer)
    phrase = '"missed four times"'
    assert references(story.office, phrase) == {kept, other}
    assert [row.reference for row in desks.other_handler.ask(looked_for, phrase).rows] == [other]
    assert {row.reference for row in desks.reviewer.ask(looked_for, phrase).rows} == {kept, other}


def test_pairs_are_kept_once_each_as_single_signs() -> None:
    """FTS5 indexes the beginnings of anything longer, and would take five times the room for them."""
    assert len(pairs_of("a b a b a b").split(" ")) == 2
    assert pairs_of("") == pairs_of("one") == ""
    for text in naughty_strings():
        words = words_of(text)
        signs = pairs_of(words).split()
        assert len(signs) <= max(0, len(words.split()) - 1)
        assert all(len(sign) == 1 and len(sign.encode()) == 4 for sign in signs)
