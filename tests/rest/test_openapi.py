"""The description is the reader's own: it names what they have, and nothing else."""

import json
from typing import Any

import jsonschema_rs
import schemathesis

from core.db.flags import FieldFlags, Flags
from core.modules.flags import save_flags
from tests.rest.reading import DESCRIPTION, LIST, PAYMENTS, read
from tests.rest.writing import TOKEN
from tests.visibility.changes import switch
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import Browser, World


def described(browser: Browser) -> dict[str, Any]:
    """The description, which must be one."""
    body = read(browser, DESCRIPTION)
    schemathesis.openapi.from_dict(body).validate()
    assert body["openapi"] == "3.1.0"
    return body


def parameters(body: dict[str, Any], path: str = LIST) -> set[str]:
    """The names of a list's parameters."""
    return {each["name"] for each in body["paths"][path]["get"]["parameters"]}


def test_clients_are_told_of_what_clients_have(world: World) -> None:
    body = described(world.contact("whole"))
    records = {LIST, f"{LIST}{{record_id}}", f"{LIST}{{record_id}}/files"}
    assert set(body["paths"]) == {DESCRIPTION, TOKEN, "/api/v1/search", *records}
    assert {"q", "sort", "status", "issued_on_from", "account", "site", "mine", "after", "before"} <= parameters(body)
    schemas = body["components"]["schemas"]
    schemas.pop("Agreement")  # which has a reason of its own
    text = json.dumps([body["paths"], schemas])
    for name in ("payment/", "reason", "contact_id", "tenant_id", "owner", "published", "draft", "Draft"):
        assert name not in text, name


def test_staff_are_told_of_everything(world: World) -> None:
    base = Snapshot(world)
    switch(world, world.one, "invoices", "tenant", world.one.id, False)
    body = described(world.staff())
    assert {LIST, PAYMENTS} <= set(body["paths"])
    assert {"reason", "contact_id"} <= set(body["components"]["schemas"]["invoices.invoice"]["properties"])
    assert "mine" not in parameters(body)
    assert {"account", "site"}.isdisjoint(parameters(body, PAYMENTS))
    assert set(described(world.contact("whole"))["paths"]) == {DESCRIPTION, TOKEN}  # it is off
    base.restore()


def test_what_the_tenant_hides_calls_otherwise_or_puts_first(world: World) -> None:
    base, browser = Snapshot(world), world.contact("whole")
    flags = FieldFlags(
        (
            ("total", Flags(seen=False)),
            ("lines.discount", Flags(seen=False)),
            ("payments", Flags(seen=False)),
            ("note", Flags(labels=(("en", "Remark"),))),
        ),
        ("note",),
    )
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", flags)
    schemas = described(browser)["components"]["schemas"]
    own = schemas["invoices.invoice"]["properties"]
    assert "total" not in own
    assert own["note"]["title"] == "Remark"
    assert "discount" not in schemas["invoices.invoice.children.lines"]["properties"]
    assert set(schemas["invoices.invoice.children"]["properties"]) == {"lines"}
    record = read(browser)["records"][0]
    assert next(iter(record["fields"])) == "note"
    assert set(record["fields"]) == set(own)
    assert set(read(browser, record["url"])["children"]) == {"lines"}
    base.restore()


def test_it_is_in_the_readers_language(world: World) -> None:
    answer = world.contact("whole").get(DESCRIPTION, headers={"Accept-Language": "es"})
    assert answer.json is not None
    assert answer.json["paths"][LIST]["get"]["summary"] == "Facturas"
    assert answer.json["components"]["schemas"]["invoices.invoice"]["properties"]["total"]["title"] == "Total"


def test_words_of_any_script_may_be_searched_for(world: World) -> None:
    search = described(world.contact("whole"))["paths"]["/api/v1/search"]["get"]
    (words,) = (each["schema"] for each in search["parameters"] if each["name"] == "q")
    checks = jsonschema_rs.validator_for(words)
    assert all(checks.is_valid(typed) for typed in ("日本", "año", "1"))
    assert not checks.is_valid("---")
