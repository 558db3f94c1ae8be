"""The dashboard and the shell around each page: what waits comes first, and choices only where there are some."""

from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest

from core.api import Attention, Box
from core.crm.models import Site
from core.kit.browser import Browser
from core.modules.registry import load_modules
from core.portal import shell
from core.portal.dashboard import MOST_NEEDS
from tests.modules.strangers import make, widgets
from tests.petitions.acting import post
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.visibility.exits import choices
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World, bare

LIST = "/portal/invoices/"


def test_what_is_most_urgent_comes_first(world: World, tmp_path: Path) -> None:
    said = [
        Attention("Later", "/portal/", "info"),
        Attention("Soon", "/portal/", "warn"),
        Attention("Now", "/portal/", "danger"),
    ]
    base, registry = Snapshot(world), load_modules()
    registry.take(make("notes", widgets=widgets(lambda session: Box(attention=said))))
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        switch(made, made.one, "notes", "tenant", made.one.id, True)
        page = made.contact("nobodys").get("/portal/").get_data(as_text=True)
    base.restore()
    assert page.index("<span>Now</span>") < page.index("<span>Soon</span>") < page.index("<span>Later</span>")
    assert "Box box" not in page  # a box without content is left out


def test_of_as_urgent_things_the_first_day_comes_first_and_the_rest_is_folded_in(world: World, tmp_path: Path) -> None:
    days = [None, date(2026, 7, 1), date(2026, 6, 1)]
    said = [Attention(f"Thing {n}", "/portal/", "warn", on) for n, on in enumerate(days)]
    said += [Attention(f"Later {n}", "/portal/", "info") for n in range(MOST_NEEDS)]
    base, registry = Snapshot(world), load_modules()
    registry.take(make("notes", widgets=widgets(lambda session: Box(attention=said))))
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        switch(made, made.one, "notes", "tenant", made.one.id, True)
        page = made.contact("nobodys").get("/portal/").get_data(as_text=True)
    base.restore()
    places = [page.index(f"<span>{text}</span>") for text in ("Thing 2", "Thing 1", "Thing 0", "Later 0", "Later 4")]
    assert places == sorted(places)
    assert places[-2] < page.index("and 3 more") < places[-1]


def test_staff_place_and_hide_boxes_and_what_needs_a_hand_still_stands_on_top(world: World, tmp_path: Path) -> None:
    base, registry = Snapshot(world), load_modules()
    for name in ("first", "second"):
        box = Box("invoices/widget.html", {"balances": []}, [Attention(f"Look at {name}", "/portal/")])
        registry.take(make(name, widgets=widgets(lambda session, box=box: box, name)))  # type: ignore[misc]
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        for name in ("first", "second"):
            switch(made, made.one, name, "tenant", made.one.id, True)
        client, staff = made.contact("nobodys"), made.staff()
        assert boxes(client) == ["Box first", "Box second"]
        assert post(staff, "/staff/modules/dashboard", {"do": "up", "widget": "second.second"}).status_code == 303
        assert boxes(client) == ["Box second", "Box first"]
        assert post(staff, "/staff/modules/dashboard", {"do": "hide", "widget": "second.second"}).status_code == 303
        assert boxes(client) == ["Box first"]
        assert "Look at second" in client.get("/portal/").text
        assert boxes(made.contact("nobodys", "two")) == []
    base.restore()


def boxes(browser: Browser) -> list[str]:
    """The titles of the two boxes, in the order in which they stand."""
    page = words(browser.get("/portal/"))
    found = [title for title in ("Box first", "Box second") if title in page]
    return sorted(found, key=page.index)


def test_nothing_to_show_is_a_welcome_and_not_an_empty_page(world: World) -> None:
    base = Snapshot(world)
    switch(world, world.one, "invoices", "tenant", world.one.id, False)
    page = world.contact("whole").get("/portal/").get_data(as_text=True)
    base.restore()
    assert "Welcome to your portal" in page


@pytest.mark.parametrize(
    ("kind", "accounts", "sites"),
    [("whole", 0, 2), ("family", 3, 3), ("two_accounts", 2, 4), ("site", 0, 0), ("two_sites", 2, 2), ("nobodys", 0, 0)],
)
def test_a_choice_is_offered_where_there_is_one(world: World, kind: str, accounts: int, sites: int) -> None:
    page = world.contact(kind).get(LIST).get_data(as_text=True)
    assert (len(choices(page, "account")), len(choices(page, "site"))) == (accounts, sites)


def test_an_account_that_is_chosen_leaves_its_own_sites_to_choose_from(world: World) -> None:
    made, browser = world.one, world.contact("two_accounts")
    page = browser.get(f"{LIST}?account={made.accounts['alpha']}&q=F").get_data(as_text=True)
    assert choices(page, "site") == {made.sites["a1"], made.sites["a2"]}
    assert f'<option value="{made.accounts["alpha"]}" selected>' in page
    assert '<input type="hidden" name="q" value="F">' in page


def test_more_sites_than_a_list_can_hold_are_not_listed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_MOST_SITES", 3)
    page = world.contact("two_accounts").get(LIST).get_data(as_text=True)
    assert choices(page, "site") == set()
    assert len(choices(page, "account")) == 2


def test_one_of_many_sites_is_found_by_its_name_and_no_other_clients_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "_MOST_SITES", 1)
    made, browser = world.one, world.contact("two_accounts")
    with world.writing() as session:
        names = {key: session.get_one(Site, id_).name for key, id_ in made.sites.items()}

    def offered(query: str) -> tuple[set[int], str]:
        page = browser.get(f"{LIST}?{query}").get_data(as_text=True)
        return choices(page, "site"), page

    seen = {key for key, id_ in made.sites.items() if id_ in offered(f"site={id_}")[0]}
    for key, id_ in made.sites.items():
        found, page = offered(urlencode({"site_name": names[key].upper(), "q": "F"}))
        assert (id_ in found) is (key in seen), key
        assert '<input type="hidden" name="q" value="F">' in page
    assert seen == {"a1", "a2", "b1", "b2"} < set(made.sites)
    for nothing in ("%", "_", "nonsense", "x\0%"):
        found, page = offered(urlencode({"site_name": nothing}))
        assert found == set(), nothing
        assert "No site is called so." in page
    assert offered(f"site={made.sites['a1']}")[0] == {made.sites["a1"]}, "what is chosen stays to be seen"


def test_a_record_leads_back_and_the_logo_leads_home(world: World) -> None:
    page = world.contact("whole").get(f"{LIST}{world.one.invoices['alpha']}").get_data(as_text=True)
    assert f'href="{LIST}"' in page
    assert 'href="/portal/"' in page
    assert 'aria-current="page"' in page


def test_the_list_says_whose_records_are_shown(world: World) -> None:
    browser = world.contact("whole")
    everything, mine = (browser.get(f"{LIST}{query}").get_data(as_text=True) for query in ("", "?mine=1"))
    assert "Only mine" in everything
    assert everything.count("row-link") > mine.count("row-link") > 0
