"""What a list of 35,042 assets of one account costs beside one of 300: its page in its own order, and the list alone in
every other order and with every filter that it offers."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine, select

from bench import bulk, data
from bench.load import CannotMeasure
from bench.servers import ROOT
from bench.worlds import Databases
from core.access import sessions
from core.app import create_app
from core.config import Settings
from core.crm.models import Account, Contact, Membership, Site
from core.crm.tenants import create_tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import Sight, installation, system
from core.imports import run
from core.modules.reach import sight_of
from core.modules.switches import set_switch
from core.records.listing import list_records
from core.records.query import read_query
from plugins.assets.models import Asset
from plugins.assets.resources import ASSET, KINDS, STATES, WARRANTIES
from tests.databases import PostgresDatabases
from tests.server import free_port

PROFILE = "assets-elevators"
EXPORT = ROOT.parent / "shared" / "data" / PROFILE
FEW = 300
LIST = "/portal/assets/"


@dataclass(frozen=True)
class Reader:
    """One who has assets: how far they see, and the cookie of their session."""

    sight: Sight
    cookie: str


def asked() -> Iterator[dict[str, str]]:
    """Every order, every filter, and the two ends of a range of days."""
    for field in ASSET.fields:
        if field.sortable:
            yield from ({"sort": f"{sign}{field.name}"} for sign in ("", "-"))
    for name, choices in (("state", STATES), ("kind", KINDS), ("warranty", WARRANTIES)):
        yield from ({name: value} for value in choices)
    yield {"installed_on_from": "2000-01-01", "installed_on_to": "2000-12-31"}
    yield {"installed_on_from": "1900-01-01"}


def compare(databases: Databases, folder: Path, times: int) -> tuple[tuple[float, float], dict[str, float]]:
    """The median milliseconds of the list's page, of who has 300 and of who has all; and of the list alone, from the
    session's opening to its end, of who has all, by what was asked. Raises CannotMeasure without the export."""
    if not EXPORT.is_dir():
        raise CannotMeasure(f"the export {EXPORT} is not there")
    with _filled(databases, folder) as (app, few, all_of_them):
        pages: tuple[list[float], list[float]] = ([], [])
        for turn in range(40 * times):
            both = list(zip((few, all_of_them), pages, strict=True))
            for reader, kept in both if turn % 2 else reversed(both):
                kept.append(_milliseconds(lambda reader=reader: _page(app, reader)))
        engine: Engine = app.extensions["postigo"].engine
        lists = {
            "&".join(f"{n}={v}" for n, v in query.items()): median(
                _milliseconds(lambda query=query: _list(engine, all_of_them.sight, query)) for _ in range(4 * times)
            )
            for query in asked()
        }
        return (median(pages[0]), median(pages[1])), lists


def _milliseconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _page(app: Flask, reader: Reader) -> None:
    client = app.test_client(use_cookies=False)
    answer = client.get(LIST, base_url=f"http://{data.HOST}", headers={"Cookie": reader.cookie})
    assert answer.status_code == 200, answer.status
    answer.close()


def _list(engine: Engine, sight: Sight, query: dict[str, str]) -> None:
    with open_session(engine, sight) as session:
        read = read_query(ASSET, sight, {name: [value] for name, value in query.items()})
        list_records(session, ASSET, read, ZoneInfo("UTC"))


@contextmanager
def _filled(databases: Databases, folder: Path) -> Iterator[tuple[Flask, Reader, Reader]]:
    """The application on a database with all devices, and with 300 of them once more for another account."""
    with databases.fresh() as database:
        home = folder / f"assets-{database.name}"
        app = create_app(Settings(home, database.url, database.owner_url, free_port(), home / "secret.key"))
        here = app.extensions["postigo"]
        try:
            with open_session(here.engine, installation(), writes=True) as session:
                create_tenant(session, data.SLUG, "Bench", [data.HOST], language="en")
                session.commit()
            run(here.engine, here.registry, here.store, data.SLUG, PROFILE, EXPORT)
            tenant_id = data.tenant_id(here.engine)
            with open_session(here.engine, system(tenant_id), writes=True) as session:
                set_switch(session, here.registry, "assets", "tenant", tenant_id, True)
                city = session.scalars(select(Account)).one()
                people = [_member(session, _some(session, city).id), _member(session, city.id)]
                session.commit()
                readers = [_reader(app, session, contact) for contact in people]
                session.commit()
            owner_url = database.url
            if isinstance(databases, PostgresDatabases):
                everything = databases.address.set(database=here.engine.url.database)
                owner_url = everything.render_as_string(hide_password=False)
            bulk.settle(owner_url)
            yield app, readers[0], readers[1]
        finally:
            here.engine.dispose()


def _some(session: WalledSession, city: Account) -> Account:
    """An account with a few of the city's devices, each at a site of its own."""
    account = Account(name="Few")
    session.add(account)
    session.flush()
    for asset in session.scalars(select(Asset).where(Asset.account_id == city.id).limit(FEW)).all():
        site = Site(account_id=account.id, name=f"Site of {asset.number}")
        session.add(site)
        session.flush()
        copied = ("number", "name", "category", "maker", "installed_on")
        values = {name: getattr(asset, name) for name in copied}
        session.add(Asset(account_id=account.id, site_id=site.id, **values))
    session.flush()
    return account


def _member(session: WalledSession, account_id: int) -> Contact:
    email = f"reader{account_id}@example.com"
    today = date.today()
    contact = Contact(
        first_name="Reader", last_name=str(account_id), email=email, email_key=email, portal_user=True,
        support_start=today - timedelta(days=365), portal_end=today + timedelta(days=365),
    )  # fmt: skip
    session.add(contact)
    session.flush()
    session.add(Membership(contact_id=contact.id, account_id=account_id))
    session.flush()
    return contact


def _reader(app: Flask, session: WalledSession, contact: Contact) -> Reader:
    here, signer = app.extensions["postigo"], app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token = sessions.start(session, contact, "127.0.0.1", "")
    cookie = f"postigo={signer.dumps({'_user_id': token, 'csrf_token': secrets.token_hex(20)})}"
    return Reader(sight_of(session, here.registry, contact.id)[0], cookie)
