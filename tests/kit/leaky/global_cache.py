"""A cache without its reader in the key."""

from typing import Any

from postigo_leaky import parts

_KEPT: dict[str, list[str]] = {}


def widget(session: Any) -> Any:
    """The subjects of whoever came first."""
    return parts.box(_KEPT.setdefault("subjects", parts.subjects(session)))
