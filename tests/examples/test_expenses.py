"""The guide's example, as a stranger would bring it: built as a wheel outside the tree, installed beside the
product's own, switched on for one tenant of two, used by a client; then removed, and back again."""

import re
import shutil
from pathlib import Path

import pytest

from tests.distant import Distant
from tests.installed import Place, act, enter
from tests.server import free_port
from tests.wheels import ROOT, build, environment, install, uninstall

EXAMPLE = ROOT / "examples" / "postigo-expenses"
EXPORT = ROOT / "tests" / "data" / "expenses"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel") / "expenses", EXAMPLE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, postigo_wheel: Path, wheel: Path) -> Place:
    folder = tmp_path_factory.mktemp("expenses")
    env = environment(folder / "env", postigo_wheel, wheel)
    (folder / "home").mkdir()
    made = Place(env, folder / "home", free_port())
    made.run("postigo", "db", "upgrade")
    for slug in ("fuego", "agua"):
        made.run("postigo", "tenant", "create", slug, "--name", slug.title(), "--host", f"{slug}.localhost")
        made.run("postigo", "import", "expenses", str(EXPORT), "--tenant", slug)
    made.run("postigo", "module", "enable", "expenses", "--tenant", "fuego")
    return made


@pytest.fixture(scope="module")
def client(place: Place) -> Distant:
    """Ana's browser, once she has chosen a password."""
    return enter(place, "contact", "activate", "ana@example.com", "--tenant", "fuego")


def test_its_pages_are_on_the_clients_dashboard_and_hold_what_is_theirs(place: Place, client: Distant) -> None:
    with place.serving():
        status, home = client.ask("GET", "/portal/")
        assert status == 200
        assert "Gastos por aprobar" in home
        assert "2 gastos esperan su aprobación" in home
        listing = client.ask("GET", "/portal/expenses/")[1]
        assert "Tasas de legalización" in listing
        assert "Ensayo de laboratorio" not in listing
        record = records(listing)[0]
        page = client.ask("GET", record)[1]
        assert "Plataforma, dos días" in page
        for text in (listing, page, client.ask("GET", "/portal/expenses/expense/export.csv")[1]):
            assert not re.search(r"2[123]\d[.,]\d\d", text), "what it cost the company is not the client's to see"


def records(listing: str) -> list[str]:
    """The addresses of the records of a list, in its order."""
    return list(dict.fromkeys(re.findall(r"/portal/expenses/\d+", listing)))


def test_a_client_asks_staff_answer_and_the_client_approves(place: Place, client: Distant) -> None:
    staff = enter(place, "staff", "create", "eva@example.com", "--tenant", "fuego")
    with place.serving():
        record = records(client.ask("GET", "/portal/expenses/")[1])[0]
        desk = record.replace("/portal/", "/staff/records/")
        act(client, f"{record}/do/ask", f_question="¿De qué obra?")
        assert "Pendiente de nuestra respuesta" in client.ask("GET", record)[1]
        act(staff, f"{desk}/do/reply", f_answer="De la nave dos.")
        assert "De la nave dos." in client.ask("GET", record)[1]
        act(client, f"{record}/do/approve", f_order_number="PC-77")
        page = client.ask("GET", record)[1]
        assert "Aprobado" in page
        assert "PC-77" in page
        assert client.status(f"{record}/do/approve") == 404
        assert "1 gasto espera su aprobación" in client.ask("GET", "/portal/")[1]


def test_the_other_tenant_has_it_off(place: Place) -> None:
    said = place.run("postigo", "module", "list", "--tenant", "agua")
    assert "expenses\t1.0.0\toff" in said


def test_without_its_package_the_portal_goes_on_and_with_it_all_is_back(
    place: Place, wheel: Path, client: Distant
) -> None:
    staff = enter(place, "staff", "create", "ida@example.com", "--tenant", "fuego")
    uninstall(place.env, "postigo-expenses")
    try:
        with place.serving():
            assert client.status("/portal/") == 200
            assert client.status("/portal/expenses/") == 404
            for page in ("/staff/modules/", "/staff/health/"):
                told = staff.ask("GET", page)[1]
                assert "Ya no está instalado" in told
                assert "Se conservan 3 registros." in told
        told = place.run("postigo", "module", "list", "--tenant", "fuego")
        assert "expenses\t-\tnot installed\t3 records kept" in told
        assert "there is no module" in place.run("postigo", "module", "enable", "expenses", "--tenant", "agua", code=1)
    finally:
        install(place.env, wheel)
    with place.serving():
        assert "Tasas de legalización" in client.ask("GET", "/portal/expenses/")[1]


def test_its_own_test_passes_there(place: Place, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    said = place.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "tests"))
    assert re.search(r"\d+ passed", said)
    assert "failed" not in said


def test_purge_takes_it_out_though_its_package_is_gone(place: Place) -> None:
    place.run("postigo", "module", "disable", "expenses", "--tenant", "fuego")
    uninstall(place.env, "postigo-expenses")
    said = place.run("postigo", "module", "purge", "expenses", "--yes")
    assert "the table expenses_expense with 6 rows" in said
    assert "6 rows of record" in said
    assert "there is nothing of a module" in place.run("postigo", "module", "purge", "expenses", "--yes", code=1)
