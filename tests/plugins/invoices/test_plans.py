"""How SQLite finds a client's invoices and payments: along indexes that begin with whose they are and hold what is
shown, so that a client's pages cost the same however many invoices others have."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event, make_url

from core.app import create_app
from core.config import Settings
from core.db.statistics import count_anew
from core.i18n import today_in
from tests.access.browser import Browser
from tests.databases import Database, SqliteDatabases
from tests.plugins.invoices.conftest import CLIENT, Firm


@pytest.fixture
def database(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    """A fresh database, on SQLite alone."""
    with sqlite_databases.fresh() as made:
        yield made


OURS = ("SEARCH invoices_", "SCAN invoices_")


def asked_for(firm: Firm, settings: Settings, *pages: str) -> list[tuple[str, Any]]:
    """The statements over invoices that a client's pages send, with their values."""
    app = create_app(settings, firm.registry)
    engine = app.extensions["postigo"].engine
    client = Browser(app.test_client())
    assert client.sign_in(CLIENT).status_code == 303
    sent: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append((told[2], told[3])))
    for page in pages:
        assert client.get(page).status_code == 200
    engine.dispose()
    return [each for each in sent if "invoices_invoice" in each[0]]


@pytest.mark.parametrize("counted", [False, True])
def test_no_row_is_read_for_the_list_or_the_dashboard(
    firm: Firm, settings: Settings, database: Database, counted: bool
) -> None:
    today = today_in("Europe/Madrid")
    for n in range(30):
        whose = {"account_id": firm.account_id if n % 10 == 0 else firm.other_account_id}
        firm.add(500, number=f"F-{n}", status="paid" if n % 4 else "pending", total=1000, issued_on=today, **whose)
    if counted:
        count_anew(database.url)
    asked = asked_for(firm, settings, "/portal/invoices/", "/portal/")
    assert len(asked) == 3
    steps = []
    with closing(sqlite3.connect(str(make_url(database.url).database))) as connection:
        for statement, params in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", params).fetchall()
            # What the wall asks of a part's invoice has a name with a number.
            found = [row[3] for row in plan if row[3].startswith(OURS)]
            steps += [step for step in found if not step.split()[1].startswith("invoices_invoice_")]
    assert all("USING COVERING INDEX" in step or "INTEGER PRIMARY KEY" in step for step in steps), steps
    assert all("owner=?" in step or "parent_id=?" in step or "rowid=?" in step for step in steps), steps
    if counted:
        said = [step for step in steps if "invoices_allocation" in step]
        assert said, steps
        assert all("_mine (owner=? AND parent_id=?" in s or "_paid (owner=? AND paid_on>?" in s for s in said), said
