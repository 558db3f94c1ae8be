"""Records that go from one status to the next: the conditions under which they may, and what takes them there."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_

from core.db.session import WalledSession
from core.records.actions import write_values


def in_status(*statuses: str) -> Callable[[Any], ColumnElement[bool]]:
    """The condition (an action's `when`) that a record's column `status` holds one of these."""
    # One by one: the text of an IN is written anew each time that it runs.
    return lambda model: or_(*(model.status == each for each in statuses))


def move_to(status: str) -> Callable[[WalledSession, Any, Mapping[str, Any]], None]:
    """What an action does (its `run`) that writes what was typed, and brings a record into a status."""

    def run(session: WalledSession, row: Any, values: Mapping[str, Any]) -> None:
        write_values(session, row, values)
        row.status = status

    return run
