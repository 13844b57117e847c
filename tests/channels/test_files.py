"""Evidence is kept as it came, when it is what it says it is; its name is never a path and never a header."""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import struct
import unicodedata
import zipfile
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import files
from core.channels.files import MEDIA_TYPES, CheckedFile, FileStore, check_file, clean_name, disposition
from core.errors import BadInput, NotFound
from tests.channels.real_files import real_data, real_file
from tests.naughty import naughty_strings

LIMIT = 25_000_000
OOXML_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def zipped(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def types_of(kind: str, *, main: str | None = None) -> bytes:
    """The list of parts an office program writes."""
    main = main or f"{MEDIA_TYPES[kind]}.main+xml"
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{OOXML_MAIN[kind]}" ContentType="{main}"/></Types>'
    ).encode()


def ooxml(kind: str, extra: dict[str, bytes] | None = None, **how: str) -> bytes:
    """A small modern Office file."""
    return zipped({"[Content_Types].xml": types_of(kind, **how), OOXML_MAIN[kind]: b"<x/>", **(extra or {})})


def odf(kind: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A small OpenDocument file."""
    return zipped({"mimetype": MEDIA_TYPES[kind].encode(), "content.xml": b"<x/>", **(extra or {})})


def ole(streams: dict[str, bytes]) -> bytes:
    """An old Office file: a header, a directory, and each stream from the next sector on."""
    directory, data, sector = [struct.pack("<64sHB61x", "Root Entry".encode("utf-16-le"), 22, 5)], b"", 2
    for name, content in streams.items():
        padded = content.ljust(4_096, b"\0")
        letters = name.encode("utf-16-le")
        entry = struct.pack("<64sHB49xII4x", letters, len(letters) + 2, 2, sector, len(padded))
        directory.append(entry)
        data += padded
        sector += len(padded) // 512
    head = (files._OLE + bytes(22) + struct.pack("<H", 9)).ljust(512, b"\0")
    return head + b"".join(directory).ljust(1_024, b"\0") + data


def doc(*, locked: bool = False) -> bytes:
    """The first bytes of a Word 97 document in their stream."""
    return ole({"WordDocument": struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0100 if locked else 0)})


def xls(*records: int) -> bytes:
    """A workbook stream that begins with these records after its first."""
    first = struct.pack("<HH16x", 0x809, 16)
    return ole({"Workbook": first + b"".join(struct.pack("<HH", record, 0) for record in records)})


GOOD: dict[str, bytes] = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1", "jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
    "gif": b"GIF89a\1\0\1\0\0\0", "webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "tif": b"II*\0\x08\0\0\0" + bytes(20),
    "tiff": b"MM\0*\0\0\0\x08" + bytes(20),
    "docx": ooxml("docx"), "xlsx": ooxml("xlsx"), "pptx": ooxml("pptx"),
    "odt": odf("odt"), "ods": odf("ods"), "odp": odf("odp"),
    "doc": doc(), "xls": xls(), "rtf": b"{\\rtf1\\ansi Dear council}",
    "eml": b"Received: from x\r\nFrom: a@example.org\r\nSubject: Bins\r\n\r\nAgain.\r\n",
    "msg": ole({"__properties_version1.0": b""}), "txt": "Notes of a call – 3 May".encode(),
    "csv": b"day,what\n1,bin\n",
    "mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "mov": b"\0\0\0\x14ftypqt  \0\0\2\0qt  ",
    "mp3": b"ID3\x04\0\0\0\0\0\0" + bytes(20), "m4a": b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom",
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(20),
}  # fmt: skip


def refusal(name: str, content: bytes, *, limit: int = LIMIT) -> str:
    """The sentence a file is refused with."""
    with pytest.raises(BadInput) as caught:
        check_file(name, content, limit=limit)
    said = str(caught.value)
    assert said.isprintable() and said.endswith(".")
    return said


# ------------------------------------------------------------------------------------------------------ what is kept


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_each_kind_on_the_list_is_kept_with_its_facts(ending: str) -> None:
    """The full record is kept as it came [lgsco:5.8]."""
    content = GOOD[ending]
    assert check_file(f"C:\\Post\\Evidence.{ending.upper()}", content, limit=LIMIT) == CheckedFile(
        name=f"Evidence.{ending}",
        media_type=MEDIA_TYPES[ending],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"\r\n%PDF-1.4\n"),
        ("plain.pdf", b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"),
        ("photo.jpg", b"\xff\xd8\xff\xdb\0\x43" + bytes(40)),
        ("photo.heic", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(20)),
        ("call.mp3", b"\xff\xfb\x90\x64" + bytes(417)),
        ("call.mp3", b"\xff\xf3\x90\x64" + bytes(417)),
        ("call.m4a", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
        ("call.m4a", b"\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4"),
        ("clip.mp4", b"\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4"),
        ("clip.mov", b"\0\0\0\x08wide\0\0\1\0mdat" + bytes(20)),
        ("clip.mov", b"\0\0\1\0moov\0\0\0\x6cmvhd" + bytes(20)),
        ("old.xls", ole({"Book": b"\x09\x08"})),
        ("note.txt", "\ufeffDear council".encode()),
        ("note.txt", "Dear council, £5".encode("utf-16")),
        ("note.txt", "Dear council, £5 – “no”".encode("cp1252")),
        ("note.txt", b"Old notes\r\n\f\x1a"),
        ("note.txt", b"I I am writing about WAVE, MZ and BM. <b@example.org> wrote"),
        ("note.txt", GOOD["eml"]),
        ("list.csv", b"From: a,To: b\n1,2\n"),
        ("mail.eml", b"From a@example.org Mon Apr 6\nFrom: a@example.org\n\nHello"),
        ("mail.eml", b"Subject: x\n\n\x00\xff binary body"),
        ("mail.eml", b"MIME-Version: 1.0\n\nx"),
        ("basic.odt", odf("odt", {"Basic/script-lc.xml": b"<x/>", "Scripts/": b""})),
    ],
)
def test_unusual_but_honest_files_are_kept(name: str, content: bytes) -> None:
    assert check_file(name, content, limit=LIMIT).name == name


# ---------------------------------------------------------------------------------------------------- what is refused


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"") == "“a.pdf” is empty. Check the file where it came from and add it again."


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    assert check_file("a.txt", b"x" * 1_000_000, limit=1_000_000).size == 1_000_000
    assert refusal("a.txt", b"x" * 1_000_001, limit=1_000_000) == (
        "“a.txt” has 1.1 MB; at most 1.0 MB are kept. Add a smaller copy, or add it in parts."
    )


@pytest.mark.parametrize("ending", ["html", "htm", "svg", "exe", "js", "php", "bat", "lnk", "xml", "json", "iso"])
def test_a_kind_that_is_not_on_the_list_is_refused_with_the_list(ending: str) -> None:
    said = refusal(f"invoice.pdf.{ending}", GOOD["pdf"])
    assert f".{ending} files are not kept" in said and all(kept in said for kept in MEDIA_TYPES)


def test_a_name_without_an_ending_is_refused_with_the_list() -> None:
    assert "has no ending that says what it is" in refusal("evidence", GOOD["pdf"])
    assert "has no ending that says what it is" in refusal(".pdf", GOOD["pdf"])


def test_an_archive_is_to_be_unpacked_first() -> None:
    assert refusal("all.zip", zipped({"a.txt": b"x"})) == (
        "“all.zip” is an archive. Unpack it and add the files in it one by one."
    )


@pytest.mark.parametrize("ending", ["docm", "xlsm", "pptm", "dotm", "xltm", "xlam", "ppsm", "xlsb"])
def test_an_ending_that_announces_macros_is_refused(ending: str) -> None:
    assert "may hold macros. Save a copy" in refusal(f"a.{ending}", GOOD["docx"])


# Kinds that share a content: one may stand for the other.
SAME = [{"jpg", "jpeg"}, {"tif", "tiff"}, {"txt", "csv"}]
MAY_BEAR = {"m4a": {"mp4"}, "txt": {"eml"}, "csv": {"eml"}}


@pytest.mark.parametrize("claimed", MEDIA_TYPES)
def test_no_kind_passes_for_another(claimed: str) -> None:
    """Every pair on the list: the ending of one with the content of the other."""
    for real, content in GOOD.items():
        if real == claimed or {real, claimed} in SAME or real in MAY_BEAR.get(claimed, set()):
            continue
        said = refusal(f"a.{claimed}", content)
        assert f"is not a .{claimed} file: it is a ." in said and "Give it the ending ." in said


DISGUISED = [
    ("a web page", b"<!DOCTYPE html><script>alert(1)</script>"), ("a web page", b"\xef\xbb\xbf\n <HTML>x"),
    ("a web page", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"), ("a web page", b"<script>x()</script>"),
    ("a web page", b"<?xml version='1.0'?><x/>"), ("a web page", b"<!-- x --><b>x</b>"),
    ("a program", b"MZ\x90\0\3\0\0\0" + bytes(90)), ("a program", b"\x7fELF\2\1\1" + bytes(90)),
    ("an archive", zipped({"run.js": b"x()"})), ("an archive", zipped({})),
    ("unknown", b"#!/bin/sh\nrm -r /\n"), ("unknown", bytes(100)), ("unknown", b"\x1b[2J"),
    ("unknown", b"\x01\x02\x03"), ("unknown", "<html>".encode("utf-16")), ("unknown", b"\xff\xfe\x00\x00<\0\0\0"),
    ("unknown", b"half\0text"), ("unknown", b"\x81\x8d not cp1252"), ("unknown", ole({"PowerPoint Document": b""})),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content"), DISGUISED)
def test_pages_programs_and_archives_in_disguise_are_refused(what: str, content: bytes) -> None:
    for ending in MEDIA_TYPES:
        said = refusal(f"a.{ending}", content)
        assert f"is not a .{ending} file: its content is {what}." in said and "save it as PDF" in said


@pytest.mark.parametrize("content", [b"GIF89a is a format", b"\\x89PNG and more", b"I I am", b"RIFF....WAVEfmt "])
def test_letters_alone_are_no_picture_and_no_sound(content: bytes) -> None:
    for ending in ("gif", "png", "tif", "wav"):
        assert "it is a .txt file" in refusal(f"a.{ending}", content)


# ------------------------------------------------------------------------------------------ macros, passwords, bombs


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", ooxml("docx", {"word/vbaProject.bin": b"x"})),
        ("a.pptx", ooxml("pptx", {"ppt/VBAPROJECT.BIN": b"x"})),
        ("a.xlsx", ooxml("xlsx", {"elsewhere/vbaProjectSignature.bin": b"x"})),
        ("a.xlsx", ooxml("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"})),
        ("a.xlsx", ooxml("xlsx", main="application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
        ("a.pdf", ooxml("docx", {"word/vbaProject.bin": b"x"})),
        ("a.odt", odf("odt", {"Basic/Standard/Module1.xml": b"<x/>"})),
        ("a.ods", odf("ods", {"Scripts/python/x.py": b"x"})),
        ("a.doc", ole({"WordDocument": b"", "_VBA_PROJECT": b""})),
        ("a.xls", ole({"Workbook": b"", "_VBA_PROJECT_CUR": b""})),
    ],
)
def test_macros_are_refused_whatever_the_ending(name: str, content: bytes) -> None:
    assert "holds macros, which are not kept. Save a copy without macros" in refusal(name, content)


def encrypted_zip() -> bytes:
    """An archive whose list says that a part is encrypted."""
    content = bytearray(GOOD["docx"])
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", ole({"EncryptionInfo": b"", "EncryptedPackage": b""})),
        ("a.xls", ole({"EncryptedPackage": b""})),
        ("a.doc", doc(locked=True)),
        ("a.xls", xls(0x2F)),
        ("a.xls", xls(0x86, 0x2F)),
        ("a.docx", encrypted_zip()),
        ("a.odt", odf("odt", {"META-INF/manifest.xml": b"<manifest:encryption-data/>"})),
    ],
)
def test_a_password_is_noticed_and_a_copy_without_it_asked_for(name: str, content: bytes) -> None:
    said = refusal(name, content)
    assert said.endswith("is protected by a password. Ask for a copy without the password and add that.")


def test_a_real_workbook_with_a_password_is_noticed() -> None:
    content = real_file("spreadsheets/password-protected-password123.xlsx").read_bytes()
    assert "protected by a password" in refusal("a.xlsx", content)


def declared(content: bytes, size: int) -> bytes:
    """The archive with another unpacked size in its list, for its last part."""
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        ooxml("docx", {"word/media/zero.bin": bytes(30_000_000)}),
        declared(ooxml("docx", {"word/media/zero.bin": bytes(1_000)}), 0xFFFFFFF0),
        declared(ooxml("docx", {"word/media/noise.bin": random.Random(1).randbytes(1_200_000)}), 200_000_001),
        ooxml("docx", {f"word/media/{number}.bin": b"" for number in range(5_000)}),
        zipped({"[Content_Types].xml": b"<Types>" + b" " * 5_000_001 + b"</Types>"}),
    ],
    ids=["ratio", "declared", "sum", "parts", "list"],
)
def test_what_unpacks_to_far_too_much_is_refused_before_it_is_unpacked(content: bytes) -> None:
    assert "unpacks to far more than an office file holds" in refusal("a.docx", content)


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "word/../../x", "/etc/passwd", "..\\..\\x", "\\\\server\\x", "C:\\x.exe", "c:x"]
)
def test_a_part_that_would_leave_the_archive_is_refused(name: str) -> None:
    assert "would leave it when unpacked" in refusal("a.docx", ooxml("docx", {name: b"x"}))


def twice() -> bytes:
    """An archive with one part in it twice."""
    out = io.BytesIO(GOOD["docx"])
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("[Content_Types].xml", types_of("xlsx"))
    return out.getvalue()


def test_a_damaged_office_file_is_refused() -> None:
    whole = GOOD["docx"]
    broken = [
        whole[:-30], whole[:40], twice(), declared(whole, 3),
        zipped({"[Content_Types].xml": types_of("docx")}, method=zipfile.ZIP_LZMA),
        zipped({"[Content_Types].xml": b"<Types"}),
        zipped({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'}),
        zipped({"mimetype": b"\xff"}),
    ]  # fmt: skip
    for content in broken:
        assert "is damaged or cut short" in refusal("a.docx", content)


def test_an_entity_in_the_list_of_parts_is_never_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Types>&b;</Types>'
    assert "is damaged" in refusal("a.docx", zipped({"[Content_Types].xml": bomb}))


@settings(max_examples=300)
@given(st.sampled_from(sorted(GOOD)), st.sampled_from(sorted(GOOD)), st.data())
def test_a_file_with_changed_bytes_is_kept_or_refused_and_nothing_else(
    claimed: str, real: str, data: st.DataObject
) -> None:
    content = bytearray(GOOD[real])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for changed in (bytes(content), bytes(content[:cut])):
        try:
            assert check_file(f"a.{claimed}", changed, limit=LIMIT).media_type == MEDIA_TYPES[claimed]
        except BadInput as refused:
            assert str(refused).endswith(".")


@pytest.mark.parametrize("kind", ["eml", "msg"])
def test_real_messages_are_kept(kind: str) -> None:
    """Hostile and broken mail of other projects' tests: each is kept, or is no message and refused in a sentence."""
    kept = 0
    paths = sorted((real_data() / "email" / kind).rglob(f"*.{kind}"))
    for path in paths:
        try:
            kept += check_file(path.name, path.read_bytes(), limit=LIMIT).size > 0
        except BadInput as refused:
            assert str(refused).endswith(".")
    if not paths:
        pytest.skip("the folder of real files has no mail")
    assert kept >= 0.95 * len(paths)


def test_real_workbooks_are_kept() -> None:
    for name in ("excel-xlsx.xlsx", "excel-1904-epoch.xlsx"):
        assert check_file(name, real_file(f"spreadsheets/{name}").read_bytes(), limit=LIMIT).name == name


# ------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("letter.PDF", "letter.pdf"),
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("l../../etc/passwd.pdf", "passwd.pdf"),
        ("folder/", "file"),
        ("", "file"),
        ("..", "file"),
        (" . ", "file"),
        (".htaccess", "htaccess"),
        ("letter.pdf. ", "letter.pdf"),
        ("letter .pdf", "letter.pdf"),
        ("a\r\nb\0c.pdf", "abc.pdf"),
        ("two  \u00a0spaces.pdf", "two spaces.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.pdf", "_Com1.tar.pdf"),
        ("LPT¹.pdf", "_LPT¹.pdf"),
        ("console.pdf", "console.pdf"),
        ('what? "this": <that>.pdf', "what_ _this__ _that_.pdf"),
        ("file.txt:hidden.pdf", "file.txt_hidden.pdf"),
        ("x" * 300 + ".Docx", "x" * 145 + ".docx"),
        ("x" * 300, "x" * 150),
        ("half\ud800.pdf", "half.pdf"),
        ("👩\u200d🔧.png", "👩\u200d🔧.png"),
    ],
)
def test_a_name_is_cleaned(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


NAMES = (
    st.text(max_size=30)
    | st.text(alphabet="aA./\\ :\r\n\0\u202e\u2066%\"';é\u0301İ\ud83d", max_size=40)
    | st.builds(
        "{}{}.{}".format,
        st.sampled_from(["CON", "com1", "NUL.", "..", "C:\\", "a" * 140]),
        st.text(max_size=20),
        st.text(max_size=20),
    )
)


def is_safe(name: str) -> None:
    """What holds of every cleaned name."""
    assert name and len(name) <= 150
    assert not set(name) & set('/\\<>:"|?*') and name not in (".", "..")
    assert name == name.strip(" .") == Path(name).name
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name)
    assert not re.search("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", name)
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", name)
    assert clean_name(name) == name


@settings(max_examples=1_500)
@given(NAMES)
def test_a_cleaned_name_is_never_a_path_and_stays_as_it_is(name: str) -> None:
    is_safe(clean_name(name))


@settings(max_examples=500)
@given(st.text(max_size=400), st.sampled_from(sorted(MEDIA_TYPES)))
def test_the_ending_survives_the_cut(stem: str, ending: str) -> None:
    assert clean_name(f"a{stem}b.{ending.upper()}").endswith(f".{ending}")


def filename_of(header: str) -> str:
    """The name a client reads out of the header."""
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename() or ""


def is_one_safe_header(name: str) -> None:
    """What holds of every disposition."""
    header = disposition(name)
    assert header.isascii() and header.isprintable()
    shape = re.fullmatch(
        r"attachment; filename=\"([A-Za-z0-9 ()+,._-]+)\"; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)", header
    )
    assert shape
    assert unquote(shape[2], errors="strict") == clean_name(name)
    is_safe(shape[1])
    ending = clean_name(name).rpartition(".")[2]
    assert shape[1].endswith(f".{ending}") or ending not in MEDIA_TYPES or ending == clean_name(name)


@settings(max_examples=1_500)
@given(NAMES)
def test_a_disposition_is_one_header_and_gives_the_name_back(name: str) -> None:
    is_one_safe_header(name)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("letter.pdf", "attachment; filename=\"letter.pdf\"; filename*=UTF-8''letter.pdf"),
        ("Müll €.pdf", "attachment; filename=\"Mull.pdf\"; filename*=UTF-8''M%C3%BCll%20%E2%82%AC.pdf"),
        ("日本.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf"),
        ('a"; filename="b.exe\r\nX: y.pdf',
         "attachment; filename=\"a__ filename__b.exeX_ y.pdf\""
         "; filename*=UTF-8''a_%3B%20filename%3D_b.exeX_%20y.pdf"),
    ],
)  # fmt: skip
def test_a_disposition_reads_so(name: str, header: str) -> None:
    assert disposition(name) == header


def test_a_client_reads_the_fallback_from_the_header() -> None:
    assert filename_of(disposition("letter (2).pdf").partition("; filename*")[0]) == "letter (2).pdf"


def test_every_naughty_string_makes_a_safe_name_and_header() -> None:
    for text in naughty_strings():
        for name in (text, f"{text}.pdf"):
            is_safe(clean_name(name))
            is_one_safe_header(name)


# ------------------------------------------------------------------------------------------------------------- store


def digest(content: bytes) -> str:
    """Its SHA-256."""
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store in a folder that is not there yet."""
    return FileStore(tmp_path / "data" / "files")


def test_what_is_put_comes_back_byte_for_byte(store: FileStore, tmp_path: Path) -> None:
    """The full record is kept as it came [lgsco:5.8]."""
    content = bytes(range(256)) * 1_000
    place = store.put(content, digest(content))
    assert place == tmp_path / "data" / "files" / digest(content)[:2] / digest(content)[2:]
    assert place == store.path(digest(content)) == store.path(digest(content).upper())
    with store.open(digest(content)) as stream:
        assert stream.read(10) + stream.read() == content
    assert store.verify(digest(content))


def test_putting_the_same_twice_is_harmless(store: FileStore) -> None:
    """Nothing is written again; the file only counts as put now, so that it is not taken for one left over."""
    first = store.put(b"same", digest(b"same"))
    before = first.stat().st_ino
    os.utime(first, (0, 0))
    assert store.put(b"same", digest(b"same")) == first
    assert first.stat().st_ino == before
    assert first.stat().st_mtime > 0
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_damaged_copy_is_noticed_and_mended_by_putting_again(store: FileStore) -> None:
    place = store.put(b"evidence", digest(b"evidence"))
    place.write_bytes(b"evidenc")
    assert not store.verify(digest(b"evidence"))
    store.put(b"evidence", digest(b"evidence"))
    assert store.verify(digest(b"evidence"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_nobody_else_on_the_machine_reads_evidence(store: FileStore) -> None:
    place = store.put(b"x", digest(b"x"))
    assert place.stat().st_mode & 0o077 == 0 and place.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "reference", ["", "ab", "../../etc/passwd", "g" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "٣" * 64, "/" + "a" * 63]
)
def test_a_reference_that_is_no_digest_is_refused(store: FileStore, reference: str) -> None:
    for use in (store.path, store.open, store.verify, lambda value: store.put(b"x", value)):
        with pytest.raises(BadInput, match="not the reference of a file"):
            use(reference)


def test_what_is_not_there_is_said_to_be_missing(store: FileStore) -> None:
    for use in (store.path, store.open, store.verify):
        with pytest.raises(NotFound, match=r"no longer in the folder of evidence\. Ask an administrator"):
            use("0" * 64)


def test_bytes_are_never_kept_under_another_digest(store: FileStore) -> None:
    with pytest.raises(RuntimeError):
        store.put(b"one", digest(b"two"))
    with pytest.raises(NotFound):
        store.path(digest(b"two"))


def test_a_write_that_fails_leaves_nothing_behind(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        store.put(b"x", digest(b"x"))
    with pytest.raises(NotFound):
        store.path(digest(b"x"))
    folder = store._folder / digest(b"x")[:2]
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows opens no folders")
def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_return(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, rename = os.fsync, os.replace

    def fsync(handle: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        sync(handle)

    def replace(old: str, new: Path) -> None:
        assert Path(old).parent == new.parent
        order.append("rename")
        rename(old, new)

    monkeypatch.setattr(files.os, "fsync", fsync)
    monkeypatch.setattr(files.os, "replace", replace)
    store.put(b"x", digest(b"x"))
    assert order[:3] == ["file", "rename", "folder"] or not Path("/proc/self/fd").is_dir()
    assert len(order) >= 4
