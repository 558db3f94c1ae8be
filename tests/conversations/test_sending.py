"""Files that come with messages and with new records: kept whole or not at all, and seen by whom they are for."""

import io
import resource
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from core.files.models import File
from core.files.storage import StorageError, Store, attach
from tests.conversations.talking import OFFICE, PORTAL, STAFF, messages, said, talk
from tests.files import sent
from tests.petitions import add
from tests.petitions.acting import NEW, made, post, token
from tests.petitions.fixtures import petitions
from tests.petitions.reading import shown
from tests.staff.reading import words
from tests.worlds.world import Browser, World

__all__ = ["petitions"]
PNG = ("photo.png", sent.picture())


def files(world: World, record_id: int) -> list[File]:
    """The files of a record."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(File).where(File.parent_id == record_id).order_by(File.id)))


def stored(world: World) -> int:
    """How many files there are on the disk."""
    return sum(path.is_file() for path in Path(world.settings.home / "files").rglob("*"))


def file_url(page: str, file: File) -> str:
    """The address of a file of the record at that page."""
    return f"{page}/files/{file.id}"


def begin(browser: Browser, *given: tuple[str, bytes], subject: str = "A lift") -> TestResponse:
    """Begin a petition with files."""
    form = {**shown(browser.get(NEW).text), "f_subject": subject, "csrf_token": token(browser)}
    upload = {**form, "files": [(io.BytesIO(data), name) for name, data in given]}
    answer: TestResponse = browser.post(NEW, data=upload, content_type="multipart/form-data")
    return answer


def test_files_come_with_a_message_and_are_seen_with_it(petitions: World) -> None:
    record_id = add(petitions)
    page, client = f"{PORTAL}{record_id}", petitions.contact("whole")
    twice = (PNG, PNG, ("plan.pdf", sent.PDF))
    assert talk(client, page, "", *twice).status_code == 303
    kept = files(petitions, record_id)
    assert [(each.name, each.author_name) for each in kept] == [(name, "whole one") for name, _ in twice]
    assert {each.message_id for each in kept} == {messages(petitions, record_id)[0].id}
    assert client.get(page).text.count("photo.png</bdi>") == 4  # with the message, and among the record's files
    picture, _, paper = (client.get(file_url(page, each)) for each in kept)
    assert picture.data == PNG[1]
    for answer, media_type in ((picture, "image/png"), (paper, "application/pdf")):
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    office = f"{OFFICE}{record_id}"
    assert petitions.staff().get(file_url(office, kept[0])).data == PNG[1]
    nonsense = petitions.contact("child").get(file_url(page, kept[0]))
    assert nonsense.status_code == 404
    assert nonsense.data == petitions.contact("child").get(f"{page}/files/999999999").data


def test_files_of_a_note_are_for_staff_until_they_are_shown(petitions: World) -> None:
    record_id = add(petitions)
    page, office = f"{PORTAL}{record_id}", f"{OFFICE}{record_id}"
    staff, client = petitions.staff(), petitions.contact("whole")
    assert talk(staff, office, "A dark note.", ("dark.png", PNG[1]), visibility="internal").status_code == 303
    file = files(petitions, record_id)[0]
    gone = client.get(f"{page}/files/999999999").data

    def reads() -> bool:
        answer, listed = client.get(file_url(page, file)), client.get(page).text
        assert (answer.status_code == 200) == ("dark.png" in listed) == (answer.data != gone)
        assert "A dark note." not in listed
        return answer.status_code == 200

    assert not reads()
    assert post(staff, file_url(office, file), {"published": "1"}).status_code == 303
    assert reads()
    assert '<form class="undo"' in staff.get(office).text
    assert post(staff, file_url(office, file), {"published": "0"}).status_code == 303
    assert not reads()
    assert post(client, file_url(page, file), {"published": "1"}).status_code in (404, 405)
    assert not reads()


def test_a_record_is_begun_with_files(petitions: World) -> None:
    client = petitions.contact("whole")
    record = made(petitions, begin(client, PNG, ("list.csv", b"a;b\n")))
    kept = files(petitions, record.id)
    assert [(each.name, each.message_id, each.author_name) for each in kept] == [
        ("photo.png", None, "whole one"),
        ("list.csv", None, "whole one"),
    ]
    before = stored(petitions)
    answer = begin(client, PNG, ("lie.png", sent.SVG), subject="Typed and kept")
    assert answer.status_code == 422
    assert "“lie.png” could not be taken" in words(answer)
    assert 'value="Typed and kept"' in answer.text
    assert stored(petitions) == before


@pytest.mark.parametrize("name", ["lie.png", "page.html", "bomb.docx", "huge.png"])
def test_what_lies_is_refused_and_leaves_nothing(petitions: World, name: str) -> None:
    data = {"lie.png": sent.SVG, "page.html": sent.SCRIPT, "bomb.docx": sent.bomb(), "huge.png": sent.huge_png()}[name]
    record_id = add(petitions)
    before = stored(petitions)
    client, start = petitions.contact("whole"), time.process_time()
    answer = talk(client, f"{PORTAL}{record_id}", "Typed and kept.", PNG, (name, data))
    assert time.process_time() - start < 2
    assert answer.status_code == 422
    assert f"“{name}”" in words(answer)
    assert "Typed and kept.</textarea>" in answer.text
    assert (messages(petitions, record_id), files(petitions, record_id)) == ([], [])
    assert stored(petitions) == before


def test_a_disk_that_is_full_loses_nothing(petitions: World) -> None:
    record_id = add(petitions)
    before, put, kept = stored(petitions), Store.put, []

    def full(store: Store, data: object) -> str:
        if kept:
            raise StorageError("the file could not be kept: no space left")
        kept.append(put(store, data))  # type: ignore[arg-type]
        return kept[0]

    client = petitions.contact("whole")
    with patch.object(Store, "put", full):
        answer = talk(client, f"{PORTAL}{record_id}", "Two files.", PNG, ("plan.pdf", sent.PDF))
    assert answer.status_code == 503
    assert "Nothing was changed or lost" in words(answer)
    assert kept
    assert (messages(petitions, record_id), files(petitions, record_id)) == ([], [])
    assert stored(petitions) == before
    assert talk(client, f"{PORTAL}{record_id}", "Two files.", PNG).status_code == 303


def test_a_hundred_thousand_parts_are_turned_away_quickly(petitions: World) -> None:
    client, record_id = petitions.contact("whole"), add(petitions)
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\na\r\n'
    body = part * 100_000 + b"--x--\r\n"
    before, start = _peak(), time.process_time()
    answer = client.post(f"{PORTAL}{record_id}/messages", data=body, content_type="multipart/form-data; boundary=x")
    assert time.process_time() - start < 2
    assert answer.status_code == 413
    assert _peak() - before < 100_000_000
    assert messages(petitions, record_id) == []


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_large_bodies_go_where_files_go_and_from_whom_is_known(petitions: World) -> None:
    client, record_id = petitions.contact("whole"), add(petitions)
    large = {"csrf_token": token(client), "body": "x", "files": (io.BytesIO(b"a" * 3_000_000), "a.txt")}

    def send(browser: Browser, path: str) -> int:
        large["files"] = (io.BytesIO(b"a" * 3_000_000), "a.txt")
        return browser.post(path, data=large, content_type="multipart/form-data").status_code  # type: ignore[no-any-return]

    assert send(client, f"{PORTAL}{record_id}/messages") == 303
    assert send(client, f"{PORTAL}{record_id}/do/edit") == 413
    assert send(petitions.visitor(), f"{PORTAL}{record_id}/messages") == 413


def test_a_file_of_the_crm_never_takes_the_place_of_one_that_was_sent(petitions: World) -> None:
    record_id = add(petitions)
    talk(petitions.contact("whole"), f"{PORTAL}{record_id}", "", ("F-1.pdf", sent.PDF))
    for data in (b"%PDF-1.4 one", b"%PDF-1.4 two"):
        with petitions.writing() as session:
            attach(session, petitions.store, record_id, "F-1.pdf", data, "application/pdf")
    assert [petitions.store.get(each.key) for each in files(petitions, record_id)] == [sent.PDF, b"%PDF-1.4 two"]


def test_kept_bytes_can_be_told_by_their_age(petitions: World) -> None:
    record_id = add(petitions)
    said(petitions, record_id, "Nothing with it.", STAFF)
    talk(petitions.contact("whole"), f"{PORTAL}{record_id}", "", PNG)
    key = files(petitions, record_id)[0].key
    assert key in set(petitions.store.keys_older_than(now() + timedelta(minutes=1)))
    assert key not in set(petitions.store.keys_older_than(now() - timedelta(minutes=1)))
