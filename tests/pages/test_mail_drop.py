"""An e-mail dropped on Intake: it fills the form, and its original and attachments become evidence of the complaint."""

from __future__ import annotations

import html
from email.message import EmailMessage

import pytest
from streamlit.testing.v1 import AppTest

from core.channels.files import FileStore
from core.permissions import Role
from core.queries.audit import AuditFilter, audit
from core.queries.evidence import case_files
from core.queries.searching import search
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

pytestmark = pytest.mark.usefixtures("council")
WHOLE = {"as": "complaint"}
LETTER = b"Dear council, this is the letter of March.\n"


def message(**told: str) -> bytes:
    """A made-up e-mail with a letter and a program attached."""
    mail = EmailMessage()
    mail["From"] = told.get("sender", "Ola Invented <ola@sample.example>")
    mail["To"] = "complaints@council.example"
    mail["Subject"] = told.get("subject", "Re: Leaves on the path")
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    if "automatic" in told:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(told.get("words", "Nobody has swept the path in Sample Lane since September."))
    mail.add_attachment(LETTER, maintype="text", subtype="plain", filename="letter.txt")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="tool.exe")
    mail.set_boundary("the-same-each-time")
    return mail.as_bytes()


def drop(at: AppTest, content: bytes, *, name: str = "complaint.eml") -> AppTest:
    """Drop an e-mail on the page."""
    (place,) = at.file_uploader
    place.upload(name, content, "application/octet-stream")
    at.run()
    assert not at.exception, at.exception
    return at


def recorded(council: Council, text: str) -> str:
    """The reference of the one complaint these words find."""
    (found,) = council.desk(Role.MANAGER).ask(search, text).rows
    return found.reference


@pytest.mark.parametrize("role", [Role.RECORDER, Role.HANDLER])
def test_a_dropped_e_mail_fills_the_form_and_is_kept_with_what_it_carries(
    council: Council, open_page: Open, role: Role
) -> None:
    """Anybody who records may do so; the console files the evidence, and says what it refuses by name [lgsco:3.2]."""
    at = drop(open_page("intake", role, **WHOLE), message())
    assert field(at, "text_input", "Who is complaining").value == "Ola Invented"
    assert field(at, "text_input", "E-mail").value == "ola@sample.example"
    assert field(at, "text_input", "The matter in a few words").value == "Leaves on the path"
    assert field(at, "text_area", "What they said, in their own words").value.startswith("Nobody has swept the path")
    assert field(at, "selectbox", "How it came").value == "e-mail"
    assert str(field(at, "date_input", "When any of us first heard it").value) == "2026-11-23"
    assert "It carries 2 attachments: letter.txt, tool.exe." in words(at)
    assert not at.file_uploader
    button(at, "Record a complaint").click().run()
    assert not at.exception, at.exception
    said = words(at)
    assert "Recorded “Leaves on the path” from Ola Invented" in said
    assert "Kept as evidence: the e-mail and 1 attachment." in said
    assert "“tool.exe” cannot be added" in said
    assert "The e-mail keeps it all the same." in said
    reference = recorded(council, "swept")
    files = council.desk(Role.HANDLER).ask(case_files, reference)
    assert [(each.name, each.added_by) for each in files] == [
        ("complaint.eml", "The console"),
        ("letter.txt", "The console"),
    ]
    assert FileStore(council.office.settings.files).path(files[0].sha256).read_bytes() == message()
    entries = council.desk(Role.SENIOR_LEAD).ask(audit, AuditFilter(reference=reference, tag="file.added")).rows
    assert {each.actor for each in entries} == {"The console"}


def test_the_five_questions_take_an_e_mail_as_well(council: Council, open_page: Open) -> None:
    """What they do not ask comes from the e-mail: its subject is the matter; the longer form shows it [lgsco:3.2]."""
    at = drop(open_page("intake", Role.RECORDER, **{"as": "pass-on"}), message())
    assert field(at, "text_input", "E-mail").value == "ola@sample.example"
    longer = open_page("intake", Role.RECORDER, **WHOLE)
    assert field(longer, "text_input", "The matter in a few words").value == "Leaves on the path"
    next(each for each in at.button if (each.key or "").endswith("/send")).click().run()
    assert not at.exception, at.exception
    assert "Passed on “Leaves on the path” from Ola Invented" in words(at)
    assert len(council.desk(Role.HANDLER).ask(case_files, recorded(council, "swept"))) == 2


def test_the_e_mail_outlives_a_reload_and_goes_with_the_draft(open_page: Open) -> None:
    """F5, or another day: it is still there, and thrown away it belongs to no later complaint."""
    drop(open_page("intake", Role.RECORDER), message())
    at = open_page("intake", Role.RECORDER)
    assert "complaint.eml from Ola Invented ola@sample.example" in words(at).replace("*", "")
    assert field(at, "text_input", "Who is complaining").value == "Ola Invented"
    button(at, "Throw this draft away").click().run()
    assert len(at.file_uploader) == 1
    assert field(at, "text_input", "Who is complaining").value == ""
    assert "complaint.eml" not in words(open_page("intake", Role.RECORDER))


def test_nothing_typed_is_written_over_without_asking(open_page: Open) -> None:
    """The form keeps its words until the button is pressed; what the e-mail does not say stays even then."""
    at = open_page("intake")
    field(at, "text_area", "What they said, in their own words").set_value("They rang about leaves.").run()
    field(at, "text_input", "Phone").set_value("01632 960001").run()
    drop(at, message())
    assert field(at, "text_area", "What they said, in their own words").value == "They rang about leaves."
    assert field(at, "text_input", "Who is complaining").value == ""
    assert "the form was left as it is" in words(at)
    button(at, "Fill the form from this e-mail").click().run()
    assert field(at, "text_area", "What they said, in their own words").value.startswith("Nobody has swept")
    assert field(at, "text_input", "Phone").value == "01632 960001"
    assert "Fill the form from this e-mail" not in [each.label for each in at.button]


def test_an_e_mail_taken_with_a_request_chosen_fills_the_complaint_too(open_page: Open) -> None:
    """Whatever it turns out to be, the words are there; a date stays a date."""
    drop(open_page("intake", **{"as": "request"}), message())
    at = open_page("intake", **WHOLE)
    assert str(field(at, "date_input", "When any of us first heard it").value) == "2026-11-23"
    assert field(at, "text_input", "Who is complaining").value == "Ola Invented"


def test_an_e_mail_that_was_left_out_is_not_filed(council: Council, open_page: Open) -> None:
    at = drop(open_page("intake"), message())
    button(at, "Leave this e-mail out").click().run()
    assert len(at.file_uploader) == 1
    button(at, "Record a complaint").click().run()
    assert "Kept as evidence" not in words(at)
    assert council.desk(Role.HANDLER).ask(case_files, recorded(council, "swept")) == ()


def test_what_is_no_e_mail_is_a_sentence_and_costs_no_word(open_page: Open) -> None:
    at = open_page("intake")
    field(at, "text_input", "Who is complaining").set_value("Ola Invented").run()
    drop(at, b"\x89PNG\r\n\x1a\n" + bytes(200), name="photo.png")
    assert "“photo.png” is not an e-mail" in words(at)
    assert field(at, "text_input", "Who is complaining").value == "Ola Invented"
    drop(at, message())
    assert "is not an e-mail" not in words(at)


def test_an_automatic_message_is_said_to_be_one(open_page: Open) -> None:
    at = drop(open_page("intake"), message(automatic="yes"))
    assert any("This looks like an automatic message" in each.value for each in at.warning)


def test_a_known_sender_is_said_in_words(council: Council, open_page: Open) -> None:
    """How many complaints for those who open cases; for a recorder only that there may be one [lgsco:6.9]."""
    told = message(sender="Robin Example <ROBIN@example.org>")
    assert "complaints came from this address" in words(drop(open_page("intake"), told))
    assert "C-2026-" in words(open_page("intake"))
    at = drop(open_page("intake", Role.RECORDER), told)
    said = words(at)
    assert "A complaint from this person may be here already; the complaints team will see it." in said
    assert "C-2026-" not in said
    assert "came from this address" not in said


def test_names_and_notes_of_an_e_mail_are_shown_as_they_were_written(open_page: Open) -> None:
    """Markdown, HTML and colours in a name, a subject or a file's name do nothing."""
    hostile = "![x](https://example.org/p.png) <b>$x$ :red[a]"
    at = drop(open_page("intake"), message(sender=f'"{hostile}" <a@sample.example>'), name=f"{hostile}.eml")
    shown = "\n".join(each.value for each in (*at.info, *at.warning))
    for active in ("![", "<b>", "$x$", ":red["):
        assert active not in shown
    assert "p.png" in html.unescape(shown)
