"""JSON of all that a row has."""

from typing import Any

from flask import g, jsonify
from postigo_leaky.models import Entry
from sqlalchemy import select


def json() -> Any:
    """The client's records, column by column."""
    rows = g.session.scalars(select(Entry))
    return jsonify([{column.key: str(getattr(row, column.key)) for column in Entry.__table__.columns} for row in rows])
