"""Being in touch with people about a complaint: RecordContact, AnswerContact and AgreeUpdates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel import col, func, select

from core.code.catalogue import LETTERS
from core.commands.base import CaseCommand, Work, asks, handles
from core.commands.people import may_go_out
from core.errors import BadInput
from core.events.base import Event
from core.events.correspondence import ContactAnswered, ContactRecorded, UpdatesAgreed
from core.model.correspondence import Contact, UpdateAgreement
from core.model.letters import Letter
from core.model.parties import Party
from core.model.people import Person
from core.permissions import Permission
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom
from core.rules.parties import PartyRole
from core.rules.s6_stages import LONDON
from core.store.facts import CaseRows
from core.words import day_words

_FEW_LINES = 4_000
_A_YEAR = 52  # weeks
_LAST_ID = 2**31 - 1  # PostgreSQL numbers its rows no further
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_ACTING = (PartyRole.REPRESENTATIVE.value, PartyRole.PROFESSIONAL.value)


class RecordContact(CaseCommand):
    """Record a call, a message or a visit: who got in touch with whom, when, and what was said."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Record a contact"
    gist = "Calls, messages and visits. A letter that was written here stands in the list by itself."

    direction: Direction = asks("Who got in touch", widget="choice")
    with_whom: WithWhom = asks("With whom", widget="choice")
    name: str = asks("Their name", help="For the individual, leave it empty.", default="", max_length=200)
    reached_by: ReachedBy = asks("How", widget="choice")
    on_day: date = asks("When", widget="date", starts="today")
    at_time: str = asks("At what time, such as 14:30 (optional)", default="", max_length=5)
    what: str = asks("What was said, in a few lines", widget="area", min_length=1, max_length=_FEW_LINES)
    waits: bool = asks("Their message waits for our reply", widget="tick", default=False)
    introduces: bool = asks("We told them who has the complaint", widget="tick", default=False)


@handles(RecordContact)
def record_contact(command: RecordContact, work: Work) -> Sequence[Event]:
    """Keep a contact with the day it was, whoever began it [lgsco:5.8]."""
    case = work.open_case(command)
    _fits(command)
    name = _name_of(command.with_whom, command.name, case, work)
    at_time = _when(command.on_day, command.at_time, work, day="on_day")
    if command.direction is Direction.OUT and command.with_whom is WithWhom.REPRESENTATIVE:
        work.weigh(command, may_go_out(case, work, on=command.on_day), case=case)
    contact = _contact(case, work, **command.model_dump(include=_COPIED), name=name, at_time=at_time)
    return [_recorded(contact)]


_COPIED = {"direction", "with_whom", "reached_by", "on_day", "what", "waits", "introduces"}


def _fits(command: RecordContact) -> None:
    """Only a message to us can wait for a reply, and only one from us can say who has the complaint."""
    if command.waits and command.direction is Direction.OUT:
        said = "Only a message to us waits for our reply. Take the tick away, or say that they contacted us."
        raise BadInput(said, {"waits": "Take the tick away."})
    if command.introduces and command.direction is Direction.IN:
        said = "Record what we told them as a contact of ours. Take the tick away, or say that we contacted them."
        raise BadInput(said, {"introduces": "Take the tick away."})


class AnswerContact(CaseCommand):
    """Record our reply to a message: one that is on the record already, or what was said now."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Record our reply"
    gist = "Choose the reply if it is on the record already. If it is not, say how and when it was given."

    contact_id: int = asks("Which message", widget="choice", options="waiting")
    answer: str | None = asks(
        "Our reply, if it is on the record already", widget="choice", options="replies", default=None, max_length=20
    )
    reached_by: ReachedBy | None = asks("How we replied", widget="choice", default=None)
    answered_on: date | None = asks("When", widget="date", default=None, starts="today")
    at_time: str = asks("At what time, such as 14:30 (optional)", default="", max_length=5)
    what: str = asks("What we said, in a few lines", widget="area", default="", max_length=_FEW_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The reply to a message: its day, what it is called, and where it stands."""

    on: date
    words: str
    contact_id: int | None = None
    letter_id: int | None = None


@handles(AnswerContact)
def answer_contact(command: AnswerContact, work: Work) -> Sequence[Event]:
    """Keep what answered a message, and when [lgsco:5.8]."""
    case = work.open_case(command)
    message = work.session.get(Contact, command.contact_id)
    if message is None or message.complaint_id != case.id or not message.waits or message.answered_on is not None:
        raise BadInput(
            f"No such message waits on {case.complaint.reference}. Choose one from the list.",
            {"contact_id": "Choose a message."},
        )
    before: list[Event] = []
    if command.answer:
        answer = _named(command, message, case, work)
    else:
        contact = _new(command, message, case, work)
        before = [_recorded(contact)]
        answer = _Answer(on=contact.on_day, words=_words(contact), contact_id=contact.id)
    work.not_before(answer.on, message.on_day, "answered_on", what="the message came")
    message.answered_on = answer.on
    message.answer_contact_id, message.answer_letter_id = answer.contact_id, answer.letter_id
    answered = ContactAnswered(
        complaint_id=case.id,
        number=message.number,
        answered_on=answer.on,
        answer=answer.words,
        what=message.what,
    )
    return [*before, answered]


def _named(command: AnswerContact, message: Contact, case: CaseRows, work: Work) -> _Answer:
    """A contact or letter of ours on this very complaint, to the same person."""
    if command.what or command.reached_by is not None:
        raise BadInput(
            "Either the reply is on the record already, or it is recorded now. Choose none above, or empty what is "
            "typed below.",
            {"answer": "Choose none, or empty the fields below."},
        )
    kind, _, number = str(command.answer).partition(":")
    known = int(number) if number.isascii() and number.isdigit() and int(number) <= _LAST_ID else 0
    if kind == "letter":
        letter = work.session.get(Letter, known)
        if letter is None or letter.sent_on is None or not _to_the_same(letter, message, case, work):
            raise _not_a_reply(case)
        return _Answer(on=letter.sent_on, words=f"a letter ({LETTERS[letter.kind].title})", letter_id=letter.id)
    contact = work.session.get(Contact, known)
    if contact is None or contact.direction != Direction.OUT.value or not _with_the_same(contact, message, case):
        raise _not_a_reply(case)
    return _Answer(on=contact.on_day, words=_words(contact), contact_id=contact.id)


def _with_the_same(contact: Contact, message: Contact, case: CaseRows) -> bool:
    same = (contact.with_whom, contact.name.casefold()) == (message.with_whom, message.name.casefold())
    return same and contact.complaint_id == case.id


def _not_a_reply(case: CaseRows) -> BadInput:
    return BadInput(
        f"That is no reply to this person on {case.complaint.reference}. Choose one of ours to the same person, "
        "or record the reply below.",
        {"answer": "Choose one of ours to the same person."},
    )


def _to_the_same(letter: Letter, message: Contact, case: CaseRows, work: Work) -> bool:
    """Whether a letter of this complaint went to whoever the message came from, by the name on its envelope."""
    person = work.session.get(Person, case.complaint.person_id) if case.complaint.person_id else None
    individual = message.with_whom == WithWhom.INDIVIDUAL.value
    name = person.name if individual and person is not None else message.name
    to = letter.addressee.partition("\n")[0].strip()
    return letter.complaint_id == case.id and to.casefold() == name.strip().casefold()


def _new(command: AnswerContact, message: Contact, case: CaseRows, work: Work) -> Contact:
    """The reply as a contact of its own, to the person the message came from."""
    if command.reached_by is None or command.answered_on is None or not command.what:
        raise BadInput(
            "Say how and when we replied and what was said, or choose a reply that is on the record already.",
            {"what": "Write it in a few lines, with how and when."},
        )
    at_time = _when(command.answered_on, command.at_time, work, day="answered_on")
    work.not_before(command.answered_on, message.on_day, "answered_on", what="the message came")
    if message.with_whom == WithWhom.REPRESENTATIVE.value:
        work.weigh(command, may_go_out(case, work, on=command.answered_on), case=case)
    return _contact(
        case,
        work,
        direction=Direction.OUT,
        with_whom=message.with_whom,
        name=message.name,
        reached_by=command.reached_by,
        on_day=command.answered_on,
        at_time=at_time,
        what=command.what,
    )


class AgreeUpdates(CaseCommand):
    """Agree with somebody how often they hear from us, in place of our own standard."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Agree how often to give an update"
    gist = "What they prefer takes the place of our own standard. It moves no date of the Code."

    every_weeks: int = asks("Every how many weeks", widget="number", ge=1, le=_A_YEAR)
    with_whom: WithWhom = asks("Agreed with", widget="choice")
    name: str = asks("Their name", help="For the individual, leave it empty.", default="", max_length=200)
    agreed_on: date = asks("When it was agreed", widget="date", starts="today")


@handles(AgreeUpdates)
def agree_updates(command: AgreeUpdates, work: Work) -> Sequence[Event]:
    """Keep how often somebody wants to hear from us; what is agreed is a contact as well [lgsco:5.8]."""
    case = work.open_case(command)
    name = _name_of(command.with_whom, command.name, case, work)
    work.not_future(command.agreed_on, "agreed_on")
    work.not_before(command.agreed_on, case.complaint.received_on, "agreed_on", what="the complaint was received")
    values: dict[str, Any] = {
        "every_weeks": command.every_weeks,
        "with_whom": command.with_whom.value,
        "name": name,
        "agreed_on": command.agreed_on,
    }
    work.session.add(UpdateAgreement(complaint_id=case.id, agreed_by=work.actor.id or None, **values))
    return [UpdatesAgreed(complaint_id=case.id, **values)]


def _name_of(with_whom: WithWhom, name: str, case: CaseRows, work: Work) -> str:
    """Who it was: the individual has a name already, and a representative alone on the complaint is meant."""
    if with_whom is WithWhom.INDIVIDUAL:
        if name:
            said = "The individual's name stands on the complaint. Empty the name, or choose who else it was."
            raise BadInput(said, {"name": "Leave it empty for the individual."})
        return ""
    if not name and with_whom is WithWhom.REPRESENTATIVE:
        acting = (col(Party.complaint_id) == case.id, col(Party.role).in_(_ACTING))
        found = list(work.session.exec(select(Party.name).where(*acting)))
        if len(found) == 1:
            return found[0]
    if not name:
        raise BadInput("Say who it was: write their name.", {"name": "Write their name."})
    return name


def _when(on: date, at_time: str, work: Work, *, day: str) -> str:
    """The time as it is kept, HH:MM or empty; BadInput for one that is none, or a moment that has not come yet."""
    work.not_future(on, day)
    if not at_time:
        return ""
    found = _TIME.fullmatch(at_time)
    if found is None:
        raise BadInput(
            f"“{at_time}” is no time of day. Write hours and minutes, such as 14:30, or leave it empty.",
            {"at_time": "Write it like 14:30."},
        )
    kept = time(int(found[1]), int(found[2]))
    if datetime.combine(on, kept, tzinfo=LONDON) > work.now:
        raise BadInput(
            f"{kept:%H:%M} on {day_words(on)} has not come yet. Give the time it happened.",
            {"at_time": "This time is in the future."},
        )
    return f"{kept:%H:%M}"


def _contact(case: CaseRows, work: Work, **values: Any) -> Contact:
    """A new contact with the next number of its complaint; it cannot be before the complaint was received."""
    work.not_before(values["on_day"], case.complaint.received_on, "on_day", what="the complaint was received")
    last = select(func.max(Contact.number)).where(col(Contact.complaint_id) == case.id)
    number = (work.session.exec(last).one() or 0) + 1
    words = {name: value.value for name, value in values.items() if isinstance(value, Direction | WithWhom | ReachedBy)}
    contact = Contact(complaint_id=case.id, number=number, recorded_by=work.actor.id or None, **{**values, **words})
    work.session.add(contact)
    work.session.flush()
    return contact


def _recorded(contact: Contact) -> ContactRecorded:
    names = [name for name in ContactRecorded.model_fields if name in Contact.model_fields and name != "complaint_id"]
    kept = {name: getattr(contact, name) for name in names}
    return ContactRecorded(complaint_id=contact.complaint_id, **kept)


def _words(contact: Contact) -> str:
    return f"a contact {contact.reached_by}"
