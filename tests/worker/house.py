"""A small house that sends mails: a tenant, its people, and a module with a kind of mail of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select, update

from core.api import MailKind, Withheld
from core.app import create_app
from core.config import MailServer, Settings
from core.crm.models import Staff
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_switch
from core.outbox.enqueue import enqueue
from core.outbox.models import Job, Mail
from core.worker.loop import Worker
from core.worker.smtp import Post
from plugins.invoices.models import Invoice
from tests.databases import Database
from tests.modules.strangers import make
from tests.staff import rows

SENDER = "portal@brand.example"


def told(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    """Tell what the recipient's own session sees, and what the mail carries."""
    if mail.data.get("withheld"):
        raise Withheld("because of a test")
    if mail.data.get("broken"):
        raise RuntimeError("by design")
    seen = session.scalars(select(Invoice.number).order_by(Invoice.number)).all()
    return {"seen": ", ".join(seen), "text": mail.data.get("text", ""), "secret": f"s3cret-{mail.id}"}


TOLD = MailKind(
    "guest.told",
    "Told",
    "About {text}",
    "You see: {seen}\nText: {text}\nSecret: {secret}\n{unknown} {text.__class__}\n",
    {"seen": "What they see", "text": "A text", "secret": "A secret"},
    told,
    secret=frozenset({"secret"}),
)


@dataclass
class House:
    """A tenant "one" with contacts Ana (account Alpha) and Bea (account Beta), and staff Sol."""

    app: Flask
    settings: Settings
    tenant_id: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The application's engine."""
        found: Engine = self.app.extensions["postigo"].engine
        return found

    @contextmanager
    def writing(self) -> Iterator[WalledSession]:
        """A session of the tenant's system, committed at the end."""
        with open_session(self.engine, system(self.tenant_id), writes=True) as session:
            yield session
            session.commit()

    def queue(self, to: str = "ana", kind: str = "guest.told", record: str = "", **data: Any) -> int:
        """Queue one mail and give its id."""
        with self.writing() as session:
            contact, staff = (None, self.ids[to]) if to == "sol" else (self.ids[to], None)
            record_id = self.ids[record] if record else None
            return enqueue(session, kind, contact_id=contact, staff_id=staff, record_id=record_id, data=data).id

    def mail(self, mail_id: int) -> Mail:
        """A mail's row as it is now."""
        with open_session(self.engine, system(self.tenant_id)) as session:
            return session.scalars(select(Mail).where(Mail.id == mail_id)).one()

    def states(self) -> dict[str, int]:
        """How many mails there are in each state."""
        with open_session(self.engine, system(self.tenant_id)) as session:
            states = session.scalars(select(Mail.state)).all()
        return {state: states.count(state) for state in set(states)}

    def jobs(self) -> list[Job]:
        """All jobs that there are."""
        with open_session(self.engine, installation()) as session:
            return list(session.scalars(select(Job).order_by(Job.id)))

    def change(self, model: Any, row_id: int, **values: Any) -> None:
        """Change a row of the tenant's."""
        with self.writing() as session:
            row = session.get(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)

    def hurry(self, back: timedelta = timedelta(days=2)) -> None:
        """Let everything that waits be due, and let leases end."""
        with open_session(self.engine, installation(), writes=True) as session:
            session.execute(update(Job).values(due_at=now() - back))
            session.execute(update(Job).where(Job.leased_until.is_not(None)).values(leased_until=now() - back))
            session.commit()

    def work(self, post: Post | None = None) -> Worker:
        """Let a new worker do all that is due."""
        worker = Worker(self.app, post=post)
        while worker.step():
            pass
        worker.stop()
        return worker


def with_guest() -> Registry:
    """The modules, and a guest that sends mails."""
    registry = load_modules()
    registry.take(make("guest", mails=lambda self: [TOLD]))
    assert registry.quarantined == {}
    return registry


@contextmanager
def house(database: Database, home: Path, server: MailServer | None, sender: str = SENDER) -> Iterator[House]:
    """The house over a fresh database, with its mail server."""
    settings = Settings(
        home, database.url, database.owner_url, 8165, home / "secret.key", mail_server=server, mail_from=sender
    )
    made = House(create_app(settings, with_guest()), settings)
    try:
        _fill(made)
        yield made
    finally:
        made.engine.dispose()


def _fill(made: House) -> None:
    made.tenant_id = rows.make_tenant(made.engine, "one", "one.localhost", email="hello@brand.example").id
    registry = made.app.extensions["postigo"].registry
    with made.writing() as session:
        for module in ("guest", "invoices"):
            set_switch(session, registry, module, "tenant", made.tenant_id, True)
        for name, place in (("ana", "Alpha"), ("bea", "Beta")):
            account = rows.account(session, place)
            day = date.today()
            who = rows.contact(
                session, name.title(), place, account, email=f"{name}@example.com", portal_user=True,
                support_start=day - timedelta(days=9), portal_end=day + timedelta(days=9),
            )  # fmt: skip
            invoice = Invoice(number=f"{place}-1", status="pending", issued_on=day, currency="EUR", total=1, net=1)
            invoice.account_id = account.id
            session.add(invoice)
            session.flush()
            made.ids |= {name: who.id, place: account.id, f"{place}-1": invoice.id}
        sol = Staff(name="Sol", email="sol@brand.example", email_key="sol@brand.example", language="es")
        session.add(sol)
        session.flush()
        made.ids["sol"] = sol.id
