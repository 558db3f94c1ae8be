"""Records are begun, changed and acted on through the API as on pages: the same actions, fields, places and rules."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.db.flags import Flags
from tests.petitions import APPROVED, NO_REASON, OPEN, PETITION, WITHDRAWN, add
from tests.petitions.acting import flagged
from tests.petitions.acting import read as row_of
from tests.petitions.fixtures import petitions
from tests.rest.reading import LIST, PAYMENTS, read, refused
from tests.rest.writing import PETITIONS, Program, errors, made
from tests.visibility.changes import switch
from tests.worlds.world import World

__all__ = ["petitions"]
NONSENSE = 999999999
EVERYTHING: dict[str, Any] = {
    "subject": " A ramp ", "body": "One\r\nTwo", "needed_on": "2026-05-04", "call_at": "2026-05-04T09:30:00+02:00",
    "budget": {"amount": "1234.5", "currency": "EUR"}, "hours": "2.25", "people": 12, "urgent": True,
    "priority": "low",
}  # fmt: skip


def test_a_record_is_begun_with_what_was_sent(petitions: World) -> None:
    one, client = petitions.one, Program(petitions.contact("child"))
    body = made(client.post(PETITIONS, EVERYTHING))
    row = row_of(petitions, body["id"])
    assert (row.subject, row.body, row.needed_on) == ("A ramp", "One\nTwo", date(2026, 5, 4))
    assert (row.budget, row.hours, row.people, row.urgent, row.priority) == (123450, Decimal("2.25"), 12, True, "low")
    assert row.call_at == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    assert (row.account_id, row.contact_id, row.status) == (one.accounts["north"], one.people["child"], OPEN)
    assert body == read(client.browser, body["url"])
    assert [each["name"] for each in body["actions"]] == ["edit", "withdraw", "remind"]
    assert body["actions"][1] == {
        "name": "withdraw", "title": "Withdraw", "url": f"{body['url']}/actions/withdraw", "fields": ["reason"],
    }  # fmt: skip


def test_what_is_left_out_is_as_the_form_would_send_it(petitions: World) -> None:
    row = row_of(petitions, made(Program(petitions.contact("child")).post(PETITIONS, {"subject": "x"}))["id"])
    assert (row.people, row.priority, row.urgent, row.currency, row.body) == (1, "normal", False, "EUR", "")
    assert (row.budget, row.hours, row.needed_on, row.call_at, row.site_id) == (None, None, None, None, None)


def test_what_is_read_can_be_written_back(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    body = made(client.post(PETITIONS, EVERYTHING))
    again = {name: body["fields"][name] for name in [*EVERYTHING, "site_id"]}
    answer = client.patch(body["url"], again)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["fields"] == body["fields"]
    copy = made(client.post(PETITIONS, {**again, "account_id": body["fields"]["account_id"]}))
    assert copy["fields"] == body["fields"]
    empty = dict.fromkeys(("needed_on", "call_at", "budget", "hours"))
    cleared = client.patch(body["url"], empty).json
    assert cleared is not None
    assert {name: cleared["fields"][name] for name in empty} == empty


def test_a_change_touches_what_was_sent_and_nothing_else(petitions: World) -> None:
    record_id = add(petitions, people=4, body="kept", budget=5)
    client = Program(petitions.contact("whole"))
    for url in (f"{PETITIONS}{record_id}", f"{PETITIONS}{record_id}/actions/edit"):
        method = "POST" if "actions" in url else "PATCH"
        before = row_of(petitions, record_id).version
        answer = client.send(method, url, {"people": 5})
        assert answer.status_code == 200, answer.text
        row = row_of(petitions, record_id)
        assert (row.people, row.body, row.budget, row.subject) == (5, "kept", 5, "A lift")
        assert row.version > before
    assert client.patch(f"{PETITIONS}{record_id}", {}).status_code == 200


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"subject": 5}, "subject", "as a text"),
    ({"subject": "x" * 61}, "subject", "at most 60 characters"),
    ({"subject": "a\0b"}, "subject", "cannot be shown"),
    ({"subject": None}, "subject", "Fill in"),
    ({"subject": " \n"}, "subject", "cannot be shown"),
    ({"subject": "  "}, "subject", "Fill in: Subject."),
    ({"people": "5"}, "people", "as a number"),
    ({"people": True}, "people", "as a number"),
    ({"people": 1.5}, "people", "whole number"),
    ({"people": 2**31}, "people", "too large"),
    ({"people": None}, "people", "Fill in"),
    ({"hours": 2.25}, "hours", "as a number"),
    ({"hours": "2,25"}, "hours", "as a number"),
    ({"hours": "1.234"}, "hours", "at most 2 decimals"),
    ({"hours": "12345"}, "hours", "too large"),
    ({"budget": "12"}, "budget", "as an amount"),
    ({"budget": {"amount": 12, "currency": "EUR"}}, "budget", "as an amount"),
    ({"budget": {"amount": "12", "currency": "USD"}}, "budget", "in EUR"),
    ({"budget": {"amount": "0.005", "currency": "EUR"}}, "budget", "at most 2 decimals"),
    ({"budget": {"amount": "9" * 30, "currency": "EUR"}}, "budget", "too large"),
    ({"urgent": "true"}, "urgent", "true or false"),
    ({"urgent": None}, "urgent", "Fill in"),
    ({"needed_on": "20260504"}, "needed_on", "as a day"),
    ({"needed_on": "2026-02-30"}, "needed_on", "as a day"),
    ({"call_at": "2026-05-04T09:30:00"}, "call_at", "as a moment"),
    ({"call_at": "0001-01-01T00:00:00+23:00"}, "call_at", "as a moment"),
    ({"priority": "secret"}, "priority", "from the list"),
    ({"priority": {"value": "low", "x": 1}}, "priority", "from the list"),
    ({"site_id": NONSENSE}, "site_id", "from the list"),
    ({"site_id": {"id": "1"}}, "site_id", "from the list"),
]


@pytest.mark.parametrize(("sent", "name", "sentence"), WRONG, ids=str)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_written(
    petitions: World, sent: dict[str, Any], name: str, sentence: str
) -> None:
    record_id = add(petitions)
    client = Program(petitions.contact("whole"))
    found = errors(client.patch(f"{PETITIONS}{record_id}", sent))
    assert found.keys() == {name}
    assert sentence in found[name][0]
    assert sentence in errors(client.post(PETITIONS, {"subject": "x", **sent}))[name][0]
    assert row_of(petitions, record_id).version == 1


def test_what_does_not_fit_is_said_of_its_field_too(petitions: World) -> None:
    """By the action itself, once what was sent was found good."""
    record_id, client = add(petitions, "north"), Program(petitions.contact("child"))
    answer = client.post(f"{PETITIONS}{record_id}/actions/withdraw", {"reason": NO_REASON})
    assert errors(answer) == {"reason": ["That is <no> reason."]}
    assert (row_of(petitions, record_id).status, row_of(petitions, record_id).version) == (OPEN, 1)


def test_all_that_is_wrong_is_said_at_once_in_the_readers_language(petitions: World) -> None:
    client = Program(petitions.contact("whole"))
    sent = {"people": "x", "hours": "x", "nonsense": 1}
    found = errors(client.post(PETITIONS, sent, Accept_Language="es"))
    assert found.keys() == {"people", "hours", "nonsense", "subject"}
    assert found["subject"] == ["Rellene el campo «Subject»."]
    assert found["hours"] == ['Escriba Hours como número, por ejemplo "12.5".']
    assert found["nonsense"] == ["Aquí no hay tal campo que rellenar."]


#: what no program may write, whatever stands there
CLOSED: dict[str, Any] = {
    "id": 1, "tenant_id": 1, "owner": 1, "published": False, "version": 1, "updated_at": "2026-01-01T00:00:00Z",
    "number": "N-1", "status": APPROVED, "currency": "USD", "reason": "x", "double": 4, "contact_id": 1,
    "record": {}, "url": "/", "fields": {}, "__class__": "x", "": 1, "nonsense": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_what_is_not_theirs_to_write_is_refused_as_what_never_was(petitions: World, name: str) -> None:
    client, record_id = Program(petitions.contact("whole")), add(petitions)
    plain = errors(client.patch(f"{PETITIONS}{record_id}", {"never": 1}))["never"]
    before = vars(row_of(petitions, record_id))
    for method, url in (
        ("PATCH", f"{PETITIONS}{record_id}"), ("POST", f"{PETITIONS}{record_id}/actions/edit"), ("POST", PETITIONS),
        ("POST", f"{PETITIONS}{record_id}/actions/remind"),
    ):  # fmt: skip
        assert errors(client.send(method, url, {"subject": "x", name: CLOSED[name]}))[name] == plain, url
    if name != "account_id":
        assert errors(client.patch(f"{PETITIONS}{record_id}", {"account_id": 1}))["account_id"] == plain
    after = vars(row_of(petitions, record_id))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}


def test_flags_decide_what_may_be_written(petitions: World) -> None:
    client, record_id = Program(petitions.contact("child")), add(petitions, "north", body="old", hours=1)
    url = f"{PETITIONS}{record_id}"
    hidden = (("body", Flags(seen=False)), ("hours", Flags(filled=False)), ("budget", Flags(required=True)))
    with flagged(petitions, *hidden):
        for sent in ({"body": "new"}, {"hours": "3"}):
            assert (
                errors(client.patch(url, {**sent, "budget": {"amount": "1", "currency": "EUR"}})).keys() == sent.keys()
            )
        assert errors(client.patch(url, {"subject": "x"})).keys() == {"budget"}
        assert errors(client.post(PETITIONS, {"subject": "x"})).keys() == {"budget"}
        answer = client.patch(url, {"budget": {"amount": "1", "currency": "EUR"}})
        assert answer.status_code == 200
        assert "body" not in str(answer.json)
        assert (row_of(petitions, record_id).body, row_of(petitions, record_id).budget) == ("old", 100)
    assert client.patch(url, {"body": "new"}).status_code == 200


def test_an_api_that_forgets_to_ask_is_caught(petitions: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above would find, were the reader's fields not asked for."""
    record_id = add(petitions, "north", body="old")
    monkeypatch.setattr(
        "core.rest.settle.asked",
        lambda resource, action, sight: [f for f in resource.fields if f.name in ("body", "reason")],
    )
    with flagged(petitions, ("body", Flags(seen=False))):
        sent = {"body": "new", "reason": "new"}
        assert Program(petitions.contact("child")).patch(f"{PETITIONS}{record_id}", sent).status_code == 200
    assert (row_of(petitions, record_id).body, row_of(petitions, record_id).reason) == ("new", "new")


def test_an_edit_that_asks_everything_is_a_patch_too(petitions: World) -> None:
    edit = next(action for action in PETITION.actions if action.name == "edit")
    asked, record_id = edit.fields, add(petitions)
    object.__setattr__(edit, "fields", None)
    try:
        answer = Program(petitions.contact("whole")).patch(f"{PETITIONS}{record_id}", {"reason": "x"})
        assert answer.status_code == 200
    finally:
        object.__setattr__(edit, "fields", asked)
    assert row_of(petitions, record_id).reason == "x"


def test_an_action_is_taken_and_told_when_it_cannot_be_any_more(petitions: World) -> None:
    record_id, client, staff = add(petitions), Program(petitions.contact("whole")), Program(petitions.staff())
    url = f"{PETITIONS}{record_id}/actions/"
    answer = client.post(f"{url}withdraw", {"reason": "We moved"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["fields"]["status"]["value"], answer.json["actions"]) == (WITHDRAWN, [])
    late = refused(staff.post(f"{url}approve"), 409)
    assert late["record"]["fields"]["status"]["value"] == WITHDRAWN
    assert refused(client.patch(f"{PETITIONS}{record_id}", {"subject": "x"}), 409)["record"]
    assert (row_of(petitions, record_id).status, row_of(petitions, record_id).reason) == (WITHDRAWN, "We moved")


def test_an_action_that_takes_the_record_away_answers_with_nothing(petitions: World) -> None:
    record_id = add(petitions)
    withdraw = next(action for action in PETITION.actions if action.name == "withdraw")
    run = withdraw.run
    object.__setattr__(withdraw, "run", lambda session, row, values: session.delete(row))
    try:
        answer = Program(petitions.contact("whole")).post(f"{PETITIONS}{record_id}/actions/withdraw")
    finally:
        object.__setattr__(withdraw, "run", run)
    assert (answer.status_code, answer.data, row_of(petitions, record_id)) == (204, b"", None)


def test_what_is_not_theirs_is_the_404_of_nonsense(petitions: World) -> None:
    client, record_id = Program(petitions.contact("whole")), add(petitions)
    nothing = client.browser.get(f"{PETITIONS}{NONSENSE}").data
    of_beta, of_two, draft = add(petitions, "beta"), add(petitions, slug="two"), add(petitions, published=False)
    for other in (of_beta, of_two, draft, NONSENSE, petitions.one.invoices["alpha"]):
        for method, url in (
            ("PATCH", f"{PETITIONS}{other}"), ("POST", f"{PETITIONS}{other}/actions/edit"),
            ("POST", f"{PETITIONS}{other}/actions/remind"),
        ):  # fmt: skip
            for sent in ({"subject": "x"}, {"nonsense": 1}):
                answer = client.send(method, url, sent, If_Match="*")
                assert (answer.status_code, answer.data) == (404, nothing), (url, sent)
    for url in (
        f"{PETITIONS}{record_id}/actions/approve", f"{PETITIONS}{record_id}/actions/new",
        f"{PETITIONS}{record_id}/actions/nonsense", "/api/v1/petitions/nonsense/", "/api/v1/nonsense/petition/",
        PAYMENTS, f"{LIST}{petitions.one.invoices['alpha']}/messages", f"{PETITIONS}{record_id}/nonsense",
        "/api/v1/nonsense",
    ):  # fmt: skip
        answer = client.post(url, {"subject": "x"})
        assert (answer.status_code, answer.data) == (404, nothing), url
    assert row_of(petitions, of_beta).version == row_of(petitions, of_two, "two").version == 1


def test_what_is_begun_or_changed_by_nobody_is_not_allowed(petitions: World) -> None:
    for browser in (petitions.contact("whole"), petitions.staff()):
        program = Program(browser)
        for method, url in (("POST", LIST), ("PATCH", f"{LIST}{petitions.one.invoices['alpha']}")):
            answer = program.send(method, url, {})
            refused(answer, 405)
            assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_module_that_is_off_takes_nothing_of_clients_and_all_of_staff(petitions: World) -> None:
    record_id, client = add(petitions), Program(petitions.contact("whole"))
    switch(petitions, petitions.one, "petitions", "tenant", petitions.one.id, False)
    try:
        for url in (PETITIONS, f"{PETITIONS}{record_id}/actions/edit"):
            refused(client.post(url, {"subject": "x"}), 404)
        assert Program(petitions.staff()).post(f"{PETITIONS}{record_id}/actions/approve").status_code == 200
    finally:
        switch(petitions, petitions.one, "petitions", "tenant", petitions.one.id, True)


PLACES: list[tuple[str, set[str], str | None]] = [
    ("whole", {"alpha", "a1", "a2"}, "alpha"), ("site", {"a1"}, "a1"), ("two_sites", {"a2", "b1"}, None),
    ("two_accounts", {"alpha", "a1", "a2", "beta", "b1", "b2"}, None), ("mixed", {"beta", "b1", "b2", "a1"}, None),
    ("nobodys", set(), "nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "places", "otherwise"), PLACES)
def test_a_record_begins_where_the_writer_may_and_nowhere_else(
    petitions: World, kind: str, places: set[str], otherwise: str | None
) -> None:
    one, client = petitions.one, Program(petitions.contact(kind))
    of = {"a1": "alpha", "a2": "alpha", "b1": "beta", "b2": "beta", "n1": "north"}
    every = {name: (one.accounts[of.get(name, name)], one.sites.get(name)) for name in (*of, "alpha", "beta", "north")}
    for name, (account_id, site_id) in every.items():
        answer = client.post(PETITIONS, {"subject": "x", "account_id": account_id, "site_id": site_id})
        if name in places:
            row = row_of(petitions, made(answer)["id"])
            assert (row.account_id, row.site_id) == (account_id, site_id)
        else:
            assert errors(answer).keys() <= {"account_id", "site_id"}, name
    alone = client.post(PETITIONS, {"subject": "x"})
    if otherwise is None:
        assert errors(alone).keys() <= {"account_id", "site_id"}
    else:
        row = row_of(petitions, made(alone)["id"])
        assert (row.account_id, row.site_id) == every.get(otherwise, (None, None))
    errors(client.post(PETITIONS, {"subject": "x", "account_id": petitions.two.accounts["alpha"]}))


def test_staff_say_for_whom_and_may_name_somebody_of_theirs(petitions: World) -> None:
    one, staff = petitions.one, Program(petitions.staff())
    assert errors(staff.post(PETITIONS, {"subject": "x"})).keys() == {"account_id"}
    alpha, named = one.accounts["alpha"], one.people["whole"]
    sent = {"subject": "x", "account_id": alpha, "site_id": one.sites["a2"], "contact_id": named}
    row = row_of(petitions, made(staff.post(PETITIONS, sent))["id"])
    assert (row.account_id, row.site_id, row.contact_id) == (alpha, one.sites["a2"], named)
    for wrong in (
        {"account_id": petitions.two.accounts["alpha"]}, {"account_id": NONSENSE}, {"site_id": one.sites["b1"]},
        {"contact_id": one.people["outsider"]}, {"contact_id": petitions.two.people["whole"]},
    ):  # fmt: skip
        assert errors(staff.post(PETITIONS, sent | wrong)).keys() <= {*wrong, "site_id", "contact_id"}, wrong
    url = f"{PETITIONS}{row.id}"
    assert staff.patch(url, {"contact_id": {"id": one.people["family"], "name": "x"}}).status_code == 200
    assert errors(staff.patch(url, {"contact_id": one.people["outsider"]})).keys() == {"contact_id"}
    assert staff.patch(url, {"contact_id": None, "site_id": None}).status_code == 200
    assert (row_of(petitions, row.id).contact_id, row_of(petitions, row.id).site_id) == (None, None)


def test_a_site_is_changed_within_the_records_account_alone(petitions: World) -> None:
    one, client, record_id = petitions.one, Program(petitions.contact("two_accounts")), add(petitions)
    url = f"{PETITIONS}{record_id}"
    assert client.patch(url, {"site_id": one.sites["a2"]}).status_code == 200
    for name in ("b1", "n1", "g1"):
        assert errors(client.patch(url, {"site_id": one.sites[name]})).keys() == {"site_id"}
    assert row_of(petitions, record_id).site_id == one.sites["a2"]
    assert client.patch(url, {"site_id": None}).status_code == 200
    assert row_of(petitions, record_id).site_id is None


def test_a_run_that_fails_leaves_nothing_half_written(petitions: World) -> None:
    record_id = add(petitions)
    withdraw = next(action for action in PETITION.actions if action.name == "withdraw")
    run = withdraw.run

    def half_way(session: Any, row: Any, values: Any) -> None:
        row.subject = "half"
        session.flush()
        raise RuntimeError("by design")

    object.__setattr__(withdraw, "run", half_way)
    try:
        program = Program(petitions.contact("whole"))
        answer = program.post(f"{PETITIONS}{record_id}/actions/withdraw", {}, Idempotency_Key="half")
        assert "design" not in str(refused(answer, 500))
    finally:
        object.__setattr__(withdraw, "run", run)
    assert (row_of(petitions, record_id).subject, row_of(petitions, record_id).version) == ("A lift", 1)
    again = program.post(f"{PETITIONS}{record_id}/actions/withdraw", {}, Idempotency_Key="half")
    assert again.status_code == 200
