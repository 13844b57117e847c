"""The remedies of a case for its answers: in words, and whether each says what impact it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlmodel import col, select

from core.commands.base import LetterStep, Work
from core.letters.remedies import Promise, left_to_do, offered_words
from core.model.complaints import Answer
from core.model.people import Colleague
from core.model.remedies import Remedy
from core.rules.facts import Outcome
from core.rules.findings import Finding
from core.rules.s7_remedies import impact_set_out
from core.store.facts import CaseRows

UPHELD = frozenset({Outcome.UPHELD, Outcome.PARTIALLY_UPHELD})
"""The findings by which something went wrong."""
STAGE_ONE_ANSWER = "stage_one_response"
_OFFERED = "What we will do to put it right:"
Step = TypeVar("Step", bound=LetterStep)


def is_open(row: Remedy) -> bool:
    """Whether a remedy is still to be done."""
    return row.done_on is None and row.undeliverable_on is None


def remedies_known(case: CaseRows, letter: str, answers: str, work: Work) -> dict[str, str]:
    """What a letter may say of the remedies; the answer to stage 1 names them below its points [lgsco:7.3]."""
    promises = _promises(case, work)
    if not promises:
        return {}
    offered, left = offered_words(promises), left_to_do(promises)
    below = {"answers": f"{answers}\n\n{_OFFERED}\n\n{offered}"} if letter == STAGE_ONE_ANSWER else {}
    return {"remedy": offered, **({"outstanding_actions": left} if left else {}), **below}


def with_remedies(command: Step, case: CaseRows, work: Work) -> Step:
    """An answer that leaves its remedies to the record: each of the two texts that is empty is written from it."""
    promises = _promises(case, work)
    from_record = {"remedy": offered_words(promises), "outstanding_actions": left_to_do(promises)}
    return command.model_copy(update={name: text for name, text in from_record.items() if not getattr(command, name)})


def _promises(case: CaseRows, work: Work) -> list[Promise]:
    """What is offered and was not given up, in the order it was offered in."""
    rows = [row for row in case.remedies if row.undeliverable_on is None]
    ids = {row.owner_id for row in rows if row.owner_id is not None}
    owners = select(Colleague.id, Colleague.name).where(col(Colleague.id).in_(ids))
    names: dict[int | None, str] = dict(work.session.exec(owners).all()) if ids else {}
    return [
        Promise(
            what=row.what,
            pence=row.offered_pence,
            due_on=row.due_on,
            owner=names.get(row.owner_id, ""),
            done=row.done_on is not None,
        )
        for row in rows
    ]


def impacts_set_out(found: Mapping[int, Outcome | None], case: CaseRows) -> tuple[Finding, ...]:
    """What an answer with these findings, by the number of the point, asks of the remedies offered with it."""
    upheld = {number for number, outcome in found.items() if outcome in UPHELD}
    numbers = {point.id: point.number for point in case.points}
    here = [row for row in case.remedies if is_open(row) and row.stage_number == case.current.number]
    lacking = [
        finding for row in here for finding in impact_set_out(row.impact, upheld=_is_about(row, upheld, numbers))
    ]
    return tuple(lacking[:1])


def _is_about(row: Remedy, upheld: Iterable[int], numbers: Mapping[int | None, int]) -> bool:
    return bool(set(upheld)) if row.point_id is None else numbers.get(row.point_id) in set(upheld)


def upheld_on_record(case: CaseRows, points: Sequence[int | None], work: Work) -> bool:
    """Whether one of these points, by their ids, is upheld at either stage."""
    outcomes = [each.value for each in UPHELD]
    statement = select(Answer.id).where(col(Answer.point_id).in_(points), col(Answer.outcome).in_(outcomes))
    return work.session.exec(statement.limit(1)).first() is not None
