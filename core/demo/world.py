"""What a module's part of the demonstration is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from random import Random
from typing import Protocol

from core.conversations.history import AFTER, BEFORE, FIELD
from core.conversations.models import DONE, Message
from core.conversations.text import clean
from core.conversations.write import Author, write_files, write_message
from core.crm.models import Account, Contact, Site, Staff, Tenant
from core.crm.segments import Segment
from core.db.session import WalledSession
from core.demo.agreeing import Agree
from core.files.storage import Store
from core.files.uploads import take_upload


class Say(Protocol):
    """Writes what somebody said on a record at some moment, with files as pairs (name, bytes)."""

    def __call__(
        self,
        record_id: int,
        body: str,
        by: Contact | Staff,
        at: datetime,
        *,
        published: bool = True,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Message:
        """Give the message; nobody is told of it."""


class Note(Protocol):
    """Writes that a field of a record was changed at some moment, by somebody or (None) by itself."""

    def __call__(
        self, record_id: int, field: str, before: str, after: str, by: Contact | Staff | None, at: datetime
    ) -> None:
        """Give nothing; nobody is told of it."""


@dataclass(frozen=True)
class World:
    """The made-up firm and its clients, for a module to add its records to.

    A module with a part in the demonstration has a package `demo` with a function
    `load(session, world) -> None`. It adds rows to `session`, the system's, and commits nothing; with
    `rng` in place of chance it writes the same each time, but for the dates, which count from `today`."""

    tenant: Tenant
    today: date
    rng: Random
    #: by the keys of `core.demo.people`; sites as "account/site"
    accounts: Mapping[str, Account]
    sites: Mapping[str, Site]
    contacts: Mapping[str, Contact]
    #: hangs a file on a record: its id, the file's name, the bytes, the media type
    store_file: Callable[[int, str, bytes, str], None]
    #: the firm's own people
    staff: Sequence[Staff]
    #: writes a message on a record that can be talked about
    say: Say
    #: writes a line of the history of such a record
    note: Note
    #: writes that a client accepted a record
    agree: Agree
    #: by the keys of `core.demo.people`
    segments: Mapping[str, Segment]
    #: the ids of records that other modules' parts may link to, by a name such as "invoices/kitchens"
    named: dict[str, int] = field(default_factory=dict)
    #: the links to make once all modules have added theirs, as (name, name, kind); where one of the two is not there,
    #: none is made
    links: list[tuple[str, str, str]] = field(default_factory=list)


def sayer(session: WalledSession, store: Store) -> Say:
    """The `say` of a world; the session is the system's."""

    def said(
        record_id: int,
        body: str,
        by: Contact | Staff,
        at: datetime,
        *,
        published: bool = True,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Message:
        author = _author(by)
        message = write_message(session, record_id, author, body=clean(body), published=published, at=at)
        sent = [take_upload(name, BytesIO(data)) for name, data in files]
        write_files(session, store, record_id, author, sent, published=published, message=message)
        return message

    return said


def noter(session: WalledSession) -> Note:
    """The `note` of a world; the session is the system's."""

    def noted(record_id: int, field: str, before: str, after: str, by: Contact | Staff | None, at: datetime) -> None:
        data = {FIELD: field, BEFORE: before, AFTER: after}
        write_message(session, record_id, _author(by) if by else Author(), kind=DONE, data=data, at=at)

    return noted


def _author(who: Contact | Staff) -> Author:
    is_contact = isinstance(who, Contact)
    return Author(who.name, who.id if is_contact else None, None if is_contact else who.id)
