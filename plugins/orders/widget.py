"""The dashboard's box: what is under way, the next to arrive first."""

from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from core.api import Box, WalledSession, Widget, choice_of, format_date, gettext, keep, lazy_gettext, sees
from plugins.orders.models import UNDER_WAY, Order
from plugins.orders.resources import ORDER

SHOWN = 3


@lru_cache
def _next() -> Select[Any]:
    """The next to arrive and, beside each, how many are under way: one statement for all of it."""
    counted = aliased(Order)
    count = select(func.count(counted.id)).where(counted.status.in_(UNDER_WAY)).scalar_subquery()
    shown = select(Order.id, Order.number, Order.status, Order.deliver_on, Order.reference, count.label("count"))
    soonest = (Order.deliver_on.is_(None), Order.deliver_on, Order.id)
    return keep(shown.where(Order.status.in_(UNDER_WAY)).order_by(*soonest).limit(SHOWN))


def _row(session: WalledSession, row: Any) -> dict[str, Any]:
    """An order as the box shows it: by what its reader sees of it."""
    day = row.deliver_on if sees(session, ORDER, "deliver_on") else None
    reference = row.reference if sees(session, ORDER, "reference") else ""
    planned = gettext("Delivery planned for %(day)s", day=format_date(day)) if day else ""
    return {
        "url": url_for("portal.detail", module="orders", record_id=row.id),
        "title": row.number if sees(session, ORDER, "number") else ORDER.singular,
        "note": " · ".join(filter(None, (reference, planned))),
        "state": choice_of(session, ORDER, "status", row.status),
    }


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; none where the company does not show how far orders are."""
    if not sees(session, ORDER, "status"):
        return None
    rows = session.execute(_next()).all()
    count = rows[0].count if rows else 0
    return Box("orders/next.html", {"rows": [_row(session, row) for row in rows], "more": count - len(rows)})


WIDGET = Widget("next", lazy_gettext("Orders under way"), render)
