"""The dashboard's box: the projects that run, how far each is, and what it reaches next."""

from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from core.api import Box, WalledSession, Widget, format_date, keep, lazy_gettext, sees, today
from plugins.projects import domain
from plugins.projects.models import ACTIVE, Milestone, Project
from plugins.projects.resources import PROJECT

SHOWN = 3


@lru_cache
def _running() -> Select[Any]:
    """The projects that run, those first that end first; beside each its progress and its next milestone."""
    ahead = (Milestone.parent_id == Project.id, Milestone.reached_on.is_(None), Milestone.due_on.is_not(None))
    order = (Milestone.due_on, Milestone.id)
    coming = [
        select(column).where(*ahead).order_by(*order).limit(1).correlate(Project).scalar_subquery()
        for column in (Milestone.title, Milestone.due_on)
    ]
    shown = select(Project.id, Project.number, Project.title, domain.progress(Project), *coming)
    first = (Project.ends_on.is_(None), Project.ends_on, Project.id)
    return keep(shown.where(Project.status == ACTIVE).order_by(*first).limit(SHOWN))


def _row(session: WalledSession, row: Any) -> dict[str, Any]:
    """A project as the box shows it: by what its reader sees of it."""
    record_id, number, title, progress, milestone, due_on = row
    number = number if sees(session, PROJECT, "number") else ""
    title = title if sees(session, PROJECT, "title") else ""
    named = sees(session, PROJECT, "milestones.title", "milestones.due_on", "milestones.reached_on")
    return {
        "url": url_for("portal.detail", module="projects", record_id=record_id),
        "title": title or number or PROJECT.singular,
        "progress": progress if sees(session, PROJECT, "progress") else None,
        "milestone": milestone if named else None,
        "day": format_date(due_on) if named else "",
        "late": bool(named and due_on and due_on < today()),
    }


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; none where the company does not show how far projects are, or nothing runs."""
    if not sees(session, PROJECT, "status"):
        return None
    rows = [_row(session, row) for row in session.execute(_running())]
    return Box("projects/running.html", {"rows": rows}) if rows else None


WIDGET = Widget("running", lazy_gettext("Projects in progress"), render)
