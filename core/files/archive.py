"""Several files as one ZIP, sent while it is made: nothing is kept but the file at hand."""

import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo


class _Passing:
    """A file that is written and read from at once: what was written is taken, and gone. Back to where
    the last piece begins one may go, which is how an entry's head gets its size."""

    def __init__(self) -> None:
        self._gone, self._held = 0, BytesIO()

    def write(self, data: bytes) -> int:
        return self._held.write(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def tell(self) -> int:
        return self._gone + self._held.tell()

    def seek(self, place: int) -> int:
        return self._gone + self._held.seek(place - self._gone)

    def take(self) -> bytes:
        """What was written since the last time."""
        found = self._held.getvalue()
        self._gone, self._held = self._gone + len(found), BytesIO()
        return found


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The ZIP of files (name, bytes), in pieces, one for each file and one for the end. Names are labels
    (`core.files.names.label`); of two that are alike, also in capitals, the second gets a number.
    Nothing is compressed (PDFs are already) and nothing dated: the same files are the same bytes."""
    passing, taken = _Passing(), set[str]()
    with ZipFile(passing, "w", ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, data in files:
            archive.writestr(ZipInfo(_unique(name, taken)), data)
            yield passing.take()
    yield passing.take()


def _unique(name: str, taken: set[str]) -> str:
    stem, ending = os.path.splitext(name)
    count, found = 1, name
    while found.casefold() in taken:
        count += 1
        found = f"{stem} ({count}){ending}"
    taken.add(found.casefold())
    return found
