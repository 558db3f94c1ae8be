"""The session that refuses: every statement in it carries its viewer's predicate, and what cannot
carry one does not run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from core.db.flush import check_references, check_written, stamp
from core.db.model import Model
from core.db.viewer import Kind, Sight
from core.db.walk import Refused, refuse_walk
from core.db.wall import Owned, Shape, binds

__all__ = ["ReadOnly", "Refused", "WalledSession", "open_session"]

# Marks a statement that went through the session's own door; an object, so that nobody can guess it.
_CHECKED = object()
_MARK = "postigo_session"
_FIXED = frozenset({"id", "tenant_id", "account_id", "site_id", "contact_id", "owner", "published"})


class ReadOnly(RuntimeError):
    """Something tried to write in a session that was opened for reading."""


class WalledSession(Session):
    """A database session of one viewer. Open it with `open_session`."""

    def __init__(self, engine: Engine, sight: Sight, writes: bool) -> None:
        super().__init__(engine.execution_options(postigo_writes=writes), expire_on_commit=False)
        self.sight = sight
        self.writes = writes
        self._criterion = _criterion(Shape(sight))
        self._binds = binds(sight)

    def checked(self) -> dict[str, Any]:
        """The execution option that lets a statement of the core itself pass the guard."""
        return {"postigo_checked": _CHECKED}

    def connection(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Refused("a session hands out no connection; use session.execute(select(YourModel))")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Refused("bulk_save_objects passes by the wall; use session.add")

    bulk_insert_mappings = bulk_save_objects
    bulk_update_mappings = bulk_save_objects

    def merge(self, instance: Any, **kwargs: Any) -> Any:
        raise Refused("merge passes by the wall; load the row with session.get and change it")


def _criterion(shape: Shape) -> Any:
    def seen(cls: Any) -> Any:
        return shape.predicate(cls)

    return with_loader_criteria(Model, seen, include_aliases=True, propagate_to_loaders=False)


@contextmanager
def open_session(engine: Engine, sight: Sight, *, writes: bool = False) -> Iterator[WalledSession]:
    """A session for one viewer's sight, closed (and rolled back where not committed) at the end.

    With `writes`, the transaction is one that writes from its first statement on (BEGIN IMMEDIATE on
    SQLite); without, a flush raises `ReadOnly`."""
    session = WalledSession(engine, sight, writes)
    try:
        yield session
    finally:
        session.close()


@event.listens_for(WalledSession, "do_orm_execute")
def _through_the_wall(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, WalledSession)
    if state.execution_options.get("postigo_checked") is _CHECKED and state.is_insert:
        return  # the importer's bulk insert, see core.db.bulk
    _refuse_kind(state, session)
    if not (state.is_relationship_load or state.is_column_load):
        refuse_walk(state.statement)
    state.statement = state.statement.options(session._criterion)
    state.parameters = {**(state.parameters or {}), **session._binds}
    options: dict[str, Any] = {"postigo_checked": _CHECKED}
    if state.is_update or state.is_delete:
        options["synchronize_session"] = "fetch"
    state.update_execution_options(**options)


def _refuse_kind(state: ORMExecuteState, session: WalledSession) -> None:
    if not state.is_orm_statement:
        raise Refused("only statements over mapped classes run here: select(YourModel), not a table or text")
    if state.is_insert:
        raise Refused("insert() passes by the wall; use session.add")
    if state.is_from_statement:
        raise Refused("from_statement passes by the wall; write the statement over mapped classes")
    if isinstance(state.parameters, list):
        raise Refused("one statement takes one set of parameters here")
    if (state.is_update or state.is_delete) and not session.writes:
        raise ReadOnly("this request only reads")
    if state.is_update:
        _refuse_values(state)


def _refuse_values(state: ORMExecuteState) -> None:
    """Owner columns and references move through a flush alone, where they are checked."""
    statement: Any = state.statement
    values = statement._values or dict(statement._ordered_values or ()) or {}
    names = {getattr(column, "key", str(column)) for column in values}
    mapper = state.bind_mapper
    columns = mapper.columns if mapper is not None else {}
    fixed = {n for n in names if n in columns and columns[n].foreign_keys}
    if mapper is not None and issubclass(mapper.class_, Owned):
        fixed |= names & _FIXED
    if fixed or "tenant_id" in names or "id" in names:
        raise Refused(f"update() may not touch {', '.join(sorted(fixed or names))}; change the loaded row")


@event.listens_for(WalledSession, "before_flush")
def _before_flush(session: WalledSession, context: Any, instances: Any) -> None:
    touched = [o for o in (*session.new, *session.dirty) if session.is_modified(o)]
    if (touched or session.deleted) and not session.writes:
        raise ReadOnly("this request only reads; nothing may be changed in it")
    with session.no_autoflush:
        for instance in touched:
            stamp(session, instance)
        for instance in touched:
            check_references(session, instance)


@event.listens_for(WalledSession, "after_flush")
def _after_flush(session: WalledSession, context: Any) -> None:
    if session.sight.viewer.kind is Kind.CONTACT:
        with session.no_autoflush:
            check_written(session, [*session.new, *session.dirty])


@event.listens_for(WalledSession, "detached_to_persistent")
def _no_detached(session: WalledSession, instance: Any) -> None:
    raise Refused("an object of another session cannot be added; load it in this one")


@event.listens_for(WalledSession, "after_begin")
def _mark(session: WalledSession, transaction: SessionTransaction, connection: Connection) -> None:
    connection.info[_MARK] = session
    if connection.dialect.name == "postgresql":
        tenant = session.sight.viewer.tenant_id
        connection.execute(
            text("SELECT set_config('postigo.tenant', :tenant, true)"),
            {"tenant": "" if tenant is None else str(tenant)},
            execution_options=session.checked(),
        )


def guard(engine: Engine) -> None:
    """Let nothing reach `engine` but what a walled session sends: the last line under the wall, which
    catches connections that were opened beside it."""

    @event.listens_for(engine, "before_cursor_execute")
    def _only_walled(conn: Connection, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        session = conn.info.get(_MARK)
        if session is None:
            raise Refused("no statement runs outside a walled session; use core.api's session")
        if not session._flushing and context.execution_options.get("postigo_checked") is not _CHECKED:
            raise Refused("this statement did not pass through the session")

    @event.listens_for(engine, "checkin")
    def _unmark(dbapi_connection: Any, record: Any) -> None:
        record.info.pop(_MARK, None)

