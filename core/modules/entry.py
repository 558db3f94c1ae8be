"""Who may come in: the rule of the portal fields together with the portal's own switch, for one contact
in a word and for many as SQL. Both say the same; a test compares them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from core.crm.models import Account, Contact, Membership, Tenant
from core.crm.rules import MEMBERS, Access, access
from core.db.session import WalledSession
from core.db.viewer import Reach
from core.modules.models import Switch
from core.modules.switches import PORTAL, read_switches


@dataclass(frozen=True)
class Change:
    """How many contacts would come to have access, and how many would lose it."""

    gain: int
    lose: int


def entry(contact: Contact, tenant: Tenant, today: date, *, is_member: bool, portal: Reach) -> Access:
    """Whether a contact may come in today: as `core.crm.rules.access` says, and then only where the
    portal is on for them (`why` is "portal_off" where it is not)."""
    verdict = access(contact, tenant, today, is_member=is_member)
    return verdict if portal.open or not verdict.granted else Access(False, "portal_off")


def may_enter(mode: str, today: date, portal: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same over `Contact`, in SQL: always true or false, never null. `mode` is the tenant's access
    mode, `portal` what `portal_is_on` gave; one statement takes one of it."""
    fields = and_(Contact.portal_user.is_(True), Contact.support_start <= today, Contact.portal_end >= today)
    granted: ColumnElement[bool] = fields
    if mode == MEMBERS:
        member = exists(select(Membership.id).where(Membership.contact_id == Contact.id).correlate(Contact))
        granted = or_(fields, and_(Contact.email_key.is_not(None), member))
    return case((and_(granted, portal), True), else_=False)


def portal_is_on(*, by_default: bool) -> ColumnElement[bool]:
    """Whether the portal is on for a row of `Contact`: by their own switch; where there is none, by the
    tenant's (`by_default`), or by any account's that they reach."""
    own = (
        select(Switch.on)
        .where(Switch.module == PORTAL, Switch.level == "contact", Switch.target_id == Contact.id)
        .correlate(Contact)
        .scalar_subquery()
    )
    return func.coalesce(own, true() if by_default else _account_is_on())


def _account_is_on() -> ColumnElement[bool]:
    """Whether the portal is on for an account that the contact is a member of, or for one beneath it."""
    lit = select(Switch.target_id).where(
        Switch.module == PORTAL, Switch.level == "account", Switch.on.is_(True)
    )
    start = select(Account.id, Account.parent_id).where(Account.id.in_(lit)).cte("lit", recursive=True)
    upper = aliased(Account)
    above = start.union(select(upper.id, upper.parent_id).join(start, upper.id == start.c.parent_id))
    reached = or_(
        Membership.account_id.in_(lit),
        and_(
            Membership.with_subsidiaries.is_(True),
            Membership.site_id.is_(None),
            Membership.account_id.in_(select(above.c.id)),
        ),
    )
    return exists(select(Membership.id).where(Membership.contact_id == Contact.id, reached).correlate(Contact))


def portal_by_default(session: WalledSession) -> bool:
    """Whether the portal is on for the session's tenant where no account or contact says otherwise."""
    return read_switches(session).on_for_tenant(PORTAL)


def change_of_mode(session: WalledSession, tenant: Tenant, mode: str, today: date) -> Change:
    """What choosing `mode` would change, counted in two statements."""
    portal = portal_is_on(by_default=portal_by_default(session))
    before, after = may_enter(tenant.access_mode, today, portal), may_enter(mode, today, portal)
    gain = func.count(case((and_(after, ~before), Contact.id)))
    lose = func.count(case((and_(before, ~after), Contact.id)))
    gained, lost = session.execute(select(gain, lose).select_from(Contact)).one()
    return Change(gained, lost)
