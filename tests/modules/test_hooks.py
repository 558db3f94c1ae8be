"""Each hook, by a test of its name: what it gives is used, when it is called, and with whose session.
`tests/test_docs.py` holds that there is one for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint
from sqlalchemy import select, update

from core.api import Box, Kind, MailKind, Panel, Periodic, PortalField, Resource, Suggestion, Widget, now, today
from core.conversations.models import CannedReply
from core.db.session import WalledSession, open_session
from core.db.viewer import installation
from core.modules.events import Event, ModuleSwitched
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from core.outbox.models import Job
from core.worker.kinds import kinds
from core.worker.loop import Worker
from core.worker.periodic import Schedule
from plugins.invoices import module as invoices
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.modules.strangers import Broken, make, pages
from tests.worlds.world import World, seeded


@dataclass
class Called:
    """What a module with every hook was asked, in order: the hook, and the kind of viewer of its session."""

    world: World
    calls: list[tuple[str, Kind]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    #: what goes wrong when the module does what is periodic: emptied, nothing does
    wrong: list[Exception] = field(default_factory=list)

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
    wrong: list[Exception] = []

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

    def count(session: WalledSession) -> None:
        noted("postigo_periodic", session)
        session.add(CannedReply(title=f"Counted on {today()}", body="Counted", language="en"))
        session.flush()
        if wrong:
            raise wrong[0]

    def suggestions(self: Any, session: WalledSession, resource: str, text: str) -> list[Suggestion]:
        noted("postigo_suggestions", session)
        if wrong:
            raise wrong[0]
        return [Suggestion(f"A guest on {text} for {resource}", "/portal/guest/answer")]

    def resources(self: Any) -> Sequence[Resource]:
        return []

    registry = load_modules()
    registry.take(
        make(
            "guest", resources=resources, routes=pages("guest"), enabled=enabled, disabled=disabled, event=event,
            widgets=lambda self: [Widget("one", "Widget of a guest", box)],
            panels=lambda self: [Panel("two", "Panel of a guest", "invoices.invoice", box)],
            portal_fields=lambda self: [PortalField("invoices.invoice", "reference", seen=False)],
            suggestions=suggestions,
            periodic=lambda self: [Periodic("guest.count", timedelta(days=1), count)],
        )
    )  # fmt: skip
    assert registry.quarantined == {}
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, seeded(database, home, registry) as world:
        yield Called(world, calls, events, wrong)


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


def test_postigo_suggestions(on: Called) -> None:
    """Asked while a client writes, in their own session; what fails costs its own part; off, nobody is asked."""
    world = on.world
    with world.writing() as session:
        set_switch(session, world.registry, "cases", "tenant", world.one.id, True)
    form = "/portal/cases/case/do/open"
    assert "A guest on lamps for cases.case" in on.page(f"{form}/answers?text=lamps")
    assert on.calls[-1] == ("postigo_suggestions", Kind.CONTACT)
    assert "Look for answers" in on.page(form)
    on.wrong.append(Broken("by design"))
    assert "A guest" not in on.page(f"{form}/answers?text=lamps")
    on.wrong.clear()
    on.switch(False)
    assert "A guest" not in on.page(f"{form}/answers?text=lamps")
    assert on.calls.count(("postigo_suggestions", Kind.CONTACT)) == 2


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


def test_postigo_periodic(on: Called) -> None:
    """Once in a slot for each tenant that has the module on, whoever works; what fails is undone, shown to staff, and
    tried again."""
    world = on.world
    on.wrong.append(Broken("by design"))
    workers = [Worker(world.app, schedule=Schedule((), world.registry.periodic["guest"])) for _ in range(2)]
    for worker in (*workers, *workers):
        worker.step()
    assert on.calls == [("postigo_periodic", Kind.SYSTEM)]
    health = world.staff().get("/staff/health/").text
    assert "guest.count" in health
    assert "It has failed 1 time" in health
    on.wrong.clear()
    with open_session(world.engine, installation(), writes=True) as session:
        session.execute(update(Job).values(due_at=now()))
        session.commit()
    for worker in (*workers, *workers):
        worker.step()
    assert on.calls == [("postigo_periodic", Kind.SYSTEM)] * 2
    with world.writing() as session:
        assert len(session.scalars(select(CannedReply).where(CannedReply.body == "Counted")).all()) == 1
    with open_session(world.engine, installation()) as session:
        assert session.scalars(select(Job).where(Job.kind == "guest.count")).all() == []
    assert "It has failed" not in world.staff().get("/staff/health/").text


def test_a_module_that_declares_what_cannot_be_periodic_is_set_aside() -> None:
    day = timedelta(days=1)
    for wrong in (
        Periodic("other.count", day, lambda session: None), Periodic("guest", day, lambda session: None),
        Periodic("guest.count", timedelta(seconds=1), lambda session: None), "nothing periodic",
    ):  # fmt: skip
        refusing = load_modules()
        refusing.take(make("guest", periodic=lambda self, wrong=wrong: [wrong]))
        assert "guest" in refusing.quarantined
        assert "guest" not in refusing.periodic


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
