"""What a Word file may hold beside its text to serve as a letter template; used inside the bounded process.

Every relationship, field and picture of the file is looked at, and only what letters need is let through: whatever
would fetch something when the letter is opened, run, or travel along unseen, is named in a sentence.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from docx.image.image import Image

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_XML = 4_000_000  # bytes of one part, unpacked
MOST_PICTURE = 2_000_000  # bytes
MOST_PIXELS = 5_000  # on one side of a picture
_RELATIONS = {
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "styles", "stylesWithEffects",
    "settings", "webSettings", "fontTable", "font", "theme", "numbering", "footnotes", "endnotes", "header", "footer",
    "image", "hyperlink", "glossaryDocument", "customXml", "customXmlProps", "thumbnail", "people",
}  # fmt: skip
_LINKS = ("http://", "https://", "mailto:", "tel:", "#")
_FIELDS = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "HYPERLINK"}
_CHANGES = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "commentReference", "commentRangeStart")}
_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
_PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg"}
_FONTS = {"odttf", "ttf", "otf"}
_TRAVELS = "The template holds comments or changes that are not accepted, which would go out with every letter. "


def problems(content: bytes) -> list[str]:
    """Everything in a Word file that no letter template may hold, one sentence each; none when it is fit."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            name = part.filename
            if part.is_dir():
                continue
            ending = name.rpartition(".")[2].lower()
            if ending in ("xml", "rels"):
                found += _xml_problems(archive, part)
            elif name.startswith("word/media/") or ending in _PICTURES:
                found += _picture_problems(archive, part)
            elif ending not in _FONTS:
                found.append(f"The template holds “{name[:80]}”, which no letter needs. Take it out in Word.")
    return list(dict.fromkeys(found))


def _xml_problems(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """What is wrong with one part that is XML."""
    name = part.filename
    if part.file_size > MOST_XML:
        yield f"The part “{name[:80]}” of the template is far larger than a letter's. Make the template smaller."
        return
    try:
        root = fromstring(archive.read(part), forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        yield f"The part “{name[:80]}” of the template cannot be read. Open it in Word, save it again, and try that."
        return
    if name.endswith(".rels"):
        yield from _relation_problems(root)
    elif _TEXT.fullmatch(name):
        yield from _text_problems(root)
    elif any("{{" in text or "{%" in text for text in root.itertext()):
        yield f"A placeholder stands in “{name[:80]}”, where none is filled. Put it into the text or the head."


def _relation_problems(root: Element) -> Iterator[str]:
    """What a file refers to that it should not: other files, addresses that are fetched, things that run."""
    for each in root:
        kind = each.get("Type", "").rpartition("/")[2]
        target = each.get("Target", "")
        outside = each.get("TargetMode", "").lower() == "external"
        if kind == "comments" or kind.startswith("comments"):
            yield f"{_TRAVELS}Accept or delete them in Word."
        elif kind == "attachedTemplate":
            yield "The template stands on another template file. In Word, attach it to “Normal” and save it again."
        elif kind not in _RELATIONS:
            yield f"The template refers to something no letter needs ({kind[:40] or 'unnamed'}). Take it out in Word."
        elif outside and not (kind == "hyperlink" and target.lower().startswith(_LINKS)):
            yield (
                f"The template fetches “{target[:80]}” from outside when a letter is opened. "
                "Put the picture or text into the template itself."
            )


def _text_problems(root: Element) -> Iterator[str]:
    """What stands in the text, head or foot that would act, hide or travel along."""
    for code in _fields(root):
        kind = code.split()[0].upper() if code.split() else "empty"
        if kind not in _FIELDS:
            yield (
                f"The template holds a field that changes or fetches text when a letter is opened ({kind[:40]}). "
                "Replace it by a placeholder or by its text."
            )
    for node in root.iter():
        if node.tag in _CHANGES:
            yield f"{_TRAVELS}Accept or delete them in Word."
        elif node.tag == f"{W}vanish" and node.get(f"{W}val", "1") not in ("0", "false", "off"):
            yield "The template holds hidden text. Show it or delete it, so that all of a letter can be read."
        elif node.tag in (f"{W}altChunk", f"{W}object", f"{W}control", f"{W}subDoc"):
            yield "The template holds an embedded file or control. Take it out in Word."


def _fields(root: Element) -> Iterator[str]:
    """The code of every field, put together from the runs it is spread over; fields may hold fields."""
    opened: list[str] = []
    for node in root.iter():
        if node.tag == f"{W}fldSimple":
            yield node.get(f"{W}instr", "")
        elif node.tag == f"{W}fldChar" and node.get(f"{W}fldCharType") == "begin":
            opened.append("")
        elif node.tag == f"{W}fldChar" and node.get(f"{W}fldCharType") == "end" and opened:
            yield opened.pop()
        elif node.tag == f"{W}instrText":
            opened = opened or [""]
            opened[-1] += node.text or ""
    yield from filter(None, opened)


def _picture_problems(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """Whether a picture is of a kind and size that every reader of a letter can open."""
    name = part.filename.rpartition("/")[2]
    if part.file_size > MOST_PICTURE:
        yield f"The picture “{name[:80]}” is over {MOST_PICTURE // 1_000_000} MB. Make it smaller and put it in again."
        return
    try:
        picture: Any = Image.from_blob(archive.read(part))
        sides = (picture.px_width, picture.px_height)
    except Exception:  # whatever the library stumbles over: what it cannot measure is no picture for a letter
        yield f"The picture “{name[:80]}” is no PNG or JPEG. Save it as one and put that in."
        return
    if max(sides) > MOST_PIXELS or min(sides) < 1:
        yield f"The picture “{name[:80]}” is wider or higher than {MOST_PIXELS:,} dots. Make it smaller."
