"""`postigo import`: progress beside the report, one clear line for what went wrong."""

import csv
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.commands.imports import Shown
from core.config import Settings
from core.files.storage import Store
from core.imports import Progress
from core.modules.registry import load_modules
from plugins.invoices.models import Invoice
from tests.imports.exports import SMALL, Export
from tests.server import POSTIGO, environment


@pytest.fixture
def export(engine: Engine, settings: Settings, tmp_path: Path) -> Export:
    """The small export, and a tenant to import it for."""
    return Export(SMALL, tmp_path / "export", engine, load_modules(), Store(settings.home / "files"))


def postigo(settings: Settings, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `postigo import`."""
    command = [POSTIGO, "import", *arguments]
    return subprocess.run(command, env=environment(settings), capture_output=True, text=True, check=False)


def test_the_report_is_printed_and_progress_beside_it(export: Export, settings: Settings) -> None:
    done = postigo(settings, "dolibarr", export.folder, "--tenant", "baterias")
    assert done.returncode == 0
    assert "llx_facture.csv -> invoices.invoice: 6 rows = 6 taken + 0 unchanged + 0 not taken" in done.stdout
    assert "llx_facture.csv -> invoices.invoice: 6 rows, 100%" in done.stderr
    assert len(export.all(Invoice)) == 6
    again = postigo(settings, "dolibarr", export.folder, "--tenant", "baterias")
    assert "llx_facture.csv -> invoices.invoice: 6 rows = 0 taken + 6 unchanged + 0 not taken" in again.stdout


def test_listed_rows_are_information_and_no_failure(export: Export, settings: Settings, tmp_path: Path) -> None:
    export.set("llx_facture.csv", "5", datef="never")
    export.set("llx_facture.csv", "3", fk_soc="=cmd|' /C calc'!A0")
    export.drop("llx_societe.csv", "2")
    listing = tmp_path / "listed.csv"
    done = postigo(settings, "dolibarr", export.folder, "--tenant", "baterias", "--list", listing)
    assert done.returncode == 0
    assert "6 rows = 5 taken + 0 unchanged + 1 not taken" in done.stdout
    assert "line 6 (5), not taken: issued_on: is no date such as 2026-03-31: 'never'" in done.stdout
    with listing.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(r["file"], r["line"], r["id"], r["taken"]) for r in rows} >= {
        ("llx_facture.csv", "6", "5", "0"),
        ("llx_facture.csv", "4", "3", "1"),
    }
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nope", "{folder}", "--tenant", "baterias"), "there is no profile 'nope'; there are: "),
        (("dolibarr", "{folder}", "--tenant", "nobody"), "there is no tenant 'nobody'"),
        (("dolibarr", "{folder}/nope", "--tenant", "baterias"), "is no folder"),
        (("dolibarr", "{folder}/documents", "--tenant", "baterias"), "holds no table of this profile"),
        (("dolibarr", "{folder}"), "Missing option '--tenant'"),
    ],
)
def test_what_goes_wrong_is_one_line(
    export: Export, settings: Settings, arguments: tuple[str, ...], message: str
) -> None:
    done = postigo(settings, *(a.format(folder=export.folder) for a in arguments))
    assert done.returncode != 0
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert export.all(Invoice) == []


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = Shown()
    shown(Progress("a.csv", "core.site", 500, 0.5))
    shown(Progress("a.csv", "core.site", 1000, 1.0))
    out = capsys.readouterr().err
    assert out == f"\ra.csv -> core.site [{'#' * 12}{'.' * 12}] 500 rows\ra.csv -> core.site [{'#' * 24}] 1000 rows\n"


def test_elsewhere_each_tenth_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Shown()
    for n in range(1, 1001):
        shown(Progress("a.csv", "core.site", n, n / 1000))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "a.csv -> core.site: 1000 rows, 100%"
    assert len(lines) == 11
