"""What modules do again and again, as plain data, and for which tenants."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.modules.models import Switch
from core.outbox.kinds import LONGEST_NAME, is_name_of

if TYPE_CHECKING:
    from core.db.session import WalledSession

_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Periodic:
    """Something that a module does once in each slot of `every`, for each tenant that has it on.

    `name` begins with the module's ("contracts.endings"). `do` is given a session of the system's, for the
    tenant; what it writes is kept with the note that it was done. Where it raises, all of that is undone, and it is
    tried again later."""

    name: str
    every: timedelta
    do: "Callable[[WalledSession], None]"


def fault(entry: Any, module: str) -> str | None:
    """What is wrong with something that a module gives as periodic; None where nothing is."""
    if not isinstance(entry, Periodic):
        return f"{entry!r} is nothing periodic"
    name = entry.name
    if not is_name_of(module, name) or len(name) > LONGEST_NAME:
        return f"the periodic {name!r} must be called {module!r}, a point, and a name"
    return f"the periodic {name!r} is due too often; once a minute is the most" if entry.every < _SHORTEST else None


def is_on_for_anybody(session: "WalledSession", module: str) -> bool:
    """Whether a module is on for the session's tenant, or for any of its clients. The session is the system's."""
    on = select(Switch.id).where(Switch.module == module, Switch.on.is_(True)).limit(1)
    return session.scalar(on) is not None
