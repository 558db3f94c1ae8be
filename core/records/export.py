"""A list as CSV for spreadsheets: the reader's own fields, in their language, as values to compute with."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale

from core.i18n import gettext
from core.records.fields import NAMED, kind_of
from core.records.present import audience_text, plain_money, plain_number
from core.records.resource import Field, Resource
from core.records.rows import Row

#: where a cell begins, also where the file is read with another separator or without its quotes
_CUTS = r",;|\"\r\n\t\v\f\x85\u2028\u2029"
#: what may stand before a formula and is not seen; nothing of the above, so that long runs are read once
_BLANK = (
    r" \x00-\x08\x0e-\x1f\x7f-\x84\x86-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff"
)
_FORMULA = re.compile(rf"((?:^|[{_CUTS}])[{_BLANK}]*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫−])")
#: what some programs take for the beginning of a formula by itself
_LEADING = ("\t", "\r")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula, however it cuts the line: an apostrophe stands before
    what would begin one."""
    marked = _FORMULA.sub(r"\1'", text.replace("\x00", ""))
    return f"'{marked}" if marked.startswith(_LEADING) else marked


@dataclass(frozen=True)
class Style:
    """How a spreadsheet in the reader's language reads a file: where it cuts lines, and its decimal sign."""

    separator: str
    decimal: str


@dataclass(frozen=True)
class Column:
    """A column: what stands above it, and what of a row stands in it."""

    label: str
    text: Callable[[Row], str]


def style() -> Style:
    """The style of the request's reader. Spreadsheets go by the machine's region, of which the language is the
    best sign; with a decimal comma, they cut at semicolons."""
    decimal = get_decimal_symbol(get_locale() or "en")
    return Style(";" if decimal == "," else ",", decimal)


def columns(resource: Resource, fields: Sequence[Field], zone: tzinfo, decimal: str) -> list[Column]:
    """A column for each field, and one for the currency where there are amounts. Everything that hangs on the
    request is read here, so that rows can be written after it."""
    model = resource.model
    found = [Column(neutral(str(f.label)), _text(model, f, zone, decimal)) for f in fields]
    if hasattr(model, "currency") and any(kind_of(model, f) == "money" for f in fields):
        found.append(Column(neutral(gettext("Currency")), lambda row: neutral(row.currency)))
    return found


def _text(model: Any, field: Field, zone: tzinfo, decimal: str) -> Callable[[Row], str]:
    write = _writer(kind_of(model, field), field, zone, decimal)

    def text(row: Row) -> str:
        value = row.values[field.name]
        return "" if value is None else write(value, row)

    return text


def _writer(kind: str, field: Field, zone: tzinfo, decimal: str) -> Callable[[Any, Row], str]:
    if kind == "money":
        return lambda value, row: plain_money(value, row.currency).replace(".", decimal)
    if kind in ("number", "quantity", "price"):
        return lambda value, row: plain_number(value).replace(".", decimal)
    if kind == "date":
        return lambda value, row: str(value.isoformat())
    if kind == "datetime":
        # Without its offset, which no spreadsheet reads; in the zone of the pages.
        return lambda value, row: str(value.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds"))
    if kind == "flag":
        yes, no = gettext("Yes"), gettext("No")
        return lambda value, row: yes if value else no
    if kind == "choice":
        labels = {value: neutral(str(choice.label)) for value, choice in field.choices.items()}
        return lambda value, row: labels.get(str(value), neutral(str(value)))
    if kind == "audience":
        return lambda value, row: neutral(audience_text(value, row.names.get(field.name, "")))
    if kind in NAMED:
        return lambda value, row: neutral(row.names.get(field.name, ""))
    return lambda value, row: neutral(str(value))


def csv_pieces(columns: Sequence[Column], chunks: Iterable[Sequence[Row]], separator: str) -> Iterator[bytes]:
    """The file, one piece for each chunk of rows; the first has the mark by which spreadsheets know UTF-8, and
    the columns' names."""
    head: list[list[str]] = [[column.label for column in columns]]
    mark = "\ufeff"
    for chunk in chunks:
        piece = io.StringIO(mark if head else "")
        piece.seek(0, io.SEEK_END)
        csv.writer(piece, delimiter=separator).writerows(
            [*head, *([column.text(row) for column in columns] for row in chunk)]
        )
        head = []
        yield piece.getvalue().encode()
