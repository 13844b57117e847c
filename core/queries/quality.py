"""Quality: the months' samples with what was checked, feedback on one's own work, and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.quality import CHECKLIST
from core.model.complaints import Complaint, Stage
from core.model.people import Colleague, Service
from core.model.quality import QualityCheck, QualityItem, QualitySample, SampledCase
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.quality import Mark
from core.store.quality import hands_on

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_Q = QualitySample.__table__  # type: ignore[attr-defined]
_SC = SampledCase.__table__  # type: ignore[attr-defined]
_QC = QualityCheck.__table__  # type: ignore[attr-defined]
_QI = QualityItem.__table__  # type: ignore[attr-defined]
_SHOWN = 12  # samples, and pieces of feedback that were read


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledView:
    """One complaint of a sample. `own`: whoever asks had it in hand, so somebody else checks it."""

    id: int
    reference: str
    matter: str
    service: str
    handler: str
    outcome: str
    checked_on: date | None
    checked_by: str
    passed: bool | None
    acknowledged_on: date | None
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """The sample of one month, and the number that draws it again."""

    id: int
    month: date
    size: int
    seed: int
    answered: int
    strata: int
    drawn_on: date
    cases: tuple[SampledView, ...]

    @property
    def to_check(self) -> tuple[SampledView, ...]:
        """What is left to be checked."""
        return tuple(each for each in self.cases if each.checked_on is None)


@query(needs=Permission.QUALITY)
def quality_samples(asking: Asking) -> tuple[SampleView, ...]:
    """The last twelve samples, the newest first, with the complaints of each that may be seen [lgsco:9.4]."""
    drawn = sa.select(_Q).order_by(_Q.c.month.desc()).limit(_SHOWN)
    samples = asking.connection.execute(drawn).mappings().all()
    cases = _cases(asking, [row["id"] for row in samples])
    names = [name for name in SampleView.__dataclass_fields__ if name != "cases"]
    return tuple(
        SampleView(**{name: row[name] for name in names}, cases=tuple(cases.get(row["id"], ()))) for row in samples
    )


def _cases(asking: Asking, sample_ids: list[int]) -> dict[int, list[SampledView]]:
    checker = _W.alias()
    columns: Mapping[str, Any] = {
        "id": _SC.c.id,
        "reference": _C.c.reference,
        "matter": _C.c.matter,
        "service": sa.func.coalesce(_S.c.name, ""),
        "handler": sa.func.coalesce(_W.c.name, ""),
        "outcome": sa.func.coalesce(_ST.c.outcome, ""),
        "checked_on": _QC.c.checked_on,
        "checked_by": sa.func.coalesce(checker.c.name, ""),
        "passed": _QC.c.passed,
        "acknowledged_on": _QC.c.acknowledged_on,
    }
    of_stage = sa.and_(_ST.c.complaint_id == _SC.c.complaint_id, _ST.c.number == _SC.c.stage_number)
    statement = (
        sa.select(_SC.c.sample_id, _SC.c.complaint_id, *(column.label(name) for name, column in columns.items()))
        .select_from(
            _SC.join(_C, _C.c.id == _SC.c.complaint_id)
            .join(_ST, of_stage)
            .outerjoin(_S, _S.c.id == _C.c.service_id)
            .outerjoin(_W, _W.c.id == _SC.c.handler_id)
            .outerjoin(_QC, _QC.c.sampled_id == _SC.c.id)
            .outerjoin(checker, checker.c.id == _QC.c.checked_by)
        )
        .where(_SC.c.sample_id.in_(sample_ids), *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_C.c.reference)
    )
    rows = asking.connection.execute(statement).mappings().all()
    hands = hands_on(asking.connection, [row["complaint_id"] for row in rows])
    found: dict[int, list[SampledView]] = {}
    for row in rows:
        own = asking.actor.id in hands[row["complaint_id"]]
        found.setdefault(row["sample_id"], []).append(SampledView(**{name: row[name] for name in columns}, own=own))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    """What a check found on a complaint that whoever asks had answered. `not_met` holds titles with words."""

    check_id: int
    reference: str
    month: date
    checked_on: date
    checked_by: str
    passed: bool
    words: str
    not_met: tuple[tuple[str, str], ...]
    acknowledged_on: date | None
    reply: str


@query(needs=Permission.READ)
def own_feedback(asking: Asking) -> tuple[FeedbackView, ...]:
    """What checks found on one's own work: what is not read yet first, then the newest [lgsco:9.8]."""
    statement = (
        sa.select(
            _QC.c.id.label("check_id"), _C.c.reference, _Q.c.month, _QC.c.checked_on, _QC.c.passed, _QC.c.words,
            _QC.c.acknowledged_on, _QC.c.reply, sa.func.coalesce(_W.c.name, "").label("checked_by"),
        )
        .select_from(
            _QC.join(_SC, _SC.c.id == _QC.c.sampled_id)
            .join(_Q, _Q.c.id == _SC.c.sample_id)
            .join(_C, _C.c.id == _SC.c.complaint_id)
            .outerjoin(_W, _W.c.id == _QC.c.checked_by)
        )
        .where(_SC.c.handler_id == asking.actor.id, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_QC.c.acknowledged_on.is_not(None), _QC.c.checked_on.desc(), _QC.c.id)
        .limit(_SHOWN)
    )  # fmt: skip
    rows = asking.connection.execute(statement).mappings().all()
    failed: dict[int, list[tuple[str, str]]] = {}
    not_met = sa.select(_QI.c.check_id, _QI.c.item, _QI.c.words).where(
        _QI.c.check_id.in_([row["check_id"] for row in rows]), _QI.c.mark == Mark.NOT_MET.value
    )
    for item in asking.connection.execute(not_met.order_by(_QI.c.id)):
        failed.setdefault(item.check_id, []).append((CHECKLIST[item.item].title, item.words))
    return tuple(FeedbackView(**row, not_met=tuple(failed.get(row["check_id"], ()))) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """How often one item of the checklist was met; where it does not apply it counts neither way."""

    phase: str
    title: str
    met: int
    not_met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFigures:
    """Checks of the samples of some months: how many passed, item by item, and how many were read by the handler."""

    checked: int
    passed: int
    acknowledged: int
    sampled: int
    items: tuple[ItemFigures, ...]


@query(needs=Permission.FIGURES)
def quality_figures(
    asking: Asking, *, first_month: date | None = None, last_month: date | None = None
) -> QualityFigures:
    """Passed ÷ checked, as a whole and by item, for the samples of these months, both included [lgsco:9.4].

    Each month is named by its first day.
    """
    within = [
        *([_Q.c.month >= first_month] if first_month else []),
        *([_Q.c.month <= last_month] if last_month else []),
    ]
    joined = _SC.join(_Q, _Q.c.id == _SC.c.sample_id)
    counts = (
        sa.select(
            sa.func.count(_SC.c.id),
            sa.func.count(_QC.c.id),
            sa.func.coalesce(sa.func.sum(sa.case((_QC.c.passed.is_(True), 1), else_=0)), 0),
            sa.func.count(_QC.c.acknowledged_on),
        )
        .select_from(joined.outerjoin(_QC, _QC.c.sampled_id == _SC.c.id))
        .where(*within)
    )
    sampled, checked, passed, acknowledged = asking.connection.execute(counts).one()
    return QualityFigures(
        checked=checked,
        passed=int(passed),
        acknowledged=acknowledged,
        sampled=sampled,
        items=_by_item(asking, within),
    )


def _by_item(asking: Asking, within: list[Any]) -> tuple[ItemFigures, ...]:
    joined = _SC.join(_Q, _Q.c.id == _SC.c.sample_id)
    by_item = (
        sa.select(_QI.c.item, _QI.c.mark, sa.func.count())
        .select_from(_QI.join(_QC, _QC.c.id == _QI.c.check_id).join(joined, _SC.c.id == _QC.c.sampled_id))
        .where(*within)
        .group_by(_QI.c.item, _QI.c.mark)
    )
    found = {(row[0], row[1]): row[2] for row in asking.connection.execute(by_item)}
    return tuple(
        ItemFigures(
            phase=item.phase,
            title=item.title,
            met=found.get((key, Mark.MET.value), 0),
            not_met=found.get((key, Mark.NOT_MET.value), 0),
        )
        for key, item in CHECKLIST.items()
    )
