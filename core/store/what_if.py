"""The days of every stage, read at once into arrays: nothing here is a row of one complaint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint, Extension, Stage
from core.rules.facts import Ending, StageNumber
from core.rules.what_if import Extensions, Flags, StageDays
from core.rules.working_days import Days

_C = Complaint.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_DAY = np.dtype("datetime64[D]")
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Every stage of one number: its days, and whose it is. A service or a policy is its id; no service is 0."""

    stages: StageDays
    complaint_id: Numbers
    service_id: Numbers
    policy_id: Numbers

    @property
    def number(self) -> StageNumber:
        """Which of the two stages."""
        return self.stages.number


def history_of(connection: Connection, number: StageNumber, *where: Any) -> History:
    """The stages of this number on the complaints that fit, in two reads."""
    joined = _ST.join(_C, _C.c.id == _ST.c.complaint_id)
    chosen = (_ST.c.number == int(number), *where)
    statement = sa.select(*_columns()).select_from(joined).where(*chosen).order_by(_ST.c.id)
    ids, complaint_ids, services, policies, flags, texts = _read(connection, statement)
    received, logged, acknowledged, responded, ended = _days(texts, len(_DATES)).T
    refused, routed, escalated, possible, receipt, acknowledgement, response = _bits(flags)
    return History(
        stages=StageDays(
            number=number,
            received=received,
            logged=logged,
            acknowledged=acknowledged,
            responded=responded,
            ended=ended,
            refused=refused,
            routed=routed,
            overtaken=escalated & (number is StageNumber.ONE),
            can_acknowledge=possible,
            receipt_known=receipt,
            acknowledgement_known=acknowledgement,
            response_known=response,
            extensions=_extensions(connection, _numbers(ids), joined, chosen),
        ),
        complaint_id=_numbers(complaint_ids),
        service_id=_numbers(services),
        policy_id=_numbers(policies),
    )


_DATES = (_ST.c.received_on, _ST.c.logged_on, _ST.c.acknowledged_on, _ST.c.responded_on, _C.c.ended_on)
_FLAGS = (
    _C.c.ending == Ending.REFUSED.value,
    _C.c.ending == Ending.ROUTED.value,
    _C.c.stage_number == int(StageNumber.TWO),
    _C.c.acknowledgement_possible.is_(True),
    _ST.c.receipt_recorded.is_(True),
    _ST.c.acknowledgement_recorded.is_(True),
    _ST.c.response_recorded.is_(True),
)
_NO_DAY = "0001-01-01"


def _columns() -> list[Any]:
    """Few values a row, since each one takes its time: the days of a stage as one text, its flags as one number."""
    flags = sum(sa.case((each, 1 << bit), else_=0) for bit, each in enumerate(_FLAGS))
    ids = (_ST.c.id, _C.c.id.label("complaint_id"), sa.func.coalesce(_C.c.service_id, 0), _C.c.policy_id)
    return [*ids, flags, _as_text(*_DATES)]


def _as_text(*columns: Any) -> Any:
    """Days one after the other as both databases write them: 2026-09-07."""
    texts: list[Any] = [sa.func.coalesce(sa.cast(each, sa.String), _NO_DAY) for each in columns]
    return reduce(lambda before, text: before.concat(text), texts)


def _read(connection: Connection, statement: sa.Select[Any]) -> list[Sequence[Any]]:
    """The columns of what was found, as the driver hands them over."""
    with connection.execute(statement) as result:
        rows = result.cursor.fetchall() if result.cursor is not None else []
    return list(zip(*rows, strict=True)) if rows else [()] * len(statement.selected_columns)


def _days(texts: Sequence[str], each: int) -> Days:
    """So many days of each text; the one that stands for none is NaT."""
    width = len(_NO_DAY)
    days = np.array(texts, dtype=f"S{width * each}").view(f"S{width}").reshape(-1, each).astype(_DAY)
    days[days == np.datetime64(_NO_DAY)] = np.datetime64("NaT")
    return days


def _bits(flags: Sequence[int]) -> Iterator[Flags]:
    numbers = np.array(flags, dtype=np.int64)
    return ((numbers >> bit & 1).astype(bool) for bit in range(len(_FLAGS)))


def _numbers(values: Sequence[int]) -> Numbers:
    return np.array(values, dtype=np.int64)


def _extensions(connection: Connection, stage_ids: Numbers, joined: Any, chosen: Sequence[Any]) -> Extensions:
    reason = sa.case((_E.c.good_reason.is_(None), 0), (_E.c.good_reason == "", 0), else_=1)
    of_these = joined.join(_E, _E.c.stage_id == _ST.c.id)
    columns = (_E.c.stage_id, reason, _as_text(_E.c.new_date, _E.c.told_on))
    statement = sa.select(*columns).select_from(of_these).where(*chosen).order_by(_E.c.id)
    of_stage, reasons, texts = _read(connection, statement)
    new_date, told_on = _days(texts, 2).T
    return Extensions(
        at=np.searchsorted(stage_ids, _numbers(of_stage)),
        new_date=new_date,
        told_on=told_on,
        good_reason=np.array(reasons, dtype=bool),
    )
