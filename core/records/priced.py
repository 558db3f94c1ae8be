"""The priced lines of a record as people meet them: the table that everybody reads, and the resource by which staff
write them, so that the record always comes to what its lines say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from core.db.session import WalledSession
from core.i18n import lazy_gettext
from core.records.actions import write_values
from core.records.lines import add_up, reckon
from core.records.part_actions import part_actions
from core.records.resource import Child, Field, Resource

_FIELDS = (
    Field("description", lazy_gettext("Description"), listed=True, required=True),
    Field("quantity", lazy_gettext("Quantity"), "quantity", listed=True, required=True),
    Field("unit_price", lazy_gettext("Unit price"), "price", listed=True, required=True),
    Field("discount", lazy_gettext("Discount (%)"), "quantity"),
    Field("tax_rate", lazy_gettext("VAT (%)"), "quantity"),
)
_NET, _TOTAL = Field("net", lazy_gettext("Net amount")), Field("total", lazy_gettext("Total"), listed=True)


def line_fields(*names: str) -> tuple[Field, ...]:
    """What a priced line consists of, without the amounts that it comes to: the fields of these names, in the order of
    the class `PricedLine`; all of them, where none is named."""
    return tuple(field for field in _FIELDS if not names or field.name in names)


def priced_lines(model: Any, *more: Field) -> Child:
    """The child table of a record's priced lines, `model` being a class with the mixin `PricedLine`; `more` are
    fields of the record's own, after the description."""
    fields = (_FIELDS[0], *more, *_FIELDS[1:], _NET, _TOTAL)
    return Child("lines", lazy_gettext("Lines"), model, order="position", fields=fields)


def line_resource(
    model: Any, *more: Field, when: Callable[[Any], ColumnElement[bool]] | None = None, closed: Any = ""
) -> Resource:
    """The resource `line`, by which staff write a record's priced lines on its page. `more` are fields of the record's
    own, after the tax. `when` is a condition over the record, under which its lines may be written; who comes too late
    is told `closed`."""
    fields = (*_FIELDS, *more)
    asked = tuple(field.name for field in fields if field.expression is None)
    ask = lazy_gettext("Take this line out?")
    return Resource(
        name="line",
        title=lazy_gettext("Lines"),
        singular=lazy_gettext("Line"),
        model=model,
        number="description",
        fields=(*fields, _TOTAL),
        actions=part_actions(
            model,
            lazy_gettext("Add a line"),
            ask,
            asked,
            write=write_line,
            remove=remove_line,
            when=when,
            closed=closed,
        ),
    )


def write_line(session: WalledSession, line: Any, values: Mapping[str, Any]) -> None:
    """Write a line, behind those that are there where no place is named, and what its record comes to with it. Raises
    Misfit where the amounts are too large."""
    record, others = _record(session, line), _others(session, line)
    write_values(session, line, values)
    if not line.position:
        line.position = max((other.position for other in others), default=0) + 1
    reckon(line, record.currency)
    add_up(record, [*others, line])


def remove_line(session: WalledSession, line: Any, values: Mapping[str, Any]) -> None:
    """Take a line out of its record, and write what that comes to without it."""
    add_up(_record(session, line), _others(session, line))
    session.delete(line)


def _record(session: WalledSession, line: Any) -> Any:
    return session.get_one(type(line).part_of, line.parent_id)


def _others(session: WalledSession, line: Any) -> Sequence[Any]:
    """The other lines of the same record."""
    model = type(line)
    return session.scalars(select(model).where(model.parent_id == line.parent_id, model.id != (line.id or 0))).all()
