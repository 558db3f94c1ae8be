"""CSV: no cell is a formula however the file is cut, numbers stay numbers, and each language's spreadsheet can
read it."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.records.export import Column, columns, csv_pieces, neutral
from core.records.present import plain_money, plain_number
from core.records.resource import Choice, Field, Resource
from core.records.rows import Row
from plugins.invoices.models import Invoice
from tests.records.test_query import hostile_strings

OPENERS = "=+-@＝＋－＠﹢﹣﹦﹫−"
CUTS = ',;|"\r\n\t\v\f\x85\u2028\u2029'
BLANKS = " \xa0\u200b\ufeff\x00\x1f\u2003\u202e"


def pieces(text: str) -> list[str]:
    """What a text falls into, whichever of the separators and quotes a program goes by, without the blanks."""
    return [piece.strip().strip(BLANKS).strip() for piece in re.split(f"[{CUTS}]", text)]


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(st.text(alphabet=st.sampled_from([*OPENERS, *CUTS, *BLANKS, "a", "1", "'"]), max_size=12))
@example('",=1+1')
@example("a\n\n =1")
@example("\ufeff=1")
@example("x;\t@SUM(1)")
def test_no_part_of_a_text_begins_a_formula(text: str) -> None:
    safe = neutral(text)
    assert not [piece for piece in pieces(safe) if piece.startswith(tuple(OPENERS))], safe
    assert not safe.startswith(("\t", "\r", *OPENERS))
    assert safe.replace("'", "") == text.replace("'", "").replace("\x00", "")  # nothing else changes


@pytest.mark.parametrize("text", ["", "plain", "a-b", "1 + 1 = 2", "mail@example.com", "12/3-4", "Ñandú, S.L."])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_a_long_run_of_blanks_takes_no_time() -> None:
    for blank in (" ", "\n", "\t", ","):
        text = blank * 200_000
        assert len(neutral(f"{text}x")) >= len(text)


def row(**values: object) -> Row:
    """A row of these values."""
    return Row(1, values, {"account_id": "=Alpha"}, "EUR")


FIELDS = (
    Field("number", "=Number"),
    Field("account_id", "Client"),
    Field("kind", "Type", choices={"standard": Choice("Invoice")}),
    Field("issued_on", "Date"),
    Field("updated_at", "Changed"),
    Field("total", "Total"),
    Field("half", "Half", "quantity"),
    Field("published", "Published"),
)
RESOURCE = Resource("invoice", "Invoices", "Invoice", Invoice, FIELDS)
ROW = row(
    number="-5",
    account_id=7,
    kind="standard",
    issued_on=date(2026, 3, 1),
    updated_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    total=-123450,
    half=Decimal("-10.500000"),
    published=True,
)


def read(separator: str, decimal: str, *rows: Row) -> list[list[str]]:
    """The cells of a file, as a spreadsheet would cut them."""
    found = columns(RESOURCE, FIELDS, ZoneInfo("Europe/Madrid"), decimal)
    data = b"".join(csv_pieces(found, [rows], separator))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_numbers_stay_numbers_and_texts_are_made_safe() -> None:
    head, cells = read(",", ".", ROW)
    assert head == ["'=Number", "Client", "Type", "Date", "Changed", "Total", "Half", "Published", "Currency"]
    expected = ["'-5", "'=Alpha", "Invoice", "2026-03-01", "2026-03-02 00:30:00", "-1234.50", "-10.5", "Yes", "EUR"]
    assert cells == expected


def test_with_a_decimal_comma_lines_are_cut_at_semicolons() -> None:
    _, cells = read(";", ",", ROW)
    assert cells[5:7] == ["-1234,50", "-10,5"]


def test_what_is_missing_is_empty() -> None:
    empty = Row(1, dict.fromkeys(ROW.values), {"account_id": ""}, "")
    assert read(",", ".", empty)[1] == [""] * 9


def test_hostile_strings_come_back_as_they_are_but_for_the_apostrophe() -> None:
    texts = [text for text in hostile_strings() if "\x00" not in text]
    one = [Column("Text", lambda row: neutral(row.values["text"]))]
    data = b"".join(csv_pieces(one, [[Row(1, {"text": text}, {}) for text in texts]], ","))
    found = [cells[0] if cells else "" for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))][1:]
    assert [each.replace("'", "") for each in found] == [text.replace("'", "") for text in texts]
    assert not [each for each in found if each.strip().startswith(tuple(OPENERS))]


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(5, "EUR", "0.05"), (-5, "EUR", "-0.05"), (500, "JPY", "500"), (1234, "KWD", "1.234"), (0, "", "0.00")],
)
def test_amounts_have_the_decimals_of_their_currency(minor: int, currency: str, text: str) -> None:
    assert plain_money(minor, currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1E+3"), "1000"), (Decimal("0.000001"), "0.000001"), (0, "0"), (-7, "-7"), (100, "100"), (0.5, "0.5")],
)
def test_numbers_are_written_out(value: object, text: str) -> None:
    assert plain_number(value) == text
