"""A report as it is frozen: its sections, tables, charts and lists as plain text and numbers, and nothing besides.

Everything a file of it says comes from here. The text is canonical, so that the same report has the same digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.code.reports import ReportKind
from core.errors import BadInput
from core.letters.documents import printable


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Part):
    """What the council wrote, or what the report says by itself; `title` may be "". Paragraphs are plain text."""

    kind: Literal["words"] = "words"
    title: str = ""
    paragraphs: tuple[str, ...]


class Items(_Part):
    """A list."""

    kind: Literal["items"] = "items"
    title: str
    listed: tuple[str, ...]


class Table(_Part):
    """A table: the first cell of a row is its heading. `note` says what was put together or left out."""

    kind: Literal["table"] = "table"
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class Chart(_Part):
    """Bars, one for each label. The same numbers stand as words in `alt`, for whoever does not see it."""

    kind: Literal["chart"] = "chart"
    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    alt: str


Block = Annotated[Words | Items | Table | Chart, Field(discriminator="kind")]


class Section(_Part):
    """One section and the clause it answers."""

    key: str
    title: str
    clause: str
    blocks: tuple[Block, ...]


class Counted(_Part):
    """One figure as it was counted, in words, and as it is told to whoever reads the report.

    What is told hides small numbers; the rest stays in the record, so that a figure which moved can be seen to have.
    `as_is` holds when it is told as it is. A figure that does not say so is not told.
    """

    id: str
    name: str
    numerator: int | None
    denominator: int | None
    words: str
    told: str = "not shown"
    as_is: bool = False

    def to_read(self) -> Counted:
        """The same with nothing in it that is not told."""
        shown = {"numerator": self.numerator, "denominator": self.denominator} if self.as_is else {}
        return self.model_copy(update={"numerator": None, "denominator": None, "words": self.told, **shown})


class Report(_Part):
    """A whole report. `draft` says why it is one; "" when it is none."""

    kind: ReportKind
    title: str
    council: str
    span: str
    starts_on: date
    ends_on: date
    made_on: date
    draft: str
    sections: tuple[Section, ...]
    figures: tuple[Counted, ...]

    def frozen(self) -> str:
        """The report as one canonical text."""
        return self.model_dump_json()

    def to_read(self) -> Report:
        """The report with nothing in it that is not told [lgsco:9.6]."""
        return self.model_copy(update={"figures": tuple(each.to_read() for each in self.figures)})

    def tables(self) -> Iterator[Table]:
        """Every table, in order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Table))


def thawed(content: str) -> Report:
    """A report from its text; BadInput for a text that is none."""
    try:
        return Report.model_validate_json(content)
    except ValidationError as error:
        raise BadInput("That is no report. Make it on the page Reports.") from error


def digest(content: str) -> str:
    """The digest that the ledger keeps of a report [lgsco:8.1]."""
    return hashlib.sha256(content.encode()).hexdigest()


def paragraphs(text: str) -> tuple[str, ...]:
    """A text's paragraphs as every page can show them."""
    return tuple(filter(None, (each.strip() for each in printable(text).split("\n\n"))))
