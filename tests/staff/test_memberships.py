from sqlalchemy import Engine

from core.crm.models import Tenant
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, words


def test_from_the_contact_to_one_site_of_a_client_found_by_name(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        ana = rows.contact(session, "Ana", "Ruiz")
        for n in range(40):
            rows.account(session, f"Client {n:02}")
        acme = rows.account(session, "Ácme")
        sites = [rows.site(session, acme, f"Site {n:02}") for n in range(40)]
    choose = f"/staff/contacts/{ana.id}/memberships/"
    assert f'href="{choose}"' in staff.get(f"/staff/contacts/{ana.id}").text
    page = staff.get(choose, query_string={"q": "acme"})
    assert f'href="{choose}{acme.id}"' in page.text
    assert "Client 01" not in words(page)
    page = staff.get(f"{choose}{acme.id}", query_string={"q": "site 31"})
    assert f'name="site" value="{sites[31].id}"' in page.text
    assert f'name="site" value="{sites[1].id}"' not in page.text
    form = {"do": "add_membership", "account": acme.id, "site": sites[31].id}
    page = follow(staff, staff.post(f"/staff/contacts/{ana.id}", form))
    assert "Ana Ruiz now belongs to Ácme (Site 31)." in words(page)


def test_who_belongs_to_nobody_is_told_so(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        ana = rows.contact(session, "Ana")
    assert "Belongs to no client yet" in words(staff.get(f"/staff/contacts/{ana.id}"))
    assert "There is no client to choose yet" in words(staff.get(f"/staff/contacts/{ana.id}/memberships/"))
