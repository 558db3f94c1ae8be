"""The dashboard's box: how many assets there are in each state, and whose warranty ends soon."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Date, Select, bindparam, func, select, true
from sqlalchemy.orm import aliased

from core.api import Box, WalledSession, Widget, choice_of, current_day, format_date, keep, lazy_gettext, sees, today
from plugins.assets.models import IN_REPAIR, IN_SERVICE, OUT_OF_ORDER, RETIRED, Asset
from plugins.assets.resources import ASSET

SOON = timedelta(days=90)
MOST = 3
#: counting stops here, as that of lists does
CAP = 1000
#: the states that are counted, and whether they are told where there is none
_COUNTED = {IN_SERVICE: True, OUT_OF_ORDER: False, IN_REPAIR: False}


@lru_cache
def _asked() -> Select[Any]:
    """How many there are in each of those states, each counted up to the cap; beside them, a row for each of those
    whose warranty ends next, until the day `last`, or one with nothing."""
    counts = select(*(_count(state).label(state) for state in _COUNTED)).subquery()
    until: Any = Asset.warranty_until
    soon = select(Asset.id, Asset.number, Asset.name, until).where(
        until >= current_day(), until <= bindparam("last", type_=Date()), Asset.state != RETIRED
    )
    ending = soon.order_by(until, Asset.id).limit(MOST).subquery()
    both = select(*ending.c, *counts.c).select_from(counts).outerjoin(ending, true())
    return keep(both.order_by(ending.c.warranty_until, ending.c.id))


def _count(state: str) -> Any:
    asset = aliased(Asset)
    some = select(asset.id).where(asset.state == state).limit(CAP + 1).subquery()
    return select(func.count(some.c.id)).scalar_subquery()


def _figures(session: WalledSession, counts: Any) -> list[dict[str, Any]]:
    """How many there are, as the shell's macro of that name takes it."""
    found = []
    for state, told in _COUNTED.items():
        choice, count = choice_of(session, ASSET, "state", state), counts[state]
        if count or told:
            figure = {"label": str(choice.label), "text": str(count) if count <= CAP else f"{CAP}+"}
            alert = {} if told else {"tone": choice.tone, "url": _list_of(state)}
            found.append({**figure, **alert})
    return found


def _list_of(state: str) -> str:
    return url_for("portal.module", module="assets", state=state)


def _row(session: WalledSession, row: Any) -> dict[str, str]:
    """An asset as the box shows it: by what its reader sees of it."""
    number = row.number if sees(session, ASSET, "number") else ""
    name = row.name if sees(session, ASSET, "name") else ""
    return {
        "url": url_for("portal.detail", module="assets", record_id=row.id),
        "title": name or number or str(ASSET.singular),
        "number": number if name else "",
        "until": format_date(row.warranty_until),
    }


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer, as far as the company shows states and warranties; none where there is no asset
    to tell of."""
    found = session.execute(_asked(), {"last": today() + SOON}).all()
    figures = _figures(session, found[0]._mapping) if sees(session, ASSET, "state") else []
    rows = [_row(session, row) for row in found if row.id is not None] if sees(session, ASSET, "warranty_until") else []
    if not rows and all(figure["text"] == "0" for figure in figures):
        return None
    return Box("assets/states.html", {"figures": figures, "rows": rows})


WIDGET = Widget("states", lazy_gettext("Assets"), render)
