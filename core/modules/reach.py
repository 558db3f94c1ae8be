"""How far a contact reaches: memberships, grants and switches made into the plain values of a `Sight`.

Asked with each request; every predicate binds its result, and `explain` prints it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from core.crm.models import Account, Membership, Site
from core.crm.segments import SegmentAccount
from core.db.session import WalledSession, keep
from core.db.viewer import NOTHING, Kind, Reach, Sight, Viewer, staff
from core.modules.flags import field_flags
from core.modules.grants import Given, counts, given_to, granted_resources
from core.modules.models import Switch
from core.modules.registry import Registry
from core.modules.switches import PORTAL, Switches, made_of, read_switches, settings_of


@dataclass(frozen=True)
class Ties:
    """What a contact's memberships come to: whole accounts (children of parents "with subsidiaries"
    among them), and single sites, each with its account; and the grants to the contact and to those accounts."""

    accounts: dict[int, str] = field(default_factory=dict)
    #: site id -> account id
    sites: dict[int, int] = field(default_factory=dict)
    #: names of the accounts that are reached by a site only
    site_accounts: dict[int, str] = field(default_factory=dict)
    grants: list[Given] = field(default_factory=list)
    #: account id -> the segments that it is in
    segments: dict[int, list[int]] = field(default_factory=dict)

    def hold(self, account_id: int | None) -> bool:
        """Whether these are the ties of a member of the account, or of a site of it."""
        return account_id in self.accounts or account_id in self.sites.values()


_NO_TEXTS = (literal(""), literal(""))
_SEGMENT = "segment"


def _standing() -> CompoundSelect[Any]:
    """What bears on the contact `contact`: the memberships, and what lies below those that bring subsidiaries
    (account, name, site, deep, 0); grants (see `given_to`); and switches and settings (see `settings_of`: target,
    module, nothing, on, nothing), the last with level and text."""
    belongs = or_(Membership.site_id.is_(None), Site.account_id == Membership.account_id)
    start = (
        select(
            Account.id,
            Account.name,
            Membership.site_id,
            Membership.with_subsidiaries.label("deep"),
        )
        .join(Membership, Membership.account_id == Account.id)
        .outerjoin(Site, Site.id == Membership.site_id)
        .where(Membership.contact_id == bindparam("contact"), belongs)
        .cte("tie", recursive=True)
    )
    child = aliased(Account)
    below = select(child.id, child.name, start.c.site_id, start.c.deep).join(
        start, (child.parent_id == start.c.id) & start.c.deep & start.c.site_id.is_(None)
    )
    tie = start.union(below)
    ties = select(tie.c.id, tie.c.name, tie.c.site_id, tie.c.deep, literal(0), *_NO_TEXTS)
    grants = given_to(bindparam("contact"), select(tie.c.id).where(tie.c.site_id.is_(None)))
    settings = settings_of(Switch.target_id.in_(select(tie.c.id)), Switch.target_id == bindparam("contact"))
    given = (each.add_columns(*_NO_TEXTS) for each in grants)
    return keep(union_all(ties, *given, *map(_widened, settings), _segments(select(tie.c.id))))


def _segments(accounts: Select[Any]) -> Select[Any]:
    """The segments of these accounts, with the columns of ties: segment, nothing, account."""
    columns: list[Any] = [SegmentAccount.segment_id, literal(""), SegmentAccount.account_id, literal(False), literal(0)]
    return select(*columns, literal(_SEGMENT), literal("")).where(SegmentAccount.account_id.in_(accounts))


def _widened(settings: Select[Any]) -> Select[Any]:
    """A statement of `settings_of` with the columns of ties."""
    module, level, target, on, text = settings.selected_columns
    return settings.with_only_columns(target, module, null(), on, literal(0), level, text)


_STANDING = _standing()


def read_standing(session: WalledSession, contact_id: int) -> tuple[Ties, Switches]:
    """The contact's memberships, subsidiaries to any depth included, and grants; and the switches and settings that
    bear on them there: in one statement. A site that has gone to another account since ties nobody of the old one.
    The session is the system's or the staff's."""
    return _said(_rows(session, contact_id), session.sight.viewer.tenant_id or 0)


def _rows(session: WalledSession, contact_id: int) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, session.execute(_STANDING, {"contact": contact_id})))


def _said(rows: Iterable[Any], tenant_id: int) -> tuple[Ties, Switches]:
    """What the rows of `_standing` come to."""
    ties, settings = Ties(), []
    for key, name, place, flag, record_id, level, text in rows:
        if level == _SEGMENT:
            ties.segments.setdefault(place, []).append(key)
        elif level:
            settings.append((name, level, key, flag, text))
        elif record_id:
            ties.grants.append(Given(key, name, place, flag, record_id))
        elif place is None:
            ties.accounts[key] = name
        else:
            ties.sites[place] = key
            ties.site_accounts[key] = name
    return ties, made_of(settings, tenant_id)


def reach(module: str, contact_id: int, ties: Ties, switches: Switches, portal: Reach | None = None) -> Reach:
    """The contact's reach in one module: the accounts and sites where it is on, and with them the rows
    that name the contact and no account. `portal` narrows it to where the portal itself is on.

    A module that is off for every account of a contact is off for the contact."""
    whole = [a for a in ties.accounts if switches.on(module, a, contact_id)]
    sites = [s for s, a in ties.sites.items() if switches.on(module, a, contact_id)]
    if portal is not None:
        whole = [a for a in whole if a in portal.keys]
        sites = [s for s in sites if s in portal.sites or ties.sites[s] in portal.keys]
    mine = _mine(module, contact_id, ties, switches, bool(whole or sites))
    if portal is not None:
        mine = mine and -contact_id in portal.keys
    # A site of an account that is reached whole adds nothing, and its OR would cost an index.
    sites = [s for s in sites if ties.sites[s] not in whole]
    keys = (*sorted(whole), *((-contact_id,) if mine else ()))
    if not (keys or sites):
        return NOTHING
    named = {segment for a in {*whole, *(ties.sites[s] for s in sites)} for segment in ties.segments.get(a, ())}
    return Reach(True, keys, tuple(sorted(sites)), switches.scope(module), segments=tuple(sorted(named)))


def _mine(module: str, contact_id: int, ties: Ties, switches: Switches, elsewhere: bool) -> bool:
    """Whether the module is on for the rows that name the contact and no account: by the contact's own
    switch, else where it is on for an account of theirs, else (they have none) as for the tenant."""
    own = switches.at(module, "contact", contact_id)
    if own is not None:
        return own
    return elsewhere if ties.accounts or ties.sites else switches.on_for_tenant(module)


def sight_of(session: WalledSession, registry: Registry, contact_id: int) -> tuple[Sight, Ties]:
    """The contact's sight, in one statement, and the ties that it was made of. The session is the
    system's for the contact's tenant."""
    tenant_id = session.sight.viewer.tenant_id
    return _sight(registry, Viewer(Kind.CONTACT, tenant_id, contact_id), _rows(session, contact_id))


# Read with each request, and nearly always the same as with the one before: a sight hangs on these rows alone, and what
# is made out of it (the shape of statements, the values in them) lives as long as it does.
@lru_cache(maxsize=500)
def _sight(registry: Registry, viewer: Viewer, rows: tuple[tuple[Any, ...], ...]) -> tuple[Sight, Ties]:
    ties, switches = _said(rows, viewer.tenant_id or 0)
    return make_sight(viewer, registry, ties, switches), ties


def sight_of_staff(session: WalledSession, registry: Registry, staff_id: int) -> Sight:
    """A staff user's sight, in one statement. The session is the system's for their tenant."""
    tenant_id = session.sight.viewer.tenant_id
    assert tenant_id is not None
    return staff(tenant_id, staff_id, field_flags(registry, read_switches(session)))


def make_sight(viewer: Viewer, registry: Registry, ties: Ties, switches: Switches) -> Sight:
    """A contact's sight out of ties and switches."""
    contact_id = viewer.person_id
    assert contact_id is not None
    portal = reach(PORTAL, contact_id, ties, switches)
    reaches = {name: reach(name, contact_id, ties, switches, portal) for name in registry.modules}
    if ties.grants:
        reaches = {
            name: _with_grants(name, each, registry, ties, switches, contact_id) for name, each in reaches.items()
        }
    accounts = {k for k in portal.keys if k > 0} | {ties.sites[s] for s in portal.sites}
    return Sight(viewer, portal, reaches, tuple(sorted(accounts)), field_flags(registry, switches))


def _with_grants(
    module: str, reach: Reach, registry: Registry, ties: Ties, switches: Switches, contact_id: int
) -> Reach:
    """The reach, with the granted records of the module that count in it."""

    def open_at(account: int) -> bool:
        return ties.hold(account) and all(switches.on(name, account, contact_id) for name in (PORTAL, module))

    can_be = granted_resources(module, registry.resources.get(module, {}))
    granted = {each.record_id for each in ties.grants if each.resource in can_be and counts(each, reach, open_at)}
    return replace(reach, granted=tuple(sorted(granted))) if granted else reach
