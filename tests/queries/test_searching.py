"""Search as an officer uses it: a reference goes to its case, anything else to its words, the newest first.

Which words match what is told in tests/store/test_search.py; here the question is asked at the desk.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import BadInput, ComplaintsError, NotPermitted
from core.queries.base import LAST_ID
from core.queries.cases import case_view
from core.queries.departures import departures
from core.queries.gap_report import gap_report
from core.queries.queue import QueueFilter, queue, queue_counts, queue_export
from core.queries.searching import Found, search
from tests.builders import ACKNOWLEDGED, RECEIVED, Story, day
from tests.conftest import Desks
from tests.naughty import naughty_strings
from tests.queries.old_list import bring_in

HOSTILE = (
    "' OR 1=1 --", '" OR ""="', "'; DROP TABLE complaint; --", "%", "_", "*", "bins*", "**", "(", "a AND", "NOT", "a:b",
    "NEAR(a b)", "^a", "a | b & !c", "a <-> b", "\\", "\x00", "bins\x00", "\ud800", "🦈" * 50, "x" * 100_000,
    "C-2026-", "C-٢٠٢٦-١", "c-2026-000001 bins", "C-0000-999999", "-" * 1000, '"' * 999, "\u202e", "ﷺ", "\r\n\t",
)  # fmt: skip


def found(desks: Desks, text: str) -> list[str]:
    """References found."""
    return [row.reference for row in desks.handler.ask(search, text).rows]


def test_a_reference_leads_to_its_one_complaint_however_it_is_typed(story: Story, desks: Desks) -> None:
    """With or without hyphens, capitals and leading zeros, and with blanks around it."""
    first, second = story.record(), story.record()
    assert first == "C-2026-000001"
    for typed in (first, "c-2026-000001", " C2026-1 ", "c20261", "C-2026-1"):
        assert found(desks, typed) == [first], typed
    assert found(desks, "C-2026-2") == [second]
    assert found(desks, "C-2026-3") == [] == found(desks, "C-2025-1")


def test_names_places_and_words_lead_to_the_complaint(story: Story, desks: Desks) -> None:
    """As they are said on the telephone: the name, the postcode closed up or apart, an e-mail, any of its words."""
    bins = story.record(individual="Zoë O’Brien", postcode="zz1 1aa", contact_email="zoe@sample.example")
    roof = story.record(
        individual="Kim Test", matter="Re-roofing of flats", words="It was noisy.", address="1 Mill End"
    )
    for typed in ("zoe", "O'Brien", "ZZ1 1AA", "zz11aa", "zoe@sample.example", "missed BINS", '"four times"', "zz1*"):
        assert found(desks, typed) == [bins], typed
    for typed in ("Kim Test", "roofing", "noisy", "mill end", "flats -bins"):
        assert found(desks, typed) == [roof], typed
    assert found(desks, "nobody of this name") == []


def test_what_was_found_is_told_in_one_row(story: Story, desks: Desks) -> None:
    """Enough to choose the right one: who, what, where it stands, and what is due."""
    service = story.rows("service", name="Parking")[0]["id"]
    reference = story.record(service_id=service)
    (row,) = desks.handler.ask(search, "bins").rows
    assert row == Found(
        id=story.case(reference)["id"],
        reference=reference,
        individual="Sam Sample",
        matter="Missed bin collections",
        position="Stage 1: awaiting acknowledgement",
        service="Parking",
        received_on=RECEIVED,
        act_by=ACKNOWLEDGED,
    )
    story.withdraw(reference)
    (row,) = desks.handler.ask(search, reference).rows
    assert (row.position, row.act_by) == ("Withdrawn", None)


@pytest.mark.parametrize("limit", [1, 3, 25])
def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_double(limit: int, desks: Desks) -> None:
    bring_in(desks, *[RECEIVED] * 9, day("2025-01-06"))
    seen: list[int] = []
    before = None
    for _ in range(12):
        page = desks.handler.ask(search, "bins", before=before, limit=limit)
        seen += [row.id for row in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == sorted(set(seen), reverse=True) and len(seen) == 10


def test_an_old_reference_finds_the_imported_complaint(desks: Desks) -> None:
    """The number that stands on the individual's letter still leads to it [lgsco:5.8]."""
    bring_in(desks, RECEIVED, RECEIVED, source="OLD/2025")
    (row,) = desks.handler.ask(search, "OLD/2025-3").rows
    assert row.matter == "Matter 3"


def test_nothing_to_look_for_is_a_sentence(desks: Desks) -> None:
    for typed in ("", "   ", "-bins", "!!!", '""'):
        with pytest.raises(BadInput, match="at least one word"):
            desks.handler.ask(search, typed)


def test_a_damaged_page_number_is_a_sentence(desks: Desks) -> None:
    for before in (0, -1, LAST_ID + 1, 2**63, 10**30):
        with pytest.raises(BadInput, match="first page"):
            desks.handler.ask(search, "bins", before=before)
    assert desks.handler.ask(search, "bins", before=LAST_ID).rows == ()


def test_search_is_for_those_who_open_cases(desks: Desks) -> None:
    for desk in (desks.recorder, desks.member, desks.administrator):
        with pytest.raises(NotPermitted):
            desk.ask(search, "bins")


# ------------------------------------------------------------------------------------------------------ hostile words


def found_or_refused(desks: Desks, *asked: tuple[Callable[..., object], tuple[object, ...], dict[str, object]]) -> None:
    """Ask each query; a refusal is a sentence, and nothing else may come."""
    for query, words, named in asked:
        try:
            desks.manager.ask(query, *words, **named)  # type: ignore[arg-type]
        except ComplaintsError as refused:
            assert str(refused).endswith("."), (words, named)


def test_no_hostile_words_do_anything_but_find_or_be_refused(story: Story, desks: Desks) -> None:
    """Queries in every language of a database, signs alone, halves of characters: wherever an address holds words."""
    reference = story.record()
    for text in HOSTILE:
        chosen = (QueueFilter(text=text),)
        found_or_refused(
            desks,
            (search, (text,), {}),
            (queue, chosen, {}),
            (queue_counts, chosen, {}),
            (queue_export, chosen, {}),
            (queue, (QueueFilter(),), {"after": text}),
            (case_view, (text,), {}),
            (departures, (), {"reference": text}),
            (departures, (), {"clause": text}),
            (gap_report, (), {"source": text}),
        )
    assert found(desks, "bins") == [reference]


@pytest.mark.slow
def test_no_naughty_string_does_anything_but_find_or_be_refused(story: Story, desks: Desks) -> None:
    """All of the big list, on both databases: as words looked for, as a filter, and as a reference."""
    reference = story.record()
    for text in naughty_strings():
        chosen = (QueueFilter(text=text),)
        found_or_refused(desks, (search, (text,), {}), (queue_counts, chosen, {}), (case_view, (text,), {}))
    assert found(desks, "bins") == [reference]
