"""Engines for SQLite and PostgreSQL, set up so that nothing written is lost in silence."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError

from core.db.folding import fold
from core.db.session import guard

# Statements × shapes of sight that are kept compiled.
_CACHED_STATEMENTS = 3000
# How long a request waits for its turn to write, and within that for another process.
_WAIT_SECONDS = 30.0
_OTHER_PROCESS_SECONDS = 5.0
# A request holds up to three sessions at once, in sixteen threads.
_CONNECTIONS = 48


class Busy(RuntimeError):
    """The database could not be written within the time that a request may wait."""


# Statements are prepared, and the same for whatever keys: to plan each anew costs more than to run it. Rows are in
# memory or on disks without a head to move: by its default PostgreSQL would read a whole table rather than a
# hundred rows by their index.
_PLANS = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
# A connection that was idle for so long may be one that the server has given up.
_IDLE_SECONDS = 5.0
_BUSY = "the database is busy; try again in a moment"


class FirstComeLock:
    """A lock given to waiters in the order in which they came: SQLite's own busy handler lets late
    comers pass, and some wait for seconds."""

    def __init__(self, seconds: float = _WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._inner = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: int | None = None

    def acquire(self) -> None:
        """Wait for the lock. Raises Busy when its turn has not come in time, and RuntimeError where this
        thread holds it already (it would wait for itself)."""
        me = threading.get_ident()
        with self._inner:
            if self._holder == me:
                raise RuntimeError("this thread is already in a writing transaction")
            if self._holder is None:
                self._holder = me
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if not turn.wait(self._seconds):
            with self._inner:
                if not turn.is_set():
                    self._waiting.remove(turn)
                    raise Busy(_BUSY)
        self._holder = me

    def release(self) -> None:
        """Hand the lock to the one who has waited longest."""
        with self._inner:
            self._holder = None
            if self._waiting:
                self._holder = -1  # taken: nobody may slip in before the waiter wakes
                self._waiting.popleft().set()


def make_engine(url: str, *, guarded: bool = True, wait: float = _WAIT_SECONDS) -> Engine:
    """An engine for a SQLite or PostgreSQL address. Guarded, it runs what walled sessions send and
    nothing else; migrations take one that is not. On SQLite, one that writes waits `wait` seconds for
    its turn at most; then it raises Busy."""
    parsed = make_url(url)
    sizes = {"query_cache_size": _CACHED_STATEMENTS, "pool_size": 16, "max_overflow": _CONNECTIONS - 16}
    if parsed.get_backend_name() == "sqlite":
        seconds = min(wait, _OTHER_PROCESS_SECONDS)
        told = {"timeout": seconds, "check_same_thread": False}
        # The connection that came back last goes out first: it holds what it read and prepared, and so few do.
        engine = create_engine(parsed, connect_args=told, pool_use_lifo=True, **sizes)
        _prepare_sqlite(engine, FirstComeLock(wait))
    else:
        engine = create_engine(parsed, connect_args={"options": _PLANS}, paramstyle="numeric_dollar", **sizes)
        _prepare_postgresql(engine)
        _ping_what_was_idle(engine)
    if guarded:
        guard(engine)
    return engine


class _Columns(Sequence[psycopg.Column]):
    """The columns of a cursor's answer, each described when it is asked for."""

    def __init__(self, cursor: psycopg.RawCursor[Any], number: int) -> None:
        self._cursor, self._number = cursor, number

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(self._number)[index]]
        if not 0 <= index < self._number:
            raise IndexError(index)
        return psycopg.Column(self._cursor, index)


class _Cursor(psycopg.RawCursor[Any]):
    """The driver's, which describes each column of each answer. SQLAlchemy reads what it is told once for a statement
    that it keeps compiled, and asks only whether there is anything from then on."""

    @property
    def description(self) -> Any:
        """The columns of the answer; None where it has none."""
        answer = self.pgresult
        return _Columns(self, answer.nfields) if answer is not None and answer.nfields else super().description


def _prepare_postgresql(engine: Engine) -> None:
    """Send parameters as PostgreSQL takes them, `$1`: the driver's own `%(name)s` is read out of the text each time
    that a statement runs, and the wall makes long texts. The driver sends no BEGIN; a session does, with what else
    belongs there, and for others we do."""

    @event.listens_for(engine, "connect")
    def _connect(dbapi_connection: Any, record: Any) -> None:
        dbapi_connection.cursor_factory = _Cursor
        dbapi_connection.server_cursor_factory = psycopg.RawServerCursor
        dbapi_connection.autocommit = True

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("postigo_begins"):
            connection.connection.cursor().execute("BEGIN")


def _ping_what_was_idle(engine: Engine) -> None:
    """Ask a connection whether it still stands before it is used again, unless it was used just now: SQLAlchemy's
    own way asks each time, which is one answer to wait for with every request."""

    @event.listens_for(engine, "checkin")
    def _checkin(dbapi_connection: Any, record: Any) -> None:
        record.info["postigo_used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(dbapi_connection: Any, record: Any, proxy: Any) -> None:
        used = record.info.get("postigo_used")
        if used is None or time.monotonic() - used < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool takes another


def _prepare_sqlite(engine: Engine, lock: FirstComeLock) -> None:
    @event.listens_for(engine, "connect")
    def _connect(dbapi_connection: Any, record: Any) -> None:
        dbapi_connection.isolation_level = None  # the driver sends no BEGIN; we do, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            dbapi_connection.execute(f"PRAGMA {pragma}")
        dbapi_connection.create_function("postigo_fold", 1, fold, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("postigo_writes", True):
            connection.connection.execute("BEGIN")
            return
        if "postigo_lock" not in connection.info:
            lock.acquire()
            connection.info["postigo_lock"] = lock  # given back at checkin, below
        try:
            connection.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise Busy(_BUSY) from error

    @event.listens_for(engine, "checkin")
    def _checkin(dbapi_connection: Any, record: Any) -> None:
        held = record.info.pop("postigo_lock", None)
        if held is not None:
            held.release()


def at_one_moment(engine: Engine) -> Engine:
    """The same engine, whose transactions see all rows as they were when they began, however long they last.
    SQLite's do so by themselves."""
    return engine.execution_options(postigo_moment=True)
