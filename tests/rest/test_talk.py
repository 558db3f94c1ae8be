"""What is said on a record, and its files, through the API: what is internal is the staff's, what is sent is looked
at, and nothing half sent is left."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from core.conversations.models import Message
from core.db.session import open_session
from core.db.viewer import system
from core.files.models import File
from core.files.storage import StorageError
from tests.petitions import APPROVED, add
from tests.petitions.fixtures import petitions
from tests.records.test_query import hostile_strings
from tests.rest.reading import LIST, read, refused
from tests.rest.writing import PETITIONS, Program, errors
from tests.worlds.world import World

__all__ = ["petitions"]
TEXT = b"Plain words.\n"


def _png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(made, "PNG")
    return made.getvalue()


PNG = _png()


def said(answer: Any) -> dict[str, Any]:
    """The message that was written."""
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json
    return body


def counted(world: World, record_id: int) -> tuple[int, int, int]:
    """How many messages and files a record has, and how many files are stored."""
    with open_session(world.engine, system(world.one.id)) as session:
        messages = session.scalar(select(func.count(Message.id)).where(Message.parent_id == record_id)) or 0
        files = session.scalar(select(func.count(File.id)).where(File.parent_id == record_id)) or 0
    stored = sum(1 for path in (world.settings.home / "files").rglob("*") if path.is_file())
    return messages, files, stored


def test_clients_and_staff_talk_and_notes_are_the_staffs_alone(petitions: World) -> None:
    record_id = add(petitions)
    url, client, staff = (
        f"{PETITIONS}{record_id}/messages",
        Program(petitions.contact("whole")),
        Program(petitions.staff()),
    )
    first = said(client.post(url, {"text": " When?\r\nSoon? "}))
    assert (first["text"], first["mine"], first["author"]["kind"], first["files"]) == (
        "When?\nSoon?",
        True,
        "contact",
        [],
    )
    assert "internal" not in first
    reply, note = (
        said(staff.post(url, {"text": "Now."})),
        said(staff.post(url, {"text": "They wait.", "internal": True})),
    )
    assert (reply["internal"], note["internal"]) == (False, True)
    body = read(client.browser, url)
    assert [each["text"] for each in body["messages"]] == ["When?\nSoon?", "Now."]
    assert [each["mine"] for each in body["messages"]] == [True, False]
    assert body["earlier"] is None
    assert [each["text"] for each in read(staff.browser, url)["messages"]][-1] == "They wait."
    assert errors(client.post(url, {"text": "x", "internal": True})).keys() == {"internal"}
    assert read(client.browser, f"{PETITIONS}{record_id}")["messages"] == url


def test_a_new_state_is_told_among_the_messages(petitions: World) -> None:
    record_id, client = add(petitions), petitions.contact("whole")
    assert Program(petitions.staff()).post(f"{PETITIONS}{record_id}/actions/approve").status_code == 200
    (told,) = read(client, f"{PETITIONS}{record_id}/messages")["messages"]
    assert told["change"] == {"field": "State", "from": "Open", "to": "Approved"}
    assert (told["text"], read(client, f"{PETITIONS}{record_id}")["fields"]["status"]["value"]) == ("", APPROVED)


def test_earlier_messages_are_led_to(petitions: World) -> None:
    record_id = add(petitions)
    url, client = f"{PETITIONS}{record_id}/messages", petitions.contact("whole")
    with petitions.writing() as session:
        session.add_all([Message(parent_id=record_id, body=f"{n}") for n in range(120)])
    pages = [read(client, url)]
    while pages[-1]["earlier"]:
        pages.append(read(client, pages[-1]["earlier"]))
    assert [len(page["messages"]) for page in pages] == [50, 50, 20]
    assert [each["text"] for page in reversed(pages) for each in page["messages"]] == [str(n) for n in range(120)]
    for query, name in (
        ("before=x", "before"),
        ("before=-1", "before"),
        ("after=1", "after"),
        ("before=1&before=2", "before"),
    ):
        assert refused(client.get(f"{url}?{query}"), 400)["parameter"] == name


def test_files_are_sent_with_a_message_and_read_by_who_sees_it(petitions: World) -> None:
    record_id = add(petitions)
    url, client, staff = (
        f"{PETITIONS}{record_id}/files",
        Program(petitions.contact("whole")),
        Program(petitions.staff()),
    )
    sent = {"files": [(io.BytesIO(PNG), "photo.png"), (io.BytesIO(TEXT), "a\u202etxt.txt")], "text": "Look"}
    message = said(client.upload(url, sent))
    assert (message["text"], [each["name"] for each in message["files"]]) == ("Look", ["atxt.txt", "photo.png"])
    assert read(client.browser, url)["files"] == read(client.browser, f"{PETITIONS}{record_id}")["files"]
    for browser in (client.browser, staff.browser):
        answer = browser.get(read(browser, url)["files"][0]["url"])
        assert answer.headers["Content-Disposition"].startswith("attachment")
    said(staff.upload(url, {"files": (io.BytesIO(TEXT), "note.txt"), "internal": "true"}))
    assert len(read(client.browser, url)["files"]) == 2
    assert len(read(staff.browser, url)["files"]) == 3
    assert errors(client.upload(url, {"files": (io.BytesIO(TEXT), "n.txt"), "internal": "true"})).keys() == {"internal"}


def test_what_is_no_file_of_ours_is_refused_and_leaves_nothing(petitions: World) -> None:
    record_id, client = add(petitions), Program(petitions.contact("whole"))
    url, before = f"{PETITIONS}{record_id}/files", counted(petitions, record_id)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    good = (io.BytesIO(TEXT), "good.txt")
    for data, name in (
        (svg, "a.png"),
        (svg, "a.svg"),
        (b"", "a.txt"),
        (PNG, "a.pdf"),
        (b"<html>", "a.html"),
        (b"x", "x"),
    ):
        sent = {"files": [(io.BytesIO(TEXT), "good.txt"), (io.BytesIO(data), name)]}
        assert errors(client.upload(url, sent)).keys() == {"files"}, name
    for wrong, key in (
        ({}, "files"), ({"text": "x"}, "files"), ({"files": good, "nonsense": "x"}, "nonsense"),
        ({"files": (io.BytesIO(TEXT), "good.txt"), "more": (io.BytesIO(TEXT), "g.txt")}, "more"),
        ({"files": (io.BytesIO(TEXT), "good.txt"), "text": "x" * 20_001}, "text"),
        ({"files": (io.BytesIO(TEXT), "good.txt"), "text": (io.BytesIO(TEXT), "text.txt")}, "text"),
        ({"files": [(io.BytesIO(TEXT), f"{n}.txt") for n in range(11)]}, "files"),
    ):  # fmt: skip
        assert errors(client.upload(url, wrong)).keys() == {key}
    refused(client.post(url, {"files": []}), 415)
    parts = (
        b"".join(b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' for _ in range(2000)) + b"--b--\r\n"
    )
    headers = {"X-CSRFToken": client.token}
    answer = client.browser.post(url, data=parts, headers=headers, content_type="multipart/form-data; boundary=b")
    refused(answer, 413)
    for data, media in ((b"nonsense", "multipart/form-data; boundary=b"), (b"", "multipart/form-data")):
        answer = client.browser.post(url, data=data, headers=headers, content_type=media)
        assert refused(answer, answer.status_code)["status"] in (400, 422)
    assert counted(petitions, record_id) == before


def test_a_full_disk_is_a_503_and_nothing_is_said(petitions: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id, client = add(petitions), Program(petitions.contact("whole"))
    url, before = f"{PETITIONS}{record_id}/files", counted(petitions, record_id)

    def full(*args: Any, **more: Any) -> None:
        raise StorageError("no space left on device")

    monkeypatch.setattr("core.conversations.write.hang", full)
    sent = {"files": (io.BytesIO(TEXT), "a.txt"), "text": "x"}
    assert "device" not in str(refused(client.upload(url, sent, Idempotency_Key="full"), 503))
    assert counted(petitions, record_id) == before
    monkeypatch.undo()
    said(client.upload(url, {"files": (io.BytesIO(TEXT), "a.txt"), "text": "x"}, Idempotency_Key="full"))


def test_what_is_sent_again_is_said_once(petitions: World) -> None:
    record_id, client = add(petitions), Program(petitions.contact("whole"))
    url = f"{PETITIONS}{record_id}"
    first = client.post(f"{url}/messages", {"text": "once"}, Idempotency_Key="said")
    assert client.post(f"{url}/messages", {"text": "once"}, Idempotency_Key="said").data == first.data
    before = counted(petitions, record_id)

    def upload(data: bytes = TEXT, name: str = "once.txt", text: str = "") -> Any:
        return client.upload(f"{url}/files", {"files": (io.BytesIO(data), name), "text": text}, Idempotency_Key="sent")

    assert said(upload()) == said(upload())
    for other in ({"data": b"other\n"}, {"name": "other.txt"}, {"text": "other"}):
        refused(upload(**other), 422)  # type: ignore[arg-type]
    messages, files, stored = counted(petitions, record_id)
    assert (messages, files, stored) == (before[0] + 1, before[1] + 1, before[2] + 1)


def test_what_is_not_theirs_is_the_404_of_nonsense(petitions: World) -> None:
    client = Program(petitions.contact("whole"))
    nothing = client.browser.get(f"{PETITIONS}999999999").data
    for record_id in (add(petitions, "beta"), add(petitions, slug="two"), add(petitions, published=False), 999999999):
        for what in ("messages", "files"):
            url = f"{PETITIONS}{record_id}/{what}"
            sent = {"files": (io.BytesIO(TEXT), "a.txt")}
            answers = [
                client.browser.get(url),
                client.upload(url, sent) if what == "files" else client.post(url, {"text": "x"}),
            ]
            assert [(a.status_code, a.data) for a in answers] == [(404, nothing)] * 2, url
    record_id = petitions.one.invoices["alpha"]
    refused(client.browser.get(f"{LIST}{record_id}/messages"), 404)
    assert (
        read(client.browser, f"{LIST}{record_id}/files")["files"] == read(client.browser, f"{LIST}{record_id}")["files"]
    )
    refused(client.upload(f"{LIST}{record_id}/files", {"files": (io.BytesIO(TEXT), "a.txt")}), 404)


def test_hostile_strings_are_said_as_they_are(petitions: World) -> None:
    record_id, client = add(petitions), Program(petitions.contact("whole"))
    url, kept = f"{PETITIONS}{record_id}", 0
    for n, text in enumerate(hostile_strings()[::3]):
        answer = client.post(f"{url}/messages", {"text": text})
        if answer.status_code == 201:
            kept += 1
            assert answer.json is not None
            assert answer.json["text"] in text.replace("\r\n", "\n") or not text.isprintable()
        else:
            assert errors(answer).keys() == {"text"}, text
        if n % 8 == 0:
            answer = client.upload(
                f"{url}/files", {"files": (io.BytesIO(TEXT), f"{text}.txt".encode("utf-8", "replace").decode())}
            )
            assert answer.status_code in (201, 422), text
    assert kept > 130
