"""A page that asks the database anew for each row."""

from flask import g
from postigo_leaky.models import Entry
from sqlalchemy import select


def by() -> str:
    """The client's days, one by one."""
    ids = g.session.scalars(select(Entry.id)).all()
    return "\n".join(str(g.session.scalar(select(Entry.day).where(Entry.id == id_))) for id_ in ids)
