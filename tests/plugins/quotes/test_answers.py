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
from plugins.quotes.models import Line, Quote
from tests.conversations.talking import session_of
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.plugins.quotes.conftest import API, LIST, NAME, OFFICE, TODAY, accept, add, answers, page_of, read
from tests.rest.reading import read as read_json
from tests.rest.writing import Program, errors
from tests.staff.reading import words
from tests.worlds.world import World


def mails(world: World, record_id: int) -> list[tuple[str, int | None, int | None]]:
    """What was queued about a record: kind, contact, staff."""
    with open_session(world.engine, system(world.one.id)) as session:
        found = session.scalars(select(Mail).where(Mail.record_id == record_id).order_by(Mail.kind))
        return [(mail.kind, mail.contact_id, mail.staff_id) for mail in found]


def test_an_acceptance_keeps_who_when_from_where_and_the_exact_paper(quotes: World) -> None:
    record_id = add(quotes)
    client, staff, version = quotes.contact("whole"), quotes.staff(), read(quotes, record_id).version
    seen = client.get(f"{LIST}{record_id}/document").data
    answer = accept(quotes, record_id, client, a_order_number="PO 7/26")
    assert (answer.status_code, answer.location) == (303, f"{LIST}{record_id}")
    [kept] = answers(quotes, record_id)
    assert (kept.outcome, kept.signer, kept.order_number, kept.reason) == (ACCEPTED, NAME, "PO 7/26", "")
    assert (kept.contact_id, kept.address, kept.version) == (quotes.one.people["whole"], "127.0.0.1", version)
    assert kept.paper_sha256 == sha256(seen).hexdigest()
    assert kept.terms_sha256 == sha256(kept.terms.encode()).hexdigest()
    assert '"total":24200' in kept.terms
    assert "A pump" in kept.terms
    assert (read(quotes, record_id).status, read(quotes, record_id).answered_on) == (ACCEPTED, TODAY)
    for browser, base in ((client, LIST), (staff, OFFICE)):
        page = words(browser.get(f"{base}{record_id}"))
        for text in (NAME, "PO 7/26", "127.0.0.1", kept.paper_sha256, kept.terms_sha256, "Certificate (PDF)"):
            assert text in page, text
        assert browser.get(f"{base}{record_id}/certificate").data.startswith(b"%PDF")
        data = browser.get(f"{base}{record_id}/certificate?data=1")
        assert sha256(data.data).hexdigest() == kept.terms_sha256
        assert (data.mimetype, data.headers["Content-Disposition"]) == (
            "application/json", 'attachment; filename="P-1 - data.json"'
        )  # fmt: skip
    for kind, slug in (("nobodys", "one"), ("child", "one"), ("whole", "two")):
        other = quotes.contact(kind, slug)
        for query in ("", "?data=1"):
            assert other.get(f"{LIST}{record_id}/certificate{query}").data == other.get("/portal/nonsense/").data
    for name in ("accept", "decline"):
        assert client.get(page_of(record_id, name)).status_code == 404
    assert mails(quotes, record_id) == [
        ("core.acceptance_confirmed", quotes.one.people["whole"], None), ("core.accepted", None, quotes.one.staff)
    ]  # fmt: skip


def test_what_was_accepted_is_what_everybody_gets_and_what_changes_later_is_flagged(quotes: World) -> None:
    record_id = add(quotes, account="alpha", number="P-77")
    client, staff = quotes.contact("whole"), quotes.staff()
    accept(quotes, record_id)
    was = client.get(f"{LIST}{record_id}/document").data
    assert "This was changed after it was accepted" not in words(staff.get(f"{OFFICE}{record_id}"))
    with quotes.writing() as session:
        session.scalars(select(Line).where(Line.parent_id == record_id, Line.position == 1)).one().total = 1
        session.get_one(Quote, record_id).total = 1
    for browser, base in ((client, LIST), (staff, OFFICE)):
        page = words(browser.get(f"{base}{record_id}"))
        assert "This was changed after it was accepted" in page
        assert "Changed since: Total, Lines." in page
        assert browser.get(f"{base}{record_id}/document").data == was
        with zipfile.ZipFile(io.BytesIO(browser.get(f"{base}quote/documents.zip?q=P-77").data)) as packed:
            assert [packed.read(name) for name in packed.namelist()] == [was]
    body = read_json(client, f"{API}{record_id}")
    assert body["agreement"]["changed"] == ["Total", "Lines"]
    assert client.get(body["document"]).data == was
    for name in ("edit", "send", "withdraw", "expire", "revise"):
        assert staff.get(f"{OFFICE}{record_id}/do/{name}").status_code == 404
    line = f"{OFFICE}line/do/add?of={record_id}"
    typed = {"f_description": "More", "f_quantity": "1", "f_unit_price": "1", "f_discount": "0", "f_tax_rate": "0"}
    assert "This quote is no longer open" in words(post(staff, line, typed))
    with quotes.writing() as session:  # as an import would, whose CRM has not heard of the answer
        session.get_one(Quote, record_id).status = "sent"
    assert read(quotes, record_id).status == ACCEPTED


def test_the_form_says_what_is_accepted_and_what_it_comes_to(quotes: World) -> None:
    record_id = add(quotes, number="P-88", subject="A pump for the yard")
    for name in ("accept", "decline"):
        page = words(quotes.contact("whole").get(page_of(record_id, name)))
        for text in ("Quote P-88", "A pump for the yard", "€242.00"):
            assert text in page, (name, text)
    assert "€242.00" not in words(quotes.staff().get(f"{OFFICE}{record_id}/do/withdraw"))


def test_what_was_shown_is_what_is_accepted_or_nothing(quotes: World) -> None:
    client = quotes.contact("whole")
    for change_lines in (False, True):
        record_id = add(quotes)
        form = {**shown(client.get(page_of(record_id)).text), "a_signer": NAME, "a_order_number": "PO 9"}
        with quotes.writing() as session:
            if change_lines:  # without a new version of the quote itself
                session.scalars(select(Line).where(Line.parent_id == record_id, Line.position == 1)).one().total = 9
            else:
                session.get_one(Quote, record_id).total = 9
        answer = post(client, page_of(record_id), form)
        assert answer.status_code == 422
        assert "This was changed meanwhile" in words(answer)
        again = shown(answer.text)
        assert (again["a_signer"], again["a_order_number"]) == (NAME, "PO 9")
        assert (again["version"], again["terms"]) != (form["version"], form["terms"])
        assert answers(quotes, record_id) == []
        assert post(client, page_of(record_id), again).status_code == 303
        terms = json.loads(answers(quotes, record_id)[0].terms)
        lines, place = terms["children"]["lines"], terms["children"]["lines"]["columns"].index("total")
        assert (terms["fields"]["total"] == 9) is not change_lines
        assert (lines["rows"][0][place] == 9) is change_lines
        assert [row[lines["columns"].index("optional")] for row in lines["rows"]] == [False, True]


def test_a_decline_takes_a_reason_and_keeps_no_paper(quotes: World) -> None:
    record_id, client = add(quotes), quotes.contact("whole")
    form = shown(client.get(page_of(record_id, "decline")).text)
    answer = post(client, page_of(record_id, "decline"), {**form, "a_reason": "  "})
    assert (answer.status_code, "Fill in: Reason." in words(answer)) == (422, True)
    assert post(client, page_of(record_id, "decline"), {**form, "a_reason": "Too dear"}).status_code == 303
    [kept] = answers(quotes, record_id)
    assert (kept.outcome, kept.reason, kept.paper_key, kept.terms) == (DECLINED, "Too dear", None, "")
    assert read(quotes, record_id).status == DECLINED
    assert "Too dear" in words(quotes.staff().get(f"{OFFICE}{record_id}"))
    assert mails(quotes, record_id) == [("core.declined", None, quotes.one.staff)]
    assert client.get(f"{LIST}{record_id}/certificate").status_code == 404


def test_what_is_over_hidden_foreign_or_the_staffs_is_answered_by_nobody(quotes: World) -> None:
    client, staff = quotes.contact("whole"), quotes.staff()
    nothing = client.get("/portal/nonsense/").data
    over = add(quotes, valid_until=TODAY - timedelta(1))
    assert "Expired" in words(client.get(f"{LIST}{over}"))
    others = [over, add(quotes, status="draft"), add(quotes, "beta"), add(quotes, slug="two"), add(quotes, None)]
    others += [add(quotes, status=state) for state in ("withdrawn", "expired", "invoiced", "declined")]
    for record_id in others:
        slug = "two" if record_id == others[3] else "one"
        version = str(read(quotes, record_id, slug).version)
        form = {"version": version, "a_signer": NAME, "a_reason": "x"}
        for path in (page_of(record_id), page_of(record_id, "decline"), f"{LIST}{record_id}/certificate"):
            for answer in (client.get(path), post(client, path, form)):
                assert answer.status_code == 405 or answer.data == nothing, path
    last_day = add(quotes, valid_until=TODAY)
    assert staff.get(f"{OFFICE}{last_day}/do/accept").status_code == 404
    program = Program(staff)
    assert program.post(f"{API}{last_day}/actions/accept", {"signer": "S", "terms": "0" * 64}).status_code == 404
    assert accept(quotes, last_day).status_code == 303


def test_programs_accept_what_they_have_read_and_nothing_else(quotes: World) -> None:
    record_id, program = add(quotes), Program(quotes.contact("whole"))
    found = next(a for a in read_json(program.browser, f"{API}{record_id}")["actions"] if a["name"] == "accept")
    assert found["fields"] == ["signer", "order_number", "signature", "terms"]
    url = found["url"]
    assert set(errors(program.post(url, {}))) == {"signer", "terms"}
    assert set(errors(program.post(url, {"signer": " ", "terms": found["terms"]}))) == {"signer"}
    assert set(errors(program.post(url, {"signer": NAME, "terms": found["terms"], "signature": "!"}))) == {"signature"}
    lost = program.post(url, {"signer": NAME, "terms": "0" * 64})
    assert (lost.status_code, lost.json["record"]["fields"]["status"]["value"]) == (409, "sent")  # type: ignore[index]
    assert answers(quotes, record_id) == []
    done = program.post(url, {"signer": NAME, "terms": found["terms"], "order_number": "PO"})
    assert done.status_code == 200, done.text
    evidence = done.json["agreement"]  # type: ignore[index]
    assert (evidence["outcome"], evidence["signer"], evidence["order_number"]) == ("accepted", NAME, "PO")
    assert evidence["document_sha256"] == sha256(program.browser.get(f"{LIST}{record_id}/document").data).hexdigest()
    again = program.post(url, {"signer": NAME, "terms": found["terms"]})
    assert again.status_code == 409


def test_the_accepted_paper_stays_when_stored_bytes_are_cleared_away(quotes: World) -> None:
    record_id = add(quotes)
    accept(quotes, record_id)
    before = quotes.contact("whole").get(f"{LIST}{record_id}/document").data
    sweep(quotes.app.extensions["postigo"], timedelta(0))
    assert quotes.contact("whole").get(f"{LIST}{record_id}/document").data == before


def test_clients_write_no_answer_of_their_own_making(quotes: World) -> None:
    """An answer can be written to what one sees, and is read where its record is."""
    mine, theirs = add(quotes), add(quotes, "beta")
    accept(quotes, mine)
    accept(quotes, theirs, quotes.contact("two_accounts"))
    for who, seen in (("whole", [mine]), ("two_accounts", [mine, theirs]), ("nobodys", [])):
        with session_of(quotes, who) as session:
            found = session.scalars(select(Agreement.parent_id).where(Agreement.parent_id.in_([mine, theirs])))
            assert sorted(found) == seen


def test_what_was_accepted_is_not_answered_again_whatever_its_state(quotes: World) -> None:
    record_id, client = add(quotes), quotes.contact("whole")
    form = {**shown(client.get(page_of(record_id)).text), "a_signer": NAME}
    accept(quotes, record_id)
    with quotes.writing() as session:  # past all that keeps the answer
        session.execute(update(Quote).where(Quote.id == record_id).values(status="sent", answered_on=None))
    assert read(quotes, record_id).status == "sent"
    for name in ("accept", "decline"):
        assert client.get(page_of(record_id, name)).status_code == 404
    assert post(client, page_of(record_id), form).status_code == 409
    assert len(answers(quotes, record_id)) == 1


def test_what_was_declined_can_be_offered_anew(quotes: World) -> None:
    record_id, client, staff = add(quotes), quotes.contact("whole"), quotes.staff()
    declining = page_of(record_id, "decline")
    post(client, declining, {**shown(client.get(declining).text), "a_reason": "No"})
    for name in ("revise", "send"):
        where = f"{OFFICE}{record_id}/do/{name}"
        assert post(staff, where, {"version": str(read(quotes, record_id).version)}).status_code == 303
        assert client.get(f"{LIST}{record_id}").status_code == (404 if name == "revise" else 200)
    assert "Address of origin" not in words(client.get(f"{LIST}{record_id}"))
    assert accept(quotes, record_id).status_code == 303
    assert [each.outcome for each in answers(quotes, record_id)] == [DECLINED, ACCEPTED]


def test_a_drawing_that_is_none_is_refused_and_nothing_typed_is_lost(quotes: World) -> None:
    record_id = add(quotes)
    for sent, said in (
        ("data:image/svg+xml,<svg/>", "The signature is no picture that can be read."),
        ("A" * 200_000, "The signature is too large."),
    ):
        answer = accept(quotes, record_id, a_order_number="PO 5", a_signature=sent)
        assert (answer.status_code, said in words(answer)) == (422, True)
        again = shown(answer.text)
        assert (again["a_signer"], again["a_order_number"], again["a_signature"]) == (NAME, "PO 5", "")
    assert (answers(quotes, record_id), read(quotes, record_id).status) == ([], "sent")
