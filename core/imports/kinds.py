"""The kinds of row that an export can become: mapped classes by name, as profiles and external ids
call them ("core.account", "invoices.line")."""

from typing import Any

from core.crm.models import Account, Contact, Site
from core.db.model import Model
from core.db.wall import OfTenant
from core.modules.registry import Registry

CORE = {"core.account": Account, "core.site": Site, "core.contact": Contact}

#: what belongs to the core, to sign-in or to staff; no profile may fill it
PROTECTED = frozenset(
    {
        *("id", "tenant_id", "owner", "version", "updated_at", "audience"),
        *("portal_user", "support_start", "portal_end", "password_hash"),
        *("email_key", "phone_key", "mobile_key"),
        *("assignee_id", "assignee_name"),
    }
)


def kind_of(cls: type[Any]) -> str | None:
    """The name of a class as a kind, or None for one that cannot be imported."""
    for name, core_class in CORE.items():
        if cls is core_class:
            return name
    module: str = cls.portal_module
    if not module or not issubclass(cls, OfTenant):
        return None
    return f"{module}.{cls.__tablename__.removeprefix(module + '_')}"  # type: ignore[attr-defined]


def kinds(registry: Registry) -> dict[str, type[Any]]:
    """Every kind, of the core and of the modules that are loaded."""
    found = {}
    for mapper in Model.registry.mappers:
        cls = mapper.class_
        if (name := kind_of(cls)) and (not cls.portal_module or cls.portal_module in registry.modules):
            found[name] = cls
    return found


def targets(cls: type[Any]) -> dict[str, str]:
    """The fields of a class that refer to rows of a kind, with that kind."""
    by_table = {m.local_table: kind_of(m.class_) for m in Model.registry.mappers}
    found = {}
    for name, column in cls.__mapper__.columns.items():
        for key in column.foreign_keys:
            kind = by_table.get(key.column.table)
            if kind is not None and name not in PROTECTED:
                found[name] = kind
    return found
