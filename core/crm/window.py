"""The contact's time in the portal."""

from datetime import date


def one_year_on(day: date) -> date:
    """The same day of the next year; for 29 February the day before, the last of that month."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
