"""Colleagues with accounts, links and sessions, arranged through commands; one password for all of them.

Hashing a password takes its time by design, so it is hashed once and shared.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from core.channels import secrets
from core.commands.access import ChoosePassword, OpenSession, SetSecondFactor
from core.commands.accounts import AddColleague, GiveAccount, MakeLink
from core.commands.evidence import AddFile
from core.desk import Desk, Office
from core.permissions import SYSTEM, Actor, Role
from tests.builders import Story

PASSWORD = "seven bread rolls on a Tuesday"  # noqa: S105 - made up, and nobody's
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
ADDRESS = "192.0.2.7"


@cache
def hashed() -> str:
    """The password's hash, made once."""
    return secrets.hash_password(PASSWORD)


def name_of(desk: Desk) -> str:
    """A colleague's sign-in name in these tests."""
    return f"{desk.actor.name.replace(' ', '.').casefold()}@sample.example"


def joined(office: Office, name: str, role: Role, *, services: tuple[int, ...] = ()) -> Desk:
    """A new colleague with an account but no password yet, at their desk."""
    adding = AddColleague(name=name, sign_in_name=f"{name}@sample.example", role=role, services=services)
    event: Any = Desk(office, SYSTEM).do(adding).events[0]
    return Desk(office, Actor(id=event.colleague_id, name=name, role=role, services=frozenset(services)))


def with_account(desk: Desk, *, password: bool = True, second_factor: bool = False) -> Desk:
    """The colleague gets an account, with the shared password and, when asked for, a second factor."""
    console = Desk(desk.office, SYSTEM)
    console.do(GiveAccount(colleague_id=desk.actor.id, sign_in_name=name_of(desk)))
    if password:
        desk.do(ChoosePassword(password_hash=hashed()))
    if second_factor:
        desk.do(SetSecondFactor(sealed_secret=secrets.seal(TOTP_SECRET, key=desk.office.key)))
    return desk


def session_of(desk: Desk, *, hours: int = 12) -> str:
    """The id of a new session of a colleague who has an account."""
    _token, session_id = secrets.new_token()
    ends_at = desk.office.now() + timedelta(hours=hours)
    opening = OpenSession(
        colleague_id=desk.actor.id, session_id=session_id, how="password", address=ADDRESS, ends_at=ends_at
    )
    Desk(desk.office, SYSTEM).do(opening)
    return session_id


def link_of(desk: Desk, *, hours: int = 72) -> str:
    """The id of a new one-time link of a colleague who has an account."""
    _token, link_id = secrets.new_token()
    ends_at = desk.office.now() + timedelta(hours=hours)
    Desk(desk.office, SYSTEM).do(MakeLink(colleague_id=desk.actor.id, link_id=link_id, ends_at=ends_at))
    return link_id


def file_on(story: Story, reference: str, *, name: str = "Photograph.jpg", why_held: str = "", **given: Any) -> int:
    """The number of a file added to a complaint by its handler."""
    values = {"media_type": "image/jpeg", "size": 12_345, "sha256": "ab" * 32, "about": "The bins on 4 September"}
    desk = given.pop("by", story.desks.handler)
    desk.do(AddFile(reference=reference, name=name, why_held=why_held, **(values | given)))
    return int(max(row["id"] for row in story.rows("case_file")))
