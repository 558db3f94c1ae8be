"""The gate: what is off, unknown, in quarantine or broken answers alike, to every form of address and every
verb; what is on answers from the next request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.modules.registry import Registry, load_modules
from tests.modules.strangers import boom, make, pages
from tests.rest.reading import read
from tests.rest.writing import TOKEN
from tests.visibility.changes import switch
from tests.worlds.world import Browser, World, bare

FORMS = (
    "", "/", "//", "/1", "/1/", "/01", "/0", "/own", "/own/", "/own//", "/resource", "/resource/", "/1/files/1",
    "/1/files/1?download=1", "/1/files/", "/?q=x", "/?account=1", "/%2e%2e/", "/..", "/%00", "/\u00e9",
    "/nonsense/x/y/z", "/1;a",
)  # fmt: skip
VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
CLOSED = ("off", "quarantined", "broken", "unmountable", "unknown")


def strangers() -> Registry:
    """The installed modules, and one in each state that a module can be in."""
    registry = load_modules()
    registry.take(make("off", routes=pages("off")))
    registry.take(make("on", routes=pages("on")))
    registry.take(make("broken", routes=boom))
    registry.take(make("unmountable", routes=lambda self: ["no blueprint"]))
    registry.take(make("quarantined", routes=pages("quarantined")))
    registry.quarantine("quarantined", RuntimeError("its migration failed"))
    return registry


@pytest.fixture(scope="module")
def gated(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with those modules, one of which is on."""
    with bare(world.database, Path(tmp_path_factory.mktemp("gated")), strangers()) as made:
        made.tenancies = world.tenancies
        switch(made, made.one, "on", "tenant", made.one.id, True)
        yield made


def token(browser: Browser) -> str:
    """The form token of a page."""
    page = browser.get("/portal/").get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def answer(browser: Browser, verb: str, url: str, data: Any = None) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that one gets to see."""
    got = browser.open(url, method=verb, data=data)
    return got.status_code, got.data, [header for header in got.headers if header[0] != "Date"]


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_closed_answers_alike(gated: World, verb: str) -> None:
    browser = gated.contact("whole")
    data = {"csrf_token": token(browser)}
    plain = answer(browser, verb, "/portal/nonsense/", data)
    assert plain[0] == 404
    for name in CLOSED:
        for form in FORMS:
            assert answer(browser, verb, f"/portal/{name}{form}", data) == plain, (name, form)


@pytest.mark.parametrize("verb", VERBS)
def test_the_api_answers_alike_too(gated: World, verb: str) -> None:
    browser = gated.contact("whole")
    browser.environ_base["HTTP_X_CSRFTOKEN"] = read(browser, TOKEN)["token"]
    plain = answer(browser, verb, "/api/v1/nonsense/")
    assert plain[0] == 404
    for form in (*FORMS, "/openapi.json", "/resource/1", "/resource/1/actions/x", "/resource/1/messages", "/x/1/files"):
        nonsense = answer(browser, verb, f"/api/v1/nonsense{form}")
        assert nonsense == plain or nonsense[0] == 405, form  # of a form that takes no such verb, whatever it is of
        for name in CLOSED:
            got = answer(browser, verb, f"/api/v1/{name}{form}")
            if nonsense[0] == 404:
                assert got == plain, (name, form)
            allowed = [value for header, value in got[2] if header == "Allow"]
            assert (got[0], allowed) == (nonsense[0], [v for h, v in nonsense[2] if h == "Allow"]), (name, form)
    assert {answer(gated.visitor(), "GET", f"/api/v1/{name}/")[0] for name in (*CLOSED, "on", "invoices")} == {401}


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_forged_request_is_told_nothing(gated: World, verb: str) -> None:
    browser = gated.contact("whole")
    expected = answer(browser, verb, "/portal/nonsense/")[0]
    assert {answer(browser, verb, f"/portal/{name}/own/")[0] for name in CLOSED} == {expected}


def test_what_is_open_is_there(gated: World) -> None:
    browser = gated.contact("whole")
    assert browser.get("/portal/on/own/").data == b"own page"
    assert browser.post("/portal/on/own/", data={"csrf_token": token(browser)}).data == b"own page"
    assert browser.put("/portal/on/own/", data={"csrf_token": token(browser)}).status_code == 405
    assert browser.get("/portal/on/own").status_code == 308


def test_staff_and_visitors_are_led_away_from_every_module_alike(gated: World) -> None:
    for browser, place in ((gated.staff(), "/staff/"), (gated.visitor(), "/login")):
        for name in (*CLOSED, "on"):
            got = browser.get(f"/portal/{name}/own/")
            assert (got.status_code, got.location.partition("?")[0]) == (303, place)


@pytest.mark.parametrize("level", ["tenant", "account", "contact"])
def test_a_switch_is_felt_by_the_next_request(world: World, level: str) -> None:
    made, browser = world.one, world.contact("whole")
    target = {"tenant": made.id, "account": made.accounts["alpha"], "contact": made.people["whole"]}[level]
    record = f"/portal/invoices/{made.invoices['alpha']}"
    file_id = next(file_id for file_id, parent in made.files.items() if parent == made.invoices["alpha"])
    exits = ("/portal/invoices/", record, f"{record}/files/{file_id}", f"{record}/files/{file_id}?download=1")
    exits += (
        "/portal/invoices/invoice/export.csv",
        "/api/v1/invoices/invoice/",
        f"/api/v1/invoices/invoice/{made.invoices['alpha']}",
    )
    assert [browser.get(url).status_code for url in exits] == [200] * 7
    assert b"/portal/invoices/" in browser.get("/portal/").data
    switch(world, made, "invoices", level, target, False)
    assert [browser.get(url).status_code for url in exits] == [404] * 7
    assert b"/portal/invoices" not in browser.get("/portal/").data
    for url in ("/staff/records/invoices/", "/api/v1/invoices/invoice/"):
        assert world.staff().get(url).status_code == 200
    switch(world, made, "invoices", level, target, None if level != "tenant" else True)
    assert [browser.get(url).status_code for url in exits] == [200] * 7


def test_the_nearest_switch_decides(world: World) -> None:
    made, browser = world.one, world.contact("whole")
    places = (("contact", made.people["whole"]), ("account", made.accounts["alpha"]), ("tenant", made.id))
    for contact, account, tenant in (
        (c, a, t) for c in (True, False, None) for a in (True, False, None) for t in (True, False)
    ):
        for (level, target), on in zip(places, (contact, account, tenant), strict=True):
            switch(world, made, "invoices", level, target, on)
        nearest = next(on for on in (contact, account, tenant) if on is not None)
        assert browser.get("/portal/invoices/").status_code == (200 if nearest else 404), (contact, account, tenant)
    for (level, target), on in zip(places, (None, None, True), strict=True):
        switch(world, made, "invoices", level, target, on)


def test_who_belongs_to_no_account_gets_a_list_with_what_names_them(world: World) -> None:
    browser = world.contact("nobodys")
    assert browser.get("/portal/invoices/").status_code == 200
    switch(world, world.one, "invoices", "tenant", world.one.id, False)
    assert browser.get("/portal/invoices/").status_code == 404
    switch(world, world.one, "invoices", "tenant", world.one.id, True)
