"""Two processes on one PostgreSQL: whatever one has begun goes on at the other, and neither drops work when it ends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from core import entrance
from core.channels.secrets import token_hash
from core.permissions import Role
from tests.web import fronts
from tests.web.live import furnish
from tests.web.replicas import KEY, SESSION, TOKEN, Browser, Tab, replica, turned_away
from tests.web.serving import PATIENCE, Server, free_port, script_addresses

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
CASE = "C-2026-000001"
FORM = f"ref={CASE}&step=AddNote"


@dataclass(frozen=True)
class Pair:
    """Two replicas, their database, and the address of the web server that is to stand in front of them."""

    one: Server
    other: Server
    front: str
    address: str
    """The database's address as its own programs take it."""

    def value(self, question: str) -> object:
        """What the database answers."""
        with psycopg.connect(self.address) as connection:
            row = connection.execute(question).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None

    @contextmanager
    def holding(self, table: str) -> Iterator[None]:
        """Nobody can write to this table meanwhile."""
        with psycopg.connect(self.address) as connection:
            connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")  # type: ignore[arg-type]
            yield

    def waiting(self) -> int:
        """How many wait to write."""
        return int(str(self.value("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A council as of now on PostgreSQL, and two processes that serve it."""
    from tests.postgres import session_server

    postgres, folder = session_server(), tmp_path_factory.mktemp("replicas")
    name = postgres.create_database()
    front = f"https://127.0.0.1:{free_port()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPLAINTS_DATABASE_URL", postgres.url(name))
        patch.setenv("COMPLAINTS_LEDGER_KEY", KEY)
        furnish(folder, now=datetime.now(UTC), more=0, roles=(Role.ADMINISTRATOR, Role.HANDLER))
        servers = [replica(folder, front=front, url=postgres.url(name)) for _ in range(2)]
    address = f"host={postgres.host} port={postgres.port} user=app dbname={name}"
    yield Pair(*servers, front=front, address=address)
    for server in servers:
        server.stop()
    postgres.drop_database(name)


@pytest.fixture
def browser(pair: Pair) -> Browser:
    """A browser in which a handler has signed in."""
    opened = Browser(pair.front)
    opened.cookies[SESSION] = pair.one.session(Role.HANDLER)
    return opened


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    by = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < by, "it did not come to be"
        time.sleep(0.02)


def test_a_form_of_one_signs_in_at_the_other_and_the_session_is_good_at_both(pair: Pair) -> None:
    """What the form is sealed with, and the session, belong to the records and to no process."""
    person = Browser(pair.front)
    person.signs_in(pair.one.address, pair.other.address)
    for server in (pair.one, pair.other):
        assert person.asks(server.address, "/").status_code == 200
    entrance.sign_out(pair.other.office, token_hash(person.cookies[SESSION]))
    assert [person.asks(each.address, "/").status_code for each in (pair.one, pair.other)] == [303, 303]


def test_what_was_typed_at_one_stands_in_the_form_at_the_other(pair: Pair, browser: Browser) -> None:
    with browser.tab(pair.one, "case", FORM) as here:
        here.does(here.screen.types("text", "The bins were emptied on Tuesday."))
    with browser.tab(pair.other, "case", FORM) as there:
        assert there.screen.widget("text").value == "The bins were emptied on Tuesday."
        there.does(there.screen.presses("drop"))


def test_a_server_that_is_told_to_stop_saves_what_is_being_typed_and_taken(pair: Pair, browser: Browser) -> None:
    """One tab takes a step and another leaves a field; both wait for the database when the server is told to stop."""
    ending, another = pair.other, "C-2026-000002"
    with (
        browser.tab(ending, "case", FORM) as taking,
        browser.tab(ending, "case", f"ref={another}&step=AddNote") as typing,
    ):
        taking.does(taking.screen.types("text", "Rang back at noon."))
        with pair.holding("note, draft"):
            taking.sends(taking.screen.presses("send"))
            typing.sends(typing.screen.types("text", "They would like a letter"))
            until(lambda: pair.waiting() == 2)
            ending.process.terminate()
            with pytest.raises(subprocess.TimeoutExpired):
                ending.process.wait(timeout=1)
        ending.process.wait(timeout=PATIENCE)
    assert pair.value("SELECT count(*) FROM note WHERE text = 'Rang back at noon.'") == 1
    with browser.tab(pair.one, "case", f"ref={another}&step=AddNote") as again:
        assert again.screen.widget("text").value == "They would like a letter"
    # The answer to the step never came. The tab finds the other server with the words in its form, and is told there.
    with Tab(browser, taking.screen, port=pair.one.port) as back:
        assert "step=" not in back.screen.query
    with Tab(browser, typing.screen, port=pair.one.port) as back:
        assert "step=" in back.screen.query
        back.does(back.screen.presses("drop"))
    assert pair.value("SELECT count(*) FROM note WHERE text = 'Rang back at noon.'") == 1
    assert "a page was still running" not in ending.log


# --------------------------------------------------------------------------------------------- the web server in front


@pytest.fixture(params=sorted(fronts.COMMANDS))
def front(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Both replicas at work, behind the web server as deploy/ has it."""
    if not fronts.is_there(request.param):
        pytest.skip(f"{request.param} is not installed here")
    pair: Pair = request.getfixturevalue("pair")
    for server in (pair.one, pair.other):
        if server.process.poll() is not None:
            server.start()
    port = int(pair.front.rpartition(":")[2])
    with fronts.serving(request.param, tmp_path, port, (pair.one.port, pair.other.port)):
        yield pair


def served(pair: Pair, act: Callable[[], object]) -> list[int]:
    """How many of the requests in which nobody is signed in went to each replica."""
    before = [turned_away(each) for each in (pair.one, pair.other)]
    act()
    return [int(turned_away(each) - was) for each, was in zip((pair.one, pair.other), before, strict=True)]


def test_a_browser_stays_with_one_replica_and_goes_on_at_the_other_when_it_dies(front: Pair, tmp_path: Path) -> None:
    """Pages, sockets and headers pass; what was half typed is in the form again after the replica was killed."""
    person = Browser(front.front)
    person.signs_in(front.front, front.front)
    page = person.asks(front.front, "/")
    assert (page.status_code, page.headers["x-content-type-options"]) == (200, "nosniff")
    assert page.headers["strict-transport-security"]
    assert person.asks(front.front, "/ops/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 404
    script = person.asks(front.front, f"/{script_addresses(page.text)[0]}", headers={"accept-encoding": "gzip"})
    assert script.headers["content-encoding"] == "gzip"
    assert "complaints_route" in person.cookies

    stranger = Browser(front.front)
    stranger.cookies["complaints_route"] = person.cookies["complaints_route"]
    unknown = {"headers": {"accept": "*/*"}}
    mine = served(front, lambda: [stranger.asks(front.front, "/", **unknown) for _ in range(8)])
    assert sorted(mine) == [0, 8]
    others = served(front, lambda: [Browser(front.front).asks(front.front, "/", **unknown) for _ in range(24)])
    assert min(others) > 0

    with person.tab_through("case", FORM) as here:
        here.does(here.screen.types("text", "Half a sentence that"))
        (front.one, front.other)[mine.index(8)].process.kill()
        (front.one, front.other)[mine.index(8)].process.wait()
    until(lambda: person.asks(front.front, "/search?text=leaking+roof").status_code == 200)
    with person.tab_through("case", FORM) as there:
        assert there.screen.widget("text").value == "Half a sentence that"
        there.does(there.screen.presses("drop"))
    logs = [each for each in tmp_path.rglob("*") if each.is_file() and each.suffix in {".log", ""}]
    assert [each.name for each in logs if b"leaking" in each.read_bytes()] == []
