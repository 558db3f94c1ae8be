"""Who may come in: the rule of the portal fields together with the portal's own switch, for one contact
in a word and for many as SQL. Both say the same; a test compares them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from core.crm.models import Account, Contact, Membership, Site, Tenant
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


def is_member() -> ColumnElement[bool]:
    """Whether a row of `Contact` has a membership, in SQL."""
    return exists(select(Membership.id).where(Membership.contact_id == Contact.id).correlate(Contact))


def may_enter(mode: str, today: date, portal: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same over `Contact`, in SQL: always true or false, never null. `mode` is the tenant's access
    mode, `portal` what `portal_is_on` gave; one statement takes one of it."""
    fields = and_(Contact.portal_user.is_(True), Contact.support_start <= today, Contact.portal_end >= today)
    granted: ColumnElement[bool] = fields
    if mode == MEMBERS:
        granted = or_(fields, and_(Contact.email_key.is_not(None), is_member()))
    return case((and_(granted, portal), True), else_=False)


def portal_is_on(*, by_default: bool) -> ColumnElement[bool]:
    """Whether the portal is on for a row of `Contact`: by their own switch; where there is none, by that
    of any account that they reach; where they reach none, by the tenant's. `by_default` is the tenant's,
    which holds for accounts without a switch of their own too."""
    own = (
        select(Switch.on)
        .where(Switch.module == PORTAL, Switch.level == "contact", Switch.target_id == Contact.id)
        .correlate(Contact)
        .scalar_subquery()
    )
    member = _on_for_an_account(true())
    tied = _on_for_an_account(_not_switched_off() if by_default else _switched_on())
    return func.coalesce(own, or_(tied, ~member) if by_default else tied)


def _on_for_an_account(reached: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the contact has a membership for which `reached` holds. That of a site which has gone to
    another account since counts for nothing."""
    here = select(Site.id).where(Site.id == Membership.site_id, Site.account_id == Membership.account_id)
    stands = or_(Membership.site_id.is_(None), exists(here.correlate(Membership)))
    mine = select(Membership.id).where(Membership.contact_id == Contact.id, stands, reached)
    return exists(mine.correlate(Contact))


def _deep(accounts: Any) -> ColumnElement[bool]:
    """Whether a membership brings subsidiaries, and is of one of these accounts."""
    return and_(
        Membership.with_subsidiaries.is_(True), Membership.site_id.is_(None), Membership.account_id.in_(accounts)
    )


def _switched(*, on: bool) -> Any:
    """The accounts whose own switch of the portal is so."""
    return select(Switch.target_id).where(Switch.module == PORTAL, Switch.level == "account", Switch.on.is_(on))


def _switched_on() -> ColumnElement[bool]:
    """Whether a membership reaches an account whose portal is switched on, itself or one beneath."""
    lit = _switched(on=True)
    start = select(Account.id, Account.parent_id).where(Account.id.in_(lit)).cte("lit", recursive=True)
    upper = aliased(Account)
    above = start.union(select(upper.id, upper.parent_id).join(start, upper.id == start.c.parent_id))
    return or_(Membership.account_id.in_(lit), _deep(select(above.c.id)))


def _not_switched_off() -> ColumnElement[bool]:
    """Whether a membership reaches an account whose portal is not switched off, itself or one beneath.
    Only what lies below the accounts that are switched off is walked."""
    dark = _switched(on=False)
    start = select(Account.id.label("top"), Account.id).where(Account.id.in_(dark)).cte("dark", recursive=True)
    lower = aliased(Account)
    below = start.union(select(start.c.top, lower.id).join(start, lower.parent_id == start.c.id))
    return or_(Membership.account_id.not_in(dark), _deep(select(below.c.top).where(below.c.id.not_in(dark))))


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
