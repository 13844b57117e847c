"""What figures are counted from: a few sources of rows, each with the day that puts a row into a period.

A source is counted once, grouped by its facets; every figure is a choice among the groups, and the cases behind a
figure are the rows of the same source under the same choice. So a number and its list cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import WATCH
from core.code.ombudsmen import DECISIONS
from core.model.complaints import Complaint, Departure, Extension, Refusal, Stage
from core.model.duties import Duty
from core.model.learning import Improvement, ImprovementCase, Learning
from core.model.ombudsman import OmbudsmanCase, Recommendation
from core.model.parties import Adjustment, Restriction, Review
from core.model.quality import QualityCheck, SampledCase
from core.model.remedies import Payment, Remedy
from core.model.requests import LinkKind, RequestLink, ServiceRequest
from core.queries.sources import Conditions, Source, Within, within
from core.queries.survey_rows import FEEDBACK, SURVEYS
from core.rules import standards
from core.rules.duties import REVIEWS, TELL_REFUSAL
from core.rules.facts import Outcome, Standing
from core.rules.periods import Period
from core.rules.s6_stages import ACKNOWLEDGE, RESPOND
from core.rules.s7_remedies import Moment

_C = Complaint.__table__  # type: ignore[attr-defined]
_ELSE = _C.alias("elsewhere")
_D = Duty.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_ONE = _ST.alias("stage_one")
_LATER = _ST.alias("later")
_E = Extension.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_RF = Refusal.__table__  # type: ignore[attr-defined]
_R = Remedy.__table__  # type: ignore[attr-defined]
_OTHER = _R.alias("other")
_PM = Payment.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_QL = RequestLink.__table__  # type: ignore[attr-defined]
_I = Improvement.__table__  # type: ignore[attr-defined]
_IC = ImprovementCase.__table__  # type: ignore[attr-defined]
_L = Learning.__table__  # type: ignore[attr-defined]
_A = Adjustment.__table__  # type: ignore[attr-defined]
_RS = Restriction.__table__  # type: ignore[attr-defined]
_RV = Review.__table__  # type: ignore[attr-defined]
_OM = OmbudsmanCase.__table__  # type: ignore[attr-defined]
_RC = Recommendation.__table__  # type: ignore[attr-defined]
_QC = QualityCheck.__table__  # type: ignore[attr-defined]
_SC = SampledCase.__table__  # type: ignore[attr-defined]

_ACKNOWLEDGED = [*ACKNOWLEDGE.values()]
_ANSWERED = [*RESPOND.values()]
_OF_THE_CODE = [*_ACKNOWLEDGED, *_ANSWERED, TELL_REFUSAL, *sorted(REVIEWS)]
_OURS = sorted(standards.TITLES)
_JUDGED = (Standing.IN_TIME.value, Standing.EXTENDED.value, Standing.LATE.value)
_SETTLED = (*_JUDGED, Standing.UNKNOWN.value)
_UPHELD = (Outcome.UPHELD.value, Outcome.PARTIALLY_UPHELD.value)
_INVESTIGATED = [key for key, each in DECISIONS.items() if each.group == "investigated"]
_FAULT = [key for key, each in DECISIONS.items() if each.upheld]
_EXPLAINS_ALL = "lgsco:5.5"
LATE_KINDS = (*_OF_THE_CODE, *_OURS)
"""The kinds of duty that are missed once their day has passed."""
OVERDUE = Standing.OPEN.value
"""An open duty among judged ones is one whose day has passed."""


def _flag(condition: Any) -> Any:
    return sa.case((condition, 1), else_=0)


def _last(period: Period, today: date) -> date:
    """The day on which it is seen how things stand: the end of the period, or today while it runs."""
    return min(period.end, today)


def _due(kinds: Sequence[str], standings: Sequence[str]) -> Within:
    """Duties that fell due in the period and can be judged; an open one once its day has passed."""

    def judged(today: date) -> Conditions:
        chosen = [_D.c.kind.in_(kinds), _D.c.standing.in_([*standings, OVERDUE])]
        return [*chosen, sa.or_(_D.c.standing != OVERDUE, sa.and_(_D.c.due_on < today, _D.c.act_by < today))]

    return Within(_D.c.due_on, judged)


def _open_long(period: Period, today: date) -> Conditions:
    """Complaints the council still owed an answer on the last day, received so many weeks before it or more."""
    day = _last(period, today)
    two = sa.exists().where(
        _LATER.c.complaint_id == _ST.c.complaint_id, _LATER.c.number == 2, _LATER.c.received_on <= day
    )
    again = sa.or_(_ELSE.c.answered_again_on.is_(None), _ELSE.c.answered_again_on > day)
    reopened = sa.select(_ELSE.c.id).where(_ELSE.c.reopened_on <= day, again)
    return [
        _C.c.received_on <= _weeks_before(day, "whole_case_amber"),
        sa.or_(_C.c.ended_on.is_(None), _C.c.ended_on > day),
        _ST.c.response_recorded.is_(True),
        _ST.c.received_on <= day,
        sa.or_(_ST.c.number == 2, ~two),
        sa.or_(_ST.c.responded_on.is_(None), _ST.c.responded_on > day, _ST.c.complaint_id.in_(reopened)),
    ]


def _past_red(period: Period, today: date) -> Any:
    return _flag(_C.c.received_on <= _weeks_before(_last(period, today), "whole_case_red"))


def _service_of_complaint(complaint_id: Any) -> Any:
    """The service of a row's complaint, so that few rows are gone through and not all complaints of a service."""
    return sa.select(_ELSE.c.service_id).where(_ELSE.c.id == complaint_id).scalar_subquery()


def _weeks_before(day: date, watch: str) -> date:
    return day - timedelta(weeks=WATCH[watch].value)


def _in_place(table: Any) -> Callable[[Period, date], Conditions]:
    def where(period: Period, today: date) -> Conditions:
        day = _last(period, today)
        return [table.c.starts_on <= day, sa.or_(table.c.ended_on.is_(None), table.c.ended_on > day)]

    return where


def _reviews_overdue(period: Period, today: date) -> Conditions:
    day = _last(period, today)
    return [
        _RV.c.due_on <= period.end,
        _RV.c.due_on < today,
        sa.or_(_RV.c.reviewed_on.is_(None), _RV.c.reviewed_on > day),
        sa.or_(_RV.c.dropped_on.is_(None), _RV.c.dropped_on > day),
    ]


def _recommended(today: date) -> Conditions:
    """An Ombudsman's recommendations, accepted, whose day came in the period: complied with, or past it."""
    return [
        _RC.c.ombudsman_case_id.is_not(None),
        _RC.c.accepted.is_(True),
        sa.or_(_RC.c.due_on < today, _RC.c.complied_on.is_not(None)),
    ]


def _improvements_overdue(period: Period, today: date) -> Conditions:
    day = _last(period, today)
    return [
        _I.c.proposed_on <= day,
        _I.c.due_on <= period.end,
        _I.c.due_on < today,
        sa.or_(_I.c.done_on.is_(None), _I.c.done_on > day),
        sa.or_(_I.c.dropped_on.is_(None), _I.c.dropped_on > day),
    ]


_EXTENDED = sa.exists().where(_E.c.stage_id == _ST.c.id)
_BEYOND = sa.exists().where(_E.c.stage_id == _ST.c.id, _E.c.good_reason.is_not(None))
_ANSWERED_LATER = sa.exists().where(
    _LATER.c.complaint_id == _ST.c.complaint_id, _LATER.c.number > _ST.c.number, _LATER.c.responded_on.is_not(None)
)
_EXPLAINED = sa.or_(
    sa.tuple_(_D.c.complaint_id, _D.c.clause).in_(sa.select(_X.c.complaint_id, _X.c.clause)),
    _D.c.complaint_id.in_(sa.select(_X.c.complaint_id).where(_X.c.clause == _EXPLAINS_ALL)),
)
_EARLIER_OFFER = sa.exists().where(
    _OTHER.c.complaint_id == _R.c.complaint_id,
    sa.tuple_(_OTHER.c.offered_on, _OTHER.c.number) < sa.tuple_(_R.c.offered_on, _R.c.number),
)
_STAGE_TWO = _ST.join(_ONE, sa.and_(_ONE.c.complaint_id == _ST.c.complaint_id, _ONE.c.number == 1))

SOURCES: Mapping[str, Source] = {
    "received": Source(rows=_C, where=within(_C.c.received_on), complaint=_C.c.id, service=_C.c.service_id),
    "requests": Source(
        rows=_Q,
        where=within(_Q.c.received_on),
        facets={
            "unhappy": _flag(_Q.c.contains_dissatisfaction.is_(True)),
            "raised": _flag(_Q.c.id.in_(sa.select(_QL.c.request_id).where(_QL.c.kind == LinkKind.RAISED.value))),
        },
        service=_Q.c.service_id,
        of="request",
    ),
    "acknowledgements": Source(
        rows=_D,
        where=_due(_ACKNOWLEDGED, _JUDGED),
        facets={"kind": _D.c.kind, "standing": _D.c.standing},
        complaint=_D.c.complaint_id,
        service=_D.c.service_id,
    ),
    "responses": Source(
        rows=_D,
        where=within(_D.c.met_on, _D.c.kind.in_(_ANSWERED), _D.c.standing.in_(_SETTLED)),
        facets={"kind": _D.c.kind, "standing": _D.c.standing},
        complaint=_D.c.complaint_id,
        service=_D.c.service_id,
    ),
    "answers": Source(
        rows=_ST,
        where=within(_ST.c.responded_on),
        facets={
            "stage": _ST.c.number,
            "outcome": sa.func.coalesce(_ST.c.outcome, ""),
            "dated": _flag(_ST.c.receipt_recorded.is_(True)),
        },
        complaint=_ST.c.complaint_id,
    ),
    "lengthened": Source(
        rows=_ST,
        where=within(_ST.c.responded_on, _EXTENDED),
        facets={"beyond": _flag(_BEYOND)},
        complaint=_ST.c.complaint_id,
    ),
    "extensions": Source(
        rows=_E.join(_ST, _ST.c.id == _E.c.stage_id),
        where=within(_E.c.told_on),
        facets={"said": _flag(_E.c.decided_by.is_not(None)), "details": _flag(_E.c.ombudsman_told.is_(True))},
        complaint=_ST.c.complaint_id,
    ),
    "asked_two": Source(rows=_ST, where=within(_ST.c.received_on, _ST.c.number == 2), complaint=_ST.c.complaint_id),
    "finals": Source(
        rows=_STAGE_TWO,
        where=within(_ST.c.responded_on, _ST.c.number == 2),
        facets={
            "outcome": sa.func.coalesce(_ST.c.outcome, ""),
            "before": sa.func.coalesce(_ONE.c.outcome, ""),
        },
        complaint=_ST.c.complaint_id,
    ),
    "refusals": Source(
        rows=_RF,
        where=within(_RF.c.told_on),
        facets={"stage": _RF.c.stage_number},
        complaint=_RF.c.complaint_id,
    ),
    "remedies": Source(
        rows=_R,
        where=within(_R.c.offered_on),
        complaint=_R.c.complaint_id,
        amount=_R.c.offered_pence,
        facets={"money": _flag(_R.c.offered_pence.is_not(None))},
    ),
    "payments": Source(
        rows=_PM.join(_R, _R.c.id == _PM.c.remedy_id),
        where=within(_PM.c.paid_on),
        complaint=_R.c.complaint_id,
        amount=_PM.c.pence,
    ),
    "remedies_due": Source(
        rows=_R,
        where=within(_R.c.due_on),
        facets={"kept": _flag(_R.c.done_on <= _R.c.due_on)},
        complaint=_R.c.complaint_id,
    ),
    "first_remedies": Source(
        rows=_R,
        where=within(_R.c.offered_on, ~_EARLIER_OFFER),
        facets={"later": _flag(_R.c.moment != Moment.ONE.value)},
        complaint=_R.c.complaint_id,
    ),
    "open_long": Source(
        rows=_ST.join(_C, _C.c.id == _ST.c.complaint_id),
        where=_open_long,
        facets={"red": _past_red},
        complaint=_C.c.id,
        service=_C.c.service_id,
    ),
    "taught": Source(
        rows=_ST,
        where=within(_ST.c.responded_on, _ST.c.outcome.in_(_UPHELD), ~_ANSWERED_LATER),
        facets={"taught": _flag(_ST.c.complaint_id.in_(sa.select(_L.c.complaint_id).where(_L.c.something.is_(True))))},
        complaint=_ST.c.complaint_id,
    ),
    "ombudsman": Source(
        rows=_OM,
        where=within(_OM.c.decided_on, _OM.c.complaint_id.is_not(None)),
        facets={
            "investigated": _flag(_OM.c.outcome.in_(_INVESTIGATED)),
            "upheld": _flag(_OM.c.outcome.in_(_FAULT)),
            "before": _flag(_OM.c.remedy_before.is_(True)),
        },
        complaint=_OM.c.complaint_id,
    ),
    "recommendations": Source(
        rows=_RC,
        where=Within(_RC.c.due_on, _recommended),
        facets={"complied": _flag(_RC.c.complied_on.is_not(None))},
        complaint=_RC.c.complaint_id,
    ),
    "improvements_planned": Source(rows=_I, where=within(_I.c.proposed_on), service=_I.c.service_id, of="improvement"),
    "improvements_made": Source(
        rows=_I, where=within(_I.c.done_on, _I.c.dropped_on.is_(None)), service=_I.c.service_id, of="improvement"
    ),
    "improvements_overdue": Source(rows=_I, where=_improvements_overdue, service=_I.c.service_id, of="improvement"),
    "missed": Source(
        rows=_D,
        where=_due(_OF_THE_CODE, [Standing.LATE.value]),
        facets={"explained": _flag(_EXPLAINED)},
        complaint=_D.c.complaint_id,
        service=_D.c.service_id,
    ),
    "departures": Source(rows=_X, where=within(_X.c.recorded_on), complaint=_X.c.complaint_id),
    "checks": Source(
        rows=_QC.join(_SC, _SC.c.id == _QC.c.sampled_id),
        where=within(_QC.c.checked_on),
        facets={"passed": _flag(_QC.c.passed.is_(True))},
        complaint=_SC.c.complaint_id,
    ),
    "adjustments": Source(
        rows=_A,
        where=_in_place(_A),
        complaint=_A.c.complaint_id,
        service=_service_of_complaint(_A.c.complaint_id),
    ),
    "restrictions": Source(
        rows=_RS,
        where=_in_place(_RS),
        complaint=_RS.c.complaint_id,
        service=_service_of_complaint(_RS.c.complaint_id),
    ),
    "reviews_overdue": Source(
        rows=_RV,
        where=_reviews_overdue,
        complaint=_RV.c.complaint_id,
        service=_service_of_complaint(_RV.c.complaint_id),
    ),
    "own_standards": Source(
        rows=_D,
        where=_due(_OURS, _JUDGED),
        facets={"standing": _D.c.standing},
        complaint=_D.c.complaint_id,
        service=_D.c.service_id,
    ),
    "surveys": SURVEYS,
    "feedback": FEEDBACK,
}


def of_scheme(source: Source, scheme: str) -> Conditions:
    """Rows of complaints under one scheme. Nearly all go by the Code, so the others are what is looked up."""
    if source.complaint is None:
        return []
    if source.complaint is _C.c.id:
        return [_C.c.scheme == scheme]
    if scheme == "lgsco":
        # Written out, so that both databases see that the index of the others answers it.
        elsewhere = sa.select(_ELSE.c.id).where(sa.text("elsewhere.scheme <> 'lgsco'"))
        return [source.complaint.not_in(elsewhere)]
    return [source.complaint.in_(sa.select(_ELSE.c.id).where(_ELSE.c.scheme == scheme))]


def joined(source: Source, *, to_complaint: bool) -> Any:
    """The rows, with their complaint where it is asked for."""
    if not to_complaint or source.complaint is None or source.complaint is _C.c.id:
        return source.rows
    return source.rows.join(_C, _C.c.id == source.complaint)


def service_of(source: Source) -> Any:
    """The column that names a row's service."""
    return _C.c.service_id if source.service is None else source.service


def facets_of(source: Source, period: Period, today: date) -> dict[str, Any]:
    """The columns a source is grouped by."""
    return {name: each(period, today) if callable(each) else each for name, each in source.facets.items()}
