"""Search finds the same complaints on SQLite and on PostgreSQL, whatever is stored and whatever is typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.commands.correcting import Fact
from core.commands.importing import ImportBatch
from core.desk import Office
from core.errors import BadInput
from core.store.search import Term, parse, words_of
from tests.builders import RECEIVED, Story
from tests.conftest import Databases, OfficeClock, desks_of
from tests.naughty import naughty_strings
from tests.store.asked import old, references

pytestmark = pytest.mark.postgres


COMPLAINTS = {
    "bins": {"individual": "Zoë O’Brien", "postcode": "ZZ1 1AA", "matter": "Missed bin collections",
             "words": "The bins in Sample Close were missed four times, again and again."},
    "pothole": {"individual": "Chloe\u0301 Test-Name", "matter": "Pothole",
                "words": "A pothole by St. Mary's school; my wheel is bent. It was reported in May."},
    "roof": {"individual": "Sam Sample", "matter": "Re-roofing of flats",
             "words": "The re-roofing was noisy. Write to sam_sample@flats.example, ref AB/12-34."},
    "kyoto": {"individual": "田中 太郎", "matter": "東京都 苦情", "words": "ごみ収集が来ない。"},
    "hamlet": {"individual": "Wil Test", "matter": "To be, or not to be", "words": "That is the question about it."},
    "money": {"individual": "Ann Example", "matter": "Council tax bill", "words": "Charged £1,234.56 twice in 2026."},
    "ligature": {"individual": "Ester Straße", "matter": "ﬁre alarm", "words": "Item ⒈ and ½ of it, x² metres, №5."},
}  # fmt: skip


@pytest.fixture
def both(databases: Databases, office_clock: OfficeClock) -> Sequence[Office]:
    return databases.office("sqlite"), databases.office("postgresql")


@pytest.fixture(params=["", "all pairs of words alike"])
def filled(
    request: pytest.FixtureRequest, both: Sequence[Office], office_clock: OfficeClock, monkeypatch: pytest.MonkeyPatch
) -> tuple[Sequence[Office], dict[str, str]]:
    """Both offices with the same complaints, and the reference of each by its name; also with all signs the same."""
    if request.param:
        monkeypatch.setattr("core.store.search._signs", lambda words: ["\U00012345"] * (len(words) - 1))
    names: dict[str, str] = {}
    for office in both:
        story = Story(office=office, clock=office_clock, desks=desks_of(office))
        for name, fields in COMPLAINTS.items():
            names[name] = story.record(RECEIVED, contact_email="", contact_phone="0", **fields)
    return both, names


QUERIES = {
    "bin": {"bins"},
    "BINS": {"bins"},
    "collection": {"bins"},
    "missed bins": {"bins"},
    "bins pothole": set(),
    '"missed four times"': {"bins"},
    '"four missed times"': set(),
    '"again and again"': {"bins"},
    '"TIMES: again, and"': {"bins"},
    '"times and"': set(),
    '"mary’s school my wheel"': {"pothole"},
    '"mary s wheel"': set(),
    '"zoë o brien"': {"bins"},
    '"individual: zoe"': set(),
    'sample -"close sample"': {"bins", "roof"},
    'sample -"were missed four times"': {"roof"},
    '-"re-roofing was" -"zzz aaa" sample': {"bins"},
    '"sample close" "missed four"': {"bins"},
    '"sample close" "wheel is"': set(),
    '"the question" tha*': {"hamlet"},
    '"the question" wat*': set(),
    "sam_sample@flats.exam*": {"roof"},
    "sam_sample@lofts.exam*": set(),
    "-sam_sample@flats.exam* sample": {"bins"},
    "AB/12-3*": {"roof"},
    "AB/12-4*": set(),
    "sample": {"bins", "roof"},
    "sample -bins": {"roof"},
    "sample -noisy -bins": set(),
    '-"sample close" sample': {"roof"},
    "poth*": {"pothole"},
    "collec*": {"bins"},
    "poth": set(),
    "zoe": {"bins"},
    "Zoë": {"bins"},
    "ZOE\u0308": {"bins"},
    "Chloé": {"pothole"},
    "chloe": {"pothole"},
    "o'brien": {"bins"},
    "O’Brien": {"bins"},
    "obrien": set(),
    "mary's": {"pothole"},
    "st mary": {"pothole"},
    "test-name": {"pothole"},
    '"test name"': {"pothole"},
    "re-roofing": {"roof"},
    "re roofing": {"roof"},
    "reroofing": set(),
    "sam_sample@flats.example": {"roof"},
    "AB/12-34": {"roof"},
    "12-34": {"roof"},
    "ZZ1 1AA": {"bins"},
    "zz11aa": {"bins"},
    "zz1*": {"bins"},
    "ZZ9": set(),
    "東京都": {"kyoto"},
    "東京*": {"kyoto"},
    "田中 太郎": {"kyoto"},
    "苦情 -東京都": set(),
    "to be or not to be": {"hamlet"},
    '"to be"': {"hamlet"},
    "the": {"bins", "roof", "hamlet"},
    "£1,234.56": {"money"},
    "1234": set(),
    "202*": {"bins", "pothole", "roof", "kyoto", "hamlet", "money", "ligature"},
    "straße": {"ligature"},
    "strasse": {"ligature"},
    "fire": {"ligature"},
    "⒈": {"ligature", "money"},
    "½": {"ligature", "roof"},
    "x²": {"ligature"},
    "foo_b*": set(),
    "sam_s*": {"roof"},
    "AND": {"bins", "ligature"},
    "bins AND missed": {"bins"},
    "NOT": {"hamlet"},
    "NEAR(bins, missed)": set(),
    "matter:bins": set(),
    "bins OR pothole": set(),
    '"': None,
    "": None,
    "   ": None,
    "-bins": None,
    '-"missed bins"': None,
    "***": None,
    "!!! ???": None,
    "\x00": None,
}


@pytest.mark.slow
def test_both_databases_find_what_a_reader_would(filled: tuple[Sequence[Office], dict[str, str]]) -> None:
    """Words, phrases, leaving out, beginnings, hyphens, postcodes, accents, Japanese, small words, apostrophes."""
    offices, names = filled
    for query, expected in QUERIES.items():
        for office in offices:
            if expected is None:
                with pytest.raises(BadInput, match="at least one word"):
                    references(office, query)
            else:
                found = references(office, query)
                assert found == {names[name] for name in expected}, (query, office.database.url.drivername)


@pytest.mark.slow
def test_references_are_found_in_full_in_part_and_joined(filled: tuple[Sequence[Office], dict[str, str]]) -> None:
    offices, names = filled
    wanted = names["roof"]
    for office in offices:
        for query in (wanted, wanted.lower(), wanted.replace("-", " "), wanted.replace("-", ""), f'"{wanted}"'):
            assert references(office, query) == {wanted}, query


def test_a_corrected_complaint_is_found_by_its_new_words_alone(story: Story) -> None:
    reference = story.record(contact_email="post@box.example")
    assert references(story.office, "Sam") == {reference}
    story.correct(reference, Fact.NAME, "Kim Sample")
    assert references(story.office, "Sam") == set()
    assert references(story.office, "kim") == {reference}


@pytest.mark.slow
def test_every_naughty_string_is_stored_and_asked_for_alike(both: Sequence[Office], office_clock: OfficeClock) -> None:
    """All 515 of them, as text and as query: the same answer on both databases, and never anything but BadInput."""
    strings = naughty_strings()
    for office in both:
        desks = desks_of(office)
        past = tuple(old(number, text) for number, text in enumerate(strings))
        desks.manager.do(ImportBatch(source="naughty", complaints=past))
    first, second = both
    asked = refused = 0
    for number, text in enumerate(strings):
        own = f"C-2026-{number + 1:06d}"
        phrase = '"' + text.replace('"', " ") + '"'
        for query in (text, phrase, f"{text}*", f"-{text} naughty"):
            try:
                found = references(first, query)
            except BadInput:
                refused += 1
                with pytest.raises(BadInput):
                    references(second, query)
                continue
            asked += 1
            assert found == references(second, query), query
            if query == phrase:
                assert own in found, text
    assert asked > 1500
    assert refused > 100


def test_a_query_is_a_dozen_terms_at_most() -> None:
    assert len(parse(" ".join(f"word{number}" for number in range(50)))) == 12


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("missed bins", [Term(words=("miss",)), Term(words=("bin",))]),
        ('"missed bins" -round', [Term(words=("miss", "bin")), Term(words=("round",), wanted=False)]),
        ("collec*", [Term(words=("collec",), begun="collec")]),
        ("re-roof*", [Term(words=("re", "roof"), begun="roof")]),
        ("Zoë", [Term(words=("zoe",))]),
        ("12", [Term(words=("n12",))]),
        ("東", [Term(words=("xe69db1",))]),
        ("foo_*", [Term(words=("foo",), begun="foo")]),
        ("-", []),
    ],
)
def test_what_is_typed_becomes_terms(text: str, terms: list[Term]) -> None:
    assert list(parse(text)) == terms


def test_stored_words_are_plain_letters_and_digits() -> None:
    """Neither database's own tokeniser has anything left to decide."""
    for text in (*naughty_strings(), *(field for fields in COMPLAINTS.values() for field in fields.values())):
        for word in words_of(text).split(" "):
            assert word == "" or (word.isascii() and word.isalnum() and word[0].isalpha() and word == word.lower())
            assert len(word) <= 121


def test_a_very_long_text_is_cut_to_its_first_ten_thousand_words() -> None:
    assert len(words_of("word " * 30_000).split()) == 10_000
