from datetime import date

from core.crm.window import one_year_on, window_faults

TODAY = date(2026, 3, 10)


def test_one_year_on_is_the_same_day_of_the_next_year() -> None:
    assert one_year_on(TODAY) == date(2027, 3, 10)


def test_one_year_on_from_a_leap_day_is_the_last_of_february() -> None:
    assert one_year_on(date(2028, 2, 29)) == date(2029, 2, 28)


def test_support_may_start_today_and_the_portal_may_end_the_same_day() -> None:
    assert window_faults(TODAY, TODAY, TODAY) == {}


def test_support_does_not_start_in_the_future() -> None:
    assert window_faults(date(2026, 3, 11), date(2027, 3, 10), TODAY) == {"support_start": "in_future"}


def test_the_portal_does_not_end_before_support_starts() -> None:
    assert window_faults(TODAY, date(2026, 3, 9), TODAY) == {"portal_end": "before_start"}
