"""Reading an .eml: every real message becomes a filled form or a plain refusal, and a hostile one hurts nobody."""

from __future__ import annotations

import base64
import io
import re
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.channels import mail_in
from core.channels.files import clean_name
from core.channels.mail_in import ReadMail, form_values, matter_of, read_mail
from core.commands.recording import RecordComplaint
from core.errors import BadInput
from core.model.complaints import Channel
from tests.channels.real_files import real_data, real_file

PLAIN = (
    b"From: =?utf-8?q?Zo=C3=AB_Ashdown?= <zoe@example.org>\r\nTo: Complaints <complaints@council.example>\r\n"
    b"Cc: Councillor Bell <bell@council.example>\r\nSubject: Re: [EXTERNAL] Missed bin collections\r\n"
    b"Date: Mon, 30 Mar 2026 23:30:00 +0000\r\nMessage-ID: <a1@example.org>\r\nIn-Reply-To: <z9@council.example>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"\r\nOur bins were missed again =E2=80=93 for the third=\r\n week.\r\n"
)
MIXED = (
    b"From: Ann Lee <ann@example.org>\nSubject: Repairs\nDate: Tue, 07 Apr 2026 09:00:00 +0100\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="out"\n\n--out\nContent-Type: multipart/alternative; boundary="in"\n\n'
    b"--in\nContent-Type: text/plain; charset=utf-8\n\nThe lift is broken.\n--in\nContent-Type: text/html\n\n"
    b"<p>The <b>lift</b> is broken.</p>\n--in--\n--out\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
    b'Content-Disposition: attachment; filename="../../lift.png"\n\niVBORw0KGgo=\n--out--\n'
)
FORWARD = (
    b"From: Cllr Bell <bell@council.example>\nSubject: Fwd: Noise\nDate: Wed, 08 Apr 2026 09:00:00 +0100\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease look at this.\n--b\nContent-Type: message/rfc822\n\n"
    b"From: Sam Roe <sam@example.org>\nSubject: Noise at night\nDate: Mon, 06 Apr 2026 08:00:00 +0100\n\n"
    b"It goes on until three.\n--b--\n"
)


def headed(*lines: str, body: bytes = b"Words.\r\n", **more: str) -> bytes:
    """A message with these header lines after a sender."""
    return "\r\n".join(("From: Ann <ann@example.org>", *lines, "", "")).encode("utf-8", "surrogateescape") + body


def read(content: bytes, filename: str = "mail.eml") -> ReadMail:
    return read_mail(content, filename=filename)


def refusal(content: bytes, filename: str = "mail.eml") -> str:
    with pytest.raises(BadInput) as refused:
        read(content, filename)
    sentence = str(refused.value)
    assert sentence.startswith("“") and sentence.endswith("."), sentence
    assert re.search(r"[Ss]ave|type the words in|Add it", sentence), sentence
    return sentence


def outcome(content: bytes, filename: str) -> ReadMail | None:
    """The message with what always holds checked, or None when it was refused with a sentence."""
    try:
        mail = read(content, filename)
    except BadInput as refused:
        assert str(refused).endswith(".")
        return None
    texts = [
        mail.filename,
        mail.sender_name,
        mail.sender_address,
        mail.subject,
        mail.text,
        mail.message_id,
        *mail.notes,
    ]
    texts += [text for party in (*mail.to, *mail.cc) for text in (party.name, party.address)]
    for text in texts:
        text.encode("utf-8")  # no lone halves
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", text), text
    assert not any("\n" in text for text in texts if text is not mail.text)
    assert mail.sent_at is None or mail.sent_at.tzinfo is UTC
    assert all(each.name == clean_name(each.name) for each in mail.attachments)
    assert all(note[0].isupper() or note[0] == "“" for note in mail.notes)
    assert all(note.endswith(".") for note in mail.notes)
    assert len(mail.sha256) == 64
    as_form(mail)
    return mail


def as_form(mail: ReadMail) -> dict[str, Any]:
    """The form's values, held against the command itself: what is not known is asked, nothing is refused."""
    values = form_values(mail)
    asked = {"words": "x", "matter": "x", "received_on": date(2026, 4, 1)}
    RecordComplaint.model_validate(asked | {name: value for name, value in values.items() if value != ""})
    return values


def test_a_plain_message_fills_the_form() -> None:
    """The day of receipt is the one in London: half past eleven at night in winter time is the next day in summer."""
    mail = read(PLAIN)
    assert (mail.sender_name, mail.sender_address) == ("Zoë Ashdown", "zoe@example.org")
    assert mail.sent_at == datetime(2026, 3, 30, 23, 30, tzinfo=UTC)
    assert [party.address for party in mail.to + mail.cc] == ["complaints@council.example", "bell@council.example"]
    assert (mail.message_id, mail.in_reply_to) == ("<a1@example.org>", "<z9@council.example>")
    assert (mail.is_automatic, mail.notes, mail.attachments) == (False, (), ())
    assert as_form(mail) == {
        "individual": "Zoë Ashdown",
        "contact_email": "zoe@example.org",
        "words": "Our bins were missed again – for the third week.",
        "matter": "Missed bin collections",
        "received_on": date(2026, 3, 31),
        "channel": Channel.EMAIL,
    }


def test_plain_words_are_preferred_and_attachments_are_kept_under_safe_names() -> None:
    mail = read(MIXED)
    assert mail.text == "The lift is broken."
    (picture,) = mail.attachments
    assert (picture.name, picture.media_type, picture.content) == ("lift.png", "image/png", b"\x89PNG\r\n\x1a\n")


def test_html_becomes_words_without_script_style_or_fetching() -> None:
    markup = (
        b"<html><head><title>t</title><style>p{}</style></head><body><p>Dear&nbsp;Sir,</p><p>It is <b>worse</b> &amp; "
        b"loud<br>at 3.</p><script>steal()</script><img src='http://x.example/p.gif' onerror=go()>"
        b"<ul><li>one<li>two</ul>"
    )
    mail = read(headed("Content-Type: text/html; charset=utf-8", body=markup))
    assert mail.text == "Dear Sir,\n\nIt is worse & loud\nat 3.\n\n- one\n- two"


def test_a_message_that_is_only_passed_on_is_filled_in_from_the_one_inside() -> None:
    mail = read(FORWARD)
    values = as_form(mail)
    assert mail.text == "Please look at this.\n\nIt goes on until three."
    assert (values["individual"], values["received_by"]) == ("Sam Roe", "Cllr Bell")
    assert (values["matter"], values["received_on"]) == ("Noise at night", date(2026, 4, 6))
    assert [each.name for each in mail.attachments] == ["Noise at night.eml"]
    assert "Check who is complaining" in " ".join(mail.notes)
    long = FORWARD.replace(b"Please look at this.", b"I saw it myself, and " * 20)
    assert read(long).forwarded is None
    assert form_values(read(long))["individual"] == "Cllr Bell"


def test_what_a_delivery_report_returns_is_not_taken_for_a_complaint() -> None:
    mail = read(FORWARD.replace(b"multipart/mixed", b"multipart/report").replace(b"Please look at this.", b""))
    assert mail.is_automatic and mail.forwarded is None


@pytest.mark.parametrize(
    ("lines", "automatic"),
    [
        (["Auto-Submitted: auto-replied"], True),
        (["Auto-Submitted: no"], False),
        (["Precedence: bulk"], True),
        (["Precedence: first-class"], False),
        (["List-Id: <news.example.org>"], True),
        (["Return-Path: <>"], True),
        (["Subject: Automatic reply: Missed bins"], True),
        (["Subject: Out of Office: away"], True),
        (["Subject: Automatic doors are broken"], False),
        (["Subject: Out of office hours nobody answers"], True),
    ],
)
def test_an_automatic_message_is_kept_and_said_to_be_one(lines: list[str], automatic: bool) -> None:
    mail = read(headed(*lines))
    assert mail.is_automatic is automatic
    assert any("automatic" in note for note in mail.notes) is automatic


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 30 Mar 2026 12:00:00 +0100", datetime(2026, 3, 30, 11, tzinfo=UTC)),
        ("30 Mar 26 12:00 GMT", datetime(2026, 3, 30, 12, tzinfo=UTC)),
        ("Mon, 30 Mar 2026 12:00:00 -0000", datetime(2026, 3, 30, 12, tzinfo=UTC)),
        ("Mon, 30 Mar 2026 12:00:00 EST", datetime(2026, 3, 30, 17, tzinfo=UTC)),
        ("Mon, 30 Mar 2026 12:00:00 +0100 (BST)", datetime(2026, 3, 30, 11, tzinfo=UTC)),
        ("Mon, 30 Mar 2026 12:00:00", None),
        ("Mon, 30 Mar 2026 12:00:00 BST", None),
        ("Mon, 30 Mar 2026", None),
        ("30/03/2026 12:00:00 +0100", None),
        ("Mon, 31 Feb 2026 12:00:00 +0000", None),
        ("Mon, 30 Mar 2026 12:61:00 +0000", None),
        ("Mon, 30 Mar 3609 12:00:00 +0000", None),
        ("Mon, 30 Mar 2026 12:00:00 +9999999", None),
        ("1 Jan 1900 00:00:00 +1400", None),
        ("yesterday", None),
        ("", None),
        ("\x00\x00:00", None),
        ("9" * 5_000 + ":00", None),
    ],
)
def test_a_date_is_read_or_left_open_but_never_guessed(written: str, moment: datetime | None) -> None:
    mail = read(headed(f"Date: {written}"))
    assert mail.sent_at == moment
    assert ("received_on" in form_values(mail)) is (moment is not None)
    assert any("say when" in note or "no date is filled in" in note for note in mail.notes) is (moment is None)


@pytest.mark.parametrize(
    ("charset", "raw", "text", "said"),
    [
        ("utf-8", "café".encode(), "café", False),
        ("iso-8859-1", "“café”".encode("cp1252"), "“café”", False),
        ("us-ascii", "café".encode(), "café", False),
        ("utf-8", "café".encode("cp1252"), "caf�", True),
        ("shift_jis", "あい①".encode("cp932"), "あい①", False),
        ("gb2312", "你好".encode("gb18030"), "你好", False),
        ("x-unknown", "café".encode(), "café", True),
        ("punycode", b"words", "words", True),
        ("hex", b"6162", "6162", True),
        ("", "café".encode("cp1252"), "café", False),
        ("utf-8", b"a\x00b\xed\xa0\x80c", "ab���c", True),
        ("utf-16", b"\xff\xfeh\x00i\x00\x00\xd8", "hi�", True),
        ("utf-7", b"+2AA-", "�", True),
    ],
)
def test_a_wrong_charset_never_loses_the_words(charset: str, raw: bytes, text: str, said: bool) -> None:
    mail = read(headed(f"Content-Type: text/plain; charset={charset}" if charset else "X-A: b", body=raw))
    assert mail.text == text
    assert any("haracters" in note for note in mail.notes) is said


def test_each_way_of_packing_is_undone_and_damage_is_said() -> None:
    words = "The lift is broken, £5 lost.".encode()
    packed = {
        "base64": base64.b64encode(words),
        "8bit": words,
        "quoted-printable": b"The lift is broken, =C2=A35 lost.",
    }
    for how, body in packed.items():
        assert read(headed(f"Content-Transfer-Encoding: {how}", body=body)).text == words.decode()
    broken = read(headed("Content-Transfer-Encoding: base64", body=base64.b64encode(words)[:-7] + b"!"))
    assert broken.text.startswith("The lift is broken")
    assert "A part of it is damaged; as much as possible was read." in broken.notes


def test_an_encoded_name_brings_in_no_address_of_its_own() -> None:
    evil = "From: =?utf-8?q?chief=40council=2Eexample=2C?= <evil@example.org>"
    mail = read(f"{evil}\r\nSubject: x\r\n\r\nWords.".encode())
    assert mail.sender_address == "evil@example.org"
    assert mail.sender_name == "chief@council.example,"


def test_a_line_break_inside_a_header_starts_no_other_header() -> None:
    mail = read(headed("Subject: =?utf-8?q?One=0D=0ABcc=3A_x=40example=2Eorg?=", "X-N: =?utf-8?b?DQo=?="))
    assert mail.subject == "One Bcc: x@example.org"
    assert mail.cc == ()


def test_a_second_sender_and_another_address_for_answers_are_said() -> None:
    mail = read(headed("From: Bob <bob@example.org>", "Reply-To: forms@example.com"))
    assert mail.sender_address == "ann@example.org"
    assert any("more than one sender" in note for note in mail.notes)
    assert any("forms@example.com" in note for note in mail.notes)


@pytest.mark.parametrize(
    ("subject", "matter"),
    [
        ("Re: Fw: RE[2]: Missed bins", "Missed bins"),
        ("[EXTERNAL] Re: [Ref 12] Missed bins [SEC=OFFICIAL]", "Missed bins"),
        ("[0]: Missed bins", "Missed bins"),
        ("Refuse: not collected", "Refuse: not collected"),
        ("Re:", ""),
        ("[" * 900, "[" * 199 + "…"),
        ("word " * 100, "word " * 39 + "word…"),
    ],
)
def test_the_matter_is_the_subject_without_what_mail_programs_put_before_it(subject: str, matter: str) -> None:
    assert matter_of(subject) == matter
    assert len(matter_of(subject)) <= 200


def test_a_very_long_message_is_cut_for_the_form_and_says_so() -> None:
    mail = read(headed(body=b"word " * 100_000))
    assert len(mail.text) <= mail_in.MAX_TEXT
    assert any("very long" in note for note in mail.notes)
    assert len(as_form(mail)["words"]) <= 20_000


def test_what_is_no_e_mail_is_refused_with_the_next_step() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 20_000_000)
    for content in (b"", b"\0" * 900, b"%PDF-1.7", b"Dear Sir, hello", packed.getvalue(), b"X-Only: one\n\nwords"):
        refusal(content)
    assert "not an e-mail" in refusal(b"Name,Date\r\n", "list.csv")
    assert "50 MB" in refusal(b"From: a@b.example\n\n" + b"x" * mail_in.MAX_BYTES)
    assert "no words" in refusal(b"MIME-Version: 1.0\n\n")


def test_an_archive_inside_a_message_is_kept_closed() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 20_000_000)
    lines = ("Content-Type: application/zip; name=a.zip", "Content-Transfer-Encoding: base64")
    mail = read(headed(*lines, body=base64.encodebytes(packed.getvalue())))
    assert mail.attachments[0].content == packed.getvalue()


def test_too_many_or_too_large_attachments_are_left_in_the_original_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    one = b"--b\nContent-Type: image/png; name=p.png\n\nPNG\n"
    mail = read(headed("Content-Type: multipart/mixed; boundary=b", body=one * 150 + b"--b--\n"))
    assert len(mail.attachments) == mail_in.MAX_ATTACHMENTS
    assert any("50 attachments were left out" in note for note in mail.notes)
    monkeypatch.setattr(mail_in, "MAX_ATTACHED_BYTES", 2)
    assert read(headed("Content-Type: multipart/mixed; boundary=b", body=one + b"--b--\n")).attachments == ()


NAMES = ["\u202egnp.exe", "a\x00b.pdf", "..\\..\\con", "/etc/passwd", "=?utf-8?b?4oCuZ25wLmV4ZQ==?=", "a" * 5_000]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_name_is_made_harmless(name: str) -> None:
    mail = outcome(headed(f'Content-Disposition: attachment; filename="{name}"'), name)
    assert mail is not None
    assert not re.search("[\u202e\x00/\\\\]", mail.attachments[0].name)
    assert len(mail.attachments[0].name) <= 150


def nested(levels: int) -> bytes:
    parts = [f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels)]
    return b"From: a@b.example\nSubject: deep\n" + "".join(parts).encode() + b"\nWords at last.\n"


HOSTILE = {
    "a thousand nested parts": nested(1_000),
    "ten thousand flat parts": headed("Content-Type: multipart/mixed; boundary=b", body=b"--b\n\nx\n" * 10_000),
    "one boundary for all": headed("Content-Type: multipart/mixed; boundary=b")
    + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5_000,
    "a huge header": headed("Subject: " + "x" * 3_000_000),
    "many headers": headed(*[f"X-{n}: y" for n in range(200_000)]),
    "a header of many lines": headed("Subject: a" + "\r\n b" * 500_000),
    "a header of parameters": headed("Content-Type: text/plain" + "; a=b" * 200_000),
    "a header of brackets": headed("To: " + "(" * 100_000),
    "a header of addresses": headed("To: " + "a@b.example, " * 100_000),
    "half encoded words": headed("Subject: " + "=?utf-8?q?" * 50_000),
    "deep html": headed("Content-Type: text/html", body=b"<div>" * 150_000 + b"words"),
    "many lists": headed("Content-Type: text/html", body=b"<ul><li>" * 100_000),
    "formatting in formatting": headed("Content-Type: text/html", body=b"".join(b"<b a%d>" % n for n in range(20_000))),
    "open brackets": headed("Content-Type: text/html", body=b"<" * 900_000),
    "open scripts": headed("Content-Type: text/html", body=b"<script " * 100_000),
    "many ampersands": headed("Content-Type: text/html", body=b"&" * 900_000),
    "much html": headed(
        "Content-Type: multipart/mixed; boundary=b",
        body=b"--b\nContent-Type: text/html\n\n"
        + b"<p>x" * 2_000
        + b"\n"
        + (b"--b\nContent-Type: text/html\n\n<p>x\n" * 900),
    ),
    "blank lines": headed(body=b"\n" * 2_000_000),
    "nul bytes": headed(body=b"\0" * 2_000_000),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_message_is_read_or_refused_within_seconds(what: str) -> None:
    began = time.perf_counter()
    outcome(HOSTILE[what], "mail.eml")
    assert time.perf_counter() - began < 10


def test_parts_nested_past_all_sense_are_left_in_the_original_and_said() -> None:
    assert any("more parts than are read" in note for note in read(nested(1_000)).notes)
    assert read(nested(8)).text == "Words at last."


def mutations() -> st.SearchStrategy[bytes]:
    """A made-up message with some of its bytes changed, taken out or put in."""
    edit = st.tuples(st.integers(0, 2_000), st.integers(0, 20), st.binary(max_size=8) | st.sampled_from(ODD_BITS))
    return st.builds(_edited, st.sampled_from([PLAIN, MIXED, FORWARD]), st.lists(edit, min_size=1, max_size=12))


ODD_BITS = [
    b"=?",
    b"\r\n",
    b"\n\n",
    b'"',
    b"<",
    b"--b\n",
    b"--out",
    b"(",
    b"\xed\xa0\x80",
    b"\0",
    b"Content-Type: ",
    b";",
]


def _edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, new in edits:
        at %= len(content) + 1
        content = content[:at] + new + content[at + length :]
    return content


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_no_changed_byte_raises_anything_but_a_sentence(content: bytes) -> None:
    outcome(content, "mail.eml")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=80))
def test_any_text_in_a_header_or_the_words_stays_harmless(words: str, name: str) -> None:
    written = f"From: {name} <a@example.org>\r\nSubject: {name}\r\n\r\n{words}".encode("utf-8", "surrogatepass")
    outcome(written, name)


def test_every_naughty_string_stays_inert_in_every_place() -> None:
    for line in real_file("strings/blns/blns.txt").read_text(encoding="utf-8").splitlines():
        raw = base64.b64encode(line.encode("utf-8", "replace")).decode()
        lines = (f"Subject: =?utf-8?b?{raw}?=", f"Cc: =?utf-8?b?{raw}?= <a@example.org>", f"Date: {line}")
        mail = outcome(headed(*lines, body=line.encode("utf-8", "replace")), line)
        assert mail is not None


def real_messages() -> list[Path]:
    return sorted(path for path in (real_data() / "email/eml").rglob("*") if path.is_file())


def test_every_real_message_is_a_filled_form_or_a_plain_refusal() -> None:
    read_well = refused = 0
    for path in real_messages():
        mail = outcome(path.read_bytes(), path.name)
        if mail is not None and form_values(mail)["words"]:
            read_well += 1
        if mail is None:
            refused += 1
            assert path.suffix != ".eml" or path.name == "example13.eml", path.name  # which has neither From nor To
    assert (read_well >= 100, refused <= 40) == (True, True), (read_well, refused)


def test_real_attachments_and_encodings_come_out_as_they_went_in() -> None:
    folder = real_file("email/eml/mikel_mail/spec/fixtures/emails")
    japanese = read((folder / "multi_charset/japanese_attachment.eml").read_bytes())
    assert japanese.attachments[0].name == "てすと.txt"
    assert read((folder / "plain_emails/raw_email.eml").read_bytes()).subject == "NOTE: 한국말로 하는 것"
    assert read((folder / "mime_emails/email_with_similar_boundaries.eml").read_bytes()).text == "Test"
    pdf = read((folder / "attachment_emails/attachment_pdf.eml").read_bytes()).attachments[0]
    assert pdf.content.startswith(b"%PDF")


def test_the_limits_of_the_form_are_those_of_the_command() -> None:
    limits = {
        name: next(each.max_length for each in field.metadata if hasattr(each, "max_length"))
        for name, field in RecordComplaint.model_fields.items()
        if name in ("words", "matter", "individual", "received_by", "contact_email")
    }
    assert limits == {
        "words": mail_in.FORM_WORDS,
        "matter": mail_in.FORM_MATTER,
        "individual": mail_in.FORM_NAME,
        "received_by": mail_in.FORM_RECEIVED_BY,
        "contact_email": 254,
    }
