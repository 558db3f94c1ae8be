"""The dashboard's box: the quotes that wait for the client's answer, those that expire first before the others."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from core.api import (
    Attention,
    Box,
    WalledSession,
    Widget,
    format_date,
    format_money,
    gettext,
    keep,
    lazy_gettext,
    ngettext,
    sees,
)
from plugins.quotes import domain
from plugins.quotes.models import SENT, Quote
from plugins.quotes.resources import QUOTE

#: so many are shown
MOST = 3


@lru_cache
def _open() -> Select[Any]:
    """The open quotes and, beside each, how many there are: one statement for all of it."""
    counted = aliased(Quote)
    count = select(func.count(counted.id)).where(domain.is_open(counted)).scalar_subquery()
    shown = select(Quote.id, Quote.number, Quote.subject, Quote.total, Quote.currency, Quote.valid_until, count)
    first = Quote.valid_until.is_(None), Quote.valid_until, Quote.id
    return keep(shown.where(domain.is_open(Quote)).order_by(*first).limit(MOST))


def _row(session: WalledSession, row: Any) -> dict[str, Any]:
    """A quote as the box shows it: by what its reader sees of it."""
    number = row.number if sees(session, QUOTE, "number") else ""
    subject = row.subject if sees(session, QUOTE, "subject") else ""
    until = format_date(row.valid_until) if sees(session, QUOTE, "valid_until") else ""
    return {
        "url": url_for("portal.detail", module="quotes", record_id=row.id),
        "title": subject or number or QUOTE.singular,
        "number": number if subject else "",
        "total": format_money(row.total, row.currency) if sees(session, QUOTE, "total") else "",
        "until": gettext("Valid until %(day)s", day=until) if until else "",
    }


def attention(count: int, until: date | None) -> Attention:
    """The sentence for the strip on top; `until` is the last day of the first to expire."""
    text = ngettext("%(num)d quote waits for your answer", "%(num)d quotes wait for your answer", count)
    return Attention(text, url_for("portal.module", module="quotes", status=SENT), on=until)


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; none where the company does not show how far quotes are."""
    if not sees(session, QUOTE, "status"):
        return None
    rows = session.execute(_open()).all()
    values = {"rows": [_row(session, row) for row in rows]}
    until = rows[0].valid_until if rows and sees(session, QUOTE, "valid_until") else None
    return Box("quotes/open.html", values, [attention(rows[0][-1], until)] if rows else [])


WIDGET = Widget("open", lazy_gettext("Quotes"), render)
