"""A seeded installation: two tenants with twin rows, people of every kind, and rows of every ownership."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from core.app import create_app
from core.config import Settings
from core.crm.models import Contact, Staff
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.files.storage import Store
from core.kit.browser import Browser, browser_at, sign_in
from core.modules.registry import Registry, load_modules
from tests.databases import Database
from tests.worlds.seed import seed
from tests.worlds.tenancy import Tenancy

SLUGS = ("one", "two")


@dataclass
class World:
    """A running application over one database, and what was put into it."""

    app: Flask
    database: Database
    settings: Settings
    tenancies: dict[str, Tenancy] = field(default_factory=dict)
    #: sign-in tokens by tenant, class and id of the person
    tokens: dict[tuple[str, str, int], str] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The application's own engine."""
        found: Engine = self.app.extensions["postigo"].engine
        return found

    @property
    def registry(self) -> Registry:
        """The application's modules."""
        found: Registry = self.app.extensions["postigo"].registry
        return found

    @property
    def store(self) -> Store:
        """The application's files."""
        found: Store = self.app.extensions["postigo"].store
        return found

    @property
    def one(self) -> Tenancy:
        """The tenant that most tests look at."""
        return self.tenancies["one"]

    @property
    def two(self) -> Tenancy:
        """Its twin."""
        return self.tenancies["two"]

    @contextmanager
    def writing(self, slug: str = "one") -> Iterator[WalledSession]:
        """A session of a tenant's system, committed at the end."""
        with open_session(self.engine, system(self.tenancies[slug].id), writes=True) as session:
            yield session
            session.commit()

    def visitor(self, slug: str = "one") -> Browser:
        """A browser that is signed in nowhere."""
        return browser_at(self.app, self.tenancies[slug].host)

    def contact(self, kind: str, slug: str = "one") -> Browser:
        """A browser in which the contact of that kind is signed in."""
        return self._browser(slug, Contact, self.tenancies[slug].people[kind])

    def staff(self, slug: str = "one") -> Browser:
        """A browser in which a staff user is signed in."""
        return self._browser(slug, Staff, self.tenancies[slug].staff)

    def _browser(self, slug: str, model: type[Any], person_id: int) -> Browser:
        return browser_at(self.app, self.tenancies[slug].host, self._token(slug, model, person_id))

    def _token(self, slug: str, model: type[Any], person_id: int) -> str:
        """Begin a sign-in session without a password; hashing one takes longer than a page."""
        key = (slug, model.__name__, person_id)
        if key not in self.tokens:
            self.tokens[key] = sign_in(self.app, self.tenancies[slug].id, model, person_id)
        return self.tokens[key]

    def sign_everybody_in(self) -> None:
        """Begin a session for everybody, whether or not they may use it."""
        for slug, tenancy in self.tenancies.items():
            self._token(slug, Staff, tenancy.staff)
            for person_id in tenancy.people.values():
                self._token(slug, Contact, person_id)

    def sign_out(self, kind: str = "", slug: str = "") -> None:
        """Sign a contact (or everybody) in anew when next asked for: their session has ended."""
        for key in list(self.tokens):
            if not kind or key == (slug, "Contact", self.tenancies[slug].people[kind]):
                del self.tokens[key]


@contextmanager
def bare(database: Database, home: Path, registry: Registry | None = None) -> Iterator[World]:
    """The application over `database` with two tenants and no other row."""
    settings = Settings(
        home=home,
        database_url=database.url,
        owner_url=database.owner_url,
        port=8160,
        secret_file=home / "secret.key",
    )
    world = World(create_app(settings, registry or load_modules()), database, settings)
    try:
        yield world
    finally:
        world.engine.dispose()


def seed_all(world: World) -> None:
    """Put the twin tenants with all their rows into a world."""
    for slug in SLUGS:
        world.tenancies[slug] = seed(world.engine, world.store, slug)


@contextmanager
def seeded(database: Database, home: Path, registry: Registry | None = None) -> Iterator[World]:
    """The application over `database` with the twin tenants and all their rows."""
    with bare(database, home, registry) as world:
        seed_all(world)
        yield world
