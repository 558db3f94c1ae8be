"""The rows of a CSV file, read strictly: what is broken is said row by row, and the rest goes on."""

import csv
import zlib
from collections import deque
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from core.imports.errors import ImportFailed

# A single value longer than this ends the import: going on behind it would read text as rows.
_LONGEST_VALUE = 32 * 1024 * 1024
_ENDLESS = "a value without end (is a closing quote missing?)"


class Row(NamedTuple):
    """One row: the line that it begins on, its values, and what is wrong with it ("" where nothing)."""

    line: int
    cells: list[str]
    problem: str = ""


class _Lines:
    """The lines of a file, decoded, with their number; those of the row under way can be read again."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._again: deque[str] = deque()
        self._row: list[str] = []
        # Whether a line of the row under way may hold what no text holds.
        self._odd = False
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        longest, again, row = _LONGEST_VALUE, self._again, self._row
        while True:
            if again:
                text = again.popleft()
                self._odd = True
            else:
                try:
                    raw = self._file.readline(longest)
                except (OSError, EOFError, zlib.error) as error:
                    raise ImportFailed(f"{self._name}, below line {self.number}: cannot be read ({error})") from None
                if not raw:
                    return
                if len(raw) >= longest:
                    raise ImportFailed(f"{self._name}, line {self.number + 1}: {_ENDLESS}")
                try:
                    text = raw.decode("utf-8-sig" if self.number == 0 else "utf-8")
                except UnicodeDecodeError:
                    text = raw.decode("utf-8", "surrogateescape")
                    self._odd = True
                if "\0" in text:
                    self._odd = True
            row.append(text)
            self.number += 1
            yield text

    def begin_row(self) -> int:
        """Forget the lines of the row before; give the number of the line to come."""
        self._row.clear()
        self._odd = False
        return self.number + 1

    def first(self) -> str:
        """The first line of the file, which is read again as such."""
        line = next(iter(self), "")
        if line:
            self._again.appendleft(line)
            self.number = 0
        return line

    def only_first(self) -> None:
        """Take back all lines of this row but the first, to be read again."""
        self._again.extendleft(reversed(self._row[1:]))
        self.number -= len(self._row) - 1
        del self._row[1:]

    def problem(self) -> str:
        """What is wrong with the characters of this row."""
        if not self._odd:
            return ""
        if any("\0" in line for line in self._row):
            return "holds a NUL character"
        if any(not _is_text(line) for line in self._row):
            return "is not UTF-8 text (an export in Latin-1 must be converted first)"
        return ""


def _is_text(line: str) -> bool:
    return line.isascii() or not any("\udc80" <= c <= "\udcff" for c in line)


class Rows:
    """Reads one CSV file (commas, or semicolons where the first line has no comma; double quotes; UTF-8 with or without
    a byte order mark; any line end).

    `header` are the column names; iterating gives a Row for each row below it, blank lines left out.
    Raises ImportFailed for a header that cannot be used, a value without end, and a file that breaks off."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        csv.field_size_limit(_LONGEST_VALUE)
        self._lines = _Lines(file, name)
        self._name = name
        first = self._lines.first()
        self._between = ";" if ";" in first and "," not in first else ","
        self._lines.begin_row()
        self._reader = self._read()
        self.header = self._header()

    def _read(self) -> Any:
        return csv.reader(self._lines, strict=True, delimiter=self._between)

    def _header(self) -> list[str]:
        try:
            header: list[str] = next(self._reader)
        except StopIteration:
            raise ImportFailed(f"{self._name} is empty; its first line must name the columns") from None
        except csv.Error as error:
            raise ImportFailed(f"{self._name}, line 1: the names of the columns cannot be read ({error})") from None
        problem = self._lines.problem()
        twice = sorted({name for name in header if header.count(name) > 1})
        if problem:
            raise ImportFailed(f"{self._name}, line 1 {problem}")
        if twice:
            raise ImportFailed(f"{self._name}, line 1 names a column twice: {', '.join(twice)[:200]}")
        return header

    def __iter__(self) -> Iterator[Row]:
        while True:
            line = self._lines.begin_row()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(line, str(error))
                continue
            if cells:
                yield Row(line, cells, self._problem(cells))

    def _problem(self, cells: list[str]) -> str:
        if len(cells) != len(self.header):
            return f"has {len(cells)} columns where the first line names {len(self.header)}"
        return self._lines.problem()

    def _broken(self, line: int, error: str) -> Row:
        """A row whose quoting is broken: reading goes on at the line below its first."""
        if "field limit" in error:
            raise ImportFailed(f"{self._name}, line {line}: {_ENDLESS}")
        self._lines.only_first()
        self._reader = self._read()
        return Row(line, [], f"has broken quoting ({error})")
