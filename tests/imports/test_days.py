"""Days that an export tells by how far they are from the day of the import."""

from datetime import date

import pytest

from core.imports.days import day_from
from core.imports.errors import RowRefused

TODAY = date(2028, 3, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("TODAY", "2028-03-31"),
        ("TODAY[]", "2028-03-31"),
        ("TODAY[-3M]", "2027-12-31"),
        ("TODAY[-1M]", "2028-02-29"),
        ("TODAY[+9M]", "2028-12-31"),
        ("TODAY[-2M+15d]", "2028-02-15"),
        ("TODAY[+1y=1M=1d]", "2029-01-01"),
        ("TODAY[-2w]", "2028-03-17"),
        ("2020-05-06", "2020-05-06"),
        ("tomorrow", "tomorrow"),  # no such day: whoever reads days says so
    ],
)
def test_steps_are_taken_from_the_day_of_the_import(text: str, day: str) -> None:
    assert day_from("installed_on", text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["TODAY[1d]", "TODAY[-3M", "TODAY[-3x]", "TODAY[=31M]", "TODAY[=0d]", "TODAY[-9999y]", "TODAYS", "TODAY[=1w]"],
)
def test_what_is_no_step_is_a_reason_and_no_guess(text: str) -> None:
    with pytest.raises(RowRefused, match="installed_on: is no day such as"):
        day_from("installed_on", text, TODAY)
