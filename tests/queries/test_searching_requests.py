"""Service requests found as complaints are: by reference, who asks, where they live, and any words."""

from __future__ import annotations

import pytest

from core.commands.triage import Decision, TriageComplaint
from core.desk import Desk
from core.errors import BadInput, NotPermitted
from core.permissions import Actor
from core.queries.base import LAST_ID
from core.queries.searching import FoundRequest, search, search_requests
from core.rules.request_steps import RequestPosition
from tests.builders import Story, day
from tests.conftest import Desks
from tests.queries.test_searching import HOSTILE
from tests.requests import ASKED, ask, raise_from, take


def found(desk: Desk, text: str) -> list[str]:
    """References of the service requests found."""
    return [row.reference for row in desk.ask(search_requests, text).rows]


def test_a_request_is_found_by_reference_person_place_matter_and_words(story: Story, desks: Desks) -> None:
    """However it is typed; a complaint's reference finds none [lgsco:1.8]."""
    hedge = ask(story, postcode="ZZ3 3CC", address="7 Mill End")
    lamp = ask(
        story, individual="Zoë O’Brien", words="The lamp flickers.", matter="Lamp", contact_email="zoe@x.example"
    )
    assert hedge == "SR-2026-000001"
    for typed in (
        hedge,
        "sr-2026-1",
        " SR20261 ",
        "ruth request",
        "zz33cc",
        "ZZ3 3CC",
        "mill",
        "hedges",
        '"sample lane"',
    ):
        assert found(desks.handler, typed) == [hedge], typed
    for typed in (lamp, "zoe", "O'Brien", "flickering", "lam*", "zoe@x.example", "lamp -hedge"):
        assert found(desks.handler, typed) == [lamp], typed
    for typed in ("C-2026-000001", "SR-2026-3", "SR-2025-1", "nobody"):
        assert found(desks.handler, typed) == [], typed


def test_complaints_and_requests_are_found_each_among_their_own(story: Story, desks: Desks) -> None:
    """The same words stand in both; neither number leads to the other."""
    reference = ask(story, words="The hedge again.")
    complaint = raise_from(story, reference, ASKED, words="The hedge, and nobody came.").reference
    assert [row.reference for row in desks.handler.ask(search, "hedge").rows] == [complaint]
    assert found(desks.handler, "hedge") == [reference]
    assert desks.handler.ask(search, reference).rows == ()


def test_what_was_found_says_where_it_stands(story: Story, desks: Desks) -> None:
    reference = ask(story, due_on=day("2026-09-21"))
    (row,) = desks.handler.ask(search_requests, "hedge").rows
    assert row == FoundRequest(
        id=1,
        reference=reference,
        individual="Ruth Request",
        matter="Overgrown hedge",
        position=RequestPosition.OPEN,
        service=str(story.rows("service", id=1)[0]["name"]),
        received_on=ASKED,
        due_on=day("2026-09-21"),
    )
    take(story, "AnswerServiceRequest", reference, ASKED, answered_on=ASKED, answer="It is cut on Friday.")
    assert desks.handler.ask(search_requests, reference).rows[0].position is RequestPosition.ANSWERED


def test_a_request_is_found_by_everybody_of_its_service_and_nobody_limited_to_another(
    story: Story, desks: Desks
) -> None:
    """Whoever has it in hand finds it as well [lgsco:4.1]."""
    reference = ask(story, service_id=2)
    who = desks.handler.actor

    def limited(*services: int) -> Desk:
        actor = Actor(id=who.id, name=who.name, role=who.role, services=frozenset(services))
        return Desk(story.office, actor)

    for typed in ("hedge", reference):
        assert found(limited(2), typed) == [reference]
        assert found(limited(1), typed) == []
    take(story, "AssignServiceRequest", reference, ASKED, colleague_id=who.id)
    for typed in ("hedge", reference):
        assert found(limited(1), typed) == [reference]


def test_what_was_passed_on_and_is_a_request_is_found_as_one(story: Story, desks: Desks) -> None:
    """The words go on with it [lgsco:1.6]."""
    reference = story.record(words="Could somebody paint the bandstand?", matter="Bandstand")
    told = {"decision": Decision.REQUEST, "agreed": True, "why": "They ask for it for the first time."}
    desks.handler.do(TriageComplaint(reference=reference, **told))
    assert found(desks.handler, "bandstand") == ["SR-2026-000001"]


@pytest.mark.parametrize("limit", [1, 3, 25])
def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_double(limit: int, story: Story, desks: Desks) -> None:
    references = [ask(story) for _number in range(7)]
    seen: list[str] = []
    before = None
    for _page in range(9):
        page = desks.handler.ask(search_requests, "hedge", before=before, limit=limit)
        seen += [row.reference for row in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == references[::-1]


def test_nothing_to_look_for_and_a_damaged_page_are_sentences(desks: Desks) -> None:
    with pytest.raises(BadInput, match="at least one word"):
        desks.handler.ask(search_requests, "-hedge")
    for before in (0, -1, LAST_ID + 1):
        with pytest.raises(BadInput, match="first page"):
            desks.handler.ask(search_requests, "hedge", before=before)


def test_only_those_who_open_cases_search_requests(desks: Desks) -> None:
    for desk in (desks.recorder, desks.member, desks.administrator):
        with pytest.raises(NotPermitted):
            desk.ask(search_requests, "hedge")


def test_no_hostile_words_do_anything_but_find_or_be_refused(story: Story, desks: Desks) -> None:
    reference = ask(story)
    for text in HOSTILE:
        try:
            desks.manager.ask(search_requests, text)
        except BadInput as refused:
            assert str(refused).endswith("."), text
    assert found(desks.manager, "hedge") == [reference]


def test_a_phrase_is_found_in_requests_where_its_words_stand_side_by_side(story: Story, desks: Desks) -> None:
    """Also late in a long text, after more places of a word than PostgreSQL keeps; and left out as one."""
    long = ask(story, words="hedge and lane, " * 400 + "then the hedge lane")
    short = ask(story, words="The lane by the hedge.", matter="Overgrown hedge", postcode="ZZ3 3CC")
    assert found(desks.handler, '"hedge lane"') == [long]
    assert found(desks.handler, '"lane hedge"') == [long]
    assert found(desks.handler, '"lane by the hed"') == []
    assert found(desks.handler, '"lane by the hedge" zz33cc') == [short]
    assert found(desks.handler, 'hedge -"hedge lane"') == [short]
