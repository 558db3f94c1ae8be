"""Records that follow from another, of whatever module (an order from the quote that was accepted): each begun once,
with what was agreed on."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from core.db.kept import kept
from core.db.record import Record
from core.db.session import WalledSession
from core.db.wall import Owned
from core.records.actions import Action
from core.records.errors import NotHere
from core.records.fields import value_of
from core.records.lines import PricedLine, add_up
from core.records.links import link
from core.records.models import RecordLink
from core.records.resource import Field, Resource

_KIND = "led_to"
_SOURCE = bindparam("source", type_=BigInteger())
#: what a line keeps of the one that it follows, to the last minor unit
_KEPT = ("description", "quantity", "unit_price", "discount", "tax_rate", "currency", "net", "tax", "total")


def may_follow(session: WalledSession, resource: Resource, action: Action, source: Resource, source_id: int) -> bool:
    """Whether the action may begin one of `resource` that follows from that record of `source`: an account's, in one of
    the states that the action names, of which none was begun before."""
    status = source.field(source.status)
    if status is None or not issubclass(source.model, Owned):
        return False
    model: Any = source.model
    state = value_of(model, status)

    def build() -> Select[Any]:
        of_kind = (Record.module == resource.model.portal_module, Record.resource == resource.name)
        led = select(RecordLink.id).join(Record, Record.id == RecordLink.to_id).where(*of_kind)
        begun = led.where(RecordLink.from_id == model.id, RecordLink.kind == _KIND).correlate(model).exists()
        fits = (model.account_id.is_not(None), state.in_(action.follows), ~begun)
        return select(model.id).where(model.id == _SOURCE, *fits)

    return session.scalar(kept(("follows", resource, action, source), build), {"source": source_id}) is not None


def hold(session: WalledSession, source: Resource, source_id: int) -> Any:
    """The row of what is followed, as it is now and nobody else writes it until this transaction ends. Raises NotHere
    where it is gone."""
    model: Any = source.model
    asked = select(model).where(model.id == source_id).with_for_update(key_share=True)
    row = session.scalars(asked, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        raise NotHere
    return row


def begins_as(source: Resource, row: Any, fields: Iterable[Field]) -> Mapping[str, Any]:
    """What a form of these fields begins with, by column: what the row that is followed has of the same name."""
    theirs = {field.name for field in source.fields if field.expression is None}
    return {field.name: getattr(row, field.name) for field in fields if field.name in theirs}


def take_over(session: WalledSession, source: Resource, source_row: Any, resource: Resource, row: Any) -> None:
    """Give a new record the priced lines of the one that it follows, but those that were optional, and link the two."""
    theirs, own = _line_class(source), _line_class(resource)
    if theirs is not None and own is not None:
        there = session.scalars(
            select(theirs).where(theirs.parent_id == source_row.id).order_by(theirs.position, theirs.id)
        )
        agreed = [line for line in there if not getattr(line, "optional", False)]
        lines = [own(parent_id=row.id, position=n, **_kept(line)) for n, line in enumerate(agreed, 1)]
        session.add_all(lines)
        add_up(row, lines)
    link(session, source_row, row, _KIND)


def _kept(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _KEPT}


def _line_class(resource: Resource) -> Any:
    """The class of a resource's priced lines, or None."""
    return next((child.model for child in resource.children if issubclass(child.model, PricedLine)), None)
