"""What is the quotes' own of being accepted and declined: until when, by which of their states, and what an import may
not undo. tests/agreements asks the rest, of the core."""

from datetime import timedelta

from plugins.quotes.models import ACCEPTED, Quote
from tests.petitions.acting import post, send
from tests.plugins.quotes.conftest import API, LIST, NAME, OFFICE, TODAY, accept, add, answers, page_of, read
from tests.rest.writing import Program
from tests.staff.reading import words
from tests.worlds.world import World


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


def test_what_was_accepted_keeps_its_day_and_its_state_whatever_the_crm_says(quotes: World) -> None:
    record_id, staff = add(quotes), quotes.staff()
    assert accept(quotes, record_id).status_code == 303
    assert (read(quotes, record_id).status, read(quotes, record_id).answered_on) == (ACCEPTED, TODAY)
    for name in ("edit", "send", "withdraw", "expire", "revise"):
        assert staff.get(f"{OFFICE}{record_id}/do/{name}").status_code == 404
    typed = {"f_description": "More", "f_quantity": "1", "f_unit_price": "1"}
    assert "This quote is no longer open" in words(send(staff, f"{OFFICE}line/do/add?of={record_id}", typed))
    with quotes.writing() as session:  # as an import would, whose CRM has not heard of the answer
        session.get_one(Quote, record_id).status = "sent"
    assert read(quotes, record_id).status == ACCEPTED
    assert len(answers(quotes, record_id)) == 1


def test_a_quote_of_no_day_is_of_today_and_its_last_day_not_before(quotes: World) -> None:
    staff, form = quotes.staff(), f"{OFFICE}quote/do/write?account={quotes.one.accounts['alpha']}"
    answer = send(staff, form, {"f_subject": "A pump"})
    assert answer.status_code == 303, words(answer)
    quote = read(quotes, int(answer.location.rpartition("/")[2]))
    assert (quote.issued_on, quote.status, quote.published) == (TODAY, "draft", False)
    early = send(staff, form, {"f_subject": "A pump", "f_valid_until": str(TODAY - timedelta(1))})
    assert (early.status_code, "before the date of the quote" in words(early)) == (422, True)
