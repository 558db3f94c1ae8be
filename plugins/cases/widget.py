"""The dashboard's box: how many cases are open, how many wait for the client's reply, and the latest."""

from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from core.api import Attention, Box, WalledSession, Widget, choice_of, gettext, keep, lazy_gettext, ngettext, sees
from plugins.cases.models import OPEN_STATES, WAITING, Case
from plugins.cases.resources import CASE

LATEST = 3


@lru_cache
def _latest() -> Select[Any]:
    """The latest cases and, beside each, how many are open and how many wait: one statement for all of it."""
    counted, waiting = aliased(Case), aliased(Case)
    counts = (
        # One by one: what is closed, most of them in time, is not even counted over.
        select(func.count(counted.id)).where(or_(*(counted.state == state for state in OPEN_STATES))).scalar_subquery(),
        select(func.count(waiting.id)).where(waiting.state == WAITING).scalar_subquery(),
    )
    shown = select(Case.id, Case.number, Case.subject, Case.state, *counts)
    return keep(shown.order_by(Case.active_at.desc(), Case.id.desc()).limit(LATEST))


def _row(session: WalledSession, row: Any) -> dict[str, Any]:
    """A case as the box shows it: by what its reader sees of it."""
    number = row.number if sees(session, CASE, "number") else ""
    subject = row.subject if sees(session, CASE, "subject") else ""
    return {
        "url": url_for("portal.detail", module="cases", record_id=row.id),
        "title": subject or number or CASE.singular,
        "number": number if subject else "",
        "state": choice_of(session, CASE, "state", row.state) if sees(session, CASE, "state") else None,
    }


def figures(open_now: int, waiting: int) -> list[dict[str, Any]]:
    """How many there are, as the shell's macro of that name takes it."""
    found: list[dict[str, Any]] = [{"label": gettext("Not closed"), "text": str(open_now)}]
    if waiting:
        label = gettext("Waiting for your reply")
        found.append({"label": label, "text": str(waiting), "tone": "warn", "url": _waiting_url()})
    return found


def attention(waiting: int) -> Attention:
    """The sentence for the strip on top."""
    text = ngettext("%(num)d case waits for your reply", "%(num)d cases wait for your reply", waiting)
    return Attention(text, _waiting_url())


def _waiting_url() -> str:
    return url_for("portal.module", module="cases", state=WAITING)


def render(session: WalledSession) -> Box:
    """The box of the session's viewer. Where the company does not show how far cases are, none are counted."""
    rows = session.execute(_latest()).all()
    counts = (rows[0][-2], rows[0][-1]) if rows and sees(session, CASE, "state") else None
    values = {
        "rows": [_row(session, row) for row in rows],
        "figures": figures(*counts) if counts else [],
        "open_url": url_for("portal.begin", module="cases", resource="case", action="open"),
    }
    return Box("cases/latest.html", values, [attention(counts[1])] if counts and counts[1] else [])


WIDGET = Widget("latest", lazy_gettext("Cases"), render)
