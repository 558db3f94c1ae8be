"""The contact's time in the portal: support start and portal end, and what is wrong with a pair of them."""

from datetime import date


def one_year_on(day: date) -> date:
    """The same day of the next year; for 29 February the day before, the last of that month."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def window_faults(support_start: date, portal_end: date, today: date) -> dict[str, str]:
    """What is wrong with the two days, by field: "in_future" (support starts today or earlier) or
    "before_start" (the end comes before the start). Empty where all is well."""
    faults = {}
    if support_start > today:
        faults["support_start"] = "in_future"
    if portal_end < support_start:
        faults["portal_end"] = "before_start"
    return faults
