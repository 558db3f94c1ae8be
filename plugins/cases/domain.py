"""What may happen to a case, and what follows from what is said on it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from core.api import MessageWritten, WalledSession, next_number, note, now
from plugins.cases.models import CLOSED, IN_PROGRESS, OPEN, WAITING, Case

NUMBERS = "C-{:06d}"


def is_open(case: Any) -> ColumnElement[bool]:
    """Whether there is still something to do."""
    found: ColumnElement[bool] = case.state != CLOSED
    return found


def is_closed(case: Any) -> ColumnElement[bool]:
    """Whether it is closed, and can be opened again."""
    found: ColumnElement[bool] = case.state == CLOSED
    return found


def open_case(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """Begin a case: give it its number."""
    _write(case, values)
    case.number = next_number(session, Case, NUMBERS)
    case.opened_at = case.active_at = now()


def close(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """Nothing is left to do."""
    _move(case, CLOSED)


def reopen(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """There is something to do after all."""
    _move(case, OPEN)


def change(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """Write what was typed, as something that clients see."""
    _write(case, values)
    case.active_at = now()


def set_urgency(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """Another urgency, as a line of the history that clients see too."""
    before = case.urgency
    change(session, case, values)
    if case.urgency != before:
        note(session, case.id, "urgency", before, case.urgency, published=True)


def assign(session: WalledSession, case: Case, values: Mapping[str, Any]) -> None:
    """Let another of the staff look after it. That is the staff's own affair: for clients nothing has happened."""
    before = case.assignee_name
    _write(case, values)
    session.flush()
    if case.assignee_name != before:
        note(session, case.id, "assignee_id", before, case.assignee_name)


def heard(session: WalledSession, said: MessageWritten) -> None:
    """Something was said on a case: who wrote decides whose turn it is. The session is the system's."""
    case = session.scalar(select(Case).where(Case.id == said.record_id))
    if case is None or not said.published:
        return
    case.active_at = now()
    state = after(case.state, said.by, assigned=case.assignee_id is not None)
    if state != case.state:
        case.state = state


def after(state: str, by: str, *, assigned: bool) -> str:
    """The state of a case once "contact" or "staff" has written on it for the client to see. A client's words
    bring back what waited for them, and what was closed; the staff's leave it to the client to answer."""
    if by == "contact" and state in (WAITING, CLOSED):
        return IN_PROGRESS if assigned else OPEN
    if by == "staff" and state in (OPEN, IN_PROGRESS):
        return WAITING
    return state


def _move(case: Case, state: str) -> None:
    case.state, case.active_at = state, now()


def _write(case: Case, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(case, name, value)
