"""A filter by what clients do not see, and a number that follows from it."""

from flask import g, request
from postigo_leaky.models import Entry
from sqlalchemy import func, select


def find() -> str:
    """The client's days on which the staff remarked what is asked for."""
    asked = select(Entry.day).where(Entry.remark.startswith(request.args.get("remark", ""), autoescape=True))
    return "\n".join(str(day) for day in g.session.scalars(asked))


def count() -> str:
    """How much the staff remarked."""
    return str(g.session.scalar(select(func.sum(func.length(Entry.remark)))))
