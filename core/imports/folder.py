"""The folder of an export: nothing outside of it is ever opened, whatever a row or a link says."""

import gzip
import io
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import IO, BinaryIO, cast

from core.imports.errors import ImportFailed

#: between the names of which the first that is there is meant
EITHER = " | "


class Outside(Exception):
    """A path that leads out of the export's folder, or is none."""


def resolve(folder: Path, relative: str) -> Path | None:
    """The file at `relative` below `folder`, links followed; None where there is none.

    Raises Outside where it leads out of the folder."""
    try:
        if not os.path.isfile(os.path.join(folder, relative)):
            return None
        root = folder.resolve(strict=True)
        path = (root / relative).resolve(strict=True)
        if not path.is_relative_to(root):
            raise Outside(f"{relative} leads out of the folder")
        return path
    except (OSError, ValueError) as error:
        raise Outside(f"{relative[:80]} cannot be a file: {error}") from None


@dataclass(frozen=True)
class Opened(AbstractContextManager["Opened"]):
    """A table of the export, open for reading: its name within the folder, and its bytes, unpacked where
    the file is compressed."""

    name: str
    file: BinaryIO
    _raw: BinaryIO
    _size: int

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._raw.tell() / self._size if self._size else 1.0

    def __exit__(self, *error: object) -> None:
        self.file.close()
        self._raw.close()


def open_inside(folder: Path, patterns: str) -> Opened | None:
    """Open the table that a profile calls `patterns` (see `find`; of several with ` | ` between them, the first that is
    there); None where there is none.

    Raises ImportFailed where it leads out of the folder, cannot be read, or could be one of several."""
    try:
        found = next((names for each in patterns.split(EITHER) if (names := find(folder, each))), [])
        if len(found) > 1:
            raise ImportFailed(f"{found[0]} and {found[1]} are both in the folder, and only one can be {patterns}")
        path = resolve(folder, found[0]) if found else None
        if path is None:
            return None
        raw = path.open("rb")
    except Outside as error:
        raise ImportFailed(str(error)) from None
    except OSError as error:
        raise ImportFailed(f"{patterns} cannot be read: {error.strerror}") from None
    file: IO[bytes] = raw
    if found[0].endswith(".gz"):
        file = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw)), io.DEFAULT_BUFFER_SIZE * 8)
    return Opened(found[0], cast(BinaryIO, file), raw, path.stat().st_size)


def find(folder: Path, pattern: str) -> list[str]:
    """The files of the folder that `pattern` may mean: one of that name, or of that name and `.gz`. A `*`
    in it stands for anything. Raises Outside where one leads out of the folder."""
    names = [pattern, f"{pattern}.gz"]
    if "*" in pattern:
        names = [n for n in sorted(os.listdir(folder)) if _fits(n, pattern) or _fits(n, f"{pattern}.gz")]
    return [name for name in names if resolve(folder, name) is not None]


def _fits(name: str, pattern: str) -> bool:
    begin, _, end = pattern.partition("*")
    return len(name) >= len(begin) + len(end) and name.startswith(begin) and name.endswith(end)


def columns_of(pattern: str) -> list[str]:
    """The names in braces of a path pattern. Raises ValueError for anything but plain names."""
    found = []
    for _, name, spec, conversion in Formatter().parse(pattern):
        if name is None:
            continue
        if not name or spec or conversion or "." in name or "[" in name:
            raise ValueError("braces hold the plain name of a column")
        found.append(name)
    return found


def fill(pattern: str, values: dict[str, str]) -> str | None:
    """The path that `pattern` means for one row; None where a value that it needs is empty.

    Raises Outside where a value is not one name of a file or folder."""
    for value in values.values():
        if not value:
            return None
        if value in (".", "..") or any(c in value for c in ("/", "\\", "\0", os.sep)):
            raise Outside(f"{value[:80]!r} is not the name of a file")
    return pattern.format(**values)
