"""A tenant with its people, for tests of the door."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine

from core.access.passwords import hash_password
from core.access.people import Person
from core.crm.identifiers import email_key, keys_of_contact, phone_key
from core.crm.models import Account, Contact, Membership, Staff, Tenant
from core.crm.tenants import create_tenant
from core.db.session import open_session
from core.db.viewer import installation, system

PASSWORD = "puerta pequeña 7"
HOST = "clientes.example.es"


@cache
def hashed(password: str = PASSWORD) -> str:
    """The hash of a password; made once, for it takes its time."""
    return hash_password(password)


def make_tenant(engine: Engine, slug: str = "agua", host: str = HOST, **values: Any) -> Tenant:
    """A tenant that is reached by `host`, over https unless `url` says otherwise."""
    with open_session(engine, installation(), writes=True) as session:
        tenant = create_tenant(session, slug, slug.title(), [host], **values)
        _ = tenant.hosts
        session.commit()
    return tenant


def add_contact(engine: Engine, tenant: Tenant, email: str = "", **values: Any) -> Contact:
    """A contact who may come in with `PASSWORD`, unless `values` say otherwise, and is a member of an
    account of their own."""
    given: dict[str, Any] = {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "email": email,
        "phone": "",
        "mobile": "",
        "portal_user": True,
        "support_start": date(2020, 1, 1),
        "portal_end": date.today() + timedelta(days=100),
        "password_hash": hashed(),
        **values,
    }
    keys = keys_of_contact(given["email"], given["phone"], given["mobile"], tenant.country)
    with open_session(engine, system(tenant.id), writes=True) as session:
        contact, account = Contact(**given, **keys), Account(name=f"Cuenta de {email}")
        session.add_all([contact, account])
        session.flush()
        session.add(Membership(contact_id=contact.id, account_id=account.id))
        session.commit()
    return contact


def add_staff(engine: Engine, tenant: Tenant, email: str, **values: Any) -> Staff:
    """A staff user who may come in with `PASSWORD`, unless `values` say otherwise."""
    given: dict[str, Any] = {"name": "Sara Gil", "email": email, "phone": "", "password_hash": hashed(), **values}
    with open_session(engine, system(tenant.id), writes=True) as session:
        staff = Staff(**given, email_key=email_key(email), phone_key=phone_key(given["phone"], tenant.country))
        session.add(staff)
        session.commit()
    return staff


def change(engine: Engine, tenant: Tenant, person: Person, **values: Any) -> None:
    """Change somebody's row."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        row = session.get(type(person), person.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.commit()
