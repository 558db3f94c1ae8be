"""Reading and setting switches, and reading with them all else that staff set about modules. Whether a
module is on for somebody is decided here, and here only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select, union_all

from core.db.keys import InKeys
from core.db.session import WalledSession, keep
from core.db.viewer import Scope
from core.modules.events import ModuleSwitched, send
from core.modules.models import FieldSettings, ModuleScope, Switch
from core.modules.registry import ModuleFailed, Registry

#: the portal itself, as a switch
PORTAL = "portal"
LEVELS = ("tenant", "account", "contact")
_SCOPE, _FIELDS = "scope", "fields"  # beside the levels, in the one statement that reads all


class SwitchError(ValueError):
    """A switch that cannot be set; the message says why."""


@dataclass(frozen=True)
class Switches:
    """The switches of a tenant that bear on some accounts and contacts, its scopes, and what it has set about
    fields (by resource, "invoices.invoice"; see `core.modules.flags`)."""

    #: (module, level, target id) -> on
    set: dict[tuple[str, str, int], bool] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    tenant_id: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    def at(self, module: str, level: str, target_id: int) -> bool | None:
        """What is set at exactly that place; None where nothing is."""
        return self.set.get((module, level, target_id))

    def on_for_tenant(self, module: str) -> bool:
        """Whether the module is on where nobody says otherwise. Modules are off by default, the
        portal itself is on."""
        on = self.at(module, "tenant", self.tenant_id)
        return (module == PORTAL) if on is None else on

    def on(self, module: str, account_id: int | None, contact_id: int | None) -> bool:
        """Whether the module is on for a contact looking at an account: the nearest switch decides."""
        for level, target in (("contact", contact_id), ("account", account_id)):
            here = None if target is None else self.at(module, level, target)
            if here is not None:
                return here
        return self.on_for_tenant(module)

    def scope(self, module: str) -> Scope:
        """How much of an account is seen in the module."""
        return self.scopes.get(module, Scope.ACCOUNT)


def settings_of(accounts: ColumnElement[bool], contacts: ColumnElement[bool] | None = None) -> list[Any]:
    """Statements over the tenant's switches, those of `accounts` and `contacts` among them (conditions on the
    switch's target), its scopes and its settings of fields: module or resource, level, target, on, text."""
    wanted = [Switch.level == "tenant", (Switch.level == "account") & accounts]
    if contacts is not None:
        wanted.append((Switch.level == "contact") & contacts)
    switches = select(Switch.module, Switch.level, Switch.target_id, Switch.on, literal("")).where(or_(*wanted))
    # Not joined: a module that nobody has switched yet may have a scope.
    scoped = select(ModuleScope.module, literal(_SCOPE), literal(0), literal(False), ModuleScope.scope)
    resource = FieldSettings.module + "." + FieldSettings.resource
    fields = select(resource, literal(_FIELDS), literal(0), literal(False), FieldSettings.settings)
    return [switches, scoped, fields]


def made_of(rows: Iterable[Any], tenant_id: int) -> Switches:
    """What the rows of `settings_of` say."""
    found = Switches({}, {}, tenant_id, {})
    for module, level, target, on, text in rows:
        if level == _SCOPE:
            found.scopes[module] = Scope(text)
        elif level == _FIELDS:
            found.fields[module] = text
        else:
            found.set[module, level, target] = on
    return found


_SETTINGS = keep(union_all(*settings_of(InKeys(Switch.target_id, "accounts"))))


def read_switches(session: WalledSession, accounts: Iterable[int] = ()) -> Switches:
    """The tenant's switches, those of the given accounts, and the settings of fields, in one statement. The session
    is the system's or the staff's."""
    rows = session.execute(_SETTINGS, {"accounts": list(accounts)})
    return made_of(rows, session.sight.viewer.tenant_id or 0)


def set_switch(
    session: WalledSession, registry: Registry, module: str, level: str, target_id: int, on: bool | None
) -> None:
    """Set a switch, or remove it with None so that the next level decides. At the tenant's level the
    module's own hook runs in the same transaction, with a session of the system's.

    Raises SwitchError for a module that is not there, an unknown level, or a module whose hook fails;
    the caller then rolls back."""
    if module != PORTAL and module not in registry.modules and on:
        raise SwitchError(f"there is no module {module!r} here")
    if level not in LEVELS:
        raise SwitchError(f"a switch is set at {', '.join(LEVELS)}, not at {level!r}")
    switch = session.scalar(
        select(Switch).where(Switch.module == module, Switch.level == level, Switch.target_id == target_id)
    )
    if on is None:
        if switch is not None:
            session.delete(switch)
    elif switch is None:
        session.add(Switch(module=module, level=level, target_id=target_id, on=on))
    else:
        switch.on = on
    session.flush()
    send(session, ModuleSwitched(module, level, target_id, on))
    if level == "tenant" and module in registry.modules and on is not None:
        try:
            registry.call_within(session, "postigo_enabled" if on else "postigo_disabled", module)
        except ModuleFailed as error:
            raise SwitchError(f"the module failed while it was being switched (error {error})") from error


def set_scope(session: WalledSession, module: str, scope: Scope) -> None:
    """Set how much of an account contacts see in a module."""
    row = session.scalar(select(ModuleScope).where(ModuleScope.module == module))
    if row is None:
        session.add(ModuleScope(module=module, scope=scope.value))
    else:
        row.scope = scope.value
    session.flush()
