"""What may answer somebody before they ask: a place in the portal that a module names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """A page of the portal that may answer what somebody is about to write: what it is called, and where it is."""

    title: str
    url: str
