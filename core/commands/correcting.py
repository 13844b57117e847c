"""Putting a wrongly recorded fact right: CorrectFact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.discretion import note_discretion
from core.commands.recording import MOST_PEOPLE, postcode_of
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import FactCorrected
from core.model.complaints import Channel
from core.model.people import Person, Service
from core.model.requests import Respondent, TakenIn
from core.permissions import Permission
from core.rules.facts import Ending
from core.rules.findings import Finding
from core.rules.s2_exclusions import accepted_in_time
from core.store.facts import CaseRows
from core.store.indexing import index_case


class Fact(StrEnum):
    """The facts that can be corrected; the words of the complaint never can."""

    MATTER = "the matter"
    SERVICE = "the service"
    CATEGORY = "the category"
    CHANNEL = "how it came"
    RECEIVED = "the day of receipt"
    ISSUE = "when it happened"
    AWARE = "when they became aware"
    ACKNOWLEDGED_ONE = "the day stage 1 was acknowledged"
    ANSWERED_ONE = "the day stage 1 was answered"
    REQUESTED_TWO = "the day stage 2 was asked for"
    ACKNOWLEDGED_TWO = "the day stage 2 was acknowledged"
    ANSWERED_TWO = "the day of the final response"
    NAME = "the individual's name"
    EMAIL = "the individual's e-mail"
    PHONE = "the individual's phone"
    ADDRESS = "the individual's address"
    POSTCODE = "the individual's postcode"
    RESPONDENT = "whose doing it is"
    RESPONDENT_NAME = "the contractor's or partner's name"
    AFFECTED = "how many people it is from"
    LEAD_CONTACT = "who speaks for the group"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fact lies and how its text is read."""

    column: str
    where: str
    read: Callable[[str], Any]
    required: bool = False


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"“{text}” is not a date. Write it as year-month-day, such as 2026-04-02.",
            {"new_value": "Write the date as year-month-day."},
        ) from error


def _channel(text: str) -> str:
    if text not in {channel.value for channel in Channel}:
        ways = ", ".join(channel.value for channel in Channel)
        raise BadInput(f"“{text}” is not a way a complaint can come. Choose one of: {ways}.")
    return text


def _respondent(text: str) -> str:
    if text not in {each.value for each in Respondent}:
        raise BadInput(f"“{text}” is nobody on the list. Write one of: {', '.join(each.value for each in Respondent)}.")
    return text


def _people(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PEOPLE)) else 0
    if not 1 <= number <= MOST_PEOPLE:
        raise BadInput(f"“{text}” is no number of people. Write it in figures, such as 12.")
    return number


_PLACES = {
    Fact.MATTER: _Place("matter", "complaint", str, True),
    Fact.SERVICE: _Place("service_id", "complaint", str),
    Fact.CATEGORY: _Place("category", "complaint", str),
    Fact.CHANNEL: _Place("channel", "complaint", _channel, True),
    Fact.RECEIVED: _Place("received_on", "complaint", _day, True),
    Fact.ISSUE: _Place("issue_on", "complaint", _day),
    Fact.AWARE: _Place("aware_on", "complaint", _day),
    Fact.ACKNOWLEDGED_ONE: _Place("acknowledged_on", "stage 1", _day),
    Fact.ANSWERED_ONE: _Place("responded_on", "stage 1", _day, True),
    Fact.REQUESTED_TWO: _Place("received_on", "stage 2", _day, True),
    Fact.ACKNOWLEDGED_TWO: _Place("acknowledged_on", "stage 2", _day),
    Fact.ANSWERED_TWO: _Place("responded_on", "stage 2", _day, True),
    Fact.NAME: _Place("name", "person", str),
    Fact.EMAIL: _Place("email", "person", str),
    Fact.PHONE: _Place("phone", "person", str),
    Fact.ADDRESS: _Place("address", "person", str),
    Fact.POSTCODE: _Place("postcode", "person", postcode_of),
    Fact.RESPONDENT: _Place("respondent", "taken in", _respondent, True),
    Fact.RESPONDENT_NAME: _Place("respondent_name", "taken in", str),
    Fact.AFFECTED: _Place("affected", "taken in", _people, True),
    Fact.LEAD_CONTACT: _Place("lead_contact", "taken in", str),
}


class CorrectFact(CaseCommand):
    """Put a wrongly recorded fact right. The old value stays in the history, and every date is counted again."""

    needs = Permission.CORRECT
    clauses = ("lgsco:5.8",)
    title = "Correct a fact"
    gist = "The old value stays in the history; the duties are counted again from the right one."

    fact: Fact = asks("What is wrong", widget="choice", options="facts")
    new_value: str = asks("What it should say", help="Dates as year-month-day, such as 2026-04-02.", max_length=500)
    why: str = asks("How you know", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(CorrectFact)
def correct_fact(command: CorrectFact, work: Work) -> Sequence[Event]:
    """Correct a recorded fact and keep what it said before [lgsco:5.8]."""
    case = work.open_case(command)
    place = _PLACES[command.fact]
    if not command.new_value and place.required:
        raise BadInput(f"Say what {command.fact.value} should be.", {"new_value": "This cannot be empty."})
    person = work.session.get(Person, case.complaint.person_id) if case.complaint.person_id else None
    row = _taken_in(case, work) if place.where == "taken in" else _row_of(place, case, person, command.fact)
    _fits(row, place, command.new_value)
    old = getattr(row, place.column)
    shown_old = str(old) if old is not None else ""
    new: Any
    if command.fact is Fact.SERVICE:
        new, shown_old = _service_change(work, old, command.new_value)
    else:
        new = place.read(command.new_value) if command.new_value else _empty_of(place)
    if new == old:
        raise BadInput("That is what the record says already. Give the value it should have.")
    setattr(row, place.column, new)
    _carry_along(command.fact, case, old, new)
    if place.read is _day:
        _dates_in_order(case, work)
    if command.fact in (Fact.RECEIVED, Fact.ISSUE, Fact.AWARE):
        work.weigh(command, _taken_in_time(case, work), case=case)
        note_discretion(work, case, used=True, note=command.good_reason)
    index_case(work.session, case.complaint, person)
    return [
        FactCorrected(
            complaint_id=case.id,
            fact=command.fact.value,
            old=shown_old,
            new=command.new_value,
            why=command.why,
        )
    ]


def _fits(row: Any, place: _Place, text: str) -> None:
    longest = getattr(row.__table__.c[place.column].type, "length", None)
    if longest is not None and len(text) > longest:
        raise BadInput(
            f"This has {len(text)} characters and at most {longest} can be kept. Shorten it.",
            {"new_value": f"At most {longest} characters."},
        )


def _carry_along(fact: Fact, case: CaseRows, old: Any, new: Any) -> None:
    """What repeats the corrected fact says the same."""
    complaint = case.complaint
    if fact is Fact.RECEIVED:
        case.stages[1].received_on = new
    if fact is Fact.MATTER:
        for point in case.points[:1]:
            # The first point says what the matter is, unless it went on by another route.
            point.text = new if point.number == 1 else point.text
    if fact is Fact.ANSWERED_TWO and complaint.ending == Ending.FINAL_RESPONSE and complaint.ended_on == old:
        complaint.ended_on = new


def _taken_in_time(case: CaseRows, work: Work) -> tuple[Finding, ...]:
    row = case.complaint
    return accepted_in_time(row.received_on, issue_on=row.issue_on, aware_on=row.aware_on, policy=work.policy_of(case))


def _empty_of(place: _Place) -> Any:
    return None if place.column.endswith("_on") else ""


def _taken_in(case: CaseRows, work: Work) -> TakenIn:
    """How a complaint was taken in; one from an old record begins to say so with its first correction."""
    taken = work.session.get(TakenIn, case.id)
    if taken is None:
        taken = TakenIn(complaint_id=case.id)
        work.session.add(taken)
    return taken


def _row_of(place: _Place, case: CaseRows, person: Person | None, fact: Fact) -> Any:
    if place.where == "person":
        if person is None:
            raise BadInput("Nobody is recorded on this complaint. Add a note with what you know.")
        return person
    if place.where == "complaint":
        return case.complaint
    number = int(place.where[-1])
    stage = case.stages.get(number)
    # An acknowledgement found later may be entered once the stage is answered; until then there is a step for it.
    settled = stage is not None and not place.required and stage.responded_on is not None
    if stage is None or (getattr(stage, place.column) is None and not settled):
        raise BadInput(f"{fact.value.capitalize()} is not recorded, so it cannot be corrected. Take the step itself.")
    return stage


def _service_change(work: Work, old_id: int | None, name: str) -> tuple[int | None, str]:
    old = work.session.get(Service, old_id) if old_id is not None else None
    if not name:
        return None, old.name if old else ""
    found = work.session.exec(select(Service).where(col(Service.name) == name)).first()
    if found is None:
        raise BadInput(f"There is no service called “{name}”. Use the name as the list shows it.")
    return found.id, old.name if old else ""


def _dates_in_order(case: CaseRows, work: Work) -> None:
    """Refuse a correction that puts an answer before its question, or any date in the future."""
    received = (case.complaint.received_on, "the complaint was received")
    orders: list[list[tuple[date | None, str]]] = [
        [(case.complaint.issue_on, "it happened"), received, (case.complaint.logged_on, "it was recorded")],
        [(case.complaint.aware_on, "the individual became aware of it"), received],
    ]
    for number, stage in sorted(case.stages.items()):
        asked = [] if number == 1 else [(stage.received_on, "stage 2 was asked for")]
        acknowledged = (stage.acknowledged_on, f"stage {number} was acknowledged")
        orders.append([received, *asked, acknowledged, (stage.responded_on, f"stage {number} was answered")])
    for order in orders:
        known = [(day, what) for day, what in order if day is not None]
        for (earlier, first), (later, second) in zip(known, known[1:], strict=False):
            if later < earlier:
                raise BadInput(f"Then {second} before {first}. Check the date, or correct the other one first.")
        for day, _what in known:
            work.not_future(day, "new_value")
