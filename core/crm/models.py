"""Tables of tenants, accounts, sites, contacts, memberships and staff."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    or_,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, validates

from core.db.keys import InKeys
from core.db.model import Id, Model, UtcDateTime, now
from core.db.shape import Shape
from core.db.wall import OfInstallation, OfTenant, Personal, person


class Versioned:
    """Mixin for rows that people edit: when they changed, and a version for optimistic locking (a
    second save of the same version raises StaleDataError)."""

    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Tenant(OfInstallation, Versioned, Model):
    """A company that runs a portal for its own clients."""

    __tablename__ = "tenant"
    tenant_column = "id"
    seen_by_clients = True

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    #: public address ("https://clientes.example.es"); every link we hand out begins with it. Empty:
    #: derived from the first host and, for loopback, the port in use
    url: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(8), default="es")
    country: Mapped[str] = mapped_column(String(2), default="ES")
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Madrid")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    #: who has access: "fields" (contacts whose three portal fields say so) or "members" (every contact
    #: with an e-mail and a membership)
    access_mode: Mapped[str] = mapped_column(String(10), default="fields")
    #: how a contact first comes in: "link" (a one-time link) or "password" (a temporary password)
    first_entry: Mapped[str] = mapped_column(String(10), default="link", server_default="link")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    legal_url: Mapped[str] = mapped_column(String(300), default="")
    privacy_url: Mapped[str] = mapped_column(String(300), default="")
    accent: Mapped[str] = mapped_column(String(7), default="#1f5f8b")
    hosts: Mapped[list["TenantHost"]] = relationship(back_populates="tenant", order_by="TenantHost.id")


class TenantHost(OfInstallation, Model):
    """A host name that leads to a tenant; without port, in lower case."""

    __tablename__ = "tenant_host"
    tenant_column = "owner_tenant"
    seen_by_clients = True

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    host: Mapped[str] = mapped_column(String(253), unique=True)
    #: not called tenant_id: the installation reads this table before any tenant is known
    owner_tenant: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    tenant: Mapped[Tenant] = relationship(back_populates="hosts")


class Account(OfTenant, Versioned, Model):
    """A client company of the tenant."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(60), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    tax_number: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")

    __table_args__ = (Index(None, "tenant_id", "name", "id"),)

    @staticmethod
    def seen_by_contact(entity: Any, shape: Shape) -> ColumnElement[bool]:
        """Accounts of which the contact reaches the whole or a site."""
        return InKeys(entity.id, "wall_accounts")


class Site(OfTenant, Versioned, Model):
    """One of an account's places."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")

    __table_args__ = (Index(None, "tenant_id", "name", "id"),)

    @staticmethod
    def seen_by_contact(entity: Any, shape: Shape) -> ColumnElement[bool]:
        """Every site of a whole account, and single sites that the contact is a member of."""
        whole = InKeys(entity.account_id, "wall_portal_keys")
        return or_(whole, InKeys(entity.id, "wall_portal_sites")) if shape.portal[1] else whole


class Contact(OfTenant, Versioned, Model):
    """A person of a client. The three portal fields are the staff's; an import never writes them."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    first_name: Mapped[str] = mapped_column(String(120), default="")
    last_name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    mobile: Mapped[str] = mapped_column(String(60), default="")
    #: what sign-in looks for: see core.crm.identifiers; None where there is none that can be read
    email_key: Mapped[str | None] = mapped_column(String(254))
    phone_key: Mapped[str | None] = mapped_column(String(20))
    mobile_key: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="")
    portal_user: Mapped[bool] = mapped_column(Boolean, default=False)
    support_start: Mapped[date | None] = mapped_column(Date)
    portal_end: Mapped[date | None] = mapped_column(Date)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: of a temporary password: when it lapses. Until it is changed, it opens the page that changes it alone
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="contact", order_by="Membership.id")

    __table_args__ = (
        Index(None, "tenant_id", "email_key"),
        Index(None, "tenant_id", "phone_key"),
        Index(None, "tenant_id", "mobile_key"),
        Index(None, "tenant_id", "last_name", "first_name", "id"),
    )

    @property
    def name(self) -> str:
        """First and last name, or whichever there is; the e-mail where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def shown(self) -> str:
        """What others read of them, as of somebody of the staff."""
        return self.name

    @property
    def called(self) -> str:
        """What a mail or a page addresses them by: the first name, or the whole one where there is none."""
        return self.first_name or self.name

    @validates("email_key")
    def _end_temporary_password(self, name: str, value: str | None) -> str | None:
        """A temporary password lapses with the address that it was sent to, whoever writes another: staff or an
        import."""
        if self.password_until is not None and value != self.email_key:
            self.password_until = min(self.password_until, now())
        return value

    @staticmethod
    def seen_by_contact(entity: Any, shape: Shape) -> ColumnElement[bool]:
        """Their own row; colleagues are not shown."""
        own: ColumnElement[bool] = entity.id == person()
        return own


def whole_name() -> ColumnElement[str]:
    """First and last name of a row of `Contact`, in SQL; empty where there is neither."""
    return func.trim(Contact.first_name + " " + Contact.last_name)


class Membership(Personal, Versioned, Model):
    """Ties a contact to an account, or to one site of it."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    with_subsidiaries: Mapped[bool] = mapped_column(Boolean, default=False)
    contact: Mapped[Contact] = relationship(back_populates="memberships")
    account: Mapped[Account] = relationship()
    site: Mapped[Site | None] = relationship()

    __table_args__ = (UniqueConstraint("contact_id", "account_id", "site_id"),)


class Staff(OfTenant, Versioned, Model):
    """A person of the tenant's own who runs the portal."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(60), default="")
    phone_key: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    #: "administrator", or "agent", who works records and contacts and changes no switch, field or text
    role: Mapped[str] = mapped_column(String(20), default="administrator", server_default="administrator")
    password_hash: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("tenant_id", "email_key"), Index(None, "tenant_id", "phone_key"))

    @property
    def shown(self) -> str:
        """What others read of them: the name, or the e-mail of one who was made without."""
        return self.name or self.email

    @property
    def called(self) -> str:
        """What a mail addresses them by."""
        return self.shown


def staff_shown() -> ColumnElement[str]:
    """What is read of a row of `Staff`, in SQL."""
    return func.coalesce(func.nullif(Staff.name, ""), Staff.email)


#: how long an id of another program may be
LONGEST_EXTERNAL = 200


class ExternalId(OfTenant, Model):
    """Which row of which CRM a row of ours came from, and a digest of what it said, so that importing
    the same again changes nothing."""

    __tablename__ = "external_id"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    #: "core.account", "invoices.invoice": the resource that the row was taken as
    kind: Mapped[str] = mapped_column(String(80))
    external: Mapped[str] = mapped_column(String(LONGEST_EXTERNAL))
    local_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), default="")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    gone: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        UniqueConstraint("tenant_id", "source", "kind", "external"),
        Index(None, "tenant_id", "kind", "local_id"),
    )
