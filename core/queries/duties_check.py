"""Whether the stored duties are what the facts say: read in parts, so that the largest table needs little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from core.model.complaints import Complaint, Extension, Stage
from core.model.duties import Duty
from core.model.parties import Review
from core.model.remedies import Remedy
from core.model.routes import Route, StepTaken
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.facts import Standing
from core.store.facts import CaseRows, count_duties, duty_key, duty_values, next_of, placed
from core.store.in_touch import InTouch, in_touch_with
from core.store.outside import Outside, asked_outside

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_X = Extension.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_RM = Remedy.__table__  # type: ignore[attr-defined]
_R = Review.__table__  # type: ignore[attr-defined]
_RT = Route.__table__  # type: ignore[attr-defined]
_RS = StepTaken.__table__  # type: ignore[attr-defined]
PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesCheck:
    """One part of the check: how many complaints were looked at, which differ, and where the next part begins.

    `after` is None when there is no next part.
    """

    checked: int
    differing: tuple[str, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """One complaint's rows as they are stored. They are read only: no row here can be changed or saved."""

    rows: CaseRows
    duties: dict[tuple[int, str, int], Any] = field(default_factory=dict)

    @property
    def settled(self) -> dict[tuple[int, str, int], int]:
        """The version of the calendar that each settled duty was counted by."""
        return {key: duty.calendar_id for key, duty in self.duties.items() if duty.standing != Standing.OPEN}


@query(needs=Permission.LEDGER)
def duties_check(asking: Asking, *, after: int = 0, limit: int = PART) -> DutiesCheck:
    """Count the duties of the next complaints by id again and name those whose stored ones differ [lgsco:5.8].

    The console checks every complaint; a person, those they see.
    Raises CalendarEnds when a complaint's dates lie past the last published bank holidays.
    """
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    found = sa.select(_C.c.id).where(_C.c.id > after, *seen).order_by(_C.c.id).limit(limit)
    ids = list(asking.connection.execute(found).scalars())
    differing = [case.rows.complaint.reference for case in stored_cases(asking, ids) if _differs(case, asking)]
    return DutiesCheck(checked=len(ids), differing=tuple(differing), after=ids[-1] if len(ids) == limit else None)


def stored_cases(asking: Asking, ids: Sequence[int]) -> Iterator[StoredCase]:
    """The rows of these complaints, in the order of their ids."""
    read = asking.connection.execute
    stages: dict[int, dict[int, Any]] = {}
    owners: dict[int, int] = {}
    for stage in read(sa.select(*_without_texts(_ST)).where(_ST.c.complaint_id.in_(ids))):
        stages.setdefault(stage.complaint_id, {})[stage.number] = stage
        owners[stage.id] = stage.complaint_id
    extensions: dict[int, dict[int, list[Any]]] = {}
    for row in read(sa.select(_X).where(_X.c.stage_id.in_(list(owners))).order_by(_X.c.id)):
        extensions.setdefault(owners[row.stage_id], {}).setdefault(row.stage_id, []).append(row)
    reviews: dict[int, list[Any]] = {}
    for review in read(sa.select(*_without_texts(_R)).where(_R.c.complaint_id.in_(ids)).order_by(_R.c.id)):
        reviews.setdefault(review.complaint_id, []).append(review)
    remedies: dict[int, list[Any]] = {}
    for remedy in read(sa.select(*_without_texts(_RM)).where(_RM.c.complaint_id.in_(ids)).order_by(_RM.c.number)):
        remedies.setdefault(remedy.complaint_id, []).append(remedy)
    routes, steps = _routes(asking, ids)
    in_touch, outside = in_touch_with(asking.connection, ids), asked_outside(asking.connection, ids)
    duties: dict[int, dict[tuple[int, str, int], Any]] = {}
    for duty in read(sa.select(_D).where(_D.c.complaint_id.in_(ids))):
        duties.setdefault(duty.complaint_id, {})[duty_key(duty)] = duty
    for row in read(sa.select(*_without_texts(_C)).where(_C.c.id.in_(ids)).order_by(_C.c.id)):
        # A row read so has the attributes of the model it comes from, and cannot be changed.
        rows = CaseRows(
            complaint=cast(Complaint, row),
            stages=stages.get(row.id, {}),
            extensions=extensions.get(row.id, {}),
            reviews=reviews.get(row.id, []),
            route=routes.get(row.id),
            route_steps=steps.get(row.id, []),
            in_touch=in_touch.get(row.id, InTouch()),
            remedies=remedies.get(row.id, []),
            information=tuple(in_touch[row.id].information) if row.id in in_touch else (),
            outside=outside.get(row.id, Outside()),
        )
        yield StoredCase(rows=rows, duties=duties.get(row.id, {}))


def _routes(asking: Asking, ids: Sequence[int]) -> tuple[dict[int, Any], dict[int, list[Any]]]:
    """The routes these complaints go by now, and the steps taken there in their order."""
    read = asking.connection.execute
    current = sa.select(*_without_texts(_RT)).where(_RT.c.complaint_id.in_(ids), _RT.c.ended_on.is_(None))
    routes = {row.complaint_id: row for row in read(current)}
    owners = {row.id: complaint_id for complaint_id, row in routes.items()}
    steps: dict[int, list[Any]] = {}
    taken = sa.select(*_without_texts(_RS)).where(_RS.c.route_id.in_(list(owners))).order_by(_RS.c.id)
    for step in read(taken) if owners else ():
        steps.setdefault(owners[step.route_id], []).append(step)
    return routes, steps


def _without_texts(table: Any) -> list[Any]:
    """The columns that facts are made of: long texts are left where they are."""
    return [column for column in table.c if not isinstance(column.type, sa.Text)]


def _differs(case: StoredCase, asking: Asking) -> bool:
    rows, complaint = case.rows, case.rows.complaint
    facts = rows.facts()
    policy = asking.policies[complaint.policy_id]
    owed = count_duties(facts, policy=policy, calendars=asking.calendars, kept=case.settled)
    first = next_of(duty for duty, _calendar in owed)
    should_be = {duty.key: duty_values(duty, rows, is_next=first.holds(duty)) for duty, _calendar in owed}
    if should_be.keys() != case.duties.keys():
        return True
    if any(value != getattr(complaint, name) for name, value in placed(facts, first).items()):
        return True
    stored = case.duties
    return any(
        getattr(stored[key], name) != value for key, values in should_be.items() for name, value in values.items()
    )
