"""What ties people and places together, and when it may be changed: memberships, parents, sites."""

from typing import Any

from sqlalchemy import func, select

from core.crm.models import Account, Contact, ExternalId, Membership, Site
from core.db.record import Record
from core.db.session import WalledSession


class TieError(ValueError):
    """A tie that cannot be made or undone; `why` is a key that pages have a sentence for."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def add_membership(
    session: WalledSession, contact: Contact, account: Account, site: Site | None, *, with_subsidiaries: bool = False
) -> Membership:
    """Tie a contact to an account, or to one site of it. Subsidiaries come with whole accounts alone.

    Raises TieError: "not_its_site", "site_with_subsidiaries", or "already" where the tie is there
    (a whole account's is changed, if only the subsidiaries differ)."""
    if site is not None and site.account_id != account.id:
        raise TieError("not_its_site")
    if site is not None and with_subsidiaries:
        raise TieError("site_with_subsidiaries")
    # The same contact is tied by one request at a time: no unique key covers a missing site.
    session.scalar(select(Contact.id).where(Contact.id == contact.id).with_for_update())
    same_site = Membership.site_id.is_(None) if site is None else Membership.site_id == site.id
    wanted = select(Membership).where(
        Membership.contact_id == contact.id, Membership.account_id == account.id, same_site
    )
    there = session.scalars(wanted).first()
    if there is not None and there.with_subsidiaries == with_subsidiaries:
        raise TieError("already")
    if there is None:
        there = Membership(contact_id=contact.id, account_id=account.id, site_id=site.id if site else None)
        session.add(there)
    there.with_subsidiaries = with_subsidiaries
    session.flush()
    return there


def set_parent(session: WalledSession, account: Account, parent: Account | None) -> None:
    """Put an account under another, or under none.

    Raises TieError "itself" or "below" where the parent is the account, or stands beneath it."""
    if parent is not None:
        if parent.id == account.id:
            raise TieError("itself")
        if account.id in ancestors(session, parent):
            raise TieError("below")
    account.parent_id = parent.id if parent is not None else None
    session.flush()


def ancestors(session: WalledSession, account: Account) -> set[int]:
    """The ids of the accounts above `account`, to any height, in one statement."""
    above = select(Account.id, Account.parent_id).where(Account.id == account.id).cte("above", recursive=True)
    higher = select(Account.id, Account.parent_id).join(above, Account.id == above.c.parent_id)
    chain = above.union(higher)
    return {id_ for (id_,) in session.execute(select(chain.c.id))} - {account.id}


def what_hangs_on(session: WalledSession, site: Site) -> dict[str, int]:
    """What keeps a site from being removed, with numbers: "memberships", "records", and "sources" (a CRM
    that would send it again). Empty where nothing does."""
    counts: dict[str, Any] = {
        "memberships": select(func.count(Membership.id)).where(Membership.site_id == site.id),
        "records": select(func.count(Record.id)).where(Record.site_id == site.id),
        "sources": select(func.count(ExternalId.id)).where(
            ExternalId.kind == "core.site", ExternalId.local_id == site.id
        ),
    }
    found = {name: session.scalar(statement) or 0 for name, statement in counts.items()}
    return {name: number for name, number in found.items() if number}


def remove_site(session: WalledSession, site: Site) -> None:
    """Remove a site on which nothing hangs. Raises TieError "in_use" otherwise."""
    if what_hangs_on(session, site):
        raise TieError("in_use")
    session.delete(site)
    session.flush()
