"""Colleagues, services, and the individuals who complain."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.permissions import Role

EMAIL_KEY = "lower(email)"
POSTCODE_KEY = "upper(replace(postcode, ' ', ''))"
PHONE_KEY = (
    "replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '+440', '0'), "
    "'+44', '0')"
)
"""What the same person is found again by, however it was typed; each is indexed as it stands here."""


class Service(SQLModel, table=True):
    """A service of the council that complaints are about."""

    __tablename__ = "service"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    active: bool = True


class Colleague(SQLModel, table=True):
    """Someone who works for the council, with one role."""

    __tablename__ = "colleague"
    __table_args__ = (one_of("role", Role), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    role: str = Field(max_length=20)
    active: bool = True


class Person(SQLModel, table=True):
    """An individual: how to reach them. Every column is personal data."""

    __tablename__ = "person"
    __table_args__ = (
        sa.Index("ix_person_email_key", sa.text(EMAIL_KEY)),
        sa.Index("ix_person_phone_key", sa.text(PHONE_KEY)),
        sa.Index("ix_person_postcode_key", sa.text(POSTCODE_KEY)),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=500)
    postcode: str = Field(default="", max_length=12)
