"""Two tenants whose rows could leak: accounts, sites, contacts, rows of every owner; and all who look."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from core.conversations.models import Message
from core.crm.models import Account, Contact, Membership, Site, Staff, Tenant, TenantHost
from core.crm.segments import Segment, SegmentAccount
from core.db.grant import Grant
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, Reach, Scope, Sight, Viewer, installation, system
from core.files.models import File
from core.records.models import RecordLink
from tests.db.things import Link, Note, Notice, Paper, Part, Piece, Secret, Share, Thing


@dataclass(frozen=True)
class Looker:
    """One who looks, in plain values: what the core's Sight and the oracle's verdict are both made of.

    A reach is (whole accounts, single sites, sees what names them, scope); a module that is not in
    `modules` is off."""

    kind: str
    tenant: int | None = None
    person: int | None = None
    portal: tuple[tuple[int, ...], tuple[int, ...], bool, str] = ((), (), False, "account")
    modules: dict[str, tuple[tuple[int, ...], tuple[int, ...], bool, str]] = field(default_factory=dict)
    accounts: tuple[int, ...] = ()
    #: records that are granted to them, by module
    granted: dict[str, tuple[int, ...]] = field(default_factory=dict)
    #: account -> the segments that it is in; of those that a reach has, or has a site of
    segments: dict[int, tuple[int, ...]] = field(default_factory=dict)
    #: site -> its account
    sites: dict[int, int] = field(default_factory=dict)

    def within(self, module: str) -> set[int]:
        """The segments of the accounts that the looker reaches in a module."""
        accounts, sites, *_ = self.modules.get(module, ((), ()))
        reached = {*accounts, *(self.sites.get(site, 0) for site in sites)}
        return {segment for account in reached for segment in self.segments.get(account, ())}

    def sight(self) -> Sight:
        """The same for the core."""
        return Sight(
            Viewer(Kind(self.kind), self.tenant, self.person),
            self._reach(self.portal),
            {
                name: self._reach(reach, self.granted.get(name, ()), tuple(sorted(self.within(name))))
                for name, reach in self.modules.items()
            },
            self.accounts,
        )

    def _reach(
        self,
        reach: tuple[tuple[int, ...], tuple[int, ...], bool, str],
        granted: tuple[int, ...] = (),
        segments: tuple[int, ...] = (),
    ) -> Reach:
        accounts, sites, own, scope = reach
        keys = (*accounts, *((-self.person,) if own and self.person else ()))
        return Reach(bool(keys or sites), keys, sites, Scope(scope), granted, segments)


@dataclass
class Tenancy:
    """The ids of one tenant's rows."""

    id: int
    accounts: list[int] = field(default_factory=list)
    #: (site, its account)
    sites: list[tuple[int, int]] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    staff: int = 0
    things: list[int] = field(default_factory=list)
    #: segment -> the accounts in it
    segments: dict[int, tuple[int, ...]] = field(default_factory=dict)


def seed(engine: Engine, slug: str) -> Tenancy:
    """Make one tenant and its rows."""
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug=slug, name=slug)
        session.add(tenant)
        session.flush()
        session.add(TenantHost(host=f"{slug}.localhost", owner_tenant=tenant.id))
        session.commit()
    made = Tenancy(tenant.id)
    with open_session(engine, system(tenant.id), writes=True) as session:
        _people(session, made)
        _things(session, made, slug)
        session.commit()
    return made


def _people(session: WalledSession, made: Tenancy) -> None:
    for number in range(3):
        account = Account(name=f"account {number}", parent_id=made.accounts[0] if number == 2 else None)
        session.add(account)
        session.flush()
        made.accounts.append(account.id)
        sites = [Site(name=f"site {number}{letter}", account_id=account.id) for letter in "ab"]
        session.add_all(sites)
        session.flush()
        made.sites += [(site.id, account.id) for site in sites]
    people = [Contact(first_name=f"contact {number}") for number in range(4)]
    staff = Staff(name="staff", email="staff@example.com")
    session.add_all([*people, staff])
    session.flush()
    made.contacts, made.staff = [each.id for each in people], staff.id
    session.add_all(Membership(contact_id=c, account_id=a) for c, a in zip(made.contacts, made.accounts, strict=False))


def _things(session: WalledSession, made: Tenancy, slug: str) -> None:
    places = [(None, None), *((a, None) for a in made.accounts), *((a, s) for s, a in made.sites)]
    numbers = itertools.count()
    rows: list[Any] = []
    for (account, site), contact, published in itertools.product(
        places, (None, *made.contacts[:2]), (True, True, False)
    ):
        owner = {"account_id": account, "site_id": site, "contact_id": contact, "published": published}
        n = next(numbers)
        rows.append(Thing(name=f"{slug} thing {n}", size=n % 7, **owner))
        if n % 2:
            rows.append(Paper(name=f"{slug} paper {n}", **owner))
    session.add_all(rows)
    session.flush()
    things = [row for row in rows if isinstance(row, Thing)]
    papers = [row for row in rows if isinstance(row, Paper)]
    made.things = [thing.id for thing in things]
    for thing, other in zip(things, reversed(things), strict=True):
        thing.other_id = other.id
    parts = [Part(parent_id=t.id, name=f"part {t.name} {i}") for t in things for i in range(t.size % 3)]
    session.add_all(parts)
    session.add_all(Share(parent_id=t.id, name=f"share {t.name} {i}") for t in things for i in range(t.size % 2 + 1))
    session.add_all(Note(contact_id=c, name=f"note {c}") for c in made.contacts)
    _notices(session, made)
    session.add_all(Secret(thing_id=t.id, name=f"secret {t.name}") for t in things[::5])
    session.add_all(Link(paper_id=p.id, thing_id=t.id) for p, t in zip(papers, things[::-1], strict=False))
    session.flush()
    session.add_all(Piece(parent_id=p.id, name=f"piece {p.name}") for p in parts[::2])
    _on_records(session, made, rows)
    session.flush()


def _notices(session: WalledSession, made: Tenancy) -> None:
    """Notices for all, for staff, for one segment, another, and both; of each kind, one that is not published."""
    segments = [Segment(name=f"segment {n}") for n in range(2)]
    session.add_all(segments)
    session.flush()
    one, two = (segment.id for segment in segments)
    made.segments = {one: tuple(made.accounts[:1]), two: tuple(made.accounts[1:])}
    session.add_all(SegmentAccount(segment_id=s, account_id=a) for s, of in made.segments.items() for a in of)
    for audience in ("all", "", f"{one}", f"{two}", f"{one} {two}"):
        session.add_all(Notice(name=f"notice {audience}", audience=audience, published=on) for on in (True, False))


def _on_records(session: WalledSession, made: Tenancy, rows: list[Any]) -> None:
    """What hangs on a record: words and files, internal ones among them, and who else sees it."""
    for n, row in enumerate(rows):
        session.add_all(Message(parent_id=row.id, body=f"message {k}", published=(n + k) % 3 > 0) for k in range(n % 3))
        if n % 4 == 0:
            rest = {"media_type": "text/plain", "size": 1, "sha256": "0", "published": n % 8 == 0}
            session.add(File(parent_id=row.id, name="file", key=f"{made.id}/{row.id}", **rest))
    for n, thing_id in enumerate(made.things[::4]):
        to = {"contact_id": made.contacts[n % 3]} if n % 2 else {"account_id": made.accounts[n % 3]}
        session.add(Grant(parent_id=thing_id, **to))
    session.add_all(RecordLink(from_id=a.id, to_id=b.id, kind="about") for a, b in itertools.pairwise(rows))


def lookers(made: Tenancy) -> list[Looker]:
    """All kinds of viewer of one tenant, and contacts of every kind of reach."""
    found = [Looker("staff", made.id, made.staff), Looker("system", made.id), Looker("visitor", made.id)]
    a, (first, of), (second, _) = made.accounts, made.sites[0], made.sites[3]
    reaches: list[Any] = [
        ((a[0],), (), True, "account"),
        ((a[0], a[2]), (), True, "account"),
        ((), (first,), True, "account"),
        ((a[2],), (second,), True, "account"),
        ((), (), True, "account"),
        ((a[0],), (), True, "contact"),
        ((), (first, second), True, "contact"),
        ((a[1],), (), False, "account"),
    ]
    for number, reach in enumerate(reaches):
        person = made.contacts[number % 3]
        known = tuple(sorted({*reach[0], *(of_ for s, of_ in made.sites if s in reach[1])}))
        other = reaches[(number * 3 + 1) % len(reaches)]
        for modules in ({"walltest": reach, "papertest": other}, {"walltest": reach}, {"papertest": reach}):
            granted = {"walltest": tuple(made.things[number::7])} if len(found) % 2 else {}
            of_account = {a: tuple(s for s, accounts in made.segments.items() if a in accounts) for a in made.accounts}
            rest = (of_account, dict(made.sites)) if len(found) % 3 else ()
            found.append(Looker("contact", made.id, person, reach, modules, known, granted, *rest))
    found.append(Looker("contact", made.id, made.contacts[3]))
    assert of in a
    return found


def everybody(tenancies: list[Tenancy]) -> list[Looker]:
    """Everybody who looks at a world of these tenants."""
    return [Looker("installation"), *(each for made in tenancies for each in lookers(made))]
