"""New records: where they belong, who may choose, and what they cannot be made without."""

import re

import pytest

from core.api import Action, Kind
from core.crm.models import Site
from core.db.flags import FieldFlags, Flags
from core.db.viewer import Scope
from core.modules.flags import save_flags
from core.modules.switches import set_scope
from plugins.invoices.models import Payment
from plugins.invoices.resources import PAYMENT
from tests.petitions import add
from tests.petitions.acting import LIST, NEW, OFFICE, flagged, made, post, read, send
from tests.petitions.fixtures import petitions
from tests.petitions.reading import shown
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.worlds.world import World

__all__ = ["petitions"]


def test_a_new_record_belongs_to_the_only_account(petitions: World) -> None:
    one, client = petitions.one, petitions.contact("child")
    assert NEW in client.get(LIST).text
    row = made(petitions, post(client, NEW, {"f_subject": "New"}))
    assert (row.account_id, row.site_id, row.contact_id) == (one.accounts["north"], None, one.people["child"])
    assert (row.currency, row.people, row.priority, row.urgent) == ("EUR", 1, "normal", False)
    assert client.get(f"{LIST}{row.id}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("whole", {"alpha", "a1", "a2"}),
        ("child", {"north", "n1"}),
        ("site", set()),
        ("two_sites", {"a2", "b1"}),
        ("two_accounts", {"alpha", "a1", "a2", "beta", "b1", "b2"}),
        ("mixed", {"beta", "b1", "b2", "a1"}),
        ("family", {"alpha", "a1", "a2", "north", "n1", "deep"}),
        ("nobodys", set()),
    ],
)
def test_a_form_asks_where_several_places_are_possible_and_offers_no_other(
    petitions: World, kind: str, places: set[str]
) -> None:
    one, client = petitions.one, petitions.contact(kind)
    page = client.get(NEW).text
    select_ = re.search(r'<select[^>]* name="place".*?</select>', page, re.DOTALL)
    offered = set(re.findall(r'<option[^>]*value="(\d+-\d+)"', select_[0])) if select_ else set()
    sites = {"a1": "alpha", "a2": "alpha", "n1": "north", "b1": "beta", "b2": "beta"}
    keys = {f"{one.accounts[sites.get(p, p)]}-{one.sites.get(p, 0)}" for p in places}
    assert offered == keys
    for key in [f"{one.accounts['gamma']}-0", f"{petitions.two.accounts['alpha']}-0", "0-0", "", "x", "1"]:
        if places:
            assert post(client, NEW, {"f_subject": "x", "place": key}).status_code == 422, key
    for key in keys:
        row = made(petitions, post(client, NEW, {"f_subject": "x", "place": key}))
        assert f"{row.account_id}-{row.site_id or 0}" == key
        assert client.get(f"{LIST}{row.id}").status_code == 200
    if kind == "site":
        row = made(petitions, post(client, NEW, {"f_subject": "x"}))
        assert (row.account_id, row.site_id) == (one.accounts["alpha"], one.sites["a1"])
    if kind == "nobodys":
        row = made(petitions, post(client, NEW, {"f_subject": "x"}))
        assert (row.account_id, row.contact_id) == (None, one.people["nobodys"])


def test_the_chosen_account_is_where_a_form_begins(petitions: World) -> None:
    one, client = petitions.one, petitions.contact("two_accounts")
    listing = client.get(f"{LIST}?account={one.accounts['beta']}").text
    assert f"{NEW}?account={one.accounts['beta']}" in listing
    page = client.get(f"{NEW}?account={one.accounts['beta']}").text
    assert f'<option selected value="{one.accounts["beta"]}-0">' in page
    assert '<option selected value="">Choose' in client.get(f"{NEW}?account={one.accounts['gamma']}").text


def test_staff_choose_the_client_and_then_its_site_and_contact(petitions: World) -> None:
    one, staff = petitions.one, petitions.staff()
    path = f"{OFFICE}petition/do/new"
    assert path in staff.get(OFFICE).text
    chosen = staff.get(path)
    assert "Whom is it for?" in words(chosen)
    alpha, beta = one.accounts["alpha"], one.accounts["beta"]
    assert f"{path}?account={alpha}" in chosen.text
    page = staff.get(f"{path}?account={alpha}").text
    form = {"f_subject": "Theirs", "place": f"{alpha}-{one.sites['a2']}", "f_contact_id": str(one.people["whole"])}
    assert 'name="f_contact_id"' in page
    row = made(petitions, post(staff, f"{path}?account={alpha}", form))
    assert (row.account_id, row.site_id, row.contact_id) == (alpha, one.sites["a2"], one.people["whole"])
    for wrong in ({"place": f"{beta}-0"}, {"f_contact_id": str(one.people["outsider"])}, {"f_contact_id": "x"}):
        assert post(staff, f"{path}?account={alpha}", form | wrong).status_code == 422, wrong
    nothing = staff.get("/staff/nonsense").data
    for account in (petitions.two.accounts["alpha"], 999999, "x", "9" * 30, "²"):
        answer = staff.get(path, query_string={"account": account})
        assert (answer.status_code, answer.data) == (404, nothing), account


def test_what_cannot_be_made_without_a_hidden_field_is_not_offered(petitions: World) -> None:
    client = petitions.contact("child")
    with flagged(petitions, ("subject", Flags(seen=False))):
        assert NEW not in client.get(LIST).text
        assert client.get(NEW).status_code == 404
        assert post(client, NEW, {"f_subject": "x"}).status_code == 404
    assert client.get(NEW).status_code == 200


def test_an_empty_list_says_how_to_begin(petitions: World) -> None:
    page = petitions.contact("two_accounts", "two").get(f"{LIST}?q=zzz")
    assert page.status_code == 200
    empty = petitions.contact("child", "two").get(LIST).text
    assert "Nothing here yet" in empty
    assert empty.count(NEW) >= 2


def test_an_account_for_which_the_module_is_off_is_no_place(petitions: World) -> None:
    one, client = petitions.one, petitions.contact("two_accounts")
    switch(petitions, one, "petitions", "account", one.accounts["beta"], False)
    try:
        assert f'value="{one.accounts["beta"]}-0"' not in client.get(NEW).text
        assert post(client, NEW, {"f_subject": "x", "place": f"{one.accounts['beta']}-0"}).status_code == 422
        assert made(petitions, post(client, NEW, {"f_subject": "x"})).account_id == one.accounts["alpha"]
    finally:
        switch(petitions, one, "petitions", "account", one.accounts["beta"], None)


def test_under_contact_scope_a_new_record_names_its_maker(petitions: World) -> None:
    with petitions.writing() as session:
        set_scope(session, "petitions", Scope.CONTACT)
    try:
        client = petitions.contact("whole")
        row = made(petitions, post(client, NEW, {"f_subject": "Mine"}))
        assert row.contact_id == petitions.one.people["whole"]
        assert client.get(f"{LIST}{row.id}").status_code == 200
        assert petitions.contact("family").get(f"{LIST}{row.id}/do/edit").status_code == 404
    finally:
        with petitions.writing() as session:
            set_scope(session, "petitions", Scope.ACCOUNT)


def test_a_site_that_must_be_named_is_not_chosen_by_itself(petitions: World) -> None:
    client, record_id = petitions.contact("whole"), add(petitions)
    with flagged(petitions, ("site_id", Flags(required=True))):
        for path in (NEW, f"{LIST}{record_id}/do/edit"):
            form = shown(client.get(path).text)
            assert form["place"] == ""
            assert post(client, path, form | {"f_subject": "x"}).status_code == 422
        only = petitions.contact("site")
        assert made(petitions, post(only, NEW, {"f_subject": "x"})).site_id == petitions.one.sites["a1"]


def test_whoever_is_named_stays_so_until_staff_choose_another(petitions: World) -> None:
    staff, outsider = petitions.staff(), petitions.one.people["outsider"]
    record_id = add(petitions, contact_id=outsider)
    path = f"{OFFICE}{record_id}/do/edit"
    assert shown(staff.get(path).text)["f_contact_id"] == str(outsider)
    assert send(staff, path, {"f_subject": "x"}).status_code == 303
    assert read(petitions, record_id).contact_id == outsider
    assert send(staff, path, {"f_contact_id": ""}).status_code == 303
    assert read(petitions, record_id).contact_id is None


def test_a_form_costs_the_same_however_many_sites_there_are(petitions: World) -> None:
    client, account_id = petitions.contact("child"), petitions.one.accounts["north"]
    client.get(NEW)
    with statements(petitions.engine) as few:
        client.get(NEW)
    with petitions.writing() as session:
        session.add_all([Site(account_id=account_id, name=f"More {n}") for n in range(60)])
    with statements(petitions.engine) as many:
        page = client.get(NEW).text
    assert "More 59" in page
    assert len(few) == len(many)


def test_staff_begin_what_is_theirs_alone_and_clients_do_not(petitions: World) -> None:
    asked = ("number", "paid_on", "amount")
    new = Action("new", "New payment", asked, by=[Kind.STAFF, Kind.CONTACT], creates=True)
    object.__setattr__(PAYMENT, "actions", (new,))
    path, form = "/staff/records/invoices/payment/do/new", {"f_number": "P-9", "f_paid_on": "2026-01-02"}
    try:
        with petitions.writing() as session:
            filled = FieldFlags(tuple((name, Flags(filled=True)) for name in asked))
            save_flags(session, "invoices", "payment", filled)
        answer = post(petitions.staff(), path, form | {"f_amount": "12.5"})
        assert answer.status_code == 303
        with petitions.writing() as session:
            row = session.get(Payment, int(answer.location.rpartition("/")[2]))
            assert (row.number, row.amount, row.currency) == ("P-9", 1250, "EUR")
            assert row.tenant_id == petitions.one.id
        assert post(petitions.staff(), path, {}).status_code == 422
        client = petitions.contact("whole")
        for there in ("/portal/invoices/payment/do/new", path):
            assert client.get(there).status_code == post(client, there, form).status_code == 404
    finally:
        object.__setattr__(PAYMENT, "actions", ())
