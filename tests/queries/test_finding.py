"""Search over whole cases: letters, contacts, notes and files are found with the complaint they are about."""

from __future__ import annotations

import pytest

from core.commands.correcting import Fact
from core.commands.corresponding import RecordContact
from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.errors import BadInput
from core.queries.facets import Facets
from core.queries.searching import COUNTED, search, search_export
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom
from core.rules.facts import Outcome
from core.store.schema import downgrade, migrate
from core.store.search import CASES, Term, _condition, _is_common, case_words, pairs_of, parse
from core.store.whole_case import words_at_the_end
from tests.builders import RECEIVED, Story, day
from tests.conftest import Desks
from tests.people import file_on
from tests.queries.old_list import bring_in
from tests.store.asked import references


def found(desk: Desk, text: str, **facets: object) -> list[str]:
    """References found, the export and the count telling the same."""
    page = desk.ask(search, text, facets=Facets(**facets))  # type: ignore[arg-type]
    assert [row.reference for row in desk.ask(search_export, text, facets=Facets(**facets))] == [  # type: ignore[arg-type]
        row.reference for row in page.rows
    ]
    assert page.count == len(page.rows)
    return [row.reference for row in page.rows]


def told(desks: Desks, reference: str, what: str, *, direction: Direction = Direction.IN) -> None:
    """Somebody rang, or was rung."""
    desks.handler.do(
        RecordContact(
            reference=reference, direction=direction, with_whom=WithWhom.INDIVIDUAL, reached_by=ReachedBy.PHONE,
            on_day=RECEIVED, what=what,
        )
    )  # fmt: skip


def test_a_word_in_any_letter_contact_note_or_file_leads_to_its_case(story: Story, desks: Desks) -> None:
    """From the commit on that wrote it, and to no other case [lgsco:5.8]."""
    one, other = story.acknowledged(), story.record()
    told(desks, one, "They saw a heron by the weir.")
    told(desks, one, "We promised an otter survey.", direction=Direction.OUT)
    desks.handler.do(AddNote(reference=one, text="The archive holds a kestrel map."))
    file_on(story, one, name="Badger sett.jpg")
    letter = story.draft(one)
    written = story.rows("letter_part", letter_id=letter)
    assert written
    for typed in ("heron", "otter survey", "kestrel", "badger", '"badger sett"'):
        assert found(desks.handler, typed) == [one], typed
    assert other not in found(desks.handler, "weir*")


def test_a_word_of_the_complaint_and_one_of_a_letter_are_found_together(story: Story, desks: Desks) -> None:
    one, other = story.record(), story.record()
    told(desks, one, "A heron.")
    told(desks, other, "An otter.")
    assert found(desks.handler, "bins heron") == [one]
    assert found(desks.handler, "bins -heron") == [other]
    assert found(desks.handler, "heron otter") == []


def test_a_phrase_runs_within_one_text_alone(story: Story, desks: Desks) -> None:
    reference = story.record()
    told(desks, reference, "They saw a heron")
    told(desks, reference, "by the weir")
    assert found(desks.handler, '"saw a heron"') == [reference]
    assert found(desks.handler, '"heron by"') == [] == found(desks.handler, '"a heron by the"')


def test_facets_narrow_what_is_found(story: Story, desks: Desks) -> None:
    """Each alone and all together; a search needs no words when something is chosen."""
    parking = story.rows("service", name="Parking")[0]["id"]
    answered, early = story.answered(), story.record(day("2026-01-05"), service_id=parking)
    withdrawn = story.record(service_id=parking)
    story.withdraw(withdrawn)
    outcome = Outcome(story.stage(answered, 1)["outcome"])
    ask = desks.handler
    for facets, expected in (
        ({"service_id": parking}, {early, withdrawn}),
        ({"is_open": False}, {withdrawn, answered}),
        ({"outcome": outcome}, {answered}),
        ({"stage": 2}, set()),
        ({"until": day("2026-02-01")}, {early}),
        ({"since": day("2026-02-01"), "service_id": parking}, {withdrawn}),
        ({"since": day("2027-02-01")}, set()),
    ):
        for text in ("bins", ""):
            assert set(found(ask, text, **facets)) == expected, (facets, text)
    assert found(ask, early, service_id=parking) == [early]
    assert found(ask, answered, service_id=parking) == []
    with pytest.raises(BadInput, match="at least one word"):
        found(ask, " ")


@pytest.mark.parametrize("common", [True, False])
def test_common_words_and_rare_ones_are_found_alike(
    common: bool, story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read one by one or taken from the index at once: the same, with and without facets, page by page and by scope."""
    monkeypatch.setattr("core.store.search._is_common", lambda *_asked: common)
    parking = story.rows("service", name="Parking")[0]["id"]
    first, early, late = story.answered(), story.record(day("2026-01-05"), service_id=parking), story.record()
    secret = story.record()
    story.keep_confidential(secret)
    told(desks, early, "A heron.")
    outcome = Outcome(story.stage(first, 1)["outcome"])
    assert found(desks.handler, "bins") == [late, early, first]
    assert found(desks.handler, "bins -heron") == [late, first]
    assert found(desks.handler, "her* bin") == [early]
    assert found(desks.handler, "bins", service_id=parking, until=day("2026-02-01")) == [early]
    assert found(desks.handler, "bins", outcome=outcome, is_open=False) == [first]
    assert found(desks.handler, "bins", person_of=late, stage=1) == [late, early, first]
    assert [row.reference for row in desks.handler.ask(search, "bins", before=story.case(late)["id"]).rows] == [
        early,
        first,
    ]
    assert found(desks.reviewer, "bins") == [secret, late, early, first]


def test_a_word_is_common_by_a_sample_of_all_texts(story: Story, desks: Desks) -> None:
    """In one of eight, wherever they stand; SQLite goes through its index newest first and need not know."""
    office, terms = story.office, {word: parse(word) for word in ("bins", "heron")}
    numbers = [story.record() for _ in range(9)]
    told(desks, numbers[-1], "A heron.")
    common = {word for word, each in terms.items() if _commonly(office, each)}
    assert common == (set() if office.database.is_sqlite else {"bins"})


def _commonly(office: Office, terms: tuple[Term, ...]) -> bool:
    if office.database.is_sqlite:
        return False
    with office.database.reading() as connection:
        index = CASES["postgresql"]
        return _is_common(connection, index, _condition(terms, index))


def test_complaints_of_one_person_are_found_by_what_they_wrote_of_themselves(story: Story, desks: Desks) -> None:
    """An address, a number, or a name at a postcode; no other Sam Sample is among them."""
    story.record(individual="Sam Sample", contact_email="x@sample.example", contact_phone="0111", postcode="ZZ9 1AA")
    first = story.record(individual="Kim Test", contact_email="kim@sample.example", contact_phone="0222 33")
    by_mail = story.record(individual="K. Test", contact_email="KIM@sample.example", contact_phone="")
    by_phone = story.record(individual="Kim T", contact_email="", contact_phone="(0222)-33")
    assert set(found(desks.handler, "", person_of=first)) == {first, by_mail, by_phone}
    assert found(desks.handler, "C-2026-999999", person_of=first) == []
    assert found(desks.handler, "", person_of="C-2026-999999") == []


def test_more_than_five_hundred_are_counted_as_that(story: Story, desks: Desks) -> None:
    bring_in(desks, *[RECEIVED] * (COUNTED + 1))
    page = desks.handler.ask(search, "bins")
    assert (page.count, page.more, page.count_words) == (COUNTED, True, "more than 500")
    deeper = desks.handler.ask(search, "bins", before=page.before)
    assert (deeper.count, deeper.more) == (COUNTED, True)
    assert len(desks.handler.ask(search_export, "bins")) == COUNTED + 1


def test_a_confidential_letter_is_found_by_those_named_alone(story: Story, desks: Desks) -> None:
    """In the page, its count and its export [lgsco:5.8]."""
    secret, other = story.record(), story.record()
    told(desks, secret, "A heron.")
    told(desks, other, "A heron.")
    story.keep_confidential(secret)
    assert found(desks.handler, "heron") == [other]
    assert found(desks.reviewer, "heron") == [other, secret]
    assert found(desks.handler, "", person_of=secret) == []


def test_the_index_made_for_what_is_there_is_the_one_the_steps_wrote(story: Story, desks: Desks) -> None:
    """After a downgrade and back, every case has the words it had."""
    reference = story.finished()
    told(desks, reference, "A heron.")
    file_on(story, reference, name="Badger sett.jpg")
    bring_in(desks, RECEIVED, day("2025-01-06"))
    kept = sorted(story.rows("case_doc"), key=lambda row: row["complaint_id"])
    assert len(kept) == 3
    downgrade(story.office.database, to="0028")
    migrate(story.office.database)
    assert sorted(story.rows("case_doc"), key=lambda row: row["complaint_id"]) == kept
    assert found(desks.handler, "heron") == [reference]


def test_a_corrected_name_is_found_at_once_and_the_old_one_no_more(story: Story, desks: Desks) -> None:
    reference = story.record(individual="Sam Sample", contact_email="post@box.example")
    told(desks, reference, "A heron.")
    story.correct(reference, Fact.NAME, "Kim Heronsgate")
    assert found(desks.handler, "sam") == []
    assert found(desks.handler, "heronsgate heron") == [reference]


def test_a_long_correspondence_is_cut_where_a_database_would_refuse_it() -> None:
    """A megabyte of different words is more than PostgreSQL keeps of one text."""
    long = [" ".join(f"word{text}x{number}" + "y" * 90 for number in range(150)) for text in range(60)]
    words = case_words("bin", long)
    assert words.startswith("bin . word0x0")
    assert len({*words.split()}) < 60 * 150
    assert sum(len(word) for word in {*words.split()}) < 500_000


def test_no_pair_stands_across_two_texts() -> None:
    assert pairs_of("a b . c") == pairs_of("a b")
    assert pairs_of(case_words("", ["saw heron", "by weir"])) != pairs_of("saw heron by weir")


def test_a_step_that_says_nothing_reads_no_texts(story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving a case to somebody leaves its words alone; a note does not."""
    reference = story.record()
    story.acknowledge(reference)
    read: list[object] = []
    monkeypatch.setattr("core.store.whole_case._index", lambda _session, case: read.append(case))
    story.assign(reference)
    assert read == []
    desks.handler.do(AddNote(reference=reference, text="A note."))
    assert read == [story.case(reference)["id"]]


def test_words_written_at_the_end_are_those_that_every_step_writes(story: Story) -> None:
    """The sample council is made so: the same is found afterwards, and the next step is found at once."""
    usual = story.record(words="The lamp was out.")
    story.desks.handler.do(AddNote(reference=usual, text="They rang about a quagmire."))
    with words_at_the_end(story.office.database):
        later = story.record(words="The lamp was out.")
        story.desks.handler.do(AddNote(reference=later, text="They rang about a quagmire."))
        assert references(story.office, "quagmire", CASES) == {usual}
    assert references(story.office, "quagmire lamp", CASES) == {usual, later}
    story.desks.handler.do(AddNote(reference=later, text="Another aardvark."))
    assert references(story.office, "aardvark", CASES) == {later}
