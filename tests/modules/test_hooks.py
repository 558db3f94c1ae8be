"""Each hook, by a test of its name: what it gives is used, when it is called, and with whose session.
`tests/test_docs.py` holds that there is one for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from core.api import Box, Kind, MailKind, Panel, PortalField, Resource, Widget
from core.db.session import WalledSession
from core.modules.events import Event, ModuleSwitched
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from core.worker.kinds import kinds
from plugins.invoices import module as invoices
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.modules.strangers import make, pages
from tests.worlds.world import World, seeded


@dataclass
class Called:
    """What a module with every hook was asked, in order: the hook, and the kind of viewer of its session."""

    world: World
    calls: list[tuple[str, Kind]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def switch(self, on: bool) -> None:
        """Turn the module on or off for tenant one, as staff do it."""
        do = "on" if on else "off"
        browser = self.world.staff()
        page = browser.get("/staff/modules/").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = browser.post("/staff/modules/", data={"csrf_token": token, "do": do, "module": "guest"})
        assert answer.status_code == 303

    def page(self, path: str) -> str:
        """A page as a contact of account alpha gets it."""
        return self.world.contact("whole").get(path).text


@pytest.fixture(scope="module")
def called(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Called]:
    calls: list[tuple[str, Kind]] = []
    events: list[Event] = []

    def noted(hook: str, session: WalledSession) -> None:
        calls.append((hook, session.sight.viewer.kind))

    def box(session: WalledSession, *_: Any) -> Box:
        noted("render", session)
        return Box("invoices/widget.html", {"balances": []})

    def enabled(self: Any, session: WalledSession) -> None:
        noted("postigo_enabled", session)

    def disabled(self: Any, session: WalledSession) -> None:
        noted("postigo_disabled", session)

    def event(self: Any, session: WalledSession, event: Event) -> None:
        noted("postigo_event", session)
        events.append(event)

    def resources(self: Any) -> Sequence[Resource]:
        return []

    registry = load_modules()
    registry.take(
        make(
            "guest", resources=resources, routes=pages("guest"), enabled=enabled, disabled=disabled, event=event,
            widgets=lambda self: [Widget("one", "Widget of a guest", box)],
            panels=lambda self: [Panel("two", "Panel of a guest", "invoices.invoice", box)],
            portal_fields=lambda self: [PortalField("invoices.invoice", "reference", seen=False)],
        )
    )  # fmt: skip
    assert registry.quarantined == {}
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, seeded(database, home, registry) as world:
        yield Called(world, calls, events)


@pytest.fixture
def on(called: Called) -> Iterator[Called]:
    """The module switched on; off again after the test."""
    called.switch(True)
    called.calls.clear()
    called.events.clear()
    yield called
    called.switch(False)


def test_postigo_resources() -> None:
    registry = load_modules()
    declared = invoices.postigo_resources()
    assert list(registry.resources["invoices"].values()) == list(declared)
    assert registry.resource("invoices") is declared[0]


def test_postigo_routes(on: Called) -> None:
    assert on.page("/portal/guest/own/") == "own page"
    on.switch(False)
    assert on.world.contact("whole").get("/portal/guest/own/").status_code == 404


def test_postigo_widgets(on: Called) -> None:
    assert "Widget of a guest" in on.page("/portal/")
    assert on.calls == [("render", Kind.CONTACT)]
    assert on.world.registry.health.timings["guest", "widget one"].calls
    on.switch(False)
    assert "Widget of a guest" not in on.page("/portal/")


def test_postigo_panels(on: Called) -> None:
    address = f"/portal/invoices/{on.world.one.invoices['alpha']}"
    assert "Panel of a guest" in on.page(address)
    assert on.calls == [("render", Kind.CONTACT)]
    assert on.world.registry.health.timings["guest", "panel two"].calls
    on.switch(False)
    assert "Panel of a guest" not in on.page(address)


def test_postigo_portal_fields(on: Called) -> None:
    address = f"/portal/invoices/{on.world.one.invoices['alpha']}"
    assert "Your reference" not in on.page(address)
    on.switch(False)
    assert "Your reference" in on.page(address)


def test_postigo_mails() -> None:
    def kind(name: str, **more: Any) -> MailKind:
        return MailKind(name, "Title", "Subject", "Body {code}", {"code": "What it is"}, lambda s, m: {}, **more)

    hello = kind("guest.hello")
    registry = load_modules()
    registry.take(make("guest", mails=lambda self: [hello]))
    assert kinds(registry)["guest.hello"] is hello
    for wrong in (
        kind("other.hello"), kind("guest"), kind("guest.Hello"), kind("guest.hello", of_the_door=True),
        kind("guest.hello", secret=frozenset({"nothing"})), "no kind",
    ):  # fmt: skip
        refusing = load_modules()
        refusing.take(make("guest", mails=lambda self, wrong=wrong: [wrong]))
        assert "guest" in refusing.quarantined
        assert "guest" not in refusing.mails


def test_postigo_enabled(called: Called) -> None:
    called.calls.clear()
    called.switch(True)
    assert called.calls[0] == ("postigo_enabled", Kind.SYSTEM)
    called.switch(False)


def test_postigo_disabled(called: Called) -> None:
    called.switch(True)
    called.calls.clear()
    called.switch(False)
    assert called.calls == [("postigo_disabled", Kind.SYSTEM)]


def test_postigo_event(on: Called) -> None:
    world = on.world
    with world.writing() as session:
        set_switch(session, world.registry, "invoices", "account", world.one.accounts["alpha"], True)
    assert on.events == [ModuleSwitched("invoices", "account", world.one.accounts["alpha"], True)]
    assert on.calls == [("postigo_event", Kind.SYSTEM)]


def test_a_blueprint_below_the_modules_own_address_is_all_that_a_module_mounts() -> None:
    registry = load_modules()
    registry.take(make("guest", routes=lambda self: [Blueprint("elsewhere", "tests.modules")]))
    assert "guest" in registry.quarantined
