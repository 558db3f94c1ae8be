"""A ZIP that is sent while it is made: whole, the same each time, and with a name for each file."""

import io
from collections.abc import Iterator
from zipfile import ZIP_STORED, ZipFile

from core.files.archive import zipped

FILES = [("F-1.pdf", b"%PDF one"), ("F-2.pdf", b""), ("año nº 3.pdf", b"x" * 100_000)]


def whole(files: list[tuple[str, bytes]]) -> ZipFile:
    """The archive of some files, read to its end."""
    archive = ZipFile(io.BytesIO(b"".join(zipped(files))))
    assert archive.testzip() is None
    return archive


def test_every_file_is_there_as_it_is() -> None:
    archive = whole(FILES)
    assert [(info.filename, archive.read(info)) for info in archive.infolist()] == FILES
    assert {info.compress_type for info in archive.infolist()} == {ZIP_STORED}


def test_the_same_files_are_the_same_bytes() -> None:
    assert b"".join(zipped(FILES)) == b"".join(zipped(FILES))


def test_names_that_are_alike_are_told_apart() -> None:
    names = ["F-1.pdf", "f-1.PDF", "F-1.pdf", "F-1 (2).pdf", "F-1"]
    found = whole([(name, name.encode()) for name in names]).namelist()
    assert found == ["F-1.pdf", "f-1 (2).PDF", "F-1 (3).pdf", "F-1 (2) (2).pdf", "F-1"]
    assert len({name.casefold() for name in found}) == len(names)


def test_a_file_is_sent_before_the_next_is_asked_for() -> None:
    asked: list[str] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for name, data in FILES:
            asked.append(name)
            yield name, data

    pieces = zipped(files())
    for n, (_, data) in enumerate(FILES, 1):
        assert next(pieces).endswith(data)
        assert len(asked) == n


def test_an_entry_tells_its_size_before_its_bytes_and_can_be_counted() -> None:
    sent = b"".join(zipped(FILES))
    assert sent.count(b"PK\x03\x04") == len(FILES)
    # Who reads without going back (as some unpackers do) needs size and checksum in the head.
    assert all(not info.flag_bits & 0x08 for info in ZipFile(io.BytesIO(sent)).infolist())


def test_no_file_is_an_empty_archive() -> None:
    assert whole([]).namelist() == []
