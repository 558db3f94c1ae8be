"""Which statements a session runs at all, before their parts are looked at."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import ColumnProperty, Mapper, ORMExecuteState

from core.db.record import Record
from core.db.viewer import Kind, Viewer
from core.db.walk import Refused
from core.db.wall import OfInstallation, OwnedPart, Part, Recorded, Shared

_KEPT_IN_STEP = frozenset({"owner", "published", "audience"})


class ReadOnly(RuntimeError):
    """Something tried to write in a session that was opened for reading."""


def refuse_statement(state: ORMExecuteState, writes: bool, viewer: Viewer) -> None:
    """Raise Refused for a statement that can carry no predicate or writes what only a flush may, and
    ReadOnly for one that writes in a session that reads."""
    if not state.is_orm_statement:
        raise Refused("only statements over mapped classes run here: select(YourModel), not a table or text")
    if state.is_insert:
        raise Refused("insert() passes by the wall; use session.add")
    if state.is_from_statement:
        raise Refused("from_statement passes by the wall; write the statement over mapped classes")
    if isinstance(state.parameters, list | tuple):
        raise Refused("one statement takes one set of parameters here")
    if not (state.is_update or state.is_delete):
        return
    if not writes:
        raise ReadOnly("this request only reads")
    mapper = state.bind_mapper
    assert mapper is not None
    refuse_writer(viewer, mapper.class_)
    if mapper.class_ is Record:
        raise Refused("the core keeps each record's entry itself; change the module's own row")
    if state.is_update:
        _refuse_values(state, mapper)
    elif issubclass(mapper.class_, Recorded):
        raise Refused("delete() would leave the record's entry behind; use session.delete")


def refuse_writer(viewer: Viewer, cls: type[Any]) -> None:
    """Raise Refused where this kind of viewer writes no row of `cls`, whichever row it is: clients
    write rows of modules alone, and none that is for many; a visitor none, and the installation its own."""
    of_installation = issubclass(cls, OfInstallation)
    not_theirs = not getattr(cls, "portal_module", "") or issubclass(_whole(cls), Shared)
    if viewer.kind is Kind.VISITOR or (viewer.kind is Kind.CONTACT and not_theirs):
        raise Refused(f"a {viewer.kind} writes no {cls.__name__}; let the system do it")
    if viewer.kind is Kind.INSTALLATION and not of_installation:
        raise Refused(f"the installation writes no {cls.__name__}, which belongs to a tenant")


def _whole(cls: type[Any]) -> type[Any]:
    """The class that `cls` is part of, or part of a part of; itself, where it is no part."""
    while issubclass(cls, Part):
        cls = cls.part_of
    return cls


def _refuse_values(state: ORMExecuteState, mapper: Mapper[Any]) -> None:
    """Ids, owner columns, references and what the record's entry or the search repeats move through a flush alone."""
    cls: Any = mapper.class_
    repeated = {"owner"} if issubclass(cls, OwnedPart) else set()
    if issubclass(cls, Recorded):
        repeated |= {cls.portal_number, cls.portal_title, *cls.portal_searched, *_KEPT_IN_STEP}
    for name in _assigned(state, mapper):
        attribute = mapper.attrs.get(name)
        if not isinstance(attribute, ColumnProperty):
            raise Refused(f"update() sets columns alone, and {name} is none")
        column = attribute.columns[0]
        if column.primary_key or column.foreign_keys or name == "tenant_id" or name in repeated:
            raise Refused(f"update() may not touch {name}; change the loaded row")


def _assigned(state: ORMExecuteState, mapper: Mapper[Any]) -> Iterator[str]:
    """Names of the attributes that an update sets, through values() or through its parameters."""
    statement: Any = state.statement
    for column in statement._values or ():
        if isinstance(column, Column) and column in mapper.local_table.c.values():
            yield mapper.get_property_by_column(column).key
        else:
            yield getattr(column, "key", None) or str(column)
    parameters: Any = state.parameters or {}
    for name in parameters:
        if name in mapper.attrs or name in mapper.local_table.c:
            yield name
