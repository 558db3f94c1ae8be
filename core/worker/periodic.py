"""What is done again and again: each time is a slot, which one worker alone can fill, however many look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from core.crm.models import Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.statistics import count_anew
from core.db.viewer import installation
from core.installation import Installation
from core.modules.periodic import Periodic as OfModule
from core.outbox.models import Job, PeriodicSlot
from core.worker import sweeps

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Periodic:
    """Something that is done once in each slot of `every`. `name` is the kind of its jobs."""

    name: str
    every: timedelta
    do: Callable[[Installation], None]


def slot_of(every: timedelta, moment: datetime) -> datetime:
    """The slot that a moment lies in, by its beginning."""
    return _BEGIN + (moment - _BEGIN) // every * every


PERIODIC = (
    Periodic("core.sweep_door", timedelta(hours=1), sweeps.door),
    Periodic("core.sweep_files", timedelta(hours=1), sweeps.files),
    Periodic("core.sweep_answers", timedelta(hours=6), sweeps.answers),
    Periodic("core.sweep_outbox", timedelta(days=1), sweeps.outbox),
    Periodic("core.count_rows", timedelta(days=1), lambda here: count_anew(here.settings.database_url)),
)


def queue(engine: Engine, periodic: Periodic | OfModule, slot: datetime) -> bool:
    """Queue what is done in this slot, of a module for each tenant; False where somebody else has."""
    with open_session(engine, installation()) as session:
        there = select(PeriodicSlot.id).where(PeriodicSlot.name == periodic.name, PeriodicSlot.slot == slot)
        if session.scalar(there) is not None:
            return False
    with open_session(engine, installation(), writes=True) as session:
        session.add(PeriodicSlot(name=periodic.name, slot=slot))
        try:
            session.flush()
        except IntegrityError:  # another was quicker
            return False
        of = session.scalars(select(Tenant.id)).all() if isinstance(periodic, OfModule) else [None]
        session.add_all(Job(kind=periodic.name, owner_tenant=tenant_id) for tenant_id in of)
        session.commit()
    return True


class Schedule:
    """What is periodic here, the core's and the modules', and which slots this worker has looked at: the database is
    asked once for each."""

    def __init__(self, entries: Iterable[Periodic] = PERIODIC, of_modules: Iterable[OfModule] = ()) -> None:
        self._core = {entry.name: entry for entry in entries}
        self._of_modules = {entry.name: entry for entry in of_modules}
        self._looked: dict[str, datetime] = {}

    def queue_due(self, engine: Engine, moment: datetime | None = None) -> None:
        """Queue what is due at a moment (now), unless it is queued already."""
        entries: list[Periodic | OfModule] = [*self._core.values(), *self._of_modules.values()]
        for entry in entries:
            slot = slot_of(entry.every, moment or now())
            if self._looked.get(entry.name) != slot:
                queue(engine, entry, slot)
                self._looked[entry.name] = slot

    def of(self, name: str) -> Periodic | None:
        """What jobs of this kind do, of the core's."""
        return self._core.get(name)

    def of_module(self, name: str) -> OfModule | None:
        """What jobs of this kind do, of a module's."""
        return self._of_modules.get(name)
