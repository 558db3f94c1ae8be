"""What happens to each row between `add` and the database: stamps, checks, and the look back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, inspect, select, tuple_
from sqlalchemy.orm import Mapper

from core.db.entry import index_written
from core.db.model import Model
from core.db.parts import keep_parts_in_step, stamp_owner
from core.db.record import Record
from core.db.shared import audience_of, keep_segments, owner_by
from core.db.statements import ReadOnly, refuse_writer
from core.db.viewer import Kind
from core.db.walk import Refused
from core.db.wall import WHOSE, OfInstallation, Owned, OwnedPart, Recorded, Shared

if TYPE_CHECKING:
    from core.db.session import WalledSession

# (attribute, class that it refers to, key of that class's attribute, value)
_Reference = tuple[str, type[Any], str, Any]


def owner_of(account_id: int | None, contact_id: int | None) -> int | None:
    """The value of the `owner` column: the account, else minus the contact, else nothing (such a row
    is seen by staff alone)."""
    if account_id is not None:
        return account_id
    return None if contact_id is None else -contact_id


def record_values(instance: Recorded) -> dict[str, Any]:
    """The columns of the `record` row that follow from the module's own row."""
    cls = type(instance)
    whose = {name: getattr(instance, name, None) for name in (*WHOSE, "owner")}
    if isinstance(instance, Shared):
        whose["owner"] = owner_by(audience_of(instance))
    return {
        "number": str(getattr(instance, cls.portal_number, None) or "")[:200],
        "title": str(getattr(instance, cls.portal_title, None) or "")[:500] if cls.portal_title else "",
        **whose,
        "published": _published(instance),
    }


def _published(instance: Recorded) -> bool:
    """What the row says of its publication, or will say by its column's default. Raises Refused where
    that is only known when it is written: the record's entry could then say another thing."""
    published: bool | None = instance.published
    if published is not None:
        return published
    default = inspect(type(instance)).columns["published"].default
    if default is None or not default.is_scalar:
        raise Refused(f"say whether the {type(instance).__name__} is published")
    return bool(default.arg)


def before_flush(session: "WalledSession", context: Any, instances: Any) -> None:
    """Stamp what the core writes, and check what the flush refers to.

    Raises ReadOnly in a session that reads, Refused for a row that its viewer may not write."""
    touched = [*session.new, *(each for each in session.dirty if session.is_modified(each))]
    removed = list(session.deleted)
    if (touched or removed) and not session.writes:
        raise ReadOnly("this request only reads; nothing may be changed in it")
    session._looked_up = set()
    with session.no_autoflush:
        for instance in removed:
            _remove(session, instance)
        kept = {id(stamp(session, instance)) for instance in touched if not isinstance(instance, Record)}
        if any(isinstance(each, Record) and id(each) not in kept for each in touched):
            raise Refused("the core keeps each record's entry itself; change the module's own row")
        check_references(session, touched)


def after_flush(session: "WalledSession", context: Any) -> None:
    """Look at what was written: relations set columns within the flush, past the stamps; and what a
    contact wrote they must see. Raises Refused, which undoes the transaction."""
    written = [state.obj() for state, (deleted, listed) in context.states.items() if not (deleted or listed)]
    with session.no_autoflush:
        for instance in written:
            if isinstance(instance, Recorded):
                _refuse_stale_stamp(instance)
        keep_parts_in_step(session, written)
        check_references(session, written)
        if session.sight.viewer.kind is Kind.CONTACT:
            check_written(session, written)
        index_written(session, written)


def stamp(session: "WalledSession", instance: Any) -> Record | None:
    """Write what is the core's to write: tenant and owner, and the row's entry in `record`, which is
    returned where there is one.

    Raises Refused for a row that is not the viewer's to write, of another tenant, or whose id was set
    by hand."""
    viewer = session.sight.viewer
    refuse_writer(viewer, type(instance))
    state = inspect(instance)
    if isinstance(instance, OfInstallation) and viewer.kind is not Kind.INSTALLATION:
        _refuse_of_installation(instance, viewer.tenant_id, new=state.pending)
    _refuse_own_id(state)
    if hasattr(instance, "tenant_id"):
        if instance.tenant_id is None and state.pending:
            instance.tenant_id = viewer.tenant_id
        if instance.tenant_id != viewer.tenant_id:
            raise Refused("a row cannot be written for another tenant than the viewer's")
    if isinstance(instance, OwnedPart):
        stamp_owner(session, instance)
    if not isinstance(instance, Recorded):
        return None
    if isinstance(instance, Owned):
        instance.owner = owner_of(instance.account_id, instance.contact_id)
    record = _keep_record(session, instance, new=state.pending)
    if isinstance(instance, Shared):
        keep_segments(session, instance, record)
    return record


def _refuse_of_installation(instance: OfInstallation, tenant_id: int | None, *, new: bool) -> None:
    if new and not instance.made_by_tenants:
        raise Refused(f"a new {type(instance).__name__} is the installation's to make")
    if getattr(instance, instance.tenant_column) != tenant_id:
        raise Refused("a row cannot be written for another tenant than the viewer's")


def _refuse_own_id(state: Any) -> None:
    """An id that is taken would answer with an error, and so tell that it exists."""
    for column in state.mapper.primary_key:
        key = state.mapper.get_property_by_column(column).key
        given_out = column is column.table.autoincrement_column or isinstance(state.obj(), Recorded)
        if state.attrs[key].history.added and (given_out or state.persistent):
            raise Refused(f"{key} is given by the database; leave it alone")


def _keep_record(session: "WalledSession", instance: Recorded, new: bool) -> Record:
    cls: Any = type(instance)
    if not cls.portal_resource:
        raise Refused(f"{cls.__name__} belongs to no resource; declare one in postigo_resources")
    if inspect(instance).attrs.record.history.added:
        raise Refused("the core gives each row its entry in record; leave it alone")
    record = instance.record
    if new or record is None:
        record = instance.record = Record(
            tenant_id=instance.tenant_id, module=cls.portal_module, resource=cls.portal_resource
        )
        session.add(record)
    for name, value in record_values(instance).items():
        setattr(record, name, value)
    return record


def _remove(session: "WalledSession", instance: Any) -> None:
    """With a row goes its entry in `record`, which would else be shown without it."""
    if isinstance(instance, Record):
        if session.sight.viewer.kind is Kind.CONTACT:
            raise Refused("the core keeps each record's entry itself; delete the module's own row")
        return
    refuse_writer(session.sight.viewer, type(instance))
    if isinstance(instance, Recorded):
        session.delete(instance.record)


def _refuse_stale_stamp(instance: Recorded) -> None:
    values = record_values(instance)
    stale = isinstance(instance, Owned) and instance.owner != owner_of(instance.account_id, instance.contact_id)
    if stale or any(getattr(instance.record, name) != value for name, value in values.items()):
        raise Refused("set account_id, site_id and contact_id themselves, not through a relationship")


def check_references(session: "WalledSession", instances: Iterable[Any]) -> None:
    """Look up through the wall every id of another row that this flush sets, so that nothing refers to
    a row which its writer cannot see; and that a site is one of the account.

    Raises Refused. The database's own foreign keys do not ask whose row it is."""
    wanted: dict[tuple[type[Any], str], dict[Any, str]] = defaultdict(dict)
    sites: set[tuple[int, int | None]] = set()
    for instance in instances:
        for name, target, key, value in _references(instance):
            wanted[target, key][value] = name
            if name in ("site_id", "account_id") and getattr(instance, "site_id", None) is not None:
                sites.add((instance.site_id, getattr(instance, "account_id", None)))
    for (target, key), values in wanted.items():
        attribute = getattr(target, key)
        new = [value for value in values if (target, key, value) not in session._looked_up]
        seen = set(session.scalars(select(attribute).where(attribute.in_(new)))) if new else set()
        if unseen := set(new) - seen:
            raise Refused(f"{values[unseen.pop()]} names a row that is not there")
        session._looked_up.update((target, key, value) for value in new)
    _check_sites(session, sites - session._looked_up)


def _references(instance: Any) -> Iterator[_Reference]:
    """What this flush makes the row refer to. The tenant (stamped) and the id that a record shares with
    its row are not the author's to set."""
    if isinstance(instance, Record):
        return
    state = inspect(instance)
    for name, target, key in _links(state.mapper):
        if name == "tenant_id" or (name == "id" and isinstance(instance, Recorded)):
            continue
        if state.attrs[name].history.added and (value := getattr(instance, name)) is not None:
            yield name, target, key, value


@lru_cache(maxsize=1000)
def _links(mapper: Mapper[Any]) -> list[tuple[str, type[Any], str]]:
    """The attributes of a class that hold another row's key: (attribute, class, key attribute)."""
    links = []
    for attribute in mapper.column_attrs:
        for foreign_key in getattr(attribute.columns[0], "foreign_keys", ()):
            target = _mapper_of(foreign_key.column.table)
            if target is not None:
                key = target.get_property_by_column(foreign_key.column).key
                links.append((attribute.key, target.class_, key))
    return links


def _mapper_of(table: Table) -> Mapper[Any] | None:
    return next((m for m in Model.registry.mappers if m.local_table is table and m.inherits is None), None)


def _check_sites(session: "WalledSession", sites: set[tuple[int, int | None]]) -> None:
    if not sites:
        return
    mapper = _mapper_of(Model.metadata.tables["site"])
    assert mapper is not None
    site: Any = mapper.class_
    found = session.execute(select(site.id, site.account_id).where(site.id.in_([site_id for site_id, _ in sites])))
    if sites - {(site_id, account_id) for site_id, account_id in found}:
        raise Refused("the site is not one of the account's")
    session._looked_up |= sites


def check_written(session: "WalledSession", instances: Iterable[Any]) -> None:
    """Select again, through the wall, what a contact has just written: what they could not see, they
    may not write. Raises Refused."""
    written: dict[Mapper[Any], set[tuple[Any, ...]]] = defaultdict(set)
    for instance in instances:
        mapper = inspect(instance).mapper
        written[mapper].add(tuple(mapper.primary_key_from_instance(instance)))
    for mapper, keys in written.items():
        columns = [getattr(mapper.class_, mapper.get_property_by_column(c).key) for c in mapper.primary_key]
        chosen = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
        if {tuple(row) for row in session.execute(select(*columns).where(chosen))} != keys:
            raise Refused(f"{mapper.class_.__name__}: a row outside of the viewer's reach cannot be written")
