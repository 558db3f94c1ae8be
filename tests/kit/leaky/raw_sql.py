"""Raw SQL, which carries nobody's predicate."""

from typing import Any

from postigo_leaky import parts
from sqlalchemy import text


def widget(session: Any) -> Any:
    """The subjects of all clients."""
    return parts.box(list(session.scalars(text("SELECT subject FROM leaky_entry"))))
