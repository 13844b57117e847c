"""Letters by e-mail on the screen: sent with or without a step, on their way, failed, taken back, come back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.commands.correcting import Fact
from core.commands.letters import LetterKind, PrepareLetter, WriteLetter
from core.outbox import Sent, send_due
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.letters import case_letters, letter_view
from tests.mail import Postbox, a_mail_server, sends_by_smtp
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_letters import ACKNOWLEDGED, NEW, areas, letter, send

ADDRESS = "pat@sample.example"


@pytest.fixture
def postbox(council: Council) -> Iterator[Postbox]:
    """A mail server that the council sends through; both people have an e-mail address."""
    with a_mail_server() as box:
        sends_by_smtp(council.office, box.port)
        for reference in (ACKNOWLEDGED, NEW):
            told = {"reference": reference, "fact": Fact.EMAIL, "new_value": ADDRESS, "why": "They wrote to us."}
            council.take(Role.MANAGER, "CorrectFact", **told)
        yield box


def ready(council: Council, reference: str, kind: LetterKind) -> int:
    """A letter with every part written; its number."""
    desk = council.desk(Role.HANDLER)
    desk.do(PrepareLetter(reference=reference, kind=kind))
    number = desk.ask(case_letters, reference)[0].id
    view = desk.ask(letter_view, number)
    parts = tuple({"content": part.content, "text": f"Written: {part.title}."} for part in view.parts)
    desk.do(WriteLetter(reference=reference, letter_id=number, addressee="Pat Sample", parts=parts))
    return number


def test_a_letter_is_sent_by_e_mail_and_its_case_says_how_it_stands(
    council: Council, open_page: Open, postbox: Postbox
) -> None:
    number = ready(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Send it by e-mail …").click().run()
    said = words(at)
    assert f"It goes by e-mail to {ADDRESS}" in said.replace("*", "") and "addressed to Pat Sample" in said
    assert not at.date_input, "the day is the one on which it goes"
    send(at, "Send by e-mail")
    said = words(at)
    assert "Queued a letter (Update) to go by e-mail to pat@sample.example." in said
    assert "waits to go by e-mail" in said and not at.text_area
    at = open_page("case", ref=ACKNOWLEDGED)
    assert "Letters: 0 sent, 1 on its way, 0 drafts" in words(at)
    assert send_due(council.office) == Sent(sent=1)
    assert len(postbox.taken) == 1
    at = open_page("case", ref=ACKNOWLEDGED)
    assert "Letters: 1 sent, 0 drafts" in words(at) and "by e-mail" in words(at)


def test_a_letter_goes_by_e_mail_with_its_step(council: Council, open_page: Open, postbox: Postbox) -> None:
    """The step is asked for what the letter does not say, and is taken when the letter went."""
    number = ready(council, NEW, LetterKind.ACKNOWLEDGEMENT)
    at = letter(open_page, NEW, number)
    assert "Send it by e-mail with its step: Acknowledge" in words(at)
    at = open_page("case", ref=NEW, step="Acknowledge", letter=str(number), by="email")
    assert not [each for each in at.date_input if each.label.startswith("When the acknowledgement")]
    field(at, "text_area", "What we understand the complaint to be").set_value("A pothole by the library.").run()
    send(at, "Send by e-mail")
    assert "Queued a letter (Acknowledgement of stage 1) to go by e-mail to" in words(at)
    view = council.desk(Role.HANDLER).ask(case_view, NEW)
    assert view.position == "Stage 1: awaiting acknowledgement"
    assert send_due(council.office) == Sent(sent=1)
    assert council.desk(Role.HANDLER).ask(case_view, NEW).position == "Stage 1: being considered"
    assert len(postbox.taken) == 1


def test_a_reason_is_asked_for_before_anything_is_queued(council: Council, open_page: Open, postbox: Postbox) -> None:
    desk = council.desk(Role.HANDLER)
    desk.do(PrepareLetter(reference=ACKNOWLEDGED, kind=LetterKind.UPDATE))
    number = desk.ask(case_letters, ACKNOWLEDGED)[0].id
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Send it by e-mail …").click().run()
    send(at, "Send by e-mail")
    assert "This departs from the Code" in words(at)
    field(at, "text_area", "Good reason for departing").set_value("They rang meanwhile.").run()
    send(at, "Go on with this reason")
    assert "waits to go by e-mail" in words(at)


def test_without_a_mail_server_nobody_is_offered_e_mail(council: Council, open_page: Open) -> None:
    at = letter(open_page, ACKNOWLEDGED, ready(council, ACKNOWLEDGED, LetterKind.UPDATE))
    assert not [each for each in at.button if "e-mail" in each.label]
    assert "mail server" not in words(at)


def test_without_an_address_the_page_says_what_to_do(council: Council, open_page: Open, postbox: Postbox) -> None:
    told = {"reference": ACKNOWLEDGED, "fact": Fact.EMAIL, "new_value": "pat", "why": "Misheard."}
    council.take(Role.MANAGER, "CorrectFact", **told)
    at = letter(open_page, ACKNOWLEDGED, ready(council, ACKNOWLEDGED, LetterKind.UPDATE))
    assert "Correct it there, or send the letter another way." in words(at)


def test_a_letter_that_failed_says_why_and_is_tried_again_or_taken_back(
    council: Council, open_page: Open, postbox: Postbox
) -> None:
    """Why stands on the letter, at the head of its case and on Escalations; both ways on are one press."""
    postbox.says[ADDRESS] = "554 no such mailbox"
    number = ready(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Send it by e-mail …").click().run()
    send(at, "Send by e-mail")
    assert send_due(council.office) == Sent(failed=1)
    assert "A letter did not go by e-mail: Update." in words(open_page("case", ref=ACKNOWLEDGED))
    said = words(open_page("escalations", Role.MANAGER))
    assert "Letters by e-mail that are stuck: 1" in said and "did not go by e-mail" in said
    at = letter(open_page, ACKNOWLEDGED, number)
    assert "refused the e-mail" in words(at)
    button(at, "Try again now").click().run()
    assert "waits to go by e-mail" in words(at)
    button(at, "Take it back").click().run()
    assert "Took a letter back" in words(at)
    assert "What has been done since" in areas(at)
    said = words(open_page("escalations", Role.MANAGER))
    assert "Letters by e-mail that are stuck: 0" in said and "Every letter that was given to go by e-mail went" in said


def test_who_may_only_read_sees_how_it_stands_and_presses_nothing(
    council: Council, open_page: Open, postbox: Postbox
) -> None:
    number = ready(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Send it by e-mail …").click().run()
    send(at, "Send by e-mail")
    at = letter(open_page, ACKNOWLEDGED, number, Role.QUALITY)
    assert "waits to go by e-mail" in words(at)
    assert not [each for each in at.button if each.label in ("Try again now", "Take it back")]


def test_a_letter_that_came_back_is_told_until_something_was_done(council: Council, open_page: Open) -> None:
    """Whichever way it went: a banner on the case says what to do, until the officer says what was done."""
    number = ready(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Record it as sent …").click().run()
    send(at, "Record it as sent")
    button(at, "Record that it came back …").click().run()
    field(at, "text_input", "What was said with it (optional)".removesuffix(" (optional)")).set_value(
        "Gone *away*"
    ).run()
    send(at, "Record that it came back")
    said = words(at)
    assert "It came back on Tue 24 November 2026." in said and "Gone *away*" in said
    said = words(open_page("case", ref=ACKNOWLEDGED))
    assert "A letter came back on Tue 24 November 2026: Update." in said and "reach them another way" in said
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Say what was done about it …").click().run()
    field(at, "text_input", "What was done").set_value("Rang them.").run()
    send(at, "Say what was done about it")
    assert "What was done: Rang them." in words(at)
    assert "A letter came back on" not in words(open_page("case", ref=ACKNOWLEDGED)).partition("History")[0]
