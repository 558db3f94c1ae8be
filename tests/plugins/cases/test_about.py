"""A case that is opened about a record of another module: from its page, with its place, and linked to it."""

from sqlalchemy import select

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import save_flags
from core.records.models import RecordLink
from plugins.invoices.models import Invoice
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.cases.conftest import LIST, NEW, OFFICE, read
from tests.rest.writing import CASES, Program, errors, made
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.worlds.world import World


def about(world: World, case_id: int) -> list[int]:
    """What a case is about, as it is kept."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(RecordLink.to_id).filter_by(from_id=case_id, kind="about")))


def test_a_client_opens_a_case_from_what_it_is_about(cases: World) -> None:
    """The button stands on the record's page; the form names the record and begins at its site."""
    invoice, client = cases.one.invoices["a1"], cases.contact("whole")
    form = f"{NEW}?about={invoice}"
    page = client.get(f"/portal/invoices/{invoice}").text
    assert f'href="{form}"' in page
    asked = client.get(form)
    assert "About: Invoice" in words(asked)
    assert shown(asked.text)["place"] == f"{cases.one.accounts['alpha']}-{cases.one.sites['a1']}"
    answer = send(client, form, {"f_subject": "What is this line?"})
    assert answer.status_code == 303, words(answer)
    case = read(cases, int(answer.location.rpartition("/")[2]))
    assert (case.account_id, case.site_id) == (cases.one.accounts["alpha"], cases.one.sites["a1"])
    assert about(cases, case.id) == [invoice]
    refused = send(client, form, {"f_subject": ""})
    assert (refused.status_code, "About: Invoice" in words(refused)) == (422, True)


def test_what_the_reader_does_not_see_no_case_is_about(cases: World) -> None:
    """Another's record, one of another tenant, nonsense, and a case itself answer alike, asked for or sent."""
    client, hidden = cases.contact("whole"), cases.one.invoices["beta"]
    nothing = client.get(f"{NEW}?about=987654321")
    assert nothing.status_code == 404
    made_before = send(client, NEW, {"f_subject": "Plain"}).location.rpartition("/")[2]
    for which in (hidden, cases.two.invoices["alpha"], made_before, "x", "9" * 30):
        path = f"{NEW}?about={which}"
        asked = client.get(path)
        sent = post(client, path, {"f_subject": "Mine"})
        assert [(a.status_code, a.data) for a in (asked, sent)] == [(404, nothing.data)] * 2, which


def test_the_form_calls_the_record_by_what_its_reader_sees(cases: World) -> None:
    invoice, client = cases.one.invoices["a1"], cases.contact("whole")
    with open_session(cases.engine, system(cases.one.id)) as session:
        number = session.get_one(Invoice, invoice).number
    assert number in client.get(f"{NEW}?about={invoice}").text
    try:
        with cases.writing() as session:
            save_flags(session, "invoices", "invoice", FieldFlags((("number", Flags(seen=False)),)))
        page = client.get(f"{NEW}?about={invoice}")
        assert (number in page.text, "About: Invoice" in words(page)) == (False, True)
    finally:
        with cases.writing() as session:
            save_flags(session, "invoices", "invoice", NO_FLAGS)


def test_with_either_module_off_there_is_no_such_button_and_no_such_form(cases: World) -> None:
    invoice, client = cases.one.invoices["alpha"], cases.contact("whole")
    page, form = f"/portal/invoices/{invoice}", f"{NEW}?about={invoice}"
    try:
        switch(cases, cases.one, "cases", "tenant", cases.one.id, False)
        assert "Open a case" not in client.get(page).text
        assert client.get(form).status_code == 404
        switch(cases, cases.one, "cases", "tenant", cases.one.id, True)
        switch(cases, cases.one, "invoices", "tenant", cases.one.id, False)
        assert client.get(form).data == client.get(f"{NEW}?about=987654321").data
        assert client.get(NEW).status_code == 200
    finally:
        for module in ("cases", "invoices"):
            switch(cases, cases.one, module, "tenant", cases.one.id, True)


def test_staff_open_one_for_the_client_of_the_record(cases: World) -> None:
    """Whose it is need not be asked: the record says so."""
    invoice, staff = cases.one.invoices["b1"], cases.staff()
    form = f"{OFFICE}case/do/open?about={invoice}"
    assert f'href="{form}"' in staff.get(f"/staff/records/invoices/{invoice}").text
    answer = send(staff, form, {"f_subject": "They rang"})
    case = read(cases, int(answer.location.rpartition("/")[2]))
    assert (case.account_id, case.site_id) == (cases.one.accounts["beta"], cases.one.sites["b1"])
    assert about(cases, case.id) == [invoice]
    assert "They rang" not in cases.contact("whole").get(LIST).text


def test_a_program_says_what_a_case_is_about(cases: World) -> None:
    program, invoice = Program(cases.contact("two_accounts")), cases.one.invoices["b1"]
    body = made(program.post(CASES, {"subject": "Of beta", "about": invoice}))
    assert about(cases, body["id"]) == [invoice]
    assert read(cases, body["id"]).site_id == cases.one.sites["b1"]
    outside = Program(cases.contact("whole"))
    said = [errors(outside.post(CASES, {"subject": "A", "about": i})) for i in (invoice, 987654321)]
    assert said[0] == said[1] == {"about": ["Choose About from the list."]}
