"""Whether a file's content is what its name says. Looks at heads and tables of contents alone: nothing that
somebody sent is unpacked, and no picture is decoded."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

import filetype  # type: ignore[import-untyped]
from PIL import Image

_HEAD, _PIECE = 8192, 256 * 1024
_MOST_PIXELS = 50_000_000
#: of an office file: entries, and bytes once they are unpacked
_MOST_ENTRIES, _MOST_UNPACKED = 2000, 200 * 1024 * 1024
_ENTRY: Final = b"PK\x01\x02"
#: bytes that no text holds
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS_OF_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")

Check = Callable[[IO[bytes]], bool]


@dataclass(frozen=True)
class FileType:
    """A type of file that is taken: its media type, and whether a file's content is one."""

    media_type: str
    matches: Check


def _has_head_of(mime: str) -> Check:
    def check(stream: IO[bytes]) -> bool:
        stream.seek(0)
        return bool(filetype.guess_mime(stream.read(_HEAD)) == mime)

    return check


def _pdf(stream: IO[bytes]) -> bool:
    """Readers look for the mark within the first kilobyte; here it comes first, so that nothing stands before it."""
    stream.seek(0)
    return stream.read(5) == b"%PDF-"


def _picture(kind: str, mime: str) -> Check:
    of_that_kind = _has_head_of(mime)

    def check(stream: IO[bytes]) -> bool:
        if not of_that_kind(stream):
            return False
        stream.seek(0)
        try:
            with Image.open(stream, formats=[kind]) as picture:
                width, height = picture.size
                if width * height > _MOST_PIXELS:
                    return False
                picture.verify()
        except Exception:  # noqa: BLE001 - whatever a broken picture makes the library raise
            return False
        return True

    return check


def _webp(stream: IO[bytes]) -> bool:
    """The size is read here first: the library makes room for the whole picture before it says how large it is."""
    stream.seek(0)
    head = stream.read(30)
    kind, numbers = head[12:16], head[20:]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(numbers[at : at + 3], "little") for at in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(numbers[1:5], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (int.from_bytes(numbers[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return width * height <= _MOST_PIXELS and _picture("WEBP", "image/webp")(stream)


def _office(part: str, mime: str = "") -> Check:
    """A ZIP that holds `part`; of an OpenDocument, one whose first entry says `mime`."""

    def check(stream: IO[bytes]) -> bool:
        if not _few_entries(stream):
            return False
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as packed:
                entries = packed.infolist()
                if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                    return False
                names = {entry.filename for entry in entries}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            return False
        stream.seek(0)
        return part in names and (not mime or mime.encode() in stream.read(_HEAD))

    return check


def _few_entries(stream: IO[bytes]) -> bool:
    """Whether it can list few entries, whatever it says of their number: each has a mark. What reads the list
    would hold all of them."""
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        return False
    count, tail = 0, b""
    stream.seek(0)
    while piece := stream.read(_PIECE):
        count += (tail + piece).count(_ENTRY)
        tail = piece[1 - len(_ENTRY) :]
        if count > _MOST_ENTRIES:
            return False
    return True


def _text(stream: IO[bytes]) -> bool:
    """Text in any of the encodings that spreadsheets write: no bytes that text has not, and no other type's head."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if filetype.guess_mime(head) is not None or head.startswith(b"%PDF-"):
        return False
    wide = head.startswith(_MARKS_OF_WIDE_TEXT)
    stream.seek(0)
    while piece := stream.read(_PIECE):
        if not wide and _BINARY.search(piece):
            return False
    return True


_WORDS = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_JPEG = FileType("image/jpeg", _picture("JPEG", "image/jpeg"))
_HEIC = FileType("image/heic", _has_head_of("image/heic"))

#: what is taken, by the ending of its name
TYPES: dict[str, FileType] = {
    ".pdf": FileType("application/pdf", _pdf),
    ".png": FileType("image/png", _picture("PNG", "image/png")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".gif": FileType("image/gif", _picture("GIF", "image/gif")),
    ".webp": FileType("image/webp", _webp),
    ".heic": _HEIC,
    ".heif": _HEIC,
    ".docx": FileType(f"{_WORDS}.wordprocessingml.document", _office("word/document.xml")),
    ".xlsx": FileType(f"{_WORDS}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    ".odt": FileType(f"{_OPEN}.text", _office("content.xml", f"{_OPEN}.text")),
    ".ods": FileType(f"{_OPEN}.spreadsheet", _office("content.xml", f"{_OPEN}.spreadsheet")),
    ".txt": FileType("text/plain", _text),
    ".csv": FileType("text/csv", _text),
}
