"""The sample council's last full year: its self-assessment signed, its report answered and published, a Member pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from core.assessment_files import text_to_freeze
from core.code.reports import ReportKind
from core.commands.base import Command
from core.commands.governing import PublishReport, RecordGoverningResponse, RecordReceipt
from core.commands.reporting import MakeSnapshot, WriteNarrative
from core.commands.self_assessment import AnswerClause, FreezeAssessment, OpenAssessment, SignAssessment
from core.commands.wording import PublishWording
from core.demo.courses import first_day
from core.demo.story import Act, Council, Finds
from core.demo.texts import colleagues, read
from core.desk import LONDON, Desk
from core.permissions import Role
from core.queries.reports import reports
from core.queries.self_assessment import assessments
from core.queries.signed_assessments import signed_assessments
from core.report_files import snapshot
from core.rules.periods import Period
from core.rules.s8_reporting import Follows, SignOff, WhyAssessed

_Told = tuple[str, str, type[Command], dict[str, Any], Finds | None]


@cache
def told() -> Mapping[str, Any]:
    """What is laid out in governing.toml."""
    return read("governing.toml")


def governing(council: Council, *, seed: str) -> Sequence[Act]:
    """All about the last year whose report had gone its whole way by the demo's today; nothing where there is none."""
    year = Period.year_with(council.today).before()
    if _day(council, year, "published") >= council.today:
        year = year.before()
    if year.end <= first_day(council.today):
        return ()
    random = Random(f"{seed} governing")  # noqa: S311 - a story, not a secret
    acts = []
    steps = [*_pack(council, year), *_worded(council, year), *_assessed(council, year), *_report(council, year)]
    for minute, (when, who, kind, values, finds) in enumerate(steps):
        at = datetime.combine(_day(council, year, when), time(14, minute), tzinfo=LONDON)
        named = str(UUID(int=random.getrandbits(128), version=4))
        who = who or council.cast.manager
        acts.append(Act(at=at, who=who, kind=kind, command_id=named, values=values, finds=finds))
    return acts


def _day(council: Council, year: Period, when: str) -> date:
    return council.calendar.after(year.end, told()["days"][when])


def _one(role: Role) -> str:
    return next(name for name, has in colleagues() if has is role)


def _pack(council: Council, year: Period) -> Iterator[_Told]:
    """The pack of the year's last quarter, which the Member received."""
    yield from _made(ReportKind.QUARTERLY, year, "pack")
    yield _received(council, year, "pack_received")


def _worded(council: Council, year: Period) -> Iterator[_Told]:
    """What the council says in its own words, in letters and on its website."""
    approved = {"in_force_from": _day(council, year, "pack_received"), "approved_by": told()["committee"]}
    for each in told()["wording"]:
        yield "pack_received", "", PublishWording, each | approved, None


def _made(kind: ReportKind, year: Period, when: str) -> Iterator[_Told]:
    """What is written for a report, and the report."""
    for each in told()["words"]:
        if each["kind"] == kind.value:
            said = {"kind": kind, "day": year.end, "box": each["box"], "text": each["text"]}
            yield when, "", WriteNarrative, said, None
    yield when, "", MakeSnapshot, {"kind": kind, "day": year.end}, _gathered(kind, year.end)


def _received(council: Council, year: Period, when: str) -> _Told:
    member = _one(Role.MEMBER)
    return when, member, RecordReceipt, {"receiver": member, "received_on": _day(council, year, when)}, _newest


def _assessed(council: Council, year: Period) -> Iterator[_Told]:
    """The year's self-assessment: every row answered, the text frozen, and signed by all three."""
    owner = council.cast.colleague_ids[council.cast.manager]
    covers = {"starts_on": year.start, "ends_on": year.end, "owner_id": owner}
    yield "opened", "", OpenAssessment, {"why": WhyAssessed.YEARLY, **covers}, None
    for each in told()["answer"]:
        said = {"follows": Follows(each["follows"]), "commentary": each["commentary"], "answered_version": 0}
        plan = {"action": each["action"], "owner_id": owner, "due_on": council.today} if "action" in each else {}
        for row in each["rows"]:
            yield "answered", "", AnswerClause, {"item": row, **said, **plan}, _assessment
    yield "frozen", "", FreezeAssessment, {}, _frozen
    body = {"committee": told()["committee"], "minute": told()["minute"], "response": told()["signature"]}
    for step, when, who, more in (
        (SignOff.OWNER, "signed_owner", "", {}),
        (SignOff.SENIOR_LEAD, "signed_lead", _one(Role.SENIOR_LEAD), {}),
        (SignOff.GOVERNING_BODY, "signed_body", "", body),
    ):
        yield when, who, SignAssessment, {"step": step, "signed_on": _day(council, year, when), **more}, _assessment


def _report(council: Council, year: Period) -> Iterator[_Told]:
    """The yearly report with what the governing body answered, published together."""
    yield from _made(ReportKind.YEARLY, year, "report")
    yield _received(council, year, "report_received")
    answer = {"body": told()["committee"], "minute": told()["minute"], "words": told()["response"]}
    met = {"met_on": _day(council, year, "responded")}
    yield "responded", "", RecordGoverningResponse, answer | met, _newest
    where = {"address": told()["address"], "published_on": _day(council, year, "published")}
    yield "published", "", PublishReport, where, _newest


# ------------------------------------------------------------------------------------------ what is known only then


def _assessment(desk: Desk, _reference: str) -> dict[str, Any]:
    return {"assessment_id": max(each.id for each in desk.ask(assessments))}


def _frozen(desk: Desk, reference: str) -> dict[str, Any]:
    of = _assessment(desk, reference)
    return of | {"contents": text_to_freeze(desk, of["assessment_id"])}


def _gathered(kind: ReportKind, day: date) -> Finds:
    def finds(desk: Desk, _reference: str) -> dict[str, Any]:
        signed = [each.text_id for each in desk.ask(signed_assessments)] if kind is ReportKind.YEARLY else []
        taken = signed[0] if signed else None
        made = snapshot(desk, MakeSnapshot(kind=kind, day=day, self_assessment=taken))
        return {"self_assessment": taken, **made}

    return finds


def _newest(desk: Desk, _reference: str) -> dict[str, Any]:
    return {"snapshot_id": max(each.id for each in desk.ask(reports))}
