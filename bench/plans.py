"""How many rows there are in a world that is measured, and what each record will be."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_LINES = 20
# Of each account's invoices, every eighth is open; the rest is paid.
_OPEN_EACH = 8


@dataclass(frozen=True)
class Size:
    """How many there are: readers, invoices of each, and invoices of others that each has beside them; and
    whether there are as many cases."""

    others: int
    readers: int = 200
    own: int = 100
    cases: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What one record will be."""

    id: int
    account_id: int
    #: how many of its account's come before it
    place: int
    issued_on: date
    lines: int

    @property
    def net(self) -> int:
        """What its lines come to."""
        return self.lines * 4_250

    @property
    def is_open(self) -> bool:
        """Whether it is not paid yet."""
        return self.place % _OPEN_EACH == 0


def plans(accounts: list[int], first_id: int, size: Size) -> Iterator[Plan]:
    """Readers' records lie between those of others as they do in a CRM: whose comes next, comes next. Among many, a
    stranger's has one line, so that a million take no ten minutes."""
    total = size.others + size.own
    mine, strangers = accounts[: size.readers], accounts[size.readers :]
    whose = [account for account in mine for _ in range(size.own)]
    whose += [strangers[n % len(strangers)] for n in range(total - len(whose))]
    random.Random(total).shuffle(whose)  # noqa: S311 - nothing secret is drawn from it
    places, readers = dict.fromkeys(accounts, 0), set(mine)
    unprinted = size.own - 2
    for n, account in enumerate(whose):
        day = date(2016, 1, 4) + timedelta(days=n * 3650 // total)
        place = places[account]
        lines = 1
        if account in readers:
            lines = MOST_LINES if place == unprinted else 5 + (account + place) % (MOST_LINES - 4)
        yield Plan(first_id + n, account, place, day, lines)
        places[account] += 1
