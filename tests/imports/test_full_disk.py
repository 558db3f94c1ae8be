"""A full disk, or a run that is killed: a clear message, and nothing of the run is left."""

import csv
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from core.config import Settings
from core.crm.models import Account, ExternalId
from core.db.engine import make_engine
from core.db.record import Record
from core.files.models import File
from core.files.storage import Store
from core.imports import ImportFailed
from core.modules.registry import Registry
from tests.databases import SqliteDatabases
from tests.imports.exports import SMALL, Export, read
from tests.server import POSTIGO, environment


def nothing_is_left(export: Export) -> bool:
    """Whether neither a row nor a stored byte is there."""
    return not any(export.all(cls) for cls in (Account, Record, ExternalId, File)) and stored(export) == []


def stored(export: Export) -> list[Path]:
    """The files in the store."""
    return [path for path in (export.folder.parent / "store").rglob("*") if path.is_file()]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_database_that_runs_full_keeps_nothing_of_the_run(
    sqlite_databases: SqliteDatabases, registry: Registry, store: Store, tmp_path: Path, share: float
) -> None:
    with sqlite_databases.fresh() as database:
        roomy = make_engine(database.url)
        export = Export(SMALL, tmp_path / "export", roomy, registry, store)
        _grow(export.folder, 400)
        before, after = _pages_of(roomy, export, tmp_path)
        roomy.dispose()
        export.engine = _tight(database.url, before + round(share * (after - before)))
        with pytest.raises(ImportFailed, match="nothing was imported; the database says: database or disk is full"):
            export.load()
        assert nothing_is_left(export)
        export.engine.dispose()
        export.engine = make_engine(database.url)
        assert export.load().listed == []
        export.engine.dispose()


def _pages_of(engine: Engine, export: Export, folder: Path) -> tuple[int, int]:
    """How many pages the database has before an import and, in a copy of it, after."""
    engine.dispose()
    copy = folder / "copy.db"
    shutil.copyfile(str(engine.url.database), copy)
    twin = Export.__new__(Export)
    twin.__dict__.update(export.__dict__, engine=make_engine(f"sqlite:///{copy}"), store=Store(folder / "other"))
    before = copy.stat().st_size // 4096
    twin.load()
    twin.engine.dispose()
    return before, copy.stat().st_size // 4096


def _tight(url: str, pages: int) -> Engine:
    """An engine on a disk that has room for so many pages."""
    engine = make_engine(url)
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}"))
    return engine


def _grow(folder: Path, times: int) -> None:
    """Give the export many more invoices and lines."""
    for name, key in (("llx_facture.csv", "facnumber"), ("llx_facturedet.csv", "description")):
        rows = read(folder / name)
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            for n in range(times):
                fresh = {"rowid": str(1000 + n), key: f"more {n}", "fk_facture_source": ""}
                writer.writerow({**rows[1], **{k: v for k, v in fresh.items() if k in rows[1]}})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[None]:
    """A store with room for 256 kB: a small disk where one can be mounted, else a limit to the size of a
    file."""
    folder = tmp_path / "store"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        yield
        subprocess.run(["umount", str(folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_store_that_runs_full_keeps_nothing_of_the_run(export: Export) -> None:
    large = export.folder / "documents/facture/FA-2/FA-2.pdf"
    large.write_bytes(b"%PDF-1.4" + b"x" * 5_000_000)
    with pytest.raises(ImportFailed, match="nothing was imported; the file could not be kept"):
        export.load()
    assert nothing_is_left(export)
    large.write_bytes(b"%PDF-1.4 small")
    assert export.load().table("llx_facture.csv").files == 2
    assert len(stored(export)) == 2


def test_what_was_there_before_survives_a_run_that_fails(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    export.load()
    before, files = export.dump(), stored(export)
    export.set("llx_facture.csv", "3", ref_client="changed")
    (export.folder / "documents/facture/FA-1/FA-1.pdf").write_bytes(b"%PDF-1.4 changed")

    def break_down(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("core.imports.runner._gone", break_down)
    with pytest.raises(ImportFailed, match="nothing was imported; the disk is gone"):
        export.load()
    assert export.dump() == before
    assert stored(export) == files


def test_a_run_that_is_killed_leaves_nothing(
    engine: Engine, settings: Settings, registry: Registry, tmp_path: Path
) -> None:
    export = Export(SMALL, tmp_path / "export", engine, registry, Store(settings.home / "files"))
    _grow(export.folder, 4000)
    command = [POSTIGO, "import", "dolibarr", export.folder, "--tenant", "baterias"]
    started = subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE, text=True)
    assert started.stderr is not None
    for line in started.stderr:
        if line.startswith("llx_facturedet.csv"):
            break
    started.send_signal(signal.SIGKILL)
    started.communicate()
    assert started.returncode == -signal.SIGKILL
    assert not any(export.all(cls) for cls in (Account, Record, ExternalId, File))
    assert export.load().listed == []
