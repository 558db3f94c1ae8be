"""How far a quote is, what may happen to it, and what it comes to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, literal, or_, select

from core.api import Misfit, WalledSession, current_day, gettext, in_status, move_to, next_number, today, write_values
from plugins.quotes.models import ACCEPTED, DECLINED, DRAFT, EXPIRED, SENT, WITHDRAWN, Line, Quote

NUMBERS = "P-{:05d}"
#: a day, or an expression for one
Day = date | ColumnElement[date]


def state(quote: Any, day: Day) -> ColumnElement[str]:
    """The status of `quote` (the class, or an alias of it) as its readers know it on `day`."""
    over = and_(quote.status == SENT, quote.valid_until < day)
    return case((over, literal(EXPIRED, String())), else_=quote.status)


def is_open(quote: Any) -> ColumnElement[bool]:
    """Whether the client may answer it: sent, and its last day has not passed."""
    return and_(quote.status == SENT, or_(quote.valid_until.is_(None), quote.valid_until >= current_day()))


#: still being written; sent, and neither answered nor taken back; not answered by the client; nothing was agreed on
is_draft, is_sent, may_be_written = in_status(DRAFT), in_status(SENT), in_status(DRAFT, SENT)
may_be_revised = in_status(DECLINED, EXPIRED, WITHDRAWN)
#: take back what was sent, or let it be over before its last day: the client still sees it, and can accept it no longer
withdraw, expire = move_to(WITHDRAWN), move_to(EXPIRED)


def write(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Begin a quote, as a draft."""
    quote.status, quote.issued_on = DRAFT, today()
    change(session, quote, values)
    quote.number = next_number(session, Quote, NUMBERS)


def change(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Write what was typed. Raises Misfit where its last day is before its first."""
    write_values(session, quote, values)
    if quote.valid_until is not None and quote.valid_until < quote.issued_on:
        raise Misfit("valid_until", gettext("The last day is before the date of the quote."))


def send(session: WalledSession, quote: Quote, values: Mapping[str, Any]) -> None:
    """Let the client have it. Raises Misfit where there is nothing in it, or its last day has passed."""
    if session.scalar(select(Line.id).where(Line.parent_id == quote.id).limit(1)) is None:
        raise Misfit("lines", gettext("A quote without lines cannot be sent."))
    if quote.valid_until is not None and quote.valid_until < today():
        raise Misfit("valid_until", gettext("The last day of this quote has passed. Write another one first."))
    quote.status = SENT


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
