"""Lists as CSV: all rows of one moment, with the list's own parameters, and nothing kept open afterwards."""

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.web import export
from plugins.invoices.models import Invoice
from tests.portal.counting import statements
from tests.records.test_query import hostile_strings
from tests.visibility.exits import listed
from tests.worlds.fixtures import world
from tests.worlds.seed import LONG_AGO
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World

__all__ = ["world"]

LIST, CSV = "/portal/invoices/", "/portal/invoices/invoice/export.csv"
STAFF_LIST, STAFF_CSV = "/staff/records/invoices/", "/staff/records/invoices/invoice/export.csv"


def cells(answer: TestResponse, separator: str = ",") -> list[dict[str, str]]:
    """The rows of a file, by their columns' names."""
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=separator))


def numbers(world: World, ids: tuple[int, ...]) -> list[str]:
    """The numbers of these invoices."""
    with world.writing() as session:
        found = dict(session.execute(select(Invoice.id, Invoice.number)).all())
    return [found[id_] for id_ in ids]


def fill(world: World, size: int) -> None:
    """So many invoices more of the first account, some of them alike in what lists are sorted by."""
    with world.writing() as session:
        for n in range(size):
            session.add(
                Invoice(
                    number=f"X-{n:04}", status="pending", issued_on=LONG_AGO, due_on=None if n % 3 else LONG_AGO,
                    currency="EUR", total=n // 5, account_id=world.one.accounts["alpha"],
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    "params", ["", "sort=due_on", "sort=-total", "q=F-01", "status=pending&status=overdue", "mine=1", "kind=deposit"]
)
@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_a_file_has_the_rows_of_the_list_in_its_order(
    world: World, monkeypatch: pytest.MonkeyPatch, params: str, chunk: int
) -> None:
    monkeypatch.setattr(export, "CHUNK", chunk)
    browser = world.contact("two_accounts")
    given = dict(pair.split("=") for pair in params.split("&") if pair) if "&" not in params else {"status": "pending"}
    params = params if "&" not in params else "status=pending"
    expected = numbers(world, listed(browser, LIST, **given).ids)
    assert [row["Number"] for row in cells(browser.get(f"{CSV}?{params}"))] == expected


def test_account_and_site_narrow_it_and_those_of_others_are_not_there(world: World) -> None:
    browser, made = world.contact("two_accounts"), world.one
    for name, id_ in (("account", made.accounts["alpha"]), ("site", made.sites["b1"])):
        expected = numbers(world, listed(browser, LIST, **{name: id_}).ids)
        assert expected
        assert [row["Number"] for row in cells(browser.get(f"{CSV}?{name}={id_}"))] == expected
    for name, id_ in (("account", made.accounts["gamma"]), ("site", world.two.sites["a1"])):
        assert browser.get(f"{CSV}?{name}={id_}").status_code == 404


def test_staff_have_drafts_and_fields_that_clients_have_not(world: World) -> None:
    rows = cells(world.staff().get(STAFF_CSV))
    assert {"Draft", "Pending"} <= {row["Status"] for row in rows}
    assert "Reason for cancelling" in rows[0]
    assert "Reason for cancelling" not in cells(world.contact("whole").get(CSV))[0]
    assert cells(world.staff().get("/staff/records/invoices/payment/export.csv"))[0]["Number"] == "P-1"


def test_it_is_in_the_readers_language(world: World) -> None:
    answer = world.contact("whole").get(CSV, headers={"Accept-Language": "es"})
    row = cells(answer, ";")[0]
    assert re.fullmatch(r"-?\d+,\d\d", row["Total"])
    assert row["Moneda"] in ("EUR", "USD")
    assert re.fullmatch(r'attachment; filename="Facturas \d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])


def test_headers_let_nobody_keep_or_run_it(world: World) -> None:
    answer = world.contact("whole").get(CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Postigo-Progress" not in answer.headers


@pytest.mark.parametrize("params", ["after=x", "before=x", "sort=reason", "reason=x", "nonsense=1", "status=draft"])
def test_what_a_list_refuses_is_refused(world: World, params: str) -> None:
    assert world.contact("whole").get(f"{CSV}?{params}").status_code == 400


def test_hostile_strings_in_every_parameter_are_answered_or_refused(world: World) -> None:
    browser = world.contact("whole")
    names = ("q", "sort", "account", "site", "mine", "status", "due_on_from", "after")
    for n, value in enumerate(hostile_strings()[::12]):
        for name in ("q", names[n % len(names)]):
            assert browser.get(CSV, query_string={name: value}).status_code in (200, 400, 404), (name, value)


def test_it_shows_as_much_as_the_list_to_nobody_else(world: World) -> None:
    assert world.visitor().get(CSV).status_code == 303
    assert world.contact("whole").get("/portal/invoices/payment/export.csv").status_code == 404
    assert world.contact("whole").get(STAFF_CSV).status_code == 404
    assert world.staff().get(CSV).status_code == 303


def test_a_long_file_says_how_many_rows_will_come(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    base, browser = Snapshot(world), world.contact("whole")
    fill(world, 40)
    monkeypatch.setattr(export, "SAID_FROM", 40)
    answer = browser.get(CSV)
    assert answer.headers["Postigo-Progress"] == f"rows={len(cells(answer))}"
    monkeypatch.setattr(export, "SAID_FROM", len(cells(answer)))
    assert "Postigo-Progress" not in browser.get(CSV).headers
    base.restore()


def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    """A file as it would have been before some of its rows were changed, and as it was sent while they were."""
    base, browser = Snapshot(world), world.contact("whole")
    fill(world, 30)
    monkeypatch.setattr(export, "CHUNK", 4)
    before = browser.get(f"{CSV}?sort=total", buffered=True).data
    answer = browser.get(f"{CSV}?sort=total", buffered=False)
    parts = answer.iter_encoded()
    got = next(parts)
    with world.writing() as session:
        for invoice in session.scalars(select(Invoice).where(Invoice.number.like("X-%"))):
            invoice.total = 1000 - invoice.total
        columns = {"issued_on": LONG_AGO, "currency": "EUR", "account_id": world.one.accounts["alpha"]}
        session.add(Invoice(number="NEW", status="pending", total=10, **columns))
    got += b"".join(parts)
    answer.close()
    base.restore()
    return before, got


def test_rows_that_change_meanwhile_are_in_it_as_they_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before, got = meanwhile(world, monkeypatch)
    assert got == before


def test_without_one_moment_postgresql_would_mix_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "at_one_moment", lambda engine: engine)
    before, got = meanwhile(world, monkeypatch)
    assert (got == before) is (world.database.name == "sqlite")


def open_connections(world: World) -> int:
    """Connections of the application that are taken from the pool."""
    pool: Any = world.engine.pool
    return int(pool.checkedout())


def test_nothing_stays_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    browser = world.contact("two_accounts")
    browser.get(CSV).close()
    at_rest = open_connections(world)

    whole = browser.get(CSV, buffered=False)
    parts = whole.iter_encoded()
    next(parts)
    assert open_connections(world) == at_rest + 1
    list(parts)
    assert open_connections(world) == at_rest  # at the last row, not when somebody closes

    hung_up = browser.get(CSV, buffered=False)
    next(hung_up.iter_encoded())
    hung_up.close()
    assert open_connections(world) == at_rest

    browser.head(CSV).close()
    for refused in ("?after=x", "?account=0"):
        browser.get(f"{CSV}{refused}").close()
    assert open_connections(world) == at_rest


def test_a_statement_for_each_chunk_and_no_row_held_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = world.contact("two_accounts")
    size = len(cells(browser.get(CSV)))
    monkeypatch.setattr(export, "CHUNK", 5)
    with statements(world.engine) as sent:
        browser.get(CSV, buffered=True)
    few = len([s for s in sent if "invoices_invoice" in s])
    assert few == size // 5 + 1 + 1  # one for each chunk, one that counts
    assert all("LIMIT" in s for s in sent if "sort_value" in s)


def test_what_fails_before_the_answer_is_an_error_and_later_breaks_it_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.contact("two_accounts")
    monkeypatch.setattr(export, "CHUNK", 5)
    calls = []

    def failing(*args: Any) -> Any:
        for piece in whole(*args):
            calls.append(piece)
            if len(calls) >= broken_at:
                raise RuntimeError("in the middle")
            yield piece

    whole = export.csv_pieces
    monkeypatch.setattr(export, "csv_pieces", failing)
    broken_at = 1
    assert browser.get(CSV).status_code == 500
    calls.clear()
    broken_at = 2
    with pytest.raises(RuntimeError):
        _ = browser.get(CSV, buffered=True).data


def test_the_page_offers_it_with_the_parameters_in_use(world: World) -> None:
    page = world.contact("whole").get(f"{LIST}?sort=-total&q=F").get_data(as_text=True)
    link = re.search(rf'href="({re.escape(CSV)}[^"]*)" data-download', page)
    assert link
    assert link[1].replace("&amp;", "&").partition("?")[2] in ("sort=-total&q=F", "q=F&sort=-total")
    assert STAFF_CSV in world.staff().get(STAFF_LIST).get_data(as_text=True)


def test_the_connection_is_as_it_was_afterwards(world: World) -> None:
    """A snapshot is of one file alone; the next who gets the connection reads what is committed."""

    def level() -> str:
        with world.engine.connect() as connection:
            return connection.get_isolation_level()

    before = level()
    world.contact("whole").get(CSV, buffered=True)
    assert level() == before
