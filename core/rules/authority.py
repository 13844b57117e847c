"""Limits of authority: whose holds on a day, whom a sum is within the limit of, and whether a letter names a sum.

A limit is of the money on one complaint in all, so that a sum cut into several offers stays the same sum. Whoever has
no limit, of their own or of their role, decides alone: the council limits whom it wants to, and nobody by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One decision about a limit in pence, of a role or of one colleague; `pence` None ended it."""

    role: str | None
    colleague_id: int | None
    pence: int | None
    in_force_from: date


def limit_of(limits: Sequence[Limit], *, colleague_id: int, role: str, on: date) -> int | None:
    """Somebody's limit in pence on a day: their own, else their role's; None for none [lgsco:4.2].

    `limits` stand in the order they were decided in: of two that begin on one day, the later one holds.
    """
    own = _newest((each for each in limits if each.colleague_id == colleague_id), on)
    if own is not None and own.pence is not None:
        return own.pence
    of_role = _newest((each for each in limits if each.role == role), on)
    return of_role.pence if of_role is not None else None


def _newest(limits: Iterable[Limit], on: date) -> Limit | None:
    found: Limit | None = None
    for each in limits:
        if each.in_force_from <= on and (found is None or each.in_force_from >= found.in_force_from):
            found = each
    return found


def covers(limit: int | None, pence: int) -> bool:
    """Whether somebody with this limit may decide on a sum alone [lgsco:4.2]."""
    return limit is None or pence <= limit


def names_sum(text: str, pence: int) -> bool:
    """Whether a text names this sum of money, however its thousands and pence are written [lgsco:4.2]."""
    whole, part = divmod(pence, 100)
    pennies = rf"\.{part:02d}" if part else r"(?:\.00)?"
    return re.search(rf"£\s*{whole}{pennies}(?![\d]|\.\d)", text.replace(",", "")) is not None
