"""Saying something on a record, as whoever looks at it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from core.conversations.mailing import to_tell
from core.conversations.models import Message
from core.conversations.text import MessageRefused, clean
from core.conversations.write import author_of, lock, write_files, write_message
from core.db.session import WalledSession, beside_as_system
from core.db.viewer import Kind, Viewer
from core.files.uploads import Upload
from core.i18n import gettext
from core.installation import installation
from core.modules.events import MessageWritten, send
from core.records.errors import NotHere
from core.records.resource import Resource


class Newer(Exception):
    """Somebody has written meanwhile what the writer has not read."""


def say(
    session: WalledSession,
    resource: Resource,
    record_id: int,
    body: str,
    *,
    published: bool = True,
    uploads: Sequence[Upload] = (),
    seen: int | None = None,
) -> Message:
    """Write a message on a record of `resource`, whose records can be talked about, and give it. The session is the
    writer's own and writes: the record is read through it, and the message, with the writer's name, is written
    beside it by the system, in the same transaction. One that is not `published` is an internal note, which staff
    alone write. `seen` is the id of the newest message that the writer has read (0 for none), where they are to be
    told of what came since.

    Raises NotHere where the writer sees no such record, MessageRefused for what cannot be taken, Newer where there
    is something newer than `seen`, and StorageError where the files cannot be kept; the caller then undoes the
    transaction."""
    if not resource.conversation:
        raise ValueError(f"records of {resource.name!r} cannot be talked about; declare conversation=True")
    viewer = session.sight.viewer
    text = _taken(viewer, body, bool(uploads), published=published)
    session.flush()
    model = resource.model
    shown = session.scalar(select(model.published).where(model.id == record_id))
    if shown is None:
        raise NotHere
    with beside_as_system(session) as inner:
        lock(inner, model, record_id)
        if seen is not None and _newest(session, record_id) > seen:
            raise Newer
        author = author_of(inner, viewer)
        message = write_message(inner, record_id, author, body=text, published=published)
        write_files(inner, installation().store, record_id, author, uploads, published=published, message=message)
    to_tell(session, message)
    which = (model.portal_module, resource.name, record_id, shown and published)
    send(session, MessageWritten(*which, message.id, author.kind))
    return message


def _taken(viewer: Viewer, body: str, has_files: bool, *, published: bool) -> str:
    """What is written, as it is kept. Raises MessageRefused for what cannot be taken."""
    if viewer.kind is Kind.CONTACT and not published:
        raise MessageRefused(gettext("Only staff write internal notes."))
    text = clean(body)
    if not text and not has_files:
        raise MessageRefused(gettext("Write a message, or choose a file."))
    return text


def add_files(session: WalledSession, record_id: int, uploads: Sequence[Upload]) -> None:
    """Hang what was sent on a record that was just begun, in the writer's name. The session is the writer's own, and
    sees the record. Raises StorageError."""
    if not uploads:
        return
    session.flush()
    viewer = session.sight.viewer
    with beside_as_system(session) as inner:
        write_files(inner, installation().store, record_id, author_of(inner, viewer), uploads)


def _newest(session: WalledSession, record_id: int) -> int:
    """The id of the newest message that the writer sees; for a client, of those by others. 0 where there is none."""
    asked = select(func.max(Message.id)).where(Message.parent_id == record_id)
    viewer = session.sight.viewer
    if viewer.kind is Kind.CONTACT:
        others: ColumnElement[bool] = or_(Message.contact_id.is_(None), Message.contact_id != viewer.person_id)
        asked = asked.where(others)
    return session.scalar(asked) or 0
