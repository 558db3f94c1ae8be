"""Records that somebody of the staff looks after."""

from typing import Any

from sqlalchemy import ForeignKey, String, event, inspect, select, update
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.crm.models import Staff, staff_shown
from core.db.session import WalledSession
from core.installation import installation

_LONGEST = 200


class Assigned:
    """Mixin, beside `Owned`: one of the staff looks after the record. Set `assignee_id`; the core copies the name
    to `assignee_name`, for clients do not see the staff's own rows."""

    @declared_attr
    def assignee_id(cls) -> Mapped[int | None]:
        """Who of the staff it is."""
        return mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    @declared_attr
    def assignee_name(cls) -> Mapped[str]:
        """What they are called."""
        return mapped_column(String(_LONGEST), default="")


@event.listens_for(WalledSession, "before_flush")
def _copy_names(session: WalledSession, context: Any, instances: Any) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Assigned) and inspect(row).attrs["assignee_id"].history.has_changes():
            _copy_name(session, row)


def _copy_name(session: WalledSession, row: Assigned) -> None:
    with session.no_autoflush:
        found = session.scalar(select(staff_shown()).where(Staff.id == row.assignee_id)) if row.assignee_id else ""
    row.assignee_name = (found or "")[:_LONGEST]


def call_anew(session: WalledSession, person: Staff) -> None:
    """Say the name that somebody of the staff has now on all that they look after. Whoever is just changing one of
    those is not disturbed: its version stays."""
    name, resources = person.shown[:_LONGEST], installation().registry.resources
    # Not whatever is mapped: a module that is set aside may have no tables.
    for cls in {resource.model for of in resources.values() for resource in of.values()}:
        if not issubclass(cls, Assigned):
            continue
        if "assignee_name" in getattr(cls, "portal_searched", ()):  # the search is told by a flush alone
            for row in session.scalars(select(cls).where(cls.assignee_id == person.id)):
                row.assignee_name = name
        else:
            session.execute(update(cls).where(cls.assignee_id == person.id).values(assignee_name=name))
    session.flush()


def staff_names(session: WalledSession, named: int | None = None) -> list[tuple[int, str]]:
    """Whom a record may be assigned to, by name: who of the staff is active, and who is `named` there now."""
    active = select(Staff.id, staff_shown()).where(Staff.active.is_(True) | (Staff.id == named))
    return [(staff_id, name) for staff_id, name in session.execute(active.order_by(Staff.name))]
