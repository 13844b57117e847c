"""Reading Outlook's .msg: each real message becomes a filled form or a plain refusal, and damage is said."""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import msg_file
from core.channels.mail_in import ReadMail, form_values, read_mail
from core.channels.mail_text import Party
from core.channels.msg_file import MsgAttachment, MsgFile, charset_of, eml_of, read_msg
from core.errors import BadInput
from tests.channels.real_files import real_data, real_file
from tests.channels.test_mail_in import outcome

Tree = dict[str, "bytes | Tree"]
FREE, END, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF


def container(tree: Tree) -> bytes:
    """A compound file holding these streams and storages; every stream is long enough to lie in whole sectors."""
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, END, 0]]
    sectors: list[bytes] = []
    chains: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(content) // 512))
        for at in range(count):
            sectors.append(content[at * 512 : at * 512 + 512].ljust(512, b"\0"))
            chains.append(first + at + 1 if at + 1 < count else END)
        return first

    def walk(folder: Tree, parent: int) -> None:
        last = NONE
        for name, value in folder.items():
            at = len(entries)
            if isinstance(value, dict):
                entries.append([name, 1, NONE, NONE, 0, 0])
                walk(value, at)
            else:
                padded = value.ljust(4_096, b"\0")  # shorter ones would need the table of small streams
                entries.append([name, 2, NONE, NONE, put(padded), len(padded)])
            entries[at][2] = last  # each to the left of the next, which is a tree, if a lopsided one
            last = at
        entries[parent][3] = last

    walk(tree, 0)
    listed = b"".join(_entry(*each) for each in entries)  # type: ignore[arg-type]
    directory = put(listed + _entry("", 0, NONE, NONE, 0, 0) * (-len(entries) % 4))
    tables = -(-(len(sectors) + 1) // 127)
    fat = [*chains, *[0xFFFFFFFD] * tables]
    fat += [FREE] * (tables * 128 - len(fat))
    first = len(sectors)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4_096, END, 0, END, 0)
    head += struct.pack("<109I", *[first + n if n < tables else FREE for n in range(109)])
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, left: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    named = raw.ljust(64, b"\0") + struct.pack("<H", len(raw) + 2 if name else 0)
    return named + struct.pack("<BBIII36xIQ", kind, 1, left, NONE, child, start, size)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def table(values: dict[int, int], *, head: int = 32) -> bytes:
    """A table of properties: whole numbers and moments."""
    rows = b"".join(struct.pack("<HHIQ", 3, tag, 6, value) for tag, value in values.items())
    return bytes(head) + rows


SENT = (int(datetime(2026, 3, 30, 23, 30, tzinfo=UTC).timestamp()) + 11_644_473_600) * 10_000_000


def message(head: int = 32, **more: bytes | Tree) -> Tree:
    """An Outlook message from inside Exchange, with one recipient and one attachment."""
    tree: Tree = {
        "__properties_version1.0": table({0x0039: SENT, 0x3FFD: 1252}, head=head),
        "__substg1.0_001A001F": wide("IPM.Note"),
        "__substg1.0_0037001F": wide("RE: Missed bins"),
        "__substg1.0_1000001F": wide("Our bins were missed again."),
        "__substg1.0_0C1A001F": wide("Zoë Ashdown"),
        "__substg1.0_0C1E001F": wide("EX"),
        "__substg1.0_0C1F001F": wide("/O=COUNCIL/CN=RECIPIENTS/CN=ZOE"),
        "__substg1.0_5D01001F": wide("zoe@council.example"),
        "__recip_version1.0_#00000000": {
            "__properties_version1.0": table({0x0C15: 2}, head=8),
            "__substg1.0_3001001F": wide("Complaints"),
            "__substg1.0_39FE001F": wide("complaints@council.example"),
        },
        "__attach_version1.0_#00000000": {
            "__properties_version1.0": table({0x3705: 1}, head=8),
            "__substg1.0_3707001F": wide("..\\bin\u202egnp.jpg"),
            "__substg1.0_37010102": b"\xff\xd8\xff picture",
        },
    }
    return {name: value for name, value in {**tree, **more}.items() if value != b""}


def read(tree: Tree) -> ReadMail:
    mail = outcome(container(tree), "mail.msg")
    assert mail is not None
    return mail


def refusal(content: bytes, filename: str = "mail.msg") -> str:
    with pytest.raises(BadInput) as refused:
        read_mail(content, filename=filename)
    assert str(refused.value).endswith("type the words in.")
    return str(refused.value)


def test_an_outlook_message_fills_the_form() -> None:
    """The sender of an Exchange mailbox is named by the SMTP address, never by the mailbox's inner name."""
    mail = read(message())
    assert form_values(mail) | {"channel": ""} == {
        "individual": "Zoë Ashdown",
        "contact_email": "zoe@council.example",
        "words": "Our bins were missed again.",
        "matter": "Missed bins",
        "received_on": date(2026, 3, 31),
        "channel": "",
    }
    assert mail.cc == (Party(name="Complaints", address="complaints@council.example"),)
    (picture,) = mail.attachments
    assert picture.name == "bingnp.jpg"
    assert picture.content.startswith(b"\xff\xd8\xff picture")
    assert mail.notes == ()


def test_a_sender_inside_exchange_without_an_address_is_said() -> None:
    mail = read(message(**{"__substg1.0_5D01001F": b""}))
    assert (mail.sender_name, mail.sender_address) == ("Zoë Ashdown", "")
    assert mail.notes == ("It came from inside an organisation and holds no e-mail address of its sender.",)
    headers = wide("From: Zoe <zoe@example.org>\r\nAuto-Submitted: auto-replied\r\n\r\n")
    found = read(message(**{"__substg1.0_5D01001F": b"", "__substg1.0_007D001F": headers}))
    assert found.sender_address == "zoe@example.org"
    assert found.is_automatic


def test_words_come_from_html_when_there_is_no_plain_text_and_rtf_alone_is_said() -> None:
    markup = b"<p>It is <b>cold</b>.</p><script>x()</script>"
    assert read(message(**{"__substg1.0_1000001F": b"", "__substg1.0_10130102": markup})).text == "It is cold."
    mail = read(message(**{"__substg1.0_1000001F": b"", "__substg1.0_10090102": b"LZFu"}))
    assert mail.text == ""
    assert any("(RTF)" in note for note in mail.notes)


def test_a_message_without_a_moment_of_sending_leaves_the_day_open() -> None:
    mail = read(message(**{"__properties_version1.0": table({0x3FFD: 1252})}))
    assert mail.sent_at is None
    assert "received_on" not in form_values(mail)
    for odd in (0, 2**64 - 1, 2**62):
        assert read(message(**{"__properties_version1.0": table({0x0039: odd})})).sent_at is None


def test_a_message_inside_is_kept_as_an_eml_and_offered_when_it_is_all_there_is() -> None:
    inner = message(
        head=24,
        **{"__substg1.0_0037001F": wide("Noise\r\nBcc: x@example.org"), "__substg1.0_0C1A001F": wide("Sam Roe")},
    )
    box: Tree = {"__properties_version1.0": table({0x3705: 5}, head=8), "__substg1.0_3701000D": inner}
    outer = message(**{"__substg1.0_1000001F": b"", "__attach_version1.0_#00000000": box})
    mail = read(outer)
    assert (mail.forwarded is not None, form_values(mail)["individual"]) == (True, "Sam Roe")
    assert mail.attachments[0].name == "Noise Bcc_ x@example.org.eml"
    again = read_mail(mail.attachments[0].content, filename="inner.eml")
    assert (again.subject, again.text) == ("Noise Bcc: x@example.org", "Our bins were missed again.")
    assert (again.sender_name, again.sender_address) == ("Sam Roe", "zoe@council.example")
    assert again.sent_at == mail.sent_at
    assert again.attachments[0].content.startswith(b"\xff\xd8\xff picture")
    assert read(outer).attachments[0].content == mail.attachments[0].content  # the same bytes each time


def test_messages_inside_messages_are_read_to_a_bound() -> None:
    tree = message(head=24)
    for level in range(8):
        box: Tree = {"__properties_version1.0": table({0x3705: 5}, head=8), "__substg1.0_3701000D": tree}
        tree = message(head=32 if level == 7 else 24, **{"__attach_version1.0_#00000000": box})
    msg = read_msg(container(tree), name="deep.msg")
    depth = 0
    while msg.attachments and msg.attachments[0].message:
        msg, depth = msg.attachments[0].message, depth + 1
    assert depth == msg_file.DEPTH_LIMIT
    assert any("too deep" in note for note in msg.notes)


def test_eml_of_a_message_with_odd_values_is_still_one_message() -> None:
    odd = Party(name='A "B"\r\nX: y\ud800', address="ann@bücher.example")
    msg = MsgFile(
        message_class="", subject="\ud800\r\nBcc: x", sender=odd, from_inside=False, sent_at=None, to=(odd, odd),
        cc=(Party(name="Only a name"),), body="\ud800\0words", html="", headers="", message_id="<a\r\nb>",
        in_reply_to="", attachments=(MsgAttachment(name="\r\n/é", media_type="", content=b"\0"),), notes=(),
    )  # fmt: skip
    again = read_mail(eml_of(msg), filename="x.eml")
    assert (again.subject, again.text) == ("� Bcc: x", "�words")
    assert b"\nbcc" not in eml_of(msg).lower()
    assert eml_of(msg) == eml_of(msg)


@pytest.mark.parametrize(
    ("page", "charset"), [(1251, "cp1251"), (65001, "utf-8"), (20127, "us-ascii"), (950, "cp950"), (-5, "cp-5")]
)
def test_a_code_page_names_its_charset(page: int, charset: str) -> None:
    assert charset_of(page) == charset


@pytest.mark.parametrize(
    ("values", "raw", "words"),
    [
        ({0x3FFD: 1251}, "плохо".encode("cp1251"), "плохо"),
        ({0x3FF1: 1049}, "плохо".encode("cp1251"), "плохо"),
        ({0x3FF1: 1028}, "中文".encode("cp950"), "中文"),
        ({0x3FF1: 1031, 0x3FDE: 65001}, "schön".encode("cp1252"), "schön"),
        ({0x3FFD: 99_999}, "café".encode(), "café"),
    ],
)
def test_words_in_an_old_code_page_are_read_by_it(values: dict[int, int], raw: bytes, words: str) -> None:
    body = {"__substg1.0_1000001F": b"", "__substg1.0_1000001E": raw, "__properties_version1.0": table(values)}
    assert read(message(**body)).text == words


@pytest.mark.parametrize("kind", ["IPM.Contact", "IPM.Task", "IPM.StickyNote", "IPM.Appointment", "ipm.distlist.x"])
def test_what_is_no_message_is_refused_by_its_name(kind: str) -> None:
    sentence = refusal(container(message(**{"__substg1.0_001A001F": wide(kind)})))
    assert "from Outlook, not an e-mail" in sentence


def test_an_old_office_file_is_refused_as_what_it_is() -> None:
    assert "old Office file" in refusal(container({"WordDocument": b"x"}), "letter.doc")


def _at(place: int, value: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:place] + struct.pack("<I", value) + content[place + 4 :]


LOOPS = {
    "a table of sectors without end": _at(44, 0xFFFFFF),
    "a table of small sectors without end": _at(64, 0xFFFFFF),
    "a list of tables without end": _at(72, 0xFFFFFF),
    "no such size of a sector": _at(30, 0xFFFF),
    "a directory nowhere": _at(48, 0xFFFFF0),
    "cut short": lambda content: content[:2_000],
    "only the signature": lambda content: content[:8],
}


@pytest.mark.parametrize("what", LOOPS)
def test_a_container_that_goes_in_circles_is_refused_at_once(what: str) -> None:
    began = time.perf_counter()
    assert "damaged" in refusal(LOOPS[what](container(message())))
    assert time.perf_counter() - began < 2


def test_a_stream_that_claims_more_than_the_file_holds_is_left_out_and_said() -> None:
    content = container(message())
    at = content.index(wide("__substg1.0_1000001F")) + 120
    mail = outcome(content[:at] + struct.pack("<I", 0x7FFFFFFF) + content[at + 4 :], "mail.msg")
    assert mail is not None
    assert mail.text == ""
    assert "A part of it is damaged; as much as possible was read." in mail.notes


def test_many_attachments_and_recipients_are_read_to_a_bound() -> None:
    people: Tree = {f"__recip_version1.0_#{n:08X}": {"__substg1.0_3001001F": wide(f"P{n}")} for n in range(230)}
    files: Tree = {f"__attach_version1.0_#{n:08X}": {"__substg1.0_37010102": b"x"} for n in range(120)}
    mail = read(message(**people, **files))
    assert len(mail.to) + len(mail.cc) == msg_file.RECIPIENTS_LIMIT
    assert len(mail.attachments) == msg_file.ATTACHMENTS_LIMIT
    assert sum("only the first" in note for note in mail.notes) == 2


MADE = container(message())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(MADE) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=10))
def test_no_changed_byte_raises_anything_but_a_sentence(edits: list[tuple[int, bytes]]) -> None:
    content = bytearray(MADE)
    for at, new in edits:
        content[at : at + len(new)] = new
    outcome(bytes(content), "mail.msg")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 511), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4))
def test_no_changed_byte_of_its_head_or_directory_raises_anything_but_a_sentence(
    edits: list[tuple[int, bytes]],
) -> None:
    content = bytearray(MADE)
    directory = 512 + struct.unpack_from("<I", MADE, 48)[0] * 512
    for n, (at, new) in enumerate(edits):
        at += directory if n % 2 else 0
        content[at : at + len(new)] = new
    outcome(bytes(content), "mail.msg")


def real_messages() -> list[Path]:
    return sorted((real_data() / "email/msg").glob("*.msg"))


def test_every_real_outlook_file_is_a_filled_form_or_a_plain_refusal() -> None:
    refused = set()
    for path in real_messages():
        mail = outcome(path.read_bytes(), path.name)
        if mail is None:
            refused.add(path.name)
        elif not mail.text:
            assert any("words" in note for note in mail.notes), path.name
    nots = {f"msgClass{what}.msg" for what in ("Appointment", "Contact", "StickyNote", "Task")}
    assert refused == nots | {"blank.msg"}


def test_real_outlook_files_say_what_their_authors_wrote() -> None:
    folder = real_file("email/msg")

    def of(name: str) -> ReadMail:
        return read_mail((folder / name).read_bytes(), filename=name)

    assert of("chinese-traditional.msg").subject == "Alfresco MSG format testing ( MSG 格式測試 )"
    assert of("cyrillic_message.msg").subject.startswith("Автоматический ответ")
    assert of("HTMLBodyBinary_CP1251.msg").text == "HTML автоматически"
    assert of("attachment_msg_pdf.msg").sender_address == "nick.booth@pof.com.au"
    assert [each.name for each in of("58214_with_attachment.msg").attachments] == ["Test mail attachment.eml"]
    inner = read_mail(of("58214_with_attachment.msg").attachments[0].content, filename="inner.eml")
    alone = of("58214_extracted_attachment.msg")
    assert (inner.subject, inner.text, inner.sent_at) == (alone.subject, alone.text, alone.sent_at)


def test_the_made_up_container_is_one_that_the_library_reads() -> None:
    with olefile.OleFileIO(MADE) as ole:
        assert ole.exists("__substg1.0_0037001F")
        assert not re.search("raise", str(ole.parsing_issues))
