"""Look-ups with conditions and sums, conditions that ask a look-up, factors that may be missing, and moments as
seconds: on a profile of a test's own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.crm.models import Account
from core.imports import Report
from core.imports.language import folders
from plugins.cases.models import Case
from plugins.invoices.models import Invoice, Line
from tests.imports.exports import Export

PROFILE = """
[lookups.client]
file = "roles.csv"
key = "who"
value = "role"
when = { role = ["client"] }

[lookups.total]
file = "items.csv"
key = "bill"
sum = ["price", "count"]
missing = 1

[lookups.net]
file = "items.csv"
key = "bill"
sum = ["price", "count"]
missing = 1
when = { kind = { none = ["tax"] } }

[[table]]
file = "parties.csv"
into = "core.account"
id = "id"
only = [{ when = { id = { lookup = "client" } }, reason = "no client" }]
fields = { name = "name" }

[[table]]
file = "bills.csv"
into = "invoices.invoice"
id = "id"

[table.fields]
number = "id"
issued_on = "day"
status = { value = "pending" }
account_id = "client"
net = { column = "id", lookup = "net", otherwise = "0" }
total = { column = "id", lookup = "total" }

[[table]]
file = "items.csv"
into = "invoices.line"

[table.fields]
parent_id = "bill"
currency = { value = "EUR" }
quantity = { column = "seconds", per = 3600 }
total = { product = ["price", "count"], missing = 1 }

[[table]]
file = "asked.csv"
into = "cases.case"
id = "id"
fields = { number = "id", opened_at = { column = "when", seconds = true } }
"""

FILES = {
    "roles.csv": "who,role\n1,carrier\n1,client\n2,carrier\n",
    "parties.csv": "id,name\n1,One\n2,Two\n",
    "bills.csv": "id,day,client\nA,2026-01-01,1\nB,2026-01-01,1\nC,2026-01-01,1\n",
    "items.csv": "bill,kind,price,count,seconds\nA,thing,1.25,3,5400\nA,thing,2.00,,\nA,tax,0.50,,4830\n"
    "A,odd,9.00,1,long\nB,thing,x,1,0\nB,thing,1.00,1,0\n",
    "asked.csv": "id,when\n1,1479323636\n2,\n3,soon\n4,-5\n",
}


@pytest.fixture
def report(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """What an import of these files came to."""
    profiles = tmp_path / "m" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "own.toml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setattr("core.imports.language.folders", lambda registry: [*folders(registry), profiles])
    for name, text in FILES.items():
        (export.folder / name).write_text(text, encoding="utf-8")
    return export.load("own")


def test_a_condition_asks_a_look_up_which_has_a_condition_of_its_own(report: Report, export: Export) -> None:
    assert [a.name for a in export.all(Account)] == ["One"]
    assert [(x.external, x.reason) for x in report.table("parties.csv").listed] == [("2", "no client")]


def test_what_rows_of_another_table_come_to(report: Report, export: Export) -> None:
    """Of B, one item holds no number, and C has none: what they come to is not known, and nothing is guessed."""
    assert {i.number: (i.net, i.total) for i in export.all(Invoice)} == {"A": (1475, 1525)}
    refused = {x.external: x.reason for x in report.table("bills.csv").listed}
    assert refused == {name: f"total: {name!r} of id is not known" for name in "BC"}


def test_a_factor_that_is_missing_counts_as_the_profile_says(report: Report, export: Export) -> None:
    assert sorted(line.total for line in export.all(Line)) == [50, 200, 375]


def test_what_is_counted_in_small_things_is_kept_in_large_ones(report: Report, export: Export) -> None:
    """With two decimals; an empty one is the column's default, and what is no number is refused."""
    assert {line.total: str(line.quantity.normalize()) for line in export.all(Line)} == {
        375: "1.5",
        200: "1",
        50: "1.34",
    }
    assert any(x.reason.startswith("quantity: is no number") for x in report.table("items.csv").listed)


def test_seconds_are_a_moment_and_anything_else_is_refused(report: Report, export: Export) -> None:
    moments = {c.number: c.opened_at for c in export.all(Case)}
    assert moments == {"1": datetime(2016, 11, 16, 19, 13, 56, tzinfo=UTC), "2": None}
    assert {x.external for x in report.table("asked.csv").listed} == {"3", "4"}
