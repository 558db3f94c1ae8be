"""A box that shows rows which were read for everybody."""

from typing import Any

from postigo_leaky import parts
from postigo_leaky.models import Entry
from sqlalchemy import select

_KEPT: list[Entry] = []


def enabled(session: Any) -> None:
    """Keep the rows, read through a session that is the system's."""
    _KEPT.extend(session.scalars(select(Entry)))


def widget(session: Any) -> Any:
    """The subjects of all clients."""
    return parts.box([entry.subject for entry in _KEPT])
