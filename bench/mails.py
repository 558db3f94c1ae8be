"""How fast mails leave: replies on cases, each made under its recipient's rights, and handed to a server on this
machine by two workers."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, func, select, update

from bench import data
from bench.load import CannotMeasure
from bench.servers import ROOT
from bench.worlds import Databases
from core.app import create_app
from core.config import MailServer, Settings
from core.conversations.models import Message
from core.crm.models import Account, Contact, Membership
from core.crm.tenants import create_tenant
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.i18n import today_in
from core.modules.switches import set_switch
from core.outbox.enqueue import MAIL, enqueue
from core.outbox.models import Job, Mail
from core.outbox.states import SENT
from plugins.cases.models import Case
from tests.server import POSTIGO, environment

MAILS, WORKERS, CONTACTS = 1_000, 2, 200
_PATIENCE = 300.0
_LATER = timedelta(days=1)


def seconds(databases: Databases, folder: Path, name: str) -> float:
    """From when a thousand mails are due, with two workers waiting, until all have been sent and that is written.

    Raises CannotMeasure where one is lost, or sent twice."""
    home = folder / f"mails-{name}"
    with databases.fresh() as database, _post_office() as (server, count):
        settings = Settings(
            home, database.url, database.owner_url, 8000, home / "secret.key",
            mail_server=server, mail_from="portal@bench.example",
        )  # fmt: skip
        app = create_app(settings)
        engine: Engine = app.extensions["postigo"].engine
        tenant_id = _fill(app, engine)
        with ExitStack() as stack:
            for _ in range(WORKERS):
                stack.enter_context(_worker(settings))
            _wait(engine, lambda session: session.scalar(select(func.count(Job.id)).where(Job.kind != MAIL)) == 0)
            with open_session(engine, installation(), writes=True) as session:
                session.execute(update(Job).where(Job.kind == MAIL).values(due_at=now()))
                session.commit()
            took = _wait(engine, lambda session: _sent(session) == MAILS, tenant_id)
        engine.dispose()
        if (taken := count()) != (MAILS, MAILS):
            raise CannotMeasure(f"of {MAILS} mails the server took {taken[0]}, of which {taken[1]} differ")
    return took


def _fill(app: Flask, engine: Engine) -> int:
    """A tenant whose staff have replied on a thousand cases; the mails are not due yet. Gives its id."""
    with open_session(engine, installation(), writes=True) as session:
        tenant = create_tenant(session, data.SLUG, "Bench", [data.HOST], url=f"https://{data.HOST}")
        session.commit()
    with open_session(engine, system(tenant.id), writes=True) as session:
        set_switch(session, app.extensions["postigo"].registry, "cases", "tenant", tenant.id, True)
        today = today_in(tenant.time_zone)
        window = {"support_start": today - timedelta(days=9), "portal_end": today + timedelta(days=9)}
        contacts = []
        for n in range(CONTACTS):
            account = Account(name=f"Client {n}")
            email = f"contact{n}@example.com"
            contact = Contact(first_name=f"Contact {n}", email=email, email_key=email, portal_user=True, **window)
            session.add_all([account, contact])
            session.flush()
            session.add(Membership(contact_id=contact.id, account_id=account.id))
            contacts.append((contact.id, account.id))
        for n in range(MAILS):
            _reply(session, n, *contacts[n % CONTACTS])
        session.commit()
    return tenant.id


def _reply(session: WalledSession, n: int, contact_id: int, account_id: int) -> None:
    """A case with a reply, and the mail that tells its contact."""
    case = Case(number=f"C-{n}", subject=f"The pump of hall {n} leaks", account_id=account_id, contact_id=contact_id)
    session.add(case)
    session.flush()
    message = Message(parent_id=case.id, body="We come tomorrow at nine.\n\nHave the hall open, please.")
    session.add(message)
    session.flush()
    about = {"message_id": message.id}
    enqueue(session, "core.reply", contact_id=contact_id, record_id=case.id, data=about, due_at=now() + _LATER)


def _sent(session: WalledSession) -> int:
    return session.scalar(select(func.count(Mail.id)).where(Mail.state == SENT)) or 0


def _wait(engine: Engine, happens: Callable[[WalledSession], bool], tenant_id: int | None = None) -> float:
    """Wait until something is so; gives the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE:
        with open_session(engine, installation() if tenant_id is None else system(tenant_id)) as session:
            if happens(session):
                return time.monotonic() - began
        time.sleep(0.1)
    raise CannotMeasure("the workers do not come to an end")


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    process = subprocess.Popen([POSTIGO, "worker"], env=environment(settings))
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _post_office() -> Iterator[tuple[MailServer, Callable[[], tuple[int, int]]]]:
    command = [sys.executable, "-m", "bench.post_office"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None

    def count() -> tuple[int, int]:
        taken, differ = process.communicate(timeout=30)[0].split()
        return int(taken), int(differ)

    try:
        yield MailServer("127.0.0.1", int(process.stdout.readline())), count
    finally:
        process.kill()
        process.wait()
