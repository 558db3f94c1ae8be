"""Priced lines as staff write them: their record comes to what they say, whoever writes at the same time, and nobody
loses what they typed."""

from tests.offers import ACCEPTED, CLOSED, add, items_of, read
from tests.offers.acting import OFFICE, accept, at_once
from tests.offers.fixtures import offers
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.staff.reading import words
from tests.worlds.world import World

__all__ = ["offers"]
TYPED = {"f_description": "A valve", "f_quantity": "3", "f_unit_price": "10.50", "f_tax_rate": "21"}


def adding(record_id: int) -> str:
    """Where a line is added."""
    return f"{OFFICE}line/do/add?of={record_id}"


def doing(item_id: int, action: str) -> str:
    """Where something is done to a line."""
    return f"{OFFICE}line/{item_id}/do/{action}"


def comes_to(world: World, record_id: int) -> tuple[int, int, int]:
    """What an offer comes to: net, tax, total."""
    offer = read(world, record_id)
    return offer.net, offer.tax, offer.total


def test_an_offer_comes_to_its_lines_without_the_optional_ones_and_with_what_is_added(offers: World) -> None:
    staff, record_id = offers.staff(), add(offers, fee=500)
    assert comes_to(offers, record_id) == (20000, 4200, 24700)
    assert send(staff, adding(record_id), TYPED).status_code == 303
    assert comes_to(offers, record_id) == (23150, 4862, 28512)
    assert send(staff, adding(record_id), {**TYPED, "f_optional": "y"}).status_code == 303
    assert comes_to(offers, record_id) == (23150, 4862, 28512)
    there = items_of(offers, record_id)
    assert [line.position for line in there] == [1, 2, 3, 4]
    assert (there[3].net, there[3].tax, there[3].total, there[3].currency) == (3150, 662, 3812, "EUR")
    assert send(staff, doing(there[0].id, "edit"), {"f_discount": "50"}).status_code == 303
    assert comes_to(offers, record_id) == (13150, 2762, 16412)
    assert send(staff, doing(there[0].id, "remove"), {}).status_code == 303
    assert comes_to(offers, record_id) == (3150, 662, 4312)


def test_what_is_left_empty_of_a_new_line_counts_for_nothing_and_what_no_amount_holds_is_told(offers: World) -> None:
    staff, record_id = offers.staff(), add(offers, lines=())
    assert send(staff, adding(record_id), {**TYPED, "f_discount": "", "f_tax_rate": ""}).status_code == 303
    assert comes_to(offers, record_id) == (3150, 0, 3150)
    answer = send(staff, adding(record_id), {**TYPED, "f_quantity": "999999999", "f_unit_price": "999999999"})
    assert (answer.status_code, "more than an amount may be" in words(answer)) == (422, True)
    assert shown(answer.text)["f_description"] == "A valve"
    assert comes_to(offers, record_id) == (3150, 0, 3150)


def test_a_new_line_begins_with_the_tax_of_the_last_one(offers: World) -> None:
    staff = offers.staff()
    old, record_id = add(offers, lines=()), add(offers, lines=())
    for where, rate in ((old, "4"), (record_id, "10"), (old, "0")):
        assert send(staff, adding(where), {**TYPED, "f_tax_rate": rate}).status_code == 303
    assert shown(staff.get(adding(record_id)).text)["f_tax_rate"] == "10"  # of the same record
    assert shown(staff.get(adding(old)).text)["f_tax_rate"] == "0"
    assert send(staff, adding(record_id), {**TYPED, "f_tax_rate": "21"}).status_code == 303
    assert shown(staff.get(adding(add(offers, lines=()))).text)["f_tax_rate"] == "21"  # of any, where it has none


def test_a_page_offers_new_lines_where_they_are_taken(offers: World) -> None:
    staff, record_id = offers.staff(), add(offers)
    assert "line/do/add" in staff.get(f"{OFFICE}{record_id}").text
    assert accept(offers, record_id).status_code == 303
    assert "line/do/add" not in staff.get(f"{OFFICE}{record_id}").text
    late = send(staff, adding(record_id), TYPED)  # from a page that was opened before
    assert (late.status_code, CLOSED in words(late)) == (409, True)
    assert shown(late.text)["f_description"] == TYPED["f_description"]


def test_of_many_who_add_a_line_at_once_all_are_kept_and_counted(offers: World) -> None:
    record_id, count = add(offers, lines=()), 6
    several = [offers.staff() for _ in range(count)]
    form = {**shown(several[0].get(adding(record_id)).text), **TYPED}
    told = at_once(("add", who, adding(record_id), form) for who in several)
    assert told == {("add", 303): count}
    assert [line.position for line in items_of(offers, record_id)] == list(range(1, count + 1))
    assert comes_to(offers, record_id) == (3150 * count, 662 * count, 3812 * count)


def test_of_two_who_write_one_line_at_once_the_second_is_told_and_keeps_what_they_typed(offers: World) -> None:
    record_id = add(offers)
    line, several = items_of(offers, record_id)[0], [offers.staff() for _ in range(2)]
    form = shown(several[0].get(doing(line.id, "edit")).text)
    sent = [("edit", who, doing(line.id, "edit"), {**form, "f_quantity": str(n)}) for n, who in enumerate(several, 5)]
    assert at_once(sent) == {("edit", 303): 1, ("edit", 422): 1}
    kept = items_of(offers, record_id)[0]
    assert (kept.quantity in (5, 6), kept.net) == (True, int(kept.quantity * 10000))
    late = post(several[1], doing(line.id, "edit"), {**form, "f_quantity": "9", "f_description": "Mine"})
    assert (late.status_code, "Somebody else changed this meanwhile" in words(late)) == (422, True)
    assert (shown(late.text)["f_quantity"], shown(late.text)["f_description"]) == ("9", "Mine")
    assert post(several[1], doing(line.id, "edit"), shown(late.text)).status_code == 303
    assert comes_to(offers, record_id)[0] == 90000


def test_who_writes_a_line_that_another_takes_out_is_told_and_keeps_what_they_typed(offers: World) -> None:
    staff, record_id = offers.staff(), add(offers)
    line = items_of(offers, record_id)[0]
    form = {**shown(staff.get(doing(line.id, "edit")).text), "f_description": "Typed for long"}
    assert send(offers.staff(), doing(line.id, "remove"), {}).status_code == 303
    for action in ("edit", "remove"):
        answer = post(staff, doing(line.id, action), form)
        assert (answer.status_code, "this can no longer be done" in words(answer)) == (409, True)
        assert f'href="{OFFICE}{record_id}"' in answer.text
        assert ("Typed for long" in answer.text) is (action == "edit")
    nothing = staff.get("/staff/nonsense").data
    for of in ("", "x", "9" * 30, str(line.id + 10**6), str(add(offers, slug="two"))):
        assert post(staff, doing(line.id, "edit"), {**form, "of": of}).data == nothing, of
    assert staff.get(doing(line.id, "edit")).data == nothing
    assert comes_to(offers, record_id) == (0, 0, 0)


def test_who_writes_a_line_of_what_is_answered_meanwhile_is_told_and_changes_nothing(offers: World) -> None:
    staff, record_id = offers.staff(), add(offers)
    line = items_of(offers, record_id)[0]
    new, old = (shown(staff.get(path).text) for path in (adding(record_id), doing(line.id, "edit")))
    before = comes_to(offers, record_id)
    assert accept(offers, record_id).status_code == 303
    answer = post(staff, adding(record_id), {**new, **TYPED})
    assert (answer.status_code, CLOSED in words(answer)) == (409, True)
    assert shown(answer.text)["f_description"] == "A valve"
    late = post(staff, doing(line.id, "edit"), {**old, "f_quantity": "9"})
    assert (late.status_code, CLOSED in words(late)) == (409, True)
    assert shown(late.text)["f_quantity"] == "9"
    assert post(staff, doing(line.id, "edit"), {"version": old["version"]}).status_code == 404
    assert (read(offers, record_id).status, comes_to(offers, record_id)) == (ACCEPTED, before)
