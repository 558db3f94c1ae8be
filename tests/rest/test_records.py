"""A record as JSON: each value of its kind, with its child tables and files, for whoever sees it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.files.storage import attach
from plugins.invoices.models import Allocation, Invoice, Line
from tests.rest.reading import LIST, PAYMENTS, read, refused
from tests.visibility.changes import switch
from tests.worlds.seed import PDF
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World

NONSENSE = 999999999


def add(world: World, **more: Any) -> int:
    """An invoice with one of everything."""
    made = world.one
    with world.writing() as session:
        columns = {
            "account_id": made.accounts["alpha"],
            "site_id": made.sites["a1"],
            "contact_id": made.people["whole"],
        }
        invoice = Invoice(
            number="Ñ-1", kind="deposit", status="pending", issued_on=date(2026, 3, 1), currency="EUR", total=-123450,
            note="“a\nb”", **columns | more,
        )  # fmt: skip
        session.add(invoice)
        session.flush()
        line = {"quantity": Decimal("10.500000"), "unit_price": Decimal("0.000001"), "tax_rate": Decimal(21)}
        session.add(Line(parent_id=invoice.id, description="One", currency="JPY", net=500, **line))
        session.add(Allocation(parent_id=invoice.id, paid_on=date(2026, 3, 2), currency="EUR", amount=5))
        attach(session, world.store, invoice.id, "Ñ-1.pdf", PDF, "application/pdf")
        return invoice.id


def test_values_are_exact_and_say_what_they_are(world: World) -> None:
    base = Snapshot(world)
    body = read(world.contact("two_accounts"), f"{LIST}{add(world)}")
    made, found = world.one, body["fields"]
    assert found["number"] == "Ñ-1"
    assert found["total"] == {"amount": "-1234.50", "currency": "EUR"}
    assert found["paid"] == {"amount": "0.05", "currency": "EUR"}
    assert found["issued_on"] == "2026-03-01"
    assert found["due_on"] is None
    assert found["kind"] == {"value": "deposit", "label": "Deposit"}
    assert found["account_id"] == {"id": made.accounts["alpha"], "name": "Alpha"}
    assert found["site_id"] == {"id": made.sites["a1"], "name": "A1"}
    assert found["note"] == "“a\nb”"
    (line,) = body["children"]["lines"]
    assert (line["quantity"], line["unit_price"], line["tax_rate"]) == ("10.5", "0.000001", "21")
    assert line["net"] == {"amount": "500", "currency": "JPY"}
    assert [row["paid_on"] for row in body["children"]["payments"]] == ["2026-03-02"]
    base.restore()


def test_the_list_says_the_same_of_a_record(world: World) -> None:
    browser = world.contact("two_accounts")
    for entry in read(browser)["records"][:5]:
        whole = read(browser, entry["url"])
        assert {name: whole[name] for name in entry} == entry


def test_choices_are_called_as_the_reader_calls_them(world: World) -> None:
    record = f"{LIST}{world.one.invoices['alpha']}"
    answer = world.contact("whole").get(record, headers={"Accept-Language": "es"})
    assert answer.json is not None
    assert answer.json["fields"]["kind"] == {"value": "standard", "label": "Factura"}


def test_files_are_where_their_links_say(world: World) -> None:
    made = world.one
    for browser in (world.contact("whole"), world.staff()):
        body = read(browser, f"{LIST}{made.invoices['alpha']}")
        (file,) = body["files"]
        answer = browser.get(file["url"])
        assert (answer.status_code, len(answer.data), answer.mimetype) == (200, file["size"], file["media_type"])
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert browser.get(body["document"]).mimetype == "application/pdf"


def test_clients_are_told_of_nobody_whose_name_they_do_not_see(world: World) -> None:
    """The contact that an invoice names is a colleague: shown to staff, and to clients neither name nor id."""
    base = Snapshot(world)
    record = f"{LIST}{add(world)}"
    theirs = read(world.staff(), record)["fields"]["contact_id"]
    assert theirs["id"] == world.one.people["whole"]
    assert "contact_id" not in read(world.contact("two_accounts"), record)["fields"]
    base.restore()


def test_what_is_not_visible_is_not_there_byte_for_byte(world: World) -> None:
    browser, made = world.contact("whole"), world.one
    plain = browser.get(f"{LIST}{NONSENSE}")
    refused(plain, 404)
    closed = [made.invoices[name] for name in ("beta", "alpha_draft", "gamma") if name in made.invoices]
    closed += [*world.two.invoices.values()][:5]
    paths = [f"{LIST}{id_}" for id_ in closed] + [f"{PAYMENTS}{made.payments['P-1']}", PAYMENTS]
    paths += [f"{LIST}{form}" for form in ("0", "-1", "1.5", "x", "9" * 19, "9" * 40, "1/", "1/files/1", "%00", "٣")]
    paths += ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/", "/api/v1/invoices", "/api/v1/nonsense/x/"]
    for path in paths:
        answer = browser.get(path)
        assert (answer.status_code, answer.data) == (404, plain.data), path
        assert [h for h in answer.headers if h[0] != "Date"] == [h for h in plain.headers if h[0] != "Date"], path
    assert read(browser, f"{LIST}{made.invoices['alpha']}")


def test_staff_read_drafts_and_what_is_off(world: World) -> None:
    base, made = Snapshot(world), world.one
    draft = next(id_ for name, id_ in made.invoices.items() if name.endswith("_draft"))
    switch(world, made, "invoices", "tenant", made.id, False)
    body = read(world.staff(), f"{LIST}{draft}")
    assert body["fields"]["status"]["value"] == "draft"
    assert {"reason", "contact_id"} <= body["fields"].keys()
    assert read(world.staff(), f"{PAYMENTS}{made.payments['P-1']}")["document"] is None
    refused(world.contact("whole").get(f"{LIST}{made.invoices['alpha']}"), 404)
    base.restore()


@pytest.mark.parametrize("url", ["/api/v1/openapi.json?x=1", f"{LIST}1?x=1", f"{LIST}1?after=", f"{PAYMENTS}1?x"])
def test_a_record_takes_no_parameters(world: World, url: str) -> None:
    assert refused(world.staff().get(url), 400)["parameter"] in ("x", "after")
