"""A panel that says of a record what clients do not see."""

from typing import Any

from postigo_leaky import parts
from postigo_leaky.models import Entry


def panel(session: Any, record_id: int) -> Any:
    """What the staff remarked."""
    return parts.box([session.get(Entry, record_id).remark])
