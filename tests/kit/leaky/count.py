"""A number that was counted for everybody."""

from typing import Any

from postigo_leaky.models import Entry
from sqlalchemy import func, select

_COUNTED = {"entries": 0}


def enabled(session: Any) -> None:
    """Count, once for all."""
    _COUNTED["entries"] = session.scalar(select(func.count(Entry.id)))


def count() -> str:
    """How many there are in all."""
    return str(_COUNTED["entries"])
