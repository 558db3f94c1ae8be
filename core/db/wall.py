"""The rules of visibility: what each class of rows lets each kind of viewer see.

A class takes one of the mixins below; one that takes none is seen by staff and the system only.
The session (`core.db.session`) adds the predicate built here to every statement; nobody calls it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    and_,
    bindparam,
    false,
    inspect,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, declared_attr, mapped_column, relationship

from core.db.keys import InKeys
from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import EVERYBODY, Record
from core.db.viewer import Scope

if TYPE_CHECKING:
    from core.db.shape import Shape

#: the audience of what is for all clients, and how long the text of one may be
ALL = "all"
LONGEST_AUDIENCE = 400


class ReachShape(NamedTuple):
    """What of a reach shows in the SQL: its scope, and whether it has single sites, granted records, segments."""

    scope: Scope
    has_sites: bool
    has_granted: bool
    has_segments: bool


def person() -> ColumnElement[Any]:
    """The bind that holds the viewer's own id."""
    return bindparam("wall_person", type_=BigInteger(), required=True)


class OfInstallation:
    """Mixin of the few tables without a tenant column: tenants, their hosts, and the work that waits. A tenant's
    viewers see the rows of their own tenant, through the column that `tenant_column` names; clients and
    visitors do where `seen_by_clients` says so. New rows are the installation's to make, but of a class that is
    `made_by_tenants`: a tenant's viewers add rows of their own tenant."""

    tenant_column: ClassVar[str]
    seen_by_clients: ClassVar[bool] = False
    made_by_tenants: ClassVar[bool] = False


class OfTenant:
    """Mixin of every table that carries a tenant; `Internal` when no narrower mixin is taken. The
    indexes of a table that is listed begin with its tenant."""

    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        """What of the tenant's rows a contact sees, as a predicate over `entity`."""
        return false()


class Personal(OfTenant):
    """Rows of one person: a contact sees those whose `contact_id` is theirs."""

    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        return cast(ColumnElement[bool], entity.contact_id == person())


class Recorded(OfTenant):
    """What pages show as a record, be it a client's own or for many: the core keeps the row of `record` that
    shares this row's id. Take `Owned` or `Shared`."""

    #: set by the registry from the resource that shows this class
    portal_resource: ClassVar[str] = ""
    portal_number: ClassVar[str] = ""
    portal_title: ClassVar[str] = ""
    #: whether clients see that number where the tenant says nothing of it; None where they never do
    portal_number_seen: ClassVar[bool | None] = None
    #: whether its records can be talked about, and the attribute that is their state
    portal_talks: ClassVar[bool] = False
    portal_state: ClassVar[str] = ""
    #: the attributes whose words the search finds
    portal_searched: ClassVar[tuple[str, ...]] = ()
    #: of those that are Markdown, what gives the words that a reader has of one
    portal_prose: ClassVar[Mapping[str, Callable[[str], str]]] = {}

    @declared_attr
    def id(cls) -> Mapped[int]:
        return mapped_column(Id, ForeignKey("record.id"), primary_key=True)

    @declared_attr
    def record(cls) -> Mapped[Record]:
        return relationship(Record, lazy="select")

    published: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


#: the columns that say whose a record is
WHOSE = ("account_id", "site_id", "contact_id")


class Owned(Recorded):
    """A portal record: it belongs to an account, a site of it and a contact, or to fewer of them.

    `owner` is the account, else minus the contact, else missing (staff alone see the row); the core
    stamps it."""

    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    owner: Mapped[int | None] = mapped_column(BigInteger)

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        cls = inspect(entity).mapper.class_
        module = cls.portal_module
        reach = shape.modules.get(module)
        if reach is None:
            return false()
        within = _reached(entity, reach, f"wall_in_{module}", grants=issubclass(cls, Granted))
        return and_(entity.published.is_(True), within)


class Granted:
    """Mixin that stands beside `Owned`: single records may be granted to an account or a contact whom they do not
    belong to (`core.modules.grants`), and are seen by them as if they did."""


class Shared(Recorded):
    """A record of the tenant's for all its clients, for the accounts of some segments, or for staff alone:
    `audience` is "all", the segments' ids ("3 7"), or "". Clients for whom the module is on see what is published
    and meant for them, whatever the scope, and write none."""

    audience: Mapped[str] = mapped_column(String(LONGEST_AUDIENCE), default=ALL)

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        module = inspect(entity).mapper.class_.portal_module
        reach = shape.modules.get(module)
        if reach is None:
            return false()
        meant: ColumnElement[bool] = entity.audience == ALL
        if reach.has_segments:
            meant = or_(meant, _in_segments(entity.id, f"wall_in_{module}"))
        return and_(entity.published.is_(True), meant)


class Part(OfTenant):
    """Rows that are seen exactly when the parent that they name is; of those with a column `published`, the ones
    that are not are internal. Made by `PartOf`."""

    part_of: ClassVar[Any]

    @declared_attr
    def parent_id(cls) -> Mapped[int]:
        table = cls.part_of.__tablename__
        return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True)

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        cls = inspect(entity).mapper.class_
        parent = aliased(cls.part_of)
        seen = select(literal(1)).where(parent.id == entity.parent_id, shape.predicate(parent))
        of_parent = seen.correlate_except(parent).exists()
        return and_(entity.published.is_(True), of_parent) if hasattr(cls, "published") else of_parent


class OwnedPart(Part):
    """Parts that carry the owner of their record, too, which the core keeps in step. For who is met by owners alone,
    it narrows what is read to their own; the parent decides all the same. Made by `PartOf(…, owned=True)`."""

    owner: Mapped[int | None] = mapped_column(BigInteger)

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        of_parent = Part.seen_by_contact(entity, shape)
        parent = inspect(entity).mapper.class_.part_of
        reach = shape.modules.get(parent.portal_module)
        if reach is None or not met_by_owners(parent, reach):
            return of_parent
        return and_(InKeys(entity.owner, f"wall_in_{parent.portal_module}_keys"), of_parent)


def PartOf(parent: type, *, owned: bool = False) -> type[Part]:  # noqa: N802 - reads as the class that it makes
    """The mixin for rows that belong to one row of `parent` (lines of an invoice): they carry
    `parent_id` and are seen exactly when the parent is. Of a parent that is `Owned`, they may carry its `owner` as
    well (`owned`), for what is summed across records: an index that begins with it leads to one client's rows."""
    if owned and not issubclass(parent, Owned):
        raise TypeError(f"{parent.__name__} has no owner that its parts could carry")
    return type(f"PartOf{parent.__name__}", (OwnedPart if owned else Part,), {"part_of": parent})


def met_by_owners(cls: type, reach: ReachShape) -> bool:
    """Whether the keys of a reach of this shape are the owners of all that it holds of a class: nothing in it is
    reached by a single site, or granted."""
    return not (reach.has_sites or (reach.has_granted and issubclass(cls, Granted)))


def _reached(entity: Any, reach: ReachShape, prefix: str, grants: bool = True) -> ColumnElement[bool]:
    """Rows within a reach of this shape; its values come as the binds `<prefix>_keys`, `_sites`, `_granted`."""
    scope, has_sites, has_granted, _ = reach
    within: ColumnElement[bool] = InKeys(entity.owner, f"{prefix}_keys")
    if has_sites:
        within = or_(within, and_(InKeys(entity.site_id, f"{prefix}_sites"), _at_a_site_of_its_owner(entity)))
    if scope is Scope.CONTACT:
        within = and_(entity.contact_id == person(), within)
    return or_(within, InKeys(entity.id, f"{prefix}_granted")) if has_granted and grants else within


def _at_a_site_of_its_owner(entity: Any) -> ColumnElement[bool]:
    """Whether the row's site is still its owner's. A site that goes to another account takes none of the
    old account's rows along to the people of the new one."""
    site = Model.metadata.tables["site"].alias()
    at = select(literal(1)).where(site.c.id == entity.site_id, site.c.account_id == entity.owner)
    return at.correlate_except(site).exists()


def _in_segments(record_id: Any, prefix: str) -> ColumnElement[bool]:
    """Whether a record is for a segment that the reach has, whose ids come as the bind `<prefix>_segments`."""
    meant = Model.metadata.tables["record_segment"].alias()
    chosen = select(meant.c.record_id).where(InKeys(meant.c.segment_id, f"{prefix}_segments"))
    return cast(ColumnElement[bool], record_id.in_(chosen.correlate(None)))


def record_seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
    """The rule of the record row: that of the module which it belongs to. What is for all clients has an owner of
    its own, which stands among the keys of every reach here."""
    terms = []
    for i, reach in enumerate(shape.groups):
        prefix = f"wall_group{i}"
        seen = _reached(entity, reach, prefix)
        if reach.scope is Scope.CONTACT:
            seen = or_(seen, entity.owner == EVERYBODY)
        if reach.has_segments:
            seen = or_(seen, _in_segments(entity.id, prefix))
        terms.append(and_(InKeys(entity.module, f"{prefix}_modules", of_text=True), seen))
    return and_(entity.published.is_(True), or_(false(), *terms))
