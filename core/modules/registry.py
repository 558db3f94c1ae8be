"""Finds the installed modules, takes in what they declare, and calls their hooks one at a time."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

import pluggy

from core.db.classes import forget_classes
from core.db.flags import FieldFlags
from core.db.session import WalledSession, beside_as_system
from core.modules.flags import PortalField, as_layers
from core.modules.health import Health
from core.modules.hookspecs import PROJECT, Hooks
from core.modules.module import Module, ModuleError, check_name, claim
from core.modules.periodic import Periodic
from core.modules.periodic import fault as fault_of_periodic
from core.outbox.kinds import MailKind, fault

if TYPE_CHECKING:
    from flask import Blueprint

    from core.records.resource import Panel, Resource, Widget

log = logging.getLogger(__name__)

GROUP = "postigo.modules"


class ModuleFailed(Exception):
    """A module's hook raised; the text is the error id under which the log has the traceback."""


@dataclass
class Quarantined:
    """A module that could not be taken in, and why."""

    name: str
    reason: str


@dataclass(eq=False)
class Registry:
    """The modules of this process, what each declares, and those that failed to load."""

    modules: dict[str, Module] = field(default_factory=dict)
    quarantined: dict[str, Quarantined] = field(default_factory=dict)
    resources: dict[str, "dict[str, Resource]"] = field(default_factory=dict)
    routes: "dict[str, list[Blueprint]]" = field(default_factory=dict)
    widgets: "dict[str, list[Widget]]" = field(default_factory=dict)
    panels: "dict[str, list[Panel]]" = field(default_factory=dict)
    mails: dict[str, list[MailKind]] = field(default_factory=dict)
    periodic: dict[str, list[Periodic]] = field(default_factory=dict)
    #: what a module says of the fields of others: module -> resource ("invoices.invoice") -> flags
    portal_fields: dict[str, dict[str, FieldFlags]] = field(default_factory=dict)
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(Hooks)

    def resource(self, module: str, name: str = "") -> "Resource | None":
        """A module's resource by name, or its first; None where there is none of that name."""
        resources = self.resources.get(module, {})
        return resources.get(name) if name else next(iter(resources.values()), None)

    def take(self, module: Module) -> None:
        """Take one module in, or put it into quarantine when it cannot be. Of two that are called alike, the
        first stays."""
        name = str(getattr(module, "name", "?"))
        if name in self.modules:
            self._set_aside(f"{name} ({type(module).__module__})", ModuleError(f"two modules are called {name!r}"))
            return
        try:
            check_name(module.name)
            self._pluggy.register(module, name=name)
            self._pluggy.check_pending()
            self._declare(module)
        except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything
            self.quarantine(name, error)
            forget_classes(getattr(module, "package", type(module).__module__))

    def quarantine(self, name: str, error: BaseException) -> None:
        """Set a module aside: the portal goes on without it, and staff see the reason."""
        self._set_aside(name, error)
        for taken in (self.modules, self.resources, self.routes, self.widgets, self.panels, self.mails, self.periodic):
            taken.pop(name, None)
        self.portal_fields.pop(name, None)
        if self._pluggy.has_plugin(name):
            self._pluggy.unregister(name=name)

    def _set_aside(self, label: str, error: BaseException) -> None:
        log.error("module %s is in quarantine", label, exc_info=error)
        self.quarantined[label] = Quarantined(label, f"{type(error).__name__}: {error}")

    def call_one(self, hook: str, name: str, **kwargs: Any) -> Any:
        """Call `hook` of one module; None where it implements no such hook. Raises ModuleFailed, which
        names the error's id, when the module raises."""
        implementation = self._implementation(name, hook)
        if implementation is None:
            return None
        try:
            with self.health.timed(name, hook):
                return implementation(**kwargs)
        except Exception as error:
            raise ModuleFailed(self.health.failed(name, hook, error).error_id) from error

    def call_within(self, session: WalledSession, hook: str, name: str, **kwargs: Any) -> None:
        """Call `hook` of one module with a session of the system's, within the transaction of `session`.
        Raises ModuleFailed where the module raises, or leaves what cannot be written; then what it wrote is
        undone, and the transaction may go on."""
        try:
            with beside_as_system(session) as inner:
                self.call_one(hook, name, session=inner, **kwargs)
        except ModuleFailed:
            raise
        except Exception as error:
            raise ModuleFailed(self.health.failed(name, hook, error).error_id) from error

    def call_periodic(self, name: str, periodic: Periodic, session: WalledSession) -> None:
        """Do what a module does periodically, in this session. Raises ModuleFailed where the module raises."""
        try:
            with self.health.timed(name, periodic.name):
                periodic.do(session)
                session.flush()
        except Exception as error:
            raise ModuleFailed(self.health.failed(name, periodic.name, error).error_id) from error

    def implements(self, name: str, hook: str) -> bool:
        """Whether a module has an implementation of a hook."""
        return self._implementation(name, hook) is not None

    @property
    def listens(self) -> bool:
        """Whether any module wants to be told what happens."""
        return any(self.implements(name, "postigo_event") for name in self.modules)

    def owner_of(self, cls: type[Any]) -> str:
        """The module whose package a class lives in; "" for the core's and for strangers'."""
        inside = (name for name, m in self.modules.items() if f"{cls.__module__}.".startswith(f"{m.package}."))
        return next(inside, "")

    def _implementation(self, name: str, hook: str) -> Any:
        module = self.modules.get(name)
        caller = getattr(self._pluggy.hook, hook)
        found = [i for i in caller.get_hookimpls() if i.plugin is module]
        if not found:
            return None
        return lambda **kw: found[0].function(*(kw[a] for a in found[0].argnames))

    def _declare(self, module: Module) -> None:
        """Ask the module for what it declares; anything wrong raises, here and at no later time."""
        name = module.name
        self.modules[name] = module
        resources = self._ask(module, "postigo_resources")
        self.resources[name] = {r.name: r for r in resources}
        self.routes[name] = self._ask(module, "postigo_routes")
        self.widgets[name] = self._ask(module, "postigo_widgets")
        self.panels[name] = self._ask(module, "postigo_panels")
        self.mails[name] = self._ask(module, "postigo_mails")
        self.periodic[name] = self._ask(module, "postigo_periodic")
        said = self._ask(module, "postigo_portal_fields")
        if wrong := next(filter(None, self._faults(name, said)), None):
            raise ModuleError(wrong)
        self.portal_fields[name] = as_layers(said)
        claim(module, resources)

    def _faults(self, name: str, said: Sequence[PortalField]) -> Iterator[str | None]:
        """What is wrong with each thing that a module declares; None for one with which nothing is."""
        yield from (None if _is_box(each, "name") else f"{each!r} is no widget" for each in self.widgets[name])
        yield from (None if _is_box(each, "resource") else f"{each!r} is no panel" for each in self.panels[name])
        yield from (fault(each, name) for each in self.mails[name])
        yield from (fault_of_periodic(each, name) for each in self.periodic[name])
        for each in said:
            if each.resource.partition(".")[0] == name:
                yield f"{each.resource}.{each.field} is the module's own; flag it where it is declared"
        for blueprint in self.routes[name]:
            if blueprint.name != name and not blueprint.name.startswith(f"{name}_"):
                yield f"the blueprint {blueprint.name!r} must begin with {name!r}"

    def _ask(self, module: Module, hook: str) -> list[Any]:
        implementation = self._implementation(module.name, hook)
        return list(implementation()) if implementation else []


def _is_box(thing: Any, named: str) -> bool:
    """Whether something that a module declares as a widget or a panel can be rendered, and has its name."""
    return isinstance(getattr(thing, named, None), str) and callable(getattr(thing, "render", None))


def load_modules(points: Iterable[EntryPoint] | None = None) -> Registry:
    """All installed modules, by name. One that raises while it is imported, or declares what cannot
    be, is in quarantine; the others are there."""
    registry = Registry()
    for point in sorted(points or entry_points(group=GROUP), key=lambda p: p.name):
        try:
            module = point.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001
            taken = point.name in registry.modules
            registry._set_aside(f"{point.name} ({point.value})" if taken else point.name, error)
            forget_classes(point.module)
            continue
        registry.take(module)
    return registry
