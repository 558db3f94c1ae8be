"""Records that are begun about another (a case about an asset): which actions may be, and what the other is called."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, false, or_, select

from core.db.record import Record
from core.db.session import WalledSession
from core.db.viewer import Sight
from core.i18n import lazy_pgettext
from core.records.actions import Action, possible
from core.records.fields import effective, full_name
from core.records.links import link
from core.records.resource import Resource

ABOUT = lazy_pgettext("link", "About")
#: the kind of link that leads from the new record to what it is about
KIND = "about"


def beginnings(resources: Mapping[str, Resource], resource: Resource, sight: Sight) -> list[tuple[Resource, Action]]:
    """Of a module's resources, the actions by which whoever looks begins a record about one of `resource`."""
    name = full_name(resource)
    return [
        (each, action)
        for each in resources.values()
        if _is_about(each, name)
        for action in possible(each, sight, creates=True)
        if name in action.about
    ]


@lru_cache(maxsize=2000)
def _is_about(resource: Resource, name: str) -> bool:
    """Whether any action of a resource begins a record about one of the kind `name`."""
    return any(name in action.about for action in resource.actions)


def find_about(session: WalledSession, action: Action, record_id: int) -> Record | None:
    """The record of that id, if the session's viewer sees it and the action may be about it; else None."""
    kinds = [name.split(".") for name in action.about]
    fits = or_(false(), *(and_(Record.module == module, Record.resource == resource) for module, resource in kinds))
    return session.scalar(select(Record).where(Record.id == record_id, fits))


def called(record: Record, resource: Resource, sight: Sight) -> str:
    """What whoever looks calls a record: its number and its title, as far as they see these."""
    seen = {field.name for field in effective(resource, sight)}
    parts = ((resource.number, record.number), (resource.title_field, record.title))
    return " · ".join(text for name, text in parts if name in seen and text)


def say_about(session: WalledSession, row: Any, record_id: int) -> None:
    """Link a new record to what it is about."""
    link(session, row.id, record_id, KIND)
