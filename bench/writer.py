"""Writes once a second beside the load, and looks whether the next page shows it: python -m bench.writer.

Standard input holds one line of JSON (see `Orders`), and its end is the sign to stop. What was seen comes
as one line of JSON; the first write that is not shown ends it with an error."""

import json
import os
import secrets
import select as waiting
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from typing import IO

from sqlalchemy import Engine

from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import system
from core.modules.registry import load_modules
from plugins.invoices.models import Invoice

EACH_SECONDS = 1.0


@dataclass(frozen=True)
class Orders:
    """Where to write and where to read: the database, the portal, and for each reader their newest
    invoice and their cookie."""

    database_url: str
    portal_url: str
    host: str
    tenant_id: int
    #: (record id, cookie)
    readers: list[tuple[int, str]]


class NotShown(Exception):
    """A page that was asked for after a write did not show it."""


def main(given: IO[str], out: IO[str]) -> int:
    """Write and look until the input ends; give the exit code."""
    orders = Orders(**json.loads(given.readline()))
    load_modules()  # ties the tables to the modules, as in any process of the product's
    engine = make_engine(orders.database_url)
    writes, slowest = 0, 0.0
    while not writes or not waiting.select([given], [], [], EACH_SECONDS)[0]:
        record_id, cookie = orders.readers[writes % len(orders.readers)]
        writes += 1
        number = f"W-{secrets.token_hex(8)}"  # which no page has shown before
        _write(engine, orders.tenant_id, record_id, number)
        began = time.monotonic()
        _look(orders, "/portal/invoices/", cookie, number)
        _look(orders, f"/portal/invoices/{record_id}", cookie, number)
        slowest = max(slowest, time.monotonic() - began)
    engine.dispose()
    print(json.dumps({"writes": writes, "slowest": round(slowest, 3)}), file=out)
    return 0


def _write(engine: Engine, tenant_id: int, record_id: int, number: str) -> None:
    """Change an invoice as an import would: in a session of the system's."""
    with open_session(engine, system(tenant_id), writes=True) as session:
        session.get_one(Invoice, record_id).number = number
        session.commit()


def _look(orders: Orders, path: str, cookie: str, number: str) -> None:
    """Ask for a page as the invoice's reader."""
    headers = {"Host": orders.host, "Cookie": cookie}
    request = urllib.request.Request(orders.portal_url + path, headers=headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        if answer.status != 200 or number not in answer.read().decode():
            raise NotShown(f"{path} did not show {number}, which was written before it was asked for")


def orders_line(orders: Orders) -> str:
    """Orders as the line that `main` reads."""
    return json.dumps(asdict(orders)) + "\n"


if __name__ == "__main__":
    sys.exit(main(os.fdopen(os.dup(0)), sys.stdout))
