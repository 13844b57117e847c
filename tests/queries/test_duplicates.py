"""What may be here already, shown while a complaint is typed, and what is likely the same on a case's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.errors import BadInput, NotFound
from core.queries.duplicates import Intaken, already_here, belonging, complaints_from
from tests.builders import Story, day
from tests.conftest import Desks

SAM = Intaken(name="Sam Sample", email="sam@sample.example")


def shown(desks: Desks, typed: Intaken) -> list[tuple[str, str]]:
    """What a handler is shown: reference and why."""
    return [(match.reference, match.why) for match in desks.handler.ask(already_here, typed).matches]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Intaken(email=" SAM@sample.EXAMPLE "), "same e-mail"),
        (Intaken(phone="+44 (0)1632 960-001"), "same phone"),
        (Intaken(phone="+441632960001"), "same phone"),
        (Intaken(name="SÀM SÁMPLE", postcode="zz1 1aa"), "same postcode and name"),
        (Intaken(name="Mr S Sample", postcode="ZZ11AA"), "same postcode and name"),
        (Intaken(name="Sample, Sam", matter="Bin collection missed again"), "same name; matter alike"),
        (Intaken(postcode="ZZ1  1AA", matter="missing the bins’ collection"), "same postcode; matter alike"),
        (Intaken(matter="Missed bin collections", service_id=1), "matter alike; same service"),
    ],
)
def test_the_same_person_or_matter_is_found_however_it_is_typed(
    story: Story, desks: Desks, typed: Intaken, why: str
) -> None:
    """Accents, capitals, spaces and the country's number make no difference, on both databases alike [lgsco:6.9]."""
    reference = story.record(contact_phone="01632 960001", postcode="ZZ1 1AA", service_id=1)
    assert shown(desks, typed) == [(reference, why)]


@pytest.mark.parametrize(
    "typed",
    [
        Intaken(),
        Intaken(name="Sam"),
        Intaken(name="Sam Sample"),
        Intaken(postcode="ZZ1 1AA"),
        Intaken(name="Sue Sample", postcode="ZZ2 2BB", matter="Street light out"),
        Intaken(matter="Missed bin collections"),
        Intaken(matter="Missed bin collections", service_id=2),
        Intaken(words="The bins in our close were missed four times this summer."),
        Intaken(email="@", phone="0", postcode=" "),
    ],
)
def test_what_many_share_is_not_enough(story: Story, desks: Desks, typed: Intaken) -> None:
    story.record(contact_phone="01632 960001", postcode="ZZ1 1AA", service_id=1)
    found = desks.handler.ask(already_here, typed)
    assert (found.matches, found.person_may_be_known) == ((), False)


def test_open_and_recent_ones_are_shown_and_old_ended_ones_are_not(story: Story, desks: Desks) -> None:
    old_open = story.record(day("2024-06-03"))
    ended = story.record(day("2025-09-01"))
    story.withdraw(ended, day("2025-09-02"))
    recent = story.record(day("2026-06-01"))
    story.withdraw(recent, day("2026-06-02"))
    story.on(day("2026-09-07"))
    assert {reference for reference, _why in shown(desks, SAM)} == {old_open, recent}
    assert ended in {reference for reference, _why in shown(desks, replace(SAM, received_on=day("2025-10-01")))}


def test_the_most_alike_come_first_and_only_a_few(story: Story, desks: Desks) -> None:
    for _each in range(7):
        story.record(individual="", matter="A pothole")
    best = story.record(matter="A pothole in Sample Lane", words="A pothole in Sample Lane has burst a tyre.")
    typed = replace(SAM, matter="Pothole, Sample Lane", words="There is a pothole in Sample Lane.")
    found = shown(desks, typed)
    assert found[0] == (best, "same e-mail and name; matter alike")
    assert len(found) == 5


def test_a_recorder_is_told_that_a_person_may_be_known_and_nothing_else(story: Story, desks: Desks) -> None:
    """Never content: whoever opens no cases reads no reference, no matter and no reason [lgsco:3.2]."""
    story.record()
    found = desks.recorder.ask(already_here, SAM)
    assert (found.matches, found.person_may_be_known) == ((), True)
    matter = Intaken(matter="Missed bin collections", service_id=1)
    assert desks.recorder.ask(already_here, matter).person_may_be_known is False


def test_a_confidential_case_is_not_hinted_at(story: Story, desks: Desks) -> None:
    """Neither to a recorder nor to a handler who is not named; to whoever is named it is there [lgsco:5.8]."""
    reference = story.record()
    story.keep_confidential(reference)
    for desk in (desks.recorder, desks.handler):
        assert desk.ask(already_here, SAM) == desk.ask(already_here, Intaken())
        assert desk.ask(complaints_from, SAM.email) == 0
    assert [each.reference for each in desks.reviewer.ask(already_here, SAM).matches] == [reference]


def test_a_known_sender_is_counted_for_those_who_open_cases(story: Story, desks: Desks) -> None:
    for _each in range(3):
        story.record()
    assert desks.handler.ask(complaints_from, "Sam@Sample.example") == 3
    assert desks.recorder.ask(complaints_from, "sam@sample.example") == 1
    assert desks.handler.ask(complaints_from, "other@sample.example") == 0
    assert desks.handler.ask(complaints_from, "") == 0


def test_a_case_shows_what_is_likely_the_same_but_not_itself(story: Story, desks: Desks) -> None:
    one, two = story.record(), story.record()
    story.record(individual="Kim Invented", contact_email="kim@sample.example", matter="Light out", words="Dark.")
    assert [each.reference for each in desks.quality.ask(belonging, one).likely] == [two]
    with pytest.raises(NotFound, match="There is no complaint C-2026-999999"):
        desks.quality.ask(belonging, "C-2026-999999")


HOSTILE: list[dict[str, Any]] = [
    {"name": "' OR 1=1 --", "matter": '" OR "a" NEAR b*'},
    {"matter": "' & ! | <-> ( ) : * \\"},
    {"email": "%", "phone": "'; DROP TABLE person; --", "postcode": "_%"},
    {"matter": "日本語 の 苦情", "words": "𝕋𝕖𝕩𝕥 ⒈ \u202e"},
    {"matter": "x" * 5_000, "words": "word " * 20_000},
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_only_looked_for(story: Story, desks: Desks, typed: dict[str, Any]) -> None:
    story.record()
    assert desks.handler.ask(already_here, Intaken(**typed)).matches == ()


def test_a_sign_that_no_record_can_hold_is_refused(desks: Desks) -> None:
    with pytest.raises(BadInput):
        desks.handler.ask(already_here, Intaken(name="a\x00b"))
