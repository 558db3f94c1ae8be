"""What of a viewer's sight is part of the SQL, and what is a value in it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, false, inspect, true
from sqlalchemy.sql.cache_key import HasCacheKey
from sqlalchemy.sql.visitors import ExtendedInternalTraversal

from core.db.classes import refuse_class
from core.db.record import EVERYBODY, Record
from core.db.viewer import Kind, Reach, Sight
from core.db.wall import OfInstallation, OfTenant, ReachShape, record_seen_by_contact


def _tenant() -> ColumnElement[Any]:
    return bindparam("wall_tenant", type_=BigInteger(), required=True)


class Shape(HasCacheKey):
    """What of a viewer's sight is part of the SQL itself and not of its values. It enters the key of
    the statement cache, so that one viewer never gets a statement that was made for another's."""

    _cache_key_traversal = [("token", ExtendedInternalTraversal.dp_plain_obj)]

    def __init__(self, sight: Sight) -> None:
        self.kind = sight.viewer.kind
        self.portal = _shape_of(sight.portal)
        self.modules = {name: _shape_of(r) for name, r in sorted(sight.modules.items()) if r.open}
        self.groups = tuple(_shape_of(reach) for reach, _ in sight.groups)
        self.token = (self.kind, self.portal, tuple(self.modules.items()), self.groups)

    def predicate(self, entity: Any) -> ColumnElement[bool]:
        """What this kind of viewer sees of `entity`, a mapped class or an alias of one."""
        mapper = inspect(entity, raiseerr=False)
        if mapper is None or not hasattr(mapper, "mapper"):
            return true()  # the unmapped base, which the criterion is resolved with once
        cls = mapper.mapper.class_
        refuse_class(cls)
        if issubclass(cls, OfInstallation):
            if self.kind is Kind.INSTALLATION:
                return true()
            if self.kind in (Kind.CONTACT, Kind.VISITOR) and not cls.seen_by_clients:
                return false()
            return cast(ColumnElement[bool], getattr(entity, cls.tenant_column) == _tenant())
        if self.kind in (Kind.INSTALLATION, Kind.VISITOR) or not hasattr(cls, "tenant_id"):
            return false()
        same_tenant: ColumnElement[bool] = entity.tenant_id == _tenant()
        if self.kind is not Kind.CONTACT:
            return same_tenant
        if cls is Record:
            return and_(same_tenant, record_seen_by_contact(entity, self))
        if not issubclass(cls, OfTenant):
            return false()
        return and_(same_tenant, cls.seen_by_contact(entity, self))


def _shape_of(reach: Reach) -> ReachShape:
    return ReachShape(reach.scope, bool(reach.sites), bool(reach.granted), bool(reach.segments))


def shaped(sight: Sight) -> tuple[Shape, Mapping[str, Any]]:
    """The shape of a sight, and the values of every bind that a predicate may hold for it: made once."""
    found: tuple[Shape, Mapping[str, Any]] | None = sight.made.get("wall")
    if found is None:
        found = sight.made["wall"] = Shape(sight), MappingProxyType(_binds(sight))
    return found


def _binds(sight: Sight) -> dict[str, Any]:
    viewer = sight.viewer
    values: dict[str, Any] = {"wall_tenant": viewer.tenant_id, "wall_person": viewer.person_id}
    values.update(_reach_binds("wall_portal", sight.portal))
    values["wall_accounts"] = sight.accounts
    for name, reach in sight.modules.items():
        values.update(_reach_binds(f"wall_in_{name}", reach))
    for i, (reach, names) in enumerate(sight.groups):
        values.update(_reach_binds(f"wall_group{i}", reach))
        values[f"wall_group{i}_keys"] = (*reach.keys, EVERYBODY)
        values[f"wall_group{i}_modules"] = names
    return values


def _reach_binds(prefix: str, reach: Reach) -> Iterator[tuple[str, Any]]:
    yield f"{prefix}_keys", reach.keys
    yield f"{prefix}_sites", reach.sites
    yield f"{prefix}_granted", reach.granted
    yield f"{prefix}_segments", reach.segments
