from datetime import date

from core.crm.window import one_year_on

TODAY = date(2026, 3, 10)


def test_one_year_on_is_the_same_day_of_the_next_year() -> None:
    assert one_year_on(TODAY) == date(2027, 3, 10)


def test_one_year_on_from_a_leap_day_is_the_last_of_february() -> None:
    assert one_year_on(date(2028, 2, 29)) == date(2029, 2, 28)
