"""Finds the installed modules, takes in what they declare, and calls their hooks one at a time."""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy
from sqlalchemy import inspect

from core.db.classes import check_classes, forget_classes, tables_of_core
from core.db.flags import FieldFlags
from core.db.model import Model
from core.db.session import WalledSession, beside_as_system
from core.db.wall import Recorded
from core.modules.flags import as_layers
from core.modules.health import Health
from core.modules.hookspecs import PROJECT, Hooks
from core.modules.periodic import Periodic
from core.modules.periodic import fault as fault_of_periodic
from core.outbox.kinds import MailKind, fault

if TYPE_CHECKING:
    from flask import Blueprint

    from core.records.resource import Panel, Resource, Widget

log = logging.getLogger(__name__)

GROUP = "postigo.modules"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_RESERVED = frozenset({"core", "portal", "staff", "files", "alembic", "sqlite"})


class ModuleError(Exception):
    """A module cannot be taken in; the message is shown to staff."""


class ModuleFailed(Exception):
    """A module's hook raised; the text is the error id under which the log has the traceback."""


class Module:
    """What a module's package exports as `module`: derive, set the attributes, implement hooks."""

    #: the name in URLs, tables and settings: lower case letters, digits and underscores
    name: str
    #: what pages call it (a lazy translation)
    title: Any
    version: str = "0"
    #: an icon of the shell's set; see the guide for module authors
    icon: str = "module"

    @property
    def package(self) -> str:
        """The import name of the package that the module lives in."""
        return type(self).__module__

    def folder(self, name: str) -> Path | None:
        """One of the package's conventional folders (`migrations`, `templates`, …), if it is there."""
        path = Path(str(files(self.package))) / name
        return path if path.is_dir() else None


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
        self.routes[name] = list(self._ask(module, "postigo_routes"))
        self.widgets[name] = list(self._ask(module, "postigo_widgets"))
        for widget in self.widgets[name]:
            if not isinstance(getattr(widget, "name", None), str) or not callable(getattr(widget, "render", None)):
                raise ModuleError(f"{widget!r} is no widget")
        self.panels[name] = list(self._ask(module, "postigo_panels"))
        for panel in self.panels[name]:
            if not isinstance(getattr(panel, "resource", None), str) or not callable(getattr(panel, "render", None)):
                raise ModuleError(f"{panel!r} is no panel")
        self.mails[name] = list(self._ask(module, "postigo_mails"))
        if wrong := next(filter(None, (fault(kind, name) for kind in self.mails[name])), None):
            raise ModuleError(wrong)
        self.periodic[name] = list(self._ask(module, "postigo_periodic"))
        if wrong := next(filter(None, (fault_of_periodic(each, name) for each in self.periodic[name])), None):
            raise ModuleError(wrong)
        said = list(self._ask(module, "postigo_portal_fields"))
        for each in said:
            if each.resource.partition(".")[0] == name:
                raise ModuleError(f"{each.resource}.{each.field} is the module's own; flag it where it is declared")
        self.portal_fields[name] = as_layers(said)
        claim(module, resources)
        for blueprint in self.routes[name]:
            if blueprint.name != name and not blueprint.name.startswith(f"{name}_"):
                raise ModuleError(f"the blueprint {blueprint.name!r} must begin with {name!r}")

    def _ask(self, module: Module, hook: str) -> Sequence[Any]:
        implementation = self._implementation(module.name, hook)
        return list(implementation()) if implementation else []


def check_name(name: str) -> None:
    """Raise ModuleError for what no module may be called: it stands in addresses and begins names of tables."""
    of_core = any(table.name.startswith(f"{name}_") for table in tables_of_core())
    if not _NAME.fullmatch(name) or name in _RESERVED or of_core:
        raise ModuleError(f"{name!r} is not a name for a module")


def claim(module: Module, resources: "Sequence[Resource]") -> None:
    """Mark the module's classes as its own, and bind each record class to its resource. Raises
    ModuleError for a table without the module's prefix, or a record class without a resource, and Refused
    for a class that would pass by the wall."""
    for resource in resources:
        model: Any = resource.model
        model.portal_resource = resource.name
        model.portal_number, model.portal_title = resource.number, resource.title_field
        number = resource.field(resource.number)
        model.portal_number_seen = None if number is None or number.internal else number.seen
        model.portal_talks, model.portal_state = resource.conversation, resource.status
        model.portal_searched = searched_fields(resource)
        model.portal_prose = {f.name: plain for f in resource.fields if (plain := f.plain) is not None}
    package = module.package
    for mapper in Model.registry.mappers:
        cls = mapper.class_
        if cls.__module__ != package and not cls.__module__.startswith(package + "."):
            continue
        cls.portal_module = module.name
        if not str(mapper.local_table).startswith(f"{module.name}_"):
            raise ModuleError(f"the table {str(mapper.local_table)!r} must begin with {module.name!r}_")
        if issubclass(cls, Recorded) and not cls.portal_resource:
            raise ModuleError(f"{cls.__name__} is a record class without a resource")
    check_classes(package)


def searched_fields(resource: "Resource") -> tuple[str, ...]:
    """The attributes whose words find a record: its number, its title, and those of its fields that are searchable,
    as far as they are columns."""
    named = {resource.number, resource.title_field}
    columns = set(inspect(resource.model).columns.keys()) if issubclass(resource.model, Recorded) else set()
    return tuple(
        f.name
        for f in resource.fields
        if f.name in columns and f.expression is None and (f.searchable or f.name in named)
    )


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
