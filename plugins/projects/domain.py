"""What may happen to projects, tasks and milestones, and how far each of them is."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from core.api import Misfit, WalledSession, gettext, in_status, next_number, today, write_values
from plugins.projects.models import ACTIVE, CANCELLED, DONE, DRAFT, ON_HOLD, PLANNED, Milestone, Project, Task

NUMBERS = "PY-{:05d}"
WHOLE = 100
#: what a milestone is: reached, still to come, or to have been reached before today
REACHED, DUE, LATE = "reached", "due", "late"


def progress(project: Any) -> ColumnElement[int | None]:
    """How far `project` (the class, or an alias of it) is, in per cent: as it is stated, else what those of its tasks
    come to that clients see, by their planned hours where there are any. A task that has steps counts with them."""
    task, step = aliased(Task), aliased(Task)
    hours = func.sum(task.planned_hours)
    mean = case(
        (hours > 0, func.sum(task.progress * task.planned_hours) / hours), else_=func.avg(task.progress * literal(1.0))
    )
    counted = select(cast(func.round(mean), Integer)).where(
        task.parent_id == project.id,
        task.published.is_(True),
        ~exists().where(step.within_id == task.id, step.published.is_(True)),
    )
    found: ColumnElement[int | None] = func.coalesce(
        project.stated_progress, counted.correlate(project).scalar_subquery()
    )
    return found


def milestone_status(milestone: Any, day: Any) -> ColumnElement[str]:
    """Whether `milestone` (the class, or an alias of it) is reached, due, or late on a day."""
    return case(
        (milestone.reached_on.is_not(None), literal(REACHED, String())),
        (milestone.due_on < day, literal(LATE, String())),
        else_=literal(DUE, String()),
    )


def project_of(part: Any) -> ColumnElement[str]:
    """The number of the project that a task or a milestone belongs to."""
    other = aliased(Project)
    return select(other.number).where(other.id == part.parent_id).correlate(part).scalar_subquery()


is_draft, can_start = in_status(DRAFT), in_status(DRAFT, PLANNED, ON_HOLD)
is_active, is_over = in_status(ACTIVE), in_status(DONE, CANCELLED)
#: begun or promised; a draft is not cancelled, which would show it to clients
is_open = in_status(PLANNED, ACTIVE, ON_HOLD)


def is_shown(part: Any) -> ColumnElement[bool]:
    """Whether clients who see the project see a task or a milestone."""
    return part.published.is_(True)  # type: ignore[no-any-return]


def is_internal(part: Any) -> ColumnElement[bool]:
    """Whether it is the staff's alone."""
    return part.published.is_(False)  # type: ignore[no-any-return]


def is_reached(milestone: Any) -> ColumnElement[bool]:
    """Whether a milestone was reached."""
    return milestone.reached_on.is_not(None)  # type: ignore[no-any-return]


def is_ahead(milestone: Any) -> ColumnElement[bool]:
    """Whether a milestone is still to be reached."""
    return milestone.reached_on.is_(None)  # type: ignore[no-any-return]


def begin(session: WalledSession, project: Project, values: Mapping[str, Any]) -> None:
    """Begin a project, as a draft: give it its number."""
    _write(session, project, values)
    project.status = DRAFT
    project.number = next_number(session, Project, NUMBERS)


def change(session: WalledSession, row: Project | Task | Milestone, values: Mapping[str, Any]) -> None:
    """Write what was typed, where it fits together. Raises Misfit."""
    _write(session, row, values)
    if isinstance(row, Task):
        _refuse_circle(session, row)


def move_to(status: str) -> Callable[[WalledSession, Project, Mapping[str, Any]], None]:
    """What an action does that brings a project into a status."""

    def run(session: WalledSession, project: Project, values: Mapping[str, Any]) -> None:
        project.status = status
        if status == DONE and project.stated_progress is not None:
            project.stated_progress = WHOLE

    return run


def add(*, published: bool) -> Callable[[WalledSession, Task | Milestone, Mapping[str, Any]], None]:
    """What an action does that begins a task or a milestone, behind those that are there."""

    def run(session: WalledSession, part: Task | Milestone, values: Mapping[str, Any]) -> None:
        _write(session, part, values)
        part.published = published
        if isinstance(part, Task) and not part.position:
            last = select(func.max(Task.position)).where(Task.parent_id == part.parent_id)
            part.position = (session.scalar(last) or 0) + 1

    return run


def show(session: WalledSession, part: Task | Milestone, values: Mapping[str, Any]) -> None:
    """Let clients see it."""
    part.published = True


def hide(session: WalledSession, part: Task | Milestone, values: Mapping[str, Any]) -> None:
    """Keep it for the staff."""
    part.published = False


def remove(session: WalledSession, part: Task | Milestone, values: Mapping[str, Any]) -> None:
    """Take a task or a milestone away; steps of the task stay."""
    session.delete(part)


def reach(session: WalledSession, milestone: Milestone, values: Mapping[str, Any]) -> None:
    """A milestone is reached, today unless another day was typed."""
    milestone.reached_on = values.get("reached_on") or today()


def take_back(session: WalledSession, milestone: Milestone, values: Mapping[str, Any]) -> None:
    """A milestone is not reached after all."""
    milestone.reached_on = None


def _refuse_circle(session: WalledSession, task: Task) -> None:
    """A task is a step of another one of its project, and not, by way of its own steps, of itself. Raises Misfit."""
    with session.no_autoflush:
        siblings = select(Task.id, Task.within_id).where(Task.parent_id == task.parent_id)
        above: dict[int, int | None] = {row.id: row.within_id for row in session.execute(siblings)}
    above[task.id] = task.within_id
    found, met = task.within_id, {task.id}
    while found is not None:
        if found in met or found not in above:
            raise Misfit("within_id", gettext("Choose a task of the same project that is no step of this one."))
        met.add(found)
        found = above[found]


def _write(session: WalledSession, row: Project | Task | Milestone, values: Mapping[str, Any]) -> None:
    write_values(session, row, values)
    starts, ends = getattr(row, "starts_on", None), getattr(row, "ends_on", None)
    if starts is not None and ends is not None and ends < starts:
        raise Misfit("ends_on", gettext("The end cannot be before the start."))
    for name in ("progress", "stated_progress"):
        if not 0 <= (getattr(row, name, None) or 0) <= WHOLE:
            raise Misfit(name, gettext("Progress is a number from 0 to 100."))
