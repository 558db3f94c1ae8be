"""The drawing on a project's page: its tasks and milestones along the days, as whoever looks sees them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from core.api import (
    Box,
    Kind,
    Panel,
    WalledSession,
    format_date,
    format_month,
    gettext,
    keep,
    lazy_gettext,
    sees,
    today,
)
from plugins.projects import domain
from plugins.projects.gantt import WIDTH, Gantt, Mark, Step, as_tree
from plugins.projects.models import Milestone, Task
from plugins.projects.resources import MILESTONE_STATES, PROJECT

#: so many tasks without dates are named
MOST_NAMED = 10
_PROJECT = bindparam("project", type_=BigInteger())
_TASKS = keep(
    select(Task.id, Task.within_id, Task.title, Task.starts_on, Task.ends_on, Task.progress, Task.published)
    .where(Task.parent_id == _PROJECT)
    .order_by(Task.position, Task.id)
)
_MILESTONES = keep(
    select(Milestone.title, Milestone.due_on, Milestone.reached_on, Milestone.published)
    .where(Milestone.parent_id == _PROJECT)
    .order_by(Milestone.due_on, Milestone.id)
)


def _steps(session: WalledSession, project_id: int) -> Sequence[tuple[int, Step]]:
    """The tasks, in the order of their tree; none where the company does not show when they are."""
    if not sees(session, PROJECT, "tasks.starts_on", "tasks.ends_on"):
        return []
    named, told = sees(session, PROJECT, "tasks.title"), sees(session, PROJECT, "tasks.progress")
    found = [
        Step(
            row.id,
            row.within_id,
            _label(row.title if named else "", gettext("Task"), row.published),
            row.starts_on,
            row.ends_on,
            row.progress if told else 0,
        )
        for row in session.execute(_TASKS, {"project": project_id})
    ]
    return list(as_tree(found))


def _marks(session: WalledSession, project_id: int) -> list[Mark]:
    """The milestones that have a day: that on which they were reached, else that on which they are due."""
    if not sees(session, PROJECT, "milestones.due_on", "milestones.reached_on"):
        return []
    named, day = sees(session, PROJECT, "milestones.title"), today()
    return [
        Mark(
            f"{_label(row.title if named else '', gettext('Milestone'), row.published)} · {_state(row, day)}",
            row.reached_on or row.due_on,
            row.reached_on is not None,
        )
        for row in session.execute(_MILESTONES, {"project": project_id})
        if row.reached_on or row.due_on
    ]


def _label(title: str, otherwise: str, published: bool) -> str:
    called = title or otherwise
    return called if published else f"{called} · {gettext('For staff alone')}"


def _state(row: Any, day: Any) -> str:
    state = domain.REACHED if row.reached_on else domain.LATE if row.due_on < day else domain.DUE
    return f"{MILESTONE_STATES[state].label} {format_date(row.reached_on or row.due_on)}"


def render(session: WalledSession, project_id: int) -> Box | None:
    """The drawing, and below it the tasks that have no dates; nothing where no task or milestone has any."""
    steps, marks = _steps(session, project_id), _marks(session, project_id)
    dated = [(depth, step, days) for depth, step in steps if (days := step.days) is not None]
    if not (dated or marks):
        return None
    without = [step.label for _, step in steps if step.days is None]
    values = {
        "gantt": Gantt(dated, marks, today(), format_date, format_month),
        "width": WIDTH,
        "told": sees(session, PROJECT, "tasks.progress"),
        "without": without[:MOST_NAMED],
        "more": max(len(without) - MOST_NAMED, 0),
    }
    return Box("projects/gantt.html", values)


GANTT = Panel("gantt", lazy_gettext("Timeline"), "projects.project", render, by=(Kind.CONTACT, Kind.STAFF), wide=True)
