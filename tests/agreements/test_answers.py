"""Accepting and declining: what is kept, what is served from then on, and who is told."""

import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update

from core.db.session import open_session
from core.db.viewer import system
from core.outbox.models import Mail
from core.records.models import ACCEPTED, DECLINED, Agreement
from core.worker.sweeps import files as sweep
from tests.conversations.talking import session_of
from tests.offers import CLOSED, Item, Offer, add, answers, read
from tests.offers.acting import API, LIST, NAME, OFFICE, accept, page_of
from tests.offers.fixtures import offers
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.rest.reading import read as read_json
from tests.rest.writing import Program, errors
from tests.staff.reading import words
from tests.worlds.world import World

__all__ = ["offers"]


def mails(world: World, record_id: int) -> list[tuple[str, int | None, int | None]]:
    """What was queued about a record: kind, contact, staff."""
    with open_session(world.engine, system(world.one.id)) as session:
        found = session.scalars(select(Mail).where(Mail.record_id == record_id).order_by(Mail.kind))
        return [(mail.kind, mail.contact_id, mail.staff_id) for mail in found]


def test_an_acceptance_keeps_who_when_from_where_and_the_exact_paper(offers: World) -> None:
    record_id = add(offers)
    client, staff, version = offers.contact("whole"), offers.staff(), read(offers, record_id).version
    seen = client.get(f"{LIST}{record_id}/document").data
    answer = accept(offers, record_id, client, a_order_number="PO 7/26")
    assert (answer.status_code, answer.location) == (303, f"{LIST}{record_id}")
    [kept] = answers(offers, record_id)
    assert (kept.outcome, kept.signer, kept.order_number, kept.reason) == (ACCEPTED, NAME, "PO 7/26", "")
    assert (kept.contact_id, kept.address, kept.version) == (offers.one.people["whole"], "127.0.0.1", version)
    assert kept.paper_sha256 == sha256(seen).hexdigest()
    assert kept.terms_sha256 == sha256(kept.terms.encode()).hexdigest()
    assert '"total":24200' in kept.terms
    assert "A pump" in kept.terms
    assert read(offers, record_id).status == ACCEPTED
    for browser, base in ((client, LIST), (staff, OFFICE)):
        page = words(browser.get(f"{base}{record_id}"))
        for text in (NAME, "PO 7/26", "127.0.0.1", kept.paper_sha256, kept.terms_sha256, "Certificate (PDF)"):
            assert text in page, text
        assert browser.get(f"{base}{record_id}/certificate").data.startswith(b"%PDF")
        data = browser.get(f"{base}{record_id}/certificate?data=1")
        assert sha256(data.data).hexdigest() == kept.terms_sha256
        assert (data.mimetype, data.headers["Content-Disposition"]) == (
            "application/json", 'attachment; filename="O-1 - data.json"'
        )  # fmt: skip
    for kind, slug in (("nobodys", "one"), ("child", "one"), ("whole", "two")):
        other = offers.contact(kind, slug)
        for query in ("", "?data=1"):
            assert other.get(f"{LIST}{record_id}/certificate{query}").data == other.get("/portal/nonsense/").data
    for name in ("accept", "decline"):
        assert client.get(page_of(record_id, name)).status_code == 404
    assert mails(offers, record_id) == [
        ("core.acceptance_confirmed", offers.one.people["whole"], None), ("core.accepted", None, offers.one.staff)
    ]  # fmt: skip


def test_what_was_accepted_is_what_everybody_gets_and_what_changes_later_is_flagged(offers: World) -> None:
    record_id = add(offers, number="P-77")
    client, staff = offers.contact("whole"), offers.staff()
    accept(offers, record_id)
    was = client.get(f"{LIST}{record_id}/document").data
    assert "This was changed after it was accepted" not in words(staff.get(f"{OFFICE}{record_id}"))
    with offers.writing() as session:
        session.scalars(select(Item).where(Item.parent_id == record_id, Item.position == 1)).one().total = 1
        session.get_one(Offer, record_id).total = 1
    for browser, base in ((client, LIST), (staff, OFFICE)):
        page = words(browser.get(f"{base}{record_id}"))
        assert "This was changed after it was accepted" in page
        assert "Changed since: Total, Lines." in page
        assert browser.get(f"{base}{record_id}/document").data == was
        with zipfile.ZipFile(io.BytesIO(browser.get(f"{base}offer/documents.zip?q=P-77").data)) as packed:
            assert [packed.read(name) for name in packed.namelist()] == [was]
    body = read_json(client, f"{API}{record_id}")
    assert body["agreement"]["changed"] == ["Total", "Lines"]
    assert client.get(body["document"]).data == was
    for name in ("edit", "send", "revise"):
        assert staff.get(f"{OFFICE}{record_id}/do/{name}").status_code == 404
    line = f"{OFFICE}line/do/add?of={record_id}"
    typed = {"f_description": "More", "f_quantity": "1", "f_unit_price": "1", "f_discount": "0", "f_tax_rate": "0"}
    assert CLOSED in words(post(staff, line, typed))


def test_the_form_says_what_is_accepted_and_what_it_comes_to(offers: World) -> None:
    record_id = add(offers, number="P-88", subject="A pump for the yard")
    for name in ("accept", "decline"):
        page = words(offers.contact("whole").get(page_of(record_id, name)))
        for text in ("Offer P-88", "A pump for the yard", "€242.00"):
            assert text in page, (name, text)
    draft = add(offers, status="draft")
    page = words(offers.staff().get(f"{OFFICE}{draft}/do/send"))
    assert ("Send" in page, "€242.00" in page) == (True, False)


def test_what_was_shown_is_what_is_accepted_or_nothing(offers: World) -> None:
    client = offers.contact("whole")
    for change_lines in (False, True):
        record_id = add(offers)
        form = {**shown(client.get(page_of(record_id)).text), "a_signer": NAME, "a_order_number": "PO 9"}
        with offers.writing() as session:
            if change_lines:  # without a new version of the offer itself
                session.scalars(select(Item).where(Item.parent_id == record_id, Item.position == 1)).one().total = 9
            else:
                session.get_one(Offer, record_id).total = 9
        answer = post(client, page_of(record_id), form)
        assert answer.status_code == 422
        assert "This was changed meanwhile" in words(answer)
        again = shown(answer.text)
        assert (again["a_signer"], again["a_order_number"]) == (NAME, "PO 9")
        assert (again["version"], again["terms"]) != (form["version"], form["terms"])
        assert answers(offers, record_id) == []
        assert post(client, page_of(record_id), again).status_code == 303
        terms = json.loads(answers(offers, record_id)[0].terms)
        lines, place = terms["children"]["lines"], terms["children"]["lines"]["columns"].index("total")
        assert (terms["fields"]["total"] == 9) is not change_lines
        assert (lines["rows"][0][place] == 9) is change_lines
        assert [row[lines["columns"].index("optional")] for row in lines["rows"]] == [False, True]


def test_a_decline_takes_a_reason_and_keeps_no_paper(offers: World) -> None:
    record_id, client = add(offers), offers.contact("whole")
    form = shown(client.get(page_of(record_id, "decline")).text)
    answer = post(client, page_of(record_id, "decline"), {**form, "a_reason": "  "})
    assert (answer.status_code, "Fill in: Reason." in words(answer)) == (422, True)
    assert post(client, page_of(record_id, "decline"), {**form, "a_reason": "Too dear"}).status_code == 303
    [kept] = answers(offers, record_id)
    assert (kept.outcome, kept.reason, kept.paper_key, kept.terms) == (DECLINED, "Too dear", None, "")
    assert read(offers, record_id).status == DECLINED
    assert "Too dear" in words(offers.staff().get(f"{OFFICE}{record_id}"))
    assert mails(offers, record_id) == [("core.declined", None, offers.one.staff)]
    assert client.get(f"{LIST}{record_id}/certificate").status_code == 404


def test_programs_accept_what_they_have_read_and_nothing_else(offers: World) -> None:
    record_id, program = add(offers), Program(offers.contact("whole"))
    found = next(a for a in read_json(program.browser, f"{API}{record_id}")["actions"] if a["name"] == "accept")
    assert found["fields"] == ["signer", "order_number", "signature", "terms"]
    url = found["url"]
    assert set(errors(program.post(url, {}))) == {"signer", "terms"}
    assert set(errors(program.post(url, {"signer": " ", "terms": found["terms"]}))) == {"signer"}
    assert set(errors(program.post(url, {"signer": NAME, "terms": found["terms"], "signature": "!"}))) == {"signature"}
    lost = program.post(url, {"signer": NAME, "terms": "0" * 64})
    assert (lost.status_code, lost.json["record"]["fields"]["status"]["value"]) == (409, "sent")  # type: ignore[index]
    assert answers(offers, record_id) == []
    done = program.post(url, {"signer": NAME, "terms": found["terms"], "order_number": "PO"})
    assert done.status_code == 200, done.text
    evidence = done.json["agreement"]  # type: ignore[index]
    assert (evidence["outcome"], evidence["signer"], evidence["order_number"]) == ("accepted", NAME, "PO")
    assert evidence["document_sha256"] == sha256(program.browser.get(f"{LIST}{record_id}/document").data).hexdigest()
    again = program.post(url, {"signer": NAME, "terms": found["terms"]})
    assert again.status_code == 409


def test_the_accepted_paper_stays_when_stored_bytes_are_cleared_away(offers: World) -> None:
    record_id = add(offers)
    accept(offers, record_id)
    before = offers.contact("whole").get(f"{LIST}{record_id}/document").data
    sweep(offers.app.extensions["postigo"], timedelta(0))
    assert offers.contact("whole").get(f"{LIST}{record_id}/document").data == before


def test_clients_write_no_answer_of_their_own_making(offers: World) -> None:
    """An answer can be written to what one sees, and is read where its record is."""
    mine, theirs = add(offers), add(offers, "beta")
    accept(offers, mine)
    accept(offers, theirs, offers.contact("two_accounts"))
    for who, seen in (("whole", [mine]), ("two_accounts", [mine, theirs]), ("nobodys", [])):
        with session_of(offers, who) as session:
            found = session.scalars(select(Agreement.parent_id).where(Agreement.parent_id.in_([mine, theirs])))
            assert sorted(found) == seen


def test_what_was_accepted_is_not_answered_again_whatever_its_state(offers: World) -> None:
    record_id, client = add(offers), offers.contact("whole")
    form = {**shown(client.get(page_of(record_id)).text), "a_signer": NAME}
    accept(offers, record_id)
    with offers.writing() as session:  # past all that keeps the answer
        session.execute(update(Offer).where(Offer.id == record_id).values(status="sent"))
    assert read(offers, record_id).status == "sent"
    for name in ("accept", "decline"):
        assert client.get(page_of(record_id, name)).status_code == 404
    assert post(client, page_of(record_id), form).status_code == 409
    assert len(answers(offers, record_id)) == 1


def test_what_is_hidden_foreign_or_the_staffs_is_answered_by_nobody(offers: World) -> None:
    client, staff = offers.contact("whole"), offers.staff()
    nothing = client.get("/portal/nonsense/").data
    others = [add(offers, status="draft"), add(offers, "beta"), add(offers, slug="two"), add(offers, None)]
    others += [add(offers, status="declined")]
    for record_id in others:
        version = str(read(offers, record_id, "two" if record_id == others[2] else "one").version)
        form = {"version": version, "a_signer": NAME, "a_reason": "x"}
        for path in (page_of(record_id), page_of(record_id, "decline"), f"{LIST}{record_id}/certificate"):
            for answer in (client.get(path), post(client, path, form)):
                assert answer.status_code == 405 or answer.data == nothing, path
    record_id = add(offers)
    assert staff.get(f"{OFFICE}{record_id}/do/accept").status_code == 404
    program = Program(staff)
    assert program.post(f"{API}{record_id}/actions/accept", {"signer": "S", "terms": "0" * 64}).status_code == 404


def test_what_was_declined_can_be_offered_anew(offers: World) -> None:
    record_id, client, staff = add(offers), offers.contact("whole"), offers.staff()
    declining = page_of(record_id, "decline")
    post(client, declining, {**shown(client.get(declining).text), "a_reason": "No"})
    for name in ("revise", "send"):
        where = f"{OFFICE}{record_id}/do/{name}"
        assert post(staff, where, {"version": str(read(offers, record_id).version)}).status_code == 303
        assert client.get(f"{LIST}{record_id}").status_code == (404 if name == "revise" else 200)
    assert "Address of origin" not in words(client.get(f"{LIST}{record_id}"))
    assert accept(offers, record_id).status_code == 303
    assert [each.outcome for each in answers(offers, record_id)] == [DECLINED, ACCEPTED]


def test_a_drawing_that_is_none_is_refused_and_nothing_typed_is_lost(offers: World) -> None:
    record_id = add(offers)
    for sent, said in (
        ("data:image/svg+xml,<svg/>", "The signature is no picture that can be read."),
        ("A" * 200_000, "The signature is too large."),
    ):
        answer = accept(offers, record_id, a_order_number="PO 5", a_signature=sent)
        assert (answer.status_code, said in words(answer)) == (422, True)
        again = shown(answer.text)
        assert (again["a_signer"], again["a_order_number"], again["a_signature"]) == (NAME, "PO 5", "")
    assert (answers(offers, record_id), read(offers, record_id).status) == ([], "sent")
