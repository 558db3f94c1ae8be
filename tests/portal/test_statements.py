"""Statements for each page: at most eight, as many for three records as for three hundred, and none for
modules that are off."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.api import Box, Module, Widget, hookimpl
from core.files.models import File
from core.modules.registry import load_modules
from plugins.invoices.models import Allocation, Invoice, Line
from tests.portal.counting import statements
from tests.visibility.changes import switch
from tests.worlds.seed import LONG_AGO
from tests.worlds.snapshot import Snapshot, analyse
from tests.worlds.world import World, bare

MOST = 8
#: the contact with the most to choose from: two accounts whole, and the sites of both
KIND = "two_accounts"


def pages(world: World) -> dict[str, str]:
    """One address of each kind, the dearest: with account, site, filters and search in use."""
    account, site = world.one.accounts["alpha"], world.one.sites["a1"]
    return {
        "dashboard": "/portal/",
        "list": "/portal/invoices/",
        "narrowed": f"/portal/invoices/?account={account}&site={site}&q=F&status=pending&sort=-total",
        "mine": f"/portal/invoices/?mine=1&account={account}",
        "detail": f"/portal/invoices/{world.one.invoices['b1']}",
        "gone": "/portal/invoices/999999999",
        "JSON list": "/api/v1/invoices/invoice/",
        "JSON narrowed": f"/api/v1/invoices/invoice/?account={account}&site={site}&q=F&status=pending&sort=-total",
        "JSON detail": f"/api/v1/invoices/invoice/{world.one.invoices['b1']}",
        "OpenAPI": "/api/v1/openapi.json",
        "CSV": f"/portal/invoices/invoice/export.csv?account={account}&site={site}&q=F",
    }


def count(world: World) -> dict[str, int]:
    """How many statements each page takes, once all is warm."""
    browser, found = world.contact(KIND), {}
    for name, url in pages(world).items():
        browser.get(url)
        with statements(world.engine) as sent:
            answer = browser.get(url)
        assert answer.status_code in (200, 404), (name, answer.status_code)
        found[name] = len(sent)
    return found


def fill(world: World, size: int) -> None:
    """So many invoices more, each with as much as a row can have; the record that is opened gets as many
    lines, payments and files."""
    with world.writing() as session:
        opened = session.get(Invoice, world.one.invoices["b1"])
        for n in range(size):
            columns = {"account_id": world.one.accounts["alpha"], "site_id": world.one.sites["a1"]}
            number = f"F-{n}"
            row = Invoice(number=number, status="pending", issued_on=LONG_AGO, currency="EUR", total=n + 1, **columns)
            row.contact_id = world.one.people[KIND]
            session.add(row)
            session.add(Line(parent_id=opened.id, currency="EUR", position=n))
            session.add(Allocation(parent_id=opened.id, currency="EUR", paid_on=LONG_AGO))
            session.add(
                File(parent_id=opened.id, name=f"{n}.pdf", media_type="application/pdf", size=1, sha256="", key=f"{n}")
            )
    analyse(world.database)


def test_pages_take_few_statements_whatever_there_is_to_show(world: World) -> None:
    base = Snapshot(world)
    fill(world, 3)
    few = count(world)
    base.restore()
    fill(world, 300)
    many = count(world)
    base.restore()
    assert max(few.values()) <= MOST, few
    assert many == few


class Extra(Module):
    """A module with a box, which asks the database."""

    @hookimpl
    def postigo_widgets(self) -> list[Widget]:
        """One box."""
        return [Widget("box", "Box", self.render)]

    def render(self, session: Any) -> Box | None:
        """Ask something, and show nothing."""
        session.scalars(select(Invoice.id).limit(1)).all()
        return None


def extra(n: int) -> Module:
    """A module of that number, from this folder."""
    return type(f"Extra{n}", (Extra,), {"__module__": "tests.portal", "name": f"extra{n}", "title": f"Extra {n}"})()  # type: ignore[no-any-return]


@pytest.mark.parametrize("on", [False, True])
def test_modules_that_are_off_take_no_statement(world: World, tmp_path: Path, on: bool) -> None:
    before = count(world)
    base, registry = Snapshot(world), load_modules()
    for n in range(20):
        registry.take(extra(n))
    with bare(world.database, tmp_path, registry) as many:
        many.tenancies = world.tenancies
        if on:
            switch(many, world.one, "extra7", "tenant", world.one.id, True)
        after = count(many)
    base.restore()
    assert after == {**before, "dashboard": before["dashboard"] + on}
