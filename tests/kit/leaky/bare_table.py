"""The table instead of its class."""

from typing import Any

from postigo_leaky import parts
from postigo_leaky.models import Entry
from sqlalchemy import select


def widget(session: Any) -> Any:
    """The subjects of all clients."""
    return parts.box(list(session.scalars(select(Entry.__table__.c.subject))))
