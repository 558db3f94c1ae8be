"""A module that fails costs what it has failed at, and nothing more; staff see why."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from core.api import Attention, Box
from core.modules.registry import Registry, load_modules
from core.modules.switches import SwitchError, set_switch
from plugins.invoices import module as invoices
from plugins.invoices.models import Invoice
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.modules.strangers import boom, make, pages, widgets
from tests.visibility.changes import switch
from tests.worlds.world import World, bare, seeded

Databases = SqliteDatabases | PostgresDatabases


def write(session: Any) -> Box:
    """A box that writes, where only reading is allowed."""
    session.get(Invoice, session.query(Invoice.id).limit(1).scalar()).note = "changed"
    session.flush()
    return Box()


def leave_changed(session: Any) -> None:
    """A box that changes a row and says nothing, so that whoever asks next would have to write it."""
    session.query(Invoice).first().note = "changed"


#: what a box may do wrong
FAULTS = {
    "raises": boom,
    "template": lambda session: Box("invoices/nowhere.html"),
    "unfit": lambda session: Box("invoices/widget.html", {"balances": 7}),
    "attention": lambda session: Box("invoices/widget.html", {"balances": []}, ["a text"]),  # type: ignore[list-item]
    "nonsense": lambda session: "a text",
    "refused": lambda session: session.execute("SELECT 1"),
    "write": write,
    "leaves": leave_changed,
}


def points(folder: Path, **sources: str) -> list[EntryPoint]:
    """Entry points of packages with that source, each in a folder of its own."""
    found = []
    for name, source in sources.items():
        package = f"stranger_{folder.name}_{name}".replace("-", "_")
        (folder / f"{package}.py").write_text(source)
        found.append(EntryPoint(name, f"{package}:module", "postigo.modules"))
    return found


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages are imported from."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("raising", "raise RuntimeError('at import')"),
        ("leaving", "import sys\nsys.exit(3)"),
        ("missing", "import nothing_of_that_name"),
        ("empty", ""),
        ("garbled", "def ("),
        ("unfit", "module = 7"),
    ],
)
def test_a_module_that_cannot_be_imported_is_set_aside_with_its_reason(
    importable: Path, name: str, source: str
) -> None:
    ours = EntryPoint("invoices", "plugins.invoices:module", "postigo.modules")
    registry = load_modules([*points(importable, **{name: source}), ours])
    assert list(registry.modules) == ["invoices"]
    assert [q.reason for q in registry.quarantined.values()] != [""]
    assert len(registry.quarantined) == 1


@pytest.mark.parametrize("hook", ["resources", "routes", "widgets"])
@pytest.mark.parametrize("wrong", [boom, lambda self: 7, lambda self: [7]])
def test_a_module_that_declares_what_cannot_be_is_set_aside(hook: str, wrong: Any) -> None:
    registry = load_modules()
    registry.take(make("stranger", **{hook: wrong}))
    assert "stranger" in registry.quarantined
    assert list(registry.modules) == list(load_modules().modules)
    assert registry.resource("stranger") is None


@pytest.mark.parametrize(
    "name", ["Invoices", "core", "portal", "staff", "files", "a", "a-b", "1a", "a/b", "../a", "", "é" * 3, "x" * 41]
)
def test_a_name_that_cannot_stand_in_an_address_is_refused(name: str) -> None:
    registry = Registry()
    registry.take(make(name))
    assert registry.modules == {}
    assert len(registry.quarantined) == 1


def test_a_second_module_of_a_name_does_not_cost_the_first() -> None:
    registry = load_modules()
    registry.take(make("invoices", widgets=widgets(boom)))
    assert registry.modules["invoices"] is invoices
    assert registry.resource("invoices") is not None
    assert registry.widgets["invoices"] == load_modules().widgets["invoices"]
    assert len(registry.quarantined) == 1


@pytest.fixture(scope="module")
def hosts(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with modules each of which has one fault, all of them on, and a good one last."""
    registry = load_modules()
    for name, fault in FAULTS.items():
        registry.take(make(f"a_{name}", widgets=widgets(fault, name), routes=pages(f"a_{name}", boom)))
    good = lambda session: Box("invoices/widget.html", {"balances": []}, [Attention("All is well here", "/portal/")])  # noqa: E731
    registry.take(make("z_good", widgets=widgets(good), routes=pages("z_good")))
    home = Path(tmp_path_factory.mktemp("hosts"))
    with databases.fresh() as database, seeded(database, home, registry) as world:
        for name in registry.modules:
            switch(world, world.one, name, "tenant", world.one.id, True)
        yield world


def test_a_box_that_fails_costs_its_own_place(hosts: World) -> None:
    page = hosts.contact("whole").get("/portal/")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert text.count("This could not be shown just now") == len(FAULTS)
    assert "All is well here" in text
    assert "1 invoice" in text or "To pay" in text


def test_staff_see_each_failure_by_the_number_that_the_client_is_told(hosts: World) -> None:
    text = hosts.contact("whole").get("/portal/").get_data(as_text=True)
    told = {part[:8] for part in text.split("Error ")[1:]}
    kept = {failure.error_id: failure.module for failure in hosts.registry.health.failures}
    assert {kept[error_id] for error_id in told} == {f"a_{name}" for name in FAULTS}
    health = hosts.staff().get("/staff/health/").get_data(as_text=True)
    assert all(error_id in health for error_id in told)


def test_no_box_has_written(hosts: World) -> None:
    hosts.contact("whole").get("/portal/")
    with hosts.writing() as session:
        assert session.query(Invoice).where(Invoice.note == "changed").count() == 0


def test_a_page_that_fails_is_an_error_page_with_a_number_and_costs_no_other(hosts: World) -> None:
    browser = hosts.contact("whole")
    answer = browser.get("/portal/a_raises/own/")
    assert answer.status_code == 500
    assert b"Something went wrong on our side" in answer.data
    assert b"Broken" not in answer.data
    assert b"by design" not in answer.data
    failure = hosts.registry.health.failures[-1]
    assert (failure.module, failure.hook) == ("a_raises", "page a_raises.own")
    assert failure.error_id in answer.text
    assert failure.error_id in hosts.staff().get("/staff/health/").text
    assert browser.get("/portal/z_good/own/").status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_a_module_that_fails_while_it_is_switched_is_not_switched(world: World, tmp_path: Path, on: bool) -> None:
    registry = load_modules()

    def half_way(self: Any, session: Any) -> None:
        session.query(Invoice).first().note = "half-way"
        session.flush()
        boom()

    registry.take(make("moody", **{"enabled" if on else "disabled": half_way}))
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        if not on:
            switch(made, made.one, "moody", "tenant", made.one.id, True)
        with made.writing() as session:
            with pytest.raises(SwitchError):
                set_switch(session, registry, "moody", "tenant", made.one.id, on)
            session.rollback()
        assert [failure.module for failure in registry.health.failures] == ["moody"]
        with made.writing() as session:
            assert session.query(Invoice).where(Invoice.note == "half-way").count() == 0


def test_nothing_of_the_strangers_is_left_imported() -> None:
    assert not [name for name in sys.modules if name.startswith("nothing_of_that_name")]


#: what would change the pages of others
MEDDLING: list[Callable[[Blueprint], object]] = [
    lambda own: own.app_errorhandler(404)(boom),
    lambda own: own.before_app_request(boom),
    lambda own: own.app_context_processor(lambda: {"tenant": None}),
    lambda own: own.add_app_template_filter(boom, "e"),
]


def test_a_module_changes_nothing_of_the_pages_of_others(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    def blueprints(name: str, change: Callable[[Blueprint], object]) -> list[Blueprint]:
        change(own := Blueprint(name, "tests.modules"))
        return [own]

    registry = load_modules()
    for number, change in enumerate(MEDDLING):
        name = f"a_{number}"
        registry.take(make(name, routes=lambda self, name=name, change=change: blueprints(name, change)))
    registry.take(make("z_good", routes=pages("z_good")))
    with sqlite_databases.fresh() as database, seeded(database, tmp_path, registry) as world:
        reasons = [registry.quarantined[f"a_{number}"].reason for number in range(len(MEDDLING))]
        assert all("changes the pages of others" in reason for reason in reasons)
        switch(world, world.one, "z_good", "tenant", world.one.id, True)
        client = world.contact("whole")
        assert (client.get("/portal/z_good/own/").text, client.get("/portal/nowhere/").status_code) == ("own page", 404)
        assert client.get("/portal/").status_code == 200
