"""Upgrades: a SQLite file is copied before it is changed, PostgreSQL is upgraded by its owner and on request."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from core import upgrade
from core.cli import cli
from core.config import Settings, make_home
from core.db.migrations import SchemaError
from core.modules.registry import Registry
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.server import environment


@pytest.fixture
def empty(databases: SqliteDatabases | PostgresDatabases, tmp_path: Path) -> Iterator[Settings]:
    """An installation whose database has no table yet."""
    home = tmp_path / "home"
    with databases.empty() as database:
        settings = Settings(home, database.url, database.owner_url, 8000, home / "secret.key")
        make_home(settings)
        yield settings


def test_a_new_database_gets_the_schema_and_has_no_tenant(empty: Settings) -> None:
    assert upgrade.bring_up_to_date(empty, Registry()) == []
    assert upgrade.check_schema(empty, Registry()) == []
    assert not upgrade.has_tenant(empty)
    assert not (empty.home / "backups").exists()


def test_an_old_schema_is_refused_with_the_command_that_mends_it(empty: Settings) -> None:
    with pytest.raises(SchemaError, match="postigo db upgrade"):
        upgrade.check_schema(empty, Registry())


def test_a_schema_of_a_newer_version_is_left_alone(empty: Settings) -> None:
    upgrade.bring_up_to_date(empty, Registry())
    engine = create_engine(empty.owner_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    engine.dispose()
    with pytest.raises(SchemaError, match="newer"):
        upgrade.bring_up_to_date(empty, Registry())


def test_a_sqlite_file_with_data_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    settings = Settings(tmp_path, url := f"sqlite:///{tmp_path / 'postigo.db'}", url, 8000, tmp_path / "secret.key")
    with closing(sqlite3.connect(tmp_path / "postigo.db")) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE kept (what text)")
        old.execute("INSERT INTO kept VALUES ('precious')")
        old.commit()
        upgrade.bring_up_to_date(settings, Registry())
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT what FROM kept").fetchall() == [("precious",)]
        assert kept.execute("SELECT count(*) FROM sqlite_master WHERE name = 'tenant'").fetchone() == (0,)
    upgrade.bring_up_to_date(settings, Registry())
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_without_a_copy_nothing_is_changed(tmp_path: Path) -> None:
    settings = Settings(tmp_path, url := f"sqlite:///{tmp_path / 'postigo.db'}", url, 8000, tmp_path / "secret.key")
    with closing(sqlite3.connect(tmp_path / "postigo.db")) as old:
        old.execute("CREATE TABLE kept (what text)")
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(SchemaError, match="nothing was changed"):
        upgrade.bring_up_to_date(settings, Registry())
    with closing(sqlite3.connect(tmp_path / "postigo.db")) as still:
        assert still.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]


def test_the_role_that_serves_cannot_upgrade(postgres_databases: PostgresDatabases, tmp_path: Path) -> None:
    with postgres_databases.empty() as database:
        settings = Settings(tmp_path, database.url, database.owner_url, 8000, tmp_path / "secret.key")
        with pytest.raises(Exception, match="permission denied"):
            upgrade.bring_up_to_date(replace(settings, owner_url=database.url), Registry())


def test_a_full_disk_leaves_no_half_copy_and_the_database_as_it_was(tmp_path: Path) -> None:
    settings = Settings(tmp_path, url := f"sqlite:///{tmp_path / 'postigo.db'}", url, 8000, tmp_path / "secret.key")
    with closing(sqlite3.connect(tmp_path / "postigo.db")) as old:
        old.execute("CREATE TABLE kept (what text)")
        old.execute("INSERT INTO kept VALUES (?)", ["precious" * 100_000])
        old.commit()
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(SchemaError, match="nothing was changed"):
            upgrade.bring_up_to_date(settings, Registry())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert list((tmp_path / "backups").iterdir()) == []
    with closing(sqlite3.connect(tmp_path / "postigo.db")) as still:
        assert still.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]
        assert still.execute("SELECT length(what) FROM kept").fetchone() == (800_000,)


def test_the_command_names_a_module_that_cannot_be_loaded(
    empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "broken-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[postigo.modules]\nbroken = no_such_package:module\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    said = CliRunner().invoke(cli, ["db", "upgrade"], env=environment(empty))
    assert said.exit_code == 0, said.output
    assert "Module broken cannot be loaded, and its tables stay as they are: ModuleNotFoundError: " in said.stderr
