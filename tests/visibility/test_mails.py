"""Every mail that waits says what its recipient may see when it is sent, and not a word of anything else: whoever may
not see the record, or the message, gets none."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.agreements.mails import CONFIRMED, TOLD
from core.conversations.mailing import MESSAGE, OPENED, STATE
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.enqueue import enqueue
from core.outbox.models import Mail
from core.outbox.states import DROPPED, KEPT
from core.worker import render
from core.worker.kinds import kinds
from core.worker.loop import Worker
from tests.visibility import changes, talking
from tests.visibility.oracle import Oracle, Row, read_tables
from tests.worlds.snapshot import Snapshot
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

_WORDS = re.compile(r"word-(\d+)-of-\d+")
_NUMBERS = re.compile(r"C-(?:one|two)-\w+|F-\d+")
#: of every kind that tells of a record; the trial says nothing but what stands in it
_SAYS = {"core.trial"}
#: what is sent of an answer; tests/agreements looks at these
_APART = {*_SAYS, *TOLD.values(), CONFIRMED}


@pytest.fixture
def put_back(world: World) -> Iterator[World]:
    """The world, put back as it was."""
    base = Snapshot(world)
    yield world
    base.restore()


def queue(world: World, made: Tenancy) -> None:
    """A mail of each kind to each contact about each of many messages, whether or not they may see it."""
    told = [kind.name for kind in kinds(world.registry).values() if not kind.of_the_door]
    wanted = [name for name in told if name.startswith("core.") and name not in _APART]
    rows = [row for row in read_tables(world.database.owner_url)["message"] if row["tenant_id"] == made.id]
    with world.writing(made.slug) as session:
        for n, contact_id in enumerate(made.people.values()):
            for row in rows[n % 3 :: 3]:
                kind, data = wanted[row["id"] % len(wanted)], {MESSAGE: row["id"]}
                enqueue(session, kind, contact_id=contact_id, record_id=row["parent_id"], data=data)


def change(world: World) -> None:
    """What happens between the cause of a mail and its sending."""
    made = world.one
    changes.switch(world, made, "cases", "contact", made.people["two_sites"], False)
    changes.switch(world, made, "cases", "account", made.accounts["beta"], False)
    changes.window(world, made, "mixed", False, (None, None))
    changes.scope_of(world, world.two, "cases", "contact")
    for which in (1, 2, 6):
        talking.change_case(world, made, which, {"published": False})
    talking.ungrant(world, made, 0)


def send(world: World) -> None:
    """Let a worker do all that waits."""
    worker = Worker(world.app)
    while worker.step():
        pass


def faults(world: World) -> list[str]:
    """Where a mail says something that it may not, or was not made though it may be."""
    tables = read_tables(world.database.owner_url)
    messages, found, told = {row["id"]: row for row in tables["message"]}, [], set()
    numbers = {row["id"]: row["number"] for row in tables["cases_case"]}
    oracles = {row["id"]: Oracle(tables, row["id"], date.today(), "cases") for row in tables["contact"]}
    for mail in _mails(world):
        message = messages[mail.data[MESSAGE]]
        allowed = _may(oracles[mail.contact_id], message, mail.kind)
        told.add(mail.state)
        if mail.state != (KEPT if allowed else DROPPED):
            found.append(f"{mail.kind} to {mail.contact_id} on {message['parent_id']}: {mail.state} {mail.error}")
        text = f"{mail.subject} {mail.body}"
        words = {int(each) for each in _WORDS.findall(text)}
        if not words <= ({message["id"]} if allowed else set()):
            found.append(f"{mail.kind} to {mail.contact_id} has the words {words}")
        if set(_NUMBERS.findall(text)) - ({numbers[message["parent_id"]]} if allowed else set()):
            found.append(f"{mail.kind} to {mail.contact_id} has numbers of others: {text}")
    assert told == {KEPT, DROPPED}
    return found


def _may(oracle: Oracle, message: Row, kind: str) -> bool:
    """Whether a mail of this kind is to be sent. One of a new record, or a new state, says nothing of the message."""
    says = bool(message["published"]) or kind in (OPENED, STATE)
    return oracle.enters() and message["parent_id"] in oracle.records() and says


def _mails(world: World) -> Iterator[Any]:
    for made in world.tenancies.values():
        with open_session(world.engine, system(made.id)) as session:
            yield from session.scalars(select(Mail).where(Mail.contact_id.is_not(None))).all()


def test_each_mail_says_what_its_recipient_may_see(put_back: World) -> None:
    for made in put_back.tenancies.values():
        queue(put_back, made)
    change(put_back)
    send(put_back)
    assert faults(put_back) == []
    assert sum(mail.state == KEPT for mail in _mails(put_back)) > 10


def test_it_would_notice_a_mail_made_with_the_rights_of_the_system(
    put_back: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "go_on_as", lambda session, sight: None)
    queue(put_back, put_back.one)
    send(put_back)
    assert faults(put_back) != []
