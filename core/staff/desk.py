"""What lies before the staff: of each kind of record that somebody looks after, how many are in which state, whose
they are, and since when the longest has waited."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import g
from sqlalchemy import case, func, select

from core.formats import format_date, format_number
from core.i18n import time_zone
from core.installation import installation
from core.records.fields import effective, kind_of, value_of
from core.records.resource import Choice, Field, Resource
from core.records.whose import MINE, NOBODYS
from core.staff.blueprint import listing_url


def desk() -> list[dict[str, Any]]:
    """The `desk` of staff/home.html: for each such resource its title, icon, address and rows, one for each
    state that there is. One statement for each resource."""
    registry = installation().registry
    return [
        {
            "id": f"{module}-{resource.name}",
            "title": resource.title,
            "icon": registry.modules[module].icon,
            "url": listing_url(resource),
            "rows": rows,
        }
        for module, named in registry.resources.items()
        for resource in named.values()
        if hasattr(resource.model, "assignee_id") and resource.status and (rows := list(_rows(resource)))
    ]


def _rows(resource: Resource) -> Iterator[dict[str, Any]]:
    status = next((f for f in effective(resource, g.sight) if f.name == resource.status), None)
    if status is None:
        return
    found = {row[0]: row[1:] for row in g.session.execute(_counting(resource, status))}
    for state, choice in status.choices.items():
        if state in found:
            yield _row(resource, state, choice, *found[state])


def _counting(resource: Resource, status: Field) -> Any:
    model: Any = resource.model
    state, since = value_of(model, status), getattr(model, _since(resource))
    mine = func.sum(case((model.assignee_id == g.person.id, 1), else_=0))
    nobodys = func.sum(case((model.assignee_id.is_(None), 1), else_=0))
    return select(state, mine, nobodys, func.count(model.id), func.min(since)).group_by(state)


def _since(resource: Resource) -> str:
    """The moment that lists of it go by; when a record was last written, where they go by something else."""
    name = resource.order.removeprefix("-")
    field = resource.field(name)
    return name if field is not None and kind_of(resource.model, field) == "datetime" else "updated_at"


def _row(
    resource: Resource, state: str, choice: Choice, mine: int, nobodys: int, count: int, since: Any
) -> dict[str, Any]:
    listing = listing_url(resource)

    def narrowed(whose: str, number: int) -> dict[str, Any]:
        query = urlencode({resource.status: state, **({"mine": whose} if whose else {})})
        return {"text": format_number(number), "url": f"{listing}?{query}" if number else None}

    return {
        "state": {"text": str(choice.label), "tone": choice.tone, "icon": choice.icon},
        "numbers": [narrowed(MINE, mine), narrowed(NOBODYS, nobodys), narrowed("", count)],
        "since": format_date(since.astimezone(time_zone()).date()),
    }
