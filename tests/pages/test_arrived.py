"""Mail that arrived: on Intake for whoever handles complaints, opened in the form or put aside with a reason."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from core.commands.arriving import DismissMail, ReopenMail
from core.desk import Desk
from core.errors import BadInput
from core.mail_polling import arrive
from core.permissions import SYSTEM, Role
from core.queries.evidence import case_files
from core.queries.intake import arrived_mail
from core.queries.searching import search
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

LIST = "Mail that arrived"
WHOLE = {"as": "complaint"}


def letter(subject: str = "Leaves on the path", said: str = "Nobody has swept the path.") -> bytes:
    """A made-up e-mail."""
    mail = EmailMessage()
    mail["From"] = "Ola Invented <ola@sample.example>"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    mail.set_content(said)
    return mail.as_bytes()


@pytest.fixture
def arrived(council: Council) -> Council:
    """A council with one e-mail waiting."""
    arrive(Desk(council.office, SYSTEM), letter())
    return council


def headings(at: object) -> list[str]:
    """The subheadings of a page."""
    return [each.value for each in at.subheader]  # type: ignore[attr-defined]


def test_an_e_mail_fills_the_form_and_leaves_the_list_once_recorded(arrived: Council, open_page: Open) -> None:
    """As if it had been dropped: its original becomes evidence [lgsco:3.2] [lgsco:5.8]."""
    at = open_page("intake", Role.HANDLER, **WHOLE)
    assert "1 e-mail waits, the oldest first." in words(at)
    button(at, "Open “Leaves on the path” in the form").click().run()
    assert not at.exception
    assert field(at, "text_input", "Who is complaining").value == "Ola Invented"
    assert field(at, "text_area", "What they said, in their own words").value == "Nobody has swept the path."
    button(at, "Record a complaint").click().run()
    assert not at.exception
    assert "Kept as evidence: the e-mail." in words(at)
    handler = arrived.desk(Role.HANDLER)
    (found,) = handler.ask(search, "swept").rows
    assert [file.name for file in handler.ask(case_files, found.reference)] == ["Leaves on the path.eml"]
    assert handler.ask(arrived_mail).count == 0


def test_words_typed_already_are_never_written_over_without_asking(arrived: Council, open_page: Open) -> None:
    at = open_page("intake", Role.HANDLER, **WHOLE)
    field(at, "text_area", "What they said, in their own words").set_value("Typed by hand.").run()
    button(at, "Open “Leaves on the path” in the form").click().run()
    assert field(at, "text_area", "What they said, in their own words").value == "Typed by hand."
    button(at, "Fill the form from this e-mail").click().run()
    assert field(at, "text_area", "What they said, in their own words").value == "Nobody has swept the path."


def test_one_that_is_no_complaint_is_put_aside_with_a_reason(arrived: Council, open_page: Open) -> None:
    at = open_page("intake", Role.HANDLER, **WHOLE)
    button(at, "“Leaves on the path” is not a complaint").click().run()
    field(at, "text_area", "Why").set_value("Recorded as a service request.").run()
    button(at, "Not a complaint").click().run()
    assert not at.exception
    assert "No complaint: the e-mail “Leaves on the path”" in words(at)
    assert arrived.desk(Role.HANDLER).ask(arrived_mail).count == 0
    assert LIST not in headings(at), "no mailbox is set, and nothing waits"


def test_one_put_aside_by_a_slip_is_put_back(arrived: Council, open_page: Open) -> None:
    """Nothing said to be no complaint is out of reach: with why, and one click to let it wait again [lgsco:3.2]."""
    handler = arrived.desk(Role.HANDLER)
    (mail,) = handler.ask(arrived_mail).rows
    handler.do(DismissMail(mail_id=mail.id, why="An advertisement."))
    at = open_page("intake", Role.HANDLER, **WHOLE)
    assert "An advertisement." not in words(at), "read only when it is opened"
    at.session_state["mail/aside"] = True
    at.run()
    assert "An advertisement." in words(at)
    button(at, "Put “Leaves on the path” back").click().run()
    assert not at.exception
    assert "Waits on Intake again" in words(at)
    assert handler.ask(arrived_mail).count == 1
    with pytest.raises(BadInput, match="waits on Intake already"):
        handler.do(ReopenMail(mail_id=mail.id))


def test_one_that_cannot_be_read_says_why_and_is_there_to_be_saved(council: Council, open_page: Open) -> None:
    arrive(Desk(council.office, SYSTEM), b"\x00\x01 no message at all \xff" * 20)
    at = open_page("intake", Role.HANDLER, **WHOLE)
    assert any("type the words in" in each.value for each in at.warning)
    assert not [each for each in at.button if "in the form" in each.label]
    assert "No subject" in words(at)


def test_somebody_elses_markdown_stays_text(council: Council, open_page: Open) -> None:
    arrive(Desk(council.office, SYSTEM), letter(subject="**Bold** [here](https://evil.example) :red[x]"))
    at = open_page("intake", Role.HANDLER, **WHOLE)
    assert not at.exception
    shown = [*(each.value for each in at.markdown), *(each.label for each in at.button)]
    told = [each for each in shown if "evil" in each]
    assert told
    assert not [each for each in told if "[here](" in each or ":red[x]" in each or "****Bold" in each], told


@pytest.mark.parametrize("role", [Role.RECORDER])
def test_whoever_only_records_sees_no_mail(arrived: Council, open_page: Open, role: Role) -> None:
    at = open_page("intake", role)
    assert LIST not in headings(at)
    assert "Leaves on the path" not in words(at)


@pytest.mark.parametrize("asked", ["99", "x", "-1", "99999999999999999999"])
def test_an_address_that_names_no_e_mail_shows_the_list(arrived: Council, open_page: Open, asked: str) -> None:
    at = open_page("intake", Role.HANDLER, mail=asked, **WHOLE)
    assert not at.exception
    assert LIST in headings(at)


def test_two_officers_with_one_list_put_it_aside_once(arrived: Council, open_page: Open) -> None:
    """The second reads that somebody has done it; nothing breaks."""
    first = open_page("intake", Role.HANDLER, **WHOLE)
    second = open_page("intake", Role.MANAGER, mail="1", **WHOLE)
    button(first, "“Leaves on the path” is not a complaint").click().run()
    field(first, "text_area", "Why").set_value("An advertisement.").run()
    button(first, "Not a complaint").click().run()
    field(second, "text_area", "Why").set_value("An advertisement, too.").run()
    button(second, "Not a complaint").click().run()
    assert not second.exception
    assert arrived.desk(Role.HANDLER).ask(arrived_mail).count == 0
