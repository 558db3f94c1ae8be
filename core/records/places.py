"""Where a record may belong: the accounts and sites among which whoever fills in a form may choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from core.crm.models import Account, Contact, Membership, Site, whole_name
from core.db.folding import fold, folded
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.i18n import gettext
from core.records.resource import Field, Resource

#: more sites or contacts than this make no list to choose from
_MOST = 500


@dataclass(frozen=True)
class Place:
    """An account, one of its sites, or neither."""

    account_id: int | None
    site_id: int | None = None
    label: str = ""

    @property
    def key(self) -> str:
        """The place as a form sends it."""
        return f"{self.account_id or 0}-{self.site_id or 0}"


def places_of_contact(session: WalledSession, resource: Resource, *, sites: bool, of: int | None = None) -> list[Place]:
    """The places where the contact whose session this is may begin a record, or (`of` an account) move one of that
    account's to: whole accounts, their sites where `sites` are asked for, and single sites. Who reaches no
    account begins records of their own."""
    reach = session.sight.reach(resource.model.portal_module)
    whole = [key for key in reach.keys if key > 0 and of in (None, key)]
    within = or_(Site.id.in_(reach.sites), Site.account_id.in_(whole if sites else ()))
    asked = select(Site.id, Site.name, Site.account_id).where(within).order_by(Site.name, Site.id).limit(_MOST + 1)
    found = session.execute(asked).all() if sites or reach.sites else []
    if len(found) > _MOST:
        found = [row for row in found if row.account_id not in whole]
    by_account: dict[int, list[tuple[int, str]]] = {}
    for site_id, name, account_id in found:
        if of in (None, account_id):
            by_account.setdefault(account_id, []).append((site_id, name))
    names = _names(session, {*whole, *by_account})
    made = [
        place
        for account_id, name in sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
        for place in _within(account_id, name, by_account.get(account_id, ()), account_id in whole, len(names) > 1)
    ]
    return made or ([Place(None)] if of is None and -(session.sight.viewer.person_id or 0) in reach.keys else [])


def places_of_account(session: WalledSession, account_id: int) -> list[Place]:
    """An account and its sites, for the staff."""
    asked = select(Site.id, Site.name).where(Site.account_id == account_id).order_by(Site.name, Site.id)
    found = [(site_id, name) for site_id, name in session.execute(asked.limit(_MOST + 1))]
    return _within(account_id, "", found if len(found) <= _MOST else (), True, False)


def site_names(session: WalledSession, account_id: int | None) -> list[str] | None:
    """What the account's sites are called, each name once, by name; None where they are too many to choose from."""
    asked = select(Site.name).where(Site.account_id == account_id, Site.name != "").distinct().order_by(Site.name)
    found = session.scalars(asked.limit(_MOST + 1)).all()
    return list(found) if len(found) <= _MOST else None


def site_named(session: WalledSession, account_id: int | None, name: str) -> int | None:
    """The id of the account's site of that name, however it is written (capitals, accents); None where there is none,
    or more than one."""
    called = select(Site.id).where(Site.account_id == account_id, folded(Site.name) == fold(name.strip()))
    found = session.scalars(called.limit(2)).all()
    return found[0] if len(found) == 1 else None


def possible_places(
    session: WalledSession, resource: Resource, site: Field | None, row: Any = None, place: Place | None = None
) -> list[Place]:
    """Where a record may belong, for whoever fills in a form that asks for `site` (or for none). One that is there
    (`row`) keeps its account, and its site where the form asks for none; for a new one, staff have chosen `place`."""
    account_id = None if row is None else row.account_id
    if row is not None and (site is None or account_id is None):
        return []
    if session.sight.viewer.kind is Kind.CONTACT:
        found = places_of_contact(session, resource, sites=site is not None, of=account_id)
    elif row is not None:
        found = places_of_account(session, row.account_id)
    elif place is None or place.account_id is None:
        return [Place(None)]
    else:
        found = places_of_account(session, place.account_id) if site is not None else [place]
    at_sites = [each for each in found if each.site_id is not None]
    return at_sites if site is not None and site.required and at_sites else found


def _names(session: WalledSession, accounts: set[int]) -> dict[int, str]:
    asked = select(Account.id, Account.name).where(Account.id.in_(sorted(accounts)))
    return {row.id: row.name for row in session.execute(asked)} if accounts else {}


def _within(account_id: int, name: str, sites: Iterable[tuple[int, str]], whole: bool, several: bool) -> list[Place]:
    """An account's places. It is named only where there are several to choose from."""
    found = [Place(account_id, None, name if several else gettext("No single site"))] if whole else []
    return found + [Place(account_id, s, f"{name} · {site}" if several else site) for s, site in sites]


def people_of(session: WalledSession, account_id: int | None, named: int | None = None) -> list[tuple[int, str]]:
    """The contacts who belong to an account, by name: whom staff may name on its records. Who is `named` there now
    is among them, member or not."""
    if account_id is None or session.sight.viewer.kind is Kind.CONTACT:
        return []
    name = whole_name()
    member = select(Membership.contact_id).where(Membership.account_id == account_id)
    chosen = or_(Contact.id.in_(member), Contact.id == named)
    asked = select(Contact.id, name, Contact.email).where(chosen).order_by(Contact.id != named, name, Contact.id)
    return [(contact_id, who or email) for contact_id, who, email in session.execute(asked.limit(_MOST))]
