"""What mails say of answers: to whoever looks after the quote, and to who has accepted it."""

import pytest

from core.outbox.kinds import Withheld
from plugins.quotes.models import Quote
from tests.conversations.test_mails import mails, text
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.plugins.quotes.conftest import LIST, NAME, accept, add, answers, page_of
from tests.worlds.world import World


def test_an_acceptance_is_told_to_staff_and_confirmed_to_the_client(quotes: World) -> None:
    record_id = add(quotes, number="P-9", assignee_id=quotes.one.staff)
    accept(quotes, record_id, a_order_number="PO 7")
    [kept] = answers(quotes, record_id)
    told, confirmed = sorted(mails(quotes, record_id), key=lambda mail: mail.kind, reverse=True)
    assert (told.kind, told.staff_id) == ("core.accepted", quotes.one.staff)
    assert (confirmed.kind, confirmed.contact_id) == ("core.acceptance_confirmed", quotes.one.people["whole"])
    ours, theirs = text(quotes, told), text(quotes, confirmed)
    for letter, link in ((ours, f"/staff/records/quotes/{record_id}"), (theirs, f"{LIST}{record_id}")):
        assert "P-9" in letter.subject
        assert NAME in letter.body
        assert link in letter.body
    assert "PO 7" in ours.body
    assert kept.paper_sha256 in theirs.body


def test_a_decline_is_told_with_its_reason_and_a_confirmation_withheld_from_who_sees_the_quote_no_more(
    quotes: World,
) -> None:
    declined, hidden = add(quotes), add(quotes)
    form = shown(quotes.contact("whole").get(page_of(declined, "decline")).text)
    post(quotes.contact("whole"), page_of(declined, "decline"), {**form, "a_reason": "Too dear for us"})
    [told] = mails(quotes, declined)
    assert "Too dear for us" in text(quotes, told).body
    accept(quotes, hidden)
    with quotes.writing() as session:
        session.get_one(Quote, hidden).published = False
    confirmed = next(mail for mail in mails(quotes, hidden) if mail.contact_id)
    with pytest.raises(Withheld):
        text(quotes, confirmed)
