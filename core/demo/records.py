"""What the sample council shows of records over time: held, due, proposed, asked for, to be corrected, and linked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from core.bundles.pieces import Piece, pieces
from core.commands.authority import AskAgreement, SetAuthority
from core.commands.base import Command
from core.commands.erasing import ProposeErasure, SetRetention
from core.commands.holding import PlaceHold
from core.commands.matching import LinkCases
from core.commands.rectification import RecordRectification
from core.commands.subject_access import AddSubjectCase, RecordRuling, RecordSubjectAccess
from core.demo.texts import read
from core.desk import Desk
from core.events.base import Event
from core.model.matches import LinkKind
from core.permissions import Role
from core.queries.cases import CaseView, case_view
from core.queries.queue import QueueFilter, queue
from core.queries.retention import retention_board
from core.queries.subject_access import subject_request
from core.rules.rectification import RightAsked
from core.rules.subject_access import Ruling

_DECIDED = 3
_LEAST_DUE = 4  # one is held and one proposed, and two are left
_LOOKED_AT = 10
_Does = Callable[..., Event]


@cache
def _told() -> Mapping[str, Any]:
    return read("records.toml")


def look_after_records(manager: Desk, handler: Desk, *, seed: str) -> None:
    """What is done last about records; a small council may have nothing old enough, or nobody in hand."""
    random = Random(f"{seed} records")  # noqa: S311 - a story, not a secret

    def does(desk: Desk, step: type[Command], /, **values: Any) -> Event:
        named = str(UUID(int=random.getrandbits(128), version=4))
        return desk.do(step(command_id=named, **values)).events[0]

    _at_their_end(does, manager)
    rows = handler.ask(queue, QueueFilter(owner_id=handler.actor.id), limit=_LOOKED_AT).rows
    seen = [handler.ask(case_view, reference) for reference in dict.fromkeys(row.reference for row in rows)]
    cases = [case for case in seen if case.individual["name"]]
    _sum_to_agree(does, manager, handler, cases)
    if len(cases) > 1:
        _about_data(does, manager, *cases[:2])


def _at_their_end(does: _Does, manager: Desk) -> None:
    """A period of the council's own, and of what is due by it one record on hold and one proposed."""
    today = manager.office.today(manager.office.now())
    does(manager, SetRetention, in_force_from=today, **_told()["schedule"])
    due = manager.ask(retention_board).due
    if len(due) < _LEAST_DUE:
        return
    hold = _told()["hold"]
    review_on = today + timedelta(weeks=hold["weeks"])
    does(manager, PlaceHold, reference=due[0].reference, reason=hold["reason"], review_on=review_on)
    does(manager, ProposeErasure, references=(due[1].reference,))


def _sum_to_agree(does: _Does, manager: Desk, handler: Desk, cases: list[CaseView]) -> None:
    """A limit of authority, and one sum above it that awaits a colleague."""
    said = _told()["authority"]
    today = manager.office.today(manager.office.now())
    does(manager, SetAuthority, role=Role.HANDLER, pounds=said["pounds"], in_force_from=today, why=said["why"])
    open_to = next((case for case in cases if AskAgreement.__name__ in case.next_steps), None)
    if open_to is not None:
        does(handler, AskAgreement, reference=open_to.reference, pounds=said["asked"], why=said["asked_why"])


def _about_data(does: _Does, manager: Desk, case: CaseView, other: CaseView) -> None:
    """One person asks for their data and another to have theirs put right; and their complaints belong together."""
    today, name = manager.office.today(manager.office.now()), case.individual["name"]
    asked, theirs = _told()["own_data"], other.individual["name"]
    does(manager, LinkCases, reference=case.reference, other=other.reference, kind=LinkKind.RELATED,
         why=_told()["linked"]["why"])  # fmt: skip
    wrong = {"what": _told()["rectification"]["what"], "name": theirs, "right": RightAsked.CORRECTION}
    does(manager, RecordRectification, complaint=other.reference, received_on=today, **wrong)
    request: Any = does(manager, RecordSubjectAccess, name=name, asked=asked["asked"], received_on=today)
    number = request.request_id
    does(manager, AddSubjectCase, request_id=number, reference=case.reference, why=asked["why_theirs"])
    for piece in pieces(manager, manager.ask(subject_request, number))[:_DECIDED]:
        _decide(does, manager, number, piece)


def _decide(does: _Does, manager: Desk, number: int, piece: Piece) -> None:
    """Their own piece goes; another is withheld, with its ground and reason."""
    asked, whole = _told()["own_data"], piece.ruling is Ruling.DISCLOSE
    ground = {} if whole else {"exemption": asked["ground"], "reason": asked["reason"]}
    told = {"request_id": number, "piece": piece.key, "digest": piece.digest, "whose": piece.whose}
    does(manager, RecordRuling, ruling=Ruling.DISCLOSE if whole else Ruling.WITHHOLD, **told, **ground)
