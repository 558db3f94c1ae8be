"""Assets out of the exports of real systems: how many there are, whose they are, and what is part of what."""

import csv
import gzip
import shutil
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact, Membership, Site
from core.db.session import open_session
from core.files.storage import Store
from core.modules.reach import sight_of
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_switch
from plugins.assets.models import EQUIPMENT, IN_SERVICE, PLACE, Asset, Work
from tests.imports.exports import Export
from tests.nightly import NIGHTLY
from tests.strict import shared_data

#: of 35,042 devices, those that an ordinary run reads
SOME = None if NIGHTLY else 700
TODAY = date(2027, 5, 31)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The installed modules."""
    return load_modules()


@pytest.fixture
def axelor(engine: Engine, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """A copy of Axelor's demonstration data, on a certain day."""
    monkeypatch.setattr("core.imports.convert.today_in", lambda zone: TODAY)
    return Export(shared_data("axelor-demo"), tmp_path / "export", engine, registry, Store(tmp_path / "store"))


def tree(export: Export) -> dict[str, tuple[str, ...]]:
    """The names on the way down to each asset."""
    rows = {row.id: row for row in export.all(Asset)}

    def line(row: Any) -> tuple[str, ...]:
        return (*(line(rows[row.unit_id]) if row.unit_id else ()), row.name)

    return {str(row.id): line(row) for row in rows.values()}


def test_axelor_has_four_places_and_eleven_pieces_of_two_partners(axelor: Export) -> None:
    axelor.load("axelor-demo")
    assets, accounts = axelor.all(Asset), {row.id: row.name for row in axelor.all(Account)}
    kinds = [(row.kind, accounts[row.account_id]) for row in assets]
    assert {each: kinds.count(each) for each in kinds} == {
        (PLACE, "APOLLO"): 3, (EQUIPMENT, "APOLLO"): 6,
        (PLACE, "BOURGEOIS INDUSTRIE"): 1, (EQUIPMENT, "BOURGEOIS INDUSTRIE"): 5,
    }  # fmt: skip
    lines = list(tree(axelor).values())
    assert ("Headquarter", "Headquarter - 1st floor", "Monitors") in lines
    assert ("Installation of computer equipment", "Bottom storage") in lines
    printer = next(row for row in assets if row.name == "Printer 1")
    assert (printer.state, printer.category) == (IN_SERVICE, "Printers")
    assert (printer.installed_on, printer.warranty_until) == (date(2027, 4, 30), date(2027, 7, 31))


def test_the_french_folder_reads_alike_and_is_the_same_equipment(axelor: Export) -> None:
    """Where English is there it is read; without it the French, over the same records. Again, nothing changes."""
    axelor.load("axelor-demo")
    english = {row.id: row for row in axelor.all(Asset)}
    again = axelor.load("axelor-demo")
    assert sum(table.unchanged for table in again.tables if table.kind == "assets.asset") == 15
    for folder in axelor.folder.glob("*/en"):
        shutil.rmtree(folder)
    axelor.load("axelor-demo")
    french = {row.id: row for row in axelor.all(Asset)}
    assert french.keys() == english.keys()
    assert ("Siège", "Siège - 2ème étage", "Stockage") in tree(axelor).values()
    for row_id, row in french.items():
        there = english[row_id]
        same = ("account_id", "kind", "state", "unit_id", "installed_on", "warranty_until")
        assert [getattr(row, name) for name in same] == [getattr(there, name) for name in same]


def test_days_count_from_each_import(axelor: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Demonstration data is as old on every day: what an import on a later day reads has moved with it."""
    axelor.load("axelor-demo")
    monkeypatch.setattr("core.imports.convert.today_in", lambda zone: date(2027, 6, 15))
    axelor.load("axelor-demo")
    assert axelor.one(Asset, name="Printer 1").installed_on == date(2027, 5, 15)


@pytest.fixture
def elevators(engine: Engine, registry: Registry, tmp_path: Path) -> tuple[Export, list[dict[str, str]]]:
    """Devices as the file says them, and as they were imported."""
    source, folder = shared_data("assets-elevators"), tmp_path / "some"
    folder.mkdir()
    with gzip.open(source / "elevators.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), SOME))
    with gzip.open(folder / "elevators.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return Export(folder, tmp_path / "export", engine, registry, Store(tmp_path / "store")), rows


def test_elevators_stand_at_the_sites_of_one_account(elevators: tuple[Export, list[dict[str, str]]]) -> None:
    export, rows = elevators
    export.load("assets-elevators")
    (account,) = export.all(Account)
    devices, sites = export.all(Asset), {row.id: row for row in export.all(Site)}
    assert len(devices) == len(rows)
    assert len(sites) == len({row["bin"] for row in rows})
    assert {row.account_id for row in devices} == {row.account_id for row in sites.values()} == {account.id}
    by_bin: dict[str, set[str]] = {}
    for row in rows:
        by_bin.setdefault(row["bin"], set()).add(row["device_number"])
    by_site: dict[int, set[str]] = {}
    for device in devices:
        by_site.setdefault(device.site_id, set()).add(device.number)
    assert sorted(map(sorted, by_site.values())) == sorted(map(sorted, by_bin.values()))
    first, told = export.one(Asset, number=rows[0]["device_number"]), rows[0]
    assert (first.maker, str(first.installed_on or "")) == (told["manufacturer"], told["approval_date"])
    assert sites[first.site_id].name == f"{told['house_number']} {told['street_name']}"
    assert len(export.all(Work)) == sum(1 for row in rows if row["lastper_insp_date"])


def test_who_belongs_to_one_building_sees_its_elevators_alone(elevators: tuple[Export, list[dict[str, str]]]) -> None:
    export, rows = elevators
    export.load("assets-elevators")
    with export.session(writes=True) as session:
        set_switch(session, export.registry, "assets", "tenant", export.tenant.id, True)
        site = session.scalars(select(Site).where(Site.name == f"{rows[0]['house_number']} {rows[0]['street_name']}"))
        porter = Contact(first_name="Porter", last_name="", portal_user=True)
        session.add(porter)
        session.flush()
        session.add(Membership(contact_id=porter.id, account_id=export.one(Account).id, site_id=site.first().id))
        session.flush()
        sight = sight_of(session, export.registry, porter.id)[0]
        session.commit()
    with open_session(export.engine, sight) as session:
        seen = set(session.scalars(select(Asset.number)))
    assert seen == {row["device_number"] for row in rows if row["bin"] == rows[0]["bin"]}
