"""A bundle as it is read from front to back: plain text in sections, and the documents that come with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.letters.documents import printable
from core.letters.reports import Items, Table, Words

Block = Annotated[Words | Items | Table, Field(discriminator="kind")]
NOTHING = "Nothing is recorded."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Part):
    """One heading of a bundle with what stands under it."""

    title: str
    blocks: tuple[Block, ...]


class Enclosure(_Part):
    """One document that comes with a bundle.

    `path` is its place in the zip, "" for one that is only named; `sha256` is the digest of its bytes there. `appended`
    says that its pages are to follow the text. `remark` says why it is left out.
    """

    number: int
    name: str
    about: str
    size: int
    sha256: str
    path: str = ""
    appended: bool = False
    remark: str = ""


class BundleDocument(_Part):
    """A whole bundle. `facts` stand under its title: for whom, what of, as the record stood on which day."""

    council: str
    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    enclosures: tuple[Enclosure, ...]


def words(title: str, *texts: str) -> Words:
    """Texts under a heading, paragraph by paragraph; says so where there are none."""
    kept = tuple(each.strip() for text in texts for each in printable(text).split("\n\n") if each.strip())
    return Words(title=title, paragraphs=kept or (NOTHING,))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table | Words:
    """Rows under a heading; says so where there are none."""
    kept = tuple(tuple(printable(cell).strip() for cell in row) for row in rows)
    return Table(title=title, columns=tuple(columns), rows=kept) if kept else Words(title=title, paragraphs=(NOTHING,))


def without_officers(document: BundleDocument, names: Iterable[str]) -> BundleDocument:
    """The bundle with each colleague's whole name replaced by “Officer 1”, “Officer 2”… in the order they come up.

    A first name or a surname by itself stays: it may be anybody's. What the documents hold is not touched, but for the
    names under which they are listed.
    """
    known = sorted({name.strip() for name in names if " " in name.strip()}, key=len, reverse=True)
    if not known:
        return document
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)
    numbers: dict[str, int] = {}

    def officer(match: re.Match[str]) -> str:
        return f"Officer {numbers.setdefault(match[0].casefold(), len(numbers) + 1)}"

    def said(value: object) -> object:
        if isinstance(value, str):
            return found.sub(officer, value)
        if isinstance(value, dict):
            # Where a file lies in the zip stays as it is: the manifest names it so.
            return {name: each if name in ("kind", "path", "sha256") else said(each) for name, each in value.items()}
        return [said(each) for each in value] if isinstance(value, list) else value

    return BundleDocument.model_validate(said(document.model_dump(mode="json")))
