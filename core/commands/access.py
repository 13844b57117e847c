"""Getting in and looking: sessions, refusals, passwords, second factors, opened cases and exports.

Commands that open a session belong to the console itself: they are carried out before anybody is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import col, select

from core.commands.base import Command, Work, handles
from core.errors import BadInput, NotFound, NotPermitted
from core.events.access import (
    CaseOpened,
    Exported,
    FeedChanged,
    PasswordChosen,
    SecondFactorChanged,
    SignedIn,
    SignedOut,
    SignInRefused,
    SignOnLinked,
)
from core.events.base import Event
from core.model.access import Account, CalendarFeed, LoginSession, OneTimeLink, SignInFailure
from core.model.complaints import Complaint
from core.model.people import Colleague
from core.permissions import Permission
from core.store.facts import ident
from core.store.scope import visible

HASH = 64


class OpenSession(Command):
    """Let a colleague in who has proved who they are."""

    needs = Permission.ENTER
    title = "Open a session"
    gist = "After a right password, single sign-on, or the word of the organisation's own web server."

    colleague_id: int
    session_id: str = Field(min_length=HASH, max_length=HASH)
    how: str = Field(max_length=30)
    address: str = Field(default="", max_length=60)
    ends_at: datetime
    totp_step: int | None = None


@handles(OpenSession)
def open_session(command: OpenSession, work: Work) -> Sequence[Event]:
    """Open a session under the hash of its token; a code of a second factor is used up with it."""
    colleague, account = account_of(work, command.colleague_id)
    if not colleague.active:
        raise NotPermitted("This account is closed. Ask the administrator.")
    if command.totp_step is not None:
        if command.totp_step <= account.totp_step:
            raise NotPermitted("That code has been used. Wait for the next one.")
        account.totp_step = command.totp_step
    work.session.add(
        LoginSession(
            id=command.session_id,
            colleague_id=command.colleague_id,
            how=command.how,
            address=command.address,
            opened_at=work.now,
            seen_at=work.now,
            ends_at=command.ends_at,
        )
    )
    return [SignedIn(colleague=colleague.name, how=command.how, address=command.address)]


class RefuseSignIn(Command):
    """Note that a sign-in was refused; the wrong ones are counted."""

    needs = Permission.ENTER
    title = "Refuse a sign-in"
    gist = "Counted by name and by address, so that guessing gets nowhere."

    name: str = Field(max_length=120)
    name_hash: str = Field(min_length=HASH, max_length=HASH)
    address: str = Field(default="", max_length=60)
    why: str = Field(max_length=120)


@handles(RefuseSignIn)
def refuse_sign_in(command: RefuseSignIn, work: Work) -> Sequence[Event]:
    """Count a wrong sign-in; the name is kept as a hash, for people type passwords into that field."""
    table = SignInFailure.__table__  # type: ignore[attr-defined]
    work.session.connection().execute(sa.delete(table).where(table.c.at < work.now - timedelta(days=1)))
    work.session.add(SignInFailure(at=work.now, name_hash=command.name_hash, address=command.address))
    return [SignInRefused(why=command.why, name=command.name, address=command.address)]


class SignOut(Command):
    """End one's own session."""

    needs = Permission.OWN
    title = "Sign out"
    gist = "The session ends at once, in every tab that uses it."

    session_id: str = Field(min_length=HASH, max_length=HASH)


@handles(SignOut)
def sign_out(command: SignOut, work: Work) -> Sequence[Event]:
    """End one session of the person who asks."""
    found = work.session.get(LoginSession, command.session_id)
    if found is None or found.colleague_id != work.actor.id:
        raise NotFound("There is no such session of yours.")
    return [end_sessions(work, found.colleague_id, why="signed out", only=command.session_id)]


class EndOwnSessions(Command):
    """End every session of one's own except the one that asks."""

    needs = Permission.OWN
    title = "End my other sessions"
    gist = "For a computer left signed in somewhere else."

    keep: str = Field(min_length=HASH, max_length=HASH)


@handles(EndOwnSessions)
def end_own_sessions(command: EndOwnSessions, work: Work) -> Sequence[Event]:
    """End the other sessions of the person who asks."""
    return [end_sessions(work, work.actor.id, why="ended from another session", keep=command.keep)]


def end_sessions(work: Work, colleague_id: int, *, why: str, only: str = "", keep: str = "") -> SignedOut:
    """End the open sessions of a colleague: all of them, only one, or all but one."""
    statement = select(LoginSession).where(
        col(LoginSession.colleague_id) == colleague_id, col(LoginSession.ended_at).is_(None)
    )
    if only:
        statement = statement.where(col(LoginSession.id) == only)
    if keep:
        statement = statement.where(col(LoginSession.id) != keep)
    ended = list(work.session.exec(statement))
    for session in ended:
        session.ended_at = work.now
    colleague = work.session.get(Colleague, colleague_id)
    return SignedOut(colleague=colleague.name if colleague else "", sessions=len(ended), why=why)


class ChoosePassword(Command):
    """Choose a password, by a one-time link or while signed in. Every session of before ends."""

    needs = Permission.OWN
    title = "Choose a password"
    gist = "At least twelve characters. Only its hash is kept."

    password_hash: str = Field(min_length=HASH, max_length=200, repr=False)
    link_id: str | None = Field(default=None, min_length=HASH, max_length=HASH)
    keep: str = Field(default="", max_length=HASH)


@handles(ChoosePassword)
def choose_password(command: ChoosePassword, work: Work) -> Sequence[Event]:
    """Keep a new password's hash; the link that allowed it is used up, and older sessions end."""
    colleague, account = account_of(work, work.actor.id)
    if command.link_id is not None:
        link = usable_link(work, command.link_id)
        if link.colleague_id != work.actor.id:
            raise NotPermitted("This link is somebody else's.")
        link.used_at = work.now
    account.password_hash = command.password_hash
    account.password_set_at = work.now
    ended = end_sessions(work, work.actor.id, why="a new password was chosen", keep=command.keep)
    chosen = PasswordChosen(colleague=colleague.name, by_link=command.link_id is not None)
    return [chosen, ended] if ended.sessions else [chosen]


def usable_link(work: Work, link_id: str) -> OneTimeLink:
    """A one-time link that still works; NotPermitted with the next step otherwise."""
    link = work.session.get(OneTimeLink, link_id, with_for_update=True)
    if link is None or link.used_at is not None or link.ends_at <= work.now:
        raise NotPermitted("This link has been used or has run out. Ask the administrator for a new one.")
    return link


class SetSecondFactor(Command):
    """Put one's second factor on, or take it off."""

    needs = Permission.OWN
    title = "Second factor"
    gist = "A code from an authenticator app beside the password. Each code works once."

    sealed_secret: str | None = Field(default=None, max_length=300, repr=False)
    totp_step: int = 0


@handles(SetSecondFactor)
def set_second_factor(command: SetSecondFactor, work: Work) -> Sequence[Event]:
    """Keep a second factor whose first code was right, or forget it."""
    colleague, account = account_of(work, work.actor.id)
    if command.sealed_secret is None and account.totp_secret is None:
        raise BadInput("There is no second factor to take off.")
    account.totp_secret = command.sealed_secret
    account.totp_step = command.totp_step
    return [SecondFactorChanged(colleague=colleague.name, on=command.sealed_secret is not None)]


class LinkSignOn(Command):
    """Link an account to a person at the identity provider, by issuer and subject and nothing else."""

    needs = Permission.ENTER
    title = "Link single sign-on"
    gist = "An e-mail address alone never links an account."

    colleague_id: int
    issuer: str = Field(min_length=1, max_length=300)
    subject: str = Field(min_length=1, max_length=300)
    link_id: str | None = Field(default=None, min_length=HASH, max_length=HASH)


@handles(LinkSignOn)
def link_sign_on(command: LinkSignOn, work: Work) -> Sequence[Event]:
    """Keep who an account is at the identity provider; a one-time link that allowed it is used up."""
    colleague, account = account_of(work, command.colleague_id)
    if command.link_id is not None:
        link = usable_link(work, command.link_id)
        if link.colleague_id != command.colleague_id:
            raise NotPermitted("This link is somebody else's.")
        link.used_at = work.now
    taken = work.session.exec(
        select(Account).where(col(Account.issuer) == command.issuer, col(Account.subject) == command.subject)
    ).first()
    if taken is not None and taken.colleague_id != command.colleague_id:
        raise NotPermitted("That person is linked to another account. Ask the administrator.")
    account.issuer, account.subject = command.issuer, command.subject
    return [SignOnLinked(colleague=colleague.name, issuer=command.issuer, subject=command.subject)]


class SetFeed(Command):
    """Make a new secret address for one's calendar feed, or close it. The old address stops working."""

    needs = Permission.OWN
    title = "Calendar address"
    gist = "It shows references and dates, and no name or word of a complaint."

    token_hash: str | None = Field(default=None, min_length=HASH, max_length=HASH)


@handles(SetFeed)
def set_feed(command: SetFeed, work: Work) -> Sequence[Event]:
    """Keep the hash of a feed's address, or forget it."""
    feed = work.session.get(CalendarFeed, work.actor.id)
    if command.token_hash is None:
        if feed is None:
            raise BadInput("There is no calendar address to close.")
        work.session.delete(feed)
    elif feed is None:
        work.session.add(CalendarFeed(colleague_id=work.actor.id, token_hash=command.token_hash, made_at=work.now))
    else:
        feed.token_hash, feed.made_at = command.token_hash, work.now
    return [FeedChanged(colleague=work.actor.name, on=command.token_hash is not None)]


class OpenCase(Command):
    """Note that somebody opened a case."""

    needs = Permission.READ
    clauses = ("lgsco:5.8",)
    title = "Open a case"
    gist = "Every opening is kept in the ledger."

    reference: str = Field(max_length=20)


@handles(OpenCase)
def open_case(command: OpenCase, work: Work) -> Sequence[Event]:
    """Keep who looked at a case and when [lgsco:5.8]."""
    table = Complaint.__table__  # type: ignore[attr-defined]
    statement = sa.select(table.c.id, table.c.reference).where(
        table.c.reference == command.reference.strip().upper(),
        *visible(work.actor, table.c.id, service_id=table.c.service_id),
    )
    found = work.session.connection().execute(statement).first()
    if found is None:
        raise NotFound(
            f"There is no complaint {command.reference}. Check the reference, or search by name or postcode."
        )
    return [CaseOpened(complaint_id=found.id, reference=found.reference)]


class NoteExport(Command):
    """Note that records were taken out as a file."""

    needs = Permission.READ
    clauses = ("lgsco:5.8",)
    title = "Export"
    gist = "Every export is kept in the ledger, with what it held and how many rows."

    what: str = Field(max_length=200)
    rows: int = Field(ge=0)


@handles(NoteExport)
def note_export(command: NoteExport, work: Work) -> Sequence[Event]:
    """Keep who took what out [lgsco:5.8]."""
    return [Exported(what=command.what, rows=command.rows)]


def account_of(work: Work, colleague_id: int) -> tuple[Colleague, Account]:
    """A colleague with their account; NotFound when there is none."""
    colleague = work.session.get(Colleague, colleague_id)
    account = work.session.get(Account, colleague_id, with_for_update=True)
    if colleague is None or account is None or ident(colleague.id) != account.colleague_id:
        raise NotFound("There is no such account. Ask the administrator.")
    return colleague, account
