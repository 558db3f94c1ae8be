"""An order by what clients do not see."""

from flask import g, request
from postigo_leaky.models import Entry
from sqlalchemy import select


def by() -> str:
    """The client's days, in whatever order is asked for."""
    name = request.args.get("sort", "day")
    column = getattr(Entry, name.lstrip("-"))
    asked = select(Entry.day).order_by(column.desc() if name.startswith("-") else column)
    return "\n".join(str(day) for day in g.session.scalars(asked))
