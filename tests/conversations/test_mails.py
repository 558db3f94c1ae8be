"""Who is told by mail of what is said and done, and that nobody is told what they may not read."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from core.access.models import Attempt
from core.conversations import mailing
from core.conversations.say import say
from core.crm.models import Staff
from core.db.grant import Grant
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.kinds import Withheld
from core.outbox.models import Mail
from core.worker.render import render
from plugins.cases.models import Case
from plugins.cases.resources import CASE
from tests.conversations.talking import STAFF, messages, said, session_of
from tests.petitions import APPROVED, PETITION, Petition, add
from tests.petitions.acting import NEW, post, send
from tests.petitions.fixtures import petitions
from tests.visibility.changes import switch
from tests.worlds.world import World

__all__ = ["petitions"]


def mails(world: World, record_id: int) -> list[Mail]:
    """The mails that tell of a record."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Mail).where(Mail.record_id == record_id).order_by(Mail.id)))


def kinds(world: World, record_id: int) -> list[tuple[str, int | None]]:
    """Kind and contact of each of them."""
    return [(mail.kind, mail.contact_id) for mail in mails(world, record_id)]


def text(world: World, mail: Mail) -> Any:
    """A mail as it would be sent now."""
    return render(world.app, world.one.id, mail.id, for_good=False)[0]


def test_staff_are_told_what_clients_open_and_say(petitions: World) -> None:
    client = petitions.contact("whole")
    answer = send(client, NEW, {"f_subject": "A new lift"})
    record_id = int(answer.location.rpartition("/")[2])
    assert kinds(petitions, record_id) == [("core.record_opened", None)]
    said(petitions, record_id, "By the way: it is red.")
    opened, wrote = mails(petitions, record_id)
    assert (wrote.kind, wrote.staff_id) == ("core.client_wrote", petitions.one.staff)
    assert "A new lift" in text(petitions, opened).body
    letter = text(petitions, wrote)
    assert "By the way: it is red." in letter.body
    assert f"/staff/records/petitions/{record_id}#message-" in letter.body
    assert "whole one" in letter.subject


def test_clients_are_told_of_replies_and_not_of_notes(petitions: World) -> None:
    people = petitions.one.people
    record_id = add(petitions, contact_id=people["family"])
    said(petitions, record_id, "Me too!")
    with petitions.writing() as session:
        session.add(Grant(parent_id=record_id, contact_id=people["nobodys"]))
    before = len(mails(petitions, record_id))
    said(petitions, record_id, "Keep it dark.", STAFF, published=False)
    assert len(mails(petitions, record_id)) == before
    said(petitions, record_id, "We come.", STAFF)
    told = mails(petitions, record_id)[before:]
    assert {mail.contact_id for mail in told} == {people["family"], people["whole"], people["nobodys"]}
    assert {mail.kind for mail in told} == {"core.reply"}
    letter = text(petitions, next(mail for mail in told if mail.contact_id == people["whole"]))
    assert "We come." in letter.body
    assert "dark" not in letter.body
    assert f"/portal/petitions/{record_id}#message-" in letter.body


def test_one_who_may_not_read_it_any_more_is_told_nothing(petitions: World) -> None:
    record_id = add(petitions, contact_id=petitions.one.people["whole"])
    said(petitions, record_id, "A secret.", STAFF)
    with petitions.writing() as session:
        session.get_one(Petition, record_id).published = False
    with pytest.raises(Withheld):
        text(petitions, mails(petitions, record_id)[0])


def test_a_reply_with_a_new_state_is_one_mail(petitions: World) -> None:
    whole = petitions.one.people["whole"]
    record_id, other = (add(petitions, contact_id=whole) for _ in range(2))
    with session_of(petitions, STAFF) as session:
        session.get_one(Petition, record_id).status = APPROVED
        say(session, PETITION, record_id, "Done.")
    assert kinds(petitions, record_id) == [("core.reply", whole)]
    post(petitions.staff(), f"/staff/records/petitions/{other}/do/approve", {"version": "1"})
    assert kinds(petitions, other) == [("core.state", whole)]
    letter = text(petitions, mails(petitions, other)[0])
    assert letter.subject.endswith("Approved")


def test_whoever_looks_after_a_record_is_told_instead_of_everybody(petitions: World) -> None:
    client = petitions.one.people["whole"]
    with petitions.writing() as session:
        busy, gone = (Staff(name=name, email=f"{name}@example.com") for name in ("busy", "gone"))
        gone.active = False
        session.add_all([busy, gone])
        session.flush()
        owner = {"account_id": petitions.one.accounts["alpha"], "contact_id": client}
        cases = [Case(number=f"C-{n}", assignee_id=who and who.id, **owner) for n, who in enumerate((busy, gone, None))]
        session.add_all(cases)
        session.flush()
        ids, everybody = [case.id for case in cases], {petitions.one.staff, busy.id}
    switch(petitions, petitions.one, "cases", "tenant", petitions.one.id, True)
    for record_id in ids:
        with session_of(petitions) as session:
            say(session, CASE, record_id, "Hello?")
    told = [{mail.staff_id for mail in mails(petitions, record_id)} for record_id in ids]
    assert told == [{busy.id}, everybody, everybody]


def test_what_is_undone_tells_nobody(petitions: World) -> None:
    record_id = add(petitions, contact_id=petitions.one.people["whole"])
    with session_of(petitions, STAFF) as session:
        say(session, PETITION, record_id, "No.")
        session.rollback()
    assert mails(petitions, record_id) == []


def test_one_client_does_not_fill_the_mailboxes_of_the_staff(petitions: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "MOST_TOLD", 2)
    who = "family"
    record_id = add(petitions, contact_id=petitions.one.people[who])
    with petitions.writing() as session:
        session.execute(delete(Attempt))
    for n in range(4):
        said(petitions, record_id, f"Once more {n}", who)

    def told() -> int:
        return sum(1 for each in mails(petitions, record_id) if each.staff_id == petitions.one.staff)

    assert told() == 2
    assert len(messages(petitions, record_id)) == 4, "what is said is kept, whether mails tell of it or not"
    said(petitions, record_id, "And I say", "whole")
    assert told() == 3, "another client is told of all the same"
    said(petitions, record_id, "We heard you.", STAFF)
    assert ("core.reply", petitions.one.people[who]) in kinds(petitions, record_id)
