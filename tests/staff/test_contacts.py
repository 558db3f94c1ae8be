from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from core.crm.models import Tenant
from core.modules.registry import Registry
from core.modules.switches import PORTAL, set_switch
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import links, words

WINDOW = {
    "portal_user": True,
    "support_start": date.today() - timedelta(days=9),
    "portal_end": date.today() + timedelta(days=9),
}


@pytest.fixture
def people(engine: Engine, tenant: Tenant, other: Tenant) -> dict[str, int]:
    """Contacts to look for: name -> id."""
    with rows.writing(engine, other) as session:
        rows.contact(session, "José", "Núñez", email="jose@example.com")
    with rows.writing(engine, tenant) as session:
        acme, beta = rows.account(session, "Señalización Acme"), rows.account(session, "Beta 100%")
        made = {
            "jose": rows.contact(session, "José", "Núñez", acme, email="Jose@Example.com", phone="91 123 45 67"),
            "ana": rows.contact(session, "Ana", "Álvarez", beta, mobile="+34 612-345-678", **WINDOW),
            "odd": rows.contact(session, "Odd", "Zed", phone="ext. 99887", email="odd_one@example.com"),
            "off": rows.contact(session, "Off", "Zorro", acme, email="off@example.com", **WINDOW),
        }
        set_switch(session, Registry(), PORTAL, "contact", made["off"].id, False)
        return {name: row.id for name, row in made.items()}


def found(staff: Browser, people: dict[str, int], **query: str) -> set[str]:
    names = {f"/staff/contacts/{id_}": name for name, id_ in people.items()}
    return {names[link] for link in links(staff.get("/staff/contacts/", query_string=query))}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("jose nunez", {"jose"}),
        ("NÚÑEZ", {"jose"}),
        ("ALVAREZ ana", {"ana"}),
        ("jose@example", {"jose"}),
        ("911234567", {"jose"}),
        ("+34 91 1234567", {"jose"}),
        ("0034 612 345 678", {"ana"}),
        ("612345", {"ana"}),
        ("99887", {"odd"}),
        ("senalizacion", {"jose", "off"}),
        ("beta ana", {"ana"}),
        ("100%", {"ana"}),
        ("%", {"ana"}),
        ("odd_one", {"odd"}),
        ("nobody", set()),
        ("", {"jose", "ana", "odd", "off"}),
    ],
)
def test_a_contact_is_found_by_what_one_knows(staff: Browser, people: dict[str, int], text: str, who: set[str]) -> None:
    assert found(staff, people, q=text) == who


def test_the_list_narrows_to_those_with_and_without_access(staff: Browser, people: dict[str, int]) -> None:
    assert found(staff, people, access="with") == {"ana"}
    assert found(staff, people, access="without") == {"jose", "odd", "off"}
    said = words(staff.get("/staff/contacts/"))
    assert (said.count("Has access"), said.count("Portal off"), said.count("No access")) == (1, 1, 2)


@pytest.mark.usefixtures("people")
def test_the_list_narrows_to_one_account(staff: Browser, engine: Engine, tenant: Tenant) -> None:
    with rows.writing(engine, tenant) as session:
        gamma = rows.account(session, "Gamma")
        rows.contact(session, "Gil", "", gamma)
    page = staff.get("/staff/contacts/", query_string={"account": gamma.id})
    assert len(links(page)) == 1
    assert "Client: Gamma" in words(page)


def all_pages(staff: Browser, word: str, path: str) -> Iterator[list[str]]:
    while path:
        page = staff.get(path)
        yield links(page)
        path = page.text.partition(f'rel="{word}" href="')[2].partition('"')[0].replace("&amp;", "&")


def test_paging_forth_and_back_meets_everyone_once_in_order(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        made = [rows.contact(session, f"F{n % 4}", f"L{n % 7}") for n in range(83)]
        ordered = [f"/staff/contacts/{c.id}" for c in sorted(made, key=lambda c: (c.last_name, c.first_name, c.id))]
    forth = list(all_pages(staff, "next", "/staff/contacts/?q=f"))
    assert [link for page in forth for link in page] == ordered
    assert [len(page) for page in forth] == [25, 25, 25, 8]
    last = ordered[-1].rpartition("/")[2]
    back = list(all_pages(staff, "prev", f"/staff/contacts/?q=f&before={last}"))
    assert [link for page in reversed(back) for link in page] == ordered[:-1]


def test_names_stand_in_the_order_of_the_alphabet_whatever_their_accents(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    with rows.writing(engine, tenant) as session:
        names = ("zorro", "Álvarez", "Bilbao", "ábalos", "Zapata", "Alvarado")
        made = [rows.contact(session, "F", last) for last in names]
    order = [links(staff.get("/staff/contacts/")).index(f"/staff/contacts/{c.id}") for c in made]
    assert order == [5, 2, 3, 0, 4, 1]


def test_a_page_cannot_begin_at_another_tenants_contact(engine: Engine, other: Tenant, staff: Browser) -> None:
    with rows.writing(engine, other) as session:
        theirs = rows.contact(session, "Theirs")
    assert staff.get(f"/staff/contacts/?after={theirs.id}").status_code == 400
