"""All or mine: a list narrowed to what names its reader, or to what one of the staff looks after."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam

from core.db.viewer import Kind, Scope, Sight
from core.i18n import gettext
from core.records.resource import Resource

MINE, NOBODYS = "1", "none"


def narrowings(resource: Resource, sight: Sight) -> dict[str, str]:
    """What `?mine=` may say to this reader, and what a page calls it: for clients "1", what names them; for staff,
    of what somebody looks after, "1" for what they do themselves and "none" for what nobody does."""
    if sight.viewer.kind is Kind.CONTACT:
        return {MINE: gettext("Only mine")} if hasattr(resource.model, "owner") else {}
    if sight.viewer.kind is Kind.STAFF and hasattr(resource.model, "assignee_id"):
        return {MINE: gettext("Assigned to me"), NOBODYS: gettext("Assigned to nobody")}
    return {}


def offered(resource: Resource, sight: Sight) -> dict[str, str]:
    """Those that a page offers: to clients only where they see what names others, too."""
    if sight.viewer.kind is Kind.CONTACT:
        reach = sight.reach(resource.model.portal_module)
        if reach.scope is Scope.CONTACT or not any(key > 0 for key in reach.keys):
            return {}
    return narrowings(resource, sight)


def term(model: Any, kind: Kind, mine: str) -> ColumnElement[bool]:
    """The condition, over the bind `mine`: the reader's id."""
    if mine == NOBODYS:
        return model.assignee_id.is_(None)  # type: ignore[no-any-return]
    column = model.contact_id if kind is Kind.CONTACT else model.assignee_id
    return column == bindparam("mine", type_=BigInteger())  # type: ignore[no-any-return]
