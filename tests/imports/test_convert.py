"""What the language of profiles does, on a profile of a test's own: conditions, look-ups, sites, contacts."""

from pathlib import Path

import pytest

from core.crm.models import Account, Contact, Site
from core.imports import ImportFailed
from core.imports.language import folders
from plugins.invoices.models import Invoice
from tests.imports.exports import Export

PROFILE = """
[lookups.town]
file = "towns.csv"
key = "code"
value = "name"

[[table]]
file = "clients.csv"
into = "core.account"
id = "id"
only = [{ when = { role = ["client", "both"] }, reason = "not a client" }]

[table.fields]
name = "name"
town = { column = "town", lookup = "town", otherwise = "elsewhere" }
country = { value = "PT" }

[[table]]
file = "places.csv"
into = "core.site"
id = "id"
fields = { name = "name", account_id = "client" }

[[table]]
file = "people.csv"
into = "core.contact"
id = "id"
fields = { last_name = "name" }

[[table]]
file = "bills.csv"
into = "invoices.invoice"
id = "id"

[table.fields]
number = "number"
issued_on = "day"
currency = "money"
total = { column = "total", empty = ["-"] }
status = [{ value = "paid", when = { done = [1, "yes"] } }, { value = "pending" }]
account_id = "client"
site_id = "place"
contact_id = "person"
"""

FILES = {
    "towns.csv": "code,name\nLX,Lisboa\n",
    "clients.csv": "id,name,town,role\n1,Um,LX,client\n2,Dois,XX,both\n3,Três,,supplier\n",
    "places.csv": "id,name,client\n1,Norte,1\n2,Sul,2\n3,Nada,9\n",
    "people.csv": "id,name\n1,Alice\n",
    "bills.csv": "id,number,day,money,total,done,client,place,person\n"
    "1,A,2026-01-01,EUR,1.50,yes,1,1,\n"
    "2,B,2026-01-01,JPY,150,,,2,\n"
    "3,C,2026-01-01,,-,no,1,2,\n"
    "4,D,2026-01-01,,,1,,,1\n"
    "5,E,2026-01-01,,,,3,,\n"
    "6,F,2026-01-01,GBP,1.505,,1,,\n"
    "7,G,2026-01-01,,,,,,\n",
}


@pytest.fixture
def own(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """The export of a test's own, with its profile."""
    profiles = tmp_path / "m" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "own.toml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setattr("core.imports.language.folders", lambda registry: [*folders(registry), profiles])
    for name, text in FILES.items():
        (export.folder / name).write_text(text, encoding="utf-8")
    return export


def test_rows_that_a_condition_leaves_out_are_listed_with_its_reason(own: Export) -> None:
    table = own.load("own").table("clients.csv")
    assert (table.rows, table.taken, table.refused) == (3, 2, 1)
    assert [(x.line, x.reason) for x in table.listed] == [(4, "not a client")]


def test_look_ups_constants_and_what_they_do_not_know(own: Export) -> None:
    own.load("own")
    told = {a.name: (a.town, a.country) for a in own.all(Account)}
    assert told == {"Um": ("Lisboa", "PT"), "Dois": ("elsewhere", "PT")}


def test_a_site_needs_its_account(own: Export) -> None:
    table = own.load("own").table("places.csv")
    assert {s.name for s in own.all(Site)} == {"Norte", "Sul"}
    assert [(x.external, x.reason) for x in table.listed] == [("3", "account_id: there is no core.account '9'")]


def test_records_go_to_their_account_site_and_contact(own: Export) -> None:
    own.load("own")
    accounts = {a.name: a.id for a in own.all(Account)}
    sites = {s.name: s.id for s in own.all(Site)}
    alice = own.one(Contact).id
    told = {i.number: (i.account_id, i.site_id, i.contact_id, i.owner) for i in own.all(Invoice)}
    assert told == {
        "A": (accounts["Um"], sites["Norte"], None, accounts["Um"]),
        "B": (accounts["Dois"], sites["Sul"], None, accounts["Dois"]),  # the site says whose it is
        "C": (None, None, None, None),  # a site of another account
        "D": (None, None, alice, -alice),
        "E": (None, None, None, None),  # an account that was not taken
        "G": (None, None, None, None),  # names nobody
    }


def test_records_that_name_nobody_are_counted_with_those_for_staff_alone(own: Export) -> None:
    table = own.load("own").table("bills.csv")
    assert (table.rows, table.taken, table.refused, table.staff_only) == (7, 6, 1, 3)
    assert [x.external for x in table.listed if x.taken] == ["3", "5"]


def test_amounts_are_of_the_rows_own_currency(own: Export) -> None:
    table = own.load("own").table("bills.csv")
    told = {i.number: (i.total, i.currency, i.status) for i in own.all(Invoice)}
    assert told["A"] == (150, "EUR", "paid")
    assert told["B"] == (150, "JPY", "pending")
    assert told["C"] == (0, "EUR", "pending")
    assert told["D"] == (0, "EUR", "paid")
    assert {x.external: (x.taken, x.reason) for x in table.listed} == {
        "3": (True, "site_id: the site is not one of the account's"),
        "5": (True, "account_id: there is no core.account '3'"),
        "6": (False, "total: has more decimals than its currency (2): '1.505'"),
    }


def test_sources_of_two_profiles_do_not_meet(own: Export) -> None:
    own.load("dolibarr")
    before = {a.id for a in own.all(Account)}
    report = own.load("own")
    assert report.gone == []
    assert len(own.all(Account)) == len(before) + 2
    assert own.load("dolibarr").table("llx_societe.csv").unchanged == 3


def test_a_look_up_of_a_table_that_is_not_there_is_said(own: Export) -> None:
    (own.folder / "towns.csv").unlink()
    with pytest.raises(ImportFailed, match=r"towns\.csv is not in the folder"):
        own.load("own")
