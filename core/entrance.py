"""The way in: from a password, single sign-on or a trusted web server to one session that can be ended at once.

Everything here ends in the same row of `login_session`; the browser holds its token, the database only the hash.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from core.channels import secrets
from core.commands.access import ChoosePassword, LinkSignOn, OpenSession, RefuseSignIn, SetSecondFactor, SignOut
from core.commands.accounts import AddColleague, MakeLink, MoveColleague, folded
from core.desk import Desk, Office
from core.errors import BadInput, NotFound, NotPermitted, NotReady
from core.permissions import SYSTEM, Actor, Permission, Role
from core.store import sessions
from core.store.sessions import Entry

PASSWORD, SIGN_ON, PROXY = "password", "single sign-on", "the council's web server"  # noqa: S105 - how, not what
WRONG = "The sign-in name, the password or the code is not right. Try again, or ask the administrator for a new link."
TOO_MANY = "Too many wrong attempts. Wait a quarter of an hour, or ask the administrator for a one-time link."
_TOUCHED_EVERY = timedelta(minutes=1)
_LONGEST_NAME = 120
_NOBODY = "a name that is nobody's here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A live session as pages and routes use it: its id (the token's hash), who it is, and how they came in."""

    session_id: str
    actor: Actor
    how: str
    second_factor: bool


def visit(office: Office, session_id: str, *, active: bool) -> Visit | None:
    """Who a session belongs to, or None when it has ended; `active` means that a person did something just now."""
    now = office.now()
    idle = timedelta(minutes=office.settings.idle_minutes)
    with office.database.answering() as connection:
        found = sessions.held(connection, session_id, now=now, idle=idle)
    if found is None:
        return None
    if active and now - found.seen_at >= _TOUCHED_EVERY:
        # Records that can be read but not written to, as on a full disk, let people read on until they are idle.
        with suppress(NotReady):
            sessions.touch(office.database, session_id, at=now)
    actor = found.actor
    if office.settings.second_factor_required and found.how == PASSWORD and not found.second_factor:
        actor = replace(actor, limited_to=frozenset({Permission.OWN}))
    return Visit(session_id=session_id, actor=actor, how=found.how, second_factor=found.second_factor)


def sign_in(office: Office, *, name: str, password: str, code: str, address: str) -> str:
    """A session's token for a right password and, where there is one, a right code of the second factor.

    Raises NotPermitted: with one and the same sentence whatever was wrong, with another after too many attempts.
    """
    name = _fit_to_ask(name)
    known = secrets.name_hash(name, key=office.key)
    _refuse_too_many(office, known, address)
    with office.database.reading() as connection:
        entry = sessions.entry_named(connection, folded(name)[:_LONGEST_NAME])
    fits = secrets.password_fits(password, entry.password_hash if entry else None)
    if entry is None or not fits or not entry.active:
        raise _refused(office, name if entry else _NOBODY, known=known, address=address, why="wrong name or password")
    step = _used_code(office, entry, code)
    if entry.totp_secret is not None and step is None:
        raise _refused(office, name, known=known, address=address, why="wrong code of the second factor")
    return open_session(office, entry.colleague_id, how=PASSWORD, address=address, totp_step=step)


def _refuse_too_many(office: Office, known: str, address: str) -> None:
    """Refuse before anything is checked, so that guessing costs the guesser and nobody else."""
    limits = office.settings
    since = office.now() - timedelta(minutes=limits.tries_window_minutes)
    with office.database.reading() as connection:
        of_both, of_address, of_name = sessions.failures(connection, name_hash=known, address=address, since=since)
    over = (
        of_both >= limits.tries_per_person
        or of_address >= limits.tries_per_address
        or of_name >= limits.tries_per_account
    )
    if over:
        raise NotPermitted(TOO_MANY)


def _fit_to_ask(name: str) -> str:
    """A typed name without what no database can be asked for: the sign NUL, or half a character."""
    return name.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _refused(office: Office, name: str, *, known: str, address: str, why: str, said: str = WRONG) -> NotPermitted:
    """Note a refusal. A name that is nobody's is not written down: people type passwords into that field."""
    told = {"name": name.strip()[:_LONGEST_NAME], "name_hash": known, "why": why}
    Desk(office, SYSTEM).do(RefuseSignIn(**told, address=address[:60]))
    return NotPermitted(said)


def _used_code(office: Office, entry: Entry, code: str) -> int | None:
    if entry.totp_secret is None:
        return None
    secret = secrets.unseal(entry.totp_secret, key=office.key)
    return secrets.totp_step(secret, code, at=office.now(), after=entry.totp_step)


def open_session(office: Office, colleague_id: int, *, how: str, address: str, totp_step: int | None = None) -> str:
    """A new session's token, for somebody who has proved who they are; NotPermitted for a closed account."""
    token, hashed = secrets.new_token()
    opening = OpenSession(
        colleague_id=colleague_id,
        session_id=hashed,
        how=how,
        address=address[:60],
        ends_at=office.now() + timedelta(hours=office.settings.session_hours),
        totp_step=totp_step,
    )
    Desk(office, SYSTEM).do(opening)
    return token


def feed_of(office: Office, token_hash: str) -> Actor:
    """Whose calendar feed an address is, limited to what a feed tells of; NotFound when it is nobody's."""
    with office.database.reading() as connection:
        owner = sessions.feed_owner(connection, token_hash)
    if owner is None:
        raise NotFound("There is no such calendar. Make its address anew under “My account”.")
    return replace(owner, limited_to=frozenset({Permission.READ, Permission.DISCLOSE, Permission.RETAIN}))


def sign_out(office: Office, session_id: str) -> None:
    """End a session at once; nothing happens when it has ended already."""
    found = visit(office, session_id, active=False)
    if found is not None:
        Desk(office, found.actor).do(SignOut(session_id=session_id))


# ----------------------------------------------------------------------------------------------- links and passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whose account a one-time link opens."""

    link_id: str
    colleague_id: int
    name: str


def make_link(desk: Desk, colleague_id: int, *, forget_second_factor: bool = False) -> str:
    """The address of a new one-time link for a colleague; it is shown once and kept nowhere."""
    office = desk.office
    token, hashed = secrets.new_token()
    ends_at = office.now() + timedelta(hours=office.settings.link_hours)
    desk.do(
        MakeLink(
            colleague_id=colleague_id,
            link_id=hashed,
            ends_at=ends_at,
            forget_second_factor=forget_second_factor,
        )
    )
    return f"{office.settings.base_url.rstrip('/')}/welcome/{token}"


def first_administrator(office: Office, *, name: str, sign_in_name: str) -> str:
    """Enter the first administrator and give their one-time link; NotPermitted once there is one who can sign in."""
    with office.database.reading() as connection:
        if sessions.has_accounts(connection):
            raise NotPermitted("There is an administrator already. Ask them for a one-time link.")
        again = sessions.entry_named(connection, folded(sign_in_name))
    desk = Desk(office, SYSTEM)
    if again is None:
        adding = desk.form(AddColleague, {"name": name, "sign_in_name": sign_in_name, "role": Role.ADMINISTRATOR})
        joined = desk.do(adding).events[0]
        return make_link(desk, joined.colleague_id)  # type: ignore[attr-defined]
    if again.role is not Role.ADMINISTRATOR:
        raise BadInput(f"{again.name} is not an administrator. Choose another sign-in name.")
    return make_link(desk, again.colleague_id)


def waits_for_the_first(office: Office) -> bool:
    """Whether nobody can administer yet: the server then says how to begin."""
    with office.database.reading() as connection:
        return not sessions.has_accounts(connection)


def invited(office: Office, token: str) -> Invited:
    """Whose a one-time link is; NotPermitted when it has been used or has run out."""
    link_id = secrets.token_hash(token)
    with office.database.reading() as connection:
        owner = sessions.link_owner(connection, link_id, now=office.now())
        entry = sessions.entry_of(connection, owner) if owner is not None else None
    if entry is None or not entry.active:
        raise NotPermitted("This link has been used or has run out. Ask the administrator for a new one.")
    return Invited(link_id=link_id, colleague_id=entry.colleague_id, name=entry.name)


def accept(office: Office, token: str, *, password: str, address: str) -> str:
    """Choose a password by a one-time link and come in with it; a session's token.

    Raises NotPermitted for a link that no longer works, BadInput for a password that cannot be taken.
    """
    guest = invited(office, token)
    with office.database.reading() as connection:
        entry = sessions.entry_of(connection, guest.colleague_id)
    if entry is None:
        raise NotPermitted("This link is nobody's any more. Ask the administrator for a new one.")
    chosen = secrets.check_new_password(password, about=(entry.name, entry.sign_in_name))
    actor = Actor(id=entry.colleague_id, name=entry.name, role=entry.role)
    choosing = ChoosePassword(password_hash=secrets.hash_password(chosen), link_id=guest.link_id)
    Desk(office, actor).do(choosing)
    if entry.totp_secret is not None:
        raise NotPermitted("Your new password is kept. Sign in with it and a code of your second factor.")
    return open_session(office, entry.colleague_id, how=PASSWORD, address=address)


def change_password(office: Office, here: Visit, *, old: str, new: str, address: str) -> None:
    """Choose another password while signed in; every other session ends.

    Raises NotPermitted when the old one is wrong or too many were, BadInput when the new one cannot be taken.
    """
    wrong = "The present password is not right. Nothing was changed."
    entry = _proved_again(office, here, old, address=address, wrong=wrong)
    chosen = secrets.check_new_password(new, about=(entry.name, entry.sign_in_name))
    hashed = secrets.hash_password(chosen)
    Desk(office, here.actor).do(ChoosePassword(password_hash=hashed, keep=here.session_id))


def put_second_factor_on(office: Office, here: Visit, *, secret: str, code: str) -> None:
    """Put a second factor on once its first code is right; BadInput when it is not."""
    step = secrets.totp_step(secret, code, at=office.now(), after=0)
    if step is None:
        raise BadInput("That code is not right. Look at the clock of your phone, and try the next one.")
    sealed = secrets.seal(secret, key=office.key)
    Desk(office, here.actor).do(SetSecondFactor(sealed_secret=sealed, totp_step=step))


def take_second_factor_off(office: Office, here: Visit, *, password: str, address: str) -> None:
    """Take the second factor off; NotPermitted without the password, or after too many wrong ones."""
    wrong = "The password is not right. The second factor stays on."
    _proved_again(office, here, password, address=address, wrong=wrong)
    Desk(office, here.actor).do(SetSecondFactor())


def _proved_again(office: Office, here: Visit, password: str, *, address: str, wrong: str) -> Entry:
    """The account of somebody signed in who gives the password once more.

    Wrong ones are counted together with wrong sign-ins: a screen left unlocked is no place to guess either.
    """
    with office.database.reading() as connection:
        entry = sessions.entry_of(connection, here.actor.id)
    if entry is None:
        raise NotPermitted(wrong)
    known = secrets.name_hash(entry.sign_in_name, key=office.key)
    _refuse_too_many(office, known, address)
    if not secrets.password_fits(password, entry.password_hash):
        why = "wrong present password"
        raise _refused(office, entry.sign_in_name, known=known, address=address, why=why, said=wrong)
    return entry


# ---------------------------------------------------------------------------------------------------- single sign-on


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an identity provider says of a person, after everything about it was checked."""

    issuer: str
    subject: str
    name: str = ""
    sign_in_name: str = ""
    groups: tuple[str, ...] = ()


def sign_in_by_claims(office: Office, claims: Claims, *, address: str, link: str = "") -> str:
    """A session's token for a person an identity provider vouches for.

    Issuer and subject decide who it is. An unknown person comes in by a one-time link, or by a group that the
    settings map to a role; an e-mail address alone never links an account. Raises NotPermitted.
    """
    with office.database.reading() as connection:
        entry = sessions.entry_linked(connection, issuer=claims.issuer, subject=claims.subject)
    role = role_of(office, claims.groups)
    if entry is None:
        chosen = _linked_by(office, claims, link) if link else _joined_by_group(office, claims, role)
    else:
        chosen = entry.colleague_id
        if not entry.active:
            raise NotPermitted("Your account here is closed. Ask the administrator.")
        if office.settings.sso_roles:
            _follow_groups(office, entry, role)
    return open_session(office, chosen, how=SIGN_ON, address=address)


def role_of(office: Office, groups: tuple[str, ...]) -> Role | None:
    """The role that a person's groups give, the first in the settings' order; None when none does."""
    return next((Role(role) for group, role in office.settings.sso_roles.items() if group in groups), None)


def _linked_by(office: Office, claims: Claims, link: str) -> int:
    guest = invited(office, link)
    linking = LinkSignOn(
        colleague_id=guest.colleague_id, issuer=claims.issuer, subject=claims.subject, link_id=guest.link_id
    )
    Desk(office, SYSTEM).do(linking)
    return guest.colleague_id


def _joined_by_group(office: Office, claims: Claims, role: Role | None) -> int:
    if role is None:
        raise NotPermitted(
            "The sign-in service knows you, but you have no account here. Ask the administrator for a one-time link, "
            "and choose single sign-on on its page."
        )
    desk = Desk(office, SYSTEM)
    name = claims.name or claims.sign_in_name or claims.subject
    adding = desk.form(
        AddColleague,
        {"name": name[:_LONGEST_NAME], "sign_in_name": f"{claims.subject}@sign-on"[:_LONGEST_NAME], "role": role},
    )
    try:
        joined = desk.do(adding).events[0]
    except BadInput as taken:
        raise NotPermitted(
            "Somebody with your name has an account here already. If it is yours, ask the administrator for a "
            "one-time link, and choose single sign-on on its page."
        ) from taken
    chosen: int = joined.colleague_id  # type: ignore[attr-defined]
    desk.do(LinkSignOn(colleague_id=chosen, issuer=claims.issuer, subject=claims.subject))
    return chosen


def _follow_groups(office: Office, entry: Entry, role: Role | None) -> None:
    """Let the groups decide the role at every sign-in: who is in none of them any more does not come in."""
    if role is None:
        raise NotPermitted("You are in none of the groups that may use this console. Ask the administrator.")
    if role is not entry.role:
        with office.database.reading() as connection:
            services = tuple(sorted(sessions.services_of(connection, entry.colleague_id)))
        moving = MoveColleague(colleague_id=entry.colleague_id, role=role, services=services)
        try:
            Desk(office, SYSTEM).do(moving)
        except BadInput as refusal:
            raise NotPermitted(str(refusal)) from refusal


def sign_in_vouched(office: Office, *, sign_in_name: str, address: str) -> str:
    """A session's token for a person whom the council's own web server names; NotPermitted when unknown here.

    The caller has checked the secret that only that server has.
    """
    with office.database.reading() as connection:
        entry = sessions.entry_named(connection, folded(_fit_to_ask(sign_in_name)))
    if entry is None or not entry.active:
        raise NotPermitted("You have no account here. Ask the administrator.")
    return open_session(office, entry.colleague_id, how=PROXY, address=address)
