"""Who is looking, and how far they reach: plain values that a session is opened with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from core.db.flags import NO_FLAGS, FieldFlags


class Kind(StrEnum):
    """The kinds of viewer; every rule of visibility is a case of these."""

    CONTACT = "contact"
    STAFF = "staff"
    VISITOR = "visitor"
    SYSTEM = "system"
    INSTALLATION = "installation"


class Scope(StrEnum):
    """How much of a reached account a contact sees in one module."""

    ACCOUNT = "account"
    CONTACT = "contact"


@dataclass(frozen=True)
class Viewer:
    """One who looks. `person_id` is a contact's or a staff user's id; `tenant_id` is missing for the
    installation alone."""

    kind: Kind
    tenant_id: int | None = None
    person_id: int | None = None

    def __post_init__(self) -> None:
        if (self.tenant_id is None) != (self.kind is Kind.INSTALLATION):
            raise ValueError(f"a viewer of kind {self.kind} and tenant {self.tenant_id} cannot be")
        if (self.person_id is None) == (self.kind in (Kind.CONTACT, Kind.STAFF)):
            raise ValueError(f"a viewer of kind {self.kind} and person {self.person_id} cannot be")


@dataclass(frozen=True)
class Reach:
    """What a contact reaches in one module (or in the portal itself).

    `keys` are values of the `owner` column: whole accounts by their id, the contact by minus theirs.
    `sites` are single sites, reached without their account; `granted` single records, that are granted to the
    contact or to one of the accounts among `keys`; `segments` are those of the accounts that are reached, whole or
    by a site. A module that is off is not open."""

    open: bool = False
    keys: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()
    scope: Scope = Scope.ACCOUNT
    granted: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()


NOTHING = Reach()


@dataclass(frozen=True)
class Sight:
    """A viewer together with their reach in each module; what a session's predicates are made of.

    `portal` is the reach in the portal itself, which accounts, sites and contacts go by. Only a
    contact has reach; other kinds leave it empty."""

    viewer: Viewer
    portal: Reach = NOTHING
    modules: Mapping[str, Reach] = field(default_factory=lambda: MappingProxyType({}))
    #: accounts of which at least one site or the whole is reached: their names may be seen
    accounts: tuple[int, ...] = ()
    #: what the tenant, and modules that are on, say of the fields of a resource ("invoices.invoice")
    fields: Mapping[str, FieldFlags] = field(default_factory=lambda: MappingProxyType({}))
    #: what was made out of it and nothing else, for as long as it lives
    made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def flags(self, resource: str) -> FieldFlags:
        """What is said of the fields of a resource ("invoices.invoice") beside its declaration."""
        return self.fields.get(resource, NO_FLAGS)

    def reach(self, module: str) -> Reach:
        """The reach in `module`; nothing for a module that is unknown."""
        return self.modules.get(module, NOTHING)

    @cached_property
    def groups(self) -> tuple[tuple[Reach, tuple[str, ...]], ...]:
        """Open modules that share one reach, together: what rows of the core that belong to many
        modules (records, files) are narrowed by. Mostly a single group."""
        groups: dict[Reach, list[str]] = {}
        for name in sorted(self.modules):
            if self.modules[name].open:
                groups.setdefault(self.modules[name], []).append(name)
        return tuple((reach, tuple(names)) for reach, names in groups.items())


def installation() -> Sight:
    """The core itself, before any tenant is known: host look-up and creation of tenants."""
    return Sight(Viewer(Kind.INSTALLATION))


def system(tenant_id: int) -> Sight:
    """The system acting for one tenant: sign-in, imports, commands, hooks."""
    return Sight(Viewer(Kind.SYSTEM, tenant_id))


def staff(tenant_id: int, staff_id: int, fields: Mapping[str, FieldFlags] | None = None) -> Sight:
    """A staff user of one tenant, who sees every field, called and ordered as the tenant has chosen."""
    return Sight(Viewer(Kind.STAFF, tenant_id, staff_id), fields=fields or {})


def visitor(tenant_id: int) -> Sight:
    """Somebody at the door of one tenant, not signed in."""
    return Sight(Viewer(Kind.VISITOR, tenant_id))
