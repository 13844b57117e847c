"""A complaint from one of the council's own web forms: what it may hold, who sends it, and what it is told.

Each request carries a key of the form and an idempotency key of the complaint. The second try of a request that was
recorded answers with what the first one was told, also when the machine stopped between the two.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from core.channels.secrets import new_token, token_hash
from core.commands.base import TEXT_LIMIT
from core.commands.recording import MATTER, MOST_PEOPLE
from core.commands.web_forms import AddIntakeClient, RecordWebComplaint
from core.desk import Desk, Done, Office
from core.errors import BadInput, CalendarEnds, NotPermitted, NotReady
from core.events.cases import ComplaintRecorded
from core.events.intake import FormReceived
from core.model.complaints import Channel
from core.permissions import Actor, Permission, Role
from core.rules.parties import PartyRole
from core.rules.s6_stages import local_day
from core.store import clients
from core.store.clients import Client
from core.words import counted, day_words

KEY = r"[A-Za-z0-9._:~-]{16,128}"
"""What an idempotency key is made of; a UUID is one."""

_COMPLAINTS = UUID("6f0f5f0e-6a53-4a3c-8b0e-0d2c2f7f3a11")
_TOUCHED_EVERY = timedelta(minutes=1)
_CLOCKS_APART = timedelta(minutes=5)
_EMAIL = r"^(|[^@\s]+@[^@\s]+)$"
_NEEDS = 4_000
_HOW = 500


class OtherWords(BadInput):
    """An idempotency key that was used for other words before."""


class Sent(BaseModel):
    """What a form may send: no field it does not know, and each of its own kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise PydanticCustomError("nul", "A text holds the character NUL.")
        return value


class WebRepresentative(Sent):
    """Somebody who acts for the individual. Proof that they may is asked for later and holds nothing up."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title="Who acts for them")
    professional: bool = Field(
        default=False, title="It is their profession", description="An advocate, a solicitor, an advice centre."
    )
    contact: str = Field(default="", max_length=500, title="How to reach that person")
    written_to: bool = Field(default=False, title="Letters go to that person")


class WebComplaint(Sent):
    """One complaint as somebody wrote it into a form. Only `words` is needed, and a way to reach somebody.

    Without any way to reach them, `no_contact_details` says that this is meant: it is considered all the same.
    """

    words: str = Field(
        min_length=1, max_length=TEXT_LIMIT, title="What happened", description="In their own words, kept as written."
    )
    outcome_wanted: str = Field(default="", max_length=TEXT_LIMIT, title="What they want to happen")
    subject: str = Field(
        default="", max_length=MATTER, title="The matter in a few words", description="Else their first words stand."
    )
    name: str = Field(default="", max_length=200, title="Name", description="May stay empty.")
    email: str = Field(default="", max_length=254, pattern=_EMAIL, title="E-mail")
    phone: str = Field(default="", max_length=60, title="Phone")
    address: str = Field(default="", max_length=500, title="Address")
    postcode: str = Field(default="", max_length=12, title="Postcode")
    no_contact_details: bool = Field(default=False, title="There is no way to reach them")
    preferred_contact: str = Field(
        default="", max_length=_HOW, title="How to reach them best", description="By text only, after six, by a friend."
    )
    adjustments: str = Field(
        default="",
        max_length=_NEEDS,
        title="What they need from us",
        description="Reasonable adjustments they ask for, in words: large print, an interpreter, more time.",
    )
    service: str = Field(
        default="", max_length=120, title="Service", description="By its name in the console; another is kept as said."
    )
    happened_on: date | None = Field(default=None, title="When it happened")
    aware_on: date | None = Field(default=None, title="When they became aware of it")
    people: int | None = Field(default=None, ge=1, le=MOST_PEOPLE, title="How many people it is from")
    speaks_for_them: str = Field(default="", max_length=200, title="Who speaks for the group")
    representative: WebRepresentative | None = Field(default=None, title="Who acts for them")
    submitted_at: AwareDatetime | None = Field(
        default=None,
        title="When it was sent",
        description="With its offset from UTC; now if left out. The clock starts on that day in England.",
    )


class Promise(BaseModel):
    """A date somebody can be told, with what it rests on."""

    by: date
    clause: str = Field(description="Of the Ombudsman's Complaint Handling Code, February 2024.")
    why: str = Field(description="A sentence that may be shown as it stands.")


class Recorded(BaseModel):
    """What became of a complaint that was sent in."""

    reference: str
    received_on: date
    acknowledge: Promise | None = Field(description="Null when there is no way to reach anybody.")
    answer: Promise


def add_client(desk: Desk, name: str) -> str:
    """Let a web form send complaints in; its key, which is shown once and kept nowhere [lgsco:3.1].

    Raises BadInput for a name that is taken.
    """
    key, hashed = new_token()
    desk.do(desk.form(AddIntakeClient, {"name": name, "key_hash": hashed}))
    return key


def client_of(office: Office, key: str) -> Client:
    """The web form that holds this key; NotPermitted when it opens nothing."""
    with office.database.reading() as connection:
        found = clients.client_of(connection, token_hash(key))
    if found is None:
        raise NotPermitted("This key opens nothing. Ask the council's administrator for one under “Web forms”.")
    now = office.now()
    if found.used_at is None or now - found.used_at >= _TOUCHED_EVERY:
        with suppress(NotReady):  # records that cannot be written to say so when the complaint is recorded
            clients.touch(office.database, found.id, at=now)
    return found


def desk_of(office: Office, client: Client) -> Desk:
    """The desk of a web form, which may record and nothing else; its name stands in each case's history."""
    may = frozenset({Permission.RECORD})
    return Desk(office, Actor(id=0, name=f"Web form: {client.name}", role=Role.RECORDER, limited_to=may))


def read(body: bytes) -> WebComplaint:
    """What was sent; BadInput with a sentence for each field, by its JSON pointer."""
    try:
        return WebComplaint.model_validate_json(body)
    except ValidationError as error:
        fields = {_pointer(problem["loc"]): _sentence(problem) for problem in error.errors()}
        raise BadInput(" ".join(fields.values()), fields) from error


def receive(office: Office, client: Client, sent: WebComplaint, *, key: str) -> tuple[Recorded, bool]:
    """Record what a form sent, once for each idempotency key; the second value says whether it was there already.

    Raises OtherWords when the key came with other words before, BadInput for what cannot be so [lgsco:3.2].
    """
    desk = desk_of(office, client)
    digest = hashlib.sha256(sent.model_dump_json(exclude_defaults=True).encode()).hexdigest()
    told = {"client": client.name, "sent_sha256": digest, "command_id": str(uuid5(_COMPLAINTS, f"{client.id}/{key}"))}
    try:
        done = desk.do(desk.form(RecordWebComplaint, {**_values(sent, office), **told}))
    except CalendarEnds as end:
        if sent.submitted_at is None:
            raise
        said = "No date can be counted from then. Check when it was sent."
        raise BadInput(said, {"/submitted_at": said}) from end
    except BadInput as refusal:
        raise BadInput(str(refusal), {_AT.get(name, f"/{name}"): said for name, said in refusal.fields.items()}) from (
            refusal
        )
    answer = _answer(done)
    if done.again and answer[1] != digest:
        raise OtherWords(
            "This Idempotency-Key was used for other words before, and those are recorded. Send this complaint under a "
            "key of its own."
        )
    return answer[0], done.again


_AT = {
    "received_on": "/submitted_at",
    "issue_on": "/happened_on",
    "aware_on": "/aware_on",
    "contact_email": "/email",
}
"""Where the form has what a command calls otherwise."""


def _values(sent: WebComplaint, office: Office) -> dict[str, Any]:
    """The command's fields; what is passed on is decided by the complaints team."""
    acts = sent.representative
    values: dict[str, Any] = {
        "individual": sent.name,
        "contact_phone": sent.phone,
        "contact_email": sent.email,
        "postcode": sent.postcode,
        "address": sent.address,
        "words": sent.words,
        "received_on": _received_on(sent, office),
        "channel": Channel.WEB,
        "matter": sent.subject,
        "no_contact_details": sent.no_contact_details,
        "outcomes_sought": sent.outcome_wanted,
        "issue_on": sent.happened_on,
        "aware_on": sent.aware_on,
        "affected": sent.people,
        "lead_contact": sent.speaks_for_them,
        "passed_on": True,
        "service_name": sent.service,
        "needs_told": "\n\n".join(filter(None, (sent.preferred_contact, sent.adjustments))),
    }
    if acts is not None:
        role = PartyRole.PROFESSIONAL if acts.professional else PartyRole.REPRESENTATIVE
        values |= {"representative": acts.name, "representative_role": role}
        values |= {"representative_contact": acts.contact, "representative_written_to": acts.written_to}
    return values


def _received_on(sent: WebComplaint, office: Office) -> date:
    """The local day it was sent; clocks that run a little ahead are taken for today [lgsco:6.2]."""
    now = office.now()
    at: datetime = sent.submitted_at or now
    if now < at <= now + _CLOCKS_APART:
        at = now
    try:
        return local_day(at)
    except OverflowError as error:
        said = "That day is not in any calendar. Check when it was sent."
        raise BadInput(said, {"received_on": said}) from error


def _answer(done: Done) -> tuple[Recorded, str]:
    """What a form is told of a complaint, and the digest of what it was told it for; the same at every try."""
    (recorded,) = (event for event in done.events if isinstance(event, ComplaintRecorded))
    (told,) = (event for event in done.events if isinstance(event, FormReceived))
    acknowledge = None
    if told.acknowledge_by is not None:
        days = counted(told.acknowledge_days, "working day")
        why = f"We acknowledge it within {days} of receiving it: by {day_words(told.acknowledge_by)}."
        acknowledge = Promise(by=told.acknowledge_by, clause=_number(told.acknowledge_clause), why=why)
    days = counted(told.answer_days, "working day")
    why = (
        f"We answer it within {days} of acknowledging it: by {day_words(told.answer_by)} at the latest, unless we "
        "write that it needs longer, and why."
    )
    answer = Promise(by=told.answer_by, clause=_number(told.answer_clause), why=why)
    whole = Recorded(
        reference=recorded.reference, received_on=recorded.received_on, acknowledge=acknowledge, answer=answer
    )
    return whole, told.sent_sha256


def _number(clause: str) -> str:
    return clause.partition(":")[2]


def _pointer(place: tuple[int | str, ...]) -> str:
    """Where a field stands, as a JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


def _sentence(problem: Any) -> str:
    """What is wrong with one field, in a sentence that a form may show beside it."""
    kind, limits = problem["type"], problem.get("ctx") or {}
    if kind == "json_invalid":
        return "This is not JSON. Send one JSON object in UTF-8."
    if not problem["loc"]:
        return "Send one JSON object with the fields of a complaint."
    title = _title(problem["loc"])
    if kind == "extra_forbidden":
        return f"There is no field “{title[:60]}” here. Leave it out."
    if kind in {"missing", "string_too_short"}:
        return f"“{title}” is not filled in yet."
    if kind == "string_too_long":
        return f"“{title}” takes {counted(limits['max_length'], 'character')} at most. Shorten it."
    if kind == "string_pattern_mismatch":
        return f"“{title}” is no e-mail address. Give one such as name@example.org, or leave it empty."
    if kind == "nul":
        return f"“{title}” holds a sign that no record can hold. Type it again as plain text."
    return f"“{title}” cannot be used. {_WANTED.get(kind.partition('_')[0], 'Send what the published schema says.')}"


_WANTED = {
    "string": "Send text.",
    "date": "Send a date as year-month-day, such as 2026-04-02.",
    "datetime": "Send a moment with its offset, such as 2026-04-02T09:30:00+01:00.",
    "timezone": "Send the moment with its offset from UTC, such as 2026-04-02T09:30:00+01:00.",
    "bool": "Send true or false.",
    "int": "Send a whole number.",
    "greater": f"Send a number from 1 to {MOST_PEOPLE:,}.",
    "less": f"Send a number from 1 to {MOST_PEOPLE:,}.",
    "model": "Send an object.",
}
"""What a field takes, by the first word of what pydantic calls the mistake."""


def _title(place: tuple[int | str, ...]) -> str:
    """What a field is called; the name that was sent, where there is no such field."""
    kind: Any = WebRepresentative if place[0] == "representative" and len(place) > 1 else WebComplaint
    info = kind.model_fields.get(str(place[-1]))
    return (info.title if info is not None else None) or str(place[-1])
