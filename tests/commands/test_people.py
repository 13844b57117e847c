"""People beside the individual: logging waits for nobody, and what is sent waits for their authority."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.commands.adjusting import FlagRisk, KeepPreference, LiftRisk
from core.commands.people import ChooseCorrespondent, RecordAuthority, RemoveParty
from core.errors import BadInput, NotPermitted
from core.queries.people import case_people
from core.queries.queue import QueueFilter, queue, queue_export
from core.rules.parties import AuthorityKind
from tests.builders import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_TWO,
    ANSWERED,
    FINAL,
    RECEIVED,
    REFUSED,
    Story,
    day,
)
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks

BARRED = "Nothing recorded yet lets Rowan Representative act for the individual."


def test_1_5_a_representative_without_authority_is_logged_and_the_clock_runs(story: Story, desks: Desks) -> None:
    """1.5: a complaint brought by somebody else goes the same way as any other [lgsco:1.5]."""
    reference = story.record()
    before = story.duties(reference)
    story.represent(reference)
    assert story.duties(reference) == before
    people = desks.handler.ask(case_people, reference)
    (rowan,) = people.parties
    assert (rowan.role, rowan.authority, rowan.written_to) == ("representative", "none yet", True)
    assert rowan.barred.startswith(BARRED)
    assert story.tags(reference)[-2:] == ["party.added", "correspondent.chosen"]


SENDING: dict[str, tuple[Callable[[Story], str], Callable[..., Any], date]] = {
    "acknowledge": (lambda story: story.record(), Story.acknowledge, ACKNOWLEDGED),
    "extend": (lambda story: story.acknowledged(), Story.extend, ANSWERED),
    "respond": (lambda story: story.acknowledged(), Story.respond, ANSWERED),
    "refuse": (lambda story: story.answered(), Story.refuse, REFUSED),
    "acknowledge stage 2": (lambda story: story.at_stage_two(), Story.acknowledge_two, ACKNOWLEDGED_TWO),
    "final response": (lambda story: story.considered_at_stage_two(), Story.respond_final, FINAL),
}


@pytest.mark.parametrize("sending", SENDING)
def test_3_6_what_goes_to_a_representative_waits_for_authority(story: Story, sending: str) -> None:
    """3.6: without it a reason is asked; with it, or to the individual, none is [lgsco:3.6]."""
    arrange, step, on = SENDING[sending]
    reference = arrange(story)
    party_id = story.represent(reference)
    with reason_asked(story, "lgsco:3.6"):
        step(story, reference)
    story.on(on)
    story.authorise(reference, party_id)
    step(story, reference)
    assert story.departures(reference) == []


def test_3_6_correspondence_goes_to_the_representative_and_expiry_blocks_again(story: Story, desks: Desks) -> None:
    """3.6: the last day of an authority is a day of it; the day after, nothing is sent [lgsco:3.6]."""
    reference = story.record()
    party_id = story.represent(reference)
    story.authorise(reference, party_id, expires_on=day("2026-09-11"), scope="This complaint")
    story.on(day("2026-09-11"))
    assert desks.handler.ask(case_people, reference).parties[0].barred == ""
    story.on(day("2026-09-12"))
    assert "ended on Fri 11 September 2026" in desks.handler.ask(case_people, reference).parties[0].barred
    with reason_asked(story, "lgsco:3.6"):
        story.acknowledge(reference)
    story.authorise(reference, party_id, authority=AuthorityKind.POWER_OF_ATTORNEY, recorded_on=day("2026-09-14"))
    story.acknowledge(reference)


def test_sending_all_the_same_is_a_departure_with_its_reason(story: Story) -> None:
    reference = story.record()
    story.represent(reference)
    story.acknowledge(reference, good_reason="The individual asked for it on the phone.")
    assert story.departures(reference) == [("lgsco:3.6", "The individual asked for it on the phone.")]


def test_writing_to_the_individual_needs_no_authority(story: Story, desks: Desks) -> None:
    """Also after letters went to somebody else [lgsco:3.6]."""
    reference = story.record()
    story.represent(reference)
    done = desks.handler.do(ChooseCorrespondent(reference=reference))
    assert done.sentences == ("Letters go to the individual from now on.",)
    story.acknowledge(reference)
    assert story.departures(reference) == []


def test_letters_go_to_one_person_at_a_time(story: Story, desks: Desks) -> None:
    reference = story.record()
    first, second = story.represent(reference), story.represent(reference, name="Sal Solicitor")
    written_to = desks.handler.ask(case_people, reference).written_to
    assert written_to is not None
    assert written_to.id == second
    desks.handler.do(ChooseCorrespondent(reference=reference, correspond_with=first))
    assert [each.written_to for each in desks.handler.ask(case_people, reference).parties] == [True, False]


def test_somebody_removed_gets_no_letters_and_stays_in_the_history(story: Story, desks: Desks) -> None:
    reference = story.record()
    party_id = story.represent(reference)
    done = desks.handler.do(RemoveParty(reference=reference, party_id=party_id, why="They fell out."))
    assert done.sentences == ("Rowan Representative is on this complaint no longer. They fell out.",)
    assert desks.handler.ask(case_people, reference).parties == ()
    story.acknowledge(reference)
    assert "party.added" in story.tags(reference)
    assert story.verified() == len(story.tags())


def test_authority_is_one_of_the_kinds_and_its_days_are_in_order(story: Story) -> None:
    reference = story.record()
    party_id = story.represent(reference)
    with refused(story, BadInput, match="Choose what lets them act"):
        story.authorise(reference, party_id, authority=AuthorityKind.NONE_YET)
    with refused(story, BadInput, match="has not come yet"):
        story.authorise(reference, party_id, recorded_on=day("2026-09-08"))
    with refused(story, BadInput, match="is before the authority was recorded"):
        story.authorise(reference, party_id, expires_on=day("2026-09-06"))


def test_somebody_on_another_complaint_is_not_on_this_one(story: Story, desks: Desks) -> None:
    """Parties are reached through their own case alone [lgsco:5.8]."""
    party_id = story.represent(story.record())
    other = story.record()
    authority = {"authority": AuthorityKind.CONSENT, "recorded_on": RECEIVED}
    for command in (
        RecordAuthority(reference=other, party_id=party_id, **authority),  # type: ignore[arg-type]
        ChooseCorrespondent(reference=other, correspond_with=party_id),
        RemoveParty(reference=other, party_id=party_id, why="Not ours."),
        RemoveParty(reference=other, party_id=99_999, why="Nobody."),
    ):
        with refused(story, BadInput, match=f"That person is not on {other}"):
            desks.handler.do(command)


def test_only_those_who_consider_cases_put_people_on_them(story: Story, desks: Desks) -> None:
    reference = story.record()
    for desk in (desks.recorder, desks.quality, desks.link_officer):
        with refused(story, NotPermitted, match="Only a handler"):
            desk.do(KeepPreference(reference=reference, preference="By text"))


def test_how_they_want_to_be_reached_is_noted_and_can_be_taken_back(story: Story, desks: Desks) -> None:
    reference = story.record()
    desks.handler.do(KeepPreference(reference=reference, preference="By text, in the evening"))
    assert desks.handler.ask(case_people, reference).preference == "By text, in the evening"
    done = desks.handler.do(KeepPreference(reference=reference))
    assert done.sentences == ("How they want to be reached: nothing in particular.",)


def test_6_1_a_flag_of_risk_puts_a_complaint_first_and_says_so(story: Story, desks: Desks) -> None:
    """Who is at risk comes before what is due sooner, in list, export and on Home alike [lgsco:6.1]."""
    first = story.record()
    reference = story.record(day("2026-09-08"))
    assert [row.reference for row in desks.handler.ask(queue, QueueFilter()).rows] == [first, reference]
    desks.handler.do(FlagRisk(reference=reference, reason="Lives alone, and is unwell."))
    rows = desks.handler.ask(queue, QueueFilter()).rows
    assert [(row.reference, row.at_risk) for row in rows] == [(reference, True), (first, False)]
    assert desks.handler.ask(queue_export, QueueFilter()) == rows
    assert desks.handler.ask(case_people, reference).risk == "Lives alone, and is unwell."
    desks.handler.do(LiftRisk(reference=reference, reason="A carer has moved in."))
    assert [row.reference for row in desks.handler.ask(queue, QueueFilter()).rows] == [first, reference]
    with refused(story, BadInput, match="is not marked as vulnerable or at risk"):
        desks.handler.do(LiftRisk(reference=reference, reason="Once more."))
