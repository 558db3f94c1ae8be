"""A folder of Markdown files as a table: one row for each file, with its front matter, what it includes put in its
place, and its links to others of the folder by what those are called there.

It is handed on as CSV, so that all that holds for the rows of a table holds for these: what is no text, what comes
twice, what has changed since."""

import csv
import io
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from core.imports.errors import ImportFailed
from core.imports.folder import Opened, Outside, resolve

COLUMNS = ("path", "key", "folder", "folder_title", "title", "text", "date")
#: how links between two files of the folder are written: article:billing/due-dates.md#when
LEAD = "article:"
_MOMENT = "%Y-%m-%d 00:00:00"
#: a file larger than this is no article; a front matter longer than that is none
_LARGEST, _LONGEST_FRONT, _DEEPEST = 2 * 1024 * 1024, 20_000, 5

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*(?:\n|\Z)")
_INCLUDE = re.compile(r"\[!INCLUDE\s*\[[^\]]*\]\(([^()\s]+)\)\]", re.IGNORECASE)
_LINK = re.compile(r"(?<!!)\]\(\s*<?([^()\s<>]+)>?((?:\s+\"[^\"]*\")?)\s*\)")
_FENCE = re.compile(r"[ >\t]*(```+|~~~+)")
#: what some programs add to Markdown: films, pictures, and marks of a page's columns
_FILM = re.compile(r"(?:> *)?\[!VIDEO\s+(https?://[^\s\]]+)\]", re.IGNORECASE)
_PICTURE = re.compile(r":::image\s[^\n]*?alt-text=\"([^\"\n]*)\"[^\n]*?:::")
_MARKS = re.compile(r"^[ \t]*(?:> *\[!div[^\]]*\]|:::[^\n]*?:::|:::image-end:::)[ \t]*$", re.MULTILINE | re.IGNORECASE)


def open_markdown(folder: Path, base: str, leave_out: Sequence[str]) -> Opened | None:
    """The Markdown files below `base` (a folder within the export), as a table with the columns above; None where
    there are none. Folders called as in `leave_out` hold fragments that others include.

    Raises ImportFailed where one leads out of the folder, or cannot be read."""
    files = list(_files(folder, base, frozenset(leave_out)))
    if not files:
        return None
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    keys = {posixpath.relpath(path, base) for path in files}
    for path in files:
        writer.writerow(_row(folder, base, path, keys))
    data = made.getvalue().encode("utf-8", "surrogateescape")
    raw = io.BytesIO(data)
    return Opened(base, raw, raw, len(data))


def _files(folder: Path, base: str, leave_out: frozenset[str]) -> Iterator[str]:
    """The paths of the articles within the export, in order."""
    found = []
    for here, inside, names in os.walk(folder / base):
        inside[:] = [name for name in inside if name not in leave_out]
        relative = posixpath.normpath(Path(here).relative_to(folder).as_posix())
        found += [posixpath.normpath(posixpath.join(relative, name)) for name in names if name.endswith(".md")]
    yield from sorted(found)


def _row(folder: Path, base: str, path: str, keys: set[str]) -> list[str]:
    front, body = _split(_read(folder, path))
    key = posixpath.relpath(path, base)
    top = key.split("/")[0] if "/" in key else ""
    heading = _HEADING.match(body)
    title = str(front.get("title") or (heading[1] if heading else "") or Path(path).stem)
    body = body[heading.end() :] if heading else body
    body = _plainer(_included(folder, path, body, ()))
    text = "".join(piece if code else _led(piece, key, keys) for piece, code in _pieces(body))
    place = posixpath.normpath(posixpath.join(base, top)) if top else ""
    return [path, key, place, _title(top), title, text.strip("\n"), _day(front)]


def _read(folder: Path, path: str) -> str:
    try:
        found = resolve(folder, path)
        if found is None:
            raise ImportFailed(f"{path} is a link to a file that is not there")
        if found.stat().st_size > _LARGEST:
            raise ImportFailed(f"{path} is too large for an article")
        return found.read_bytes().decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    except Outside as error:
        raise ImportFailed(str(error)) from None
    except OSError as error:
        raise ImportFailed(f"{path} cannot be read: {error.strerror}") from None


def _split(text: str) -> tuple[dict[str, Any], str]:
    """The front matter, and what follows. One that is no YAML is left out."""
    found = _FRONT.match(text)
    if found is None:
        return {}, text
    try:
        front = yaml.safe_load(found[1]) if len(found[1]) <= _LONGEST_FRONT else None
    except (yaml.YAMLError, ValueError, RecursionError):
        front = None
    plain = (str, int, float, date, datetime)
    kept = {str(k): v for k, v in front.items() if isinstance(v, plain)} if isinstance(front, dict) else {}
    return kept, text[found.end() :]


def _included(folder: Path, path: str, text: str, within: tuple[str, ...]) -> str:
    """The text with its fragments. One that is not there, or that includes itself, leaves nothing."""

    def put(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1]))
        if target in (path, *within) or len(within) >= _DEEPEST or target.startswith(("..", "/", "~")):
            return ""
        if not (folder / target).is_file():
            return ""
        return _included(folder, target, _split(_read(folder, target))[1].strip(), (*within, path))

    return _INCLUDE.sub(put, text)


def _plainer(text: str) -> str:
    """The text in Markdown that everybody reads: films as links, pictures as such."""
    text = _FILM.sub(r"<\1>", text)
    text = _PICTURE.sub(lambda found: f"![{found[1]}](picture)", text)
    return _MARKS.sub("", text)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and of each whether it is code, in which nothing is a link."""
    kept: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if mark and not fence:
            yield "".join(kept), False
            kept, fence = [line], mark[1]
        elif mark and mark[1].startswith(fence):
            yield "".join([*kept, line]), True
            kept, fence = [], ""
        else:
            kept.append(line)
    yield "".join(kept), bool(fence)


def _led(text: str, key: str, keys: set[str]) -> str:
    """The text with its links to other articles by their keys."""

    def lead(found: re.Match[str]) -> str:
        target, mark, anchor = found[1].partition("#")
        other = posixpath.normpath(posixpath.join(posixpath.dirname(key), target)) if target else ""
        return f"]({LEAD}{other}{mark}{anchor}{found[2]})" if other in keys else found[0]

    return _LINK.sub(lead, text)


def _title(folder: str) -> str:
    words = re.sub(r"[-_]+", " ", folder).strip()
    return words[:1].upper() + words[1:]


def _day(front: dict[str, Any]) -> str:
    """The day that the front matter tells, as the moment when it begins; also one that is written 03/31/2026."""
    said = front.get("date", front.get("ms.date", ""))
    if isinstance(said, date | datetime):
        return said.strftime(_MOMENT)
    try:
        return datetime.strptime(str(said), "%m/%d/%Y").strftime(_MOMENT)
    except ValueError:
        return ""
