"""Grants: single records shown to an account or a contact whom they do not belong to, and which of them count.

A grant lends its record to whom it names, as if it belonged to them: it counts where its key is one of those that
they reach in the record's module. One that a colleague made counts, besides, only while the two share the record's
account, and the module is on for them there: who has left a client takes none of its records along."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from core.crm.models import Account, Contact
from core.db.grant import Grant
from core.db.record import Record
from core.db.session import Refused, WalledSession, beside_as_system
from core.db.viewer import Reach, Scope
from core.db.wall import Granted, Owned


@dataclass(frozen=True)
class Given:
    """One grant that may bear on a contact: of the record of a resource ("cases.case"), to a `key` of the column
    `owner` (an account, or minus the contact). `account` is the record's own."""

    key: int
    resource: str
    account: int | None
    of_colleague: bool
    record_id: int


def given_to(contact: Any, accounts: Select[Any]) -> list[Select[Any]]:
    """Statements over the grants to `contact` (a bind) and to the accounts that `accounts` selects; their columns
    are what Given is made of, in its order."""
    rest: list[Any] = [Record.module + "." + Record.resource, Record.account_id, Grant.of_colleague, Grant.parent_id]
    to_person = select(-Grant.contact_id, *rest).where(Grant.contact_id == contact)
    to_account = select(Grant.account_id, *rest).where(Grant.account_id.in_(accounts))
    return [each.join(Record, Record.id == Grant.parent_id) for each in (to_person, to_account)]


def counts(given: Given, reach: Reach, open_at: Callable[[int], bool]) -> bool:
    """Whether a grant counts in this reach of its module. `open_at` says whether the contact is a member of an
    account, or of a site of it, where the module and the portal are on."""
    if given.key not in reach.keys or (reach.scope is Scope.CONTACT and given.key > 0):
        return False
    return not given.of_colleague or (given.account is not None and open_at(given.account))


def granted_resources(module: str, resources: Mapping[str, Any]) -> set[str]:
    """Of a module's resources, those whose records can be granted: "cases.case"."""
    return {f"{module}.{name}" for name, each in resources.items() if issubclass(each.model, Granted)}


def grant(
    session: WalledSession, record: Owned, *, account: int | None = None, contact: int | None = None, because: str = ""
) -> None:
    """Let an account, or a contact, see a record that does not belong to them: a class that is `Granted`. Kept or
    undone with the transaction of the session, whose viewer sees the record; felt with the next request. `because`
    says what for. Granted already, it stays as it is.

    Raises Refused for a class that cannot be granted, a record that the session's viewer does not see, or an
    account or contact that is not the tenant's."""
    give(session, record, account=account, contact=contact, because=because)


def withdraw(session: WalledSession, record: Owned, *, account: int | None = None, contact: int | None = None) -> None:
    """Take back what `grant` gave; where it is not there, nothing happens. Raises Refused as `grant` does."""
    to = _grantee(account, contact)
    with _system_beside(session, record) as inner:
        there = _there(inner, record, to)
        if there is not None:
            inner.delete(there)


def give(
    session: WalledSession, record: Owned, *, account: int | None = None, contact: int | None = None, **more: Any
) -> None:
    """As `grant`, with further columns of `Grant`: who gave it."""
    to = _grantee(account, contact)
    try:
        with _system_beside(session, record) as inner:
            if _there(inner, record, to) is None:
                inner.add(Grant(parent_id=record.id, name=_name(inner, account, contact), **to, **more))
    except IntegrityError:
        if _there(session, record, to) is None:  # else another has given it meanwhile
            raise


def _name(session: WalledSession, account: int | None, contact: int | None) -> str:
    person: Account | Contact | None = session.get(*((Account, account) if contact is None else (Contact, contact)))
    if person is None:
        raise Refused(f"{'account' if contact is None else 'contact'} names a row that is not there")
    return person.name[:250]


def _grantee(account: int | None, contact: int | None) -> dict[str, int]:
    given = {name: value for name, value in (("account_id", account), ("contact_id", contact)) if value is not None}
    if len(given) != 1:
        raise Refused("a grant names an account or a contact, one of the two")
    return given


def _there(session: WalledSession, record: Owned, to: Mapping[str, int]) -> Grant | None:
    return session.scalar(select(Grant).filter_by(parent_id=record.id, **to))


@contextmanager
def _system_beside(session: WalledSession, record: Owned) -> Iterator[WalledSession]:
    """A session of the system's within the transaction of `session`, whose viewer sees the record."""
    cls: Any = type(record)
    if not isinstance(record, Granted):
        raise Refused(f"{cls.__name__} cannot be granted; derive it from Granted, beside Owned")
    session.flush()
    if session.scalar(select(cls.id).where(cls.id == record.id)) is None:
        raise Refused("the record is not one that the session's viewer sees")
    with beside_as_system(session) as inner:
        yield inner
