"""How staff write the parts of a record, where these belong to nobody but the record: they are changed, taken out and
added, by one writer at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from core.db.session import WalledSession
from core.db.viewer import Kind
from core.i18n import lazy_gettext
from core.records.actions import Action, write_values
from core.records.errors import Misfit

Condition = Callable[[Any], ColumnElement[bool]]
Run = Callable[[WalledSession, Any, Mapping[str, Any]], None]
_STAFF = (Kind.STAFF,)


def part_actions(
    model: Any,
    add: Any,
    confirm: Any,
    fields: Sequence[str] | None = None,
    *,
    write: Run | None = None,
    remove: Run | None = None,
    when: Condition | None = None,
    closed: Any = "",
    removable: Condition | None = None,
) -> tuple[Action, ...]:
    """The staff's actions on parts of the class `model`: `edit`, `remove` and `add`, of which `add` is the label and
    `confirm` the question before one is taken out. `fields` are asked for, as an action's are. `write` and `remove` are
    what is run; where they are not said, what was typed is written, and the part deleted.

    `when` is a condition over the record, under which its parts may be written, and its page offers it; who comes too
    late is told `closed`, and keeps what was typed. `removable` is a condition over the part."""
    write, remove = write or write_values, remove or _take_out
    of_record = None if when is None else _of_whole(model, when)
    may_go = [each for each in (of_record, removable) if each is not None]
    return (
        Action("edit", lazy_gettext("Edit"), fields, of_record, _STAFF, run=write, edits=True, closed=closed),
        Action(
            "remove",
            lazy_gettext("Take it out"),
            when=_all(may_go) if may_go else None,
            by=_STAFF,
            confirm=confirm,
            run=remove,
            done=lazy_gettext("It was taken out."),
            closed=closed if removable is None else "",
        ),
        Action(
            "add", add, fields, when, _STAFF,
            run=_while(when, closed, write) if when else write, creates=True, closed=closed,
        ),
    )  # fmt: skip


def _take_out(session: WalledSession, part: Any, values: Mapping[str, Any]) -> None:
    session.delete(part)


def _of_whole(model: Any, when: Condition) -> Condition:
    """The condition over a part that one over its record comes to."""
    whole = model.part_of
    return lambda part: select(whole.id).where(whole.id == part.parent_id, when(whole)).correlate(part).exists()


def _all(conditions: Sequence[Condition]) -> Condition:
    return lambda part: and_(*(each(part) for each in conditions))


def _while(when: Condition, closed: Any, write: Run) -> Run:
    """What writes a new part, where its record still takes any: an action that begins has no condition of its own."""

    def run(session: WalledSession, part: Any, values: Mapping[str, Any]) -> None:
        whole = type(part).part_of
        if session.scalar(select(whole.id).where(whole.id == part.parent_id, when(whole))) is None:
            raise Misfit("", str(closed))
        write(session, part, values)

    return run
