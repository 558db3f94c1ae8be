"""The dashboard's box: what is to be answered, what ends soon, and how much is left of what was bought."""

from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import CompoundSelect, Numeric, String, case, cast, literal, null, or_, select

from core.api import (
    Attention,
    Box,
    WalledSession,
    Widget,
    current_day,
    format_date,
    gettext,
    keep,
    lazy_gettext,
    ngettext,
    sees,
    today,
)
from plugins.contracts import domain
from plugins.contracts.models import ACTIVE, AUTOMATIC, OFFERED, Contract, Service
from plugins.contracts.resources import CONTRACT

#: so many of each are shown
MOST = 4
_OFFERED, _ENDING, _UNITS = "offered", "ending", "units"


@lru_cache
def _shown() -> CompoundSelect[Any]:
    """All that the box shows, in one statement: contracts to be answered and such that end soon, and services with
    what is left of them, the least first."""
    which = case((Contract.status == OFFERED, literal(_OFFERED, String())), else_=literal(_ENDING, String()))
    day = case((Contract.status == OFFERED, null()), else_=Contract.ends_on)
    contracts = (
        select(
            which.label("which"),
            Contract.id.label("id"),
            Contract.number.label("number"),
            Contract.title.label("name"),
            day.label("day"),
            Contract.renewal.label("word"),
            cast(null(), Numeric(18, 6)).label("bought"),
            cast(null(), Numeric(18, 6)).label("left"),
        )
        .where(or_(Contract.status == OFFERED, domain.ends_soon(Contract, current_day())))
        .order_by(Contract.status == ACTIVE, Contract.ends_on, Contract.id)
        .limit(MOST * 2)
        .subquery()
    )
    return keep(select(*contracts.c).union_all(select(*_units().c)))


def _units() -> Any:
    """Services that are counted, of contracts that run."""
    left = domain.left(Service)
    runs = or_(Contract.ends_on.is_(None), Contract.ends_on >= current_day(), Contract.renewal == AUTOMATIC)
    return (
        select(
            literal(_UNITS, String()).label("which"),
            Contract.id,
            Contract.number,
            Service.description,
            Contract.ends_on,
            Service.unit,
            Service.quantity,
            left.label("left"),
        )
        .join(Service, Service.parent_id == Contract.id)
        .where(Contract.status == ACTIVE, runs, Service.counted.is_(True), Service.quantity > 0)
        .order_by(left / Service.quantity, Service.id)
        .limit(MOST)
        .subquery()
    )


def _line(session: WalledSession, row: Any) -> dict[str, Any]:
    """A contract as the box and the strip on top show it: by what its reader sees of it."""
    number = row.number if sees(session, CONTRACT, "number") else ""
    title = row.name if sees(session, CONTRACT, "title") else ""
    name = title or number or str(CONTRACT.singular)
    if row.which == _OFFERED:
        text, tone = gettext("To be answered"), "warn"
    else:
        text, tone = _until(row), "info" if row.word == AUTOMATIC else "warn"
    return {"url": _url(row.id), "name": name, "number": number if title else "", "text": text, "tone": tone}


def _until(row: Any) -> str:
    """When a contract ends, and how soon that is."""
    days = (row.day - today()).days
    if row.word == AUTOMATIC:
        return gettext("Renews on %(day)s", day=format_date(row.day))
    if days <= 0:
        return gettext("Ends today")
    return ngettext("Ends in %(num)d day", "Ends in %(num)d days", days)


def _attention(line: dict[str, Any], row: Any) -> Attention:
    if row.which == _OFFERED:
        return Attention(gettext("The contract “%(name)s” waits for your answer", name=line["name"]), line["url"])
    days = max((row.day - today()).days, 0)
    text = ngettext(
        "The contract “%(name)s” ends in %(num)d day", "The contract “%(name)s” ends in %(num)d days", days,
        name=line["name"],
    )  # fmt: skip
    return Attention(text, line["url"], on=row.day)


def _service(session: WalledSession, row: Any) -> dict[str, Any]:
    """How much is left of a service."""
    nearly = row.left <= row.bought * domain.NEARLY
    return {
        "url": _url(row.id),
        "name": row.name,
        "number": row.number if sees(session, CONTRACT, "number") else "",
        "unit": row.word if sees(session, CONTRACT, "lines.unit") else "",
        "bought": row.bought,
        "left": row.left,
        "share": round(min(max(float(row.left / row.bought), 0.0), 1.0) * 100),
        "nearly": nearly,
        "over": row.left < 0,
    }


def _url(record_id: int) -> str:
    return url_for("portal.detail", module="contracts", record_id=record_id)


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; nothing where there is nothing to tell, or the company does not show it."""
    rows = session.execute(_shown()).all()
    of_contracts = [row for row in rows if row.which != _UNITS] if sees(session, CONTRACT, "status", "ends_on") else []
    lines = [_line(session, row) for row in of_contracts]
    counted = sees(session, CONTRACT, "lines.description", "lines.quantity", "lines.left")
    services = [_service(session, row) for row in rows if row.which == _UNITS] if counted else []
    if not (lines or services):
        return None
    needs = [
        _attention(line, row)
        for line, row in zip(lines, of_contracts, strict=True)
        if row.which == _OFFERED or row.word != AUTOMATIC
    ]
    return Box("contracts/widget.html", {"lines": lines[:MOST], "services": services}, needs)


WIDGET = Widget("running", lazy_gettext("Contracts"), render)
