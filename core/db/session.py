"""The session that refuses: every statement in it carries its viewer's predicate, and what cannot
carry one does not run."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import Connection, Engine, Transaction, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.sql import elements

from core.db import telling
from core.db.flush import after_flush, before_flush
from core.db.model import Model
from core.db.ready import keep, run_ready, walled
from core.db.shape import Shape, shaped
from core.db.statements import ReadOnly, refuse_statement
from core.db.viewer import Sight, system
from core.db.walk import Refused, refuse_walk

__all__ = ["ReadOnly", "Refused", "WalledSession", "beside", "beside_as_system", "go_on_as", "keep", "open_session"]

# Marks a statement that went through the session's own door; an object, so that nobody can guess it.
_CHECKED = object()
_MARK = "postigo_session"
_SAVEPOINTS = (
    elements.SavepointClause,
    elements.RollbackToSavepointClause,
    elements.ReleaseSavepointClause,
)


class WalledSession(Session):
    """A database session of one viewer. Open it with `open_session`."""

    def __init__(self, engine: Engine, sight: Sight, writes: bool, within: "WalledSession | None" = None) -> None:
        place: Any = _bound(engine, writes) if within is None else Session.connection(within)
        super().__init__(place, expire_on_commit=False, join_transaction_mode="create_savepoint")
        #: the session whose transaction this one writes in; see `beside`
        self.within = within
        self.writes = writes
        self._statements = 0
        self._told: int | None = None  # the tenant that PostgreSQL was told of in this transaction
        self._only_reads: Transaction | None = None  # the transaction under way, where it only reads
        self._looked_up: set[tuple[Any, ...]] = set()  # references that the flush under way has checked
        self._look(sight)

    def _look(self, sight: Sight) -> None:
        """See with this sight from now on."""
        self.sight = sight
        self._shape, self._binds = shaped(sight)
        self._made_criterion: Any = None

    @property
    def _criterion(self) -> Any:
        """The option that adds the predicate to a statement; made when a statement needs it."""
        if self._made_criterion is None:
            self._made_criterion = _criterion(self._shape)
        return self._made_criterion

    def _checked(self) -> dict[str, Any]:
        """The execution option that lets a statement of the core itself pass the guard."""
        return {"postigo_checked": _CHECKED}

    if not TYPE_CHECKING:  # they take and give what Session's do

        def execute(self, statement: Any, params: Any = None, **more: Any) -> Any:
            """Run a statement. What is kept and ready goes the shortest way, in a session that only reads: nothing
            waits there to be written first."""
            found = None if more or self.writes else run_ready(self, statement, params)
            if found is None:
                return super().execute(statement, params, **more)
            self._statements += 1
            return found

        def scalars(self, statement: Any, params: Any = None, **more: Any) -> Any:
            """The first value of each row."""
            return self.execute(statement, params, **more).scalars()

        def scalar(self, statement: Any, params: Any = None, **more: Any) -> Any:
            """The first value of the first row; None where there is none."""
            return self.execute(statement, params, **more).scalar()

    def close(self) -> None:
        """End the session; what it wrote and did not commit is undone. One that only read is committed on PostgreSQL,
        which is the same: with a rollback the driver forgets all that was prepared."""
        read = self._only_reads
        if read is not None and read.is_active and telling.end(read.connection):
            read.commit()  # which finds nothing left to send
        super().close()

    def commit(self) -> None:
        """Keep what was written. Refused in a session within another, whose core keeps it with its cause."""
        if self.within is not None:
            raise Refused("what is written here is kept with its cause; leave the commit to the core")
        super().commit()

    def connection(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: a connection would run anything."""
        raise Refused("a session hands out no connection; use session.execute(select(YourModel))")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: rows would be written without being checked."""
        raise Refused("the bulk methods pass by the wall; use session.add")

    bulk_insert_mappings = bulk_save_objects
    bulk_update_mappings = bulk_save_objects

    def merge(self, instance: Any, **kwargs: Any) -> Any:
        """Refused: it would write over a row by its id alone."""
        raise Refused("merge passes by the wall; load the row with session.get and change it")

    def merge_all(self, instances: Any, **kwargs: Any) -> Any:
        """Refused, as `merge`."""
        return self.merge(instances)

    def _get_impl(self, *args: Any, **kwargs: Any) -> Any:
        """`get` answers from memory what was loaded before; that it may still be seen is asked anew."""
        statements = self._statements
        found = super()._get_impl(*args, **kwargs)
        if found is None or self._statements != statements or inspect(found).pending:
            return found
        mapper = inspect(found).mapper
        key = mapper.primary_key_from_instance(found)
        same = (attribute == value for attribute, value in zip(_key_attributes(mapper), key, strict=True))
        return found if self.scalar(select(_key_attributes(mapper)[0]).where(*same)) is not None else None


@lru_cache(maxsize=8)  # it hooks itself into the engine's events each time that it is made
def _bound(engine: Engine, writes: bool) -> Engine:
    """The engine for sessions that write, or that read: the same pool, another way to begin."""
    return engine.execution_options(postigo_writes=writes, postigo_begins=True)


def _key_attributes(mapper: Any) -> list[Any]:
    return [getattr(mapper.class_, mapper.get_property_by_column(c).key) for c in mapper.primary_key]


def _criterion(shape: Shape) -> Any:
    def seen(cls: Any) -> Any:
        return shape.predicate(cls)

    # To loaders too: else what is joined for an eager load would come without the predicate.
    return with_loader_criteria(Model, seen, include_aliases=True, propagate_to_loaders=True)


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


def go_on_as(session: WalledSession, sight: Sight) -> None:
    """Let a session that reads go on for another viewer, in the same transaction: a request's door looks as
    the installation, then as the system, and hands the session over to whoever asks. Every object that
    was loaded until now leaves the session."""
    if session.writes:
        raise ReadOnly("a session that writes belongs to one viewer")
    session.expunge_all()
    session._look(sight)
    if session.in_transaction():
        telling.tell_tenant(session, Session.connection(session))


@contextmanager
def beside(outer: WalledSession, sight: Sight) -> Iterator[WalledSession]:
    """A session for another sight of the same tenant, within the transaction of `outer`, which writes and
    has been flushed. What is written in it is kept or undone with that transaction; where the block raises,
    it alone is undone."""
    if sight.viewer.tenant_id != outer.sight.viewer.tenant_id or not outer.writes:
        raise Refused("a session within another is for the same tenant, and the other writes")
    connection = Session.connection(outer)
    inner = WalledSession(connection.engine, sight, True, within=outer)
    try:
        yield inner
        Session.commit(inner)
    finally:
        inner.close()  # back to where it began, unless it was kept
        connection.info[_MARK] = outer


def beside_as_system(outer: WalledSession) -> AbstractContextManager[WalledSession]:
    """`beside`, as the system of the same tenant: what a client may not write, the core writes for them."""
    return beside(outer, system(outer.sight.viewer.tenant_id or 0))


@event.listens_for(WalledSession, "do_orm_execute")
def _through_the_wall(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, WalledSession)
    session._statements += 1
    if state.execution_options.get("postigo_checked") is _CHECKED and state.is_insert:
        return  # the importer's bulk insert, see core.db.bulk
    refuse_statement(state, session.writes, session.sight.viewer)
    kept = walled(state.statement, session)
    state.statement = _narrowed(state, session) if kept is None else kept
    parameters: Any = state.parameters or {}
    state.parameters = {**parameters, **session._binds}
    options: dict[str, Any] = {"postigo_checked": _CHECKED}
    if state.is_update or state.is_delete:
        options["synchronize_session"] = "fetch"
    state.update_execution_options(**options)


def _narrowed(state: ORMExecuteState, session: WalledSession) -> Any:
    """The statement with the viewer's predicate. Raises Refused where a part of it would read without."""
    statement: Any = state.statement
    criterion = session._criterion
    if state.is_column_load:
        # SQLAlchemy leaves the criterion out where it loads again what was loaded before.
        mapper: Any = state.bind_mapper
        statement = statement.where(session._shape.predicate(mapper.class_))
    if criterion in statement._with_options:
        return statement  # a part of one that was here before
    if not state.is_column_load and not state.is_relationship_load:
        refuse_walk(statement)
    return statement.options(criterion)


event.listen(WalledSession, "before_flush", before_flush)
event.listen(WalledSession, "after_flush", after_flush)


@event.listens_for(WalledSession, "detached_to_persistent")
def _no_detached(session: WalledSession, instance: Any) -> None:
    session.expunge(instance)
    raise Refused("an object of another session cannot be added; load it in this one")


@event.listens_for(WalledSession, "after_begin")
def _mark(session: WalledSession, transaction: SessionTransaction, connection: Connection) -> None:
    connection.info[_MARK] = session
    if not session.writes:
        session._only_reads = connection.get_transaction()
    if connection.dialect.name == "postgresql" and not transaction.nested and session.within is None:
        telling.begin(session, connection)


def guard(engine: Engine) -> None:
    """Let nothing reach `engine` but what a walled session sends: the last line under the wall, which
    catches connections that were opened beside it."""

    @event.listens_for(engine, "before_cursor_execute")
    def _only_walled(conn: Connection, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        session = conn.info.get(_MARK)
        if session is None:
            raise Refused("no statement runs outside a walled session; use core.api's session")
        if session._flushing or context.execution_options.get("postigo_checked") is _CHECKED:
            return
        compiled = context.compiled
        if compiled is None or not isinstance(compiled.statement, _SAVEPOINTS):
            raise Refused("this statement did not pass through the session")

    @event.listens_for(engine, "checkin")
    def _unmark(dbapi_connection: Any, record: Any) -> None:
        record.info.pop(_MARK, None)
