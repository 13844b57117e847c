"""What every command is, and what its handler works with.

A command is one verb of the Code with its fields, its clauses and the permission it needs. Its handler changes rows
and returns events; it never commits. The desk does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.code.policy import Policy
from core.errors import BadInput, ReasonNeeded, StepNotOpen
from core.events.base import Event
from core.events.cases import DepartedFromCode
from core.model.complaints import Departure
from core.permissions import Actor, Permission
from core.rules.findings import Finding
from core.rules.steps import BAND_STEPS, position_of, steps_from
from core.rules.working_days import WorkingDays
from core.store.calendar import Calendars
from core.store.engine import Database
from core.store.facts import CaseRows, load_case, mark_changed
from core.words import day_words

TEXT_LIMIT = 20_000


def asks(
    title: str,
    *,
    help: str = "",  # noqa: A002 - the word forms use
    widget: str = "text",
    default: Any = ...,
    options: str | None = None,
    starts: str | None = None,
    under: str = "",
    **limits: Any,
) -> Any:
    """A command's field: the question the form asks, its help, and the widget that takes the answer.

    `options` names the list a choice is made from: "services", "handlers", "reviewers", "channels"… A date that
    `starts` "today" is offered as today: for what is nearly always recorded on the day it is done. What is asked
    now and then stands `under` a heading at the end of its form, which is opened for it.
    """
    extra: Any = {"widget": widget, "options": options, "starts": starts, "under": under}
    return Field(default, title=title, description=help or None, json_schema_extra=extra, **limits)


class Command(BaseModel):
    """One step an officer can take. Frozen; refuses fields it does not know.

    `keeps_draft` is False for what may not be written down before it is sent. What goes through many records is saved
    `alone`, since whoever shared its COMMIT would wait for all of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, strict=True)

    needs: ClassVar[Permission]
    clauses: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[str] = ""
    gist: ClassVar[str] = ""
    moves_dates: ClassVar[bool] = False
    alone: ClassVar[bool] = False
    keeps_draft: ClassVar[bool] = True

    command_id: str = Field(default_factory=lambda: str(uuid4()), max_length=36)
    good_reason: str | None = Field(default=None, max_length=TEXT_LIMIT)

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        """PostgreSQL keeps no NUL in a text, so neither database is given one."""
        if any("\x00" in text for text in _texts_in(value)):
            raise PydanticCustomError("nul", "A text holds the character NUL.")
        return value

    @classmethod
    def asked_fields(cls) -> Mapping[str, Any]:
        """The fields a form shows, in order."""
        hidden = {"command_id", "good_reason", "reference", "seen_version", "letter_id"}
        hidden |= {"pdf_sha256", "word_sha256"}
        return {name: info for name, info in cls.model_fields.items() if name not in hidden}


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | BaseModel):
        for part in value if isinstance(value, tuple) else vars(value).values():
            yield from _texts_in(part)


class CaseCommand(Command):
    """A step on one complaint; `seen_version` is the version the page showed."""

    reference: str = Field(max_length=20)
    seen_version: int | None = None

    @property
    def names_complaint(self) -> bool:
        """Whether the record it is a step on is a complaint: always, unless a step says otherwise."""
        return True


_WHEN_IT_LEFT = ("sent_on", "acknowledged_on", "told_on")


class LetterStep(CaseCommand):
    """A step that a letter goes out with: `letter_id` is a draft written here, None for one from elsewhere.

    `pdf_sha256` and `word_sha256` are the digests of the files it goes out as; they lie in the folder of files already.
    """

    letter_id: int | None = None
    pdf_sha256: str = Field(default="", max_length=64)
    word_sha256: str = Field(default="", max_length=64)

    @classmethod
    def day_field(cls) -> str:
        """The field with the day that the letter left."""
        return next(name for name in _WHEN_IT_LEFT if name in cls.model_fields)

    @property
    def left_on(self) -> date:
        """The day that the letter left."""
        day: date = getattr(self, self.day_field())
        return day


@dataclass(slots=True, kw_only=True)
class Work:
    """What a handler works with: one session, one actor, one now, one calendar, one policy.

    `looked` is what its command looked for before, where it `looks` for something.
    """

    session: Session
    actor: Actor
    now: datetime
    today: date
    calendars: Calendars
    policies: Mapping[int, Policy]
    policy_id: int
    case: CaseRows | None = None
    departed: list[Event] = field(default_factory=list)
    touched_cases: list[CaseRows] = field(default_factory=list)
    looked: Any = None

    def open_case(self, command: CaseCommand) -> CaseRows:
        """The complaint the command is about, checked to permit this step.

        Raises NotFound, or StepNotOpen when the complaint's position does not permit the step. The desk has
        already compared versions.
        """
        self.case = self.case or load_case(self.session, command.reference, actor=self.actor)
        position = position_of(self.case.facts())
        if type(command).__name__ not in steps_from(position):
            raise StepNotOpen(
                f"{self.case.complaint.reference} stands at “{position.value}”, so “{type(command).title}” "
                f"is not open. {_open_instead(steps_from(position))}"
            )
        self.touch(self.case)
        return self.case

    def touch(self, case: CaseRows) -> None:
        """Note that a complaint changes: its version goes up and its duties are settled before the commit."""
        mark_changed(case.complaint, at=self.now)
        if case not in self.touched_cases:
            self.touched_cases.append(case)

    def policy_of(self, case: CaseRows) -> Policy:
        """The policy the complaint was received under; it keeps it."""
        return self.policies[case.complaint.policy_id]

    @property
    def policy(self) -> Policy:
        """The policy in force today."""
        return self.policies[self.policy_id]

    def calendar_of(self, policy: Policy) -> WorkingDays:
        """The calendar a policy counts by."""
        return self.calendars.of(policy.closure_days_skip)

    def counting(self, case: CaseRows) -> dict[str, Any]:
        """The policy and calendar of a complaint, as rules take them."""
        policy = self.policy_of(case)
        return {"policy": policy, "calendar": self.calendar_of(policy)}

    def weigh(self, command: Command, findings: Iterable[Finding], *, case: CaseRows) -> None:
        """Let the step through, refuse it, or record the departure.

        A finding on a *must* clause or on structure refuses outright (StepNotOpen). One on a *should* clause asks
        for a reason (ReasonNeeded); with a reason the step goes on and the departure is recorded.
        """
        findings = tuple(findings)
        fixed = [finding for finding in findings if finding.force != "should"]
        if fixed:
            raise StepNotOpen(" ".join(finding.sentence for finding in fixed))
        if not findings:
            return
        if not (command.good_reason or "").strip():
            raise ReasonNeeded(" ".join(finding.sentence for finding in findings), findings)
        for finding in findings:
            self._depart(command, finding, case)

    def _depart(self, command: Command, finding: Finding, case: CaseRows) -> None:
        reason = str(command.good_reason).strip()
        self.session.add(
            Departure(
                complaint_id=case.id,
                clause=finding.clause,
                finding=finding.sentence,
                reason=reason,
                step=type(command).__name__,
                recorded_by=self.actor.id or None,
                recorded_on=self.today,
            )
        )
        self.departed.append(
            DepartedFromCode(complaint_id=case.id, clause=finding.clause, finding=finding.sentence, reason=reason)
        )

    def not_future(self, day: date, name: str) -> None:
        """Refuse a date that has not come yet."""
        if day > self.today:
            raise BadInput(
                f"{day_words(day)} has not come yet. Give the day it happened.", {name: "This date is in the future."}
            )

    def not_before(self, day: date, earliest: date, name: str, *, what: str) -> None:
        """Refuse a date before the event it must follow."""
        if day < earliest:
            raise BadInput(
                f"{day_words(day)} is before {what} on {day_words(earliest)}. Check both dates.",
                {name: f"This cannot be before {day_words(earliest)}."},
            )


def _open_instead(steps: Sequence[str]) -> str:
    titles = [COMMANDS[step].title for step in steps if step in COMMANDS and step not in BAND_STEPS]
    return f"Steps open now: {', '.join(titles)}." if titles else ""


Handler = Callable[[Any, Work], Sequence[Event]]
C = TypeVar("C", bound=Command)

COMMANDS: dict[str, type[Command]] = {}
HANDLERS: dict[type[Command], Handler] = {}


def handles(command: type[C]) -> Callable[[Callable[[C, Work], Sequence[Event]]], Callable[[C, Work], Sequence[Event]]]:
    """Register the one handler of a command."""

    def register(handler: Callable[[C, Work], Sequence[Event]]) -> Callable[[C, Work], Sequence[Event]]:
        if command in HANDLERS:
            raise RuntimeError(f"{command.__name__} has two handlers.")
        COMMANDS[command.__name__] = command
        HANDLERS[command] = handler
        return handler

    return register


Look = Callable[[Connection, date], Any]
LOOKS: dict[type[Command], Look] = {}


def looks(command: type[Command]) -> Callable[[Look], Look]:
    """Register what a command looks for before it holds the database: what takes seconds, and changes nothing.

    It is given a view of the database and today's date, and its answer is `Work.looked`. Something may be recorded
    between the two, so the handler checks whatever has to hold still.
    """

    def register(look: Look) -> Look:
        LOOKS[command] = look
        return look

    return register


def looked_before(command: Command, database: Database, today: date) -> Any:
    """What this command looks for on a view of its own; None for one that looks for nothing."""
    look = LOOKS.get(type(command))
    if look is None:
        return None
    with database.reading() as connection:
        return look(connection, today)
