"""What is taken of what people send: by its content, whatever it is called."""

import io
import resource
import time

import pytest

from core.files.checks import TYPES
from core.files.uploads import LARGEST, MOST, UploadRefused, take_upload, take_uploads
from tests.files import sent

GOOD = {
    "pdf": sent.PDF,
    "png": sent.picture(),
    "jpg": sent.picture("JPEG"),
    "jpeg": sent.picture("JPEG"),
    "gif": sent.picture("GIF"),
    "webp": sent.picture("WEBP"),
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(80),
    "heif": b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + bytes(80),
    "docx": sent.office("docx"),
    "xlsx": sent.office("xlsx"),
    "odt": sent.office("odt"),
    "ods": sent.office("ods"),
    "txt": "Señal nº 3\r\n\tok".encode(),
    "csv": b"a;b\n1;\xe1\n",
}
LYING = {
    "svg as png": ("a.png", sent.SVG),
    "html as png": ("a.png", sent.SCRIPT),
    "html as jpg": ("photo.JPG", b"<!doctype html>" + sent.SCRIPT),
    "png as jpg": ("a.jpg", sent.picture()),
    "svg": ("a.svg", sent.SVG),
    "html": ("a.html", sent.SCRIPT),
    "double ending": ("a.png.html", sent.picture()),
    "no ending": ("png", sent.picture()),
    "turned round": ("a\u202egnp.exe", sent.picture()),
    "html before a pdf": ("a.pdf", sent.SCRIPT + sent.PDF),
    "script before a picture": ("a.gif", b"/*GIF89a*/alert(1)"),
    "gif that is a script": ("a.gif", b"GIF89a=1/*" + bytes(20) + b"*/;document.title='run'"),
    "half a png": ("a.png", sent.picture()[:40]),
    "huge png": ("a.png", sent.huge_png()),
    "huge webp": ("a.webp", sent.huge_webp(b"VP8X")),
    "huge webp without loss": ("a.webp", sent.huge_webp(b"VP8L")),
    "huge webp with loss": ("a.webp", sent.huge_webp(b"VP8 ")),
    "zip": ("a.zip", sent.office("docx")),
    "any zip as docx": ("a.docx", sent.office("ods")),
    "text as odt": ("a.odt", sent.office("ods")),
    "bomb": ("a.docx", sent.bomb()),
    "bomb as a sheet": ("a.xlsx", sent.bomb("xlsx")),
    "many entries": ("a.docx", sent.many_entries()),
    "program as text": ("a.txt", b"MZ\x90\x00\x03" + bytes(60)),
    "pdf as text": ("a.txt", sent.PDF),
    "picture as csv": ("a.csv", sent.picture("JPEG")),
    "empty": ("a.txt", b""),
}


def test_each_type_has_an_example() -> None:
    assert {f".{ending}" for ending in GOOD} == set(TYPES)


@pytest.mark.parametrize("ending", GOOD)
def test_what_is_what_its_name_says_is_taken(ending: str) -> None:
    upload = take_upload(f"C:\\Photos\\My file.{ending.upper()}", io.BytesIO(GOOD[ending]))
    assert upload.name == f"My file.{ending.upper()}"
    assert upload.media_type == TYPES[f".{ending}"].media_type
    assert upload.size == len(GOOD[ending])


@pytest.mark.parametrize("name", LYING)
def test_what_lies_is_refused_quickly_and_cheaply(name: str) -> None:
    called, data = LYING[name]
    stream = io.BytesIO(data)
    before, start = _peak(), time.process_time()
    with pytest.raises(UploadRefused) as refused:
        take_upload(called, stream)
    assert time.process_time() - start < 2
    assert _peak() - before < 100_000_000
    assert "PDF" in str(refused.value) or "empty" in str(refused.value)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_no_more_and_no_larger_than_may_be() -> None:
    with pytest.raises(UploadRefused, match="larger than 20 MB"):
        take_upload("a.txt", io.BytesIO(b"x" * (LARGEST + 1)))
    one = ("a.txt", io.BytesIO(b"x"))
    assert len(take_uploads([one] * MOST)) == MOST
    with pytest.raises(UploadRefused, match="at most 10"):
        take_uploads([one] * (MOST + 1))
    large = ("a.txt", io.BytesIO(b"x" * LARGEST))
    with pytest.raises(UploadRefused, match="50 MB"):
        take_uploads([large] * 3)
    assert take_uploads([("", io.BytesIO())]) == []


def test_it_is_the_count_of_entries_that_refuses_many(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = sent.many_entries(3000)
    with pytest.raises(UploadRefused):
        take_upload("a.docx", io.BytesIO(listing))
    monkeypatch.setattr("core.files.checks._few_entries", lambda stream: True)
    assert take_upload("a.docx", io.BytesIO(listing)).size == len(listing)
