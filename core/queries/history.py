"""What is known about imports: which old references are here already, saved mappings, and what each run did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.code.policy import Policy
from core.model.complaints import Complaint
from core.model.people import Colleague, Service
from core.model.working import ImportProblem, ImportRun, SavedMapping
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.working_days import WorkingDays

_C = Complaint.__table__  # type: ignore[attr-defined]
_R = ImportRun.__table__  # type: ignore[attr-defined]
_IP = ImportProblem.__table__  # type: ignore[attr-defined]
_M = SavedMapping.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One old complaint that is here already. `reference` is empty when the one who asks does not see it."""

    reference: str
    digest: str


@query(needs=Permission.IMPORT)
def known_complaints(asking: Asking, source: str, keys: Sequence[str]) -> dict[str, Known]:
    """Which of these old references of a source are here, each with our reference and the digest of its row."""
    seen = sa.and_(sa.true(), *asking.seen(_C.c.id, service_id=_C.c.service_id))
    reference = sa.case((seen, _C.c.reference), else_="")
    statement = sa.select(_C.c.old_reference, reference, _C.c.source_digest).where(
        _C.c.source == source, _C.c.old_reference.in_(keys)
    )
    found = asking.connection.execute(statement)
    return {row[0]: Known(reference=row[1], digest=row[2]) for row in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names that a file's own words are matched with."""

    services: dict[str, int]
    colleagues: dict[str, int]


@query(needs=Permission.IMPORT)
def known_names(asking: Asking) -> Names:
    """Services and colleagues by name in lower case."""
    services = Service.__table__  # type: ignore[attr-defined]
    people = Colleague.__table__  # type: ignore[attr-defined]
    read = asking.connection.execute
    return Names(
        services={row[1].casefold(): row[0] for row in read(sa.select(services.c.id, services.c.name))},
        colleagues={row[1].casefold(): row[0] for row in read(sa.select(people.c.id, people.c.name))},
    )


@query(needs=Permission.IMPORT)
def counting(asking: Asking) -> tuple[Policy, WorkingDays]:
    """The policy in force today and the calendar it counts by, which imported complaints are judged with."""
    begun = [policy for policy in asking.policies.values() if policy.in_force_from <= asking.today]
    policy = max(begun, key=lambda one: one.in_force_from)
    return policy, asking.calendars.of(policy.closure_days_skip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One import of one file."""

    id: int
    source: str
    file_name: str
    finished_at: datetime
    rows: int
    added: int
    unchanged: int
    problems: int
    mapping: str


@query(needs=Permission.IMPORT)
def import_runs(asking: Asking, *, limit: int = 20) -> tuple[Run, ...]:
    """The latest imports."""
    found = asking.connection.execute(sa.select(_R).order_by(_R.c.id.desc()).limit(limit))
    return tuple(
        Run(
            id=row.id,
            source=row.source,
            file_name=row.file_name,
            finished_at=row.finished_at,
            rows=row.rows_read,
            added=row.complaints_added,
            unchanged=row.unchanged,
            problems=row.problems,
            mapping=row.mapping,
        )
        for row in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One cell or row that could not be used."""

    row: int
    column: str
    value: str
    what_to_do: str


@query(needs=Permission.IMPORT)
def import_problems(asking: Asking, run_id: int, *, limit: int = 500) -> tuple[ProblemLine, ...]:
    """The problems of one import, in the file's order."""
    statement = sa.select(_IP).where(_IP.c.run_id == run_id).order_by(_IP.c.row_number, _IP.c.id).limit(limit)
    return tuple(
        ProblemLine(row=row.row_number, column=row.column_name, value=row.value, what_to_do=row.what_to_do)
        for row in asking.connection.execute(statement)
    )


@query(needs=Permission.IMPORT)
def saved_mappings(asking: Asking, *, fingerprint: str | None = None) -> dict[str, str]:
    """Saved mappings by name; only those for files with these headings when a fingerprint is given."""
    statement = sa.select(_M.c.name, _M.c.mapping).order_by(_M.c.name)
    if fingerprint is not None:
        statement = statement.where(_M.c.fingerprint == fingerprint)
    return {row[0]: row[1] for row in asking.connection.execute(statement)}
