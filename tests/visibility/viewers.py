"""Whose view of the world is compared: contacts, some or all; and now and then the staff, and a visitor."""

from tests.visibility.contact import ContactLook, ModuleLook
from tests.visibility.exits import listed, listed_as_csv, listed_as_json, said
from tests.visibility.sweep import Exits, Look
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import SLUGS, Browser


def until_one_differs(look: Look) -> None:
    """Viewer after viewer, as far as the first difference."""
    for tenancy in reversed(look.world.tenancies.values()):
        _others(look, tenancy)
        for kind in reversed(tenancy.people):
            if look.said.differences:
                return
            ContactLook(look, tenancy, kind).look()


def until_one_differs_in(look: Look, exits: Exits) -> None:
    """Contact after contact of one tenant, in one module alone, as far as the first difference."""
    tenancy = look.world.tenancies[SLUGS[0]]
    for kind in tenancy.people:
        contact = ContactLook(look, tenancy, kind)
        if look.said.differences:
            return
        if contact.oracle.enters():
            ModuleLook(contact, exits).look()


def some(look: Look, contacts: int) -> None:
    """So many contacts of either tenant; now and then the staff and a visitor."""
    every = [(tenancy, kind) for tenancy in look.world.tenancies.values() for kind in tenancy.people]
    for tenancy, kind in look.random.sample(every, contacts):
        ContactLook(look, tenancy, kind).look()
    if look.random.random() < 1 / 4:
        _others(look, look.world.tenancies[look.random.choice(("one", "two"))])


def _others(look: Look, tenancy: Tenancy) -> None:
    look.said.compare(
        tenancy.slug, "staff in the portal", 303, look.world.staff(tenancy.slug).get("/portal/").status_code
    )
    for exits in look.modules():
        _staff(look, tenancy, exits)
        _visitor(look, tenancy, exits)


def _staff(look: Look, tenancy: Tenancy, exits: Exits) -> None:
    """Staff see everything of their tenant, drafts and internal notes included, and nothing of another's."""
    browser, name, every = look.world.staff(tenancy.slug), f"{tenancy.slug}/staff", look.records[exits.module]
    own = {i for i, row in every.items() if row["tenant_id"] == tenancy.id}
    got = listed(browser, exits.staffs_listing)
    look.said.compare_ids(name, f"list {exits.module}", set(every), own, got.ids)
    look.said.compare(name, f"count {exits.module}", str(len(own)), got.count)
    look.said.compare_ids(name, f"JSON {exits.module}", set(every), own, listed_as_json(browser, exits.api).ids)
    numbers = sorted(every[id_][exits.number] for id_ in own)
    look.said.compare(name, f"CSV {exits.module}", (200, numbers), listed_as_csv(browser, f"{exits.staff}{exits.csv}"))
    for id_ in look.sample(own, 3) + look.sample(set(every) - own, 3):
        page = browser.get(f"{exits.staff}{id_}")
        look.said.compare(name, f"detail {id_}", 200 if id_ in own else 404, page.status_code)
        status = browser.get(f"{exits.api}{id_}").status_code
        look.said.compare(name, f"JSON detail {id_}", 200 if id_ in own else 404, status)
        if exits.talks:
            words = {r["id"] for r in look.tables["message"] if r["parent_id"] == id_ and r["kind"] == "said"}
            look.said.compare(name, f"words {id_}", words if id_ in own else set(), said(page.text))


def _visitor(look: Look, tenancy: Tenancy, exits: Exits) -> None:
    """A visitor is led to sign-in, and a program told to, whatever they ask for."""
    browser: Browser = look.world.visitor(tenancy.slug)
    ids, name = look.sample(set(look.records[exits.module]), 3), f"{tenancy.slug}/visitor"
    pages = ["/portal/", "/portal/search?q=alpha", exits.listing, f"{exits.portal}{exits.csv}", exits.staffs_listing]
    pages += [f"{base}{id_}" for id_ in ids for base in (exits.portal, exits.staff)]
    for path in pages:
        answer = browser.get(path)
        look.said.compare(name, path, (303, True), (answer.status_code, "/login" in answer.location))
    for path in (exits.api, *(f"{exits.api}{i}" for i in ids)):
        look.said.compare(name, path, 401, browser.get(path).status_code)
