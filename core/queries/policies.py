"""The council's own policy: its versions with who decided them and why, and whether its text says what it has to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.policy import Departure, Policy
from core.code.policy_items import POLICY_ITEMS, PolicyText
from core.errors import BadInput, NotFound
from core.model.organisation import PolicyVersion
from core.model.people import Colleague
from core.model.policies import PolicyDeparture, PolicyFile, PolicyItem, PolicyPaper
from core.model.refusals import RefusalReason
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.queries.guidance import KeptFile
from core.store.policies import newest_paper

_PD = PolicyDeparture.__table__  # type: ignore[attr-defined]
_PF = PolicyFile.__table__  # type: ignore[attr-defined]
_PI = PolicyItem.__table__  # type: ignore[attr-defined]
_PP = PolicyPaper.__table__  # type: ignore[attr-defined]
_R = RefusalReason.__table__  # type: ignore[attr-defined]
_V = PolicyVersion.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One departure of a version, with the reason that was decided; "" where people lose nothing by it."""

    departure: Departure
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The policy as people read it; all of it "" before the council has adopted any text."""

    complaint_definition: str = ""
    request_definition: str = ""
    words: str = ""
    web_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version: from when, until the day before the next one, and its departures. `begun` means by today."""

    id: int
    policy: Policy
    until: date | None
    begun: bool
    in_force: bool
    departures: tuple[Explained, ...]
    file: str = ""
    """The name of the version as a file, the newest one; "" while none is kept."""
    why_held: str = ""
    """Why nobody may open that file; "" for one that may be opened."""


@query(needs=Permission.CODE, kept=True)
def policy_versions(asking: Asking) -> tuple[VersionView, ...]:
    """Every version of the one policy, the newest first; on any day exactly one is in force [lgsco:5.1]."""
    begins: dict[int, date] = {
        row.id: row.in_force_from for row in asking.connection.execute(sa.select(_V.c.id, _V.c.in_force_from))
    }
    order = [(key, asking.policies[key]) for key in sorted(begins, key=begins.__getitem__)]
    reasons, files = _reasons(asking), _files(asking)
    current = max((key for key, _policy in order if begins[key] <= asking.today), key=begins.__getitem__, default=0)
    found: list[VersionView] = []
    known: dict[str, str] = {}
    for at, (key, policy) in enumerate(order):
        # A version that only begins or ends our own standards keeps the departures, with the reasons they had.
        known |= reasons.get(key, {})
        found.append(
            VersionView(
                id=key,
                policy=policy,
                until=begins[order[at + 1][0]] if at + 1 < len(order) else None,
                begun=begins[key] <= asking.today,
                in_force=key == current,
                departures=tuple(Explained(departure=d, reason=known.get(d.key, "")) for d in policy.departures()),
                **files.get(key, {}),
            )
        )
    return tuple(reversed(found))


def _files(asking: Asking) -> Mapping[int, Mapping[str, str]]:
    """The newest file of each version that has one."""
    rows = asking.connection.execute(sa.select(_PF.c.policy_id, _PF.c.name, _PF.c.why_held).order_by(_PF.c.id))
    return {row.policy_id: {"file": row.name, "why_held": row.why_held} for row in rows}


@query(needs=Permission.CODE)
def policy_file(asking: Asking, policy_id: int) -> KeptFile:
    """The newest file of a version; NotFound when there is none, BadInput for one that is held back [lgsco:3.4]."""
    statement = sa.select(_PF).where(_PF.c.policy_id == min(policy_id, LAST_ID)).order_by(_PF.c.id.desc()).limit(1)
    row = asking.connection.execute(statement).first()
    if row is None:
        raise NotFound("There is no such file. Open it from the page Policy and departures.")
    if row.why_held:
        raise BadInput(f"“{row.name}” is held back: {row.why_held} Ask the complaints manager for another copy.")
    return KeptFile(name=row.name, sha256=row.sha256)


def _reasons(asking: Asking) -> Mapping[int, Mapping[str, str]]:
    """The reason of each departure by version and key."""
    found: dict[int, dict[str, str]] = {}
    for row in asking.connection.execute(sa.select(_PD.c.policy_id, _PD.c.key, _PD.c.reason)):
        found.setdefault(row.policy_id, {})[row.key] = row.reason
    return found


@query(needs=Permission.CODE, kept=True)
def policy_paper(asking: Asking) -> Paper:
    """The words of the policy in force today [lgsco:3.4]."""
    row = _paper(asking)
    if row is None:
        return Paper()
    return Paper(
        complaint_definition=row.complaint_definition,
        request_definition=row.request_definition,
        words=row.words,
        web_address=row.web_address,
    )


def _paper(asking: Asking) -> Any:
    number = newest_paper(asking.connection, today=asking.today)
    return asking.connection.execute(sa.select(_PP).where(_PP.c.id == number)).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One thing the policy has to say: said, not said, or None while nobody has read it. `by` says who or what says so.

    `where` is where the text says it, or what is missing.
    """

    item: PolicyText
    said: bool | None
    where: str
    by: str
    on: date | None = None

    @property
    def gap(self) -> bool:
        """Whether something is to be done about it."""
        return self.said is not True


@query(needs=Permission.CODE, kept=True)
def policy_check(asking: Asking) -> tuple[ItemView, ...]:
    """What a published policy has to say, answered by the settings where they can, else by a reader [lgsco:3.5]."""
    paper = _paper(asking)
    read = _read(asking, paper.id) if paper is not None else {}
    return tuple(
        read.get(key) or ItemView(item=item, said=None, where=item.missing, by="")
        if item.shown_by is None
        else _shown(asking, item, paper)
        for key, item in POLICY_ITEMS.items()
    )


def _read(asking: Asking, paper_id: int) -> dict[str, ItemView]:
    """What was read in this text; the newest of each item holds."""
    statement = (
        sa.select(_PI, _W.c.name.label("who"))
        .select_from(_PI.outerjoin(_W, _W.c.id == _PI.c.read_by))
        .where(_PI.c.paper_id == paper_id)
        .order_by(_PI.c.id)
    )
    return {
        row.item: ItemView(
            item=POLICY_ITEMS[row.item], said=row.said, where=row.where, by=row.who or "The console", on=row.read_on
        )
        for row in asking.connection.execute(statement)
        if row.item in POLICY_ITEMS
    }


def _shown(asking: Asking, item: PolicyText, paper: Any) -> ItemView:
    """What a live setting says."""
    if item.shown_by == "exclusions":
        said = bool(asking.connection.execute(_reasons_in_force(asking)).scalar())
        where = "The list of reasons in force."
    else:
        text = "" if paper is None else getattr(paper, str(item.shown_by))
        said, where = bool(text.strip()), "Kept with the version."
    return ItemView(item=item, said=said, where=where if said else item.missing, by="The settings")


def _reasons_in_force(asking: Asking) -> sa.Select[Any]:
    until = sa.or_(_R.c.in_force_until.is_(None), _R.c.in_force_until >= asking.today)
    return sa.select(sa.func.count()).select_from(_R).where(_R.c.in_force_from <= asking.today, until)
