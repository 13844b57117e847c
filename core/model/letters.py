"""Letters on a complaint, part by part, and the wording that the council's letters share."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class HowSent(StrEnum):
    """How a letter goes to whoever is written to."""

    POST = "post"
    EMAIL = "e-mail"
    IN_PERSON = "in person"
    OTHER = "another way that was agreed"


class Letter(SQLModel, table=True):
    """One letter on a complaint: a draft until `sent_on` is set, and from then on as it was sent.

    `kind` is a key of the Code's letters. `sha256` is the digest of the words that were sent; the ledger has it too.
    `pdf_sha256` and `word_sha256` are those of the files it went out as, where these were made here.
    """

    __tablename__ = "letter"
    __table_args__ = (
        one_of("how", HowSent),
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        sa.CheckConstraint("(sent_on IS NULL) = (sha256 = '')", name="sent_with_digest"),
        sa.Index("ix_letter_complaint", "complaint_id", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    stage_number: int
    kind: str = Field(max_length=40)
    addressee: str = Field(default="", max_length=500)
    how: str = Field(default=HowSent.POST, max_length=40)
    large_print_points: int | None = None
    officers_anonymous: bool = False
    prepared_by: int | None = Field(default=None, foreign_key="colleague.id")
    prepared_at: datetime
    sent_on: date | None = None
    sent_by: int | None = Field(default=None, foreign_key="colleague.id")
    sha256: str = Field(default="", max_length=64)
    pdf_sha256: str = Field(default="", max_length=64)
    word_sha256: str = Field(default="", max_length=64)


class LetterPart(SQLModel, table=True):
    """What one content of a letter says."""

    __tablename__ = "letter_part"
    __table_args__ = (STRICT,)

    letter_id: int = Field(primary_key=True, foreign_key="letter.id", sa_column_kwargs={"autoincrement": False})
    content: str = Field(primary_key=True, max_length=40)
    text: str = Field(default="", sa_type=sa.Text)


class SharedWording(SQLModel, table=True):
    """One version of the wording that the council's letters share, from a day until the next; never changed.

    `block` is the name of one of the Code's blocks. An empty `text` goes back to the wording that the console has.
    """

    __tablename__ = "shared_wording"
    __table_args__ = (sa.Index("ix_shared_wording_block", "block", "in_force_from", "id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    block: str = Field(max_length=80)
    text: str = Field(default="", sa_type=sa.Text)
    in_force_from: date
    approved_by: str = Field(max_length=200)
    published_by: int | None = Field(default=None, foreign_key="colleague.id")
    published_on: date


class LetterTemplate(SQLModel, table=True):
    """One of the council's Word templates, the newest in use; an empty `sha256` is the one that comes along."""

    __tablename__ = "letter_template"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    sha256: str = Field(default="", max_length=64)
    adopted_by: int | None = Field(default=None, foreign_key="colleague.id")
    adopted_at: datetime
