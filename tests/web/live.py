"""A made-up council at real work: everybody has an account and a password, and the clock can be set."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from app import server
from app.ui import desk as ui_desk
from core import entrance
from core.commands.accounts import GiveAccount
from core.desk import Desk, Office
from core.permissions import SYSTEM, Actor, Role
from core.settings import Settings
from tests.pages.council import MOMENT, STAFF, WHO, busy_council

ADDRESS = "http://console.test"
ELSEWHERE = "192.0.2.7"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def name_of(role: Role) -> str:
    """The sign-in name of the one colleague with this role."""
    return f"{role.value.replace(' ', '.')}@council.example".casefold()


def password_of(role: Role) -> str:
    """That colleague's password."""
    return f"seven green bottles of {role.value}"


def furnish(folder: Path, *, now: datetime = MOMENT, more: int = 1, roles: Sequence[Role] = tuple(WHO)) -> None:
    """Make a council in a folder, and give everybody in it an account, or those with these roles."""
    council = busy_council(folder, now=now, more=more)
    console = Desk(council.office, SYSTEM)
    for role in roles:
        number = WHO[role]
        console.do(GiveAccount(colleague_id=number, sign_in_name=name_of(role)))
        token = entrance.make_link(console, number).rpartition("/")[2]
        entrance.accept(council.office, token, password=password_of(role), address="")
    council.office.close()


class Live:
    """The council with a clock that can be set and settings that can be changed."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.now = MOMENT
        self.office = self._opened(settings)

    def _opened(self, settings: dict[str, Any]) -> Office:
        told = {"mode": "live", "data_dir": self.folder, "base_url": ADDRESS, **settings}
        office = Office(Settings(_env_file=None, **told), clock=lambda: self.now)
        ui_desk.use(office)
        return office

    def set(self, **settings: Any) -> None:
        """Start again with other settings."""
        self.office.close()
        self.office = self._opened(settings)

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def desk(self, role: Role) -> Desk:
        """The desk of the one colleague with this role."""
        number = WHO[role]
        return Desk(self.office, Actor(id=number, name=STAFF[number - 1][0], role=role))

    def ledger(self, tag: str) -> list[str]:
        """The payloads of all entries with a tag, oldest first."""
        with self.office.database.reading() as connection:
            rows = connection.exec_driver_sql(f"SELECT data FROM ledger_entry WHERE tag = '{tag}' ORDER BY n").all()  # noqa: S608
        return [str(row[0]) for row in rows]


def page(_request: object) -> Response:
    """Stands where Streamlit stands."""
    return PlainTextResponse("a page of the console")


def in_front_of(*routes: BaseRoute) -> Starlette:
    """The console's own middleware and routes, with something small where Streamlit stands."""
    methods = ["GET", "POST", "PUT", "DELETE"]
    everything_else = Route("/{path:path}", page, methods=methods)
    return Starlette(routes=[*routes, *server.ROUTES, everything_else], middleware=server.IN_FRONT)


def hidden_in(text: str) -> dict[str, str]:
    """The hidden fields of a page, as the browser would send them back."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(text)}


class Visitor:
    """A browser in front of the console's gate and routes."""

    def __init__(self, *, base: str = ADDRESS, address: str = ELSEWHERE, routes: Sequence[BaseRoute] = ()) -> None:
        self.base = base
        self.client = TestClient(
            in_front_of(*routes), base_url=base, client=(address, 50000), follow_redirects=False,
            headers={"accept": "text/html,application/xhtml+xml"},
        )  # fmt: skip

    def opens(self, path: str, **headers: str) -> Any:
        """Open an address."""
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of a form, as the browser would send them back."""
        return hidden_in(self.opens(path).text)

    def sends(self, path: str, headers: dict[str, str] | None = None, **typed: str) -> Any:
        """Open a form, fill it in and send it."""
        told = {**self.hidden(path), **typed}
        return self.client.post(path.partition("?")[0], data=told, headers={"origin": self.base, **(headers or {})})

    def signs_in(self, role: Role = Role.HANDLER, *, next_: str = "/", **typed: str) -> Any:
        """Sign in as the colleague with a role."""
        told = {"name": name_of(role), "password": password_of(role), **typed}
        return self.sends(f"/sign-in?next={next_}", **told)

    @property
    def inside(self) -> bool:
        """Whether the console's first page opens."""
        return bool(self.opens("/").text == "a page of the console")


def said(answer: Any) -> str:
    """The sentence in the box on top of a form's page."""
    found = re.search(r'<div class="(?:problem|done)"[^>]*>(.*?)</div>', answer.text)
    return html.unescape(re.sub(r"<[^>]+>", "", found.group(1))) if found else ""
