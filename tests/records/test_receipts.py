"""When a client first saw a record: written after the answer, once for each contact, and read by staff alone."""

from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.records.models import Receipt
from tests.conversations.talking import session_of
from tests.offers import add
from tests.offers.acting import API, LIST, OFFICE
from tests.offers.fixtures import offers
from tests.staff.reading import words
from tests.worlds.world import World

__all__ = ["offers"]


def receipts(world: World, record_id: int) -> list[tuple[int, object]]:
    with open_session(world.engine, system(world.one.id)) as session:
        found = select(Receipt.contact_id, Receipt.seen_at).where(Receipt.record_id == record_id).order_by(Receipt.id)
        return [tuple(row) for row in session.execute(found)]


def test_the_first_view_of_each_contact_is_kept_and_shown_to_staff_alone(offers: World) -> None:
    record_id = add(offers)
    staff, people = offers.staff(), offers.one.people
    assert "Nobody of the client has opened it yet." in words(staff.get(f"{OFFICE}{record_id}"))
    staff.get(f"{OFFICE}{record_id}/document")
    staff.get(f"{API}{record_id}")
    offers.contact("outsider").get(f"{LIST}{record_id}")
    offers.contact("nobodys").get(f"{LIST}{record_id}")
    assert receipts(offers, record_id) == []
    offers.contact("whole").get(f"{LIST}{record_id}/document").close()
    [first] = receipts(offers, record_id)
    assert first[0] == people["whole"]
    offers.contact("two_accounts").get(f"{API}{record_id}").close()
    for _ in range(2):
        offers.contact("whole").get(f"{LIST}{record_id}").close()
    assert [who for who, _ in receipts(offers, record_id)] == [people["whole"], people["two_accounts"]]
    assert receipts(offers, record_id)[0] == first
    page = words(staff.get(f"{OFFICE}{record_id}"))
    assert "First seen by the client" in page
    assert "Nobody of the client" not in page
    assert "First seen" not in words(offers.contact("two_accounts").get(f"{LIST}{record_id}"))
    with session_of(offers, "whole") as session:
        assert session.scalars(select(Receipt)).all() == []
