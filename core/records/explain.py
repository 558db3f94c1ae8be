"""Why a contact sees a record, or a field of one, or does not: the chain of rules that decided.

The verdict is reached from the same reach and switches that sessions are opened with, applied to the
row's values one rule at a time; tests hold it against what the pages answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.crm.models import Contact, Tenant
from core.crm.rules import access
from core.db.flags import NO_FLAGS
from core.db.grant import Grant
from core.db.session import WalledSession
from core.db.shared import segments_in
from core.db.viewer import Kind, Reach, Scope, Sight, Viewer
from core.db.wall import ALL, Shared
from core.i18n import today_in
from core.modules.entry import is_member
from core.modules.flags import parse
from core.modules.reach import Ties, make_sight, read_standing
from core.modules.registry import Registry
from core.modules.switches import PORTAL, Switches
from core.records.fields import Untold, effective, full_name, staff_only
from core.records.resource import Resource


class Unexplained(LookupError):
    """What was asked about is not there; the message says what."""


@dataclass
class Explanation:
    """The verdict, and each rule with its outcome, in the order in which they were asked."""

    seen: bool = True
    rules: list[tuple[bool, str]] = field(default_factory=list)

    def rule(self, holds: bool, text: str) -> bool:
        """Add one rule; the first that does not hold decides."""
        self.rules.append((holds, text))
        self.seen = self.seen and holds
        return holds


def explain(
    session: WalledSession,
    registry: Registry,
    contact: Contact,
    module: str,
    resource_name: str,
    record_id: int,
    field_name: str = "",
) -> Explanation:
    """Explain what `contact` gets when they open a record of `module`. The session is the system's for
    the contact's tenant. Raises Unexplained for a module, resource or field that is not there; a
    record that is not there is explained as such."""
    resource = registry.resource(module, resource_name)
    if resource is None:
        raise Unexplained(f"there is no resource {module}.{resource_name}")
    tenant = session.scalars(select(Tenant)).one()
    ties, switches = read_standing(session, contact.id)
    said = Explanation()
    member = session.scalar(select(is_member()).where(Contact.id == contact.id))
    _door(said, tenant, contact, bool(member))
    viewer = Viewer(Kind.CONTACT, tenant.id, contact.id)
    sight = make_sight(viewer, registry, ties, switches)
    _switched(said, "the portal", sight.portal, _level(switches, PORTAL, contact.id, ties))
    reach = sight.reach(module)
    _switched(said, f"the module {module}", reach, _level(switches, module, contact.id, ties))
    if staff_only(resource):
        said.rule(False, f"{module}.{resource_name} is the staff's alone")
        return said
    row = session.get(resource.model, record_id)
    if not said.rule(row is not None, f"record {record_id} is {'there' if row is not None else 'not there'}"):
        return said
    _row(session, said, row, reach, ties, contact.id)
    if field_name:
        _field(said, resource, field_name, registry, switches)
        _told(said, resource, field_name, sight)
    return said


def _door(said: Explanation, tenant: Tenant, contact: Contact, is_member: bool) -> None:
    day = today_in(tenant.time_zone)
    verdict = access(contact, tenant, day, is_member=is_member)
    dates = f"portal user {contact.portal_user}, from {contact.support_start} until {contact.portal_end}"
    said.rule(verdict.granted, f"access on {day}: {verdict.why} ({dates}; the tenant lets in: {tenant.access_mode})")


def _switched(said: Explanation, what: str, reach: Reach, level: str) -> None:
    said.rule(reach.open, f"{what} is {_on(reach.open)} for them: {level}")


def _level(switches: Switches, module: str, contact_id: int, ties: Ties) -> str:
    """Which switches bear on this contact, nearest first."""
    said = []
    if (on := switches.at(module, "contact", contact_id)) is not None:
        said.append(f"contact {_on(on)}")
    for account in sorted({*ties.accounts, *ties.sites.values()}):
        if (on := switches.at(module, "account", account)) is not None:
            said.append(f"account {account} {_on(on)}")
    said.append(f"tenant {_on(switches.on_for_tenant(module))}")
    return ", ".join(said)


def _on(on: bool) -> str:
    return "on" if on else "off"


def _row(session: WalledSession, said: Explanation, row: Any, reach: Reach, ties: Ties, contact_id: int) -> None:
    """Whether it is published, and whose it is; of one that is not theirs, whether a grant counts."""
    said.rule(row.published, "it is published" if row.published else "it is not published: the staff's alone")
    whose = list(_whose(row, reach, ties, contact_id))
    given = [each.key for each in ties.grants if each.record_id == row.id]
    if not given or all(holds for holds, _ in whose):
        for holds, text in whose:
            said.rule(holds, text)
        return
    why_not = next(text for holds, text in whose if not holds)
    told = " and ".join(_grants(session, row.id, given))
    counting = "counts" if row.id in reach.granted else "does not count for them now"
    said.rule(row.id in reach.granted, f"{why_not}; but it is granted to {told}, which {counting}")


def _meant(row: Shared, reach: Reach) -> tuple[bool, str]:
    if row.audience == ALL:
        return True, "it is for all clients"
    named = segments_in(row.audience)
    if not named:
        return False, "it is for the staff alone"
    theirs = list(reach.segments)
    return bool(set(named) & set(theirs)), f"it is for segments {list(named)}; they are in {theirs}"


def _whose(row: Any, reach: Reach, ties: Ties, contact_id: int) -> Iterator[tuple[bool, str]]:
    if isinstance(row, Shared):
        yield _meant(row, reach)
        return
    if row.owner in reach.keys:
        whose = f"account {row.owner}" if row.owner > 0 else "this contact, and no account"
        yield True, f"it belongs to {whose}, which they reach"
    elif row.site_id in reach.sites and ties.sites[row.site_id] == row.owner:
        yield True, f"it belongs to site {row.site_id}, which they are a member of"
    else:
        reached = f"they reach owners {list(reach.keys)} and sites {list(reach.sites)}"
        yield False, f"it belongs to owner {row.owner}, site {row.site_id}; {reached}"
    if reach.scope is Scope.CONTACT:
        named = row.contact_id == contact_id
        names = "them" if named else f"contact {row.contact_id}"
        yield named, f"the module shows contacts what names them; this names {names}"


def _grants(session: WalledSession, record_id: int, keys: Sequence[int]) -> Iterator[str]:
    """The grants of a record to these keys of `owner`, in words."""
    for each in session.scalars(select(Grant).where(Grant.parent_id == record_id).order_by(Grant.id)):
        if (each.account_id or -(each.contact_id or 0)) in keys:
            to = f"account {each.account_id}" if each.account_id else "this contact"
            by = f" by their colleague {each.by_name!r}" if each.of_colleague else ""
            yield f"{to}{by}{f' ({each.because})' if each.because else ''}"


def _field(said: Explanation, resource: Resource, name: str, registry: Registry, switches: Switches) -> None:
    """Who said what of the field: its module, modules that are on for the tenant, the tenant. The last
    word decides."""
    known = resource.field(name)
    if known is None:
        raise Unexplained(f"there is no field {name!r} in {resource.name}")
    whole = full_name(resource)
    words = [(f"the module {resource.model.portal_module} declares it", known.seen)]
    for module, flags in registry.portal_fields.items():
        seen = flags.get(whole, NO_FLAGS).of(name).seen
        if seen is not None and switches.on_for_tenant(module):
            words.append((f"the module {module} says it is", seen))
    set_seen = parse(switches.fields[whole]).of(name).seen if whole in switches.fields else None
    if set_seen is not None:
        words.append(("the company has set it", set_seen))
    told = ", ".join(f"{who} {'shown' if seen else 'hidden'}" for who, seen in words)
    said.rule(words[-1][1], f"the field {name}: {told}")


def _told(said: Explanation, resource: Resource, name: str, sight: Sight) -> None:
    """What keeps a field from clients, or its value, whatever is said of it."""
    shown = next((each for each in effective(resource, sight) if each.name == name), None)
    if any(each.name == name and each.internal for each in resource.fields):
        said.rule(False, f"the field {name} is internal: no client ever sees it")
    elif isinstance(shown, Untold):
        said.rule(False, f"the field {name} tells no name: what the other record is called by is hidden from clients")
