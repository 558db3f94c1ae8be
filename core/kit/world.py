"""The kit's world: an installation of its own with two tenants, the module switched on, and rows that could
leak."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, got_request_exception
from sqlalchemy import Engine, inspect
from werkzeug.test import TestResponse

from core.app import create_app
from core.config import Settings
from core.crm.models import Contact, Staff
from core.db.compare import missing_steps
from core.db.engine import make_engine
from core.db.migrations import upgrade
from core.db.session import WalledSession, open_session
from core.db.viewer import Scope, system
from core.kit import crm
from core.kit.browser import Browser, browser_at, sign_in
from core.kit.kept import Variables, variables
from core.kit.places import ACCOUNTS, PEOPLE, PLACES, SEGMENT, SITES, SLUGS, Place, Row, Viewer
from core.kit.rows import Examples, Maker
from core.modules.module import Module
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_scope, set_switch
from core.records.resource import Resource

#: of tenant "two", which is there to be kept out
_FEW = tuple((place, True) for place in PLACES if place.contact in (None, "whole") and place.site is None)
_ALL = tuple((place, published) for place in PLACES for published in (True, True, False))


class Unfit(Exception):
    """The module does not get as far as being looked at; the text says why."""


@dataclass(frozen=True)
class Address:
    """Where the world's database is: `url` for the role that serves, `owner_url` for the one that migrates."""

    url: str
    owner_url: str
    role: str | None = None


@dataclass
class World:
    """A running application with the module in it, and what the kit put there."""

    module: Module
    app: Flask
    address: Address
    examples: Examples
    rows: list[Row] = field(default_factory=list)
    #: by tenant: its id, and the ids of its accounts, sites and contacts by name
    tenants: dict[str, int] = field(default_factory=dict)
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    #: what views raised since it was last emptied
    raised: list[BaseException] = field(default_factory=list)
    #: what the module's variables held when the portal started, and nobody had come yet
    started: Variables = field(default_factory=dict)
    _browsers: dict[Viewer, Browser] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The module's name."""
        return self.module.name

    @property
    def registry(self) -> Registry:
        """The application's modules."""
        found: Registry = self.app.extensions["postigo"].registry
        return found

    @property
    def engine(self) -> Engine:
        """The application's own engine."""
        found: Engine = self.app.extensions["postigo"].engine
        return found

    @property
    def resources(self) -> Mapping[str, Resource]:
        """The module's resources by name."""
        return self.registry.resources[self.name]

    @contextmanager
    def writing(self, slug: str = "one") -> Iterator[WalledSession]:
        """A session of a tenant's system, committed at the end."""
        with open_session(self.engine, system(self.tenants[slug]), writes=True) as session:
            yield session
            session.commit()

    def switch(self, on: bool, slug: str = "one", module: str = "") -> None:
        """Switch the module (or another) on or off for a tenant, as staff do."""
        with self.writing(slug) as session:
            set_switch(session, self.registry, module or self.name, "tenant", self.tenants[slug], on)

    def scope(self, scope: Scope) -> None:
        """Set how much of an account contacts see in the module."""
        with self.writing() as session:
            set_scope(session, self.name, scope)

    def browser(self, viewer: Viewer) -> Browser:
        """A browser of that viewer's."""
        if viewer not in self._browsers:
            token = ""
            if viewer.name != "visitor":
                model = Contact if viewer.is_contact else Staff
                token = sign_in(self.app, self.tenants[viewer.slug], model, self.ids[viewer.slug][viewer.name])
            self._browsers[viewer] = browser_at(self.app, f"{viewer.slug}.localhost", token)
        return self._browsers[viewer]

    def get(self, viewer: Viewer, url: str, **more: Any) -> TestResponse:
        """What a viewer gets under an address."""
        return self.browser(viewer).get(url, **more)

    def add(self, places: Sequence[tuple[Place, bool]], slug: str = "one") -> None:
        """Make rows of every class of the module at these places."""
        self._fill(self.name, slug, places)

    def _fill(self, module: str, slug: str, places: Sequence[tuple[Place, bool]]) -> None:
        store = self.app.extensions["postigo"].store
        maker = Maker(self.registry.resources[module], self.rows, store, self.examples)
        with self.writing(slug) as session:
            maker.fill(session, slug, self.ids[slug], places)

    def complaints_of_boxes(self) -> list[str]:
        """What boxes and views of the module raised since this was last asked, in a sentence each."""
        failures = [f for f in self.registry.health.failures if f.module == self.name]
        self.registry.health.failures.clear()
        said = [f"The {_quoted(f.hook)} of {self.name!r} failed: {f.message}" for f in failures]
        said += [f"A page of {self.name!r} failed: {type(error).__name__}: {error}" for error in self.raised]
        self.raised.clear()
        return list(dict.fromkeys(said))


def _quoted(hook: str) -> str:
    """A box as sentences name it ("widget 'due'"); a hook as it is."""
    kind, _, name = hook.partition(" ")
    return f"{kind} {name!r}" if name else kind


def registry_with(module: Module) -> Registry:
    """The installed modules, with this one among them."""
    registry = load_modules()
    taken = registry.modules.get(module.name)
    if taken is None and module.name not in registry.quarantined:
        registry.take(module)
    elif taken is not module and taken is not None:
        raise Unfit(f"Another module is called {module.name!r}: {type(taken).__module__}")
    if reasons := [q.reason for q in registry.quarantined.values() if q.name.split(" ")[0] == module.name]:
        raise Unfit(f"{module.name!r} is set aside when the portal starts: {reasons[0]}")
    return registry


@contextmanager
def world_of(module: Module, address: Address, home: Path, examples: Examples) -> Iterator[World]:
    """The world of a module. Raises Unfit where it cannot be taken in, migrated or filled."""
    registry = registry_with(module)
    _migrate(registry, module, address)
    settings = Settings(home, address.url, address.owner_url, 8000, home / "secret.key")
    world = World(module, create_app(settings, registry), address, examples)
    if module.name in registry.quarantined:
        raise Unfit(f"{module.name!r} cannot be mounted: {registry.quarantined[module.name].reason}")
    world.started = variables(module, world.app)
    got_request_exception.connect(lambda _, exception: world.raised.append(exception), world.app, weak=False)
    try:
        for slug in SLUGS:
            _people(world, slug)
            world._fill(module.name, slug, _ALL if slug == "one" else _FEW)
            world.switch(True, slug)
        for name in shown_on(registry, module.name):
            world._fill(name, "one", [(Place("Alpha"), True), (Place("Beta"), True)])
            world.switch(True, module=name)
        yield world
    finally:
        world.engine.dispose()


def _migrate(registry: Registry, module: Module, address: Address) -> None:
    engine = make_engine(address.owner_url, guarded=False)
    try:
        failures = [f for f in upgrade(engine, registry, address.role) if f.module == module.name]
        if failures:
            ran = inspect(engine).has_table(f"alembic_version_{module.name}")  # undone where they themselves failed
            steps = f". What is missing:\n{missing_steps(engine, registry, module.name)}" if ran else ""
            raise Unfit(f"The migrations of {module.name!r} fail: {failures[0].message}{steps}")
    finally:
        engine.dispose()


def shown_on(registry: Registry, name: str) -> list[str]:
    """The other modules whose records this one has panels for."""
    others = {panel.resource.partition(".")[0] for panel in registry.panels[name]}
    return sorted(others & (set(registry.modules) - {name}))


def _people(world: World, slug: str) -> None:
    tenant = crm.make_tenant(world.engine, slug, f"{slug}.localhost")
    world.tenants[slug], ids = tenant.id, world.ids.setdefault(slug, {})
    today = date.today()
    window = {"support_start": today - timedelta(days=30), "portal_end": today + timedelta(days=30)}
    with world.writing(slug) as session:
        accounts: dict[str, Any] = {}
        for name, parent in ACCOUNTS.items():
            accounts[name] = crm.account(session, f"{name} {slug}", accounts[parent] if parent else None)
        ids["segment"] = crm.segment(session, f"Segment {slug}", accounts[SEGMENT]).id
        places = {**accounts, **{name: crm.site(session, accounts[of], name) for name, of in SITES.items()}}
        for name, (ties, _) in PEOPLE.items():
            who = crm.contact(session, name, slug, email=f"{name}@{slug}.example", portal_user=True, **window)
            for tie in ties:
                crm.member(session, who, places[tie.rstrip("+")], deep=tie.endswith("+"))
            ids[name] = who.id
        staff = Staff(name="Staff", email="staff@example.com", email_key="staff@example.com")
        session.add(staff)
        session.flush()
        ids.update({name: row.id for name, row in places.items()}, staff=staff.id)
