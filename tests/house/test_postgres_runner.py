"""The PostgreSQL that the tests start themselves does what the tests rely on."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.conftest import Databases
from tests.postgres import TestPostgres, session_server

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.name == "nt", reason="signals and owners of processes are asked for as POSIX has them"),
]


@pytest.fixture(scope="module")
def server() -> TestPostgres:
    return session_server()


@pytest.fixture
def durable() -> Iterator[TestPostgres]:
    with TestPostgres(fsync=True) as server:
        yield server


def ask(server: TestPostgres, database: str, statement: str) -> object:
    engine = create_engine(server.url(database))
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def test_one_server_serves_the_whole_session(server: TestPostgres) -> None:
    assert session_server() is server
    assert str(ask(server, "postgres", "SHOW server_version")).startswith("18.")


def test_each_database_stands_alone_and_can_be_copied(server: TestPostgres) -> None:
    first = server.create_database()
    ask(server, first, "CREATE TABLE note (body text)")
    ask(server, first, "INSERT INTO note VALUES ('kept')")
    copy, empty = server.create_database(template=first), server.create_database()
    assert len({first, copy, empty}) == 3
    assert ask(server, copy, "SELECT body FROM note") == "kept"
    assert ask(server, empty, "SELECT to_regclass('note')") is None


def test_a_dropped_database_is_gone_even_with_someone_connected(server: TestPostgres) -> None:
    name = server.create_database()
    engine = create_engine(server.url(name))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        server.drop_database(name)
        connection.invalidate()
    engine.dispose()
    with pytest.raises(OperationalError, match="does not exist"):
        ask(server, name, "SELECT 1")


def test_nobody_outside_this_machine_and_no_root_runs_it(server: TestPostgres) -> None:
    assert ask(server, "postgres", "SHOW listen_addresses") == ""
    ours = [p for p in psutil.process_iter(["cmdline"]) if str(server.root) in " ".join(p.info["cmdline"] or [])]
    assert ours
    names = {process.username() for process in ours}
    expected = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    assert names == {expected}


def test_tests_skip_the_disk_and_crash_tests_do_not(server: TestPostgres, durable: TestPostgres) -> None:
    assert ask(server, "postgres", "SHOW fsync") == "off"
    assert ask(durable, "postgres", "SHOW fsync") == "on"
    assert ask(durable, "postgres", "SHOW full_page_writes") == "on"


def test_after_kill9_every_acknowledged_row_is_there(durable: TestPostgres) -> None:
    name = durable.create_database()
    ask(durable, name, "CREATE TABLE seen (n integer)")
    acknowledged: list[int] = []
    engine = create_engine(durable.url(name))

    def write() -> None:
        try:
            for n in range(100_000):
                with engine.begin() as connection:
                    connection.execute(text("INSERT INTO seen VALUES (:n)"), {"n": n})
                acknowledged.append(n)
        except OperationalError:
            return

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 20 and writer.is_alive():
        time.sleep(0.01)
    durable.kill9()
    writer.join(timeout=30)
    engine.dispose()
    assert not writer.is_alive()
    with pytest.raises(OperationalError):
        ask(durable, name, "SELECT 1")
    durable.restart()
    found = ask(durable, name, "SELECT count(*) FROM seen")
    assert found in (len(acknowledged), len(acknowledged) + 1)  # the last one may be written and not yet answered
    assert len(acknowledged) >= 20


def test_nothing_is_left_at_the_end() -> None:
    with TestPostgres() as server:
        root = server.root
        assert root.exists()
    server.stop()
    assert not root.exists()
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(root) in " ".join(p.info["cmdline"] or [])]


def test_what_a_killed_run_left_is_swept_away_by_the_next() -> None:
    run = subprocess.Popen([sys.executable, "-m", "tests.postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdin is not None
    assert run.stdout is not None
    address = run.stdout.readline().decode()
    root = Path(address.split("host=")[1].strip()).parent
    run.send_signal(signal.SIGKILL)
    run.wait(timeout=30)
    run.stdin.close()
    run.stdout.close()
    assert root.exists()
    with TestPostgres():
        assert not root.exists()


def test_a_connection_goes_from_one_office_to_the_next_as_if_it_were_new(databases: Databases) -> None:
    """Nothing its last user set or locked is left, and one that the server ended goes to nobody."""
    url = databases.url("postgresql")

    def asked(*statements: str) -> list[Any]:
        with closing(databases.open(url)) as office, office.database.engine.connect() as connection:
            found = [connection.exec_driver_sql(statement).scalar() for statement in statements]
            connection.commit()
            return found

    whose = "SELECT pg_backend_pid()"
    limit = "SELECT current_setting('lock_timeout')"
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    (first, usual) = asked(whose, limit)
    changed = asked(whose, "SELECT set_config('lock_timeout', '1ms', false)", "SELECT pg_advisory_lock(7)::text", locks)
    assert changed == [first, "1ms", "", 1]
    assert asked(whose, limit, locks) == [first, usual, 0]
    with session_server().connect("postgres") as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    (fresh,) = asked(whose)
    assert fresh != first
