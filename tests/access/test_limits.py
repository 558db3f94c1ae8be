"""How often one may try, across threads and processes."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, func, select, text
from time_machine import travel

from core.access import limits
from core.access.limits import count_try
from core.access.models import Attempt
from core.crm.models import Tenant
from core.db.engine import make_engine
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from tests.access import world
from tests.databases import Database

_PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from core.access.limits import count_try
from core.db.engine import make_engine
engine = make_engine(sys.argv[1])
def one(number):
    return count_try(engine, int(sys.argv[2]), "ana@example.org", "192.0.2.1").allowed
with ThreadPoolExecutor(5) as pool:
    print(sum(pool.map(one, range(25))))
"""


def tries(engine: Engine, tenant: Tenant, count: int, who: str = "ana@example.org", where: str = "192.0.2.1") -> int:
    """How many of so many tries are let through."""
    return sum(count_try(engine, tenant.id, who, where).allowed for _ in range(count))


def test_the_eleventh_try_is_refused_and_elsewhere_the_owner_may_still_try(engine: Engine, tenant: Tenant) -> None:
    assert tries(engine, tenant, 15) == 10
    assert tries(engine, tenant, 1, where="198.51.100.7") == 1
    assert tries(engine, tenant, 1, who="luis@example.org") == 1


def test_an_address_cannot_try_everybody(engine: Engine, tenant: Tenant) -> None:
    allowed = sum(tries(engine, tenant, 1, who=f"{n}@example.org") for n in range(105))
    assert allowed == 100
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalar(select(func.count(Attempt.id))) == 101  # and fills no table


def test_a_household_of_ipv6_is_one_address(engine: Engine, tenant: Tenant) -> None:
    assert tries(engine, tenant, 6, where="2001:db8::1") + tries(engine, tenant, 6, where="2001:db8::ffff:2") == 10
    assert tries(engine, tenant, 1, where="2001:db8:1::1") == 1
    assert tries(engine, tenant, 10, where="192.0.2.9") == 10
    assert tries(engine, tenant, 1, where="::ffff:192.0.2.9") == 0


def test_after_a_quarter_of_an_hour_one_may_try_again(engine: Engine, tenant: Tenant) -> None:
    start = now()
    with travel(start, tick=False):
        tries(engine, tenant, 12)
    with travel(start + timedelta(minutes=14, seconds=59), tick=False):
        assert tries(engine, tenant, 1) == 0
    with travel(start + timedelta(minutes=15), tick=False):
        assert tries(engine, tenant, 12) == 10


def test_a_success_starts_the_pair_anew_and_gives_the_address_its_try_back(engine: Engine, tenant: Tenant) -> None:
    for _ in range(3):
        assert tries(engine, tenant, 9) == 9
        tried = count_try(engine, tenant.id, "ana@example.org", "192.0.2.1")
        assert tried.allowed
        with open_session(engine, system(tenant.id), writes=True) as session:
            limits.forget(session, tried)
            session.commit()
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Attempt.count)).all() == [27]


def test_tenants_count_apart(engine: Engine, tenant: Tenant) -> None:
    other = world.make_tenant(engine, "fuego", "fuego.example.es")
    tries(engine, tenant, 12)
    assert tries(engine, other, 1) == 1


def test_fifty_at_once_on_two_engines_are_ten(database: Database, engine: Engine, tenant: Tenant) -> None:
    engines = [engine, make_engine(database.url)]
    begin = threading.Barrier(10)
    allowed: Counter[bool] = Counter()

    def five(mine: Engine) -> None:
        begin.wait()
        for _ in range(5):
            allowed[count_try(mine, tenant.id, "ana@example.org", "192.0.2.1").allowed] += 1

    threads = [threading.Thread(target=five, args=(engines[n % 2],)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engines[1].dispose()
    assert allowed == {True: 10, False: 40}


def test_two_processes_count_together(database: Database, engine: Engine, tenant: Tenant) -> None:
    command = [sys.executable, "-c", _PROCESS, database.url, str(tenant.id)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=60)[0] for each in both]
    assert sum(map(int, said)) == 10


def test_nothing_that_was_typed_is_kept(database: Database, engine: Engine, tenant: Tenant) -> None:
    tries(engine, tenant, 1)
    plain = make_engine(database.owner_url, guarded=False)
    with plain.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM attempt")).all())
    plain.dispose()
    assert "ana" not in rows
    assert "192.0.2.1" not in rows


def test_old_tries_are_swept(engine: Engine, tenant: Tenant) -> None:
    with travel(now() - timedelta(hours=2), tick=False):
        tries(engine, tenant, 3)
    tries(engine, tenant, 1, where="198.51.100.7")
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalar(select(func.count(Attempt.id))) == 2
