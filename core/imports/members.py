"""Memberships out of a contact's account in the CRM.

What an import made, and nobody touched since, an import may change. What staff made, changed or took
away stays as they left it: the import remembers, per contact, which membership it made and for which
account, and does nothing until the CRM itself names another account."""

from sqlalchemy import select

from core.crm.models import Membership
from core.db.session import WalledSession
from core.imports.draft import Draft
from core.imports.ids import Ids

KIND = "core.membership"


def keep_memberships(session: WalledSession, ids: Ids, drafts: dict[int, Draft]) -> None:
    """Bring the memberships of the given contacts (id -> what the export says) in step with it."""
    for contact_id, draft in drafts.items():
        link = ids.known.get(draft.external)
        said = "" if draft.member_of is None else str(draft.member_of)
        if said == ("" if link is None else link.digest):
            continue
        if link is not None:
            _drop_untouched(session, link.local_id, contact_id, link.digest)
        made = _join(session, contact_id, draft.member_of)
        ids.keep(session, draft.external, made, said)
        ids.met[draft.external] = draft.line


def _join(session: WalledSession, contact_id: int, account_id: int | None) -> int:
    """Make the contact a member of the account, unless they are already; give the new row's id, or 0."""
    if account_id is None:
        return 0
    theirs = select(Membership.id).where(Membership.contact_id == contact_id, Membership.account_id == account_id)
    if session.scalars(theirs).first() is not None:
        return 0
    membership = Membership(contact_id=contact_id, account_id=account_id)
    session.add(membership)
    session.flush()
    return membership.id


def _drop_untouched(session: WalledSession, membership_id: int, contact_id: int, account: str) -> None:
    """Take away the membership that an import made, if it is still as the import made it."""
    made = session.scalar(select(Membership).where(Membership.id == membership_id))
    if made is None or made.contact_id != contact_id or str(made.account_id) != account:
        return
    if made.site_id is None and not made.with_subsidiaries:
        session.delete(made)
        session.flush()
