"""The folder of an export: nothing outside of it is ever opened, whatever a row or a link says."""

import os
from pathlib import Path
from string import Formatter
from typing import BinaryIO

from core.imports.errors import ImportFailed


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


def open_inside(folder: Path, relative: str) -> BinaryIO | None:
    """Open the file at `relative` for reading; None where there is none.

    Raises ImportFailed where it leads out of the folder or cannot be read."""
    try:
        path = resolve(folder, relative)
        return None if path is None else path.open("rb")
    except Outside as error:
        raise ImportFailed(str(error)) from None
    except OSError as error:
        raise ImportFailed(f"{relative} cannot be read: {error.strerror}") from None


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
