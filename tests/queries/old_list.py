"""Many open complaints at once, brought in from a made-up old list through the command that imports."""

from __future__ import annotations

from datetime import date

from core.commands.importing import ImportBatch
from core.desk import Desk
from core.model.complaints import Channel
from core.store.history import PastComplaint, PastPoint, PastStage
from tests.conftest import Desks


def bring_in(
    desks: Desks, *received: date, source: str = "old list", handler: Desk | None = None, two_asked: date | None = None
) -> None:
    """Open complaints of these days of receipt; at stage 2 when it was asked for."""
    owner = handler.actor.id if handler is not None else None
    two = PastStage(received_on=two_asked) if two_asked is not None else None
    past = tuple(
        PastComplaint(
            old_reference=f"{source}-{number}",
            digest=f"{number:024d}",
            row=number,
            one=PastStage(received_on=on, handler_id=owner, responded_on=two_asked, acknowledged_on=two_asked),
            two=two,
            points=(PastPoint(text="x", outcome=None),),
            matter=f"Matter {number}",
            words="Bins",
            channel=Channel.OTHER.value,
        )
        for number, on in enumerate(received, start=2)
    )
    desks.manager.do(ImportBatch(source=source, complaints=past))
