"""The drawing on a project's page: its tasks and milestones along the days, as whoever looks sees them."""

from collections.abc import Sequence
from typing import Any

from core.api import Box, Kind, Panel, Shown, WalledSession, format_date, format_month, gettext, lazy_gettext, today
from plugins.projects.gantt import WIDTH, Gantt, Mark, Step, as_tree

#: so many tasks without dates are named
MOST_NAMED = 10


def _rows(shown: Shown, table: str, *needed: str) -> Sequence[tuple[dict[str, Any], dict[str, str]]]:
    """The rows of a child table: values and texts of each by column; none where the reader lacks a column that the
    drawing cannot do without."""
    found = shown.tables.get(table)
    names = [name for name, _, _ in found.columns] if found else []
    if found is None or not set(needed).issubset(names):
        return []
    texts = (dict(zip(names, row, strict=True)) for row in found.rows)
    return list(zip(map(dict, found.values), texts, strict=True))


def _label(row: dict[str, Any], otherwise: str) -> str:
    """What a row is called; to staff, also whether it is theirs alone."""
    called = row.get("title") or otherwise
    return called if row.get("published", True) else f"{called} · {gettext('For staff alone')}"


def _steps(shown: Shown) -> list[tuple[int, Step]]:
    """The tasks, in the order of their tree."""
    rows = _rows(shown, "tasks", "starts_on", "ends_on")
    return list(
        as_tree(
            [
                Step(
                    row["id"], row.get("within_id"), _label(row, gettext("Task")), row["starts_on"], row["ends_on"],
                    row.get("progress", 0),
                )
                for row, _ in rows
            ]
        )
    )  # fmt: skip


def _marks(shown: Shown) -> list[Mark]:
    """The milestones that have a day: that on which they were reached, else that on which they are due."""
    found = []
    for row, texts in _rows(shown, "milestones", "due_on", "reached_on"):
        day = row["reached_on"] or row["due_on"]
        if day is not None:
            told = [_label(row, gettext("Milestone")), f"{texts.get('status', '')} {format_date(day)}".strip()]
            found.append(Mark(" · ".join(told), day, row["reached_on"] is not None))
    return found


def render(session: WalledSession, shown: Shown) -> Box | None:
    """The drawing, and below it the tasks that have no dates; nothing where no task or milestone has any."""
    steps, marks = _steps(shown), _marks(shown)
    dated = [(depth, step, days) for depth, step in steps if (days := step.days) is not None]
    if not (dated or marks):
        return None
    without = [step.label for _, step in steps if step.days is None]
    tasks = shown.tables.get("tasks")
    values = {
        "gantt": Gantt(dated, marks, today(), format_date, format_month),
        "width": WIDTH,
        "told": tasks is not None and any(name == "progress" for name, _, _ in tasks.columns),
        "without": without[:MOST_NAMED],
        "more": max(len(without) - MOST_NAMED, 0),
    }
    return Box("projects/gantt.html", values)


GANTT = Panel(
    "gantt",
    lazy_gettext("Timeline"),
    "projects.project",
    render,
    by=(Kind.CONTACT, Kind.STAFF),
    wide=True,
    of_shown=True,
)
