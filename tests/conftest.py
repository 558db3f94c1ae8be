"""Fixtures for all tests: a fresh database of either kind, the application on it, the browser."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from core.access import passwords
from core.config import Settings
from tests import compiled, postgres, quick, strict
from tests.access import world
from tests.databases import KINDS, Database, PostgresDatabases, SqliteDatabases
from tests.folders import temporary_folder
from tests.turns import waits
from tests.wheels import build_postigo

LONGEST = [
    "tests/test_guide.py",
    "tests/browser/test_pages.py",
    "tests/kit/test_leaky.py",
    "tests/rest/test_any_request.py",
    "tests/examples/test_expenses.py",
    "tests/visibility/test_controls.py",
    "tests/visibility/test_machine.py",
    "tests/test_scaffold.py",
    "tests/imports/test_retail.py",
    "tests/worker/test_chaos.py",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure() -> None:
    """Keep the settings of whoever runs the tests out of them, and gather the tests without looking through them."""
    gc.set_threshold(*quick.RARELY)
    for name in list(os.environ):
        if name.startswith("POSTIGO_") and name not in ("POSTIGO_STRICT", "POSTIGO_TEST_POSTGRES"):
            del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has its turn on the other database. What takes longest begins first: on several cores, the last
    file to end would else keep all but one waiting."""
    if left_out := [item for item in items if waits(item)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not waits(item)]
    items.sort(key=lambda item: LONGEST.index(name) if (name := item.nodeid.partition("::")[0]) in LONGEST else 99)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Where strict, name the tests that were skipped although nothing but real data may be missing."""
    if strict.strict() and (skipped := _skipped(terminalreporter)):
        terminalreporter.section("skipped, which fails here")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where strict, make a skipped test fail the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if strict.strict() and reporter and session.exitstatus == 0 and _skipped(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped(reporter: Any) -> list[Any]:
    """Give the reports of skipped tests, but for those that miss real data."""
    return [each for each in reporter.stats.get("skipped", []) if strict.NO_DATA not in str(each.longrepr)]


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with quick.quick():
        yield


@pytest.fixture(autouse=True)
def _apart(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that patches something compiles its statements by itself."""
    with compiled.SHARED.apart() if "monkeypatch" in request.fixturenames else nullcontext():
        yield


@pytest.fixture
def true_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed as the product does, for tests of what that costs."""
    monkeypatch.setattr(passwords, "_hasher", quick.TRUE_HASHER)
    for made_before in (passwords._nobodys, world.hashed):
        made_before.cache_clear()
    yield
    for made_before in (passwords._nobodys, world.hashed):
        made_before.cache_clear()


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    """Makes SQLite databases, for fixtures that live longer than one test."""
    with temporary_folder("postigo-sqlite-") as folder:
        yield SqliteDatabases(folder)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Makes PostgreSQL databases, for fixtures that live longer than one test."""
    try:
        with postgres.server() as address:
            databases = PostgresDatabases(make_url(address))
            databases.add_roles()
            yield databases
            databases.remove_all()
    except postgres.NoServer as error:
        strict.missing(f"no PostgreSQL: {error}")


@pytest.fixture(scope="session", params=KINDS)
def databases(request: pytest.FixtureRequest) -> SqliteDatabases | PostgresDatabases:
    """Makes databases of either kind: `with databases.fresh() as database`."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    return request.getfixturevalue(f"{kind}_databases")  # type: ignore[no-any-return]


@pytest.fixture
def database(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Database]:
    """One fresh database with the whole schema and no rows; every test that asks runs on both kinds."""
    with databases.fresh() as made:
        yield made


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """The engine of that database, as the role that serves."""
    from core.db.engine import make_engine

    made = make_engine(database.url)
    yield made
    made.dispose()


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation on that database, with a home of its own."""
    home = tmp_path / "home"
    return Settings(
        home=home,
        database_url=database.url,
        owner_url=database.owner_url,
        port=8000,
        secret_file=home / "secret.key",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application of that installation, as it is served: an exception in it is an error page."""
    from core.app import create_app

    made = create_app(settings)
    yield made
    made.extensions["postigo"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a window, signed in as nobody."""
    return app.test_client()


@pytest.fixture(scope="session")
def postigo_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's own wheel, built from the sources."""
    return build_postigo(Path(tmp_path_factory.mktemp("postigo")) / "built")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium, kept off the network."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        strict.missing("no Chromium on this machine")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    flags += ["--disable-background-networking", "--disable-component-update"]
    here = ("127.0.0.1", "localhost", "*.localhost")
    flags += [f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {name}' for name in here)}"]
    return {"executable_path": program, "args": flags, "timeout": 180_000}
