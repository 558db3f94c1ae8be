"""The contracts of a real Dolibarr: each as it says, and unchanged when it comes again."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine

from core.crm.models import Account
from core.files.storage import Store
from core.modules.registry import load_modules
from plugins.contracts.models import ACTIVE, Contract, Service
from tests.imports.exports import Export
from tests.strict import shared_data

READ = ("llx_societe.csv", "llx_c_country.csv", "llx_product.csv", "llx_contrat.csv", "llx_contratdet.csv")


def test_three_contracts_with_five_services(engine: Engine, tmp_path: Path) -> None:
    source, part = shared_data("dolibarr-demo-9"), tmp_path / "part"
    part.mkdir()
    for name in READ:
        shutil.copy(source / name, part / name)
    export = Export(part, tmp_path / "real", engine, load_modules(), Store(tmp_path / "store"))
    report = export.load()
    told = {t.file: (t.rows, t.taken, t.refused, t.staff_only) for t in report.tables if t.there}
    assert (told["llx_contrat.csv"], told["llx_contratdet.csv"]) == ((3, 3, 0, 0), (5, 5, 0, 0))
    assert [x.reason for x in report.listed] == []
    names = {account.id: account.name for account in export.all(Account)}
    contracts = {c.id: c for c in export.all(Contract)}
    assert sorted((c.number, names[c.account_id], c.starts_on, c.net, c.tax, c.total) for c in contracts.values()) == [
        ("CONTRACT1", "Spanish Comp", date(2012, 7, 9), 0, 0, 0),
        ("CONTRAT1", "Teclib", date(2012, 7, 10), 4600, 10, 4610),
        ("CT1303-0001", "Magic Food Store", date(2015, 3, 6), 1000, 0, 1000),
    ]
    assert {(c.status, c.published, c.ends_on, c.currency) for c in contracts.values()} == {(ACTIVE, True, None, "EUR")}
    services = export.all(Service)
    assert sorted(
        (contracts[s.parent_id].number, s.description, s.starts_on, s.ends_on, s.total) for s in services
    ) == [
        ("CONTRACT1", "Cake making contribution", date(2012, 7, 9), date(2015, 3, 15), 0),
        ("CONTRAT1", "Abonnement annuel assurance", date(2012, 7, 10), date(2013, 7, 10), 1010),
        ("CONTRAT1", "Cake making contribution", date(2012, 7, 10), None, 3600),
        ("CONTRAT1", "gdfg", date(2012, 7, 10), date(2015, 3, 6), 0),
        ("CT1303-0001", "gfdg", date(2015, 3, 6), date(2015, 3, 7), 1000),
    ]
    discounted = next(s for s in services if s.total == 3600)
    assert (discounted.unit_price, discounted.discount, discounted.quantity) == (Decimal(40), Decimal(10), Decimal(1))
    again = export.load()
    assert [(t.taken, t.unchanged) for t in again.tables if "contrat" in t.file] == [(0, 3), (0, 5)]
