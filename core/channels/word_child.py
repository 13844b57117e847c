"""Fills a Word template with one letter, and examines templates, in a process of its own.

Loaded by `bounded_child` there, never imported by the server. A template is examined before it is filled,
and what was filled is read again: a letter that lost a word on the way is not handed out.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Pt
from docxtpl import DocxTemplate
from markupsafe import Markup, escape

from core.channels.letter_words import bare, texts
from core.channels.template_language import Language, named, values
from core.channels.template_parts import problems
from core.channels.word_standard import standard

OUT_OF_MEMORY = (
    "The letter template needs more memory than is allowed. Make it smaller, or use the one that comes along."
)
UNREADABLE = "The letter template could not be filled. Open it in Word, save it again as .docx, and choose that file."
_PARTS = {
    RELATIONSHIP_TYPE.HEADER: "the head",
    RELATIONSHIP_TYPE.FOOTER: "the foot",
    RELATIONSHIP_TYPE.FOOTNOTES: "the footnotes",
}
_KEPT_BLANK = ("author", "comments", "identifier", "language", "subject", "title", "category", "keywords",
               "last_modified_by", "content_status", "version")  # fmt: skip
_SOUND: set[bytes] = set()  # digests of templates that this process examined and found fit
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first a zip can hold, so that the same letter gives the same bytes


class Refused(Exception):
    """The letter cannot be made; the text is the sentence the officer reads."""


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Examine the template of the job, fill it, or give the one that comes along; raises Refused."""
    given = base64.b64decode(job["template"]) if job.get("template") else None
    if job["what"] == "standard":
        return {"word": base64.b64encode(standard()).decode("ascii")}
    if job["what"] == "examine":
        found, remarks = examined(given or b"", job["known"], job["needed"], job["least"])
        return {"problems": found, "remarks": remarks}
    word = filled(given, job["letter"], job["known"], job["needed"], enlarge=job["enlarge"])
    return {"word": base64.b64encode(word).decode("ascii")}


def examined(template: bytes, known: dict[str, str], needed: list[str], least: int) -> tuple[list[str], list[str]]:
    """What keeps a template from being used, and what an officer may want to change, as sentences."""
    found = problems(template)
    if found:
        return found, []
    opened = DocxTemplate(io.BytesIO(template))
    language = Language(known, strict=False)
    for part, xml in sources(opened):
        if not language.crowded(xml, part):
            language.judge(opened.patch_xml(xml), part)
    found = language.problems + ([] if language.unread else named(language, needed))
    small = smallest(opened.get_docx())
    remarks = [f"Its text is set in {small:g} points; the Ombudsman advises at least {least}."] if small < least else []
    return found, remarks


def sources(opened: DocxTemplate) -> Iterator[tuple[str, str]]:
    """Every part of a template in which placeholders are filled, with what to call it, as XML."""
    opened.init_docx()
    yield "the text", opened.get_xml()
    for relation in opened.docx.part.rels.values():
        if not relation.is_external and relation.reltype in _PARTS:
            yield _PARTS[relation.reltype], opened.xml_to_string(parse_xml(relation.target_part.blob))


def filled(
    template: bytes | None, letter: dict[str, Any], known: dict[str, str], needed: list[str], *, enlarge: bool
) -> bytes:
    """The letter in the template, or in the one that comes along; raises Refused for a template or result unfit."""
    if (
        template is not None
        and (seen := hashlib.sha256(template + repr((known, needed)).encode()).digest()) not in _SOUND
    ):
        found, _ = examined(template, known, needed, 0)
        if found:
            raise Refused(" ".join(["The letter template cannot be used.", *found]))
        _SOUND.add(seen)
    opened = DocxTemplate(io.BytesIO(template or standard()))
    opened.init_docx()
    for name in _KEPT_BLANK:  # nor do the template's author and notes go out with every letter
        setattr(opened.docx.core_properties, name, "")
    opened.render(values(letter, inert), Language(known, strict=True), autoescape=True)
    finish(opened.docx, letter, enlarge=enlarge)
    out = io.BytesIO()
    opened.docx.save(out)
    word = repacked(out.getvalue())
    missing = lost(word, letter, needed)
    if missing:
        raise Refused(
            f"With this letter template the letter would lose “{missing[:60]}”. Check the places of “heading”, "
            "“paragraphs” and the other placeholders in it."
        )
    return word


def inert(text: str) -> Markup:
    """A text that neither the XML nor docxtpl's own shorthand for braces reads as anything but itself."""
    return Markup(str(escape(text)).replace("{_", "{&#95;").replace("_}", "&#95;}"))  # noqa: S704  # escaped just here


def finish(document: Document, letter: dict[str, Any], *, enlarge: bool) -> None:
    """Say title and language of the letter in the file, and set all of it in large print where that was agreed."""
    about = document.core_properties
    about.title = letter["subject"][:250]
    about.author = letter["council"][:250]
    about.language = letter["language"]
    size = str(2 * letter["points"])
    for root in roots(document):
        for node in root.iter(qn("w:lang")):
            node.set(qn("w:val"), letter["language"])
        for node in root.iter(qn("w:sz"), qn("w:szCs")) if enlarge else ():
            if float(node.get(qn("w:val"), "0")) < float(size):
                node.set(qn("w:val"), size)
    default = defaults(document)
    if default.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang", {qn("w:val"): letter["language"]})
        default.insert_element_before(language, "w:eastAsianLayout", "w:specVanish", "w:oMath")
    if enlarge and default.find(qn("w:sz")) is None:
        default.sz_val = Pt(letter["points"])


def roots(document: Document) -> Iterator[Any]:
    """The XML of everything that has to do with how the letter reads: text, styles, numbers of lists, head and foot."""
    yield document.element
    for relation in document.part.rels.values():
        if not relation.is_external and hasattr(relation.target_part, "element"):
            yield relation.target_part.element


def defaults(document: Document) -> Any:
    """What holds for all text of a document that says nothing else; made where the template has none."""
    styles = document.styles.element
    place = styles
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        inner = place.find(qn(tag))
        if inner is None:
            inner = OxmlElement(tag)
            place.insert(0, inner)
        place = inner
    return place


def smallest(document: Document) -> float:
    """The size of plain text, in points: that of the style of plain paragraphs, or the default of all text."""
    plain = document.styles["Normal"].font.size if "Normal" in document.styles else None
    if plain is not None:
        return float(plain.pt)
    size = defaults(document).find(qn("w:sz"))
    return float(size.get(qn("w:val"))) / 2 if size is not None else 10.0


def repacked(word: bytes) -> bytes:
    """The same file with every part of the same moment."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _SAME_MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def lost(word: bytes, letter: dict[str, Any], needed: list[str]) -> str:
    """The first text of the letter that a finished file does not hold in its place; empty when none is lost."""
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        body = read(archive, lambda name: name == "word/document.xml")
        around = read(archive, lambda name: name.startswith(("word/header", "word/footer", "word/footnotes")))
    at = 0
    for text in texts(letter["sections"]):
        at = body.find(bare(text), at)
        if at < 0:
            return text
        at += len(bare(text))
    everything = body + around
    others = (text for name in needed if name != "sections" for text in texts(letter[name]))
    return next((text for text in others if bare(text) not in everything), "")


def read(archive: zipfile.ZipFile, wanted: Callable[[str], bool]) -> str:
    """The signs that stand in some parts of a finished file."""
    parts = [parse_xml(archive.read(name)) for name in archive.namelist() if wanted(name)]
    return "".join(bare(node.text or "") for part in parts for node in part.iter(qn("w:t")))
