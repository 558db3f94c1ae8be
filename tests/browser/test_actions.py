"""The pages of a stranger's actions: lists and records with their buttons, forms in every state."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.engine import make_url

from core.kit.checks import faults
from core.modules.switches import set_switch
from tests.browser.conftest import DESKTOP, LOCALES, PHONE, Visits
from tests.browser.house import House, open_house
from tests.browser.steps import STAFF, Steps, press
from tests.databases import Database, SqliteDatabases
from tests.petitions import APPROVED, Petition, make_tables, registry

pytestmark = pytest.mark.browser
LIST, OFFICE = "/portal/petitions/", "/staff/records/petitions/"
NEW = f"{LIST}petition/do/new"
_SEND = "main form[novalidate] button[type=submit]"


@pytest.fixture(scope="module")
def house(
    furnished: tuple[Database, Path], sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The demonstration with petitions on, and one of Marta's that is open."""
    template, home = furnished
    with sqlite_databases.empty() as database:
        shutil.copyfile(make_url(template.url).database or "", make_url(database.url).database or "")
        make_tables(database)
        modules = registry()
        with open_house(database, Path(tmp_path_factory.mktemp("home")), home, modules) as opened:
            account_id = opened.account("marta")
            with opened.writing() as session:
                set_switch(session, modules, "petitions", "tenant", opened.tenant.id, True)
                made = Petition(account_id=account_id, number="P-1", subject="A lift", currency="EUR", budget=123450)
                session.add(made)
                session.flush()
                opened.links["petition"] = str(made.id)
            yield opened


def _late(page: Page, house: House) -> None:
    """Send the form as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '0'")
    page.locator("#f_subject").fill("A ramp")
    page.locator(_SEND).first.click()


#: name -> who, where ({petition} is its id), the status, what they do there
PAGES: dict[str, tuple[str, str, int, Steps | None]] = {
    "list": ("marta", LIST, 200, None),
    "list, empty": ("lucia", LIST, 200, None),
    "record": ("marta", f"{LIST}{{petition}}", 200, None),
    "new": ("marta", NEW, 200, None),
    "new, nothing typed": ("marta", NEW, 422, press(_SEND, ("#f_subject", ""), ("#f_people", "x"))),
    "edit": ("marta", f"{LIST}{{petition}}/do/edit", 200, None),
    "edit, saved meanwhile": ("marta", f"{LIST}{{petition}}/do/edit", 422, _late),
    "withdraw": ("marta", f"{LIST}{{petition}}/do/withdraw", 200, None),
    "staff: list": (STAFF, OFFICE, 200, None),
    "staff: record": (STAFF, f"{OFFICE}{{petition}}", 200, None),
    "staff: for whom": (STAFF, f"{OFFICE}petition/do/new", 200, None),
    "staff: new": (STAFF, f"{OFFICE}petition/do/new?account={{account}}", 200, None),
    "staff: edit": (STAFF, f"{OFFICE}{{petition}}/do/edit", 200, None),
    "staff: approve": (STAFF, f"{OFFICE}{{petition}}/do/approve", 200, None),
    "staff: fields": (STAFF, "/staff/fields/petitions/petition/", 200, None),
}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_an_action_is_sound(visits: Visits, house: House, name: str, language: str) -> None:
    who, path, status, steps = PAGES[name]
    page, watch = visits.shared(who, language)
    answers: list[int] = []
    page.on("response", lambda r: answers.append(r.status) if r.request.is_navigation_request() else None)
    page.goto(path.format(petition=house.links["petition"], account=house.account("marta")))
    if steps:
        with page.expect_navigation():
            steps(page, house)
    assert answers[-1] == status
    found = []
    for width, size in ((1280, DESKTOP), (390, PHONE)):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{width} px, {scheme}: {fault}" for fault in faults(page, language)]
    assert found + watch.complaints() == []


@pytest.mark.parametrize("language", LOCALES)
def test_who_comes_too_late_sees_a_sound_page(visits: Visits, house: House, language: str) -> None:
    with house.writing() as session:
        made = Petition(account_id=house.account("marta"), number="P-2", subject="A ramp", currency="EUR")
        session.add(made)
        session.flush()
        late = made.id
    page, watch = visits.shared("marta", language)
    page.goto(f"{LIST}{late}/do/withdraw")
    with house.writing() as session:
        session.get(Petition, late).status = APPROVED
    page.locator("#f_reason").fill("We moved")
    with page.expect_navigation():
        page.locator(_SEND).first.click()
    assert page.locator("#f_reason").input_value() == "We moved"
    assert page.locator(_SEND).count() == 0
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += faults(page, language)
    assert found + watch.complaints() == []


def test_somebody_acts_with_the_keyboard_alone(visits: Visits, house: House) -> None:
    page = visits.context("marta", "en", java_script_enabled=False).new_page()
    page.goto(LIST)
    page.get_by_role("link", name="New petition").first.press("Enter")
    page.get_by_label("Client").select_option(index=1)
    page.get_by_label("Subject").fill("A bench")
    page.get_by_label("Budget (EUR)").fill("1,234.5")
    page.get_by_label("Budget (EUR)").press("Enter")
    page.get_by_text("It was added.").wait_for()
    assert page.get_by_text("€1,234.50").count()
    page.get_by_role("button", name="Remind").press("Enter")
    page.get_by_text("“Remind” was done.").wait_for()
    page.context.close()
