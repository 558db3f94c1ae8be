"""Rows of records as statements select them: values, and beside them the names of what they refer to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased

from core.crm.models import Account, Contact, Site, whole_name
from core.crm.segments import Segment
from core.db.shared import RecordSegment
from core.records.fields import NAMED, Untold, kind_of, referred, value_of
from core.records.resource import Field


def name_of(model: Any, field: Field) -> ColumnElement[str] | None:
    """The name behind a field that holds an account's, a site's or a contact's id, for who may see that
    one, or the copied one of who of the staff looks after it; None for any other field. It is read beside the
    row, through the wall, and never joined: a name that is hidden from the reader leaves the row where it is."""
    kind = kind_of(model, field)
    if kind not in NAMED:
        return None
    if isinstance(field, Untold):
        return literal("")
    if kind == "staff":
        copied: ColumnElement[str] = getattr(model, f"{field.name.removesuffix('_id')}_name")
        return copied
    value = value_of(model, field)
    named: dict[str, Select[Any]] = {
        "account": select(Account.name).where(Account.id == value),
        "site": select(Site.name).where(Site.id == value),
        "contact": select(whole_name()).where(Contact.id == value),
    }
    made = _beside(kind, model, field, value) if kind in ("record", "audience") else named[kind]
    return made.correlate(model).scalar_subquery()


def _beside(kind: str, model: Any, field: Field, value: ColumnElement[Any]) -> Select[Any]:
    """The name of another record of the module, or those of the segments that a record is for."""
    if kind == "record":
        other = aliased(referred(model, field))
        return select(getattr(other, other.portal_number)).where(other.id == value)
    of_record = select(func.aggregate_strings(Segment.name, ", ")).join(
        RecordSegment, RecordSegment.segment_id == Segment.id
    )
    return of_record.where(RecordSegment.record_id == model.id)


def columns_of(model: Any, fields: Sequence[Field]) -> list[ColumnElement[Any]]:
    """What a statement selects for these fields: the id as `row_id`, each value as `f_<name>`, names as
    `n_<name>`, and the row's currency as `row_currency` where it has one."""
    columns = [model.id.label("row_id")] + [value_of(model, f).label(f"f_{f.name}") for f in fields]
    columns += [name.label(f"n_{f.name}") for f in fields if (name := name_of(model, f)) is not None]
    return [*columns, model.currency.label("row_currency")] if hasattr(model, "currency") else columns


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its id, its values by field name, and the names of what some of them refer to."""

    id: int
    values: Mapping[str, Any]
    names: Mapping[str, str]
    currency: str = ""


def rows_of(found: Iterable[Any], model: Any, fields: Sequence[Field]) -> list[Row]:
    """The rows of a statement made with `columns_of` (what it selects beside comes behind)."""
    names = [f.name for f in fields]
    named = [f.name for f in fields if kind_of(model, f) in NAMED]
    first_name = 1 + len(names)
    first_more = first_name + len(named)
    has_currency = hasattr(model, "currency")
    return [
        Row(
            row[0],
            dict(zip(names, row[1:first_name], strict=True)),
            {name: value or "" for name, value in zip(named, row[first_name:first_more], strict=True)} if named else {},
            (row[first_more] or "") if has_currency else "",
        )
        for row in found
    ]
