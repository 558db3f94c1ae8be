"""A box that does not ask whether staff have hidden what it shows."""

from typing import Any

from postigo_leaky import parts
from postigo_leaky.models import Entry
from sqlalchemy import select


def widget(session: Any) -> Any:
    """The client's subjects, whatever staff say."""
    return parts.box(list(session.scalars(select(Entry.subject))))
