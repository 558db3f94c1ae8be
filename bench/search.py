"""What a search takes among 100,000 records of one tenant: for words that stand in each of them and words that stand in
one, asked by who has all of them and by who has few."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from bench import bulk
from bench.worlds import Databases
from core.app import create_app
from core.config import Settings
from core.crm.models import Account
from core.crm.tenants import create_tenant
from core.db.bulk import bulk_insert, bulk_insert_ids
from core.db.entry import entry_of, write_entries
from core.db.record import Record
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, Reach, Sight, Viewer, installation, system
from core.search.answer import answer
from plugins.cases.models import Case
from plugins.invoices.models import PENDING, Invoice
from tests.databases import Database, PostgresDatabases
from tests.server import free_port

RECORDS, _CHUNK, _FEW = 100_000, 5_000, 100
_MODULES = ("cases", "invoices")
#: what is typed -> in how many records it stands
TYPED = {
    "mantenimiento": "all",
    "man": "all",
    "mantenimiento revisión": "all",
    "cabina": "half",
    "ascensor": "a fifth",
    "mantenimiento palabra00017": "few",
    "palabra00017": "few",
    "palabra00": "many words begin so",
    "2026": "all numbers begin so",
    "2026-050000": "one",
    "nada de esto": "none",
}


def milliseconds(databases: Databases, folder: Path, name: str, times: int) -> tuple[float, dict[str, float]]:
    """The 95th percentile of all searches, in milliseconds, and the median of each that was typed, of the slower of
    the two readers."""
    with _filled(databases, folder / f"search-{name}") as (app, readers):
        taken: dict[tuple[str, int], list[float]] = {}
        for turn in range(times * 4 + 1):
            for place, sight in enumerate(readers):
                for typed in TYPED:
                    took = _ask(app, sight, typed)
                    if turn:  # the first warms it
                        taken.setdefault((typed, place), []).append(took)
    every = [each for found in taken.values() for each in found]
    middle = {typed: max(median(taken[typed, place]) for place in range(len(readers))) for typed in TYPED}
    return quantiles(every, n=20)[-1], middle


def _ask(app: Flask, sight: Sight, typed: str) -> float:
    """One search with all that its page says, through a session of its own; the milliseconds that it took."""
    engine = app.extensions["postigo"].engine
    with app.test_request_context(), open_session(engine, sight) as session:
        began = time.perf_counter()
        answer(session, typed)
        return (time.perf_counter() - began) * 1000


@contextmanager
def _filled(databases: Databases, home: Path) -> Iterator[tuple[Flask, list[Sight]]]:
    """An installation with these records, and who looks for them."""
    with databases.fresh() as database:
        app = create_app(Settings(home, database.url, database.owner_url, free_port(), home / "secret.key"))
        engine = app.extensions["postigo"].engine
        try:
            with open_session(engine, installation(), writes=True) as session:
                tenant = create_tenant(session, "bench", "Bench", ["bench.localhost"])
                session.commit()
            with open_session(engine, system(tenant.id), writes=True) as session:
                accounts = [Account(name=name) for name in ("All", "Few")]
                session.add_all(accounts)
                session.flush()
                _write(session, accounts[0].id, accounts[1].id)
                session.commit()
            bulk.settle(_settling_url(databases, database))
            yield app, [_reader(tenant.id, account.id) for account in accounts]
        finally:
            engine.dispose()


def _settling_url(databases: Databases, database: Database) -> str:
    """The database for a role that may do everything."""
    if not isinstance(databases, PostgresDatabases):
        return database.url
    here = databases.address.set(database=make_url(database.url).database)
    return here.render_as_string(hide_password=False)


def _reader(tenant_id: int, account_id: int) -> Sight:
    reach = Reach(open=True, keys=(account_id,))
    return Sight(Viewer(Kind.CONTACT, tenant_id, account_id), reach, dict.fromkeys(_MODULES, reach), (account_id,))


def _write(session: WalledSession, all_of_them: int, few: int) -> None:
    chance = random.Random(RECORDS)  # noqa: S311 - nothing secret is drawn from it
    for start in range(0, RECORDS, _CHUNK):
        numbers = range(start, start + _CHUNK)
        for model, share in ((Case, [n for n in numbers if n % 5 < 3]), (Invoice, [n for n in numbers if n % 5 >= 3])):
            rows = [_row(model, n, few if n % (RECORDS // _FEW) == 0 else all_of_them, chance) for n in share]
            _insert(session, model, rows)


def _insert(session: WalledSession, model: Any, rows: list[dict[str, Any]]) -> None:
    whose = ("account_id", "owner", "published", "number")
    kind = {"module": model.portal_module, "resource": model.portal_resource}
    records = [{**kind, **{name: row[name] for name in whose}} for row in rows]
    for row, record_id in zip(rows, bulk_insert_ids(session, Record, records), strict=True):
        row["id"] = record_id
    bulk_insert(session, model, rows)
    write_entries(session, [entry_of(model, row) for row in rows])


def _row(model: Any, n: int, account_id: int, chance: random.Random) -> dict[str, Any]:
    """One record: its title and text have words that all have, and some of twenty thousand others."""
    words = [f"palabra{chance.randrange(20_000):05}" for _ in range(16)]
    words += [word for word, each in (("cabina", 2), ("ascensor", 5)) if n % each == 0]
    title, more = f"Mantenimiento y revisión {' '.join(words[:3])}", " ".join(words[3:])
    row = {"number": f"2026-{n:06}", "account_id": account_id, "owner": account_id, "published": True}
    if model is Case:
        return {**row, "subject": title, "description": more}
    invoice = {"status": PENDING, "issued_on": date(2026, 1, 1), "currency": "EUR"}
    return {**row, **invoice, "reference": title, "note": more}
