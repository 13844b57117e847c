"""Complaints that are likely the same: shown while one is taken in, and on the page of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.matches import CaseMatch, MatchKind
from core.model.people import EMAIL_KEY, PHONE_KEY, POSTCODE_KEY, Person
from core.model.working import SearchDoc
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.same_person import other_complaints
from core.rules.alike import Likeness, Told, alike
from core.store.everywhere import EVERYWHERE
from core.store.search import Term, newest_found, newest_sharing, words_of

_C = Complaint.__table__  # type: ignore[attr-defined]
_M = CaseMatch.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_W = SearchDoc.__table__  # type: ignore[attr-defined]

_RECENT_WEEKS = 26  # no period of the Code: an older complaint that has ended is seldom the same one again
_SHOWN = 5  # house: lines beside the form, no days
_PEOPLE, _NAMESAKES, _MATTERS = 60, 60, 120
_LOOKED_FOR = 6
_LONGEST_READ = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Intaken:
    """What is typed on Intake so far."""

    name: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    matter: str = ""
    words: str = ""
    service_id: int | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One complaint that is likely the same, and why it seems so."""

    reference: str
    matter: str
    position: str
    received_on: date
    why: str
    same_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyHere:
    """What may be here already. Whoever opens no cases is told only whether the person may be known."""

    matches: tuple[Match, ...] = ()
    person_may_be_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One complaint that was linked to another."""

    reference: str
    matter: str
    position: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Belonging:
    """What was linked to a complaint, and what is likely the same and undecided.

    `linked_unseen` when it is linked to one that this person does not see. `others` counts what else came from the same
    e-mail address or telephone number, or from the same name at the same postcode.
    """

    linked: tuple[Linked, ...]
    likely: tuple[Match, ...]
    linked_unseen: bool = False
    others: int = 0


@query(needs=Permission.RECORD)
def already_here(asking: Asking, typed: Intaken) -> AlreadyHere:
    """Open and recent complaints that are likely the one being typed [lgsco:6.9]."""
    day = min(typed.received_on or asking.today, asking.today)
    matches = _likely(asking, _told(typed), on=day)
    known = any(match.same_person for match in matches)
    return AlreadyHere(matches=matches if asking.actor.may(Permission.READ) else (), person_may_be_known=known)


@query(needs=Permission.RECORD)
def complaints_from(asking: Asking, email: str) -> int:
    """How many complaints came from an e-mail address; for somebody who opens no cases, 1 stands for any number."""
    keys = _keys(Told(email=_lower(email)))
    if not keys:
        return 0
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    counting = sa.select(sa.func.count()).select_from(_C).where(_C.c.person_id.in_(sa.union_all(*keys)), *seen)
    found = int(asking.connection.execute(counting).scalar_one())
    return found if asking.actor.may(Permission.READ) else min(found, 1)


@query(needs=Permission.READ, kept=True)
def belonging(asking: Asking, reference: str) -> Belonging:
    """What belongs to a complaint: the cases linked to it, and those likely the same that nobody decided on."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    joined = _C.outerjoin(_P, _P.c.id == _C.c.person_id)
    columns = (_C.c.id, _C.c.matter, _C.c.words, _C.c.service_id, _C.c.received_on, *_PERSON)
    statement = sa.select(*columns).select_from(joined).where(_C.c.reference == reference.strip().upper(), *seen)
    row = asking.connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    decided = _decided(asking, row["id"])
    words = words_of(row["matter"], row["words"][:_LONGEST_READ])
    told = _as_told(dict(row), words=words, service_id=row["service_id"])
    linked = _linked(asking, decided)
    links = sum(kind != MatchKind.NOT_THE_SAME for kind, _why in decided.values())
    return Belonging(
        linked=linked,
        linked_unseen=links > len(linked),
        others=other_complaints(asking, reference),
        likely=_likely(asking, told, on=row["received_on"], leave_out={row["id"], *decided}),
    )


_PERSON = (_P.c.name, _P.c.email, _P.c.phone, _P.c.postcode)


def _told(typed: Intaken) -> Told:
    """What somebody typed, as it is compared."""
    said = {name: getattr(typed, name) for name in ("name", "email", "phone", "postcode", "matter")}
    words = words_of(typed.matter, typed.words[:_LONGEST_READ])
    return _as_told(said, words=words, service_id=typed.service_id)


def _as_told(row: Mapping[str, Any], *, words: str, service_id: int | None) -> Told:
    return Told(
        name=tuple(word for word in words_of(row["name"] or "").split() if word not in EVERYWHERE),
        email=_lower(row["email"] or ""),
        phone=_phone(row["phone"] or ""),
        postcode=_upper("".join((row["postcode"] or "").split())),
        matter=_distinct(words_of(row["matter"])),
        words=_distinct(words),
        service_id=service_id,
    )


def _distinct(words: str) -> frozenset[str]:
    return frozenset(words.split()) - EVERYWHERE


def _lower(text: str) -> str:
    """Small letters as both databases make them: the plain ones."""
    bare = text.strip()
    return bare.lower() if bare.isascii() else "".join(sign.lower() if sign.isascii() else sign for sign in bare)


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(sign.upper() if sign.isascii() else sign for sign in text)


def _phone(text: str) -> str:
    """A number as the index holds it: no spaces, hyphens or brackets, and 0 for the country."""
    bare = text.translate(dict.fromkeys(map(ord, " -()")))
    return bare.replace("+440", "0").replace("+44", "0")


def _likely(asking: Asking, told: Told, *, on: date, leave_out: Collection[int] = ()) -> tuple[Match, ...]:
    """The likeliest few, the most alike first and the newest first among equals."""
    ids = [each for each in _candidates(asking, told) if each not in leave_out]
    if not ids:
        return ()
    since = on - timedelta(weeks=_RECENT_WEEKS)
    joined = _C.outerjoin(_P, _P.c.id == _C.c.person_id).outerjoin(_W, _W.c.complaint_id == _C.c.id)
    about = (_C.c.id, _C.c.reference, _C.c.matter, _C.c.position, _C.c.received_on, _C.c.service_id)
    statement = (
        sa.select(*about, *_PERSON, _W.c.words.label("stems"))
        .select_from(joined)
        .where(_C.c.id.in_(ids), sa.or_(_C.c.is_open.is_(True), _C.c.received_on >= since))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    found = []
    for row in map(dict, asking.connection.execute(statement).mappings()):
        other = _as_told(row, words=row["stems"] or "", service_id=row["service_id"])
        likeness = alike(told, other)
        if likeness.likely:
            found.append((likeness.score, row["id"], row, likeness))
    found.sort(key=lambda each: each[:2], reverse=True)
    return tuple(_match(row, likeness) for _score, _id, row, likeness in found[:_SHOWN])


def _match(row: Mapping[str, Any], likeness: Likeness) -> Match:
    plain = {name: row[name] for name in ("reference", "matter", "position", "received_on")}
    return Match(**plain, why=likeness.why(), same_person=likeness.same_person)


def _candidates(asking: Asking, told: Told) -> set[int]:
    """Complaints worth comparing: of the same address, number or home, of a namesake, or with two words shared."""
    found: set[int] = set()
    keys = _keys(told)
    if keys:
        people = sa.union_all(*keys)
        newest = sa.select(_C.c.id).where(_C.c.person_id.in_(people)).order_by(_C.c.id.desc()).limit(_PEOPLE)
        found.update(asking.connection.execute(newest).scalars())
    read = asking.connection
    if len(told.name) > 1:
        terms = [Term(words=(word,)) for word in told.name]
        found.update(newest_found(read, terms, seen=asking.seen, limit=_NAMESAKES))
    looked_for = sorted(told.matter, key=lambda word: (-len(word), word))[:_LOOKED_FOR]
    found.update(newest_sharing(read, looked_for, seen=asking.seen, limit=_MATTERS))
    return found


def _keys(told: Told) -> list[sa.Select[Any]]:
    """One look-up for each sign of the person, as it is indexed."""
    signs = ((EMAIL_KEY, told.email), (PHONE_KEY, told.phone), (POSTCODE_KEY, told.postcode))
    people: Iterator[sa.Select[Any]] = (
        sa.select(_P.c.id).where(sa.literal_column(key, sa.String) == value) for key, value in signs if value
    )
    return list(people)


def _decided(asking: Asking, complaint_id: int) -> dict[int, tuple[str, str]]:
    """What was decided about a complaint and each other one: the kind and why."""
    mine = sa.or_(_M.c.first_id == complaint_id, _M.c.second_id == complaint_id)
    rows = asking.connection.execute(sa.select(_M).where(mine)).all()
    return {row.second_id if row.first_id == complaint_id else row.first_id: (row.kind, row.why) for row in rows}


def _linked(asking: Asking, decided: Mapping[int, tuple[str, str]]) -> tuple[Linked, ...]:
    """The linked ones that this person sees, the newest first."""
    ids = [each for each, (kind, _why) in decided.items() if kind != MatchKind.NOT_THE_SAME]
    if not ids:
        return ()
    columns = (_C.c.id, _C.c.reference, _C.c.matter, _C.c.position)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    statement = sa.select(*columns).where(_C.c.id.in_(ids), *seen).order_by(_C.c.id.desc())
    return tuple(
        Linked(
            reference=row.reference,
            matter=row.matter,
            position=row.position,
            kind=decided[row.id][0],
            why=decided[row.id][1],
        )
        for row in asking.connection.execute(statement)
    )
