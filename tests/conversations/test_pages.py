"""Conversations on the pages of clients and staff: saying something, reading it, and being told what came meanwhile."""

import re
from typing import Any

from core.conversations.models import CannedReply
from core.conversations.read import SIZE
from core.conversations.write import Author, write_message
from core.db.flags import Flags
from tests.conversations.talking import OFFICE, PORTAL, STAFF, messages, said, talk
from tests.petitions import add
from tests.petitions.acting import flagged, post
from tests.petitions.fixtures import petitions
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.worlds.world import World

__all__ = ["petitions"]
#: and one more for the staff's petitions, which have a table of their own
MOST_STATEMENTS = 8


def test_a_client_and_staff_talk(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    answer = talk(client, f"{PORTAL}{record_id}", "The lift <b>stands</b>.\n\nSee https://lift.example/a?b=1.")
    assert answer.status_code == 303, words(answer)
    message = messages(petitions, record_id)[0]
    assert answer.location == f"{PORTAL}{record_id}#message-{message.id}"
    page = staff.get(f"{OFFICE}{record_id}").text
    assert 'The lift &lt;b&gt;stands&lt;/b&gt;.\n\nSee <a href="https://lift.example/a?b=1"' in page
    assert talk(staff, f"{OFFICE}{record_id}", "A gloomy note.", visibility="internal").status_code == 303
    assert talk(staff, f"{OFFICE}{record_id}", "We come.", visibility="public").status_code == 303
    read = client.get(f"{PORTAL}{record_id}").text
    assert "We come." in read
    assert "gloomy" not in read
    assert "Internal note" in staff.get(f"{OFFICE}{record_id}").text


def test_what_does_not_say_who_reads_it_is_not_sent(petitions: World) -> None:
    record_id = add(petitions)
    answer = talk(petitions.staff(), f"{OFFICE}{record_id}", "Whoever?")
    assert answer.status_code == 422
    assert "Whoever?" in answer.text
    assert messages(petitions, record_id) == []


def test_what_is_said_on_a_draft_waits_for_it_and_staff_are_told(petitions: World) -> None:
    record_id, staff = add(petitions, published=False), petitions.staff()
    waits, page = "once they see this", f"{OFFICE}{record_id}"
    assert waits in words(staff.get(page)).partition("Who reads it?")[2]
    assert waits in words(staff.get(talk(staff, page, "For later.", visibility="public").location))
    assert "Your note was kept." in words(staff.get(talk(staff, page, "A note.", visibility="internal").location))
    shown = f"{OFFICE}{add(petitions)}"
    assert waits not in words(staff.get(talk(staff, shown, "Now.", visibility="public").location))


def test_where_nothing_is_to_be_seen_nothing_is_to_be_said(petitions: World) -> None:
    client, theirs = petitions.contact("whole"), add(petitions, "beta")
    nonsense = talk(client, f"{PORTAL}{10**12}", "Hello?")
    hidden = talk(client, f"{PORTAL}{theirs}", "Hello?", visibility="internal")
    assert (hidden.status_code, hidden.data, hidden.headers.get("Set-Cookie")) == (404, nonsense.data, None)
    invoice = petitions.one.invoices["alpha"]
    assert post(client, f"/portal/invoices/{invoice}/messages", {"body": "Hello?"}).data == nonsense.data
    assert messages(petitions, theirs) == messages(petitions, invoice) == []


def test_two_of_the_staff_who_write_at_once_lose_nothing(petitions: World) -> None:
    record_id = add(petitions)
    page, staff = f"{OFFICE}{record_id}", petitions.staff()
    said(petitions, record_id, "The first.")
    late = talk(staff, page, "Typed meanwhile.", visibility="internal", seen="0")
    assert late.status_code == 409
    text = words(late)
    assert "Somebody else wrote meanwhile" in text
    assert text.index("The first.") < text.rindex("Typed meanwhile.")
    assert re.search(r'value="internal" ?[^>]*checked|checked[^>]*value="internal"', late.text)
    assert [each.body for each in messages(petitions, record_id)] == ["The first."]
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', late.text)
    assert seen
    assert talk(staff, page, "Typed meanwhile.", visibility="internal", seen=seen[1]).status_code == 303
    assert len(messages(petitions, record_id)) == 2


def test_a_client_is_told_of_what_others_wrote_and_of_nothing_hidden(petitions: World) -> None:
    record_id = add(petitions)
    page, client = f"{PORTAL}{record_id}", petitions.contact("whole")
    said(petitions, record_id, "Mine, in another window.")
    said(petitions, record_id, "A gloomy note.", STAFF, published=False)
    assert talk(client, page, "On it goes.", seen="0").status_code == 303
    said(petitions, record_id, "An answer.", STAFF)
    late = talk(client, page, "Crossing it.", seen="0")
    assert late.status_code == 409
    assert "An answer." in words(late)
    assert "gloomy" not in late.text


def test_what_is_refused_comes_back_with_what_was_typed(petitions: World) -> None:
    record_id = add(petitions)
    page, client = f"{PORTAL}{record_id}", petitions.contact("whole")
    for body, why in ((" \n", "Write a message"), ("x" * 20_001, "20001 characters")):
        answer = talk(client, page, body)
        assert answer.status_code == 422
        assert why in words(answer)
        assert body.strip() in answer.text
        assert 'href="#body"' in answer.text
    assert messages(petitions, record_id) == []


def test_three_hundred_messages_cost_a_page_what_one_costs(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    found = {}
    for count in (1, 300):
        with petitions.writing() as session:
            have = len(messages(petitions, record_id))
            for n in range(have, count):
                write_message(session, record_id, Author("Somebody"), body=f"message {n:03}", published=n % 10 != 9)
        for who, page in ((client, f"{PORTAL}{record_id}"), (staff, f"{OFFICE}{record_id}")):
            who.get(page)
            with statements(petitions.engine) as sent:
                answer = who.get(page)
            found.setdefault(page, []).append(len(sent))
            assert answer.text.count('<li class="talk-said') == min(count, SIZE)
    of_client, of_staff = found.values()
    assert of_client[0] == of_client[1] <= MOST_STATEMENTS
    assert of_staff[0] == of_staff[1] <= MOST_STATEMENTS + 1
    pages, address = [], f"{PORTAL}{record_id}"
    while address:
        text = client.get(address).text
        pages.append(re.findall(r"message (\d{3})", text))
        earlier = re.search(r'href="([^"]+)#conversation"[^>]*>[^<]*<svg[^>]*>.{0,80}</svg>Earlier', text)
        address = earlier[1].replace("&amp;", "&") if earlier else ""
    walked = [n for page in reversed(pages) for n in page]
    assert walked == [f"{n:03}" for n in range(300) if n % 10 != 9]


def test_a_new_state_is_a_line_of_its_history(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    post(staff, f"{OFFICE}{record_id}/do/approve", {"version": "1"})
    told = "Staff changed “State” from Open to Approved."
    assert told in words(client.get(f"{PORTAL}{record_id}"))
    assert told in words(staff.get(f"{OFFICE}{record_id}"))
    with flagged(petitions, ("status", Flags(seen=False))):
        assert "changed" not in words(client.get(f"{PORTAL}{record_id}"))
        assert told in words(staff.get(f"{OFFICE}{record_id}"))
    with flagged(petitions, ("status", Flags(labels=(("en", "Stage"), ("es", "Fase"))))):
        assert "changed “Stage” from" in words(client.get(f"{PORTAL}{record_id}"))


def test_a_saved_reply_goes_into_what_was_typed(petitions: World) -> None:
    record_id = add(petitions)
    with petitions.writing() as session:
        reply = CannedReply(title="Greeting", body="Kind regards,\nus", language="en")
        session.add(reply)
        session.flush()
        key = str(reply.id)
    with petitions.writing("two") as session:
        foreign = CannedReply(title="Foreign", body="Not yours")
        session.add(foreign)
        session.flush()
        other = str(foreign.id)
    staff, page = petitions.staff(), f"{OFFICE}{record_id}"
    typed: dict[str, Any] = {"visibility": "public", "do": "insert"}
    answer = talk(staff, page, "We come.", canned=key, **typed)
    assert answer.status_code == 200
    assert "We come.\n\nKind regards,\nus</textarea>" in answer.text.replace("\r\n", "\n")
    for canned in (other, "", "x", "9" * 30):
        answer = talk(staff, page, "We come.", canned=canned, **typed)
        assert "We come.</textarea>" in answer.text
        assert "Not yours" not in answer.text
    assert messages(petitions, record_id) == []
