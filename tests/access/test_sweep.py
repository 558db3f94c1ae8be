"""What is over is removed, and nothing else."""

from datetime import timedelta

from sqlalchemy import Engine, func, select
from time_machine import travel

from core.access.activation import make_link
from core.access.limits import count_try
from core.access.models import Activation, Attempt, LoginSession
from core.access.sessions import start
from core.access.sweep import sweep
from core.crm.models import Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from tests.access import world

NOW = now()


def left(engine: Engine, tenant: Tenant) -> tuple[int, int, int]:
    with open_session(engine, system(tenant.id)) as session:
        kinds = (Attempt, LoginSession, Activation)
        tries, logins, links = (session.scalar(select(func.count(kind.id))) or 0 for kind in kinds)
    return tries, logins, links


def test_what_is_over_goes_and_what_is_not_stays(engine: Engine, tenant: Tenant) -> None:
    other = world.make_tenant(engine, "fuego", "fuego.example.es")
    for each in (tenant, other):
        person = world.add_contact(engine, each, "ana@example.org")
        for ago in (timedelta(days=40), timedelta(hours=25), timedelta(hours=2), timedelta(minutes=10)):
            with travel(NOW - ago, tick=False), open_session(engine, system(each.id), writes=True) as session:
                make_link(session, each, person, 8130)
                start(session, person, "192.0.2.1", "")
                session.commit()
    for n, ago in enumerate((timedelta(hours=2), timedelta(minutes=10))):
        with travel(NOW - ago, tick=False):
            count_try(engine, tenant.id, "ana@example.org", f"192.0.2.{n}")
    with travel(NOW, tick=False):
        sweep(engine, tenant.id)
        assert left(engine, tenant) == (2, 2, 3)
        assert left(engine, other) == (0, 4, 4)
