"""Values are read strictly: exactly, or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Numeric, String, Text

from core.db.model import UtcDateTime
from core.imports.errors import RowRefused
from core.imports.values import clean, digits_of, multiply, read_money, reader_for, round_money


def read(kind: Any, text: str) -> Any:
    return reader_for(Column("x", kind), "Europe/Madrid")(text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Date(), "2026-03-31", date(2026, 3, 31)),
        (Date(), "2026-03-31 23:59:59", date(2026, 3, 31)),
        (UtcDateTime(), "2026-07-01 12:00:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        (UtcDateTime(), "2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        (UtcDateTime(), "2026-07-01 12:00-03:00", datetime(2026, 7, 1, 15, tzinfo=UTC)),
        (Boolean(), "1", True),
        (Boolean(), "False", False),
        (Integer(), "-7", -7),
        (Integer(), "7.00", 7),
        (BigInteger(), "3000000000", 3000000000),
        (Numeric(18, 6), "8.88889000", Decimal("8.888890")),
        (Numeric(9, 4), "-21", Decimal(-21)),
        (String(5), "abcde", "abcde"),
        (Text(), "x" * 100_000, "x" * 100_000),
    ],
)
def test_what_is_written_plainly_is_read(kind: Any, text: str, value: Any) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Date(), t) for t in ("31/03/2026", "2026-02-30", "0000-00-00", "2026-3-1", "2026-03-31 noon", "20260331")),
        *((UtcDateTime(), t) for t in ("2026-03-31", "2026-03-31 25:00:00", "now", "0001-01-01 00:00+14:00")),
        *((Boolean(), t) for t in ("yes", "2", "on")),
        *((Integer(), t) for t in ("7.5", "2147483648", "1e3", "٣", "1,000", "NaN", "--1", "0x1")),
        *((Numeric(9, 4), t) for t in ("1.00001", "100000", "Infinity", "1 000", "1,5", "")),
        (String(5), "abcdef"),
    ],
)
def test_what_could_be_misread_is_refused(kind: Any, text: str) -> None:
    with pytest.raises(RowRefused):
        read(kind, text)


def test_a_type_that_no_text_can_fill_is_an_error_of_the_profile() -> None:
    with pytest.raises(TypeError, match="cannot be filled"):
        reader_for(Column("x", LargeBinary()), "UTC")


def test_text_comes_in_one_form() -> None:
    assert clean("  Nu\u0301n\u0303ez\r\nS.L.\r ") == "Núñez\nS.L."


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("46.10000000", "EUR", 4610),
        ("-11.63", "EUR", -1163),
        ("0.29", "EUR", 29),
        ("1234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("999999999999999.99", "EUR", 99999999999999999),
    ],
)
def test_amounts_become_minor_units_of_their_currency_exactly(text: str, currency: str, minor: int) -> None:
    assert read_money(text, digits_of(currency)) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("0.005", "EUR"), ("1.5", "JPY"), ("1.00000001", "EUR"), ("999999999999999999", "EUR"), ("12,50", "EUR")],
)
def test_no_digit_of_an_amount_is_dropped_or_rounded(text: str, currency: str) -> None:
    with pytest.raises(RowRefused):
        read_money(text, digits_of(currency))


@pytest.mark.parametrize("currency", ["eur", "EURO", "ZZZ", "€"])
def test_a_currency_must_be_one(currency: str) -> None:
    with pytest.raises(RowRefused, match="no currency"):
        digits_of(currency)


@pytest.mark.parametrize(
    ("factors", "digits", "minor"),
    [
        (["6", "2.55"], 2, 1530),
        (["1", "0.001"], 2, 0),
        (["3", "0.335"], 2, 101),
        (["-3", "0.335"], 2, -101),
        (["0.5", "1"], 0, 1),
        (["-0.5", "1"], 0, -1),
        (["1.0049999999", "1.0000000000"], 2, 100),
        (
            ["12345678.1234567891", "1.0000000001", "1.0000000001", "1.0000000001", "1.0000000001"],
            10,
            123456781283950604,
        ),
    ],
)
def test_products_are_exact_and_then_rounded_away_from_nothing(factors: list[str], digits: int, minor: int) -> None:
    assert round_money(multiply([Decimal(f) for f in factors]), digits) == minor


def test_a_product_that_no_column_holds_is_refused() -> None:
    with pytest.raises(RowRefused, match="is too large an amount"):
        round_money(multiply([Decimal("9" * 18)] * 5), 2)
