"""Templates for tests: sound ones, and ones that somebody made to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from docx import Document

SOUND = (
    "{{ addressee }}", "{{ date }} {{ reference }}", "{{ subject }}", "{%p for section in sections %}",
    "{{ section.heading }}", "{%p for paragraph in section.paragraphs %}", "{{ paragraph }}", "{%p endfor %}",
    "{%p endfor %}", "{{ signatory }}", "{{ contact }}",
)  # fmt: skip


def template(*more: str, lines: tuple[str, ...] = SOUND, head: str = "", foot: str = "", title: str = "") -> bytes:
    """A Word file of these lines, a paragraph each, with more of them at its end."""
    document = Document()
    for line in (*lines, *more):
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = head
    document.sections[0].footer.paragraphs[0].text = foot
    document.core_properties.title = title
    document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The same file with the text of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            held = old.read(name)
            new.writestr(name, change(held.decode()).encode() if name == part else held)
    return out.getvalue()


def added(content: bytes, name: str, held: bytes) -> bytes:
    """The same file with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, held)
    return out.getvalue()


def in_text(xml: str, content: bytes | None = None) -> bytes:
    """A sound template with this at the start of its text."""
    return changed(
        content or template(), "word/document.xml", lambda held: held.replace("<w:body>", f"<w:body>{xml}", 1)
    )


def related(kind: str, target: str, *, outside: bool = True) -> bytes:
    """A sound template that refers to something."""
    mode = ' TargetMode="External"' if outside else ""
    row = (
        '<Relationship Id="rId999" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{target}"{mode}/>'
    )
    return changed(
        template(),
        "word/_rels/document.xml.rels",
        lambda held: held.replace("</Relationships>", f"{row}</Relationships>"),
    )


def png(width: int, height: int) -> bytes:
    """A picture whose head says it is so large; one line of it is there."""

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    line = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", line) + chunk(b"IEND", b"")
