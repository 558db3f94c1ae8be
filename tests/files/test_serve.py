"""A file as an answer: labelled safely, never run, never cached by others."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from werkzeug.http import parse_options_header

from core.files.models import File
from core.files.storage import attach
from tests.worlds.world import World

NAMES = (
    "FA-1.pdf", 'say "hi".pdf', "semi;colon.pdf", "a\r\nSet-Cookie: x=1.pdf", "factura nº 1 – año.pdf", "🔥.pdf",
    "ann\u202efdp.exe", "../../etc/passwd", "%0d%0aX: y.pdf", "back\\slash.pdf", "'; drop.pdf", "<script>.pdf",
    " ", "x" * 250 + ".pdf",
)  # fmt: skip
MARKUP = (
    "text/html",
    "image/svg+xml",
    "text/xml",
    "application/xhtml+xml",
    "text/javascript",
    "application/octet-stream",
)


@pytest.fixture
def put(world: World) -> Callable[..., tuple[str, File]]:
    """Hang a file on a record of the contact's; give its address and its row."""

    def hang(name: str, media_type: str = "application/pdf", data: bytes = b"%PDF-1.4 bytes") -> tuple[str, File]:
        record_id = world.one.invoices["alpha"]
        with world.writing() as session:
            file = attach(session, world.store, record_id, name, data, media_type)
        return f"/portal/invoices/{record_id}/files/{file.id}", file

    return hang


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["", "?download=1"])
def test_a_name_is_a_label_in_one_header(
    world: World, put: Callable[..., tuple[str, File]], name: str, query: str
) -> None:
    url, file = put(name)
    answer = world.contact("whole").get(url + query)
    assert answer.status_code == 200
    assert answer.data == b"%PDF-1.4 bytes"
    said = answer.headers.getlist("Content-Disposition")
    assert len(said) == 1
    assert "Set-Cookie" not in answer.headers
    way, options = parse_options_header(said[0])
    assert way == ("attachment" if query else "inline")
    assert unquote(options["filename"]) == unquote(file.name)
    assert said[0].isascii()
    assert said[0].isprintable()


@pytest.mark.parametrize("media_type", MARKUP)
def test_only_a_pdf_opens_on_screen(world: World, put: Callable[..., tuple[str, File]], media_type: str) -> None:
    url, _ = put(f"x-{media_type[-3:]}", media_type, b"<script>alert(1)</script>")
    answer = world.contact("whole").get(url)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_no_cache_keeps_a_file(world: World, put: Callable[..., tuple[str, File]]) -> None:
    url, _ = put("cache.pdf")
    for browser in (world.contact("whole"), world.staff()):
        answer = browser.get(
            url.replace("/portal/", "/staff/records/") if browser.get("/staff/").status_code == 200 else url
        )
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_part_of_a_file_can_be_asked_for(world: World, put: Callable[..., tuple[str, File]]) -> None:
    url, _ = put("part.pdf")
    answer = world.contact("whole").get(url, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"%PDF")
    assert world.contact("whole").get(url, headers={"Range": "bytes=900-"}).status_code == 416


def test_a_file_whose_bytes_are_lost_is_out_of_order_and_not_an_empty_page(
    world: World, put: Callable[..., tuple[str, File]]
) -> None:
    url, file = put("lost.pdf")
    Path(world.settings.home / "files" / file.key).unlink()
    answer = world.contact("whole").get(url)
    assert answer.status_code == 503
    assert b"lost" not in answer.data.replace(b"changed or lost", b"")
    assert file.key.encode() not in answer.data


def test_a_record_shows_its_files_by_name(world: World, put: Callable[..., tuple[str, File]]) -> None:
    url, _ = put("<b>bold</b>.pdf")
    page = world.contact("whole").get(url.partition("/files/")[0]).get_data(as_text=True)
    assert "&lt;b&gt;bold&lt;_b&gt;.pdf" in page
    assert "<b>bold" not in page
    with world.writing() as session:
        names = session.scalars(select(File.name).where(File.parent_id == world.one.invoices["alpha"])).all()
    assert all(f"/files/{name}" not in page for name in names)
