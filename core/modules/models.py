"""Tables of what staff set about modules: switches, scopes, and the portal flags of fields."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.crm.models import Versioned
from core.db.model import Id, Model
from core.db.wall import OfTenant


class Switch(OfTenant, Model):
    """A module (or `portal`, the portal itself) on or off at one level. The nearest to the contact
    wins: contact, then account, then tenant."""

    __tablename__ = "switch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    #: "tenant", "account" or "contact"
    level: Mapped[str] = mapped_column(String(10))
    #: the account's or the contact's id; the tenant's own for the level "tenant"
    target_id: Mapped[int] = mapped_column(BigInteger)
    on: Mapped[bool] = mapped_column("is_on", Boolean)

    __table_args__: Any = (
        UniqueConstraint("tenant_id", "module", "level", "target_id"),
        Index(None, "tenant_id", "level", "target_id"),
    )


class ModuleScope(OfTenant, Model):
    """How much of an account a contact sees in one module, where the tenant has changed the default."""

    __tablename__ = "module_scope"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(10))

    __table_args__: Any = (UniqueConstraint("tenant_id", "module"),)


class FieldSettings(OfTenant, Versioned, Model):
    """What the tenant has set about the fields of one resource; see `core.modules.flags` for the text."""

    __tablename__ = "field_settings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    resource: Mapped[str] = mapped_column(String(40))
    settings: Mapped[str] = mapped_column(Text)
    #: the text before the last change, which undoing it brings back
    previous: Mapped[str] = mapped_column(Text)

    __table_args__: Any = (UniqueConstraint("tenant_id", "module", "resource"),)
