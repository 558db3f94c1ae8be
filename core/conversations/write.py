"""Writes messages and their files, as the system: clients write no row of the core's themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.conversations.models import SAID, Message
from core.crm.models import Contact, Staff
from core.db.model import now
from core.db.session import WalledSession
from core.db.viewer import Kind, Viewer
from core.files.storage import Store, hang
from core.files.uploads import Upload


@dataclass(frozen=True)
class Author:
    """Who writes: a contact, a staff user, or neither (the system). The name is copied onto what they write."""

    name: str = ""
    contact_id: int | None = None
    staff_id: int | None = None

    @property
    def kind(self) -> str:
        """What `core.api.MessageWritten` calls them."""
        return "contact" if self.contact_id is not None else "staff" if self.staff_id is not None else "system"


def author_of(session: WalledSession, viewer: Viewer) -> Author:
    """The person behind a viewer. The session is the system's."""
    if viewer.kind is Kind.CONTACT:
        contact = session.get_one(Contact, viewer.person_id)
        return Author(contact.name, contact_id=contact.id)
    if viewer.kind is Kind.STAFF:
        user = session.get_one(Staff, viewer.person_id)
        return Author(user.shown, staff_id=user.id)
    return Author()


def lock(session: WalledSession, model: Any, record_id: int) -> None:
    """Wait until nobody else writes on this record. Whoever says something takes the same lock, so that a record's
    messages are kept in the order of their ids."""
    session.scalar(select(model.id).where(model.id == record_id).with_for_update(key_share=True))


def write_message(
    session: WalledSession,
    record_id: int,
    author: Author,
    *,
    body: str = "",
    published: bool = True,
    kind: str = SAID,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Message:
    """Write one message. The session is the system's."""
    message = Message(
        parent_id=record_id,
        kind=kind,
        body=body,
        data=dict(data or {}),
        published=published,
        contact_id=author.contact_id,
        staff_id=author.staff_id,
        author_name=author.name[:250],
        created_at=at or now(),
    )
    session.add(message)
    session.flush()
    return message


def write_files(
    session: WalledSession,
    store: Store,
    record_id: int,
    author: Author,
    uploads: Sequence[Upload],
    *,
    published: bool = True,
    message: Message | None = None,
) -> None:
    """Hang what was sent on the record. The session is the system's. Raises StorageError."""
    message_id = None if message is None else message.id
    for upload in uploads:
        hang(
            session,
            store,
            record_id,
            upload,
            published=published,
            message_id=message_id,
            author_name=author.name[:250],
        )
