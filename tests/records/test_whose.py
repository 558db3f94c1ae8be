"""All or mine: clients narrow a list to what names them, staff to what they look after or nobody does; the same on
pages, in the API and in CSV."""

from collections.abc import Iterator

import pytest

from core.crm.models import Staff
from plugins.cases.models import Case
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.exits import listed, listed_as_csv, listed_as_json
from tests.worlds.copied import copied
from tests.worlds.talk import talk
from tests.worlds.world import Browser, World

PORTAL, OFFICE, API = "/portal/cases/", "/staff/records/cases/", "/api/v1/cases/case/"


@pytest.fixture(scope="module")
def world(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with cases, three of which somebody of the staff looks after."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        talk(made)
        with made.writing() as session:
            other = Staff(name="Other", email="other@example.com", email_key="other@example.com")
            session.add(other)
            session.flush()
            for name, staff_id in (("alpha", made.one.staff), ("beta", made.one.staff), ("gamma", other.id)):
                session.get_one(Case, made.one.cases[name]).assignee_id = staff_id
        yield made


def everywhere(world: World, browser: Browser, pages: str, mine: str) -> set[str]:
    """The names of the cases that the list, the API and CSV have, which agree."""
    got, names = listed(browser, pages, mine=mine), {id_: name for name, id_ in world.one.cases.items()}
    assert set(listed_as_json(browser, API, mine=mine).ids) == set(got.ids)
    found = {names[id_] for id_ in got.ids}
    assert set(listed_as_csv(browser, f"{pages}case/export.csv", mine=mine)[1]) == {f"C-one-{name}" for name in found}
    return found


def test_staff_see_what_they_look_after(world: World) -> None:
    staff = world.staff()
    assert everywhere(world, staff, OFFICE, "1") == {"alpha", "beta"}
    assert everywhere(world, staff, OFFICE, "none") == set(world.one.cases) - {"alpha", "beta", "gamma"}


def test_clients_see_what_names_them(world: World) -> None:
    browser = world.contact("whole")
    found = everywhere(world, browser, PORTAL, "1")
    assert found == {"only_whole", "whole_at_a1"}  # and not what names them at an account of others
    assert len(listed(browser, PORTAL).ids) > len(found)


def test_the_page_offers_what_can_be_asked_and_nothing_else(world: World) -> None:
    assert "mine=1" in world.contact("whole").get(PORTAL).text
    assert "mine=" not in world.contact("nobodys").get(PORTAL).text  # all that they see is theirs, or shared with them
    page = world.staff().get(f"{OFFICE}?state=open").text
    assert "Assigned to me" in page
    assert "?state=open&amp;mine=none" in page
    for browser, path in ((world.contact("whole"), PORTAL), (world.contact("whole"), API)):
        assert browser.get(f"{path}?mine=none").status_code == 400
    for path in ("/staff/records/invoices/", "/api/v1/invoices/invoice/"):
        assert world.staff().get(f"{path}?mine=1").status_code == 400
    assert "mine=" not in world.staff().get("/staff/records/invoices/").text
