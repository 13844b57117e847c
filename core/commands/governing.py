"""A report's way: RecordReceipt, RecordGoverningResponse, PublishReport and KeepMemberReport."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.code.reports import ReportKind
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.reporting import names_nobody, the_report, web_address
from core.errors import BadInput, ReasonNeeded, StepNotOpen
from core.events.base import Event
from core.events.reports import GoverningResponseRecorded, MemberReportKept, ReportPublished, ReportReceived
from core.model.reports import GoverningResponse, MemberReport, ReportPublication, ReportReceipt, ReportSnapshot
from core.permissions import Permission
from core.rules.reports import GovernanceFacts, not_answered_before, published_too_early
from core.store.facts import ident


class RecordReceipt(Command):
    """Record that the Member, or a body, received a report."""

    needs = Permission.GOVERN
    clauses = ("lgsco:9.7", "lgsco:8.2")
    title = "Record the receipt"
    gist = "The Member receives each quarter's pack and the yearly report; the day they had it is kept."

    snapshot_id: int = asks("Which report", widget="choice", options="reports")
    receiver: str = asks("Who received it", min_length=1, max_length=200)
    received_on: date = asks("When they had it", widget="date", starts="today")


@handles(RecordReceipt)
def record_receipt(command: RecordReceipt, work: Work) -> Sequence[Event]:
    """Keep the day on which a report was received, and by whom [lgsco:9.7]."""
    snapshot = the_report(work, command.snapshot_id)
    _after(work, command.received_on, snapshot, field="received_on")
    number = ident(snapshot.id)
    work.session.add(
        ReportReceipt(
            snapshot_id=number,
            received_on=command.received_on,
            receiver=command.receiver,
            recorded_by=work.actor.id or None,
        )
    )
    return [ReportReceived(number=number, received_on=command.received_on, receiver=command.receiver)]


def _after(work: Work, day: date, snapshot: ReportSnapshot, *, field: str) -> None:
    """Refuse a day to come, and one before the report's time was over."""
    work.not_future(day, field)
    wrong = not_answered_before(day, ends_on=snapshot.ends_on)
    if wrong:
        raise BadInput(wrong, {field: "Give a later day."})


class RecordGoverningResponse(Command):
    """Record what the governing body said to the yearly report."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.2",)
    title = "Record the governing body's response"
    gist = "In the words in which it is published next to the report. It names nobody who complained."

    snapshot_id: int = asks("Which report", widget="choice", options="reports")
    body: str = asks("Which body", help="The cabinet, a committee or the full council.", min_length=1, max_length=200)
    met_on: date = asks("When it met", widget="date")
    minute: str = asks("The minute", min_length=1, max_length=200)
    words: str = asks("Its response", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordGoverningResponse)
def record_governing_response(command: RecordGoverningResponse, work: Work) -> Sequence[Event]:
    """Keep the governing body's response to a report with its minute [lgsco:8.2]."""
    snapshot = _yearly(work, command.snapshot_id)
    _after(work, command.met_on, snapshot, field="met_on")
    names_nobody(work, command.words, field="words", title="Its response")
    number = ident(snapshot.id)
    given = command.model_dump(include={"body", "met_on", "minute", "words"})
    work.session.add(GoverningResponse(snapshot_id=number, recorded_by=work.actor.id or None, **given))
    return [GoverningResponseRecorded(number=number, **given)]


def _yearly(work: Work, snapshot_id: int) -> ReportSnapshot:
    """A yearly report; StepNotOpen for a Member pack."""
    snapshot = the_report(work, snapshot_id)
    if snapshot.kind != ReportKind.YEARLY:
        raise StepNotOpen(
            f"Report {snapshot.id} is a pack for the Member, which is not published. Choose a yearly report."
        )
    return snapshot


class PublishReport(Command):
    """Record where and when the yearly report was published."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.2",)
    title = "Record the publication"
    gist = "The report and the governing body's response appear together, with the complaints pages of the website."

    snapshot_id: int = asks("Which report", widget="choice", options="reports")
    address: str = asks("Where it appeared", help="The address of the page.", min_length=1, max_length=500)
    published_on: date = asks("When it appeared", widget="date", starts="today")


@handles(PublishReport)
def publish_report(command: PublishReport, work: Work) -> Sequence[Event]:
    """Keep where a report appeared: no draft, and without the response only for a recorded reason [lgsco:8.2]."""
    snapshot = _yearly(work, command.snapshot_id)
    if snapshot.unsigned:
        raise StepNotOpen(
            f"Report {snapshot.id} is a draft: no signed self-assessment goes with it. "
            "Make the report again, name the one that was signed, and publish that."
        )
    web_address(command.address, field="address")
    _after(work, command.published_on, snapshot, field="published_on")
    number = ident(snapshot.id)
    met_on = tuple(
        work.session.exec(
            select(col(GoverningResponse.met_on)).where(
                col(GoverningResponse.snapshot_id) == number, col(GoverningResponse.met_on) <= command.published_on
            )
        ).all()
    )
    found = published_too_early(GovernanceFacts(yearly=True, unsigned=False, received=0, met_on=met_on, published=()))
    reason = (command.good_reason or "").strip()
    if found and not reason:
        raise ReasonNeeded(" ".join(each.sentence for each in found), found)
    kept: dict[str, Any] = {
        "published_on": command.published_on,
        "with_response": not found,
        "reason": reason if found else "",
    }
    work.session.add(
        ReportPublication(snapshot_id=number, address=command.address, recorded_by=work.actor.id or None, **kept)
    )
    return [ReportPublished(number=number, where=command.address, **kept)]


class KeepMemberReport(Command):
    """Keep what the Member reported of their findings."""

    needs = Permission.GOVERN
    clauses = ("lgsco:9.6",)
    title = "Keep a report of the Member"
    gist = "What the Member found about how complaints go, as they reported it to the governing body."

    about: str = asks("What it is about", min_length=1, max_length=300)
    reported_on: date = asks("When it was reported", widget="date")
    name: str = asks("The file's name", default="", max_length=200)
    sha256: str = asks("The file's digest", default="", max_length=64)
    size: int = asks("Its size", default=0, ge=0)


@handles(KeepMemberReport)
def keep_member_report(command: KeepMemberReport, work: Work) -> Sequence[Event]:
    """Keep the Member's findings with the file they stand in [lgsco:9.6]."""
    work.not_future(command.reported_on, "reported_on")
    if not command.sha256:
        raise BadInput("No file came along. Choose the Member's report, then keep it.")
    given = command.model_dump(include={"about", "reported_on", "name", "sha256"})
    work.session.add(MemberReport(size=command.size, added_by=work.actor.id or None, **given))
    return [MemberReportKept(**given)]
