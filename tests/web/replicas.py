"""Two processes of the console on one PostgreSQL, as behind a web server with TLS, and a browser in front of either."""

from __future__ import annotations

import re
import socket
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from bench.screen import Screen
from core.permissions import Role
from tests.web import fronts
from tests.web.live import hidden_in, name_of, password_of
from tests.web.serving import PATIENCE, Server

KEY = "5a" * 32
TOKEN = "the numbers of a replica, for the tests alone"
SESSION = "__Host-complaints"


def replica(folder: Path, *, front: str, url: str) -> Server:
    """One process; whoever comes to it comes through the web server at `front`."""
    told = {"COMPLAINTS_BASE_URL": front, "COMPLAINTS_HTTPS": "true", "COMPLAINTS_DATABASE_URL": url}
    return Server(folder, COMPLAINTS_LEDGER_KEY=KEY, COMPLAINTS_METRICS_TOKEN=TOKEN, **told)


def turned_away(server: Server) -> float:
    """How many requests the gate of this replica has turned away so far."""
    answer = server.get("/ops/metrics", authorization=f"Bearer {TOKEN}")
    found = re.search(r'^complaints_refused_requests_total\{[^}]*"gate"[^}]*\} (\S+)$', answer.text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


class Browser:
    """A browser's cookies; each request may go to another replica, or to the web server in front."""

    def __init__(self, front: str) -> None:
        self.front = front
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """The header with all of them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def asks(self, at: str, path: str, method: str = "GET", **told: Any) -> Any:
        """One request to a replica's address or the front's."""
        headers = {"accept": "text/html", "host": urlsplit(self.front).netloc, "origin": self.front}
        headers |= {"cookie": self.cookie, **told.pop("headers", {})}
        answer = httpx2.request(method, f"{at}{path}", headers=headers, timeout=PATIENCE, verify=False, **told)
        for line in answer.headers.get_list("set-cookie"):
            self.cookies.update({name: each.value for name, each in SimpleCookie(line).items()})
        return answer

    def signs_in(self, shown_at: str, sent_to: str, role: Role = Role.HANDLER) -> None:
        """Open the form at one place and send it to another."""
        typed = {"name": name_of(role), "password": password_of(role), "code": ""}
        told = {**hidden_in(self.asks(shown_at, "/sign-in").text), **typed}
        assert self.asks(sent_to, "/sign-in", "POST", data=told).status_code == 303

    def tab(self, server: Server, page: str, query: str) -> Tab:
        """A tab whose socket leads to this replica."""
        return Tab(self, Screen(page=page, query=query), port=server.port)

    def tab_through(self, page: str, query: str) -> Tab:
        """A tab whose socket leads through the web server in front."""
        port = int(self.front.rpartition(":")[2])
        return Tab(self, Screen(page=page, query=query), port=port, ssl=fronts.anybody())


class Tab:
    """An open tab that fills forms in. Its socket leads to a port of this machine, under the front's own name."""

    def __init__(self, browser: Browser, screen: Screen, *, port: int, **told: Any) -> None:
        self.screen = screen
        secure = "wss" if "ssl" in told else "ws"
        self._opening = connect(
            f"{secure}://{urlsplit(browser.front).netloc}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", port)),
            origin=browser.front,  # type: ignore[arg-type]
            subprotocols=["streamlit", "x"],  # type: ignore[list-item]
            additional_headers={"cookie": f"{browser.cookie}; _streamlit_xsrf=x"},
            max_size=None, compression=None, ping_interval=None, open_timeout=PATIENCE, **told,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._socket: Any = self._opening.__enter__()
        self.does(self.screen.asks())
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.__exit__(None, None, None)

    def sends(self, request: BackMsg) -> None:
        """Ask, and do not wait."""
        self._socket.send(request.SerializeToString())

    def does(self, request: BackMsg) -> None:
        """Ask for a run, and wait until it has finished."""
        self.sends(request)
        until = time.monotonic() + PATIENCE
        message = ForwardMsg()
        while time.monotonic() < until:
            message.ParseFromString(self._socket.recv(timeout=PATIENCE))
            if self.screen.sees(message):
                assert self.screen.errors == []
                return
        raise RuntimeError("The run did not finish.")
