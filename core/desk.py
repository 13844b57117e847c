"""The front door: `Desk.do` carries out a command, `Desk.ask` answers a query. Nothing else commits.

A command goes through permission, row scope, rules, change, duties, events, commit; all of it or none.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from pydantic import ValidationError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core import commands as _commands
from core.code.policy import Policy
from core.commands.base import HANDLERS, CaseCommand, Command, Work, looked_before
from core.commands.saying import said
from core.errors import BadInput, ChangedMeanwhile, NotPermitted, NotReady
from core.events.access import StepRefused
from core.events.base import Event, restore
from core.permissions import REFUSAL, Actor, Permission
from core.queries.base import Asking
from core.rules.s6_stages import LONDON, local_day
from core.settings import Settings
from core.store import drafts, ledger
from core.store.answers import Answers, end_of_ledger, question_of
from core.store.calendar import Calendars, calendar_version, hold_calendar, load_calendars
from core.store.engine import Database, Limits, is_duplicate
from core.store.facts import complaint_named, load_policies, rows_of
from core.store.schema import at_head
from core.store.scope import seen_among
from core.store.settling import settle
from core.store.versions import passed_by, stale_page
from core.store.whole_case import index_what_is_said

Clock = Callable[[], datetime]
Q = ParamSpec("Q")
T = TypeVar("T")

__all__ = ["LONDON", "Clock", "Desk", "Done", "Office"]
_ = _commands  # importing the package registers every command


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did: the complaint's reference and the sentences now in its history."""

    reference: str | None
    sentences: tuple[str, ...]
    events: tuple[Event, ...]
    again: bool = False


class Office:
    """One installation at work: its database, its key, and the calendar and policies kept ready.

    Shared by every desk of a process. Calendars and policies are read again only when their tables change.
    """

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.url, limits=Limits.of(settings))
        self.answers = Answers()
        self._lock = threading.Lock()
        self._calendars: Calendars | None = None

    @cached_property
    def key(self) -> bytes:
        """The ledger's key; NotReady when it is lost or cannot be used."""
        with self.database.reading() as connection:
            begun = ledger.begun(connection)
        return ledger.key_or_refuse(self.settings, begun=begun)

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock()

    def today(self, now: datetime) -> date:
        """The local day in England of a moment."""
        return local_day(now)

    def calendars(self, connection: Any) -> Calendars:
        """The calendar in all its versions, as the table has it now."""
        version = calendar_version(connection)
        with self._lock:
            if self._calendars is None or self._calendars.current != version:
                self._calendars = load_calendars(connection)
            return self._calendars

    def policies(self, connection: Any) -> dict[int, Policy]:
        """Every version of the council's policy by id."""
        return load_policies(connection)

    def check_schema(self) -> None:
        """NotReady unless the database has been set up and has the newest schema."""
        if not at_head(self.database):
            raise NotReady("The database does not have the newest schema. Run `complaints setup`, then start again.")

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def policy_in_force(policies: dict[int, Policy], day: date) -> int:
    """The id of the policy in force on a day: the newest one that had begun."""
    begun = [(policy.in_force_from, key) for key, policy in policies.items() if policy.in_force_from <= day]
    if not begun:
        raise NotReady("No complaints policy is in force. Run `complaints setup` first.")
    return max(begun)[1]


class _View:
    """One consistent view of the database for one person; what a question needs is read when the first one is asked."""

    def __init__(self, office: Office, actor: Actor, connection: Connection) -> None:
        self._office, self._actor, self.connection = office, actor, connection
        self._now = office.now()
        self.today = office.today(self._now)

    @cached_property
    def end(self) -> tuple[int, str]:
        """The end of the ledger in this view: it names this state of the record."""
        return end_of_ledger(self.connection)

    @cached_property
    def asking(self) -> Asking:
        """What a query works with."""
        return Asking(
            connection=self.connection,
            actor=self._actor,
            now=self._now,
            today=self.today,
            settings=self._office.settings,
            reads_calendars=self._office.calendars,
            reads_policies=self._office.policies,
        )


class _Rehearsed(Exception):
    """Undoes what a rehearsal did."""


class Desk:
    """One person at the console: every command and every question goes through here."""

    def __init__(self, office: Office, actor: Actor) -> None:
        self.office = office
        self.actor = actor
        self._view: _View | None = None

    def do(self, command: Command) -> Done:
        """Carry out a command, or refuse it with a sentence and leave no trace.

        Raises NotPermitted, NotFound, StepNotOpen, ReasonNeeded, LetterIncomplete, BadInput, ChangedMeanwhile,
        CalendarEnds or NotReady. A command already carried out is answered with what it did then.
        """
        self._check(type(command).needs, what=type(command).title)
        office = self.office
        now = office.now()
        key = office.key
        self._refuse_stale(command)
        looked = looked_before(command, office.database, office.today(now))
        try:
            with office.database.writing(alone=command.alone or command.moves_dates) as session:
                earlier = ledger.already_done(session.connection(), command.command_id)
                if earlier:
                    return self._again(earlier, session)
                work = self._work(session, now, moves_dates=command.moves_dates)
                work.looked = looked
                events = self._carry_out(command, work)
                at = now
                ledger.append(session, events, actor=self.actor, command_id=command.command_id, at=at, key=key)
                # Before the commit: once it is done, nothing may stand between it and the answer.
                shown = self._shown(events, session.connection())
        except IntegrityError as clash:
            return self._clashed(command, clash)
        return _done(shown, work)

    def rehearse(self, command: Command) -> None:
        """Carry out a command and undo all of it: raises what `do` would refuse it with, and changes nothing.

        A command already carried out passes, as `do` would answer it.
        """
        self._check(type(command).needs, what=type(command).title)
        with contextlib.suppress(_Rehearsed), self.office.database.writing(alone=True) as session:
            if not ledger.already_done(session.connection(), command.command_id):
                now = self.office.now()
                self._carry_out(command, self._work(session, now, moves_dates=command.moves_dates))
            raise _Rehearsed

    def ask(self, query: Callable[Concatenate[Asking, Q], T], *args: Q.args, **kwargs: Q.kwargs) -> T:
        """Answer a query from one consistent view of the database; NotPermitted when the role does not grant it."""
        needs: Permission | None = getattr(query, "needs", None)
        if needs is None:
            raise RuntimeError(f"{query.__name__} declares no permission.")
        self._check(needs, what=query.__name__.replace("_", " "))
        _check_texts((*args, *kwargs.values()))
        office, given = self.office, (args, kwargs)
        if self._view is None and (asked := question_of(query, given, self.actor, office.today(office.now()))):
            known: tuple[T] | None = office.answers.known(asked, office.database)
            if known is not None:
                return known[0]
        with contextlib.nullcontext(self._view) if self._view else self._looking() as view:
            question = question_of(query, given, self.actor, view.today)
            if question is None:
                return query(view.asking, *args, **kwargs)
            return office.answers.answer(
                view.connection, view.end, question, lambda: query(view.asking, *args, **kwargs)
            )

    @contextlib.contextmanager
    def one_view(self) -> Iterator[None]:
        """Everything asked inside is answered from one consistent view of the database, begun once.

        Carry out no command inside: it would need a second connection, and what it changes would not be seen.
        """
        with self._looking() as self._view:
            try:
                yield
            finally:
                self._view = None

    @contextlib.contextmanager
    def _looking(self) -> Iterator[_View]:
        with self.office.database.reading() as connection:
            yield _View(self.office, self.actor, connection)

    def form(self, kind: type[Command], values: dict[str, Any]) -> Command:
        """A command from what was typed; BadInput with a sentence for each field that cannot be used."""
        try:
            return kind(**values)
        except ValidationError as error:
            raise BadInput(*said(kind, error)) from error

    def keep(self, form: str, values: dict[str, Any]) -> None:
        """Keep what this person has typed into a form so far."""
        now = self.office.now()
        with self.office.database.writing() as session:
            drafts.keep(session, owner_id=self.actor.id, form=form, values=values, at=now)

    def kept(self, form: str) -> dict[str, Any]:
        """What this person had typed into a form; empty when nothing is kept."""
        with self.office.database.answering() as connection:
            return drafts.kept(connection, owner_id=self.actor.id, form=form)

    def drop(self, form: str, *, noting: tuple[str, dict[str, Any]] | None = None) -> None:
        """Forget a form's draft: its step has been taken, or the person threw it away.

        `noting`, by its name, is kept instead for as long as a session lives.
        """
        now, lasts = self.office.now(), timedelta(hours=self.office.settings.session_hours)
        with self.office.database.writing() as session:
            drafts.drop(session, owner_id=self.actor.id, form=form)
            if noting is not None:
                name, values = noting
                drafts.note(session, owner_id=self.actor.id, name=name, values=values, at=now, lasts=lasts)

    def may(self, permission: Permission) -> bool:
        """Whether this person's role grants the permission; the page hides what would be refused."""
        return self.actor.may(permission)

    def _check(self, permission: Permission, *, what: str) -> None:
        if self.actor.may(permission):
            return
        refused = StepRefused(what=what, permission=permission)
        office = self.office
        with office.database.writing() as session:
            told: dict[str, Any] = {"actor": self.actor, "command_id": str(uuid4()), "at": office.now()}
            ledger.append(session, [refused], **told, key=office.key)
        raise NotPermitted(REFUSAL[permission])

    def _shown(self, events: Sequence[Event], connection: Connection) -> list[Event]:
        """What this person may read of what was done: a change of calendar, or a leaver, touches cases they do not see.

        A step on one complaint begins with that complaint's own event, and is shown to whoever took it.
        """
        own = events[0].complaint_id
        ids = sorted({event.complaint_id for event in events if event.complaint_id is not None} - {own})
        if self.actor.whole or not ids:
            return list(events)
        seen = seen_among(connection, self.actor, ids)
        return [event for event in events if event.complaint_id in (None, own) or event.complaint_id in seen]

    def _work(self, session: Session, now: datetime, *, moves_dates: bool) -> Work:
        connection = session.connection()
        hold_calendar(connection, to_change=moves_dates)
        policies = self.office.policies(connection)
        today = self.office.today(now)
        # Before the first calendar there is no policy either: only the command that brings both can be carried out.
        chosen = policy_in_force(policies, today) if policies or not moves_dates else 0
        return Work(
            session=session,
            actor=self.actor,
            now=now,
            today=today,
            calendars=self.office.calendars(connection),
            policies=policies,
            policy_id=chosen,
        )

    def _refuse_stale(self, command: Command) -> None:
        """Refuse a step from a page that is out of date before it waits for anybody."""
        if not isinstance(command, CaseCommand) or not command.names_complaint or command.seen_version is None:
            return
        with self.office.database.answering() as connection:
            told: dict[str, Any] = {"seen_version": command.seen_version, "command_id": command.command_id}
            stale = passed_by(connection, self.actor, command.reference, **told)
        if stale is not None:
            raise ChangedMeanwhile(stale)

    def _compare_versions(self, command: Command, work: Work) -> None:
        if not isinstance(command, CaseCommand) or not command.names_complaint:
            return
        complaint = complaint_named(work.session, command.reference, actor=work.actor)
        if command.seen_version not in (None, complaint.version):
            raise ChangedMeanwhile(stale_page(complaint.reference))
        work.case = rows_of(work.session, complaint)

    def _carry_out(self, command: Command, work: Work) -> list[Event]:
        self._compare_versions(command, work)
        handler = HANDLERS.get(type(command))
        if handler is None:
            raise RuntimeError(f"{type(command).__name__} has no handler.")
        events = [*handler(command, work), *work.departed]
        if not events:
            raise RuntimeError(f"{type(command).__name__} returned no event.")
        work.session.flush()
        for case in work.touched_cases:
            settle(work.session, case, policy=work.policy_of(case), calendars=work.calendars)
        work.session.flush()
        index_what_is_said(work.session)
        work.session.flush()
        return events

    def _again(self, entries: Sequence[dict[str, Any]], session: Session) -> Done:
        events = tuple(
            restore(row["tag"], row["data"], row["payload"]).model_copy(update={"complaint_id": row["complaint_id"]})
            for row in entries
        )
        session.info["recorded"] = True
        reference = _reference_of(entries[0]["complaint_id"], session)
        shown = tuple(self._shown(events, session.connection()))
        return Done(reference=reference, sentences=tuple(e.sentence() for e in shown), events=shown, again=True)

    def _clashed(self, command: Command, clash: IntegrityError) -> Done:
        """The same command from two tabs at once: answer with what the first one did."""
        if not is_duplicate(clash):
            raise clash
        with self.office.database.writing() as session:
            earlier = ledger.already_done(session.connection(), command.command_id)
            if earlier:
                return self._again(earlier, session)
        raise ChangedMeanwhile(
            "Someone else saved the same thing at the same moment. Nothing was saved twice. Look again, then go on."
        ) from clash


def _check_texts(given: Sequence[object]) -> None:
    """Refuse what an address may hold and no database can be asked for: the sign NUL, or half a character."""
    for text in given:
        if is_dataclass(text):
            _check_texts([getattr(text, part.name) for part in fields(text)])
        elif isinstance(text, str) and ("\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text)):
            raise BadInput("This holds a sign that no record can hold. Type it again as plain text.")


def _reference_of(complaint_id: int | None, session: Session) -> str | None:
    from core.model.complaints import Complaint

    found = session.get(Complaint, complaint_id) if complaint_id is not None else None
    return found.reference if found else None


def _done(events: Sequence[Event], work: Work) -> Done:
    case = work.touched_cases[0] if work.touched_cases else None
    return Done(
        reference=case.complaint.reference if case else None,
        sentences=tuple(event.sentence() for event in events),
        events=tuple(events),
    )
