"""What stands behind a link, read before anybody is known: one short statement by key."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.information import AnswerLink, InformationRequest
from core.model.people import Colleague
from core.model.survey import SurveyOffer

_I = InformationRequest.__table__  # type: ignore[attr-defined]
_L = AnswerLink.__table__  # type: ignore[attr-defined]
_O = SurveyOffer.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


def question_behind(connection: Connection, link_id: str) -> Any | None:
    """The question a link leads to and how the link stands; None when there is no such link."""
    statement = (
        sa.select(
            _I.c.name,
            _I.c.what,
            _I.c.documents,
            _I.c.due_on,
            _I.c.answered_on,
            _I.c.withdrawn_on,
            _W.c.name.label("asker"),
            _L.c.ends_at,
            _L.c.ended_at,
        )
        .select_from(_L.join(_I, _I.c.id == _L.c.request_id).outerjoin(_W, _W.c.id == _I.c.asked_by))
        .where(_L.c.id == link_id)
    )
    return connection.execute(statement).first()


def survey_behind(connection: Connection, link_id: str) -> Any | None:
    """The offer of a survey that a link leads to; None when there is no such link."""
    return connection.execute(sa.select(_O).where(_O.c.link_id == link_id)).first()
