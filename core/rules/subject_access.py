"""A person's request for their own data: by when it is answered, and whose data a piece is likely to be.

It is no complaint and no duty of the Code: its clock is the UK GDPR's. Nothing is decided here; a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.code.subject_access import ACCESS_LIMITS
from core.rules.working_days import WorkingDays, months_after


class Whose(StrEnum):
    """Whose personal data a piece is."""

    REQUESTER = "the person who asks"
    OTHER = "somebody else"
    OFFICER = "an officer"
    MIXED = "several people"
    NOBODY = "nobody in particular"


class Ruling(StrEnum):
    """What is done with a piece."""

    DISCLOSE = "disclose"
    REDACT = "disclose with parts taken out"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceFacts:
    """What is known of one piece: who wrote it, and whether it names the person who asks, others, or officers.

    `on_own_record` says that it stands on a complaint or request of the person who asks.
    """

    by_requester: bool
    by_officer: bool
    names_requester: bool
    names_others: bool
    names_officers: bool
    on_own_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A time in which the clock stood still: from the day of a question to that of its answer, None while it waits."""

    since: date
    until: date | None = None


def answer_by(
    received_on: date,
    identity_on: date | None,
    *,
    extended: bool,
    calendar: WorkingDays,
    stops: Sequence[Stop] = (),
) -> date:
    """Answer within one calendar month, three where that was told with a reason, to the next working day [lgsco:5.8].

    Where proof of identity had to be asked for, the month begins when it came. Each day from asking what is needed to
    find the data up to its coming is added; a time that is not over adds nothing yet. Raises CalendarEnds past the last
    published holidays.
    """
    begins = received_on if identity_on is None else max(received_on, identity_on)
    months = ACCESS_LIMITS.months + (ACCESS_LIMITS.further_months if extended else 0)
    stood = sum(max(0, (each.until - max(each.since, begins)).days) for each in stops if each.until is not None)
    return calendar.next_working(months_after(begins, months) + timedelta(days=stood))


def likely_whose(piece: PieceFacts) -> Whose:
    """Whose data a piece is likely to be: suggested to whoever decides, never decided by this [lgsco:5.8].

    What names nobody on their own record is about them.
    """
    theirs = piece.on_own_record and not piece.names_officers
    about_requester = piece.by_requester or piece.names_requester or theirs
    if piece.names_others:
        return Whose.MIXED if about_requester else Whose.OTHER
    if about_requester:
        return Whose.REQUESTER if piece.by_requester or not piece.names_officers else Whose.MIXED
    if piece.by_officer or piece.names_officers:
        return Whose.OFFICER
    return Whose.NOBODY


def likely_ruling(whose: Whose) -> Ruling:
    """What is likely done with a piece: their own is disclosed, and what others are in is looked at [lgsco:5.8]."""
    likely = {Whose.REQUESTER: Ruling.DISCLOSE, Whose.MIXED: Ruling.REDACT, Whose.OFFICER: Ruling.DISCLOSE}
    return likely.get(whose, Ruling.WITHHOLD)
