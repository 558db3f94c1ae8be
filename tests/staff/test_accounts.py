import pytest
from sqlalchemy import Engine

from core.crm.models import ExternalId, Tenant
from core.modules.registry import Registry
from core.modules.switches import PORTAL, set_switch
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import links, words


@pytest.fixture
def companies(engine: Engine, tenant: Tenant, other: Tenant) -> dict[str, int]:
    """Accounts to look for: name -> id."""
    with rows.writing(engine, other) as session:
        rows.account(session, "Acme of somebody else")
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme Señalización", code="C-001", town="Ávila")
        child, plain = rows.account(session, "Beta_child", acme), rows.account(session, "Plain")
        made = {"acme": acme, "child": child, "plain": plain}
        session.add(ExternalId(source="crm", kind="core.account", external="X77", local_id=made["plain"].id))
        rows.site(session, acme, "North")
        ana = rows.contact(session, "Ana", "", acme)
        rows.member(session, ana, rows.site(session, acme, "South"))
        set_switch(session, Registry(), PORTAL, "account", made["child"].id, False)
        return {name: row.id for name, row in made.items()}


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("", {"acme", "child", "plain"}),
        ("senalizacion", {"acme"}),
        ("ACME avila", {"acme"}),
        ("c-001", {"acme"}),
        ("X77", {"plain"}),
        ("a_c", {"child"}),
        ("x7", set()),
    ],
)
def test_an_account_is_found_by_name_number_or_town(
    staff: Browser, companies: dict[str, int], text: str, which: set[str]
) -> None:
    names = {f"/staff/accounts/{id_}": name for name, id_ in companies.items()}
    assert {names[link] for link in links(staff.get("/staff/accounts/", query_string={"q": text}))} == which


def test_the_list_tells_parent_sites_contacts_and_the_portal(staff: Browser, companies: dict[str, int]) -> None:
    said = words(staff.get("/staff/accounts/"))
    assert "Acme Señalización" in said
    assert "Portal off" in said
    assert said.count("Portal on") == 2
    beneath = staff.get("/staff/accounts/", query_string={"parent": companies["acme"]})
    assert links(beneath) == [f"/staff/accounts/{companies['child']}"]
    assert "Part of: Acme Señalización" in words(beneath)


def test_a_contact_of_two_sites_is_counted_once(staff: Browser, companies: dict[str, int]) -> None:
    row = words(staff.get("/staff/accounts/", query_string={"q": "C-001"})).partition("C-001")[2]
    assert "Sites 2 Contacts 1" in row
