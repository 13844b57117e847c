"""A finished letter on its way to a file: what stands on it, as plain text.

Nothing here is markup. Whatever was typed stays text in every format that a letter is made into; what no page can show
(control characters, halves of characters) is taken out once, here, so that all formats and their checks see the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from core.errors import BadInput

LEAST_POINTS = 14  # the smallest print of a letter's text, as the Ombudsman advises for letters
LARGEST_POINTS = 48
MOST_CHARACTERS = 100_000  # of one letter, about fifty pages
MOST_LINES = 12  # of one address  # house: lines of an address, not a period
MOST_SECTIONS = 200
MOST_PARAGRAPHS = 2_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")

Kind = Literal["text", "lines", "sections"]


def _said(help: str, *, kind: Kind = "text", needed: bool = False) -> Any:
    """A field of a letter that a template may name, with what an officer reads about it."""
    return field(metadata={"help": help, "kind": kind, "needed": needed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a letter: its heading, or None where it has none, and its paragraphs."""

    heading: str | None = None
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDocument:
    """Everything that stands on one letter, ready to be made into a file; plain text throughout [lgsco:6.18].

    `date` is the day as it is written on the letter. `language` is a tag such as “en-GB”. `large_print_points` is the
    size agreed with the individual as an adjustment, in points, or None [lgsco:5.6].
    """

    council: str = _said("The name of the council.")
    council_address: tuple[str, ...] = _said("The council's address, line by line.", kind="lines")
    addressee: tuple[str, ...] = _said("Who the letter goes to, and where, line by line.", kind="lines", needed=True)
    reference: str = _said("The reference of the complaint.", needed=True)
    date: str = _said("The day of the letter, in words.", needed=True)
    subject: str = _said("What the letter is about.", needed=True)
    sections: tuple[Section, ...] = _said(
        "The text: each section has a heading, which may be empty, and paragraphs.", kind="sections", needed=True
    )
    signatory: str = _said("Who signs.", needed=True)
    role: str = _said("What the person who signs does at the council.")
    contact: tuple[str, ...] = _said("How to reach the person who signs, line by line.", kind="lines", needed=True)
    footer: str = _said("What stands at the foot of every page.")
    language: str = "en-GB"
    large_print_points: int | None = None

    @property
    def points(self) -> int:
        """The size of the letter's text, in points: never under the least, larger where that was agreed [lgsco:5.6]."""
        return max(LEAST_POINTS, self.large_print_points or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """What a council's template may name: `needed` ones carry words that no letter may lose."""

    name: str
    kind: Kind
    needed: bool
    help: str


PLACEHOLDERS = tuple(
    Placeholder(name=each.name, **each.metadata) for each in fields(LetterDocument) if each.metadata.get("help")
)
"""Every placeholder of a template, in the order in which they stand on a letter."""


def printable(text: str) -> str:
    """The text as every page can show it: one kind of line break, no control characters, no halves of characters."""
    even = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HALF.sub("\ufffd", _UNPRINTABLE.sub("", even.replace("\t", " ").replace("\v", "\n").replace("\f", "\n")))


def as_data(document: LetterDocument) -> dict[str, Any]:
    """The letter as lists, dicts and printable text, with its size in points as `points`.

    Raises BadInput with a sentence when the letter is too long for one file, its language is no tag, it has no
    subject or no text, or its print is larger than a page can hold.
    """
    _check_shape(document)
    given = _printed(asdict(document))
    length = sum(len(text) for text in _texts(given))
    if length > MOST_CHARACTERS:
        raise BadInput(
            f"The letter has {length:,} characters; at most {MOST_CHARACTERS:,} go into one file. "
            "Shorten it, or send part of it as an enclosure."
        )
    if not given["subject"].strip():
        raise BadInput("The letter has no subject. Write what it is about in one line.")
    if not any(paragraph.strip() for section in given["sections"] for paragraph in section["paragraphs"]):
        raise BadInput("The letter has no text yet. Write it before it is made into a file.")
    del given["large_print_points"]
    return {**given, "points": document.points}


def _check_shape(document: LetterDocument) -> None:
    """Raise BadInput for a language, a size or a number of parts that no letter has."""
    if not _LANGUAGE.fullmatch(document.language):
        raise BadInput(f"“{document.language[:30]}” is no language tag. Give one such as “en-GB” or “cy”.")
    if document.points > LARGEST_POINTS:
        raise BadInput(
            f"Print of {document.points} points does not fit on a page. Choose at most {LARGEST_POINTS} points, "
            "or agree another format."
        )
    if any(len(lines) > MOST_LINES for lines in (document.council_address, document.addressee, document.contact)):
        raise BadInput(f"An address has more than {MOST_LINES} lines. Put some of them together.")
    paragraphs = sum(len(section.paragraphs) for section in document.sections)
    if len(document.sections) > MOST_SECTIONS or paragraphs > MOST_PARAGRAPHS:
        raise BadInput(
            f"The letter has more than {MOST_SECTIONS:,} sections or {MOST_PARAGRAPHS:,} paragraphs. Shorten it."
        )


def _printed(value: Any) -> Any:
    """The same value with every text in it printable, tuples as lists, and no line or paragraph that is blank."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [each for each in map(_printed, value) if not isinstance(each, str) or each.strip()]
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
