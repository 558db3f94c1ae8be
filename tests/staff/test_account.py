from datetime import date

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, ExternalId, Site, Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.modules.switches import PORTAL, read_switches
from plugins.invoices.models import Invoice
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, hidden, undo, words

FULL = {
    "name": "Acme", "code": "C1", "email": "hi@acme.es", "address": "Calle 1\r\nBajo", "town": "Jaén", "country": "es",
}  # fmt: skip


@pytest.fixture
def acme(engine: Engine, tenant: Tenant) -> Account:
    """An account with a site and a contact."""
    with rows.writing(engine, tenant) as session:
        made = rows.account(session, "Acme")
        rows.contact(session, "Ana", "Ruiz", made, email="ana@example.com")
        return made


def url(account: Account) -> str:
    return f"/staff/accounts/{account.id}"


def load(engine: Engine, tenant: Tenant, name: str) -> Account:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalars(select(Account).where(Account.name == name)).one()


def test_an_account_is_made_and_edited(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    assert "Acme was added." in words(follow(staff, staff.post("/staff/accounts/new", FULL)))
    made = load(engine, tenant, "Acme")
    assert (made.code, made.address, made.country) == ("C1", "Calle 1\nBajo", "ES")
    edit = f"{url(made)}/edit"
    page = staff.get(edit)
    page = follow(staff, staff.post(edit, {**FULL, "name": "Acme 2", "version": hidden(page, "version")}))
    assert "Calle 1, Bajo, Jaén, ES" in words(page)
    assert load(engine, tenant, "Acme 2").id == made.id


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "  "}, "Fill in: Name."),
        ({"country": "Spain"}, "Write the country as two letters"),
        ({"email": "x"}, "This is no e-mail address"),
        ({"code": "x" * 61}, "Number may have at most 60 characters."),
        ({"address": "x" * 1001}, "Address may have at most 1000 characters."),
        ({"town": "a\nb"}, "Town holds a character that cannot be shown."),
    ],
)
def test_what_cannot_be_kept_is_refused(staff: Browser, typed: dict[str, str], says: str) -> None:
    answer = staff.post("/staff/accounts/new", {**FULL, **typed})
    assert answer.status_code == 422
    assert says in words(answer)
    assert "Calle 1" in answer.text or "address" in typed


def test_two_who_edit_the_same_account_see_each_other(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    edit = f"{url(acme)}/edit"
    version = hidden(staff.get(edit), "version")
    with rows.writing(engine, tenant) as session:
        session.scalars(select(Account)).one().town = "Cuenca"
    answer = staff.post(edit, {**FULL, "version": version})
    assert answer.status_code == 422
    assert "Cuenca" in words(answer)
    assert load(engine, tenant, "Acme").town == "Cuenca"


def test_an_account_is_put_under_another_but_never_beneath_itself(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        child = rows.account(session, "Child", acme)
        top = rows.account(session, "Top")
    for parent, says in ((acme, "cannot be part of itself"), (child, "is itself part of this one")):
        answer = staff.post(f"{url(acme)}/parent", {"parent": parent.id})
        assert answer.status_code == 422
        assert says in words(answer)
    page = follow(staff, staff.post(f"{url(acme)}/parent", {"parent": top.id}))
    assert "Acme is now part of Top." in words(page)
    assert load(engine, tenant, "Acme").parent_id == top.id
    undo(staff, page)
    assert load(engine, tenant, "Acme").parent_id is None


def test_switches_of_an_account(engine: Engine, tenant: Tenant, staff: Browser, acme: Account) -> None:
    def at(module: str) -> bool | None:
        with open_session(engine, system(tenant.id)) as session:
            return read_switches(session, [acme.id]).at(module, "account", acme.id)

    page = follow(staff, staff.post(url(acme), {"do": "switch", "module": "invoices", "choice": "on"}))
    assert at("invoices") is True
    assert "Invoices On Set for this client." in words(page)
    undo(staff, page)
    assert at("invoices") is None
    page = follow(staff, staff.post(url(acme), {"do": "switch", "module": PORTAL, "choice": "off"}))
    assert "Portal off" in words(page)
    assert "The portal is off for this client." in words(page)


def test_the_page_counts_its_records_and_leads_to_them(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        for n in range(3):
            day = date(2026, 1, 1)
            session.add(Invoice(number=f"F{n}", issued_on=day, status="pending", currency="EUR", account_id=acme.id))
    page = staff.get(url(acme))
    assert f'href="/staff/records/invoices/?account={acme.id}"' in page.text
    assert "Invoices 3" in words(page)
    listing = words(staff.get(f"/staff/records/invoices/?account={acme.id}"))
    assert "F0" in listing


def test_ten_of_each_stand_on_the_page_and_the_rest_in_their_lists(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        for n in range(12):
            rows.account(session, f"Child {n:02}", acme)
            rows.site(session, acme, f"Site {n:02}")
            rows.contact(session, "Bea", f"{n:02}", acme)
    page = staff.get(url(acme))
    for path in (f"/staff/accounts/?parent={acme.id}", f"{url(acme)}/sites/", f"/staff/contacts/?account={acme.id}"):
        assert f'href="{path}"' in page.text
        assert staff.get(path).status_code == 200
    assert "Site 09" in words(page)
    assert "Site 10" not in words(page)


def test_a_site_is_added_edited_removed_and_put_back(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    def sites() -> list[tuple[str, str]]:
        with open_session(engine, system(tenant.id)) as session:
            return [(s.name, s.town) for s in session.scalars(select(Site).order_by(Site.id))]

    follow(staff, staff.post(f"{url(acme)}/sites/new", {"name": "North", "town": "Jaén"}))
    with open_session(engine, system(tenant.id)) as session:
        site = session.scalars(select(Site)).one()
    edit = f"{url(acme)}/sites/{site.id}"
    follow(staff, staff.post(edit, {"name": "N", "town": "Jaén", "version": hidden(staff.get(edit), "version")}))
    assert sites() == [("N", "Jaén")]
    page = follow(staff, staff.post(edit, {"do": "remove"}))
    assert sites() == []
    undo(staff, page)
    assert sites() == [("N", "Jaén")]


def test_what_is_too_long_for_a_cookie_is_told_without_undo(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        site = rows.site(session, acme, "🜁🜂🜃🜄" * 50)
        site.address = "🜁🜂🜃🜄" * 250
    answer = staff.post(f"{url(acme)}/sites/{site.id}", {"do": "remove"})
    assert all(len(cookie) < 4000 for cookie in answer.headers.getlist("Set-Cookie"))
    page = follow(staff, answer)
    assert "The site 🜁🜂🜃🜄" in words(page)
    assert 'class="undo"' not in page.text


def test_a_site_on_which_something_hangs_stays_and_the_page_says_why(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        site = rows.site(session, acme, "North")
        rows.contact(session, "Bea", "", site)
        session.add(ExternalId(source="crm", kind="core.site", external="1", local_id=site.id))
        day = date(2026, 1, 1)
        owner = {"account_id": acme.id, "site_id": site.id}
        session.add(Invoice(number="F1", issued_on=day, status="pending", currency="EUR", **owner))
    answer = staff.post(f"{url(acme)}/sites/{site.id}", {"do": "remove"})
    assert answer.status_code == 422
    said = words(answer)
    assert "1 record belongs to it, 1 contact belongs to it, it comes from your CRM" in said
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Site.name)).all() == ["North"]


def test_a_site_stands_under_its_own_account_alone(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    with rows.writing(engine, tenant) as session:
        site = rows.site(session, rows.account(session, "Beta"), "North")
    wrong = f"{url(acme)}/sites/{site.id}"
    assert staff.get(wrong).status_code == 404
    assert staff.post(wrong, {"do": "remove"}).status_code == 404


def test_contacts_of_the_account_stand_with_their_state(
    engine: Engine, tenant: Tenant, staff: Browser, acme: Account
) -> None:
    client = world.add_contact(engine, tenant, "cliente@example.com")
    with rows.writing(engine, tenant) as session:
        rows.member(session, client, acme)
    said = words(staff.get(url(acme)))
    assert "ana@example.com No access" in said
    assert "cliente@example.com Has access" in said
