"""What is switched in one process is felt by the next request in another: two real servers, one database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.modules.flags import save_flags
from core.modules.grants import give, withdraw
from plugins.cases.models import Case
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.distant import Distant
from tests.server import POSTIGO, environment, free_port, running
from tests.visibility import changes
from tests.worlds.talk import talk
from tests.worlds.world import World, seeded


@dataclass
class Servers:
    """Two servers on one database, which hold nothing in common but that."""

    world: World
    ports: list[int]

    def browser(self, server: int, kind: str = "") -> Distant:
        """A contact's browser, or the staff's, at one of the two."""
        at_home = self.world.contact(kind) if kind else self.world.staff()
        cookie = at_home.get_cookie("postigo", domain=at_home.host)
        assert cookie is not None
        return Distant(self.ports[server], at_home.host, {"postigo": cookie.value})


@pytest.fixture(scope="module")
def servers(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """Both, listening."""
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, seeded(database, home) as world, ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port in ports:
            command = [POSTIGO, "serve", "--port", str(port)]
            stack.enter_context(running(command, port, environment(world.settings)))
        yield Servers(talk(world), ports)


def test_staff_switch_in_one_process_and_clients_feel_it_in_the_other(servers: Servers) -> None:
    staff, client = servers.browser(0), servers.browser(1, "whole")
    assert client.status("/portal/invoices/") == 200
    for action, expected in (("off", 404), ("on", 200)):
        page = staff.ask("GET", "/staff/modules/")[1]
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"csrf_token": token, "module": "invoices", "do": action}
        assert staff.ask("POST", "/staff/modules/", form)[0] == 303
        assert client.status("/portal/invoices/") == expected


def test_a_field_that_is_hidden_in_one_process_is_gone_in_the_other(servers: Servers) -> None:
    clients = [servers.browser(n, "whole") for n in (0, 1)]
    record = f"/portal/invoices/{servers.world.one.invoices['alpha']}"
    hidden = FieldFlags((("reference", Flags(seen=False)),))
    for flags, shown in ((NO_FLAGS, True), (hidden, False), (NO_FLAGS, True)):
        with servers.world.writing() as session:
            save_flags(session, "invoices", "invoice", flags)
        for client in clients:
            assert (">one alpha<" in client.ask("GET", record)[1]) is shown


def test_a_grant_is_felt_by_the_next_request(servers: Servers) -> None:
    world, made = servers.world, servers.world.one
    clients, record = [servers.browser(n, "family") for n in (0, 1)], f"/portal/cases/{made.cases['beta']}"
    for of_colleague, expected in ((False, 200), (True, 404)):  # they are no colleague of anybody's there
        assert [client.status(record) for client in clients] == [404, 404]
        to = {"contact": made.people["family"]}
        with world.writing() as session:
            give(session, session.get_one(Case, made.cases["beta"]), **to, of_colleague=of_colleague)
        assert [client.status(record) for client in clients] == [expected, expected]
        with world.writing() as session:
            withdraw(session, session.get_one(Case, made.cases["beta"]), **to)


def _window(world: World, user: bool) -> None:
    changes.window(world, world.one, "whole", user, (-10, 10))


CHANGES: dict[str, tuple[Callable[[World], None], Callable[[World], None], int]] = {
    "module at the account": (
        lambda w: changes.switch(w, w.one, "invoices", "account", w.one.accounts["alpha"], False),
        lambda w: changes.switch(w, w.one, "invoices", "account", w.one.accounts["alpha"], None),
        404,
    ),
    "module at the contact": (
        lambda w: changes.switch(w, w.one, "invoices", "contact", w.one.people["whole"], False),
        lambda w: changes.switch(w, w.one, "invoices", "contact", w.one.people["whole"], None),
        404,
    ),
    "scope": (
        lambda w: changes.scope_of(w, w.one, "invoices", "contact"),
        lambda w: changes.scope_of(w, w.one, "invoices", "account"),
        404,
    ),
    "portal": (
        lambda w: changes.switch(w, w.one, "portal", "tenant", w.one.id, False),
        lambda w: changes.switch(w, w.one, "portal", "tenant", w.one.id, True),
        303,
    ),
    "window": (lambda w: _window(w, False), lambda w: _window(w, True), 303),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_felt_by_the_next_request(servers: Servers, name: str) -> None:
    change, back, expected = CHANGES[name]
    record = f"/portal/invoices/{servers.world.one.invoices['alpha']}"
    servers.world.sign_out("whole", "one")
    clients = [servers.browser(n, "whole") for n in (0, 1)]
    assert [client.status(record) for client in clients] == [200, 200]
    change(servers.world)
    try:
        assert [client.status(record) for client in clients] == [expected, expected]
    finally:
        back(servers.world)
    if expected == 404:
        assert [client.status(record) for client in clients] == [200, 200]
    else:  # what ends access ends the session too
        assert [client.status(record) for client in clients] == [303, 303]
