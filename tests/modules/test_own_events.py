"""The events that a module sends itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from core.crm.models import Tenant
from core.modules.events import Event, EventError, send
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from tests.databases import Database
from tests.modules.strangers import make
from tests.staff import rows
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World, bare


@dataclass(frozen=True)
class Rung(Event):
    """An event of a module's own."""

    name: ClassVar[str] = "tests.rung"

    times: int


@dataclass(frozen=True)
class Forged(Event):
    """One that claims to be another module's."""

    name: ClassVar[str] = "invoices.forged"


@dataclass(frozen=True)
class Carrying(Event):
    """One that takes a row along."""

    name: ClassVar[str] = "tests.carrying"

    tenant: Tenant


def test_a_module_sends_its_own_events_and_no_others(database: Database, tmp_path: Path) -> None:
    heard: list[Event] = []
    registry = load_modules()
    registry.take(make("tests", event=lambda self, session, event: heard.append(event)))
    with bare(database, tmp_path, registry) as world:
        world.tenancies["one"] = _tenancy(world)
        with world.writing() as session:
            set_switch(session, registry, "tests", "tenant", world.one.id, True)
        heard.clear()
        with world.writing() as session:
            send(session, Rung(3))
            with pytest.raises(EventError):
                send(session, Forged())
            with pytest.raises(EventError, match="carries a row as 'tenant', which"):
                send(session, Carrying(session.scalars(select(Tenant)).one()))
        assert heard == [Rung(3)]


def _tenancy(world: World) -> Tenancy:
    return Tenancy("one", rows.make_tenant(world.engine, "one", "one.localhost").id)
