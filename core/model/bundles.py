"""Bundles of a case: for whom and why each was made, and the digest of the zip that was handed out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class BundleFor(StrEnum):
    """Who a bundle is made for."""

    OMBUDSMAN = "an Ombudsman"
    REVIEWER = "an independent reviewer"
    OTHER = "somebody else who may have it"


class CaseBundle(SQLModel, table=True):
    """One bundle as it was made; its zip lies in the folder of kept files under its digest, and is never changed."""

    __tablename__ = "case_bundle"
    __table_args__ = (
        one_of("made_for", BundleFor),
        sa.Index("ix_case_bundle_case", "complaint_id", "id"),
        sa.Index("ix_case_bundle_sha256", "sha256"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    made_for: str = Field(max_length=40)
    name: str = Field(default="", max_length=200)
    why: str = Field(sa_type=sa.Text)
    officers_anonymous: bool = False
    with_notes: bool = False
    documents: int
    size: int
    sha256: str = Field(max_length=64)
    made_by: int | None = Field(default=None, foreign_key="colleague.id")
    made_at: datetime
