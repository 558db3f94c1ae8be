"""A box that reads through a session which was somebody else's."""

from typing import Any

from postigo_leaky import parts

_KEPT: list[Any] = []


def enabled(session: Any) -> None:
    """Keep the session, which is the system's."""
    _KEPT.append(session)


def widget(session: Any) -> Any:
    """The subjects of all clients."""
    try:
        return parts.box(parts.subjects(_KEPT[-1]))
    finally:
        _KEPT[-1].rollback()
