"""Makes a bundle into one PDF, in a process of its own: its own tagged pages, then those of the PDFs that come with it.

Loaded by `bounded_child` there, never imported by the server. Nothing typed becomes a part of the page description, and
of a stranger's PDF only its pages are taken over: no script, no form, no file within it and nothing that opens itself.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from core.channels.pdf_child import Refused, compiler

__all__ = ["OUT_OF_MEMORY", "UNREADABLE", "Refused", "do"]
OUT_OF_MEMORY = "The bundle needs more memory than is allowed. Make it without the largest documents."
UNREADABLE = "The bundle could not be made into a PDF. Ask an administrator to look at the log."
NOT_READABLE = "Not a PDF that can be read here: see the original"
LOCKED = "Protected by a password: see the original"
TOO_MANY_PAGES = "Too many pages to follow here: see the original"
MOST_PAGES = 10_000
_TRIES = 20
_ROUNDS = 200
_NO_GLYPH = re.compile(r"the text `\"([^\"]+)\"` could not be displayed")
_UA = re.compile(rb"<pdfuaid:part>1</pdfuaid:part>|<rdf:Description[^>]*pdfuaid[^>]*/>")
_ACTING = frozenset({"/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"})


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Make the bundle of the job, write it where the job says, and say which documents did not follow and why."""
    enclosed: dict[int, str] = {int(number): path for number, path in job["append"].items()}
    why: dict[int, str] = {}
    pages = _counted(enclosed, why)
    for _ in range(_TRIES):
        follow = [number for number in enclosed if number not in why]
        front = _front(job["bundle"], pages, follow, why)
        broken = _joined(front, [(number, enclosed[number]) for number in follow], job)
        if broken is None:
            return {"left_out": {str(number): said for number, said in why.items()}, "pages": sum(pages.values())}
        why[broken] = NOT_READABLE
    raise Refused("Too many of the documents are damaged. Make the bundle without them.")


def _counted(enclosed: dict[int, str], why: dict[int, str]) -> dict[int, int]:
    """How many pages each PDF has; those that cannot be taken over are named in `why`."""
    pages: dict[int, int] = {}
    for number, path in enclosed.items():
        try:
            reader = _opened(path)
            count = len(reader.pages)
        except _Locked:
            why[number] = LOCKED
        except MemoryError:
            raise
        except Exception:  # a stranger's file: the library raises whatever it stumbles over
            why[number] = NOT_READABLE
        else:
            if not count:
                why[number] = NOT_READABLE
            elif count + sum(pages.values()) > MOST_PAGES:
                why[number] = TOO_MANY_PAGES
            else:
                pages[number] = count
    return pages


class _Locked(Exception):
    """The PDF opens by a password alone."""


def _opened(path: str) -> PdfReader:
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Locked
    return reader


def _front(bundle: dict[str, Any], pages: dict[int, int], follow: list[int], why: dict[int, str]) -> bytes:
    """The bundle's own pages as PDF/UA-1, its index saying on which page each document begins."""
    after, begins = 0, {}
    for number in follow:
        begins[number] = after
        after += pages[number]
    index = [
        {**each, "after": begins.get(each["number"]), "remark": why.get(each["number"]) or each["remark"]}
        for each in bundle["enclosures"]
    ]
    told = json.dumps({**bundle, "index": index}, ensure_ascii=False)
    for _ in range(_ROUNDS):
        try:
            made = compiler().compile(
                Path(__file__).with_name("bundle.typ").read_bytes(),
                format="pdf",
                sys_inputs={"bundle": told},
                pdf_standards=["ua-1"],
                timestamp=0,
            )
        except typst.TypstError as error:
            signs = set("".join(_NO_GLYPH.findall(f"{error.message}\n{error.diagnostic}")))
            if not signs:
                raise
            told = _named(told, signs)
            continue
        if not isinstance(made, bytes):
            raise RuntimeError("The typesetter gave several files for one PDF.")
        return _proved(made, bundle["title"])
    raise Refused("Too many signs in what was written have no letter form here. Ask an administrator to look.")


def _named(told: str, signs: set[str]) -> str:
    """The text with each sign that no font here has said by its number, so that nobody takes it for never written."""
    for sign in signs - set(' \n{}[]",:\\'):
        told = told.replace(sign, f"[U+{ord(sign):04X}]")
    return told


def _proved(pdf: bytes, title: str) -> bytes:
    """The same, once it says its title and its language and is marked up for people who have it read to them."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    root = reader.root_object
    marked = "/StructTreeRoot" in root and root.get("/Lang") and reader.metadata and reader.metadata.title == title
    if not marked or any("/JavaScript" in str(key) or "/OpenAction" in str(key) for key in root):
        raise Refused(UNREADABLE)
    return pdf


def _joined(front: bytes, follow: list[tuple[int, str]], job: dict[str, Any]) -> int | None:
    """Write the front with the pages of the documents after it; the number of the one that stopped it, if one did."""
    if not follow:
        Path(job["out"]).write_bytes(front)
        return None
    names = {each["number"]: each["name"] for each in job["bundle"]["enclosures"]}
    writer = PdfWriter(clone_from=io.BytesIO(front))
    allowed = {*writer.root_object, "/Outlines", "/PageMode"}
    parent = None
    for number, path in follow:
        first = len(writer.pages)
        try:
            writer.append(_opened(path), import_outline=False)
            for page in writer.pages[first:]:
                _harmless(page)
        except MemoryError:
            raise
        except Exception:  # as above
            return number
        parent = parent or writer.add_outline_item(title="Documents in full", page_number=first)
        writer.add_outline_item(title=f"{number}. {names[number]}", page_number=first, parent=parent)
    _only(writer, allowed)
    with Path(job["out"]).open("wb") as out:
        writer.write(out)
    return None


def _harmless(page: Any) -> None:
    """Take out of a stranger's page whatever acts, and what would tie it to the tags of our own pages."""
    for name in ("/AA", "/StructParents"):
        page.pop(name, None)
    kept = ArrayObject()
    for held in page.get("/Annots", ()) or ():
        mark = held.get_object()
        if not isinstance(mark, DictionaryObject) or mark.get("/Subtype") in _ACTING:
            continue
        for name in ("/A", "/AA", "/StructParent"):
            mark.pop(name, None)
        kept.append(held)
    if "/Annots" in page:
        page[NameObject("/Annots")] = kept


def _only(writer: PdfWriter, allowed: set[str]) -> None:
    """Leave of the whole what our own pages brought; and with pages that have no tags it is no PDF/UA any more."""
    root = writer.root_object
    for name in [name for name in root if name not in allowed]:
        del root[name]
    names = root.get("/Names")
    for name in ("/JavaScript", "/EmbeddedFiles"):
        if names is not None:
            names.get_object().pop(name, None)
    metadata = root.get("/Metadata")
    if metadata is not None and isinstance(held := metadata.get_object(), StreamObject):
        held.set_data(_UA.sub(b"", held.get_data()))
