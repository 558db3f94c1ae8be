"""Saying something: who may, what is kept of it, and that nobody reads what is not theirs."""

import io

import pytest
from sqlalchemy import select

from core.conversations.text import LONGEST, MessageRefused
from core.files.models import File
from core.files.uploads import take_upload
from core.records.errors import NotHere
from tests.conversations.talking import STAFF, messages, said, session_of
from tests.petitions import add
from tests.petitions.fixtures import petitions
from tests.worlds.world import World

__all__ = ["petitions"]


def test_what_is_said_is_kept_with_its_author(petitions: World) -> None:
    record_id = add(petitions)
    said(petitions, record_id, "\r\n First line.\r\n\r\n  Second\x00\x07 line.\n")
    said(petitions, record_id, "An answer.", STAFF)
    first, second = messages(petitions, record_id)
    assert (first.body, first.author_name) == ("First line.\n\n  Second line.", "whole one")
    assert (first.contact_id, first.staff_id) == (petitions.one.people["whole"], None)
    assert (second.author_name, second.staff_id, second.contact_id) == ("Staff", petitions.one.staff, None)
    assert (second.published, second.kind) == (True, "said")


def test_files_come_with_what_is_said(petitions: World) -> None:
    record_id = add(petitions)
    upload = take_upload("Note.txt", io.BytesIO(b"hello"))
    message_id = said(petitions, record_id, "", uploads=[upload])
    with session_of(petitions) as session:
        file = session.scalars(select(File).where(File.parent_id == record_id)).one()
    assert (file.name, file.media_type, file.size, file.message_id) == ("Note.txt", "text/plain", 5, message_id)
    assert petitions.store.get(file.key) == b"hello"


def test_nobody_speaks_where_they_see_nothing(petitions: World) -> None:
    theirs = add(petitions, "beta")
    with pytest.raises(NotHere):
        said(petitions, theirs, "Hello?")
    with pytest.raises(NotHere):
        said(petitions, 10**12, "Hello?")
    assert messages(petitions, theirs) == []


@pytest.mark.parametrize("body", ["", " \n\t ", "\x00\x01", "x" * (LONGEST + 1)])
def test_what_says_nothing_or_too_much_is_refused(petitions: World, body: str) -> None:
    record_id = add(petitions)
    with pytest.raises(MessageRefused):
        said(petitions, record_id, body)
    assert messages(petitions, record_id) == []
