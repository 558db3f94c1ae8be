"""What a module is: the object that its package exports, what it may be called, and the classes that are its own."""

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from core.db.classes import check_classes, tables_of_core
from core.db.model import Model
from core.db.wall import Recorded

if TYPE_CHECKING:
    from core.records.resource import Resource

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_RESERVED = frozenset({"core", "portal", "staff", "files", "alembic", "sqlite"})


class ModuleError(Exception):
    """A module cannot be taken in; the message is shown to staff."""


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
