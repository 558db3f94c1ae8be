"""What a mapped class itself could let through, whatever statement it stands in."""

from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Column, Table, inspect
from sqlalchemy.orm import Mapper, RelationshipProperty, configure_mappers

from core.db.model import Model
from core.db.walk import Refused, refuse_expression
from core.db.wall import Granted, OfInstallation, OfTenant, Owned, Shared


@lru_cache(maxsize=2000)
def refuse_class(cls: type[Any]) -> None:
    """Raise Refused for a class whose declaration passes by the wall: a property over a bare table, a
    relationship with SQL of its own, a rule of visibility that is not the core's, a class over a table
    of the core's."""
    mapper: Mapper[Any] = inspect(cls)
    if not _is_core(cls):
        _refuse_stranger(cls, mapper)
    for prop in mapper.column_attrs:
        for expression in prop.columns:
            if not isinstance(expression, Column):
                _refuse(cls, prop.key, expression, {mapper.local_table})
    for relation in mapper.relationships:
        _refuse_relation(cls, relation)
        if not _is_core(cls) and any(_is_core(back.parent.class_) for back in relation._reverse_property):
            raise Refused(f"{cls.__name__}.{relation.key} changes a class of the core's; leave its backref out")


def check_classes(package: str) -> None:
    """Raise for the first mapped class of a package that is not sound: Refused where it would pass by the
    wall, SQLAlchemy's error where a relationship leads nowhere."""
    configure_mappers()
    for cls in _classes_of(package):
        refuse_class(cls)


def forget_classes(package: str) -> None:
    """Unmap what a package that is set aside has mapped. One class of its that leads nowhere would else
    stop every statement of the portal."""
    forgotten = set(_classes_of(package))
    for manager in list(Model.registry._managers):
        if manager.class_ in forgotten:
            Model.metadata.remove(cast(Table, manager.mapper.local_table))
            Model.registry._dispose_manager_and_mapper(manager)
            Model.registry._managers.pop(manager, None)


def _classes_of(package: str) -> list[Any]:
    classes = [mapper.class_ for mapper in Model.registry.mappers if not _is_core(mapper.class_)]
    return [cls for cls in classes if f"{cls.__module__}.".startswith(f"{package}.")]


def tables_of_core() -> set[Table]:
    """The tables of the core's own classes, as far as these were loaded (`core.db.compare.load_models`)."""
    return {cast(Table, mapper.local_table) for mapper in Model.registry.mappers if _is_core(mapper.class_)}


def _is_core(cls: type[Any]) -> bool:
    return cls.__module__.startswith("core.")


def _refuse_stranger(cls: type[Any], mapper: Mapper[Any]) -> None:
    if not issubclass(cls, OfTenant):
        raise Refused(f"{cls.__name__} carries no tenant; derive it from Owned, PartOf(…) or OfTenant")
    if issubclass(cls, OfInstallation):
        raise Refused(f"{cls.__name__} cannot be a table of the installation")
    if Granted in cls.__mro__ and Owned not in cls.__mro__:
        raise Refused(f"{cls.__name__} is Granted and no record; derive it from Owned, too")
    if issubclass(cls, Owned) and issubclass(cls, Shared):
        raise Refused(f"{cls.__name__} is Owned and Shared; take one of the two")
    if not cls.seen_by_contact.__module__.startswith("core."):
        raise Refused(f"{cls.__name__} makes a rule of visibility of its own; take one of the core's mixins")
    for other in Model.registry.mappers:
        if _is_core(other.class_) and (other.local_table is mapper.local_table or mapper.isa(other)):
            raise Refused(f"{cls.__name__} reads a table of the core's; use {other.class_.__name__}")


def _refuse_relation(cls: type[Any], relation: RelationshipProperty[Any]) -> None:
    tables = {relation.parent.local_table, relation.target, relation.secondary} - {None}
    order: Any = relation.order_by or ()
    for expression in (relation.primaryjoin, relation.secondaryjoin, *order):
        if expression is not None:
            _refuse(cls, relation.key, expression, tables)


def _refuse(cls: type[Any], name: str, expression: Any, tables: set[Any]) -> None:
    try:
        refuse_expression(expression, tables)
    except Refused as reason:
        raise Refused(f"{cls.__name__}.{name}: {reason}") from None
