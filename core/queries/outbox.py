"""Letters that go by e-mail: whether one can, how those that were queued stand, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.channels.outgoing import is_address
from core.code.catalogue import LETTERS
from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.letters import Letter
from core.model.outbox import Bounce, MailChannel, Outbox, OutboxState
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.s6_stages import local_day
from core.store.written_to import mail_address

_B = Bounce.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_O = Outbox.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_MOST = 50
_NOT_SENT = tuple(state for state in OutboxState if state is not OutboxState.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayByMail:
    """How a letter would go by e-mail: what carries it, to whom. `why_not` says what stands against it, or is ""."""

    channel: MailChannel | None
    name: str
    address: str
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """A letter that somebody gave to go by e-mail. `problem` says what stood in its way last, or is "".

    `went_on` is the day on which the mail server took it; `came_back_on` and `why_back` tell of a letter that came
    back, by whichever way it went, and `settled` what was done about it.
    """

    letter_id: int
    title: str
    state: OutboxState | None
    address: str
    tries: int
    next_try_at: datetime | None
    problem: str
    went_on: date | None
    queued_by: str
    queued_at: datetime | None
    came_back_on: date | None
    why_back: str
    settled: str

    @property
    def resting(self) -> bool:
        """Whether it has not gone: it can be taken back or tried again."""
        return self.state in (OutboxState.WAITING, OutboxState.SENDING, OutboxState.FAILED)

    @property
    def being_sent(self) -> bool:
        """Whether it is being handed to the mail server just now."""
        return self.state is OutboxState.SENDING

    @property
    def failed(self) -> bool:
        """Whether it will not go by itself."""
        return self.state is OutboxState.FAILED

    @property
    def accepted(self) -> bool:
        """Whether the mail server has it and its step is not on record: with a `problem`, an officer records it."""
        return self.state is OutboxState.ACCEPTED

    @property
    def to_settle(self) -> bool:
        """Whether it came back and nothing was done about that yet."""
        return self.came_back_on is not None and not self.settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A letter that does not get on by itself, on its case."""

    reference: str
    matter: str
    letter: OnItsWay


@query(needs=Permission.READ)
def way_by_mail(asking: Asking, letter_id: int) -> WayByMail:
    """Whether a letter can go by e-mail, and to which address [lgsco:3.6]."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    joined = _L.join(_C, _C.c.id == _L.c.complaint_id)
    statement = sa.select(_C.c.id).select_from(joined).where(_L.c.id == letter_id, *seen)
    found = asking.connection.execute(statement).scalar() if 0 < letter_id <= LAST_ID else None
    if found is None:
        raise NotFound("There is no such letter. Open it from its case.")
    to = mail_address(asking.connection, found)
    channel = _channel(asking)
    return WayByMail(channel=channel, name=to.name, address=to.address, why_not=_why_not(channel, to.name, to.address))


def _channel(asking: Asking) -> MailChannel | None:
    if asking.settings.sends_by_smtp:
        return MailChannel.SMTP
    return MailChannel.NOTIFY if asking.settings.sends_by_notify else None


def _why_not(channel: MailChannel | None, name: str, address: str) -> str:
    if channel is None:
        return "No mail server is set up here. Send it another way, and record it as sent."
    if not is_address(address):
        who = name or "whoever is written to"
        return f"No one e-mail address of {who} is on the case. Correct it there, or send the letter another way."
    return ""


@query(needs=Permission.READ)
def letters_on_their_way(asking: Asking, reference: str) -> Mapping[int, OnItsWay]:
    """The letters on a case that were queued or came back, by their number [lgsco:5.8]."""
    either = _L.outerjoin(_O, _O.c.letter_id == _L.c.id)
    rows = _rows(
        asking,
        either,
        sa.or_(_O.c.id.is_not(None), _B.c.letter_id.is_not(None)),
        _C.c.reference == reference.strip().upper(),
    )
    return {row.id: _on_its_way(row) for row in rows}


@query(needs=Permission.READ)
def stuck_letters(asking: Asking) -> tuple[Stuck, ...]:
    """Letters that failed, that wait after a try that did not succeed, or that went and are not on record [lgsco:5.8].

    Fifty at most, those first that wait longest.
    """
    # By name of each state, which the index of what is due answers: nearly every letter there ever was has been sent.
    stuck = sa.or_(_O.c.state == OutboxState.FAILED, _O.c.last_problem != "")
    queued = _O.join(_L, _L.c.id == _O.c.letter_id)
    rows = _rows(asking, queued, _O.c.state.in_(_NOT_SENT), stuck, limit=_MOST)
    return tuple(Stuck(reference=row.reference, matter=row.matter, letter=_on_its_way(row)) for row in rows)


def _rows(asking: Asking, letters: sa.FromClause, *where: Any, limit: int | None = None) -> list[Any]:
    joined = (
        letters.join(_C, _C.c.id == _L.c.complaint_id)
        .outerjoin(_B, _B.c.letter_id == _L.c.id)
        .outerjoin(_W, _W.c.id == _O.c.queued_by)
    )
    queued = (
        _O.c.state, _O.c.address, _O.c.tries, _O.c.next_try_at, _O.c.last_problem, _O.c.sent_at, _O.c.queued_at,
    )  # fmt: skip
    statement = (
        sa.select(_L.c.id, _L.c.kind, _C.c.reference, _C.c.matter, *queued, _W.c.name, _B)
        .select_from(joined)
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_O.c.queued_at, _L.c.id)
        .limit(limit)
    )
    return list(asking.connection.execute(statement))


def _on_its_way(row: Any) -> OnItsWay:
    return OnItsWay(
        letter_id=row.id,
        title=LETTERS[row.kind].title,
        state=OutboxState(row.state) if row.state else None,
        address=row.address or "",
        tries=row.tries or 0,
        next_try_at=row.next_try_at,
        problem=row.last_problem or "",
        went_on=local_day(row.sent_at) if row.sent_at else None,
        queued_by=row.name or "The console",
        queued_at=row.queued_at,
        came_back_on=row.came_back_on,
        why_back=row.why or "",
        settled=row.settled or "",
    )
