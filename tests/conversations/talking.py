"""Says things on petitions, as whoever it is."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from core.conversations.models import Message
from core.conversations.say import say
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.modules.reach import sight_of, sight_of_staff
from tests.petitions import PETITION
from tests.petitions.acting import token
from tests.worlds.world import Browser, World

STAFF = "staff"
PORTAL, OFFICE = "/portal/petitions/", "/staff/records/petitions/"


@contextmanager
def session_of(world: World, who: str = "whole", slug: str = "one") -> Iterator[WalledSession]:
    """A session that writes, of a contact by name or of the staff, as a request opens it; kept at its end."""
    tenancy = world.tenancies[slug]
    with open_session(world.engine, system(tenancy.id)) as door:
        if who == STAFF:
            sight = sight_of_staff(door, world.registry, tenancy.staff)
        else:
            sight = sight_of(door, world.registry, tenancy.people[who])[0]
    with world.app.test_request_context("/"), open_session(world.engine, sight, writes=True) as session:
        yield session
        session.commit()


def said(world: World, record_id: int, body: str, who: str = "whole", **options: Any) -> int:
    """Say something, and give the message's id."""
    with session_of(world, who) as session:
        return say(session, PETITION, record_id, body, **options).id


def messages(world: World, record_id: int, slug: str = "one") -> list[Message]:
    """All messages of a record, in their order, as the system sees them."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return list(session.scalars(select(Message).where(Message.parent_id == record_id).order_by(Message.id)))


def talk(browser: Browser, page: str, body: str = "", *files: tuple[str, bytes], **form: Any) -> TestResponse:
    """Send the form of a conversation as it stands on the page of a record."""
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', browser.get(page).text)
    given = {"seen": seen[1] if seen else "0", "csrf_token": token(browser), "do": "say", "body": body, **form}
    sent = {**given, "files": [(io.BytesIO(data), name) for name, data in files]}
    answer: TestResponse = browser.post(f"{page}/messages", data=sent, content_type="multipart/form-data")
    return answer
