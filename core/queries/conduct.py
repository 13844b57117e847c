"""Who holds which post, who is trained in what, and who works by the shared objective."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.conduct import CONDUCT, Post, TrainingKind
from core.model.conduct import ObjectiveAcknowledged, PostHeld, Training
from core.model.people import Colleague
from core.model.requests import TakenIn
from core.permissions import Permission, Role
from core.queries.base import Asking, query
from core.rules.conduct import (
    InDate,
    Renewal,
    Tenure,
    in_post,
    objective_stands,
    training_for,
    training_stands,
    untrained,
)
from core.store.scope import not_confidential

_A = ObjectiveAcknowledged.__table__  # type: ignore[attr-defined]
_P = PostHeld.__table__  # type: ignore[attr-defined]
_T = Training.__table__  # type: ignore[attr-defined]
_TI = TakenIn.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One appointment. `left` says that the colleague is not here any more although nobody has ended it."""

    id: int
    name: str
    title: str
    committee: bool
    since: date
    until: date | None
    appointed_by: str
    contact: str
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """One post on one day: who is in it, who comes later, and who was in it before. Without holders it is empty."""

    post: Post
    help: str
    clause: str
    holders: tuple[Holder, ...]
    ahead: tuple[Holder, ...]
    past: tuple[Holder, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody who still works here is in post."""
        return all(each.left for each in self.holders)


@query(needs=Permission.CODE, kept=True)
def posts_held(asking: Asking, *, on: date | None = None) -> tuple[PostView, ...]:
    """Every post for complaints, and who holds it on a day; those that stand empty as well [lgsco:4.1]."""
    day = on or asking.today
    statement = sa.select(_P, _W.c.active).select_from(_P.outerjoin(_W, _W.c.id == _P.c.colleague_id))
    rows = asking.connection.execute(statement.order_by(_P.c.since, _P.c.id)).all()
    found: dict[str, list[Holder]] = {post.value: [] for post in Post}
    for row in rows:
        found[row.post].append(_holder(row))
    return tuple(_post(post, found[post.value], day) for post in Post)


def _holder(row: Any) -> Holder:
    alike = {name: getattr(row, name) for name in Holder.__dataclass_fields__ if name in _P.c}
    return Holder(**alike, left=row.active is not None and not row.active and row.until is None)


def _post(post: Post, holders: Iterable[Holder], day: date) -> PostView:
    rule = CONDUCT.posts[post]
    known = [(each, Tenure(since=each.since, until=each.until)) for each in holders]
    return PostView(
        post=post,
        help=rule.help,
        clause=rule.clause,
        holders=tuple(each for each, tenure in known if in_post(tenure, on=day)),
        ahead=tuple(each for each, tenure in known if tenure.since > day),
        past=tuple(each for each, tenure in known if tenure.until is not None and tenure.until < day),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingLine:
    """One kind of training of one person: when it was had last, and how it stands.."""

    title: str
    done_on: date | None
    given_by: str
    renewal: Renewal


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedPerson:
    """One person's training, with the objective. `objective` is None for a Member, of whom it is not asked."""

    id: int | None
    name: str
    role: Role
    lines: tuple[TrainingLine, ...]
    others: tuple[str, ...]
    objective: Renewal | None

    @property
    def open(self) -> tuple[TrainingLine, ...]:
        """What is not recorded, overdue or due soon."""
        return tuple(each for each in self.lines if each.renewal.stands is not InDate.HOLDS)


@query(needs=Permission.STAFF, kept=True)
def training_list(asking: Asking) -> tuple[TrainedPerson, ...]:
    """Everybody with the training their role needs, whoever lacks most of it first [lgsco:4.3]."""
    people = asking.connection.execute(sa.select(_W.c.id, _W.c.name, _W.c.role).where(_W.c.active.is_(True))).all()
    had, agreed = _had(asking), _agreed(asking)
    found = [_person(asking, row.id, row.name, Role(row.role), had, agreed) for row in people]
    for name in sorted({name for key, name in had if key is None} | set(_members(asking))):
        found.append(_person(asking, None, name, Role.MEMBER, had, agreed))
    return tuple(sorted(found, key=lambda each: (-len(each.open), each.name)))


@query(needs=Permission.OWN)
def own_training(asking: Asking) -> TrainedPerson | None:
    """This person's own training and objective; None for the console itself [lgsco:9.8]."""
    who = asking.actor
    if not who.id:
        return None
    had, agreed = _had(asking, only=who.id), _agreed(asking, only=who.id)
    return _person(asking, who.id, who.name, who.role, had, agreed)


def training_due(asking: Asking, people: Mapping[int, Role]) -> frozenset[int]:
    """Those who lack training their role needs; nobody while no training is kept here at all [lgsco:4.3]."""
    had = sa.select(_T.c.colleague_id, _T.c.kind, sa.func.max(_T.c.done_on).label("last"))
    rows = asking.connection.execute(had.group_by(_T.c.colleague_id, _T.c.kind)).all()
    if not rows:
        return frozenset()
    last = {(row.colleague_id, row.kind): row.last for row in rows}
    return frozenset(
        who
        for who, role in people.items()
        if untrained(
            [
                training_stands(kind, done_on=last.get((who, kind.key)), today=asking.today)
                for kind in training_for(role)
            ]
        )
    )


_Had = Mapping[tuple[int | None, str], list[Any]]


def _had(asking: Asking, *, only: int | None = None) -> _Had:
    """All training by person, the latest last; of people without an account by their name."""
    statement = sa.select(_T).order_by(_T.c.done_on, _T.c.id)
    if only is not None:
        statement = statement.where(_T.c.colleague_id == only)
    found: dict[tuple[int | None, str], list[Any]] = {}
    for row in asking.connection.execute(statement):
        found.setdefault((row.colleague_id, "" if row.colleague_id is not None else row.name), []).append(row)
    return found


def _agreed(asking: Asking, *, only: int | None = None) -> dict[int, date]:
    """The day each colleague acknowledged the objective last."""
    statement = sa.select(_A.c.colleague_id, sa.func.max(_A.c.acknowledged_on).label("last")).where(
        _A.c.colleague_id.is_not(None)
    )
    if only is not None:
        statement = statement.where(_A.c.colleague_id == only)
    return {row.colleague_id: row.last for row in asking.connection.execute(statement.group_by(_A.c.colleague_id))}


def _members(asking: Asking) -> list[str]:
    """Members in post who have no account here; a committee is trained by no course."""
    on = asking.today
    statement = sa.select(_P.c.name).where(
        _P.c.post == Post.MEMBER.value,
        _P.c.colleague_id.is_(None),
        _P.c.committee.is_(False),
        _P.c.since <= on,
        sa.or_(_P.c.until.is_(None), _P.c.until >= on),
    )
    return list(asking.connection.execute(statement).scalars())


def _person(
    asking: Asking, colleague_id: int | None, name: str, role: Role, had: _Had, agreed: Mapping[int, date]
) -> TrainedPerson:
    rows = had.get((colleague_id, "" if colleague_id is not None else name), [])
    last = {row.kind: row for row in rows}
    needed = training_for(role)
    keys = {kind.key for kind in needed}
    objective = objective_stands(agreed.get(colleague_id or 0), today=asking.today)
    return TrainedPerson(
        id=colleague_id,
        name=name,
        role=role,
        lines=tuple(_line(kind, last.get(kind.key), asking.today) for kind in needed),
        others=tuple(_titled(row) for row in rows if row.kind not in keys),
        objective=objective if role is not Role.MEMBER else None,
    )


def _line(kind: TrainingKind, row: Any, today: date) -> TrainingLine:
    done_on = row.done_on if row is not None else None
    return TrainingLine(
        title=kind.title,
        done_on=done_on,
        given_by=row.given_by if row is not None else "",
        renewal=training_stands(kind, done_on=done_on, today=today),
    )


def _titled(row: Any) -> str:
    kind = CONDUCT.training.get(row.kind)
    return row.topic or (kind.title if kind is not None else row.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractorAgreed:
    """One contractor or partner, and how the shared objective stands with it."""

    name: str
    signed_by: str
    agreed_on: date | None
    renewal: Renewal


@query(needs=Permission.STAFF, kept=True)
def contractors_agreed(asking: Asking) -> tuple[ContractorAgreed, ...]:
    """Each contractor that a complaint or an agreement names, those without an agreement in date first [lgsco:9.8]."""
    named = sa.select(sa.func.trim(_TI.c.respondent_name).label("name")).where(
        _TI.c.respondent_name != "", not_confidential(_TI.c.complaint_id)
    )
    names = {row.name.casefold(): row.name for row in asking.connection.execute(named.distinct().order_by("name"))}
    rows = asking.connection.execute(
        sa.select(_A).where(_A.c.contractor != "").order_by(_A.c.acknowledged_on, _A.c.id)
    ).all()
    last = {row.contractor.casefold(): row for row in rows}
    names |= {key: row.contractor for key, row in last.items()}
    found = [_contractor(asking, name, last.get(key)) for key, name in names.items() if key]
    return tuple(sorted(found, key=lambda each: (each.renewal.stands is InDate.HOLDS, each.name)))


def _contractor(asking: Asking, name: str, row: Any) -> ContractorAgreed:
    agreed_on = row.acknowledged_on if row is not None else None
    return ContractorAgreed(
        name=name,
        signed_by=row.signed_by if row is not None else "",
        agreed_on=agreed_on,
        renewal=objective_stands(agreed_on, today=asking.today),
    )
