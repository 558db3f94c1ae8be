"""What a session tells PostgreSQL: by the short way, by the long one where that fails, and each transaction whose rows
there are for whoever looks now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import DBAPIError

from core.crm.models import Account, Tenant
from core.db import telling
from core.db.engine import make_engine
from core.db.session import WalledSession, go_on_as, open_session
from core.db.viewer import installation, system
from tests.databases import Database

ASK = select(Account.name)


@pytest.fixture
def engine(postgres: Database) -> Iterator[Engine]:
    """An engine of the role that serves, through which a test may look past the session."""
    made = make_engine(postgres.url, guarded=False)
    yield made
    made.dispose()


@contextmanager
def long_ways(engine: Engine) -> Iterator[list[str]]:
    """What is sent through SQLAlchemy meanwhile, but for what the sessions ask."""
    sent: list[str] = []

    def note(conn: Any, cursor: Any, text: str, *rest: Any) -> None:
        if "FROM account" not in text:
            sent.append(text)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def connection_of(session: WalledSession) -> Connection:
    """The connection of the transaction that is under way."""
    transaction = session.get_transaction()
    assert transaction is not None
    return transaction.connection(None)


def walled(session: WalledSession) -> list[str]:
    """The accounts that there are for PostgreSQL's own wall, which our session has no part in."""
    with connection_of(session).connection.cursor() as cursor:
        return [name for (name,) in cursor.execute("SELECT name FROM account")]


def servers_process(session: WalledSession) -> int:
    """Which connection it is, as the server counts them."""
    driver: Any = connection_of(session).connection.driver_connection
    return int(driver.info.backend_pid)


def read_as_both(engine: Engine, tenants: list[int]) -> set[int]:
    """Read as either tenant, in one transaction each way, and give the connections that it took."""
    processes = set()
    for first, then in ((0, 1), (1, 0)):
        with open_session(engine, system(tenants[first])) as session:
            assert session.scalars(ASK).all() == walled(session) == [("one", "two")[first]]
            go_on_as(session, system(tenants[then]))
            assert session.scalars(ASK).all() == walled(session) == [("one", "two")[then]]
            processes.add(servers_process(session))
    return processes


def test_what_is_told_goes_the_short_way_and_the_connection_is_kept(engine: Engine, tenants: list[int]) -> None:
    with long_ways(engine) as sent:
        processes = read_as_both(engine, tenants)
    assert sent == []
    assert len(processes) == 1


def test_what_the_short_way_fails_to_begin_goes_the_long_one(
    engine: Engine, tenants: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = telling._sent
    monkeypatch.setattr(telling, "_sent", lambda connection, text: short(connection, text.replace("BEGIN", "BEGUN")))
    with long_ways(engine) as sent:
        processes = read_as_both(engine, tenants)
    assert [text.partition(";")[0] for text in sent] == ["BEGIN READ ONLY"] * 2
    assert len(processes) == 1


def test_where_neither_way_tells_it_nothing_is_read(
    engine: Engine, tenants: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_session(engine, system(tenants[0])) as session:
        assert session.scalars(ASK).all() == ["one"]
        monkeypatch.setattr(telling, "_TELL", "SELECT untold('{}')")
        with pytest.raises(DBAPIError):
            go_on_as(session, system(tenants[1]))
    with open_session(engine, system(tenants[1])) as session, pytest.raises(DBAPIError):
        session.scalars(ASK).all()


def test_a_connection_that_does_not_commit_is_thrown_away(
    engine: Engine, tenants: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = telling._sent
    with monkeypatch.context() as patch:
        patch.setattr(telling, "_sent", lambda connection, text: short(connection, text.replace("COMMIT", "KEEP")))
        thrown = read_as_both(engine, tenants)
    assert len(thrown | read_as_both(engine, tenants)) == 3


def test_each_transaction_is_told_whose_it_is_now(engine: Engine, tenants: list[int]) -> None:
    one, two = map(system, tenants)
    with open_session(engine, installation()) as session:
        assert len(session.scalars(select(Tenant.id)).all()) == 2
        assert walled(session) == []
        for end in (session.flush, session.rollback, session.commit):
            for sight, name in ((one, "one"), (two, "two"), (one, "one"), (installation(), "one"), (two, "two")):
                go_on_as(session, sight)
                assert walled(session) == [name]
                assert session.scalars(ASK).all() == ([] if sight == installation() else [name])
            end()
            assert session.scalars(ASK).all() == walled(session) == ["two"]
        session.commit()
        go_on_as(session, one)  # between two transactions
        assert session.scalars(ASK).all() == walled(session) == ["one"]
