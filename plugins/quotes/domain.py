"""How far a quote is, what may happen to it, and what it comes to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, literal, or_, select

from core.api import Misfit, WalledSession, add_up, current_day, gettext, next_number, reckon, today
from plugins.quotes.models import ACCEPTED, DECLINED, DRAFT, EXPIRED, SENT, WITHDRAWN, Line, Quote

NUMBERS = "P-{:05d}"
#: how many days a quote is open where nobody says until when
DAYS = 30
#: a day, or an expression for one
Day = date | ColumnElement[date]


def state(quote: Any, day: Day) -> ColumnElement[str]:
    """The status of `quote` (the class, or an alias of it) as its readers know it on `day`."""
    over = and_(quote.status == SENT, quote.valid_until < day)
    return case((over, literal(EXPIRED, String())), else_=quote.status)


def is_open(quote: Any) -> ColumnElement[bool]:
    """Whether the client may answer it: sent, and its last day has not passed."""
    return and_(quote.status == SENT, or_(quote.valid_until.is_(None), quote.valid_until >= current_day()))


def is_draft(quote: Any) -> ColumnElement[bool]:
    """Whether it is still being written."""
    return _is(quote, DRAFT)


def is_sent(quote: Any) -> ColumnElement[bool]:
    """Whether it was sent, and neither answered nor taken back."""
    return _is(quote, SENT)


def may_be_written(quote: Any) -> ColumnElement[bool]:
    """Whether it may be changed: until the client has answered."""
    return _is(quote, DRAFT, SENT)


def may_be_revised(quote: Any) -> ColumnElement[bool]:
    """Whether it may become a draft again: nothing was agreed on."""
    return _is(quote, DECLINED, EXPIRED, WITHDRAWN)


def line_may_be_written(line: Any) -> ColumnElement[bool]:
    """Whether a line's quote may be changed."""
    of_line = select(Quote.id).where(Quote.id == line.parent_id, may_be_written(Quote))
    return of_line.correlate(line).exists()


def _is(quote: Any, *states: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = or_(*(quote.status == each for each in states))
    return found


def write(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Begin a quote, as a draft."""
    quote.status, quote.issued_on = DRAFT, today()
    change(session, quote, values)
    quote.number = next_number(session, Quote, NUMBERS)


def change(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Write what was typed. Raises Misfit where its last day is before its first."""
    for name, value in values.items():
        setattr(quote, name, value)
    if quote.valid_until is not None and quote.valid_until < quote.issued_on:
        raise Misfit("valid_until", gettext("The last day is before the date of the quote."))


def send(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Let the client have it. Raises Misfit where there is nothing in it, or its last day has passed."""
    if session.scalar(select(Line.id).where(Line.parent_id == quote.id).limit(1)) is None:
        raise Misfit("lines", gettext("A quote without lines cannot be sent."))
    if quote.valid_until is not None and quote.valid_until < today():
        raise Misfit("valid_until", gettext("The last day of this quote has passed. Write another one first."))
    quote.status = SENT


def withdraw(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Take back what was sent; the client still sees it, and can accept it no longer."""
    quote.status = WITHDRAWN


def expire(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Let it be over before its last day, or without one."""
    quote.status = EXPIRED


def revise(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Make a draft of it again, which clients do not see."""
    quote.answered_on = None
    quote.status = DRAFT


def accept(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """The client has accepted."""
    quote.status, quote.answered_on = ACCEPTED, today()


def decline(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """The client has declined."""
    quote.status, quote.answered_on = DECLINED, today()


def write_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Write a line, and what the quote comes to with it. Raises Misfit where the quote was answered meanwhile, or
    the amounts are too large."""
    quote = _written(session, line)
    for name, value in values.items():
        setattr(line, name, value)
    others = _lines(session, quote.id, line.id)
    if not line.position:
        line.position = max((other.position for other in others), default=0) + 1
    reckon(line, quote.currency)
    add_up(quote, [each for each in (*others, line) if not each.optional])


def remove_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Take a line out of its quote."""
    quote = _written(session, line)
    add_up(quote, [other for other in _lines(session, quote.id, line.id) if not other.optional])
    session.delete(line)


def _written(session: WalledSession, line: Line) -> Quote:
    """The quote of a line, which is about to change with it."""
    quote = session.get_one(Quote, line.parent_id)
    if quote.status not in (DRAFT, SENT):
        raise Misfit(
            "description", gettext("This quote is no longer open. Make a draft of it first, or write another.")
        )
    return quote


def _lines(session: WalledSession, quote_id: int, but: int | None) -> list[Line]:
    """The lines of a quote but one."""
    with session.no_autoflush:
        found = session.scalars(select(Line).where(Line.parent_id == quote_id))
        return [line for line in found if line.id != but]
