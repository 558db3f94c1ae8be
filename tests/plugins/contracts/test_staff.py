"""What staff write: a contract, its services, what was used of them; and how clients answer."""

import re
from decimal import Decimal
from typing import Any

import pytest

from core.conversations.models import DONE
from core.crm.models import Site
from core.db.session import open_session
from core.db.viewer import system
from core.records import places
from plugins.contracts.models import (
    ACTIVE,
    AUTOMATIC,
    DECLINED,
    DRAFT,
    ENDED,
    OFFERED,
    SUSPENDED,
    TERMINATED,
    Contract,
    Covered,
    Service,
)
from tests.conversations.talking import messages
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.contracts.conftest import LIST, OFFICE, add, add_service, day, read
from tests.rest.writing import Program
from tests.staff.reading import words
from tests.worlds.world import World


def _write(world: World, **typed: str) -> Any:
    where = f"{OFFICE}contract/do/write?account={world.one.accounts['alpha']}"
    return send(world.staff(), where, {"f_title": "Care", "f_renewal": "none", **typed})


def test_a_contract_is_written_offered_and_signed(contracts: World) -> None:
    staff, client = contracts.staff(), contracts.contact("whole")
    answer = _write(contracts, f_starts_on=str(day(0)), f_ends_on=str(day(364)))
    record_id = int(answer.location.rpartition("/")[2])
    contract = read(contracts, Contract, record_id)
    assert (contract.status, contract.published, contract.number[:3]) == (DRAFT, False, "CT-")
    assert client.get(f"{LIST}{record_id}").status_code == 404
    service = f"{OFFICE}service/do/add?of={record_id}"
    typed = {"f_description": "Visits", "f_quantity": "4", "f_unit_price": "100,50", "f_discount": "10",
             "f_tax_rate": "21", "f_counted": "y", "f_position": "0"}  # fmt: skip
    assert send(staff, f"{service}&lang=es", typed | {"f_unit_price": "100.50"}).status_code == 303
    contract = read(contracts, Contract, record_id)
    assert (contract.net, contract.tax, contract.total) == (36180, 7598, 43778)
    assert send(staff, f"{OFFICE}{record_id}/do/offer", {}).status_code == 303
    page = client.get(f"{LIST}{record_id}")
    assert "Accept and sign" in words(page)
    assert "waits for your answer" in words(client.get("/portal/"))
    signed = send(client, f"{LIST}{record_id}/do/accept", {"a_signer": "Ann Other", "a_order_number": "PO 7"})
    assert signed.status_code == 303, words(signed)
    assert read(contracts, Contract, record_id).status == ACTIVE
    assert "Ann Other" in words(client.get(f"{LIST}{record_id}"))
    assert post(client, f"{LIST}{record_id}/do/decline", {"a_reason": "Late"}).status_code in (404, 409)


def test_units_that_are_used_do_not_touch_what_was_signed_and_another_price_does(contracts: World) -> None:
    record_id = add(contracts, status=OFFERED)
    service_id = add_service(contracts, record_id, 4)
    client, staff = contracts.contact("whole"), contracts.staff()
    assert send(client, f"{LIST}{record_id}/do/accept", {"a_signer": "Ann Other"}).status_code == 303
    use = {"f_line": "1", "f_units": "1", "f_used_on": str(day(0)), "f_what_for": "Check"}
    assert send(staff, f"{OFFICE}use/do/add?of={record_id}", use).status_code == 303
    assert "This was changed after it was accepted" not in words(staff.get(f"{OFFICE}{record_id}"))
    assert send(staff, f"{OFFICE}service/{service_id}/do/edit", {"f_unit_price": "9"}).status_code == 303
    for page in (staff.get(f"{OFFICE}{record_id}"), client.get(f"{LIST}{record_id}")):
        assert "This was changed after it was accepted" in words(page)


def test_a_client_declines_with_a_reason(contracts: World) -> None:
    record_id = add(contracts, status=OFFERED)
    answer = send(contracts.contact("whole"), f"{LIST}{record_id}/do/decline", {"a_reason": "Too dear"})
    assert answer.status_code == 303, words(answer)
    assert read(contracts, Contract, record_id).status == DECLINED
    assert "Too dear" in words(contracts.staff().get(f"{OFFICE}{record_id}"))


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("use/do/add?of={id}", {"f_line": "2", "f_units": "1", "f_used_on": "2026-01-31"}, "Choose Service from"),
        ("service/do/add?of={id}", {"f_description": "More", "f_position": "1"}, "Another service"),
        ("covered/do/add?of={id}", {"f_name": "Nowhere"}, "Choose Site from the list"),
        ("{id}/do/renew", {"f_ends_on": "2020-01-31"}, "later than today"),
        ("{id}/do/edit", {"f_title": "T", "f_ends_on": "2020-01-31"}, "The end is before the start"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(
    contracts: World, path: str, typed: dict[str, str], sentence: str
) -> None:
    record_id = add(contracts)
    add_service(contracts, record_id, 4)
    before = read(contracts, Contract, record_id)
    answer = send(contracts.staff(), OFFICE + path.format(id=record_id), typed)
    assert (answer.status_code, sentence in words(answer)) == (422, True), words(answer)
    after = read(contracts, Contract, record_id)
    assert (after.version, after.ends_on, after.total) == (before.version, before.ends_on, before.total)


@pytest.mark.parametrize("over", [ENDED, TERMINATED, DECLINED])
def test_a_contract_that_is_over_takes_nothing_and_says_so(contracts: World, over: str) -> None:
    """Whoever had a form before reads why, and has what they typed; a program is told of a conflict."""
    record_id, staff = add(contracts), contracts.staff()
    service_id = add_service(contracts, record_id, 4)
    typed: dict[str, dict[str, str]] = {
        "service": {"f_description": "Written late"},
        "use": {"f_line": "1", "f_units": "1", "f_used_on": "2026-01-31", "f_what_for": "Written late"},
        "covered": {"f_name": "A1", "f_what": "Written late"},
    }
    forms = {kind: f"{OFFICE}{kind}/do/add?of={record_id}" for kind in typed}
    forms["edit"], typed["edit"] = f"{OFFICE}service/{service_id}/do/edit", {"f_description": "Written late"}
    begun = {name: shown(staff.get(path).text) for name, path in forms.items()}
    assert all(f"{kind}/do/add" in staff.get(f"{OFFICE}{record_id}").text for kind in ("service", "use", "covered"))
    with contracts.writing() as session:
        session.get_one(Contract, record_id).status = over
    assert "/do/add" not in staff.get(f"{OFFICE}{record_id}").text
    assert "/do/" not in staff.get(f"{OFFICE}service/{service_id}").text
    for name, path in forms.items():
        if name != "edit":
            late = staff.get(path)
            said = "Nothing can be recorded: this contract is over" if name == "use" else "This contract is over"
            assert (late.status_code, said in words(late), 'name="f_' in late.text) == (409, True, False), name
            assert f'href="{OFFICE}{record_id}"' in late.text, "the way back"
        answer = post(staff, path, {**begun[name], **typed[name]})
        assert answer.status_code == 409, name
        assert ("his contract is over" in words(answer), "Written late" in answer.text) == (True, True), name
    program, url = Program(staff), f"/api/v1/contracts/service/{service_id}"
    tried = (program.patch(url, {"description": "Written late"}), program.post(f"{url}/actions/remove"))
    assert [answer.status_code for answer in tried] == [409, 409]
    assert "This contract is over" in tried[0].text
    assert "Written late" not in staff.get(f"{OFFICE}{record_id}").text
    assert read(contracts, Service, service_id).description == "Visits"


def test_what_was_used_is_of_a_service_that_is_chosen_and_asked_for_where_any_is_counted(contracts: World) -> None:
    record_id, staff = add(contracts), contracts.staff()
    add_service(contracts, record_id, 4, counted=False)
    assert "use/do/add" not in staff.get(f"{OFFICE}{record_id}").text
    add_service(contracts, record_id, 4, position=2)
    assert "use/do/add" in staff.get(f"{OFFICE}{record_id}").text
    form = staff.get(f"{OFFICE}use/do/add?of={record_id}").text
    assert re.findall(r'<option[^>]* value="(\d+)">([^<]+)<', form) == [("2", "2. Visits")]
    typed = {"f_line": "2", "f_units": "1", "f_used_on": str(day(0))}
    assert send(staff, f"{OFFICE}use/do/add?of={record_id}", typed).status_code == 303


def test_what_was_used_is_within_the_term_and_what_stands_there_keeps_its_day(contracts: World) -> None:
    """Of a contract that expired, what was used until then is written; one that goes on by itself has no last day."""
    record_id, staff = add(contracts, starts_on=day(-99), ends_on=day(-9)), contracts.staff()
    add_service(contracts, record_id, 4)
    form, use = f"{OFFICE}use/do/add?of={record_id}", {"f_line": "1", "f_units": "1"}
    for when, said in ((day(-8), "until"), (day(-100), "from")):
        answer = send(staff, form, use | {"f_used_on": str(when)})
        assert (answer.status_code, f"The contract covers this {said}" in words(answer)) == (422, True)
    for when in (day(-99), day(-9)):
        assert send(staff, form, use | {"f_used_on": str(when)}).status_code == 303
    with contracts.writing() as session:
        session.get_one(Contract, record_id).ends_on = day(-20)
    use_id = max(map(int, re.findall(r"/contracts/use/(\d+)", staff.get(f"{OFFICE}{record_id}").text)))
    assert send(staff, f"{OFFICE}use/{use_id}/do/edit", {"f_what_for": "Said later"}).status_code == 303
    assert send(staff, f"{OFFICE}use/{use_id}/do/edit", {"f_used_on": str(day(-10))}).status_code == 422
    with contracts.writing() as session:
        session.get_one(Contract, record_id).renewal = AUTOMATIC
    assert send(staff, form, use | {"f_used_on": str(day(-1))}).status_code == 303


def test_renewed_suspended_and_terminated_with_a_history_that_clients_read(contracts: World) -> None:
    record_id, staff = add(contracts, ends_on=day(5)), contracts.staff()
    page = f"{OFFICE}{record_id}/do/"
    assert send(staff, f"{page}renew", {"f_ends_on": str(day(370))}).status_code == 303
    assert (read(contracts, Contract, record_id).ends_on, day(340)) == (
        day(370), read(contracts, Contract, record_id).notice_on
    )  # fmt: skip
    for action, then in (("suspend", SUSPENDED), ("activate", ACTIVE), ("terminate", TERMINATED)):
        assert send(staff, page + action, {"f_reason": "Moved"} if action == "terminate" else {}).status_code == 303
        assert read(contracts, Contract, record_id).status == then
    history = [each.data["field"] for each in messages(contracts, record_id) if each.kind == DONE and each.published]
    assert history == ["ends_on", "status", "status", "status"]


def test_a_site_is_chosen_among_the_clients_and_keeps_the_name_that_was_agreed_on(contracts: World) -> None:
    record_id, staff = add(contracts), contracts.staff()
    where, site = f"{OFFICE}covered/do/add?of={record_id}", contracts.one.sites["a1"]
    with open_session(contracts.engine, system(contracts.one.id)) as session:
        names = {name: session.get_one(Site, contracts.one.sites[name]).name for name in ("a1", "a2", "b1")}
    offered = re.findall(r'<option[^>]* value="([^"]*)"', staff.get(where).text)
    assert set(offered) == {"", names["a1"], names["a2"]}
    assert send(staff, where, {"f_name": names["b1"]}).status_code == 422, "another client's"
    assert send(staff, where, {"f_name": names["a1"], "f_what": "The hall"}).status_code == 303
    page = words(contracts.contact("whole").get(f"{LIST}{record_id}"))
    assert (names["a1"] in page, "The hall" in page, names["b1"] in page) == (True, True, False)
    covered_id = int(re.findall(r"/contracts/covered/(\d+)", staff.get(f"{OFFICE}{record_id}").text)[0])
    with contracts.writing() as session:
        session.get_one(Site, site).name = "Called otherwise"
    try:
        edit = f"{OFFICE}covered/{covered_id}/do/edit"
        assert send(staff, edit, {"f_what": "All of it"}).status_code == 303
        program, url = Program(staff), f"/api/v1/contracts/covered/{covered_id}"
        assert "no site of that name" in program.patch(url, {"name": "Nowhere"}).text
        assert program.patch(url, {"what": "All of it, and the yard"}).status_code == 200
    finally:
        with contracts.writing() as session:
            session.get_one(Site, site).name = names["a1"]
    covered = read(contracts, Covered, covered_id)
    assert (covered.name, covered.what) == (names["a1"], "All of it, and the yard")


def test_of_more_sites_than_make_a_list_the_name_is_typed(contracts: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MOST", 1)
    where, staff = f"{OFFICE}covered/do/add?of={add(contracts)}", contracts.staff()
    assert '<input class="form-control" id="f_name"' in staff.get(where).text
    assert send(staff, where, {"f_name": " á1 "}).status_code == 303, "however it is written"
    answer = send(staff, where, {"f_name": "Nowhere"})
    assert (answer.status_code, "no site of that name" in words(answer)) == (422, True)


def test_a_service_that_was_used_stays(contracts: World) -> None:
    record_id, staff = add(contracts), contracts.staff()
    used, unused = add_service(contracts, record_id, 4, 1), add_service(contracts, record_id, 4, position=2, net=500)
    assert post(staff, f"{OFFICE}service/{used}/do/remove", {"version": "1"}).status_code == 404
    assert send(staff, f"{OFFICE}service/{unused}/do/remove", {}).status_code == 303
    for path, typed in ((used, {"f_position": "7"}), (used, {"f_position": "3"})):
        answer = send(staff, f"{OFFICE}service/{path}/do/edit", typed)
        assert (answer.status_code, "names it" in words(answer)) == (422, True)
    assert read(contracts, Service, used).quantity == Decimal(4)
    assert read(contracts, Contract, record_id).net == 0
