"""Conversations on the pages of clients and staff: saying something, reading it, and being told what came meanwhile."""

import io
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.conversations.talking import messages
from tests.petitions import add
from tests.petitions.acting import token
from tests.petitions.fixtures import petitions
from tests.staff.reading import words
from tests.worlds.world import Browser, World

__all__ = ["petitions"]
PORTAL, OFFICE = "/portal/petitions/", "/staff/records/petitions/"


def talk(browser: Browser, page: str, body: str = "", *files: tuple[str, bytes], **form: Any) -> TestResponse:
    """Send the form of a conversation as it stands on the page of a record."""
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', browser.get(page).text)
    given = {"seen": seen[1] if seen else "0", "csrf_token": token(browser), "do": "say", "body": body, **form}
    sent = {**given, "files": [(io.BytesIO(data), name) for name, data in files]}
    answer: TestResponse = browser.post(f"{page}/messages", data=sent, content_type="multipart/form-data")
    return answer


def test_a_client_and_staff_talk(petitions: World) -> None:
    record_id = add(petitions)
    client, staff = petitions.contact("whole"), petitions.staff()
    answer = talk(client, f"{PORTAL}{record_id}", "The lift <b>stands</b>.\n\nSee https://lift.example/a?b=1.")
    assert answer.status_code == 303, words(answer)
    message = messages(petitions, record_id)[0]
    assert answer.location == f"{PORTAL}{record_id}#message-{message.id}"
    page = staff.get(f"{OFFICE}{record_id}").text
    assert 'The lift &lt;b&gt;stands&lt;/b&gt;.\n\nSee <a href="https://lift.example/a?b=1"' in page
    assert talk(staff, f"{OFFICE}{record_id}", "A note.", visibility="internal").status_code == 303
    assert talk(staff, f"{OFFICE}{record_id}", "We come.", visibility="public").status_code == 303
    read = client.get(f"{PORTAL}{record_id}").text
    assert "We come." in read
    assert "A note." not in read
    assert "Internal note" in staff.get(f"{OFFICE}{record_id}").text
