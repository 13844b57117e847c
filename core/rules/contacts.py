"""Contact with people about a complaint: the words officers choose from."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Who got in touch with whom."""

    IN = "they contacted us"
    OUT = "we contacted them"


class WithWhom(StrEnum):
    """Who was on the other side of a contact."""

    INDIVIDUAL = "the individual"
    REPRESENTATIVE = "their representative"
    OTHER = "somebody else"
