"""A row of the export on its way into the database, and what it says in a few characters."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from core.db.wall import WHOSE


@dataclass(slots=True)
class Draft:
    """A row on its way into the database. `refers` are the texts of its references, by field; `back`
    those to rows of the same table, which can be resolved once those rows are written."""

    line: int
    external: str
    values: dict[str, Any]
    cells: list[str]
    refers: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)
    member_of: int | None = None
    #: what is to be said of the row, with the line that it is about
    reasons: list[tuple[int, str]] = field(default_factory=list)
    staff_only: bool = False
    #: what a row without an id says in the export, whatever its references lead to
    content: str = ""
    _digest: str = ""

    def say(self, reason: str, line: int | None = None) -> None:
        """List the row with a reason, once it is written."""
        self.reasons.append((self.line if line is None else line, reason))

    def digest(self) -> str:
        """What the row says, in 64 characters: the same for the same values. Asked once all are there."""
        if not self._digest:
            said: Any = sorted(self.values.items())
            if self.content:  # says all but what its references lead to
                said = (self.content, [self.values.get(name) for name in (*self.refers, *WHOSE)])
            self._digest = hashed((said, self.member_of), 32)
        return self._digest


def hashed(said: Any, size: int) -> str:
    """What is said, in twice so many characters."""
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
