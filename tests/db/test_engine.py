"""What is written is written: turns on SQLite, errors that leave nothing behind."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from core.crm.models import Tenant, TenantHost
from core.db.engine import Busy, FirstComeLock, make_engine
from core.db.session import open_session
from core.db.viewer import installation
from tests.databases import Database, SqliteDatabases

WRITERS, ROUNDS = 16, 5


@pytest.fixture
def file(sqlite_databases: SqliteDatabases) -> Iterator[Path]:
    with sqlite_databases.fresh() as database:
        yield Path(database.url.removeprefix("sqlite:///"))


def add_tenant(engine: Engine, slug: str = "one") -> int:
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug=slug, name="0")
        session.add(tenant)
        session.commit()
        return tenant.id


def count_up(engine: Engine) -> None:
    with open_session(engine, installation(), writes=True) as session:
        tenant = session.scalars(select(Tenant)).one()
        tenant.name = str(int(tenant.name) + 1)
        session.commit()


def name_of_tenant(engine: Engine) -> str:
    with open_session(engine, installation()) as session:
        return session.scalars(select(Tenant.name)).one()


def count_and_raise(engine: Engine) -> None:
    with open_session(engine, installation(), writes=True) as session:
        session.scalars(select(Tenant)).all()
        raise ZeroDivisionError


def add_hosts(engine: Engine, tenant_id: int, number: int) -> None:
    with open_session(engine, installation(), writes=True) as session:
        session.add_all(TenantHost(host=f"{n}.{'x' * 200}", owner_tenant=tenant_id) for n in range(number))
        session.commit()


def lost(write: Callable[[], None], read: Callable[[], str]) -> int:
    """How many of the writers' updates are not there afterwards; errors are raised."""
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(write) for _ in range(WRITERS * ROUNDS)]:
            done.result()
    return WRITERS * ROUNDS - int(read())


def test_sixteen_writers_lose_nothing(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}")
    add_tenant(engine)
    assert lost(lambda: count_up(engine), lambda: name_of_tenant(engine)) == 0
    engine.dispose()


def test_with_the_drivers_default_they_would(file: Path) -> None:
    """Two who read before either writes: the driver begins no transaction until then."""
    engine = make_engine(f"sqlite:///{file}")
    add_tenant(engine)
    plain = create_engine(f"sqlite:///{file}", connect_args={"timeout": 60})
    with plain.connect() as one, plain.connect() as other:
        read = [(each, each.scalar(text("SELECT name FROM tenant"))) for each in (one, other)]
        for connection, name in read:
            connection.execute(text("UPDATE tenant SET name = :name"), {"name": str(int(name) + 1)})
            connection.commit()
    assert name_of_tenant(engine) == "1", "each wrote the next of what it had read"
    plain.dispose()
    engine.dispose()


def test_turns_are_given_in_the_order_of_asking() -> None:
    lock, order, threads = FirstComeLock(), [], []
    lock.acquire()

    def wait(number: int) -> None:
        lock.acquire()
        order.append(number)
        lock.release()

    for number in range(8):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_one_who_waits_too_long_is_told_so_and_loses_the_turn() -> None:
    lock = FirstComeLock(seconds=0.05)
    lock.acquire()
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(Busy):
            pool.submit(lock.acquire).result()
        lock.release()
        pool.submit(lock.acquire).result()  # the one who gave up stands in nobody's way


def test_a_thread_that_would_wait_for_itself_is_told_so(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}")
    with open_session(engine, installation(), writes=True) as session:
        session.scalars(select(Tenant)).all()
        with pytest.raises(RuntimeError, match="already in a writing transaction"):
            add_tenant(engine)
    add_tenant(engine)
    engine.dispose()


def test_another_process_that_writes_makes_it_busy_and_no_longer(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}", wait=0.1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        add_tenant(engine)
    other.execute("ROLLBACK")
    add_tenant(engine)  # the turn was given back
    other.close()
    engine.dispose()


def test_the_turn_is_given_back_after_an_error(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}", wait=0.1)
    add_tenant(engine)
    for _ in range(3):
        with pytest.raises(DBAPIError):
            add_tenant(engine)  # the slug is taken
    with pytest.raises(ZeroDivisionError):
        count_and_raise(engine)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add_tenant, engine, "two").result()
    engine.dispose()


def test_readers_go_on_while_one_writes(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}", wait=0.1)
    add_tenant(engine)
    with open_session(engine, installation(), writes=True) as session:
        session.scalars(select(Tenant)).one().name = "1"
        session.flush()
        with ThreadPoolExecutor(4) as pool:
            assert [pool.submit(name_of_tenant, engine).result() for _ in range(8)] == ["0"] * 8
        session.commit()
    assert name_of_tenant(engine) == "1"
    engine.dispose()


def test_a_reader_sees_one_state_until_it_is_done(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}")
    add_tenant(engine)
    with open_session(engine, installation()) as session:
        assert session.scalar(select(func.count(Tenant.id))) == 1
        add_tenant(engine, "two")
        assert session.scalar(select(func.count(Tenant.id))) == 1
    engine.dispose()


def test_a_full_database_takes_nothing_by_halves(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}", wait=0.1)
    tenant_id = add_tenant(engine)
    with engine.connect() as connection:  # the limit holds for each connection, so for this one alone
        driver = connection.connection.dbapi_connection
        assert driver is not None
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DBAPIError, match="full"):
        add_hosts(engine, tenant_id, 2000)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA max_page_count=1000000")
    with open_session(engine, installation(), writes=True) as session:
        assert session.scalar(select(func.count(TenantHost.id))) == 0
    add_hosts(engine, tenant_id, 1)
    engine.dispose()


def test_one_at_a_time_always_gets_the_same_connection(file: Path) -> None:
    """It holds what was read and prepared; else each of those that a busy moment left would fill up as well."""
    engine = make_engine(f"sqlite:///{file}", guarded=False)
    opened = [engine.connect() for _ in range(5)]
    for connection in opened:
        connection.close()
    used = set()
    for _ in range(20):
        with engine.connect() as connection:
            used.add(id(connection.connection.driver_connection))
    engine.dispose()
    assert len(used) == 1


def test_an_id_is_never_given_out_twice(database: Database) -> None:
    engine = make_engine(database.url)
    tenant_id = add_tenant(engine)
    ids = []
    for _ in range(2):
        with open_session(engine, installation(), writes=True) as session:
            host = TenantHost(host="here", owner_tenant=tenant_id)
            session.add(host)
            session.commit()
            ids.append(host.id)
            session.delete(host)
            session.commit()
    assert ids[0] < ids[1]
    engine.dispose()
