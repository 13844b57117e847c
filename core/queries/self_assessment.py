"""Self-assessments: the list of them, one with its newest answers, what is owed, and the texts that were frozen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.code.self_assessment import FORM
from core.errors import LedgerBroken, NotFound
from core.model.organisation import PolicyVersion
from core.model.people import Colleague, Service
from core.model.self_assessment import (
    AssessmentAnswer,
    AssessmentScope,
    AssessmentSignOff,
    AssessmentText,
    LargeChangeRow,
    SelfAssessment,
)
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.s8_reporting import Follows, LargeChange, Owed, OwedFacts, SignOff, assessments_owed, next_to_sign

_A = SelfAssessment.__table__  # type: ignore[attr-defined]
_N = AssessmentAnswer.__table__  # type: ignore[attr-defined]
_SC = AssessmentScope.__table__  # type: ignore[attr-defined]
_T = AssessmentText.__table__  # type: ignore[attr-defined]
_SI = AssessmentSignOff.__table__  # type: ignore[attr-defined]
_L = LargeChangeRow.__table__  # type: ignore[attr-defined]
_P = PolicyVersion.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentLine:
    """One self-assessment of the list; `rows_answered` counts of the ten rows."""

    id: int
    scheme: str
    starts_on: date
    ends_on: date
    why: str
    about: str
    owner_id: int
    owner: str
    source: str | None
    opened_on: date
    closed_on: date | None
    rows_answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One version of an answer. No `services` means the whole council."""

    item: str
    version: int
    follows: Follows
    commentary: str
    action: str
    owner_id: int | None
    owner: str
    due_on: date | None
    service_ids: tuple[int, ...]
    services: tuple[str, ...]
    answered_at: datetime
    answered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureView:
    """One signature under a frozen text."""

    step: SignOff
    signed_on: date
    signed_by: str
    committee: str
    minute: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """One frozen text of an assessment, with its digest and who signed it so far."""

    id: int
    number: int
    sha256: str
    frozen_on: date
    frozen_by: str
    signatures: tuple[SignatureView, ...]

    @property
    def next(self) -> SignOff | None:
        """Who signs next; None when all have."""
        return next_to_sign({each.step for each in self.signatures})


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """One self-assessment: its newest answers by row or clause, the earlier assessment's, and its frozen texts."""

    line: AssessmentLine
    answers: dict[str, AnswerView]
    earlier: AssessmentLine | None
    earlier_answers: dict[str, AnswerView]
    texts: tuple[TextView, ...]

    @property
    def answered(self) -> tuple[int, int]:
        """How many of the rows and how many of the clauses are answered."""
        return sum(key in self.answers for key in FORM.rows), sum(key in self.answers for key in FORM.clauses)


@query(needs=Permission.FIGURES, kept=True)
def assessments(asking: Asking) -> tuple[AssessmentLine, ...]:
    """Every self-assessment there is, the newest first [lgsco:8.1a]."""
    return _lines(asking)


def _lines(asking: Asking, *where: Any) -> tuple[AssessmentLine, ...]:
    rows_answered = (
        sa.select(sa.func.count(_N.c.item.distinct()))
        .where(_N.c.assessment_id == _A.c.id, _N.c.item.in_(tuple(FORM.rows)))
        .scalar_subquery()
    )
    names = [name for name in AssessmentLine.__dataclass_fields__ if name not in ("owner", "rows_answered")]
    statement = (
        sa.select(*(_A.c[name] for name in names), _W.c.name.label("owner"), rows_answered.label("rows_answered"))
        .select_from(_A.join(_W, _W.c.id == _A.c.owner_id))
        .where(*where)
        .order_by(_A.c.id.desc())
    )
    return tuple(AssessmentLine(**row) for row in asking.connection.execute(statement).mappings())


def one_assessment(asking: Asking, assessment_id: int) -> AssessmentLine:
    """A self-assessment by its number; raises NotFound."""
    found = _lines(asking, _A.c.id == assessment_id) if 0 < assessment_id <= LAST_ID else ()
    if not found:
        raise NotFound("There is no such self-assessment. Choose one from the list.")
    return found[0]


@query(needs=Permission.FIGURES, kept=True)
def assessment_view(asking: Asking, assessment_id: int) -> AssessmentView:
    """A self-assessment with its newest answers, beside those of the one before it [lgsco:8.1a]."""
    line = one_assessment(asking, assessment_id)
    before = _lines(asking, _A.c.scheme == line.scheme, _A.c.id < line.id)
    earlier = before[0] if before else None
    return AssessmentView(
        line=line,
        answers=_newest(asking, line.id),
        earlier=earlier,
        earlier_answers=_newest(asking, earlier.id) if earlier else {},
        texts=_texts(asking, line.id),
    )


def _newest(asking: Asking, assessment_id: int) -> dict[str, AnswerView]:
    found = _answers(asking, _N.c.assessment_id == assessment_id)
    return {each.item: each for each in found}  # in the order of the versions, so the newest stays


@query(needs=Permission.FIGURES, kept=True)
def answers_given(asking: Asking, assessment_id: int, item: str) -> tuple[AnswerView, ...]:
    """Every version of one answer, the newest first: who answered what, and when."""
    one_assessment(asking, assessment_id)
    found = _answers(asking, sa.and_(_N.c.assessment_id == assessment_id, _N.c.item == item))
    return tuple(reversed(found))


def _answers(asking: Asking, where: Any) -> list[AnswerView]:
    who = _W.alias()
    statement = (
        sa.select(
            _N,
            sa.func.coalesce(_W.c.name, "").label("owner"),
            sa.func.coalesce(who.c.name, "The console").label("answered_by_name"),
        )
        .select_from(_N.outerjoin(_W, _W.c.id == _N.c.owner_id).outerjoin(who, who.c.id == _N.c.answered_by))
        .where(where)
        .order_by(_N.c.version)
    )
    rows = asking.connection.execute(statement).mappings().all()
    scopes: dict[int, list[tuple[int, str]]] = {}
    named = (
        sa.select(_SC.c.answer_id, _S.c.id, _S.c.name)
        .select_from(_SC.join(_S, _S.c.id == _SC.c.service_id).join(_N, _N.c.id == _SC.c.answer_id))
        .where(where)
        .order_by(_S.c.name)
    )
    for answer_id, service_id, name in asking.connection.execute(named):
        scopes.setdefault(answer_id, []).append((service_id, name))
    same = ("item", "version", "commentary", "action", "owner_id", "owner", "due_on", "answered_at")
    return [
        AnswerView(
            **{name: row[name] for name in same},
            follows=Follows(row["follows"]),
            service_ids=tuple(number for number, _name in scopes.get(row["id"], ())),
            services=tuple(name for _number, name in scopes.get(row["id"], ())),
            answered_by=row["answered_by_name"],
        )
        for row in rows
    ]


def _texts(asking: Asking, assessment_id: int) -> tuple[TextView, ...]:
    signed: dict[int, list[SignatureView]] = {}
    under = sa.select(_SI, sa.func.coalesce(_W.c.name, "The console").label("name")).select_from(
        _SI.join(_T, _T.c.id == _SI.c.text_id).outerjoin(_W, _W.c.id == _SI.c.signed_by)
    )
    for row in asking.connection.execute(under.where(_T.c.assessment_id == assessment_id).order_by(_SI.c.id)):
        told = {"signed_on": row.signed_on, "committee": row.committee, "minute": row.minute, "response": row.response}
        signed.setdefault(row.text_id, []).append(SignatureView(step=SignOff(row.step), signed_by=row.name, **told))
    columns = (_T.c.id, _T.c.number, _T.c.sha256, _T.c.frozen_on, sa.func.coalesce(_W.c.name, "The console"))
    texts = sa.select(*columns).select_from(_T.outerjoin(_W, _W.c.id == _T.c.frozen_by))
    found = asking.connection.execute(texts.where(_T.c.assessment_id == assessment_id).order_by(_T.c.number.desc()))
    return tuple(
        TextView(
            id=row[0], number=row[1], sha256=row[2], frozen_on=row[3], frozen_by=row[4],
            signatures=tuple(signed.get(row[0], ())),
        )
        for row in found
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenView:
    """A frozen text to be exported: its JSON, proved by its digest, with what has been signed."""

    contents: str
    text: TextView


@query(needs=Permission.FIGURES)
def frozen_text(asking: Asking, text_id: int) -> FrozenView:
    """One frozen text; raises NotFound, and LedgerBroken when it is not what was frozen [lgsco:8.1a]."""
    statement = sa.select(_T.c.assessment_id, _T.c.contents).where(_T.c.id == text_id)
    row = asking.connection.execute(statement).first() if 0 < text_id <= LAST_ID else None
    if row is None:
        raise NotFound("There is no such frozen text. Choose one on the page of the self-assessment.")
    text = next(each for each in _texts(asking, row.assessment_id) if each.id == text_id)
    if hashlib.sha256(row.contents.encode()).hexdigest() != text.sha256:
        raise LedgerBroken("This text is not what was frozen: its digest differs. Tell whoever looks after the record.")
    return FrozenView(contents=row.contents, text=text)


@query(needs=Permission.FIGURES, kept=True)
def assessment_owed(asking: Asking, *, scheme: str = "lgsco") -> tuple[Owed, ...]:
    """Why a new self-assessment is owed, until one is opened for it [lgsco:8.3]."""
    connection = asking.connection
    made = connection.execute(
        sa.select(_A.c.ends_on, _A.c.policies_known).where(_A.c.scheme == scheme).order_by(_A.c.id)
    ).all()
    versions, begun_on = connection.execute(sa.select(sa.func.count(), sa.func.min(_P.c.in_force_from))).one()
    changes = sa.select(_L.c.kind, _L.c.changed_on).where(_L.c.assessment_id.is_(None)).order_by(_L.c.changed_on)
    return assessments_owed(
        OwedFacts(
            begun_on=begun_on or asking.today,
            last_year=FORM.last_year(asking.today),
            covered=[row.ends_on for row in made],
            policies_since=versions - made[-1].policies_known if made else 0,
            changes=[(LargeChange(row.kind), row.changed_on) for row in connection.execute(changes)],
        )
    )
