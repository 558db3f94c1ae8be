"""Who did what: sign-ins, changes, exports and refusals, for the tenant's administrators to read.

What people change in a request is noted by the flush that writes it; the rest is noted by whoever does it.
An entry names rows and fields, never what stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Engine, Index, String, event, insert, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, Viewer, system
from core.db.wall import OfTenant, Recorded

SIGNED_IN, SIGNED_OUT, NOT_SIGNED_IN = "signed_in", "signed_out", "not_signed_in"
ADDED, CHANGED, REMOVED, EXPORTED, REFUSED = "added", "changed", "removed", "exported", "refused"
WHAT = (SIGNED_IN, SIGNED_OUT, NOT_SIGNED_IN, ADDED, CHANGED, REMOVED, EXPORTED, REFUSED)

_ACTOR = "audit_actor"
#: tables that follow from what is noted elsewhere, or that people do not change
_QUIET = frozenset(
    {
        "access_request",
        "activation",
        "attempt",
        "audit_entry",
        "external_id",
        "given_answer",
        "job",
        "login_session",
        "mail_text_before",
    }
)
# Stamped with each flush, or what follows from what was typed: keys for the sign-in, the name of who looks after it.
_STAMPED = frozenset({"version", "updated_at", "owner", "email_key", "phone_key", "mobile_key", "assignee_name"})


class AuditEntry(OfTenant, Model):
    """One thing that somebody did, or was refused. It names no content, and outlives whom and what it names."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: "contact", "staff", "visitor" or "system", and whose id and name
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(250), default="")
    #: one of WHAT
    what: Mapped[str] = mapped_column(String(40))
    #: what it was done to: "cases.case", "contact", and its id
    target_kind: Mapped[str] = mapped_column(String(80), default="")
    target_id: Mapped[int | None] = mapped_column(BigInteger)
    #: plain values, such as the names of the fields that changed
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")

    __table_args__: Any = (
        Index(None, "tenant_id", "id"),
        Index(None, "tenant_id", "what", "id"),
        Index(None, "tenant_id", "target_kind", "target_id", "id"),
    )


@dataclass(frozen=True)
class Actor:
    """Who does something, and from where; `name` is kept with the entry."""

    kind: str
    person_id: int | None = None
    name: str = ""
    address: str = ""


def actor_of(viewer: Viewer, name: str, address: str) -> Actor:
    """The actor that a viewer is."""
    return Actor(viewer.kind.value, viewer.person_id, name[:250], address[:45])


def act_as(session: WalledSession, actor: Actor) -> None:
    """Note from now on what this session changes as done by `actor`; without, it notes nothing."""
    session.info[_ACTOR] = actor


def note(
    session: WalledSession,
    actor: Actor,
    what: str,
    target_kind: str = "",
    target_id: int | None = None,
    **details: Any,
) -> None:
    """Note one thing, in the session's transaction. The session is the system's or the staff's and writes;
    `details` are plain values that say nothing of content."""
    session.add(AuditEntry(**_values(session, actor, what, target_kind, target_id, details)))
    session.flush()


def note_alone(
    engine: Engine, tenant_id: int, actor: Actor, what: str, target_kind: str, target_id: int | None, **details: Any
) -> None:
    """The same, in a transaction of its own: for what changes nothing, once it has been answered."""
    with open_session(engine, system(tenant_id), writes=True) as session:
        note(session, actor, what, target_kind, target_id, **details)
        session.commit()


def _values(
    session: WalledSession, actor: Actor, what: str, kind: str, target_id: int | None, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "tenant_id": session.sight.viewer.tenant_id,
        "at": now(),
        "actor_kind": actor.kind,
        "actor_id": actor.person_id,
        "actor_name": actor.name,
        "what": what,
        "target_kind": kind,
        "target_id": target_id,
        "details": details,
        "address": actor.address,
    }


@event.listens_for(WalledSession, "after_flush")
def _note_changes(session: WalledSession, context: Any) -> None:
    actor: Actor | None = (session.within or session).info.get(_ACTOR)
    if actor is None or session.sight.viewer.kind is Kind.INSTALLATION:
        return
    found = [_values(session, actor, *change) for change in _changes(session)]
    if found:
        Session.connection(session).execute(insert(AuditEntry.__table__), found)  # type: ignore[arg-type]


def _changes(session: WalledSession) -> Iterator[tuple[str, str, int | None, dict[str, Any]]]:
    for row in session.new:
        if _is_noted(row):
            yield ADDED, _kind_of(row), _id_of(row), {}
    for row in session.dirty:
        if _is_noted(row) and (fields := _changed(row)):
            yield CHANGED, _kind_of(row), _id_of(row), {"fields": fields}
    for row in session.deleted:
        if _is_noted(row):
            yield REMOVED, _kind_of(row), _id_of(row), {}


def _is_noted(row: Any) -> bool:
    return not isinstance(row, Record) and type(row).__table__.name not in _QUIET


def _kind_of(row: Any) -> str:
    cls: Any = type(row)
    return f"{cls.portal_module}.{cls.portal_resource}" if isinstance(row, Recorded) else str(cls.__table__.name)


def _id_of(row: Any) -> int | None:
    found = getattr(row, "id", None)
    return found if isinstance(found, int) else None


def _changed(row: Any) -> list[str]:
    state = inspect(row)
    names = [attribute.key for attribute in state.mapper.column_attrs]
    return sorted(n for n in names if n not in _STAMPED and state.attrs[n].history.has_changes())
