"""The policy on unreasonable behaviour goes with each letter that restricts contact, and stays known [lgsco:5.10]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from core.commands.behaviour import AdoptBehaviourPolicy, AttachBehaviourPolicy
from core.commands.letters import LetterKind
from core.commands.letters_going_out import SendLetter
from core.desk import Office
from core.errors import BadInput, NotFound, ReasonNeeded
from core.evidence import add_behaviour_file
from core.letter_files import letter_document
from core.letters.plain_text import as_plain_text
from core.outbox import queue_letter, send_due
from core.queries.behaviour import behaviour_file, behaviour_policies
from core.queries.cases import case_view
from core.queries.letters import letter_view
from core.store.keeping import referred_to
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.mail import Postbox, a_mail_server, sends_by_smtp, written

A_PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLACE = "https://sampleton.example/behaviour"


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    """A mail server that the office sends through."""
    with a_mail_server() as box:
        sends_by_smtp(office, box.port)
        yield box


def adopt(story: Story, *, file: bool = False, on: date | None = None, **fields: Any) -> int:
    """A version is adopted, with its file if asked for; its number."""
    given = {"name": "Behaviour policy", "in_force_from": on or story.clock.now.date(), "approved_by": "Cabinet, 4"}
    manager = story.desks.manager
    manager.do(AdoptBehaviourPolicy(**(given | fields)))
    number = int(max(row["id"] for row in story.rows("behaviour_policy")))
    if file:
        add_behaviour_file(manager, number, name="behaviour.pdf", content=A_PDF)
    return number


def restricting(story: Story) -> tuple[str, int]:
    """A letter that restricts contact, written to its end; its case and its number."""
    reference = story.acknowledged()
    story.restrict(reference)
    return reference, written(story, reference, LetterKind.RESTRICTION)


def sending(story: Story, reference: str, letter_id: int, **fields: Any) -> SendLetter:
    return SendLetter(reference=reference, letter_id=letter_id, sent_on=story.clock.now.date(), **fields)


def told(story: Story, letter_id: int) -> str:
    """What the letter says on paper."""
    view, today = story.desks.handler.ask(letter_view, letter_id), story.clock.now.date()
    return as_plain_text(letter_document(view, council="Sampleton Council", on=today))


def test_E22_a_restriction_letter_brings_the_policy_as_a_file_and_says_which(story: Story, postbox: Postbox) -> None:
    """By e-mail beside the letter itself; the version that went stays known, whatever is adopted later."""
    number = adopt(story, file=True)
    reference, letter_id = restricting(story)
    assert "Our policy “Behaviour policy” comes with this letter." in told(story, letter_id)
    queue_letter(story.desks.handler, sending(story, reference, letter_id))
    assert send_due(story.office).sent == 1
    (letter,) = postbox.taken
    names = [each.get_filename() for each in letter.iter_attachments()]
    assert names == [f"Letter {reference}.pdf", "behaviour.pdf"]
    (sent,) = story.rows("policy_sent")
    assert (sent["letter_id"], sent["policy_id"]) == (letter_id, number)
    adopt(story, name="Newer", web_address=PLACE)
    enclosed = story.desks.handler.ask(letter_view, letter_id).enclosed
    assert enclosed is not None and (enclosed.name, enclosed.sha256) == ("Behaviour policy", sent["sha256"])
    said = [each.sentence for each in story.desks.handler.ask(case_view, reference).history]
    assert any(each.endswith("With it: “Behaviour policy”.") for each in said)
    with story.office.database.reading() as connection:
        assert referred_to(connection, {sent["sha256"]}, since=story.clock.now) == {sent["sha256"]}
    story.verified()


def test_E22_a_policy_with_an_address_alone_is_linked_from_the_letter(story: Story, postbox: Postbox) -> None:
    adopt(story, web_address=PLACE)
    reference, letter_id = restricting(story)
    assert f"You can read our policy “Behaviour policy” at {PLACE}." in told(story, letter_id)
    queue_letter(story.desks.handler, sending(story, reference, letter_id))
    send_due(story.office)
    assert len(list(postbox.taken[0].iter_attachments())) == 1
    assert [row["sha256"] for row in story.rows("policy_sent")] == [""]


def test_E22_without_the_policy_the_letter_goes_for_a_recorded_reason_alone(story: Story, desks: Desks) -> None:
    """None adopted, none in force yet, or one that has neither file nor address, or whose file is held back."""
    tomorrow = story.clock.now.date() + timedelta(days=40)
    held = {"name": "b.pdf", "media_type": "application/pdf", "size": 9, "sha256": "e" * 64}
    reference, letter_id = restricting(story)
    for arrange in (
        lambda: None,
        lambda: adopt(story, web_address=PLACE, on=tomorrow),
        lambda: adopt(story),
        lambda: desks.manager.do(AttachBehaviourPolicy(policy_id=2, **held, why_held="The scanner is away.")),
    ):
        arrange()
        with refused(story, ReasonNeeded, "No policy on unreasonable behaviour goes with this letter"):
            desks.handler.do(sending(story, reference, letter_id))
    desks.handler.do(sending(story, reference, letter_id, good_reason="It is being rewritten."))
    assert story.departures(reference)[-1][0] == "lgsco:5.10"
    assert story.rows("policy_sent") == []
    update = written(story, reference, LetterKind.UPDATE)
    desks.handler.do(sending(story, reference, update))


def test_E22_notify_takes_one_file_so_the_policy_needs_an_address_there(story: Story) -> None:
    notify = {"notify_api_key": SecretStr("key"), "notify_template_id": "t", "smtp_host": None}
    story.office.settings = story.office.settings.model_copy(update=notify)
    adopt(story, file=True)
    reference, letter_id = restricting(story)
    with refused(story, BadInput, "GOV.UK Notify takes one file"):
        queue_letter(story.desks.handler, sending(story, reference, letter_id))
    adopt(story, file=True, web_address=PLACE)
    queue_letter(story.desks.handler, sending(story, reference, letter_id))
    assert len(story.rows("outbox")) == 1


def test_E22_what_is_no_policy_is_refused_in_a_sentence(story: Story, desks: Desks) -> None:
    with refused(story, BadInput, "Choose today or a later day"):
        adopt(story, on=story.clock.now.date() - timedelta(days=1))
    for address in ("sampleton.example", "javascript:alert(1)", "https://"):
        with refused(story, BadInput, "begins with https"):
            adopt(story, web_address=address)
    with refused(story, BadInput, "There is no such version"):
        add_behaviour_file(desks.manager, 99, name="behaviour.pdf", content=A_PDF)
    number = adopt(story)
    with refused(story, BadInput, "no PDF or Word file"):
        add_behaviour_file(desks.manager, number, name="behaviour.txt", content=b"Be kind.")
    with pytest.raises(NotFound, match="no such file"):
        desks.member.ask(behaviour_file, number)
    adopt(story, file=True)
    assert desks.member.ask(behaviour_file, 2).name == "behaviour.pdf"
    assert [each.holds for each in desks.member.ask(behaviour_policies)] == [True, False]
