"""Orders as staff write them and clients meet them: a draft on no exit, what the lines come to, how far they are."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.crm.models import ExternalId
from core.kit.browser import Browser
from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED, Line, Order
from plugins.quotes.models import ACCEPTED, Quote
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.orders.conftest import LIST, OFFICE, add, orders, read
from tests.plugins.quotes.conftest import add as add_quote
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.worlds.world import World

__all__ = ["orders"]


def written(world: World, staff: Browser) -> int:
    """An order that staff begin for a client; gives its id."""
    account = world.one.accounts["alpha"]
    answer = send(staff, f"{OFFICE}order/do/write?account={account}", {"f_reference": "OC-77"})
    assert answer.status_code == 303, words(answer)
    return int(answer.location.rpartition("/")[2])


def add_line(staff: Browser, order_id: int, **typed: str) -> Any:
    """Send the form that adds a line to an order."""
    values = {"f_description": "A pump", "f_quantity": "3", "f_unit_price": "10.50", "f_tax_rate": "21", **typed}
    return send(staff, f"{OFFICE}line/do/add?of={order_id}", values)


def test_staff_write_an_order_with_lines_and_the_client_has_it_once_it_is_confirmed(orders: World) -> None:
    staff, client = orders.staff(), orders.contact("whole")
    order_id = written(orders, staff)
    refused = post(staff, f"{OFFICE}{order_id}/do/confirm", {"version": str(read(orders, order_id).version)})
    assert "An order without lines cannot be confirmed." in words(refused)
    assert add_line(staff, order_id).status_code == 303
    assert add_line(staff, order_id, f_description="Its pipes", f_quantity="1", f_discount="50").status_code == 303
    order = read(orders, order_id)
    assert (order.status, order.net, order.tax, order.total) == (DRAFT, 3675, 772, 4447)
    exits = (LIST, f"{LIST}{order_id}", "/portal/", "/api/v1/orders/order/", f"{LIST}order/export.csv")
    assert not any(order.number in client.get(path).text for path in exits)
    assert client.get(f"{LIST}{order_id}/document").status_code == 404
    assert post(staff, f"{OFFICE}{order_id}/do/confirm", {"version": str(order.version)}).status_code == 303
    page = words(client.get(f"{LIST}{order_id}"))
    for said in (order.number, "Confirmed", "Its pipes", "OC-77"):
        assert said in page
    assert client.get(f"{LIST}{order_id}/document").data.startswith(b"%PDF")


def test_what_is_on_its_way_can_no_longer_be_changed(orders: World) -> None:
    staff, order_id = orders.staff(), add(orders)
    steps = [("ship", IN_DELIVERY), ("deliver", DELIVERED), ("invoice", INVOICED)]
    with orders.writing() as session:
        line_id = session.scalars(select(Line.id).where(Line.parent_id == order_id)).one()
    assert "Take it out" in words(staff.get(f"{OFFICE}line/{line_id}"))
    for action, status in steps:
        assert send(staff, f"{OFFICE}{order_id}/do/{action}", {}).status_code == 303
        assert read(orders, order_id).status == status
    assert read(orders, order_id).delivered_on == date.today()
    assert "can no longer be changed" in words(add_line(staff, order_id))
    assert "Take it out" not in words(staff.get(f"{OFFICE}line/{line_id}"))
    assert post(staff, f"{OFFICE}{order_id}/do/cancel", {"version": "9"}).status_code in (404, 409, 422)
    assert read(orders, order_id).status == INVOICED


def test_a_draft_is_not_cancelled_which_would_show_it_but_deleted_while_nobody_has_heard_of_it(orders: World) -> None:
    """One that an import knows stays; with the other go its lines and notes, and what it came from may lead to one
    again."""
    staff, quote_id = orders.staff(), add_quote(orders, status=ACCEPTED)
    answer = send(staff, f"{OFFICE}order/do/follow?about={quote_id}", {})
    draft = int(answer.location.rpartition("/")[2])
    noted = {"body": "Typed twice", "visibility": "internal"}
    assert post(staff, f"{OFFICE}{draft}/messages", noted).status_code == 303
    assert post(staff, f"{OFFICE}{draft}/do/cancel", {"version": str(read(orders, draft).version)}).status_code == 404
    theirs, heard = add(orders, status=DRAFT), add(orders, status=DRAFT)
    with orders.writing() as session:
        session.add(ExternalId(source="crm", kind="orders.order", external="1", local_id=theirs, digest=""))
    assert send(staff, f"{OFFICE}{heard}/do/confirm", {}).status_code == 303
    with orders.writing() as session:
        session.get_one(Order, heard).status = DRAFT
    for kept in (theirs, heard, add(orders)):
        sent = post(staff, f"{OFFICE}{kept}/do/discard", {"version": str(read(orders, kept).version)})
        assert (sent.status_code, "do/discard" in staff.get(f"{OFFICE}{kept}").text) == (404, False)
    assert f"{draft}/do/discard" in staff.get(f"{OFFICE}{draft}").text
    gone = send(staff, f"{OFFICE}{draft}/do/discard", {})
    assert (gone.status_code, gone.location) == (303, OFFICE)
    assert staff.get(f"{OFFICE}{draft}").status_code == 404
    assert "do/follow" in staff.get(f"/staff/records/quotes/{quote_id}").text


def test_a_cancelled_order_says_why(orders: World) -> None:
    staff, order_id = orders.staff(), add(orders)
    assert send(staff, f"{OFFICE}{order_id}/do/cancel", {"f_reason": "Ordered twice"}).status_code == 303
    assert read(orders, order_id).status == CANCELLED
    assert "Ordered twice" in words(orders.contact("whole").get(f"{LIST}{order_id}"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"f_quantity": "x"}, "Quantity"),
        ({"f_quantity": "999999999", "f_unit_price": "999999999"}, "The line comes to more than an amount may be."),
        ({"f_description": ""}, "Description"),
    ],
)
def test_a_line_that_cannot_be_is_said_and_nothing_is_kept(orders: World, typed: dict[str, str], told: str) -> None:
    staff, order_id = orders.staff(), add(orders, status=DRAFT)
    before = read(orders, order_id)
    answer = add_line(staff, order_id, **typed)
    assert (answer.status_code, told in words(answer)) == (422, True)
    after = read(orders, order_id)
    assert (after.total, after.version) == (before.total, before.version)


def test_a_delivery_before_the_order_is_refused(orders: World) -> None:
    staff, order_id = orders.staff(), add(orders)
    answer = send(staff, f"{OFFICE}{order_id}/do/edit", {"f_deliver_on": "2026-05-01"})
    assert (answer.status_code, "The delivery cannot be before the order." in words(answer)) == (422, True)


def test_clients_change_nothing(orders: World) -> None:
    client, order_id = orders.contact("whole"), add(orders)
    for action in ("ship", "deliver", "cancel", "edit", "confirm"):
        assert post(client, f"{LIST}{order_id}/do/{action}", {"version": "1"}).status_code == 404
    assert read(orders, order_id).status == CONFIRMED


def test_the_box_shows_what_is_under_way_the_next_first_in_one_statement(orders: World) -> None:
    client = orders.contact("two_accounts")
    client.get("/portal/")
    with statements(orders.engine) as few:
        client.get("/portal/")
    today = date.today()
    for n in range(5):
        add(orders, "beta", number=f"NEXT-{n}", deliver_on=today - timedelta(days=300 - n), status=IN_DELIVERY)
    add(orders, "beta", number="GONE", deliver_on=today - timedelta(days=400), status=DELIVERED)
    with statements(orders.engine) as many:
        page = words(client.get("/portal/"))
    assert [name in page for name in ("NEXT-0", "NEXT-2", "NEXT-3", "GONE")] == [True, True, False, False]
    assert "more" in page.partition("NEXT-2")[2]
    assert len(many) == len(few)


def test_of_an_accepted_quote_one_order_is_made_with_its_lines_and_both_lead_to_each_other(orders: World) -> None:
    """Before, and for clients, there is no such thing; what was begun meanwhile is told, and what was typed kept."""
    staff, client, one = orders.staff(), orders.contact("whole"), orders.one
    switch(orders, one, "quotes", "tenant", one.id, True)
    lines = (("A pump", "31.50", False), ("Its pipes", "7", False), ("A spare", "9", True))
    quote_id = add_quote(orders, lines=lines, currency="USD", reference="OC-9", note="By noon", site_id=one.sites["a1"])
    page, form = f"/staff/records/quotes/{quote_id}", f"{OFFICE}order/do/follow?about={quote_id}"
    early = staff.get(form)
    assert (early.status_code, "has not accepted it" in words(early), "<textarea" in early.text) == (409, True, False)
    assert "do/follow" not in staff.get(page).text
    with orders.writing() as session:
        session.get_one(Quote, quote_id).status = ACCEPTED
    assert form in staff.get(page).text
    theirs = client.get(f"/portal/quotes/{quote_id}")
    assert (theirs.status_code, "do/follow" in theirs.text + staff.get(OFFICE).text) == (200, False)
    assert client.get(f"{LIST}order/do/follow?about={quote_id}").status_code == 404
    assert staff.get(f"{OFFICE}order/do/follow").status_code == 404
    foreign = orders.staff("two")
    switch(orders, orders.two, "quotes", "tenant", orders.two.id, True)
    assert [foreign.get(form).status_code, post(foreign, form, {"f_note": "Ours"}).status_code] == [404, 404]
    begun = shown(staff.get(form).text)
    place = f"{one.accounts['alpha']}-{one.sites['a1']}"
    assert (begun["f_reference"], begun["f_note"], begun["place"]) == ("OC-9", "By noon", place)
    elsewhere = f"{form}&account={one.accounts['beta']}"
    assert post(staff, elsewhere, {**begun, "place": f"{one.accounts['beta']}-0"}).status_code == 404
    answer = post(staff, form, {**begun, "f_note": "At ten"})
    order = read(orders, int(answer.location.rpartition("/")[2]))
    assert (order.status, order.account_id, order.site_id) == (DRAFT, one.accounts["alpha"], one.sites["a1"])
    assert (order.currency, order.net, order.total, order.note) == ("USD", 7700, 9317, "At ten")
    made = words(staff.get(answer.location))
    assert ["A pump" in made, "Its pipes" in made, "A spare" in made, "Came from" in made] == [True, True, False, True]
    assert f"{OFFICE}{order.id}" in staff.get(page).text
    assert order.number not in client.get(f"/portal/quotes/{quote_id}").text, "a draft"
    again = post(staff, form, {**begun, "f_note": "Typed twice"})
    assert (again.status_code, "An order was made of this quote before" in words(again)) == (409, True)
    assert "Typed twice" in again.text
    assert "do/follow" not in staff.get(page).text
