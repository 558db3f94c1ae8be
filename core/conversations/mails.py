"""What the mails of conversations say, asked of the record in the recipient's own session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import bindparam, select

from core.access.links import public_url
from core.conversations.mailing import MESSAGE, OPENED, REPLY, STATE, WROTE
from core.conversations.models import Message
from core.crm.models import Tenant
from core.db.record import Record
from core.db.session import WalledSession, keep
from core.db.viewer import Kind
from core.files.models import File
from core.i18n import gettext, lazy_gettext
from core.installation import installation
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail
from core.records.fields import effective
from core.records.present import cell
from core.records.resource import Resource
from core.records.rows import columns_of, rows_of

CODES = {
    "name": lazy_gettext("The recipient's first name, or their whole name where there is none."),
    "tenant": lazy_gettext("Your company's name."),
    "record": lazy_gettext("What it is about, such as “Case”."),
    "number": lazy_gettext("The number of the record."),
    "title": lazy_gettext("What the record is called; its number where it has no title."),
    "state": lazy_gettext("The record's state, as the recipient's page calls it."),
    "author": lazy_gettext("Who wrote."),
    "message": lazy_gettext("What was written, and the names of its files."),
    "link": lazy_gettext("The address of the record's page."),
}


_RECORD = keep(select(Record).where(Record.id == bindparam("record")))
_MESSAGE = keep(select(Message).where(Message.id == bindparam("message"), Message.parent_id == bindparam("record")))
_FILES = keep(select(File.name).where(File.message_id == bindparam("message")).order_by(File.name))


@dataclass(frozen=True)
class _Told:
    """A record as a mail tells of it, and the message that is the cause, if there is one."""

    resource: Resource
    record: Record
    texts: Mapping[str, str]
    message: Message | None


def of_record(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    """The values of `CODES` for a mail about a record, as its recipient sees it. Raises Withheld where they do not."""
    return _values(session, mail, _told(session, mail))


def _said(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    told = _told(session, mail)
    if told.message is None:
        raise Withheld(lazy_gettext("The recipient may not see the message any more."))
    return _values(session, mail, told)


def _state(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    told = _told(session, mail)
    if not told.texts["state"]:
        raise Withheld(lazy_gettext("The recipient does not see the state of such records."))
    return _values(session, mail, told)


def _told(session: WalledSession, mail: Mail) -> _Told:
    record = session.scalar(_RECORD, {"record": mail.record_id})
    resource = None if record is None else installation().registry.resource(record.module, record.resource)
    if record is None or resource is None:
        raise Withheld(lazy_gettext("The recipient may not see the record any more."))
    which = {"message": mail.data.get(MESSAGE), "record": record.id}
    message = session.scalar(_MESSAGE, which) if MESSAGE in mail.data else None
    return _Told(resource, record, _texts(session, resource, record.id), message)


def _texts(session: WalledSession, resource: Resource, record_id: int) -> dict[str, str]:
    """What the recipient sees of the record's number, title and state."""
    names = {"number": resource.number, "title": resource.title_field, "state": resource.status}
    fields = [f for f in effective(resource, session.sight) if f.name in names.values()]
    asked = select(*columns_of(resource.model, fields)).where(resource.model.id == record_id)
    rows = rows_of(session.execute(asked), resource.model, fields)
    if not rows:
        raise Withheld(lazy_gettext("The recipient may not see the record any more."))
    seen = {field.name: cell(resource.model, field, rows[0]).text for field in fields}
    texts = {code: seen.get(name, "") for code, name in names.items()}
    return {**texts, "title": texts["title"] or texts["number"]}


def _values(session: WalledSession, mail: Mail, told: _Told) -> dict[str, str]:
    tenant, person, message = g.tenant, g.person, told.message
    return {
        "name": person.called,
        "tenant": tenant.name,
        "record": str(told.resource.singular),
        **told.texts,
        "author": "" if message is None else message.author_name or tenant.name,
        "message": "" if message is None else _text(session, message),
        "link": _link(tenant, told, g.viewer.kind),
    }


def _text(session: WalledSession, message: Message) -> str:
    files = session.scalars(_FILES, {"message": message.id}).all()
    named = gettext("Files: %(names)s", names=", ".join(files)) if files else ""
    return "\n\n".join(part for part in (message.body, named) if part)


def _link(tenant: Tenant, told: _Told, kind: Kind) -> str:
    pages = "staff/records" if kind is Kind.STAFF else "portal"
    base = f"{public_url(tenant, installation().settings.port)}/{pages}/{told.record.module}/{told.record.id}"
    return base if told.message is None else f"{base}#message-{told.message.id}"


def _kind(
    name: str, title: Any, subject: Any, body: Any, fill: Callable[[WalledSession, Mail], Mapping[str, str]]
) -> MailKind:
    return MailKind(name, title, subject, body, CODES, fill)


KINDS = (
    _kind(
        OPENED,
        lazy_gettext("To staff: a client has opened something"),
        lazy_gettext("New: {record} {number}, {title}"),
        lazy_gettext(
            "Hello, {name}:\n\nA client has opened {record} {number}: {title}\n\nRead it here:\n{link}\n\n{tenant}"
        ),
        of_record,
    ),
    _kind(
        WROTE,
        lazy_gettext("To staff: a client has written"),
        lazy_gettext("{author} has written: {record} {number}, {title}"),
        lazy_gettext(
            "Hello, {name}:\n\n{author} has written about {record} {number}: {title}\n\n{message}\n\n"
            "Read and answer it here:\n{link}\n\n{tenant}"
        ),
        _said,
    ),
    _kind(
        REPLY,
        lazy_gettext("To clients: a reply"),
        lazy_gettext("{author} has replied: {record} {number}, {title}"),
        lazy_gettext(
            "Hello, {name}:\n\n{author} has replied about {record} {number}: {title}\n\n{message}\n\n"
            "Read and answer it here:\n{link}\n\nKind regards,\n{tenant}"
        ),
        _said,
    ),
    _kind(
        STATE,
        lazy_gettext("To clients: a new state"),
        lazy_gettext("{record} {number}, {title}: {state}"),
        lazy_gettext(
            "Hello, {name}:\n\n{record} {number}, {title}, has a new state: {state}\n\n"
            "Read more here:\n{link}\n\nKind regards,\n{tenant}"
        ),
        _state,
    ),
)
