"""Boxes of modules on a record's page: shown beside what is derived, in the client's own session; one that
fails costs its own place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.api import Box, Kind, Panel
from core.db.session import open_session
from core.db.viewer import system
from core.modules.registry import Registry, load_modules
from plugins.invoices.models import Invoice
from tests.modules.strangers import boom, make
from tests.visibility.changes import switch
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World, bare


def others(session: Any, record_id: int) -> Box:
    """How many other invoices the client sees."""
    count = session.scalar(select(func.count(Invoice.id)).where(Invoice.id != record_id))
    return Box("invoices/widget.html", {"balances": [{"figures": [], "sentence": f"{count} others"}]})


def panels(*said: Panel) -> Any:
    """A hook with these panels."""
    return lambda self: list(said)


@pytest.fixture
def hosts(world: World, tmp_path: Path) -> Iterator[World]:
    """The world with modules that put a box on the page of an invoice; the last is off."""
    base, registry = Snapshot(world), load_modules()
    on = "invoices.invoice"
    registry.take(make("broken", panels=panels(Panel("a", "Broken box", on, boom))))
    registry.take(
        make("counts", panels=panels(Panel("b", "How many", on, others), Panel("c", "Empty", on, lambda *_: None)))
    )
    registry.take(make("elsewhere", panels=panels(Panel("d", "Elsewhere", "counts.thing", others))))
    registry.take(make("off", panels=panels(Panel("e", "Never", on, boom))))
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        for name in ("broken", "counts", "elsewhere"):
            switch(made, made.one, name, "tenant", made.one.id, True)
        yield made
    base.restore()


def test_a_panel_stands_on_its_record_and_sees_what_the_client_sees(hosts: World) -> None:
    for kind, name in (("whole", "alpha"), ("site", "a1")):
        browser = hosts.contact(kind)
        seen = browser.get("/portal/invoices/").get_data(as_text=True).count("row-link")
        page = browser.get(f"/portal/invoices/{hosts.one.invoices[name]}")
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert f"{seen - 1} others" in text
        assert text.count("This could not be shown just now") == 1
        assert "Broken box" in text
        assert "Empty" not in text
        assert "Elsewhere" not in text
        assert "Never" not in text


def test_staff_meet_those_panels_alone_that_say_so_and_see_all_in_them(hosts: World) -> None:
    """In the staff's own session, whether the module is on for clients or off; a wide one stands among the tables."""
    said = hosts.registry.panels
    said["counts"] = [replace(each, by=(Kind.STAFF,), wide=True) for each in said["counts"]]
    address = f"invoices/{hosts.one.invoices['alpha']}"
    switch(hosts, hosts.one, "counts", "tenant", hosts.one.id, False)
    text = hosts.staff().get(f"/staff/records/{address}").get_data(as_text=True)
    with open_session(hosts.engine, system(hosts.one.id)) as session:
        count = session.scalar(select(func.count(Invoice.id)))
    assert f"{(count or 0) - 1} others" in text
    assert text.index("others") < text.index('class="record-side"')
    assert "Broken box" not in text
    assert "others" not in hosts.contact("whole").get(f"/portal/{address}").get_data(as_text=True)


def test_what_failed_is_on_the_health_page_under_the_number_that_the_client_is_told(hosts: World) -> None:
    text = hosts.contact("whole").get(f"/portal/invoices/{hosts.one.invoices['alpha']}").get_data(as_text=True)
    (failure,) = hosts.registry.health.failures
    assert (failure.module, failure.hook) == ("broken", "panel a")
    assert failure.error_id in text


@pytest.mark.parametrize("wrong", [boom, lambda self: 7, lambda self: [7]])
def test_a_module_whose_panels_are_none_is_set_aside(wrong: Any) -> None:
    registry = Registry()
    registry.take(make("stranger", panels=wrong))
    assert list(registry.quarantined) == ["stranger"]
