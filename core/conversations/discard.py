"""Drafts that were begun by mistake: staff take them away, as long as nobody has heard of them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, inspect, select

from core.conversations.models import Message
from core.crm.models import ExternalId
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.i18n import lazy_gettext
from core.records.actions import Action
from core.records.drafts import DRAFT


def discard_draft(state: str = "status") -> Action:
    """The staff's action `discard`, of records whose column `state` says "draft", as that of what is `Drafted` does: it
    deletes one that was begun here, was a draft from the beginning, and of which nothing was said to its client."""
    return Action(
        "discard",
        lazy_gettext("Delete the draft"),
        when=partial(_is_unheard, state),
        by=(Kind.STAFF,),
        confirm=lazy_gettext("Delete this draft, with all that is in it? It cannot be brought back."),
        run=_delete,
        done=lazy_gettext("The draft was deleted."),
    )


def _is_unheard(state: str, record: Any) -> ColumnElement[bool]:
    """Whether it is a draft that no import knows, and has no line that clients would read: each new status is one."""
    of = inspect(record).mapper.class_
    kind = f"{of.portal_module}.{of.portal_resource}"
    said = select(Message.id).where(Message.parent_id == record.id, Message.published.is_(True))
    known = select(ExternalId.id).where(ExternalId.kind == kind, ExternalId.local_id == record.id)
    return and_(getattr(record, state) == DRAFT, *(~each.correlate(record).exists() for each in (said, known)))


def _delete(session: WalledSession, record: Any, values: Mapping[str, Any]) -> None:
    session.delete(record)
