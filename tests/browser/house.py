"""A running installation with the demonstration in it, for browsers to visit."""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import joinedload
from werkzeug.serving import WSGIRequestHandler, make_server

from core.access import sessions
from core.access.activation import make_link
from core.app import create_app
from core.config import Settings
from core.crm.models import Account, Contact, Membership, Staff, Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.demo.load import load
from core.demo.people import PEOPLE
from core.demo.sign_ins import SignIn, read_sign_ins
from core.modules.registry import Registry, load_modules
from tests.databases import Database
from tests.server import free_port
from tests.staff.rows import contact as add_contact

EMAILS = {person.key: person.email for person in PEOPLE}
#: beside the demonstration's people: who may come in and has nothing to see
NEW = "nueva@cliente.example"
_TENANT = select(Tenant).options(joinedload(Tenant.hosts))


class Quiet(WSGIRequestHandler):
    """Answers without a word on the terminal."""

    def log(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class House:
    """The application over one database, at its address. People are named by their e-mail, or by their
    key in `core.demo.people`."""

    app: Flask
    settings: Settings
    tenant: Tenant
    links: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def engine(self) -> Engine:
        """The application's own engine."""
        found: Engine = self.app.extensions["postigo"].engine
        return found

    @contextmanager
    def writing(self) -> Iterator[WalledSession]:
        """A session of the tenant's system, committed at the end."""
        with open_session(self.engine, system(self.tenant.id), writes=True) as session:
            yield session
            session.commit()

    def one(self, statement: Any) -> Any:
        """The first value of the first row of a statement."""
        with open_session(self.engine, system(self.tenant.id)) as session:
            return session.scalars(statement.limit(1)).one()

    def person(self, session: WalledSession, who: str) -> Contact | Staff:
        """The contact or staff user of that name."""
        email = EMAILS.get(who, who)
        for model in (Contact, Staff):
            if found := session.scalar(select(model).where(model.email == email)):
                return found  # type: ignore[no-any-return]
        raise LookupError(who)

    def contact(self, who: str) -> int:
        """The id of a contact."""
        return self.one(select(Contact.id).where(Contact.email == EMAILS.get(who, who)))  # type: ignore[no-any-return]

    def account(self, who: str) -> int:
        """The id of the account that a contact belongs to."""
        return self.one(select(Membership.account_id).where(Membership.contact_id == self.contact(who)))  # type: ignore[no-any-return]

    def sign_in(self, who: str) -> dict[str, Any]:
        """Begin a session without a password; gives the browser's cookie."""
        with self.writing() as session:
            token = sessions.start(session, self.person(session, who), "127.0.0.1", "Chrome · Linux")
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return {"name": "postigo", "value": signer.dumps({"_user_id": token}), "url": self.url}

    def password(self, who: str) -> SignIn:
        """The sign-in that the demonstration printed for a person."""
        return next(s for s in read_sign_ins(self.settings.home) if s.email == EMAILS.get(who, who))

    def activation(self, who: str) -> str:
        """An activation link of a person, made when first asked for."""
        if who not in self.links:
            with self.writing() as session:
                person = self.person(session, who)
                self.links[who] = make_link(session, self.tenant, person, self.settings.port)
        return self.links[who]


def fill(database: Database, home: Path) -> None:
    """Load the demonstration, and a new contact whose client has nothing yet."""
    settings = _settings(database, home)
    app = create_app(settings)
    house = House(app, settings, _load(app, settings))
    with house.writing() as session:
        client = Account(name="Cliente Nuevo, S.L.")
        session.add(client)
        session.flush()
        marta = house.person(session, "marta")
        assert isinstance(marta, Contact)
        window = {"support_start": marta.support_start, "portal_end": marta.portal_end}
        add_contact(session, "Nuria", "Nueva Roca", client, email=NEW, portal_user=True, language="es", **window)
    house.engine.dispose()


def _load(app: Flask, settings: Settings) -> Tenant:
    engine = app.extensions["postigo"].engine
    load(engine, load_modules(), settings)
    with open_session(engine, installation()) as session:
        return session.scalars(_TENANT).unique().one()


def _settings(database: Database, home: Path) -> Settings:
    return Settings(home, database.url, database.owner_url, free_port(), home / "secret.key")


@contextmanager
def open_house(database: Database, home: Path, furnished: Path, registry: Registry | None = None) -> Iterator[House]:
    """Serve a database that `fill` has filled, with a copy of the home that it made; with other modules than
    those that are installed, where a registry is given."""
    shutil.copytree(furnished, home, dirs_exist_ok=True)
    settings = _settings(database, home)
    app = create_app(settings, registry)
    with open_session(app.extensions["postigo"].engine, installation()) as session:
        tenant = session.scalars(_TENANT).unique().one()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", settings.port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    house = House(app, settings, tenant)
    try:
        yield house
    finally:
        server.shutdown()
        thread.join()
        house.engine.dispose()
