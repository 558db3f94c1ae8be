"""What may happen to an asset, and what its warranty is worth on a day."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, null

from core.api import Misfit, WalledSession, current_day, gettext, next_number
from plugins.assets.models import RETIRED, Asset, Work

NUMBERS = "A-{:06d}"
COVERED, LAPSED = "covered", "lapsed"


def is_kept(asset: Any) -> ColumnElement[bool]:
    """Whether the asset is still looked after."""
    found: ColumnElement[bool] = asset.state != RETIRED
    return found


def warranty(asset: Any) -> ColumnElement[str | None]:
    """Whether the warranty still holds today; nothing where none is known."""
    until = asset.warranty_until
    return case((until.is_(None), null()), (until >= current_day(), COVERED), else_=LAPSED)


def is_shown(work: Any) -> ColumnElement[bool]:
    """Whether clients read of the work."""
    found: ColumnElement[bool] = work.published.is_(True)
    return found


def is_hidden(work: Any) -> ColumnElement[bool]:
    """Whether it is the staff's alone."""
    found: ColumnElement[bool] = work.published.is_(False)
    return found


def write(session: WalledSession, asset: Asset, values: Mapping[str, Any]) -> None:
    """Begin an asset; without a number, it gets the next."""
    change(session, asset, values)
    if not asset.number:
        asset.number = next_number(session, Asset, NUMBERS)


def change(session: WalledSession, asset: Asset, values: Mapping[str, Any]) -> None:
    """Write what was typed; a number that is left empty stays as it was."""
    before = asset.unit_id
    for name, value in values.items():
        if name != "number" or value:
            setattr(asset, name, value)
    with session.no_autoflush:  # what does not fit is not to be written first
        _check_unit(session, asset, before)


def _check_unit(session: WalledSession, asset: Asset, before: int | None) -> None:
    """What an asset is part of is of the same client, still in use (or was its unit `before`), and no part of the
    asset. Raises Misfit."""
    unit = session.get(Asset, asset.unit_id) if asset.unit_id is not None else None
    if unit is not None and unit.state == RETIRED and unit.id != before:
        raise Misfit("unit_id", gettext("This asset is retired: it gets no more parts."))
    if unit is not None and unit.account_id != asset.account_id:
        raise Misfit("unit_id", gettext("That is another client's."))
    above: set[int] = set()
    while unit is not None and unit.id not in above:
        if unit.id == asset.id:
            raise Misfit("unit_id", gettext("An asset cannot be a part of itself, nor of one of its parts."))
        above.add(unit.id)
        unit = session.get(Asset, unit.unit_id) if unit.unit_id is not None else None


def retire(session: WalledSession, asset: Asset, values: Mapping[str, Any]) -> None:
    """It is there no longer, and stays in the list."""
    asset.state = RETIRED


def remove(session: WalledSession, work: Work, values: Mapping[str, Any]) -> None:
    """Take back what was recorded."""
    session.delete(work)


def hide_or_show(session: WalledSession, work: Work, values: Mapping[str, Any]) -> None:
    """Keep it for the staff, or let clients read it."""
    work.published = not work.published
