"""What mails say of answers: to whoever looks after the offer, and to who has accepted it."""

import pytest

from core.outbox.kinds import Withheld
from tests.conversations.test_mails import mails, text
from tests.offers import Offer, add, answers
from tests.offers.acting import LIST, NAME, accept, page_of
from tests.offers.fixtures import offers
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.worlds.world import World

__all__ = ["offers"]


def test_an_acceptance_is_told_to_staff_and_confirmed_to_the_client(offers: World) -> None:
    record_id = add(offers, number="O-9", assignee_id=offers.one.staff)
    accept(offers, record_id, a_order_number="PO 7")
    [kept] = answers(offers, record_id)
    told, confirmed = sorted(mails(offers, record_id), key=lambda mail: mail.kind, reverse=True)
    assert (told.kind, told.staff_id) == ("core.accepted", offers.one.staff)
    assert (confirmed.kind, confirmed.contact_id) == ("core.acceptance_confirmed", offers.one.people["whole"])
    ours, theirs = text(offers, told), text(offers, confirmed)
    for letter, link in ((ours, f"/staff/records/offers/{record_id}"), (theirs, f"{LIST}{record_id}")):
        assert "O-9" in letter.subject
        assert NAME in letter.body
        assert link in letter.body
    assert "PO 7" in ours.body
    assert kept.paper_sha256 in theirs.body


def test_a_decline_is_told_with_its_reason_and_a_confirmation_withheld_from_who_sees_the_quote_no_more(
    offers: World,
) -> None:
    declined, hidden = add(offers), add(offers)
    form = shown(offers.contact("whole").get(page_of(declined, "decline")).text)
    post(offers.contact("whole"), page_of(declined, "decline"), {**form, "a_reason": "Too dear for us"})
    [told] = mails(offers, declined)
    assert "Too dear for us" in text(offers, told).body
    accept(offers, hidden)
    with offers.writing() as session:
        session.get_one(Offer, hidden).published = False
    confirmed = next(mail for mail in mails(offers, hidden) if mail.contact_id)
    with pytest.raises(Withheld):
        text(offers, confirmed)
