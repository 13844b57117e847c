"""What if: the two stages' clocks of everything lived and imported under another policy. No complaint is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.code.policy import SETTINGS, Policy
from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.people import Service
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.in_force import policy_today
from core.rules.duties import TITLES
from core.rules.facts import StageNumber, Standing
from core.rules.s6_stages import ACKNOWLEDGE, RESPOND
from core.rules.what_if import STANDINGS, Codes, Judged, judge
from core.store.what_if import History, Numbers, history_of

_C = Complaint.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
CLOCKS = (*ACKNOWLEDGE.values(), *RESPOND.values())
"""The clocks that can be tried, by key."""
_PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A policy to try: a version here, or today's without one, with some periods and readings otherwise.

    `settings` says which readings are decided otherwise, all three at once; None keeps the version's own.
    """

    policy_id: int | None = None
    periods: tuple[tuple[str, int], ...] = ()
    settings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Complaints received from and until a day, both included; None leaves that end open."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many stand how. What is open, void or unknown is not judged."""

    in_time: int = 0
    extended: int = 0
    late: int = 0
    open: int = 0
    void: int = 0
    unknown: int = 0

    @property
    def judged(self) -> int:
        """How many came to an answer in time, within an extension, or late."""
        return self.in_time + self.extended + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One clock of one group, under both policies, and for how many the outcome differs."""

    name: str
    before: Tally
    after: Tally
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedClock:
    """One clock under both policies: over everything, by service and by month of receipt."""

    key: str
    title: str
    total: Tried
    services: tuple[Tried, ...]
    months: tuple[Tried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a policy would have come to, clock by clock, over so many complaints."""

    complaints: int
    clocks: tuple[TriedClock, ...]


@query(needs=Permission.FIGURES, kept=True)
def what_if(asking: Asking, trial: Trial, *, against: Trial | None = None, span: Span = Span()) -> WhatIf:  # noqa: B008
    """All complaints under the Code by a policy on trial and by another, or each by its own version [lgsco:8.1b].

    Raises BadInput for a period that cannot be, or a version that is not here.
    """
    names = {row[0]: row[1] for row in asking.connection.execute(sa.select(_S.c.id, _S.c.name))}
    clocks: list[TriedClock] = []
    complaints = 0
    for history, pairs in _both(asking, trial, against, _spanned(span)):
        complaints = max(complaints, len(history.complaint_id))  # each has a stage 1
        months = history.stages.received.astype("datetime64[M]").astype(np.int64)
        for key, (before, after) in pairs.items():
            clocks.append(
                TriedClock(
                    key=key,
                    title=TITLES[key],
                    total=_total(before, after),
                    services=_groups(history.service_id, before, after, {0: "No service named", **names}),
                    months=_groups(months, before, after, None),
                )
            )
    return WhatIf(complaints=complaints, clocks=tuple(clocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One complaint whose outcome differs, and why: the date it had under each policy, and when it was done."""

    reference: str
    service: str
    due_before: date
    due_after: date
    done_on: date | None
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPage:
    """The newest of the complaints that differ, and how many there are that this person sees."""

    lines: tuple[Changed, ...]
    count: int


@query(needs=Permission.READ, kept=True)
def what_if_changed(
    asking: Asking,
    trial: Trial,
    *,
    clock: str,
    against: Trial | None = None,
    span: Span = Span(),  # noqa: B008
    limit: int = 100,
) -> ChangedPage:
    """Which complaints differ on one clock, of those this person sees, the newest first [lgsco:8.1b].

    Raises BadInput for a clock that is not one of the four.
    """
    if clock not in CLOCKS:
        raise BadInput("There is no such clock. Choose one of the list.")
    number = StageNumber.ONE if clock.endswith("one") else StageNumber.TWO
    where = [*_spanned(span), *asking.seen(_C.c.id, service_id=_C.c.service_id)]
    ((history, pairs),) = _both(asking, trial, against, where, numbers=(number,))
    before, after = pairs[clock]
    differ = np.flatnonzero(before.standing != after.standing)[::-1]
    shown = differ[:limit]
    told = _told(asking, history.complaint_id[shown])
    done = history.stages.acknowledged if clock in ACKNOWLEDGE.values() else history.stages.responded
    lines = tuple(
        Changed(
            reference=told[int(history.complaint_id[at])][0],
            service=told[int(history.complaint_id[at])][1],
            due_before=before.due[at].item(),
            due_after=after.due[at].item(),
            done_on=done[at].item(),
            before=STANDINGS[before.standing[at]],
            after=STANDINGS[after.standing[at]],
        )
        for at in shown
    )
    return ChangedPage(lines=lines, count=len(differ))


def _told(asking: Asking, ids: Numbers) -> Mapping[int, tuple[str, str]]:
    """Reference and service of some complaints."""
    joined = _C.outerjoin(_S, _S.c.id == _C.c.service_id)
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART].tolist()
        named = sa.select(_C.c.id, _C.c.reference, _S.c.name).select_from(joined).where(_C.c.id.in_(part))
        found.update((row[0], (row[1], row[2] or "No service named")) for row in asking.connection.execute(named))
    return found


def _spanned(span: Span) -> list[Any]:
    """The Code's complaints of a time; those by another law have its clocks."""
    where: list[Any] = [_C.c.scheme == "lgsco"]
    if span.since is not None:
        where.append(_C.c.received_on >= span.since)
    if span.until is not None:
        where.append(_C.c.received_on <= span.until)
    return where


def _both(
    asking: Asking,
    trial: Trial,
    against: Trial | None,
    where: list[Any],
    *,
    numbers: tuple[StageNumber, ...] = (StageNumber.ONE, StageNumber.TWO),
) -> Iterator[tuple[History, dict[str, tuple[Judged, Judged]]]]:
    """Each stage's history with both clocks judged before and after."""
    tried = policy_of(asking, trial)
    for number in numbers:
        history = history_of(asking.connection, number, *where)
        after = judge(history.stages, policy=tried, calendar=asking.calendars.of(tried.closure_days_skip))
        before = _as_lived(asking, history) if against is None else _by(asking, history, policy_of(asking, against))
        yield history, {key: (before[key], after[key]) for key in after}


def _by(asking: Asking, history: History, policy: Policy) -> Mapping[str, Judged]:
    return judge(history.stages, policy=policy, calendar=asking.calendars.of(policy.closure_days_skip))


def _as_lived(asking: Asking, history: History) -> Mapping[str, Judged]:
    """Each complaint by the version it was taken in under."""
    found: Mapping[str, Judged] = {}
    for policy_id in np.unique(history.policy_id).tolist() or list(asking.policies)[:1]:
        judged = _by(asking, history, asking.policies[policy_id])
        own = history.policy_id == policy_id
        found = {key: _where(own, each, found.get(key, each)) for key, each in judged.items()}
    return found


def _where(own: Any, each: Judged, other: Judged) -> Judged:
    return Judged(due=np.where(own, each.due, other.due), standing=np.where(own, each.standing, other.standing))


def policy_of(asking: Asking, trial: Trial) -> Policy:
    """The policy that a trial describes; BadInput for one that cannot be."""
    if trial.policy_id is not None and trial.policy_id not in asking.policies:
        raise BadInput("There is no such version of the policy. Choose one of the list.")
    base = policy_today(asking) if trial.policy_id is None else asking.policies[trial.policy_id]
    chosen: dict[str, Any] = {"periods": {**base.periods, **dict(trial.periods)}}
    if trial.settings is not None:
        chosen |= {name: name in trial.settings for name in SETTINGS}
    return replace(base, resolution=base.resolution or "Only tried", **chosen)


def _groups(group: Numbers, before: Judged, after: Judged, names: Mapping[int, str] | None) -> tuple[Tried, ...]:
    """Both tallies of every group there is, in the order of names; without `names` a group is a month."""
    keys, place = np.unique(group, return_inverse=True)
    first, second = (_tallies(place, len(keys), each.standing) for each in (before, after))
    differ = np.bincount(place, weights=before.standing != after.standing, minlength=len(keys))
    found = [
        Tried(name=_month(key) if names is None else names[key], before=first[at], after=second[at], changed=int(many))
        for at, (key, many) in enumerate(zip(keys.tolist(), differ, strict=True))
    ]
    return tuple(found if names is None else sorted(found, key=lambda each: each.name))


def _total(before: Judged, after: Judged) -> Tried:
    """Both tallies of everything; all of it nothing where there is nothing."""
    found = _groups(np.zeros(before.due.shape, dtype=np.int64), before, after, {0: "All"})
    return found[0] if found else Tried(name="All", before=Tally(), after=Tally(), changed=0)


def _month(months: int) -> str:
    """A month counted since 1970 as 2026-09."""
    return str(np.datetime64(months, "M"))


def _tallies(place: Numbers, many: int, standing: Codes) -> list[Tally]:
    kinds = len(STANDINGS)
    counts = np.bincount(place * kinds + standing, minlength=many * kinds).reshape(many, kinds)
    return [Tally(**{each.value: int(number) for each, number in zip(STANDINGS, row, strict=True)}) for row in counts]
