"""Who was in touch about a case and when, letters among the rest, and how the council's own standards stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import LETTERS
from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.correspondence import Contact, UpdateAgreement
from core.model.duties import Duty
from core.model.letters import Letter
from core.model.parties import Party
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.contacts import Direction
from core.rules.duties import TITLES, Nearness, nearness
from core.rules.facts import Standing
from core.rules.information import INFORMATION
from core.rules.parties import PartyRole
from core.words import day_words

_AG = UpdateAgreement.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_CO = Contact.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_P = Party.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_OWN = (_D.c.ours.is_(True), _D.c.kind != INFORMATION)
"""The council's own standards; what is asked of colleagues and others is none of them, though no less ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One contact, or one letter that went out: then `letter_id` opens it, and `what` is its title.

    `ours` says that it went out from us. A message that `waits` has no `answered_on` yet; `answer` says what its reply
    was. `contact_id` and `letter_id` are never both given.
    """

    on: date
    at_time: str
    ours: bool
    who: str
    how: str
    what: str
    introduces: bool = False
    waits: bool = False
    answered_on: date | None = None
    answer: str = ""
    recorded_by: str = ""
    contact_id: int | None = None
    letter_id: int | None = None

    @property
    def key(self) -> str:
        """What it is known by where a reply is chosen: "contact:3" or "letter:7"."""
        return f"letter:{self.letter_id}" if self.letter_id is not None else f"contact:{self.contact_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLine:
    """One of the council's own standards on a case; `soon` is None once it is settled. `cite` says what asks for it."""

    kind: str
    title: str
    stage: int
    start_on: date
    due_on: date
    met_on: date | None
    standing: Standing
    soon: Nearness | None
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corresponding:
    """The correspondence of a case, the newest first, and the council's own standards there.

    `kept` says whether standards were kept when it was taken in. `professional` is the name of a professional
    representative who is written to, so that they are not owed; "" without one. `agreed` says how often somebody hears
    from us, where that was agreed.
    """

    lines: tuple[ContactLine, ...]
    standards: tuple[StandardLine, ...]
    kept: bool
    professional: str
    agreed: str

    @property
    def waiting(self) -> tuple[ContactLine, ...]:
        """The messages that wait for our reply, the oldest first."""
        return tuple(line for line in reversed(self.lines) if line.waits and line.answered_on is None)

    @property
    def from_us(self) -> tuple[ContactLine, ...]:
        """What went out from us."""
        return tuple(line for line in self.lines if line.ours)


@query(needs=Permission.READ, of_one=True)
def corresponding(asking: Asking, reference: str) -> Corresponding:
    """All correspondence of one case in one list [lgsco:5.8]; NotFound when there is no such case to be seen."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    columns = (_C.c.id, _C.c.policy_id, _C.c.source)
    case = asking.connection.execute(sa.select(*columns).where(_C.c.reference == reference.strip().upper(), *seen))
    row = case.first()
    if row is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    lines = [*_letters(asking, row.id), *_contacts(asking, row.id)]
    return Corresponding(
        lines=tuple(sorted(lines, key=_newest_first, reverse=True)),
        standards=_standards(asking, row.id),
        kept=asking.policies[row.policy_id].service_standards and row.source is None,
        professional=_professional(asking, row.id),
        agreed=_agreed(asking, row.id),
    )


def _newest_first(line: ContactLine) -> tuple[date, str, int]:
    return line.on, line.at_time, line.contact_id or line.letter_id or 0


def _contacts(asking: Asking, complaint_id: int) -> list[ContactLine]:
    statement = (
        sa.select(_CO, _W.c.name.label("recorder"))
        .select_from(_CO.outerjoin(_W, _W.c.id == _CO.c.recorded_by))
        .where(_CO.c.complaint_id == complaint_id)
    )
    rows = asking.connection.execute(statement).all()
    reached = {row.id: row.reached_by for row in rows}
    return [
        ContactLine(
            on=row.on_day,
            at_time=row.at_time,
            ours=row.direction == Direction.OUT.value,
            who=_who(row),
            how=row.reached_by,
            what=row.what,
            introduces=row.introduces,
            waits=row.waits,
            answered_on=row.answered_on,
            answer=_answer(row, reached),
            recorded_by=row.recorder or "The console",
            contact_id=row.id,
        )
        for row in rows
    ]


def _who(row: Any) -> str:
    return f"{row.name}, {row.with_whom}" if row.name else str(row.with_whom)


def _answer(row: Any, reached: dict[int, str]) -> str:
    if row.answered_on is None:
        return ""
    return "a letter" if row.answer_letter_id is not None else reached.get(row.answer_contact_id, "")


def _letters(asking: Asking, complaint_id: int) -> list[ContactLine]:
    statement = (
        sa.select(_L.c.id, _L.c.sent_on, _L.c.addressee, _L.c.how, _L.c.kind, _W.c.name.label("sender"))
        .select_from(_L.outerjoin(_W, _W.c.id == _L.c.sent_by))
        .where(_L.c.complaint_id == complaint_id, _L.c.sent_on.is_not(None))
    )
    return [
        ContactLine(
            on=row.sent_on,
            at_time="",
            ours=True,
            who=row.addressee.partition("\n")[0],
            how=f"by {row.how}" if row.how in ("post", "e-mail") else row.how,
            what=LETTERS[row.kind].title,
            recorded_by=row.sender or "The console",
            letter_id=row.id,
        )
        for row in asking.connection.execute(statement)
    ]


def _standards(asking: Asking, complaint_id: int) -> tuple[StandardLine, ...]:
    """The open ones first, the nearest of them first, then those that are settled."""
    own = sa.select(_D).where(_D.c.complaint_id == complaint_id, *_OWN)
    rows = asking.connection.execute(own.order_by(_D.c.met_on.is_not(None), _D.c.act_by, _D.c.id)).all()
    return tuple(_standard(asking, row) for row in rows)


def _standard(asking: Asking, row: Any) -> StandardLine:
    standing = Standing(row.standing)
    near = standing is Standing.OPEN
    return StandardLine(
        kind=row.kind,
        title=TITLES[row.kind],
        stage=row.stage_number,
        start_on=row.start_on,
        due_on=row.due_on,
        met_on=row.met_on,
        standing=standing,
        soon=nearness(row.act_by, today=asking.today, calendar=asking.calendars.of(False)) if near else None,
        cite=row.clause.partition(":")[2],
    )


def _professional(asking: Asking, complaint_id: int) -> str:
    acting = (_P.c.written_to.is_(True), _P.c.role == PartyRole.PROFESSIONAL.value)
    statement = sa.select(_P.c.name).where(_P.c.complaint_id == complaint_id, *acting)
    return asking.connection.execute(statement).scalar() or ""


def _agreed(asking: Asking, complaint_id: int) -> str:
    statement = (
        sa.select(_AG).where(_AG.c.complaint_id == complaint_id).order_by(_AG.c.agreed_on.desc(), _AG.c.id.desc())
    )
    row = asking.connection.execute(statement.limit(1)).first()
    if row is None:
        return ""
    often = "every week" if row.every_weeks == 1 else f"every {row.every_weeks} weeks"
    return f"{often}, agreed with {_who(row)} on {day_words(row.agreed_on)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How one standard was kept: of those that could be judged, how many in time, and how many are still open."""

    kind: str
    title: str
    in_time: int
    late: int
    open: int

    @property
    def judged(self) -> int:
        """Those that can be judged."""
        return self.in_time + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardsKept:
    """How the council keeps its own standards, apart from every figure of the Code.

    `apart` counts the complaints that a professional representative brings, to which they are not owed.
    """

    lines: tuple[Kept, ...]
    apart: int


@query(needs=Permission.FIGURES, kept=True)
def standards_kept(asking: Asking, *, due_from: date | None = None, due_until: date | None = None) -> StandardsKept:
    """How each standard was kept, of those that were due in a time; complaints under every scheme together."""
    where = [*_OWN, *_due(due_from, due_until)]
    statement = sa.select(_D.c.kind, _D.c.standing, sa.func.count()).where(*where).group_by(_D.c.kind, _D.c.standing)
    found = {(row[0], row[1]): row[2] for row in asking.connection.execute(statement)}
    kinds = [kind for kind in TITLES if any(kind == each for each, _standing in found)]
    return StandardsKept(
        lines=tuple(_kept(kind, found) for kind in kinds),
        apart=_apart(asking),
    )


def _due(due_from: date | None, due_until: date | None) -> list[Any]:
    begins = [] if due_from is None else [_D.c.due_on >= due_from]
    return [*begins, *([] if due_until is None else [_D.c.due_on <= due_until])]


def _kept(kind: str, found: dict[tuple[str, str], int]) -> Kept:
    def count(standing: Standing) -> int:
        return found.get((kind, standing.value), 0)

    return Kept(
        kind=kind,
        title=TITLES[kind],
        in_time=count(Standing.IN_TIME),
        late=count(Standing.LATE),
        open=count(Standing.OPEN),
    )


def _apart(asking: Asking) -> int:
    """Complaints taken in under standards, that a professional representative brings."""
    kept = [key for key, policy in asking.policies.items() if policy.service_standards]
    brought: Sequence[Any] = (_P.c.written_to.is_(True), _P.c.role == PartyRole.PROFESSIONAL.value)
    statement = (
        sa.select(sa.func.count())
        .select_from(_P.join(_C, _C.c.id == _P.c.complaint_id))
        .where(*brought, _C.c.policy_id.in_(kept), _C.c.source.is_(None))
    )
    return int(asking.connection.execute(statement).scalar_one())
