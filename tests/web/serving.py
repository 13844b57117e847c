"""The console in a process of its own, a browser's tab without the browser, and what both say to each other.

Run as a program it serves: `python -m tests.web.serving PORT SECONDS`, where an untouched tab is looked at every so
many seconds.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx2
from google.protobuf.text_format import MessageToString
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core import entrance
from core.desk import Office
from core.permissions import Role
from core.settings import Settings
from tests.pages.council import WHO

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
LOOKS_AFTER = 0.4


class Server:
    """The console on a free port of this machine, and its records beside it."""

    def __init__(self, folder: Path, command: tuple[str, ...] = (), port: int = 0, **env: str) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        self.command = command or ("-m", "tests.web.serving", str(self.port), str(LOOKS_AFTER))
        self.env = {"COMPLAINTS_MODE": "live", "COMPLAINTS_BASE_URL": self.address, **env}
        settings = Settings(_env_file=None, mode="live", data_dir=folder, base_url=self.address)
        self.office = Office(settings, clock=lambda: datetime.now(UTC))
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("COMPLAINTS_")}
        env = {**own, "COMPLAINTS_DATA_DIR": str(self.folder), "PYTHONUTF8": "1", **self.env}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, *self.command], cwd=ROOT, env=env, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start: {self.log[-3000:]}")

    def stop(self, *, close: bool = True) -> None:
        """Stop and wait."""
        self.process.terminate()
        self.process.wait(timeout=20)
        if close:
            self.office.close()

    @property
    def log_file(self) -> Path:
        """Where the server's own words go."""
        return self.folder / "server.log"

    @property
    def log(self) -> str:
        """What the server has said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def session(self, role: Role = Role.HANDLER) -> str:
        """A new session's token, as after a sign-in."""
        return entrance.open_session(self.office, WHO[role], how="password", address="")

    def back_date(self, token: str, **columns: timedelta) -> None:
        """Let a session look as if something about it lay so much further back."""
        from core.channels.secrets import token_hash
        from core.model.access import LoginSession

        with self.office.database.writing() as session:
            row = session.get(LoginSession, token_hash(token))
            assert row is not None
            for name, by in columns.items():
                setattr(row, name, getattr(row, name) - by)

    def get(self, path: str, token: str = "", **headers: str) -> Any:
        """One request, with a session or without."""
        cookies = {"cookie": f"complaints={token}"} if token else {}
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx2.get(f"{self.address}{path}", headers={**told, **cookies}, timeout=PATIENCE, verify=False)

    def tab(self, token: str = "", *, page: str = "", origin: str | None = "", **headers: str) -> Tab:
        """A tab of a browser that holds a session; without an origin none is told."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            told["cookie"] = f"complaints={token}; _streamlit_xsrf=x"
        return Tab(self, page=page, headers=told, origin=self.address if origin == "" else origin)


class Tab:
    """One open tab: it speaks Streamlit's own messages over a real socket."""

    def __init__(self, server: Server, *, page: str, headers: dict[str, str], origin: str | None) -> None:
        self.page = page
        self.page_hash = ""
        self.fragment = ""
        self._opening = connect(
            f"ws://{server.host}/_stcore/stream",
            origin=origin,  # type: ignore[arg-type]
            subprotocols=["streamlit", "x"],  # type: ignore[list-item]
            additional_headers=headers,
            max_size=None, compression=None, ping_interval=None, open_timeout=PATIENCE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._socket: Any = self._opening.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.__exit__(None, None, None)

    def asks(self, *, by_itself: bool = False) -> None:
        """Ask for a run of the page; by itself as a fragment's clock does."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = ""
        asked.is_auto_rerun = by_itself
        asked.context_info.timezone = "Europe/London"
        if self.page_hash:
            asked.page_script_hash = self.page_hash
        else:
            asked.page_name = self.page
        self._socket.send(message.SerializeToString())

    def beats(self) -> None:
        """Send the sign of life that a page sends."""
        message = BackMsg()
        message.app_heartbeat = True
        self._socket.send(message.SerializeToString())

    def reads(self, seconds: float = PATIENCE) -> ForwardMsg | None:
        """The next message; None when the socket has been closed."""
        message = ForwardMsg()
        try:
            message.ParseFromString(self._socket.recv(timeout=seconds))
        except ConnectionClosed:
            return None
        return message

    def runs(self) -> str:
        """Ask for a run and wait until it has finished; everything that was shown, as text."""
        self.asks()
        shown = []
        while (message := self.reads()) is not None:
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = message.new_session.page_script_hash or self.page_hash
            shown.append(MessageToString(message, as_utf8=True))
            if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return "\n".join(shown)
        raise RuntimeError("The socket was closed before the run had finished.")

    def sent_away(self, seconds: float = PATIENCE) -> str:
        """Wait until the browser is sent elsewhere and the socket closed; where to."""
        until, where = time.monotonic() + seconds, ""
        while (message := self.reads(max(0.01, until - time.monotonic()))) is not None:
            if message.WhichOneof("type") == "auth_redirect":
                where = message.auth_redirect.url
        return where

    @property
    def close_code(self) -> int | None:
        """With which code the socket was closed."""
        return self._socket.close_code


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def script_addresses(page: str) -> list[str]:
    """The scripts a page of Streamlit asks for."""
    return re.findall(r'src="(?:\./|/)?(static/js/[^"]+)"', page)


def serve(port: int, seconds: float) -> None:
    """Serve the console as `go.py run` does, but look at untouched tabs more often."""
    import uvicorn

    from app.web import sockets

    sockets.LOOKS_AFTER = seconds
    uvicorn.run("app.server:app", host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
