"""What clients and staff do to records: offered where its condition holds, done by one, told to the others."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import func, select

from core.db.flags import Flags
from core.db.session import open_session
from core.db.viewer import system
from core.records import doing
from core.records.forms import RecordForm
from tests.petitions import APPROVED, NO_REASON, OPEN, PETITION, WITHDRAWN, Reminder, add
from tests.petitions.acting import LIST, NEW, OFFICE, flagged, post, read, send, token
from tests.petitions.fixtures import petitions
from tests.petitions.reading import shown
from tests.portal.counting import statements
from tests.staff.reading import hidden, words
from tests.visibility.changes import switch
from tests.worlds.world import World

__all__ = ["petitions"]


def test_a_page_offers_what_may_be_done_now(petitions: World) -> None:
    here = {state: add(petitions, status=state) for state in (OPEN, WITHDRAWN)}
    client, staff = petitions.contact("whole"), petitions.staff()
    for record_id, offered in ((here[OPEN], True), (here[WITHDRAWN], False)):
        theirs, ours = client.get(f"{LIST}{record_id}").text, staff.get(f"{OFFICE}{record_id}").text
        for name, on_theirs, on_ours in (
            ("edit", offered, offered), ("withdraw", offered, offered), ("approve", False, offered),
            ("remind", offered, False), ("new", False, False),
        ):  # fmt: skip
            assert (f"{LIST}{record_id}/do/{name}" in theirs) is on_theirs, name
            assert (f"{OFFICE}{record_id}/do/{name}" in ours) is on_ours, name


def test_what_is_not_offered_is_the_404_of_nonsense(petitions: World) -> None:
    record_id, over = add(petitions), add(petitions, status=WITHDRAWN)
    of_beta, of_two = add(petitions, "beta"), add(petitions, slug="two")
    client = petitions.contact("whole")
    nothing = client.get("/portal/nonsense/")
    for path in (
        f"{LIST}{record_id}/do/nonsense", f"{LIST}{record_id}/do/approve", f"{LIST}{record_id}/do/new",
        f"{LIST}{over}/do/edit", f"{LIST}{of_beta}/do/edit", f"{LIST}{of_two}/do/edit", f"{LIST}999999/do/edit",
        "/portal/petitions/petition/do/edit", "/portal/petitions/nonsense/do/new", "/portal/invoices/invoice/do/new",
        f"/portal/invoices/{record_id}/do/edit", f"/portal/invoices/{petitions.one.invoices['alpha']}/do/edit",
    ):  # fmt: skip
        for answer in (client.get(path), post(client, path, {"version": "1", "f_subject": "x"})):
            assert (answer.status_code, answer.data) == (404, nothing.data), path
        assert petitions.visitor().get(path).status_code == 303
    assert read(petitions, record_id).version == 1
    staff = petitions.staff()
    unknown = staff.get("/staff/nonsense").data
    for path in (
        f"{OFFICE}{of_two}/do/edit", f"{OFFICE}petition/{of_two}/do/edit", f"{OFFICE}{over}/do/approve",
        f"{OFFICE}{record_id}/do/remind", f"{OFFICE}petition/do/edit", "/staff/records/nonsense/x/do/new",
    ):  # fmt: skip
        for answer in (staff.get(path), post(staff, path, {"version": "1", "f_subject": "x"})):
            assert (answer.status_code, answer.data) == (404, unknown), path
    assert petitions.contact("outsider").get(f"{LIST}{record_id}/do/edit").status_code == 303


def test_a_module_that_is_off_takes_no_action_of_clients_and_every_one_of_staff(petitions: World) -> None:
    record_id = add(petitions)
    switch(petitions, petitions.one, "petitions", "tenant", petitions.one.id, False)
    try:
        client, staff = petitions.contact("whole"), petitions.staff()
        assert client.get(f"{LIST}{record_id}/do/edit").status_code == 404
        assert post(client, NEW, {"f_subject": "x"}).status_code == 404
        page = staff.get(f"{OFFICE}{record_id}/do/approve")
        assert "Clients do not see this now" in words(page)
        assert "Approve this petition?" in words(page)
        assert send(staff, f"{OFFICE}{record_id}/do/approve", {}).status_code == 303
        assert read(petitions, record_id).status == APPROVED
    finally:
        switch(petitions, petitions.one, "petitions", "tenant", petitions.one.id, True)


def test_an_edit_writes_what_was_typed_and_nothing_else(petitions: World) -> None:
    record_id = add(petitions, people=4, reason="kept")
    client = petitions.contact("whole")
    form = {
        "f_subject": "  A ramp ", "f_body": "One\r\nTwo", "f_needed_on": "2026-05-04", "f_call_at": "2026-05-04T09:30",
        "f_budget": "1,234.5", "f_hours": "2.25", "f_people": "12", "f_urgent": "y", "f_priority": "low",
        "f_reason": "no", "f_status": APPROVED, "f_number": "1", "f_published": "", "f_tenant_id": "9", "f_owner": "9",
        "f_account_id": str(petitions.one.accounts["beta"]), "f_contact_id": "5", "f_double": "7", "f_id": "1",
        "status": APPROVED, "owner": "9", "id": "9",
    }  # fmt: skip
    answer = send(client, f"{LIST}{record_id}/do/edit", form)
    assert (answer.status_code, answer.location) == (303, f"{LIST}{record_id}")
    row = read(petitions, record_id)
    assert (row.subject, row.body, row.needed_on) == ("A ramp", "One\nTwo", date(2026, 5, 4))
    assert (row.budget, row.hours, row.people, row.urgent, row.priority) == (123450, Decimal("2.25"), 12, True, "low")
    assert row.call_at == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    assert (row.status, row.number, row.reason, row.contact_id) == (OPEN, "", "kept", None)
    assert (row.account_id, row.owner, row.tenant_id) == (*[petitions.one.accounts["alpha"]] * 2, petitions.one.id)
    assert "Your changes were saved." in words(client.get(f"{LIST}{record_id}"))


def test_whoever_takes_an_action_is_told_in_a_sentence_what_has_happened(petitions: World) -> None:
    record_id, client, staff = add(petitions), petitions.contact("whole"), petitions.staff()
    for page, action, told in (
        (client, "remind", "“Remind” was done."),  # the module says nothing of it
        (staff, "approve", "The petition was approved."),  # in its own words
    ):
        path = LIST if page is client else OFFICE
        assert send(page, f"{path}{record_id}/do/{action}", {}).status_code == 303
        assert told in words(page.get(f"{path}{record_id}"))
    begun = send(client, NEW, {"f_subject": "A ramp"})
    assert "It was added." in words(client.get(begun.location))


def test_a_form_shows_the_record_as_it_is(petitions: World) -> None:
    record_id = add(
        petitions, body="Long\nstory", budget=5, hours=Decimal("2.50"), urgent=True, needed_on=date(2026, 1, 2)
    )
    page = petitions.contact("whole").get(f"{LIST}{record_id}/do/edit").text
    for piece in (
        'value="A lift"', "Long\nstory</textarea>", 'value="0.05"', 'value="2.5"', 'value="2026-01-02"',
        'checked class="tick"', '<option selected value="normal">', "Budget (EUR)", "As much as you know.",
    ):  # fmt: skip
        assert piece in page, piece
    assert "Secret" not in page
    assert "f_contact_id" not in page
    assert "Secret" in petitions.staff().get(f"{OFFICE}{record_id}/do/edit").text


def test_what_another_has_saved_is_shown_and_nothing_typed_is_lost(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    path = f"{LIST}{record_id}/do/edit"
    before = shown(client.get(path).text)
    assert send(staff, f"{OFFICE}{record_id}/do/edit", {"f_subject": "A ramp", "f_budget": "70"}).status_code == 303
    typed = {**before, "f_subject": "A bridge", "f_body": "Typed for an hour"}
    answer = post(client, path, typed)
    assert answer.status_code == 422
    said = words(answer)
    assert "Somebody else changed this meanwhile" in said
    assert "Subject A ramp" in said
    assert "Budget €70.00" in said
    assert "People 1" not in said
    assert "Typed for an hour</textarea>" in answer.text
    assert 'value="A bridge"' in answer.text
    assert read(petitions, record_id).subject == "A ramp"
    again = post(client, path, {**typed, "version": hidden(answer, "version")})
    assert again.status_code == 303
    assert read(petitions, record_id).subject == "A bridge"


def test_who_comes_too_late_is_told_and_may_copy_what_they_typed(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    path = f"{LIST}{record_id}/do/withdraw"
    before = hidden(client.get(path), "version")
    assert send(staff, f"{OFFICE}{record_id}/do/approve", {}).status_code == 303
    answer = post(client, path, {"version": before, "f_reason": "We moved"})
    assert answer.status_code == 409
    assert "can no longer be done" in words(answer)
    assert "Approved" in words(answer)
    assert 'value="We moved"' in answer.text
    assert read(petitions, record_id).status == APPROVED
    late = post(client, f"{LIST}{record_id}/do/remind", {"version": before})
    assert late.status_code == 409
    nothing = client.get("/portal/nonsense/").data
    for version in ("", "x", str(read(petitions, record_id).version), "99", "-1", "1" * 40, "²"):
        answer = post(client, path, {"version": version, "f_reason": "We moved"})
        assert (answer.status_code, answer.data) == (404, nothing), version


@pytest.mark.parametrize("version", ["", "x", "0", "99", "1.0", " 1", "²"])
def test_a_version_that_was_never_shown_saves_nothing(petitions: World, version: str) -> None:
    record_id = add(petitions)
    answer = post(petitions.contact("whole"), f"{LIST}{record_id}/do/edit", {"version": version, "f_subject": "x"})
    assert answer.status_code == 422
    assert read(petitions, record_id).subject == "A lift"
    unsaid = post(petitions.contact("whole"), f"{LIST}{record_id}/do/edit", {"f_subject": "x"})
    assert unsaid.status_code == 422
    assert read(petitions, record_id).subject == "A lift"


def reminded(world: World, record_id: int) -> int:
    """How often clients have asked again."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalar(select(func.count(Reminder.id)).where(Reminder.parent_id == record_id)) or 0


def at_once(world: World, record_id: int, count: int = 6) -> list[int]:
    """So many clients press one button at the same moment; gives what each was answered."""
    browsers = [world.contact("whole") for _ in range(count)]
    tokens, version = [token(browser) for browser in browsers], str(read(world, record_id).version)
    start, answers = threading.Barrier(count), []

    def press(n: int) -> None:
        start.wait()
        form = {"version": version, "csrf_token": tokens[n]}
        answers.append(browsers[n].post(f"{LIST}{record_id}/do/remind", data=form).status_code)

    threads = [threading.Thread(target=press, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_many_at_once_one_wins_and_the_others_are_told(petitions: World) -> None:
    record_id = add(petitions)
    assert at_once(petitions, record_id) == [303, 422, 422, 422, 422, 422]
    assert reminded(petitions, record_id) == 1


def test_without_the_claim_and_the_version_several_would_win(petitions: World) -> None:
    record_id = add(petitions)
    with patch.object(doing, "claim", return_value=True), patch.object(RecordForm, "stale", lambda form, row: False):
        answers = at_once(petitions, record_id)
    assert answers.count(303) > 1
    assert reminded(petitions, record_id) == answers.count(303)


def test_a_claim_asks_for_version_and_condition(petitions: World) -> None:
    record_id, over = add(petitions), add(petitions, status=WITHDRAWN)
    remind = next(action for action in PETITION.actions if action.name == "remind")
    with open_session(petitions.engine, system(petitions.one.id), writes=True) as session:
        assert not doing.claim(session, PETITION, remind, record_id, 2)
        assert not doing.claim(session, PETITION, remind, over, 1)
        assert doing.claim(session, PETITION, remind, record_id, 1)
        assert not doing.claim(session, PETITION, remind, record_id, 1)
    with open_session(petitions.engine, system(petitions.two.id), writes=True) as session:
        assert not doing.claim(session, PETITION, remind, record_id, 1)


def test_a_run_that_fails_leaves_nothing_half_written(petitions: World) -> None:
    record_id = add(petitions)
    client = petitions.contact("whole")

    def half_way(session: Any, row: Any, values: Any) -> None:
        row.subject = "half"
        session.add(Reminder(parent_id=row.id, text="half"))
        session.flush()
        raise RuntimeError("by design")

    withdraw = next(action for action in PETITION.actions if action.name == "withdraw")
    version = hidden(client.get(f"{LIST}{record_id}/do/withdraw"), "version")
    object.__setattr__(withdraw, "run", half_way)
    try:
        answer = post(client, f"{LIST}{record_id}/do/withdraw", {"version": version, "f_reason": "x"})
    finally:
        object.__setattr__(withdraw, "run", _withdraw)
    assert answer.status_code == 500
    row = read(petitions, record_id)
    assert (row.subject, row.version, reminded(petitions, record_id)) == ("A lift", 1, 0)


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_written(petitions: World) -> None:
    """By the action itself, once the form was found good: of one record, and of several at once."""
    record_id, staff = add(petitions), petitions.staff()
    for browser, path in (
        (petitions.contact("whole"), f"{LIST}{record_id}/do/withdraw"),
        (staff, f"{OFFICE}petition/several/withdraw?id={record_id}"),
    ):
        answer = send(browser, path, {"f_reason": NO_REASON})
        assert (answer.status_code, shown(answer.text)["f_reason"]) == (422, NO_REASON)
        assert '<a href="#f_reason">That is &lt;no&gt; reason.</a>' in answer.text
        row = read(petitions, record_id)
        assert (row.status, row.version) == (OPEN, 1)
    form = shown(answer.text)
    assert post(staff, path, {**form, "id": str(record_id), "f_reason": "so"}).status_code == 303
    assert read(petitions, record_id).status == WITHDRAWN


def test_an_action_may_take_the_record_away(petitions: World) -> None:
    record_id, client = add(petitions), petitions.contact("whole")
    withdraw = next(action for action in PETITION.actions if action.name == "withdraw")
    object.__setattr__(withdraw, "run", lambda session, row, values: session.delete(row))
    try:
        answer = send(client, f"{LIST}{record_id}/do/withdraw", {})
    finally:
        object.__setattr__(withdraw, "run", _withdraw)
    assert (answer.status_code, answer.location) == (303, LIST)
    assert read(petitions, record_id) is None


_withdraw = next(action for action in PETITION.actions if action.name == "withdraw").run


def test_a_site_is_changed_within_the_records_account_alone(petitions: World) -> None:
    one, client, record_id = petitions.one, petitions.contact("two_accounts"), add(petitions)
    path = f"{LIST}{record_id}/do/edit"
    place = f"{one.accounts['alpha']}-{one.sites['a2']}"
    assert send(client, path, {"f_subject": "x", "place": place}).status_code == 303
    assert read(petitions, record_id).site_id == one.sites["a2"]
    for key in (f"{one.accounts['beta']}-0", f"{one.accounts['alpha']}-{one.sites['b1']}"):
        assert send(client, path, {"f_subject": "x", "place": key}).status_code == 422
    only = add(petitions, site_id=one.sites["a1"])
    at_site = petitions.contact("site")
    assert send(at_site, f"{LIST}{only}/do/edit", {"f_subject": "y"}).status_code == 303
    assert read(petitions, only).site_id == one.sites["a1"]


def test_flags_decide_what_a_form_asks(petitions: World) -> None:
    client, record_id = petitions.contact("child"), add(petitions, "north", body="old")
    path = f"{LIST}{record_id}/do/edit"
    with flagged(
        petitions, ("body", Flags(seen=False)), ("hours", Flags(filled=False)), ("budget", Flags(required=True))
    ):
        page = client.get(path).text
        assert "f_body" not in page
        assert "f_hours" not in page
        answer = send(client, path, {"f_subject": "x", "f_body": "new", "f_hours": "3"})
        assert answer.status_code == 422
        assert "Fill in: Budget (EUR)." in words(answer)
        assert (
            send(client, path, {"f_subject": "x", "f_budget": "1", "f_body": "new", "f_hours": "3"}).status_code == 303
        )
        row = read(petitions, record_id)
        assert (row.body, row.hours, row.budget) == ("old", None, 100)
        assert "f_body" in petitions.staff().get(f"{OFFICE}{record_id}/do/edit").text
    assert "f_body" in client.get(path).text


def test_a_form_that_asks_everything_asks_what_is_filled_in(petitions: World) -> None:
    edit = next(action for action in PETITION.actions if action.name == "edit")
    record_id, client = add(petitions, "north"), petitions.contact("child")
    object.__setattr__(edit, "fields", None)
    try:
        page = client.get(f"{LIST}{record_id}/do/edit").text
        assert "f_reason" in page
        assert "f_double" not in page
        every = [(f.name, Flags(filled=False)) for f in PETITION.fields]
        with flagged(petitions, *every):
            assert f"{record_id}/do/edit" not in client.get(f"{LIST}{record_id}").text
            assert client.get(f"{LIST}{record_id}/do/edit").status_code == 404
    finally:
        object.__setattr__(edit, "fields", _asked)


_asked = next(action for action in PETITION.actions if action.name == "edit").fields


def test_a_forged_form_does_nothing(petitions: World) -> None:
    record_id, client = add(petitions), petitions.contact("whole")
    for path in (f"{LIST}{record_id}/do/remind", NEW, f"{LIST}{record_id}/do/edit"):
        assert client.post(path, data={"version": "1", "f_subject": "x"}).status_code == 403
    assert (read(petitions, record_id).version, reminded(petitions, record_id)) == (1, 0)


def test_a_record_costs_no_statement_more_for_its_actions(petitions: World) -> None:
    record_id, client = add(petitions), petitions.contact("whole")
    client.get(f"{LIST}{record_id}")
    with statements(petitions.engine) as with_actions:
        client.get(f"{LIST}{record_id}")
    kept = PETITION.actions
    object.__setattr__(PETITION, "actions", ())
    try:
        with statements(petitions.engine) as without:
            client.get(f"{LIST}{record_id}")
    finally:
        object.__setattr__(PETITION, "actions", kept)
    assert len(with_actions) == len(without)
