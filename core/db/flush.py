"""What happens to each row between `add` and the database: stamps, checks, and the look back."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Mapper

from core.db.model import Model
from core.db.record import Record
from core.db.viewer import Kind
from core.db.walk import Refused
from core.db.wall import Owned

if TYPE_CHECKING:
    from core.db.session import WalledSession


def owner_of(account_id: int | None, contact_id: int | None) -> int | None:
    """The value of the `owner` column: the account, else minus the contact, else nothing (such a row
    is seen by staff alone)."""
    if account_id is not None:
        return account_id
    return None if contact_id is None else -contact_id


def stamp(session: "WalledSession", instance: Any) -> None:
    """Write what is the core's to write: tenant and owner, and the row's entry in `record`.

    Raises Refused for a tenant other than the viewer's, and for an id that was set by hand."""
    state = inspect(instance)
    tenant_id = session.sight.viewer.tenant_id
    if hasattr(instance, "tenant_id") and tenant_id is not None:
        if instance.tenant_id is None and state.transient | state.pending:
            instance.tenant_id = tenant_id
        if instance.tenant_id != tenant_id:
            raise Refused("a row cannot be written for another tenant than the viewer's")
    if not isinstance(instance, Owned):
        return
    if state.pending and instance.id is not None:
        raise Refused("a record's id is given by the core; leave it empty")
    instance.owner = owner_of(instance.account_id, instance.contact_id)
    _keep_record(session, instance)


def _keep_record(session: "WalledSession", instance: Owned) -> None:
    cls = type(instance)
    if not cls.portal_resource:
        raise Refused(f"{cls.__name__} belongs to no resource; declare one in postigo_resources")
    record = instance.record
    if record is None:
        record = instance.record = Record(
            tenant_id=instance.tenant_id, module=cls.portal_module, resource=cls.portal_resource
        )
        session.add(record)
    for name, value in record_values(instance).items():
        setattr(record, name, value)


def record_values(instance: Owned) -> dict[str, Any]:
    """The columns of the `record` row that follow from the module's own row."""
    cls = type(instance)
    published = instance.published
    return {
        "number": str(getattr(instance, cls.portal_number, None) or "")[:200],
        "title": str(getattr(instance, cls.portal_title, None) or "")[:500] if cls.portal_title else "",
        "account_id": instance.account_id,
        "site_id": instance.site_id,
        "contact_id": instance.contact_id,
        "owner": instance.owner,
        "published": True if published is None else published,
    }


def check_references(session: "WalledSession", instance: Any) -> None:
    """Look up through the wall every id of another row that this flush sets, so that nothing refers to
    a row which its writer cannot see; and that a site is one of the account.

    Raises Refused. The database's own foreign keys do not ask whose row it is."""
    state = inspect(instance)
    mapper: Mapper[Any] = state.mapper
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if not column.foreign_keys or not state.attrs[attribute.key].history.added:
            continue
        value = getattr(instance, attribute.key)
        target = _class_of_table(next(iter(column.foreign_keys)).column.table)
        if value is not None and target is not None and not _is_core_link(instance, attribute.key):
            if session.scalar(select(target.id).where(target.id == value)) is None:  # type: ignore[attr-defined]
                raise Refused(f"{attribute.key} names a row that is not there")
    _check_site(session, instance)


def _is_core_link(instance: Any, name: str) -> bool:
    """The tenant (stamped) and the id that a record shares with its row are not the author's to set."""
    return name == "tenant_id" or (name == "id" and isinstance(instance, Owned))


def _check_site(session: "WalledSession", instance: Any) -> None:
    site_id = getattr(instance, "site_id", None)
    if site_id is None or not hasattr(instance, "account_id"):
        return
    site: Any = _class_of_table(Model.metadata.tables["site"])
    belongs = select(site.id).where(site.id == site_id, site.account_id == instance.account_id)
    if session.scalar(belongs) is None:
        raise Refused("the site is not one of the account's")


def _class_of_table(table: Any) -> type[Model] | None:
    return next((m.class_ for m in Model.registry.mappers if m.local_table is table), None)


def check_written(session: "WalledSession", instances: Iterable[Any]) -> None:
    """Select again, through the wall, what a contact has just written: what they could not see, they
    may not write. Raises Refused, which undoes the transaction."""
    written: dict[type[Any], set[int]] = defaultdict(set)
    for instance in instances:
        if instance not in session.deleted and session.sight.viewer.kind is Kind.CONTACT:
            written[type(instance)].add(instance.id)
    for cls, ids in written.items():
        seen = set(session.scalars(select(cls.id).where(cls.id.in_(ids))))
        if seen != ids:
            raise Refused(f"{cls.__name__}: a row outside of the viewer's reach cannot be written")
