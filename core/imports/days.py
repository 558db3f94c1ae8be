"""Days that an export tells by how far they are from the day of the import, as demonstration data does."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from core.imports.errors import RowRefused

_FROM_TODAY = re.compile(r"TODAY(\[((?:[+=-][0-9]{1,4}[yMwd])*)\])?", re.ASCII)
_STEP = re.compile(r"([+=-])([0-9]{1,4})([yMwd])", re.ASCII)


def day_from(name: str, text: str, today: date) -> str:
    """The day that "TODAY[-3M+1d]" is, as "2026-03-31"; any other text as it is. Steps are taken in their order: "+"
    and "-" years, months, weeks or days, "=" the year, month or day itself; a month that has no such day ends
    earlier. Raises RowRefused for steps that cannot be taken."""
    if not text.startswith("TODAY"):
        return text
    match = _FROM_TODAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        for sign, number, unit in _STEP.findall(match[2] or ""):
            today = _STEPS[unit](today, sign, int(number))
    except (ValueError, OverflowError):
        raise RowRefused(f"{name}: is no day such as TODAY[-3M]: {text[:40]!r}") from None
    return today.isoformat()


def _months(day: date, count: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _by_days(day: date, sign: str, count: int) -> date:
    return day.replace(day=count) if sign == "=" else day + timedelta(days=-count if sign == "-" else count)


def _by_weeks(day: date, sign: str, count: int) -> date:
    if sign == "=":
        raise ValueError
    return _by_days(day, sign, 7 * count)


def _by_months(day: date, sign: str, count: int) -> date:
    if sign == "=" and not 1 <= count <= 12:
        raise ValueError
    return _months(day, count - day.month if sign == "=" else -count if sign == "-" else count)


def _by_years(day: date, sign: str, count: int) -> date:
    return _months(day, 12 * (count - day.year if sign == "=" else -count if sign == "-" else count))


_STEPS: dict[str, Callable[[date, str, int], date]] = {
    "d": _by_days, "w": _by_weeks, "M": _by_months, "y": _by_years,
}  # fmt: skip
