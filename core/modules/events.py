"""What happened, as plain values that modules are told of: the catalogue, and how an event is sent.

Sent events wait in the session until it commits; `core.modules.delivery` hands them to the modules."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from core.db.model import Model
from core.db.session import WalledSession
from core.outbox.kinds import is_name_of

if TYPE_CHECKING:
    from core.modules.registry import Registry

_WAITING = "events_waiting"
#: the option of an engine under which its modules lie; see `core.modules.delivery.listen`
REGISTRY = "postigo_registry"


class EventError(Exception):
    """An event that cannot be sent; the message says why."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a tenant. A module's own are frozen dataclasses that derive from this;
    their `name` begins with the module's ("expenses.approved"), their fields are plain values."""

    name: ClassVar[str] = ""


@dataclass(frozen=True)
class OfRecord(Event):
    """What the events of records have in common: which record, and whether clients may see it."""

    module: str
    resource: str
    record_id: int
    published: bool


@dataclass(frozen=True)
class RecordCreated(OfRecord):
    """A record was written for the first time, on a page, by an action or by a module; an import tells
    of all its records at once (`import.finished`)."""

    name: ClassVar[str] = "record.created"


@dataclass(frozen=True)
class RecordChanged(OfRecord):
    """A record was written again. `fields` are the names of the attributes that differ, in order; with
    "published" among them it was published or withdrawn, as `published` says."""

    name: ClassVar[str] = "record.changed"

    fields: tuple[str, ...]


@dataclass(frozen=True)
class RecordRemoved(OfRecord):
    """A record was deleted. `number` and `title` are what it was called; `published` is whether clients
    may have known it."""

    name: ClassVar[str] = "record.removed"

    number: str
    title: str


@dataclass(frozen=True)
class MessageWritten(OfRecord):
    """Something was said on a record. `by` is "contact", "staff" or "system"; `published` is whether clients may
    see the message: one of the staff's internal notes is not."""

    name: ClassVar[str] = "message.written"

    message_id: int
    by: str


@dataclass(frozen=True)
class AccessChanged(Event):
    """The portal fields of a contact were set: whether they are a portal user, and from when until when."""

    name: ClassVar[str] = "contact.access_changed"

    contact_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ModuleSwitched(Event):
    """A switch was set. `level` is "tenant", "account" or "contact", `target_id` whose it is; `on` is None
    where the switch was taken away, so that the next level decides. `module` may be "portal"."""

    name: ClassVar[str] = "module.switched"

    module: str
    level: str
    target_id: int
    on: bool | None


@dataclass(frozen=True)
class ImportFinished(Event):
    """An import is about to be kept. `taken` says how many rows of each kind ("invoices.invoice") were new
    or had changed; its records send no events of their own."""

    name: ClassVar[str] = "import.finished"

    profile: str
    taken: tuple[tuple[str, int], ...]


#: every event that the core sends, by name; docs/events.md is held against it
CATALOGUE: dict[str, type[Event]] = {
    each.name: each
    for each in (
        RecordCreated,
        RecordChanged,
        RecordRemoved,
        MessageWritten,
        AccessChanged,
        ModuleSwitched,
        ImportFinished,
    )
}


def listening(session: WalledSession) -> "Registry | None":
    """The modules that are told what happens in this session, if there are any."""
    bind: Any = session.get_bind()
    registry: Registry | None = bind.get_execution_options().get(REGISTRY)
    return registry if registry is not None and registry.listens else None


def send(session: WalledSession, event: Event) -> None:
    """Tell every module that is on for the session's tenant, when the transaction is about to be kept; one
    that is undone tells nothing.

    Raises EventError for an event that is not the core's and whose name does not begin with the name of the
    module that declares it, and for one of those that carries a row."""
    registry = listening(session)
    if registry is None:
        return
    name, cls = event.name, type(event)
    if CATALOGUE.get(name) is not cls:
        owner = registry.owner_of(cls)
        if not is_name_of(owner, name):
            raise EventError(f"an event of the module {owner!r} cannot be called {name!r}")
        if row := next((key for key, value in vars(event).items() if isinstance(value, Model)), ""):
            raise EventError(f"the event {name!r} carries a row as {row!r}, which belongs to a session: give its id")
    waiting(session).append(event)


def waiting(session: WalledSession) -> list[Event]:
    """The events that this transaction has sent and nobody has been told of."""
    found: list[Event] = (session.within or session).info.setdefault(_WAITING, [])
    return found


def forget(session: WalledSession) -> None:
    """Drop what was sent in a transaction that has ended."""
    session.info.pop(_WAITING, None)
