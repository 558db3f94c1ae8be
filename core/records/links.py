"""Links between two records, whatever modules they are of: made and taken away by modules, staff and imports, and
shown on the pages of both to those who see both."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, Select, String, bindparam, case, or_, select, type_coerce, union_all
from sqlalchemy.exc import IntegrityError

from core.db.kept import kept
from core.db.keys import InKeys
from core.db.record import Record
from core.db.session import Refused, WalledSession, beside_as_system, keep
from core.db.wall import Recorded
from core.i18n import lazy_gettext, lazy_pgettext
from core.records.fields import effective, value_of
from core.records.models import RecordLink
from core.records.resource import Choice, Field, Resource

#: kind -> what the other end is called, on the page of the record that the link begins at, and on that of the other
KINDS: Mapping[str, tuple[Any, Any]] = {
    "led_to": (lazy_gettext("Led to"), lazy_gettext("Came from")),
    "about": (lazy_pgettext("link", "About"), lazy_gettext("About this")),
    "covers": (lazy_gettext("Covers"), lazy_gettext("Covered by")),
}
#: so many of a record's links are read; a page says where there are more
MOST = 30

_HERE = bindparam("record", type_=BigInteger())


@dataclass(frozen=True)
class Linked:
    """One link of a record, as its reader sees it: the record at the other end. `forward` says whether the link
    begins at the record that was asked for. `number`, `title` and `status` say nothing where the reader does not see
    that field."""

    link_id: int
    kind: str
    forward: bool
    record_id: int
    module: str
    resource: Resource
    number: str
    title: str
    #: what stands in the field that is its state, and what that is called
    state: str | None
    status: Choice | None

    @property
    def label(self) -> Any:
        """What the other end is to this record."""
        return KINDS[self.kind][0 if self.forward else 1]

    @property
    def name(self) -> str:
        """What the other end is called: its number, else its kind."""
        return self.number or f"{self.resource.singular} {self.record_id}"


def link(session: WalledSession, one: Recorded | int, other: Recorded | int, kind: str = "led_to") -> None:
    """Link one record to another (rows, or their ids, of any module): "led_to" says that the other came from the
    one, "about" that the one is about the other, "covers" that the one covers the other. Kept or undone with the
    transaction of the session, whose viewer sees both; linked so already, it stays as it is.

    Raises Refused for a record that the viewer does not see or that is linked to itself, ValueError for a kind that
    is none."""
    if kind not in KINDS:
        raise ValueError(f"there is no kind of link {kind!r}; there are: {', '.join(KINDS)}")
    try:
        with _ends(session, one, other) as (inner, ends):
            if _there(inner, *ends, kind) is None:
                inner.add(RecordLink(from_id=ends[0], to_id=ends[1], kind=kind))
    except IntegrityError:
        if _there(session, _id(one), _id(other), kind) is None:  # else another has made it meanwhile
            raise


def unlink(session: WalledSession, one: Recorded | int, other: Recorded | int, kind: str = "led_to") -> None:
    """Take away what `link` made; where it is not there, nothing happens. Raises Refused as `link` does."""
    with _ends(session, one, other) as (inner, ends):
        there = _there(inner, *ends, kind)
        if there is not None:
            inner.delete(there)


def linked(
    session: WalledSession, resources: Mapping[str, Mapping[str, Resource]], record_id: int, most: int = MOST
) -> list[Linked]:
    """What a record is linked to, of those that the session's viewer sees, the newest first and one more than `most`
    where there are more: in one statement, and one more for the states of what is there. `resources` are those of
    the modules that are there, by module and name."""
    rows = session.execute(_LINKED, {"record": record_id, "most": most + 1}).all()
    of_kinds = {(row.module, row.resource): resources.get(row.module, {}).get(row.resource) for row in rows}
    shown = {kind: _Shown.of(session, each) for kind, each in sorted(of_kinds.items()) if each is not None}
    states = _states(session, tuple(shown.values()), [row.record_id for row in rows])
    return [
        shown[row.module, row.resource].linked(row, states.get(row.record_id))
        for row in rows
        if (row.module, row.resource) in shown
    ]


@dataclass(frozen=True)
class _Shown:
    """What a reader sees of the other ends of one kind."""

    module: str
    resource: Resource
    number: bool
    title: bool
    status: Field | None

    @classmethod
    def of(cls, session: WalledSession, resource: Resource) -> "_Shown":
        fields = {field.name: field for field in effective(resource, session.sight)}
        number, title = resource.number in fields, resource.title_field in fields
        return cls(resource.model.portal_module, resource, number, title, fields.get(resource.status))

    def linked(self, row: Any, state: str | None) -> Linked:
        state = None if self.status is None else state
        status = None if self.status is None or state is None else self.status.choices.get(state) or Choice(state, "")
        number, title = row.number if self.number else "", row.title if self.title else ""
        place = (row.link_id, row.kind, bool(row.forward), row.record_id, self.module, self.resource)
        return Linked(*place, number, title, state, status)


def _newest() -> Select[Any]:
    """The links of the record `record`, and the records at their other ends: the same however many modules are on."""
    columns: tuple[Any, ...] = (
        RecordLink.id.label("link_id"),
        RecordLink.kind,
        case((RecordLink.from_id == _HERE, 1), else_=0).label("forward"),
        Record.id.label("record_id"),
        Record.module,
        Record.resource,
        Record.number,
        Record.title,
    )
    other = case((RecordLink.from_id == _HERE, RecordLink.to_id), else_=RecordLink.from_id)
    asked = select(*columns).join(Record, Record.id == other)
    here = or_(RecordLink.from_id == _HERE, RecordLink.to_id == _HERE)
    return asked.where(here).order_by(RecordLink.id.desc()).limit(bindparam("most"))


_LINKED = keep(_newest())


def _states(session: WalledSession, shown: tuple[_Shown, ...], ids: list[int]) -> dict[int, str]:
    """How far the records of these ids are, those of each kind asked of their own rows."""
    stated = tuple(each for each in shown if each.status is not None)
    if not stated:
        return {}
    found = session.execute(kept(("states", stated), partial(_of_kinds, stated)), {"ids": ids})
    return {row[0]: row[1] for row in found}


def _of_kinds(stated: Sequence[_Shown]) -> Select[Any] | CompoundSelect[Any]:
    asked = []
    for each in stated:
        assert each.status is not None
        model: Any = each.resource.model
        state = type_coerce(value_of(model, each.status), String)
        asked.append(select(model.id, state).where(InKeys(model.id, "ids")))
    return union_all(*asked) if len(asked) > 1 else asked[0]


def _id(record: Recorded | int) -> int:
    return record if isinstance(record, int) else record.id


def _there(session: WalledSession, one: int, other: int, kind: str) -> RecordLink | None:
    return session.scalar(select(RecordLink).filter_by(from_id=one, to_id=other, kind=kind))


@contextmanager
def _ends(
    session: WalledSession, one: Recorded | int, other: Recorded | int
) -> Iterator[tuple[WalledSession, tuple[int, int]]]:
    """A session of the system's within the transaction of `session`, whose viewer sees both ends, and their ids."""
    session.flush()
    ends = (_id(one), _id(other))
    if ends[0] == ends[1]:
        raise Refused("a record cannot be linked to itself")
    if set(session.scalars(select(Record.id).where(Record.id.in_(ends)))) != set(ends):
        raise Refused("a record that is linked is not one that the session's viewer sees")
    with beside_as_system(session) as inner:
        yield inner, ends
