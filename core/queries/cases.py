"""One complaint as its page shows it: position, clocks with their why, points, history, and the Code on this case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.events.access import LOOKED_AT
from core.events.base import restore
from core.model.complaints import Answer, Complaint, Departure, Extension, Note, Response, Stage
from core.model.duties import Duty
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.model.people import Colleague, Person, Service
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.evidence import kept_confidential
from core.queries.routes import code_duties, points_here
from core.rules.compliance import ClauseLine, Evidence, clauses_on
from core.rules.duties import REVIEWS, TELL_REFUSAL, TITLES, Nearness, nearness
from core.rules.duties import Duty as OwedDuty
from core.rules.facts import CaseFacts, Ending, ExtensionFacts, StageFacts, StageNumber, Standing
from core.rules.s6_stages import extend_to_at_most
from core.rules.s7_remedies import BEGAN
from core.rules.steps import position_of, steps_from
from core.rules.working_days import Why
from core.words import day_words

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
_LP = LedgerPersonal.__table__  # type: ignore[attr-defined]

STANDING_WORDS = {
    Standing.OPEN: "open",
    Standing.IN_TIME: "in time",
    Standing.EXTENDED: "within the extension told",
    Standing.LATE: "late",
    Standing.UNKNOWN: "not known",
    Standing.VOID: "no longer owed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty with its date, how it stands, and why the date is what it is; a day that was chosen has no `why`."""

    title: str
    stage: int
    clause: str
    due_on: date
    act_by: date
    met_on: date | None
    standing: Standing
    standing_words: str
    soon: Nearness | None
    promised_on: date | None
    literal_due_on: date | None
    why: Why | None
    started: str
    extend_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One point with what was found on it at each stage."""

    number: int
    text: str
    raised_on: date
    answers: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """One stage as it was run."""

    number: int
    received_on: date
    channel: str
    request_words: str
    acknowledged_on: date | None
    understanding: str
    outcomes_sought: str
    handler_id: int | None
    handler: str
    responded_on: date | None
    responded_by: str
    outcome: str | None
    extensions: tuple[Mapping[str, Any], ...]
    responses: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One entry of the history, as a sentence."""

    n: int
    at: datetime
    actor: str
    tag: str
    sentence: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class CaseView:
    """One complaint, frozen as it stands."""

    id: int
    version: int
    reference: str
    scheme: str
    matter: str
    words: str
    outcomes_sought: str
    category: str
    channel: str
    received_on: date
    received_by: str
    logged_on: date
    issue_on: date | None
    aware_on: date | None
    acknowledgement_possible: bool
    position: str
    stage_number: int
    is_open: bool
    ending: str | None
    ended_on: date | None
    ending_note: str
    source: str | None
    old_reference: str | None
    service: str
    individual: Mapping[str, str]
    stages: tuple[StageView, ...]
    clocks: tuple[Clock, ...]
    points: tuple[PointView, ...]
    notes: tuple[Mapping[str, Any], ...]
    departures: tuple[Mapping[str, Any], ...]
    history: tuple[HistoryLine, ...]
    code: tuple[ClauseLine, ...]
    next_steps: tuple[str, ...]
    policy: str
    confidential: bool
    has_remedies: bool

    @property
    def current(self) -> StageView:
        """The stage it is at."""
        return self.stages[-1]


@query(needs=Permission.READ, of_one=True)
def case_view(asking: Asking, reference: str) -> CaseView:
    """One complaint by its reference; NotFound when there is none."""
    read = asking.connection.execute
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    row = read(sa.select(_C).where(_C.c.reference == reference.strip().upper(), *seen)).mappings().first()
    if row is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    stages = _rows(asking, sa.select(_ST).where(_ST.c.complaint_id == row["id"]).order_by(_ST.c.number))
    ids = [stage["id"] for stage in stages]
    extensions = _many(asking, Extension, "stage_id", ids)
    responses = _many(asking, Response, "stage_id", ids)
    points = points_here(asking, row["id"])
    answers = _many(asking, Answer, "point_id", [point["id"] for point in points])
    departed = _many(asking, Departure, "complaint_id", [row["id"]])
    facts = _facts(row, stages, extensions)
    stored = _rows(asking, code_duties(row["id"]))
    duties = [_owed(duty) for duty in stored]
    history = _history(asking, row["id"])
    evidence = _evidence(row, stages, extensions, responses, points, answers, departed, history)
    people = _names(asking)
    policy = asking.policies[row["policy_id"]]
    confidential = kept_confidential(asking, row["id"])
    steps = steps_from(position_of(facts))
    plain = {name: row[name] for name in _PLAIN}
    return CaseView(
        **plain,
        service=_service(asking, row["service_id"]),
        individual=_person(asking, row["person_id"]),
        stages=tuple(_stage(stage, extensions, responses, people) for stage in stages),
        clocks=tuple(_clock(asking, duty, facts, row) for duty in stored),
        points=tuple(_point(point, answers) for point in points),
        notes=tuple(_many(asking, Note, "complaint_id", [row["id"]])),
        departures=tuple(departed),
        history=history,
        code=clauses_on(facts, duties, evidence),
        next_steps=tuple(step for step in steps if confidential or step != "LiftConfidence"),
        policy=policy.name,
        confidential=confidential,
    )


_PLAIN = (
    "id", "version", "reference", "scheme", "matter", "words", "outcomes_sought", "category", "channel", "received_on",
    "received_by", "logged_on", "issue_on", "aware_on", "acknowledgement_possible", "position", "stage_number",
    "is_open", "ending", "ended_on", "ending_note", "source", "old_reference", "has_remedies",
)  # fmt: skip


def _rows(asking: Asking, statement: sa.Select[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in asking.connection.execute(statement).mappings()]


def _many(asking: Asking, table: Any, column: str, ids: Sequence[int]) -> list[Mapping[str, Any]]:
    if not ids:
        return []
    columns = table.__table__
    return _rows(asking, sa.select(columns).where(columns.c[column].in_(ids)).order_by(columns.c.id))


def _names(asking: Asking) -> dict[int, str]:
    return {row[0]: row[1] for row in asking.connection.execute(sa.select(_W.c.id, _W.c.name))}


def _person(asking: Asking, person_id: int | None) -> Mapping[str, str]:
    table = Person.__table__  # type: ignore[attr-defined]
    found = asking.connection.execute(sa.select(table).where(table.c.id == person_id)).mappings().first()
    if found is None:
        return dict.fromkeys(("name", "email", "phone", "address", "postcode"), "")
    return {name: value for name, value in found.items() if name != "id"}


def _service(asking: Asking, service_id: int | None) -> str:
    table = Service.__table__  # type: ignore[attr-defined]
    return asking.connection.execute(sa.select(table.c.name).where(table.c.id == service_id)).scalar() or ""


def _facts(row: Any, stages: Sequence[Any], extensions: Sequence[Any]) -> CaseFacts:
    def stage_facts(stage: Any) -> StageFacts:
        return StageFacts(
            number=StageNumber(stage["number"]),
            received_on=stage["received_on"],
            logged_on=stage["logged_on"],
            acknowledged_on=stage["acknowledged_on"],
            responded_on=stage["responded_on"],
            extensions=tuple(
                ExtensionFacts(new_date=e["new_date"], told_on=e["told_on"], good_reason=bool(e["good_reason"]))
                for e in extensions
                if e["stage_id"] == stage["id"]
            ),
            promised_on=stage["promised_on"],
            acknowledgement_possible=row["acknowledgement_possible"],
            receipt_recorded=stage["receipt_recorded"],
            acknowledgement_recorded=stage["acknowledgement_recorded"],
            response_recorded=stage["response_recorded"],
        )

    return CaseFacts(
        one=stage_facts(stages[0]),
        two=stage_facts(stages[1]) if len(stages) > 1 else None,
        ending=Ending(row["ending"]) if row["ending"] else None,
        ended_on=row["ended_on"],
        reopened_on=row["reopened_on"],
        answered_again_on=row["answered_again_on"],
    )


def _owed(duty: Mapping[str, Any]) -> OwedDuty:
    return OwedDuty(
        kind=duty["kind"],
        stage=StageNumber(duty["stage_number"]),
        clause=duty["clause"],
        start_on=duty["start_on"],
        days=duty["days"],
        due_on=duty["due_on"],
        act_by=duty["act_by"],
        standing=Standing(duty["standing"]),
        met_on=duty["met_on"],
        literal_due_on=duty["literal_due_on"],
        promised_on=duty["promised_on"],
        number=duty["number"],
    )


def _clock(asking: Asking, duty: Mapping[str, Any], facts: CaseFacts, row: Any) -> Clock:
    policy = asking.policies[row["policy_id"]]
    calendar = asking.calendars.of(policy.closure_days_skip, as_at=duty["calendar_id"])
    standing = Standing(duty["standing"])
    stage = facts.one if duty["stage_number"] == 1 or facts.two is None else facts.two
    answering = duty["kind"].startswith("respond")
    is_open = standing is Standing.OPEN
    can_extend = answering and is_open and stage.acknowledged_on is not None
    return Clock(
        title=TITLES[duty["kind"]],
        stage=duty["stage_number"],
        clause=duty["clause"],
        due_on=duty["due_on"],
        act_by=duty["act_by"],
        met_on=duty["met_on"],
        standing=standing,
        standing_words=STANDING_WORDS[standing],
        soon=nearness(duty["act_by"], today=asking.today, calendar=asking.calendars.of(False)) if is_open else None,
        promised_on=duty["promised_on"],
        literal_due_on=duty["literal_due_on"],
        why=None if duty["kind"] in REVIEWS else calendar.why(duty["start_on"], duty["days"]),
        started=_started(duty, stage),
        extend_until=extend_to_at_most(stage, policy=policy, calendar=calendar) if can_extend else None,
    )


def _started(duty: Mapping[str, Any], stage: StageFacts) -> str:
    """What day 0 of a duty is, in words."""
    refusing = duty["kind"] == TELL_REFUSAL
    if duty["kind"].startswith("acknowledge") or (refusing and stage.acknowledged_on is None):
        return "Received" if stage.number == 1 else "Stage 2 asked for"
    if duty["kind"].startswith("respond") or refusing:
        acknowledged = stage.acknowledged_on
        if acknowledged == duty["start_on"]:
            return "Acknowledged"
        return "Acknowledgement due (a late one buys no time)" if acknowledged else "Acknowledgement due"
    if duty["kind"] in REVIEWS:
        return BEGAN.get(duty["kind"], "Set on {day}, for a day chosen then").format(day=day_words(duty["start_on"]))
    return "Reopened"


def _stage(
    stage: Mapping[str, Any], extensions: Sequence[Any], responses: Sequence[Any], people: Mapping[int, str]
) -> StageView:
    names = ("number", "received_on", "channel", "request_words", "acknowledged_on", "understanding")
    plain = {name: stage[name] for name in (*names, "outcomes_sought", "handler_id", "responded_on", "outcome")}
    return StageView(
        **plain,
        handler=people.get(stage["handler_id"], ""),
        responded_by=people.get(stage["responded_by"], ""),
        extensions=tuple(e for e in extensions if e["stage_id"] == stage["id"]),
        responses=tuple(r for r in responses if r["stage_id"] == stage["id"]),
    )


def _point(point: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> PointView:
    given = {a["stage_number"]: (a["outcome"], a["reasons"]) for a in answers if a["point_id"] == point["id"]}
    return PointView(number=point["number"], text=point["text"], raised_on=point["raised_on"], answers=given)


def _history(asking: Asking, complaint_id: int) -> tuple[HistoryLine, ...]:
    statement = (
        sa.select(_L.c.n, _L.c.at, _L.c.actor, _L.c.tag, _L.c.data, _LP.c.payload)
        .select_from(_L.outerjoin(_LP, _LP.c.n == _L.c.n))
        .where(_L.c.complaint_id == complaint_id, _L.c.tag.not_in(LOOKED_AT))
        .order_by(_L.c.n.desc())
    )
    lines = []
    for row in asking.connection.execute(statement):
        event = restore(row.tag, row.data, row.payload)
        lines.append(
            HistoryLine(
                n=row.n, at=row.at, actor=row.actor, tag=row.tag, sentence=event.sentence(), clauses=event.clauses
            )
        )
    return tuple(lines)


def _evidence(
    row: Any,
    stages: Sequence[Any],
    extensions: Sequence[Any],
    responses: Sequence[Any],
    points: Sequence[Any],
    answers: Sequence[Any],
    departed: Sequence[Any],
    history: Sequence[HistoryLine],
) -> Evidence:
    numbers = {stage["id"]: stage["number"] for stage in stages}
    told: dict[int, bool] = {}
    for extension in extensions:
        number = numbers[extension["stage_id"]]
        told[number] = told.get(number, True) and extension["ombudsman_told"]
    full = {(a["point_id"], a["stage_number"]) for a in answers if a["reasons"].strip()}
    unanswered = {n: sum((point["id"], n) not in full for point in points) for n in (1, 2)}
    first = [r for r in responses if numbers[r["stage_id"]] == 1]
    return Evidence(
        points=len(points),
        unanswered=unanswered,
        tags=frozenset(line.tag for line in history),
        departed=frozenset(d["clause"] for d in departed),
        told_how_to_escalate=any(r["signposting"] for r in first),
        ombudsman_told=told,
        someone_new=_someone_new(stages),
        time_limit_known=bool(row["issue_on"] or row["aware_on"]),
    )


def _someone_new(stages: Sequence[Any]) -> bool | None:
    if len(stages) < 2:
        return None
    one, two = stages[0], stages[1]
    considered = two["responded_by"] or two["handler_id"]
    if considered is None:
        return None
    return considered not in {one["handler_id"], one["responded_by"]}
