"""Ids as they come from outside: in addresses, in forms, in what programs send."""

#: as many digits as every id has; more are of no row, and would be more than a database takes
_MOST_DIGITS = 18
LARGEST = 10**_MOST_DIGITS - 1


def id_in(text: str) -> int | None:
    """The id that a text says; None where it says none that a row could have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
