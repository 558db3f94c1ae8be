"""Numbers are read as the reader's language writes them, or not at all."""

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from core.records.typed import read_number, write_number

READ = {
    "es": {
        "1.234,50": "1234.50",
        "1234,5": "1234.5",
        "0,05": "0.05",
        "-3": "-3",
        "−3,5": "-3.5",
        "1.234": "1234",
        " 7 ": "7",
    },
    "en": {"1,234.50": "1234.50", "1234.5": "1234.5", ".5": "0.5", "5.": "5", "1,234": "1234", "1 234.5": "1234.5"},
}
NONE = [
    "NaN",
    "Infinity",
    "-inf",
    "1e9",
    "1E9",
    "0x10",
    "--1",
    "-",
    ".",
    ",",
    "1-2",
    "１２",
    "٣",
    "1_000",
    "",
    "1;2",
    "9" * 41,
]
WRONG = {
    "es": [*NONE, "1234.5", "12.34", "1,2,3", "1.23.456", "1.2345", "1,234.50"],
    "en": [*NONE, "1234,5", "12,34", "1.2.3", "1,23,456", "1,2345", "1.234,50"],
}


@pytest.mark.parametrize("language", READ)
def test_a_number_is_read_as_its_language_writes_it(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for text, number in READ[language].items():
            assert read_number(text) == Decimal(number), text


@pytest.mark.parametrize("language", WRONG)
def test_what_could_be_meant_otherwise_is_refused(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for text in WRONG[language]:
            with pytest.raises(ValueError):
                print(text, read_number(text))


@pytest.mark.parametrize("language", READ)
def test_what_is_written_is_read_back(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for text in ("0", "0.05", "1234.5", "-1234567.891", "99999999999999.99"):
            assert read_number(write_number(Decimal(text))) == Decimal(text)
        assert write_number(Decimal("5"), 2, 2) in ("5,00", "5.00")
        assert write_number(7, 0, 0) == "7"
