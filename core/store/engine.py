"""Engines for both databases, and the unit of work: all or nothing, and never without an event."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import LoaderCallableStatus
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from core.errors import ChangedMeanwhile, NotReady
from core.settings import Settings
from core.store.gate import Gate
from core.store.glances import Glances
from core.store.sqlite import begin_to_write, sqlite_engine
from core.store.together import Together

UNRECORDED = frozenset(
    {"draft", "import_run", "import_problem", "saved_mapping", "search_doc", "case_doc", "request_doc"}
    | {"counter", "login_session", "sign_in_failure", "month_count", "month_slice"}
)
"""Tables that may change without an event: none of them is part of a complaint's record."""

_KEPT_OPEN = 5  # connections that stay open when nobody needs them
_PATIENCE = 10  # seconds for a free connection
_IDLE = 1.0  # seconds after which a connection is looked at before it is used
_USED = "used"
UNIQUE_VIOLATION = "23505"
UNDEFINED_TABLE = "42P01"
_BUSY = "The records are busy. Nothing was saved. Try again in a moment."
_LEDGER = frozenset({"ledger_entry", "ledger_personal"})


class UnrecordedChange(RuntimeError):
    """A change to the record was about to be saved without an event: a mistake of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one process takes of a PostgreSQL server: connections at once, and seconds after which it is cut short.

    `statement` bounds one question or change, `lock` the wait for somebody else's, `idle` a transaction in which
    nothing happens: without that, a process that hangs would hold up everybody behind it.
    """

    connections: int = 15
    statement: int = 60
    lock: int = 30
    idle: int = 120

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits of an installation."""
        return cls(
            connections=settings.database_connections,
            statement=settings.database_statement_seconds,
            lock=settings.database_lock_seconds,
            idle=settings.database_idle_seconds,
        )


def make_engine(url: str, limits: Limits) -> Engine:
    """An engine for SQLite or PostgreSQL with the settings the record needs."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        engine = sqlite_engine(url)
    else:
        engine = _postgresql(sa.make_url(url), limits)
    event.listen(engine, "checkin", _roll_back_what_is_left)
    return engine


def _postgresql(url: sa.URL, limits: Limits) -> Engine:
    asked = f"-c statement_timeout={limits.statement}s -c lock_timeout={limits.lock}s"
    asked += f" -c idle_in_transaction_session_timeout={limits.idle}s"
    given = url.query.get("options", "")
    options = " ".join([asked, *((given,) if isinstance(given, str) else given)])  # what the address says comes last
    kept = min(_KEPT_OPEN, limits.connections)
    engine = sa.create_engine(
        url,
        pool_size=kept,
        max_overflow=limits.connections - kept,
        pool_timeout=_PATIENCE,
        connect_args={"connect_timeout": 5, "options": options},
    )
    event.listen(engine, "connect", _note_use)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping, engine))
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = monotonic()


def _ping(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """See that a connection nobody used for a while is still there; another takes its place when it is not.

    The library would ask the server before each use, and a page uses its connections many times in a moment.
    """
    if monotonic() - record.info.get(_USED, 0.0) < _IDLE:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as gone:
        if not engine.dialect.is_disconnect(gone, connection, None):
            raise
        raise InvalidatePoolError from gone


def _roll_back_what_is_left(connection: Any, _record: Any) -> None:
    # A COMMIT that failed leaves its transaction open on the pooled connection; the next user must not inherit it.
    if connection is not None and getattr(connection, "in_transaction", False):
        connection.rollback()


POSTPONED = "postponed"
"""Where a session finds the cases whose words are written later."""


class WriteSession(Session):
    """A session that notes which tables it touches and whether an event was written."""


@event.listens_for(WriteSession, "after_flush")
def _note_touched(session: Any, _context: Any) -> None:
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if changed_in(row))):
        session.info.setdefault("touched", set()).add(row.__tablename__)


def changed_in(row: Any, columns: Collection[str] | None = None) -> bool:
    """Whether a row of a session differs from what is stored, in any column or in some of them.

    Only what was set since it was read is compared, where the library's own answer goes through every column.
    """
    state = sa.inspect(row)
    return any(
        was is LoaderCallableStatus.NO_VALUE or name not in state.dict or state.dict[name] != was
        for name, was in state.committed_state.items()
        if columns is None or name in columns
    )


@event.listens_for(WriteSession, "do_orm_execute")
def _no_bulk_changes(state: Any) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise UnrecordedChange("Bulk changes pass by the ledger; change rows through the session or core.store.bulk.")


def touch(session: Session, *tables: str) -> None:
    """Note tables changed past the unit of work's own listener, as bulk inserts do."""
    session.info.setdefault("touched", set()).update(tables)


class Database:
    """One database: short reads, and writes that commit whole and recorded or not at all."""

    def __init__(self, url: str, *, limits: Limits | None = None) -> None:
        self.url = sa.make_url(url)
        self.engine = make_engine(url, limits or Limits())
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # PostgreSQL would otherwise show each statement of a page another moment.
        one_moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**one_moment)
        self._single = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.glances = Glances()
        self.postponed: set[int] | None = None  # cases whose words are written later, while that is so
        self._gate: Gate | None = None
        self._together: Together | None = None
        if self.is_sqlite:
            path = Path(str(self.url.database))
            path.parent.mkdir(parents=True, exist_ok=True)
            self._gate = Gate(path)
            self._together = Together(self.engine, self._gate)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._gate is not None:
            self._gate.close()

    def gate(self) -> contextlib.AbstractContextManager[None]:
        """The write gate; open at once on PostgreSQL, which orders its own writers."""
        return self._gate() if self._gate is not None else contextlib.nullcontext()

    @contextlib.contextmanager
    def alone(self, work: int) -> Iterator[None]:
        """Do this work while no other process of these records does: the others wait until it is done, or has died.

        `work` is a number of the caller's own. On SQLite, whose records one machine serves, nobody waits.
        """
        if self.is_sqlite:
            yield
            return
        with _plainly(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(:work)"), {"work": work})
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:work)"), {"work": work})

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one consistent view of the database, and never a change of it."""
        with _plainly(), self._reader.connect() as connection:
            looking = connection.begin()
            try:
                yield connection
            finally:
                looking.rollback()

    @contextlib.contextmanager
    def answering(self) -> Iterator[Connection]:
        """A connection for one question that is one statement: PostgreSQL is asked for no view around it."""
        with _plainly(), self._single.connect() as connection:
            yield connection

    def glance(self, statement: str) -> tuple[Any, ...] | None:
        """The first row of one statement by itself; None when there is none, or when the database does not answer.

        For what is asked at every turn: no transaction is begun around it, and one run of a page looks once. Whoever
        gets None looks again in a view.
        """
        return self.glances.first(statement, lambda: self._first_row(statement))

    def _first_row(self, statement: str) -> tuple[Any, ...] | None:
        try:
            with _plainly():
                connection = self.engine.raw_connection()
        except self.engine.dialect.loaded_dbapi.Error:  # said as the driver says it, which nobody has put into words
            return None
        try:
            with contextlib.nullcontext() if self.is_sqlite else _autocommitting(connection.driver_connection):
                cursor = connection.cursor()
                cursor.execute(statement)
                found = cursor.fetchone()
            return tuple(found) if found is not None else None
        except self.engine.dialect.loaded_dbapi.Error:
            connection.invalidate()
            return None
        finally:
            connection.close()

    @contextlib.contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Session]:
        """One unit of work. Commits at the end; any exception undoes everything.

        On SQLite the writers of one process share a COMMIT when they come at once, and each comes back once it is done;
        whoever writes `alone` shares it with nobody.

        Raises UnrecordedChange when the record changed without an event, ChangedMeanwhile when someone else
        changed the same complaint first.
        """
        info = {POSTPONED: self.postponed} if self.postponed is not None else {}
        with (
            _plainly(),
            self._turn(alone=alone) as joining,
            WriteSession(**joining, expire_on_commit=False, info=info) as session,
        ):
            try:
                yield session
                session.flush()
                _refuse_silence(session)
                session.commit()
            except StaleDataError as stale:
                session.rollback()
                raise ChangedMeanwhile(
                    "Someone else changed this complaint while you were working on it. "
                    "Look at what changed, then take the step again."
                ) from stale
            except BaseException:
                session.rollback()
                raise
            finally:
                self.glances.look_again()

    def _turn(self, *, alone: bool) -> contextlib.AbstractContextManager[Mapping[str, Any]]:
        """What a session is opened with, in one's turn; PostgreSQL orders its own writers."""
        if self._together is None:
            return contextlib.nullcontext({"bind": self.engine})
        return self._together.writer(alone=alone)

    @contextlib.contextmanager
    def taking_in(self) -> Iterator[Connection]:
        """One transaction for what comes from another installation and brings its own history: whole or not at all."""
        with _plainly(), self.gate(), self.engine.connect() as connection:
            with begin_to_write(connection) if self.is_sqlite else connection.begin():
                yield connection
        self.glances.look_again()


@contextlib.contextmanager
def _autocommitting(connection: Any) -> Iterator[None]:
    """Begin no transaction on a connection of PostgreSQL's; where that fails, it is thrown away."""
    connection.autocommit = True
    yield
    connection.autocommit = False


def _refuse_silence(session: Session) -> None:
    touched = session.info.get("touched", set())
    if touched - UNRECORDED - _LEDGER and not session.info.get("recorded"):
        raise UnrecordedChange(f"Changed without an event: {', '.join(sorted(touched - UNRECORDED))}.")


def is_duplicate(error: IntegrityError) -> bool:
    """Whether something was already there; any other broken constraint is a mistake of ours."""
    return getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION or "UNIQUE constraint" in str(error.orig)


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """A database that is away, full, read-only or overrun said as a sentence; everything else passes through."""
    try:
        yield
    except NoConnectionFree as error:
        raise NotReady(_BUSY) from error
    except OperationalError as error:
        raise NotReady(_sentence(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE:
            raise NotReady(_sentence(error)) from error
        raise


def _sentence(error: DBAPIError) -> str:
    text = str(error.orig).lower()
    if "full" in text or "no space" in text:
        return (
            "The disk that holds the records is full. Nothing was saved. Leave this page open: what you typed stays on "
            "it. Tell your administrator."
        )
    if "readonly" in text or "read-only" in text:
        return "The records are read-only at the moment. Nothing was saved. Tell your administrator."
    if "no such table" in text or "does not exist" in text:
        return "The database has not been set up. Run `complaints setup`, then start again."
    if "locked" in text or "due to statement timeout" in text or "due to lock timeout" in text:
        return _BUSY
    return (
        "The records cannot be reached at the moment. Nothing was saved. Try again in a minute; "
        "if it stays, tell your administrator."
    )
