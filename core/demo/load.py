"""Loads the demonstration in one transaction, once, beside whatever else is in the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from random import Random

from sqlalchemy import Engine, select

from core.access.passwords import hash_password
from core.config import Settings
from core.conversations.models import CannedReply
from core.crm.identifiers import email_key, keys_of_contact
from core.crm.models import Account, Contact, Membership, Site, Staff, Tenant, TenantHost
from core.crm.segments import Segment, SegmentAccount
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.demo.agreeing import agreer
from core.demo.people import COMPANIES, HOSTS, PEOPLE, SEGMENTS, STAFF, TENANT, Person
from core.demo.replies import REPLIES
from core.demo.sign_ins import NAME, SignIn, make_password, read_sign_ins, write_sign_ins
from core.demo.world import World, noter, sayer
from core.files.storage import Store, attach
from core.i18n import today_in
from core.modules.delivery import at_once
from core.modules.registry import Registry
from core.modules.switches import set_switch
from core.records.links import link

# The same firm each time: what is drawn by chance begins here.
_SEED = "Brasaquieta"


class DemoError(Exception):
    """The demonstration cannot be loaded; the text is one sentence for the operator."""


def load(engine: Engine, registry: Registry, settings: Settings) -> list[SignIn]:
    """Load the demonstration and give its sign-ins, which are also written into the home folder.

    Where it is there already nothing changes, and the sign-ins are those of then. Its hosts come last:
    before, nobody can reach it, and a process that was killed meanwhile is no loss, for what it left
    out is done the next time. Raises DemoError where another tenant holds the hosts."""
    with open_session(engine, installation(), writes=True) as session:
        if _is_there(session):
            return read_sign_ins(settings.home)
        tenant = session.scalar(select(Tenant).where(Tenant.slug == TENANT["slug"])) or Tenant(**TENANT)
        session.add(tenant)
        session.commit()
    with open_session(engine, system(tenant.id)) as session:
        is_filled = session.scalar(select(Account.id).limit(1)) is not None
    if not is_filled:
        _fill(engine, registry, settings, tenant)
    with open_session(engine, installation(), writes=True) as session:
        session.add_all(TenantHost(host=host, owner_tenant=tenant.id) for host in HOSTS)
        session.commit()
    return read_sign_ins(settings.home)


def _is_there(session: WalledSession) -> bool:
    slug = TENANT["slug"]
    holders = select(Tenant.slug).join(TenantHost, TenantHost.owner_tenant == Tenant.id)
    if others := set(session.scalars(holders.where(TenantHost.host.in_(HOSTS), Tenant.slug != slug))):
        raise DemoError(f"The demonstration needs the hosts {' and '.join(HOSTS)}, which {others.pop()} holds.")
    return session.scalar(holders.where(Tenant.slug == slug).limit(1)) is not None


def _fill(engine: Engine, registry: Registry, settings: Settings, tenant: Tenant) -> None:
    """Write all of the tenant's rows in one transaction; where that fails, the tenant is gone as well."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        at_once(session)
        try:
            world = _world(session, tenant, Store(settings.home / "files"))
            session.add_all(CannedReply(title=title, body=body, language="es") for title, body in REPLIES)
            _modules(session, registry, world)
            write_sign_ins(settings.home, _sign_ins(session, world))
            session.commit()
        except BaseException:
            session.rollback()  # which also removes the files that were stored
            (settings.home / NAME).unlink(missing_ok=True)
            _remove(engine, tenant)
            raise


def _remove(engine: Engine, tenant: Tenant) -> None:
    with open_session(engine, installation(), writes=True) as session:
        session.delete(session.get_one(Tenant, tenant.id))
        session.commit()


def _world(session: WalledSession, tenant: Tenant, store: Store) -> World:
    accounts = _accounts(session)
    sites, today = _sites(accounts), today_in(tenant.time_zone)
    contacts = {person.key: _contact(person, today, tenant.country) for person in PEOPLE}
    session.add_all([*sites.values(), *contacts.values()])
    session.flush()
    for person in PEOPLE:
        for key in person.of:
            session.add(_membership(person, key, accounts, sites, contacts[person.key].id))
    session.flush()
    staff = _staff()
    session.add_all(staff)
    session.flush()

    def store_file(record_id: int, name: str, data: bytes, media_type: str) -> None:
        attach(session, store, record_id, name, data, media_type)

    rng = Random(_SEED)  # noqa: S311 - nothing secret is drawn from it
    written = sayer(session, store), noter(session), agreer(session, store), _segments(session, accounts)
    return World(tenant, today, rng, accounts, sites, contacts, store_file, staff, *written)


def _accounts(session: WalledSession) -> dict[str, Account]:
    """The companies, each at its first place and below its parent."""
    accounts = {
        c.key: Account(name=c.name, tax_number=c.tax_number, phone=c.phone, email=c.email, country="ES")
        for c in COMPANIES
    }
    session.add_all(accounts.values())
    session.flush()
    for company in COMPANIES:
        head = company.places[0]
        accounts[company.key].address = head.address
        accounts[company.key].postcode, accounts[company.key].town = head.postcode, head.town
        accounts[company.key].parent_id = accounts[company.parent].id if company.parent else None
    return accounts


def _sites(accounts: Mapping[str, Account]) -> dict[str, Site]:
    return {
        f"{c.key}/{p.key}": Site(
            account_id=accounts[c.key].id,
            name=p.name,
            address=p.address,
            postcode=p.postcode,
            town=p.town,
            country="ES",
        )
        for c in COMPANIES
        for p in c.places
    }


def _staff() -> list[Staff]:
    return [
        Staff(name=name, email=email, email_key=email_key(email), language=of, role=role)
        for name, email, of, role, _ in STAFF
    ]


def _segments(session: WalledSession, accounts: Mapping[str, Account]) -> dict[str, Segment]:
    made = {key: Segment(name=name) for key, (name, _) in SEGMENTS.items()}
    session.add_all(made.values())
    session.flush()
    for key, (_, of) in SEGMENTS.items():
        session.add_all(SegmentAccount(segment_id=made[key].id, account_id=accounts[name].id) for name in of)
    return made


def _contact(person: Person, today: date, country: str) -> Contact:
    return Contact(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        mobile=person.mobile,
        language=person.language,
        portal_user=person.starts is not None,
        support_start=_day(today, person.starts),
        portal_end=_day(today, person.ends),
        **keys_of_contact(person.email, person.phone, person.mobile, country),
    )


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days)


def _membership(
    person: Person, key: str, accounts: dict[str, Account], sites: dict[str, Site], contact_id: int
) -> Membership:
    return Membership(
        contact_id=contact_id,
        account_id=accounts[key.partition("/")[0]].id,
        site_id=sites[key].id if "/" in key else None,
        with_subsidiaries=person.below,
    )


def _modules(session: WalledSession, registry: Registry, world: World) -> None:
    """Switch on each module that has a part in the demonstration, and load that part."""
    for name, module in registry.modules.items():
        if find_spec(f"{module.package}.demo") is None:
            continue
        set_switch(session, registry, name, "tenant", world.tenant.id, True)
        import_module(f"{module.package}.demo").load(session, world)
        session.flush()
    for one, other, kind in world.links:
        if one in world.named and other in world.named:
            link(session, world.named[one], world.named[other], kind)


def _sign_ins(session: WalledSession, world: World) -> list[SignIn]:
    """Give a password to the staff and to a few contacts."""
    sign_ins: list[SignIn] = [_sign_in(person, row[-1]) for person, row in zip(world.staff, STAFF, strict=True)]
    for person in PEOPLE:
        if person.shows:
            sign_ins.append(_sign_in(world.contacts[person.key], person.shows))
    return sign_ins


def _sign_in(person: Staff | Contact, shows: str) -> SignIn:
    password = make_password()
    person.password_hash = hash_password(password)
    return SignIn(person.email, password, shows)
