"""Joiners, movers and leavers: who works here, in which role, for which services, and how they first get in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints
from sqlmodel import col, select

from core.commands.access import HASH, account_of, end_sessions
from core.commands.base import Command, Work, asks, handles
from core.commands.confidence import show_managers_what_nobody_sees
from core.commands.handing_over import hand_over, hand_over_remedies, hand_over_requests
from core.errors import BadInput, NotFound
from core.events.access import (
    ColleagueJoined,
    ColleagueLeft,
    ColleagueMoved,
    ColleagueReturned,
    LinkMade,
    SecondFactorChanged,
    ServiceAdded,
)
from core.events.base import Event
from core.model.access import Account, CalendarFeed, ColleagueService, OneTimeLink
from core.model.evidence import NamedPerson
from core.model.people import Colleague, Service
from core.model.reminders import ReminderChoice
from core.permissions import Permission, Role
from core.store.facts import ident

_Chosen = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class AddColleague(Command):
    """Enter a colleague who joins: name, sign-in name, role, and the services whose cases they see."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:4.1",)
    title = "Add a colleague"
    gist = "Then make a one-time link, with which they choose a password or use single sign-on."

    name: _Chosen = asks("Name")
    sign_in_name: _Chosen = asks("Sign-in name", help="Such as the work e-mail address. It is not shown to others.")
    role: Role = asks("Role", widget="choice")
    services: tuple[int, ...] = asks(
        "Only these services", help="Leave empty for all services.", widget="several", options="services", default=()
    )


@handles(AddColleague)
def add_colleague(command: AddColleague, work: Work) -> Sequence[Event]:
    """Enter a named colleague with one role [lgsco:4.1]."""
    name = " ".join(command.name.split())
    sign_in_name = folded(command.sign_in_name)
    if work.session.exec(select(Colleague).where(col(Colleague.name) == name)).first() is not None:
        raise BadInput(
            f"{name} is on the list already. Move them, or let them return; give a namesake a distinguishing name.",
            {"name": "This name is taken."},
        )
    _check_sign_in_name(work, sign_in_name)
    colleague = Colleague(name=name, role=command.role.value)
    work.session.add(colleague)
    work.session.flush()
    chosen = ident(colleague.id)
    work.session.add(Account(colleague_id=chosen, sign_in_name=sign_in_name))
    services = _limit(work, chosen, command.services)
    joined = ColleagueJoined(colleague=name, colleague_id=chosen, role=command.role.value, services=services)
    return [joined, *show_managers_what_nobody_sees(work)]


def folded(name: str) -> str:
    """A sign-in name as it is kept and compared: without regard to case and outer spaces."""
    return name.strip().casefold()


def _check_sign_in_name(work: Work, name: str) -> None:
    if work.session.exec(select(Account).where(col(Account.sign_in_name) == name)).first() is not None:
        raise BadInput("That sign-in name is taken. Choose another.", {"sign_in_name": "This sign-in name is taken."})


def _limit(work: Work, colleague_id: int, services: Sequence[int]) -> tuple[str, ...]:
    """Make these the only services a colleague sees; their names."""
    session = work.session
    known = {ident(row.id): row.name for row in session.exec(select(Service).where(col(Service.id).in_(services)))}
    if set(services) - set(known):
        raise BadInput("One of these services does not exist. Choose from the list.", {"services": "Choose again."})
    for row in session.exec(select(ColleagueService).where(col(ColleagueService.colleague_id) == colleague_id)):
        if row.service_id not in known:
            session.delete(row)
        else:
            known.pop(row.service_id)
    session.add_all(ColleagueService(colleague_id=colleague_id, service_id=each) for each in known)
    statement = select(Service.name).where(col(Service.id).in_(services)).order_by(col(Service.name))
    return tuple(session.exec(statement))


class AddService(Command):
    """Enter a service of the council, for complaints to be about and colleagues to be limited to."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:4.1",)
    title = "Add a service"
    gist = "Services named in a file of old complaints are added by its import."

    name: _Chosen = asks("Service", help="As people here call it, such as “Waste and recycling”.")


@handles(AddService)
def add_service(command: AddService, work: Work) -> Sequence[Event]:
    """Enter one service by its name [lgsco:4.1]."""
    name = " ".join(command.name.split())
    if name.casefold() in {known.casefold() for known in work.session.exec(select(Service.name))}:
        raise BadInput(f"“{name}” is on the list already.", {"name": "This service is on the list already."})
    work.session.add(Service(name=name))
    return [ServiceAdded(service=name)]


class GiveAccount(Command):
    """Give a colleague who is on the list a way to sign in."""

    needs = Permission.ACCOUNTS
    title = "Give an account"
    gist = "For colleagues who came with the set-up and cannot sign in yet."

    colleague_id: int = asks("Colleague", widget="choice", options="everyone")
    sign_in_name: _Chosen = asks("Sign-in name", help="Such as the work e-mail address.")


@handles(GiveAccount)
def give_account(command: GiveAccount, work: Work) -> Sequence[Event]:
    """Give a listed colleague an account [lgsco:4.1]."""
    colleague = _colleague(work, command.colleague_id)
    if work.session.get(Account, command.colleague_id) is not None:
        raise BadInput(f"{colleague.name} has an account already. Make a one-time link instead.")
    _check_sign_in_name(work, folded(command.sign_in_name))
    work.session.add(Account(colleague_id=command.colleague_id, sign_in_name=folded(command.sign_in_name)))
    return [ColleagueJoined(colleague=colleague.name, colleague_id=command.colleague_id, role=colleague.role)]


class MoveColleague(Command):
    """Give a colleague another role, or other services. It holds from their next click."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:4.1",)
    title = "Move a colleague"
    gist = "What they have in hand stays with them; hand it over on the queue when the new role cannot consider it."

    colleague_id: int = asks("Colleague", widget="choice", options="everyone")
    role: Role = asks("Role", widget="choice")
    services: tuple[int, ...] = asks(
        "Only these services", help="Leave empty for all services.", widget="several", options="services", default=()
    )


@handles(MoveColleague)
def move_colleague(command: MoveColleague, work: Work) -> Sequence[Event]:
    """Change one colleague's role or reach [lgsco:4.1]."""
    colleague = _colleague(work, command.colleague_id)
    before = colleague.role
    if Role(before) is Role.ADMINISTRATOR and command.role is not Role.ADMINISTRATOR:
        _refuse_the_last_administrator(work, colleague)
    colleague.role = command.role.value
    work.session.add(colleague)
    services = _limit(work, command.colleague_id, command.services)
    moved = ColleagueMoved(
        colleague=colleague.name,
        colleague_id=command.colleague_id,
        before=before,
        role=command.role.value,
        services=services,
    )
    work.session.flush()
    return [moved, *show_managers_what_nobody_sees(work)]


def _refuse_the_last_administrator(work: Work, colleague: Colleague) -> None:
    statement = select(Colleague).where(
        col(Colleague.role) == Role.ADMINISTRATOR.value, col(Colleague.active).is_(True)
    )
    if all(other.id == colleague.id for other in work.session.exec(statement)):
        raise BadInput(
            f"{colleague.name} is the last administrator. Make somebody else an administrator first, "
            "or nobody could manage accounts."
        )


class RecordLeaver(Command):
    """Close a leaver's account at once and hand over, in the same step, what they had in hand."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:4.1", "lgsco:6.14")
    title = "A colleague leaves"
    gist = "Every session ends now. What the successor may not consider is left without anyone, and shows as such."
    alone = True

    colleague_id: int = asks("Who leaves", widget="choice", options="everyone")
    successor_id: int | None = asks(
        "Who takes over",
        help="Leave empty to leave the cases without anyone for the moment.",
        widget="choice",
        options="handlers",
        default=None,
    )


@handles(RecordLeaver)
def record_leaver(command: RecordLeaver, work: Work) -> Sequence[Event]:
    """End a leaver's access and give their open stages to someone who may consider them [lgsco:6.14]."""
    colleague = _colleague(work, command.colleague_id)
    if not colleague.active:
        raise BadInput(f"{colleague.name} has left already.")
    if command.successor_id == command.colleague_id:
        raise BadInput("Nobody hands over to themselves. Choose someone else.", {"successor_id": "Choose again."})
    if Role(colleague.role) is Role.ADMINISTRATOR:
        _refuse_the_last_administrator(work, colleague)
    successor = _colleague(work, command.successor_id) if command.successor_id is not None else None
    if successor is not None and not successor.active:
        raise BadInput(f"{successor.name} has left. Choose someone else.", {"successor_id": "Choose again."})
    colleague.active = False
    handed = hand_over(work, colleague, successor)
    remedies = hand_over_remedies(work, colleague, successor)
    requests = hand_over_requests(work, colleague, successor, command_id=command.command_id)
    ended = end_sessions(work, command.colleague_id, why="left")
    _take_back(work, command.colleague_id)
    left = ColleagueLeft(
        colleague=colleague.name,
        colleague_id=command.colleague_id,
        handed_to=successor.name if successor else "",
        handed=handed.given,
        unassigned=handed.left,
    )
    work.session.flush()
    handed_on = [*handed.events, *remedies, *requests]
    return [left, *handed_on, *show_managers_what_nobody_sees(work), *([ended] if ended.sessions else [])]


def _take_back(work: Work, colleague_id: int) -> None:
    """Take back every way in and every confidence a leaver had; none comes back by itself if they return."""
    account = work.session.get(Account, colleague_id)
    if account is not None:
        account.password_hash = account.totp_secret = None  # who they are at the provider stays: it keeps them out
    _close_links(work, colleague_id)
    feed = work.session.get(CalendarFeed, colleague_id)
    named = work.session.exec(select(NamedPerson).where(col(NamedPerson.colleague_id) == colleague_id))
    reminded = work.session.get(ReminderChoice, colleague_id)
    for gone in filter(None, [*named, feed, reminded]):
        work.session.delete(gone)


class RecordReturn(Command):
    """Let a colleague who left come back. They choose a new password."""

    needs = Permission.ACCOUNTS
    title = "A colleague returns"
    gist = "Nothing they had before is given back by itself."

    colleague_id: int = asks("Who returns", widget="choice", options="leavers")


@handles(RecordReturn)
def record_return(command: RecordReturn, work: Work) -> Sequence[Event]:
    """Open a leaver's account again, without a password [lgsco:4.1]."""
    colleague = _colleague(work, command.colleague_id)
    if colleague.active:
        raise BadInput(f"{colleague.name} has not left.")
    colleague.active = True
    account = work.session.get(Account, command.colleague_id)
    if account is not None:
        account.issuer = account.subject = None
    work.session.flush()
    returned = ColleagueReturned(colleague=colleague.name, colleague_id=command.colleague_id)
    return [returned, *show_managers_what_nobody_sees(work)]


class MakeLink(Command):
    """Make a one-time link with which a colleague chooses a password. Earlier links stop working."""

    needs = Permission.ACCOUNTS
    title = "Make a one-time link"
    gist = "Hand it over in person or by a way you trust: whoever opens it first has the account."

    colleague_id: int
    link_id: str = Field(min_length=HASH, max_length=HASH)
    ends_at: datetime
    forget_second_factor: bool = False


@handles(MakeLink)
def make_link(command: MakeLink, work: Work) -> Sequence[Event]:
    """Keep the hash of a new link; a lost second factor can be forgotten with it."""
    colleague, account = account_of(work, command.colleague_id)
    if not colleague.active:
        raise BadInput(f"{colleague.name} has left. Let them return first.")
    _close_links(work, command.colleague_id)
    work.session.add(
        OneTimeLink(id=command.link_id, colleague_id=command.colleague_id, made_at=work.now, ends_at=command.ends_at)
    )
    events: list[Event] = []
    forgets = command.forget_second_factor and account.totp_secret is not None
    if forgets:
        account.totp_secret = None
        events.append(SecondFactorChanged(colleague=colleague.name, on=False))
    return [LinkMade(colleague=colleague.name, forgets_second_factor=forgets), *events]


def _close_links(work: Work, colleague_id: int) -> None:
    """Let no link of a colleague work any more."""
    still = col(OneTimeLink.colleague_id) == colleague_id, col(OneTimeLink.used_at).is_(None)
    for link in work.session.exec(select(OneTimeLink).where(*still)):
        link.used_at = work.now


class EndSessions(Command):
    """End every session of a colleague at once."""

    needs = Permission.ACCOUNTS
    title = "End all sessions"
    gist = "It holds from their next click, on every machine."

    colleague_id: int = asks("Colleague", widget="choice", options="everyone")


@handles(EndSessions)
def end_all_sessions(command: EndSessions, work: Work) -> Sequence[Event]:
    """End the sessions of one colleague."""
    _colleague(work, command.colleague_id)
    return [end_sessions(work, command.colleague_id, why="ended by an administrator")]


def _colleague(work: Work, colleague_id: int) -> Colleague:
    found = work.session.get(Colleague, colleague_id)
    if found is None:
        raise NotFound("That colleague is not on the list. Choose someone else.")
    return found
