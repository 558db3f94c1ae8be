"""How a case goes: opened, closed, opened again, and moved on by who writes."""

import re
from datetime import datetime

import pytest

from core.conversations.models import DONE
from core.crm.models import Staff
from core.db.flags import Flags
from plugins.cases.domain import after
from plugins.cases.models import CLOSED, HIGH, IN_PROGRESS, OPEN, WAITING, Case
from tests.conversations.talking import messages
from tests.petitions.acting import post, send
from tests.plugins.cases.conftest import LIST, OFFICE, STAFF, add, flagged, open_one, read, said
from tests.staff.reading import words
from tests.worlds.world import World

LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def test_numbers_are_each_tenants_own_and_none_is_given_twice(cases: World) -> None:
    """One that an import has brought along is passed over; a form that is refused takes none."""
    add(cases, number="C-000002")
    client, other = cases.contact("whole"), cases.contact("whole", "two")
    first = open_one(cases, client)
    assert send(client, "/portal/cases/case/do/open", {"f_subject": ""}).status_code == 422
    second = open_one(cases, client)
    assert re.fullmatch(r"C-\d{6}", first.number)
    assert int(second.number[2:]) - int(first.number[2:]) == (2 if first.number == "C-000001" else 1)
    assert second.number != "C-000002"
    assert open_one(cases, other, "two").number == "C-000001"


def test_a_new_case_is_its_clients_open_and_as_typed(cases: World) -> None:
    made = open_one(cases, cases.contact("whole"), f_description="It flickers.\nSince noon.", f_urgency=HIGH)
    assert (made.account_id, made.contact_id) == (cases.one.accounts["alpha"], cases.one.people["whole"])
    assert (made.state, made.urgency, made.description) == (OPEN, HIGH, "It flickers.\nSince noon.")
    assert made.opened_at == made.active_at
    assert made.closed_at is None


def test_closed_and_opened_again(cases: World) -> None:
    record_id, client = add(cases), cases.contact("whole")
    page = f"{LIST}{record_id}"
    assert "Open it again" not in words(client.get(page))
    assert post(client, f"{page}/do/reopen", {"version": "1"}).status_code == 404
    assert send(client, f"{page}/do/close", {}).status_code == 303
    closed = read(cases, record_id)
    assert (closed.state, closed.closed_at is not None) == (CLOSED, True)
    assert "Change the urgency" not in words(client.get(page))
    assert send(client, f"{page}/do/reopen", {}).status_code == 303
    assert (read(cases, record_id).state, read(cases, record_id).closed_at) == (OPEN, None)
    history = [each.data for each in messages(cases, record_id) if each.kind == DONE]
    assert [(each["from"], each["to"]) for each in history] == [(OPEN, CLOSED), (CLOSED, OPEN)]


def test_staff_set_any_state_and_the_day_of_closing_follows(cases: World) -> None:
    record_id, staff = add(cases), cases.staff()
    page = f"{OFFICE}{record_id}/do/state"
    for state in (CLOSED, WAITING, CLOSED, IN_PROGRESS):
        assert send(staff, page, {"f_state": state}).status_code == 303
        case = read(cases, record_id)
        assert (case.state, case.closed_at is None) == (state, state != CLOSED)
    assert post(cases.contact("whole"), f"{LIST}{record_id}/do/state", {"f_state": CLOSED}).status_code == 404


@pytest.mark.parametrize(
    ("state", "by", "assigned", "then"),
    [
        (WAITING, "contact", False, OPEN),
        (WAITING, "contact", True, IN_PROGRESS),
        (CLOSED, "contact", False, OPEN),
        (IN_PROGRESS, "contact", True, IN_PROGRESS),
        (OPEN, "staff", False, WAITING),
        (IN_PROGRESS, "staff", True, WAITING),
        (CLOSED, "staff", False, CLOSED),
        (OPEN, "system", False, OPEN),
    ],
)
def test_whose_turn_it_is(state: str, by: str, assigned: bool, then: str) -> None:
    assert after(state, by, assigned=assigned) == then


def test_what_is_said_moves_the_case_on_and_a_note_does_nothing(cases: World) -> None:
    record_id = add(cases, active_at=LONG_AGO)
    said(cases, record_id, STAFF, published=False)
    assert (read(cases, record_id).state, read(cases, record_id).active_at) == (OPEN, LONG_AGO)
    said(cases, record_id, STAFF)
    assert read(cases, record_id).state == WAITING
    assert read(cases, record_id).active_at > LONG_AGO
    said(cases, record_id)
    assert read(cases, record_id).state == OPEN
    send(cases.contact("whole"), f"{LIST}{record_id}/do/close", {})
    said(cases, record_id)
    assert (read(cases, record_id).state, read(cases, record_id).closed_at) == (OPEN, None)


def test_who_looks_after_a_case_is_the_staffs_affair(cases: World) -> None:
    """The form offers who is active; clients see neither who it is nor that something happened."""
    with cases.writing() as session:
        gone = Staff(name="Gone Away", email="gone@firm.example", active=False)
        session.add(gone)
        session.get_one(Staff, cases.one.staff).name = "Sam Tender"
    record_id, staff = add(cases, active_at=LONG_AGO), cases.staff()
    page = f"{OFFICE}{record_id}/do/assign"
    form = staff.get(page).text
    assert "Sam Tender" in form
    assert "Gone Away" not in form
    assert send(staff, page, {"f_assignee_id": "999999"}).status_code == 422
    assert send(staff, page, {"f_assignee_id": str(cases.one.staff)}).status_code == 303
    case = read(cases, record_id)
    assert (case.assignee_id, case.assignee_name, case.active_at) == (cases.one.staff, "Sam Tender", LONG_AGO)
    for path in (LIST, f"{LIST}{record_id}", "/portal/", f"{LIST}case/export.csv", f"/api/v1/cases/case/{record_id}"):
        assert "Sam Tender" not in cases.contact("whole").get(path).text, path
    assert "Sam Tender" in words(staff.get(f"{OFFICE}{record_id}"))
    with flagged(cases, ("assignee_id", Flags(seen=True))):  # unless the tenant tells them
        assert "Sam Tender" in words(cases.contact("whole").get(f"{LIST}{record_id}"))
    assert send(staff, page, {"f_assignee_id": ""}).status_code == 303
    assert (read(cases, record_id).assignee_id, read(cases, record_id).assignee_name) == (None, "")


def test_whoever_of_the_staff_has_no_name_is_called_by_their_address(cases: World) -> None:
    with cases.writing() as session:
        person = session.get_one(Staff, cases.one.staff)
        person.name, address = "", person.email
        assert (person.shown, person.called) == (address, address)
    record_id, staff = add(cases), cases.staff()
    page = f"{OFFICE}{record_id}/do/assign"
    assert address in staff.get(page).text
    assert send(staff, page, {"f_assignee_id": str(cases.one.staff)}).status_code == 303
    assert read(cases, record_id).assignee_name == address


def test_who_is_called_anew_is_so_on_what_they_look_after(cases: World) -> None:
    staff, mine, nobodys = cases.staff(), add(cases), add(cases)
    assert send(staff, f"{OFFICE}{mine}/do/assign", {"f_assignee_id": str(cases.one.staff)}).status_code == 303
    version = read(cases, mine).version
    page = f"/staff/people/{cases.one.staff}"
    assert send(staff, page, {"name": "Sam Newly", "active": "y"}).status_code == 303
    assert (read(cases, mine).assignee_name, read(cases, mine).version) == ("Sam Newly", version)
    assert read(cases, nobodys).assignee_name == ""
    assert "Sam Newly" in words(staff.get(f"{OFFICE}{mine}"))


def test_a_case_is_closed_exactly_when_its_state_says_so() -> None:
    case = Case(state=CLOSED)
    days = [case.closed_at is not None]
    for state in (CLOSED, OPEN):
        case.state = state
        days.append(case.closed_at is not None)
    assert days == [True, True, False]
    assert Case(state=CLOSED, closed_at=LONG_AGO).closed_at == Case(closed_at=LONG_AGO, state=CLOSED).closed_at
