"""A stage in somebody's hands: given to one colleague from a day, or taken from them."""

from __future__ import annotations

from sqlmodel import col, select

from core.commands.base import Work
from core.model.complaints import Stage
from core.model.correspondence import Allocation


def put_in_hands(stage: Stage, colleague_id: int | None, work: Work) -> None:
    """Make a colleague the stage's handler from today, or nobody; who had it before is kept [lgsco:4.1]."""
    current = (col(Allocation.complaint_id) == stage.complaint_id, col(Allocation.stage_number) == stage.number)
    for row in work.session.exec(select(Allocation).where(*current, col(Allocation.until).is_(None))):
        row.until = work.today
    stage.handler_id = colleague_id
    stage.assigned_on = work.today if colleague_id is not None else None
    if colleague_id is not None:
        allocation = Allocation(
            complaint_id=stage.complaint_id,
            stage_number=stage.number,
            colleague_id=colleague_id,
            given_on=work.today,
        )
        work.session.add(allocation)
