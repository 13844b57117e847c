"""What our own standards look at and what was asked of others, read for many complaints at once: one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.code.catalogue import LETTERS
from core.model.considering import Clarification, Meeting
from core.model.correspondence import Allocation, Contact, UpdateAgreement
from core.model.information import InformationRequest
from core.model.letters import Letter
from core.model.parties import Party
from core.rules import facts
from core.rules.contacts import Direction, WithWhom
from core.rules.facts import StageNumber, StandardsFacts
from core.rules.parties import PartyRole

_AL = Allocation.__table__  # type: ignore[attr-defined]
_AG = UpdateAgreement.__table__  # type: ignore[attr-defined]
_CL = Clarification.__table__  # type: ignore[attr-defined]
_CO = Contact.__table__  # type: ignore[attr-defined]
_IR = InformationRequest.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_M = Meeting.__table__  # type: ignore[attr-defined]
_P = Party.__table__  # type: ignore[attr-defined]

ANSWER = "stage_one_response"
"""The kind of letter that confirms an answer given by word of mouth."""

_INTRODUCES = frozenset(key for key, kind in LETTERS.items() if any(each.key == "handler" for each in kind.contents))
"""The kinds of letter that say who has the complaint."""


@dataclass(slots=True)
class InTouch:
    """What one complaint's record says of who had it and when the individual heard from us."""

    allocations: list[facts.Allocation] = field(default_factory=list)
    in_touch: list[facts.InTouch] = field(default_factory=list)
    messages: list[facts.Message] = field(default_factory=list)
    agreed: list[facts.Agreed] = field(default_factory=list)
    professional: bool = False
    answers_sent: list[date] = field(default_factory=list)
    """When letters with the stage 1 answer went out."""
    information: list[facts.InformationFacts] = field(default_factory=list)
    """What was asked of colleagues and others."""

    @property
    def heard_on(self) -> tuple[date, ...]:
        """The days on which the individual heard from us, by a contact, a letter or what was agreed with them."""
        return tuple([each.on for each in self.in_touch] + [each.on for each in self.agreed])

    def facts(self, *, told_on: date | None) -> StandardsFacts:
        """The same as rules read it; `told_on` is the day stage 1 was answered by word of mouth."""
        after = [day for day in self.answers_sent if told_on is not None and day >= told_on]
        return StandardsFacts(
            allocations=tuple(self.allocations),
            in_touch=tuple(self.in_touch),
            messages=tuple(self.messages),
            agreed=tuple(self.agreed),
            professional=self.professional,
            told_on=told_on,
            confirmed_on=min(after, default=None),
        )


def in_touch_with(connection: Connection, ids: Sequence[int], *, standards: bool = True) -> dict[int, InTouch]:
    """What the record of each complaint says, by its id; a complaint without any of it is left out.

    Without `standards`, only what was asked of others is read.
    """
    found: dict[int, InTouch] = {}
    if not ids:
        return found
    alone = len(ids) == 1
    of_them = {"id": ids[0]} if alone else {"ids": list(ids)}
    for row in connection.execute(_statement(standards=standards, alone=alone), of_them):
        _TAKES[row.what](found.setdefault(row.complaint_id, InTouch()), row)
    return found


@cache
def _statement(*, standards: bool, alone: bool) -> Any:
    """Every table's part, in the same columns: `on_day` and `until_day` are days, `number` and `word` what it says.

    The first part says of which kind the columns are that the others leave empty. Made once: each step asks it, of one
    complaint `alone`; a list of them would be spelt out anew each time.
    """
    asked = _part(_IR, "information", _IR.c.asked_on, _IR.c.answered_on, _IR.c.number, "", _ASKED)
    parts = [asked, *(_of_standards() if standards else ())]
    return sa.union_all(*(part.where(of_those(part, alone=alone)) for part in parts)).order_by("what", "number")


def of_those(part: sa.Select[Any], *, alone: bool) -> sa.ColumnElement[bool]:
    """That a part's rows are about one complaint, its `id`, or about some, their `ids`."""
    column: sa.ColumnElement[Any] = part.selected_columns.complaint_id
    return column == sa.bindparam("id") if alone else column.in_(sa.bindparam("ids", expanding=True))


_ASKED = (_IR.c.due_on, _IR.c.withdrawn_on, _IR.c.colleague_id)


def _of_standards() -> list[sa.Select[Any]]:
    """What the council's own standards look at."""
    ours = (_CO.c.direction == Direction.OUT.value, _CO.c.with_whom != WithWhom.OTHER.value)
    professional = (_P.c.written_to.is_(True), _P.c.role == PartyRole.PROFESSIONAL.value)
    none = sa.null()
    return [
        _part(_AL, "allocation", _AL.c.given_on, _AL.c.until, _AL.c.id, sa.cast(_AL.c.stage_number, sa.String)),
        _part(_CO, "message", _CO.c.on_day, _CO.c.answered_on, _CO.c.number, "").where(_CO.c.waits.is_(True)),
        _part(_CO, "contact", _CO.c.on_day, none, sa.cast(_CO.c.introduces, sa.Integer), "").where(*ours),
        _part(_CL, "contact", _CL.c.asked_on, none, 0, ""),
        _part(_M, "contact", _M.c.held_on, none, 0, ""),
        _part(_L, "letter", _L.c.sent_on, none, _L.c.id, _L.c.kind).where(_L.c.sent_on.is_not(None)),
        _part(_AG, "agreed", _AG.c.agreed_on, none, _AG.c.id, sa.cast(_AG.c.every_weeks, sa.String)),
        _part(_P, "professional", none, none, 0, "").where(*professional),
    ]


_NOT_ASKED = (sa.null(), sa.null(), sa.null())


def _part(
    table: Any, what: str, on_day: Any, until_day: Any, number: Any, word: Any, asked: tuple[Any, Any, Any] = _NOT_ASKED
) -> sa.Select[Any]:
    due_day, over_day, of_whom = asked
    return sa.select(
        table.c.complaint_id,
        sa.literal(what).label("what"),
        on_day.label("on_day"),
        until_day.label("until_day"),
        (sa.literal(number) if isinstance(number, int) else number).label("number"),
        (sa.literal(word) if isinstance(word, str) else word).label("word"),
        due_day.label("due_day"),
        over_day.label("over_day"),
        of_whom.label("of_whom"),
    ).select_from(table)


def _allocation(found: InTouch, row: Any) -> None:
    found.allocations.append(facts.Allocation(stage=StageNumber(int(row.word)), on=row.on_day, until=row.until_day))


def _message(found: InTouch, row: Any) -> None:
    found.messages.append(facts.Message(number=row.number, received_on=row.on_day, answered_on=row.until_day))


def _contact(found: InTouch, row: Any) -> None:
    found.in_touch.append(facts.InTouch(on=row.on_day, introduces=bool(row.number)))


def _letter(found: InTouch, row: Any) -> None:
    found.in_touch.append(facts.InTouch(on=row.on_day, introduces=row.word in _INTRODUCES))
    if row.word == ANSWER:
        found.answers_sent.append(row.on_day)


def _agreed(found: InTouch, row: Any) -> None:
    found.agreed.append(facts.Agreed(on=row.on_day, weeks=int(row.word)))


def _professional(found: InTouch, _row: Any) -> None:
    found.professional = True


def _information(found: InTouch, row: Any) -> None:
    asked = facts.InformationFacts(
        number=row.number,
        asked_on=row.on_day,
        due_on=row.due_day,
        answered_on=row.until_day,
        withdrawn_on=row.over_day,
        colleague_id=row.of_whom,
    )
    found.information.append(asked)


_TAKES: dict[str, Callable[[InTouch, Any], None]] = {
    "allocation": _allocation,
    "message": _message,
    "contact": _contact,
    "letter": _letter,
    "agreed": _agreed,
    "professional": _professional,
    "information": _information,
}
