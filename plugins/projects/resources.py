"""What pages, lists and exports know of a project, and how staff write its tasks and milestones."""

from typing import Any

from sqlalchemy import ColumnElement

from core.api import (
    Action,
    Child,
    Choice,
    Field,
    Kind,
    Resource,
    current_day,
    discard_draft,
    lazy_gettext,
    lazy_pgettext,
)
from plugins.projects import domain
from plugins.projects.models import ACTIVE, CANCELLED, DONE, DRAFT, ON_HOLD, PLANNED, Milestone, Project, Task

STATES = {
    DRAFT: Choice(lazy_gettext("Draft"), "neutral", "file", seen=False),
    PLANNED: Choice(lazy_pgettext("project", "Planned"), "info", "clock"),
    ACTIVE: Choice(lazy_pgettext("project", "In progress"), "info", "dot"),
    ON_HOLD: Choice(lazy_pgettext("project", "On hold"), "warn", "clock"),
    DONE: Choice(lazy_pgettext("project", "Finished"), "ok", "check"),
    CANCELLED: Choice(lazy_pgettext("project", "Cancelled"), "neutral", "ban"),
}
MILESTONE_STATES = {
    domain.REACHED: Choice(lazy_pgettext("milestone", "Reached"), "ok", "check"),
    domain.DUE: Choice(lazy_pgettext("milestone", "Due"), "info", "clock"),
    domain.LATE: Choice(lazy_pgettext("milestone", "Delayed"), "warn", "warning"),
}
_STAFF = (Kind.STAFF,)
_ASKED = ("title", "description", "starts_on", "ends_on", "stated_progress", "site_id", "contact_id", "assignee_id")
_OF_TASK = ("title", "description", "starts_on", "ends_on", "progress", "planned_hours", "within_id", "position")
_OF_MILESTONE = ("title", "due_on")


def _milestone_status(milestone: Any) -> ColumnElement[str]:
    return domain.milestone_status(milestone, current_day())


#: what a task and a milestone are, for clients as a table of the project and for staff by themselves
_STEP_OF = Field("within_id", lazy_gettext("Step of"), "record")
_TASK = (
    Field("title", lazy_gettext("Task"), listed=True, searchable=True, required=True),
    Field("starts_on", lazy_pgettext("project", "Start"), listed=True, sortable=True),
    Field("ends_on", lazy_pgettext("project", "End"), listed=True, sortable=True),
    Field("progress", lazy_gettext("Progress (%)"), listed=True),
)
_MILESTONE = (
    Field("title", lazy_gettext("Milestone"), listed=True, searchable=True, required=True),
    Field("due_on", lazy_gettext("Due on"), listed=True, sortable=True),
    Field("reached_on", lazy_gettext("Reached on"), listed=True),
    Field("status", lazy_gettext("Status"), "choice", choices=MILESTONE_STATES, expression=_milestone_status),
)
_SHOWN = Field("published", lazy_gettext("Clients see it"), seen=False, listed=True)
_HOURS = Field("planned_hours", lazy_gettext("Planned hours"), seen=False)
_PROJECT_OF = Field("project", lazy_gettext("Project"), "text", listed=True, expression=domain.project_of)


def _shown_or_hidden(question: Any) -> tuple[Action, ...]:
    """The actions that let clients see a task or a milestone, keep it from them, and take it away."""
    return (
        Action(
            "show",
            lazy_gettext("Show to clients"),
            when=domain.is_internal,
            by=_STAFF,
            run=domain.show,
            done=lazy_gettext("Clients see it now."),
        ),
        Action(
            "hide",
            lazy_gettext("Hide from clients"),
            when=domain.is_shown,
            by=_STAFF,
            run=domain.hide,
            done=lazy_gettext("Clients see it no longer."),
        ),
        Action(
            "remove",
            lazy_gettext("Delete"),
            by=_STAFF,
            confirm=question,
            run=domain.remove,
            done=lazy_gettext("It was deleted."),
        ),
    )


PROJECT = Resource(
    name="project",
    title=lazy_gettext("Projects"),
    singular=lazy_gettext("Project"),
    model=Project,
    title_field="title",
    status="status",
    order="-starts_on",
    empty=lazy_gettext("The projects that we carry out for you will appear here."),
    conversation=True,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("title", lazy_gettext("Title"), listed=True, searchable=True, required=True),
        Field("status", lazy_gettext("Status"), listed=True, filterable=True, choices=STATES),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("site_id", lazy_gettext("Site")),
        Field("contact_id", lazy_gettext("Contact")),
        Field("starts_on", lazy_pgettext("project", "Start"), listed=True, sortable=True, filterable=True),
        Field("ends_on", lazy_pgettext("project", "End"), listed=True, sortable=True, filterable=True),
        Field("progress", lazy_gettext("Progress (%)"), "number", listed=True, expression=domain.progress),
        Field("assignee_id", lazy_gettext("Project manager")),
        Field("description", lazy_gettext("Description"), searchable=True),
        Field(
            "stated_progress",
            lazy_gettext("Progress as we state it (%)"),
            seen=False,
            hint=lazy_gettext("Leave it empty, and progress is what the tasks that clients see come to."),
        ),
    ),
    children=(
        Child(
            "milestones", lazy_gettext("Milestones"), Milestone, order="due_on", fields=(*_MILESTONE, _SHOWN),
        ),
        Child("tasks", lazy_gettext("Tasks"), Task, order="position", fields=(*_TASK, _STEP_OF, _HOURS, _SHOWN)),
    ),
    actions=(
        Action(
            "write", lazy_gettext("Write a project"), _ASKED, by=_STAFF, run=domain.begin, creates=True,
            done=lazy_gettext("The project was written, as a draft: the client does not see it yet."),
        ),
        Action(
            "plan", lazy_gettext("Show it to the client as planned"), when=domain.is_draft, by=_STAFF,
            run=domain.move_to(PLANNED),
            done=lazy_gettext("The client sees the project now, as planned."),
        ),
        Action(
            "start", lazy_pgettext("project", "Begin it"), when=domain.can_start, by=_STAFF,
            run=domain.move_to(ACTIVE),
            done=lazy_gettext("The project has begun."),
        ),
        Action(
            "finish", lazy_gettext("Finish"), when=domain.is_open, by=_STAFF, run=domain.move_to(DONE),
            done=lazy_gettext("The project is finished."),
        ),
        Action(
            "hold", lazy_gettext("Put on hold"), when=domain.is_active, by=_STAFF, run=domain.move_to(ON_HOLD),
            done=lazy_gettext("The project is on hold."),
        ),
        Action(
            "reopen", lazy_gettext("Take up again"), when=domain.is_over, by=_STAFF, run=domain.move_to(ACTIVE),
            done=lazy_gettext("The project was taken up again."),
        ),
        Action("edit", lazy_gettext("Edit"), _ASKED, by=_STAFF, run=domain.change, edits=True),
        Action(
            "cancel", lazy_gettext("Cancel the project"), when=domain.is_open, by=_STAFF,
            confirm=lazy_gettext("Cancel this project? Clients see that it was cancelled."),
            run=domain.move_to(CANCELLED),
            done=lazy_gettext("The project was cancelled."),
        ),
        discard_draft(),
    ),
)  # fmt: skip

TASK = Resource(
    name="task",
    title=lazy_gettext("Tasks"),
    singular=lazy_gettext("Task"),
    model=Task,
    number="title",
    order="-id",
    empty=lazy_gettext("Tasks are added on the page of their project."),
    fields=(
        _TASK[0],
        _PROJECT_OF,
        *_TASK[1:],
        _STEP_OF,
        Field("description", lazy_gettext("Description"), seen=False),
        _HOURS,
        Field("position", lazy_gettext("Position"), hint=lazy_gettext("Tasks stand in the order of these numbers.")),
        _SHOWN,
    ),
    actions=(
        Action("edit", lazy_gettext("Edit"), _OF_TASK, by=_STAFF, run=domain.change, edits=True),
        *_shown_or_hidden(lazy_gettext("Delete this task? Its steps stay.")),
        Action(
            "add", lazy_gettext("Add a task"), _OF_TASK, by=_STAFF, run=domain.add(published=True), creates=True,
            done=lazy_gettext("The task was added."),
        ),
        Action(
            "add_internal", lazy_gettext("Add a task for staff alone"), _OF_TASK, by=_STAFF,
            run=domain.add(published=False), creates=True,
            done=lazy_gettext("The task was added. Clients do not see it."),
        ),
    ),
)  # fmt: skip

MILESTONE = Resource(
    name="milestone",
    title=lazy_gettext("Milestones"),
    singular=lazy_gettext("Milestone"),
    model=Milestone,
    number="title",
    status="status",
    order="-id",
    empty=lazy_gettext("Milestones are added on the page of their project."),
    fields=(_MILESTONE[0], _PROJECT_OF, *_MILESTONE[1:], _SHOWN),
    actions=(
        Action(
            "reach", lazy_gettext("It is reached"), when=domain.is_ahead, by=_STAFF, run=domain.reach,
            done=lazy_gettext("The milestone is reached."),
        ),
        Action("edit", lazy_gettext("Edit"), (*_OF_MILESTONE, "reached_on"), by=_STAFF, run=domain.change, edits=True),
        Action(
            "take_back", lazy_gettext("Not reached yet"), when=domain.is_reached, by=_STAFF, run=domain.take_back,
            done=lazy_gettext("The milestone is not reached yet."),
        ),
        *_shown_or_hidden(lazy_gettext("Delete this milestone?")),
        Action(
            "add", lazy_gettext("Add a milestone"), _OF_MILESTONE, by=_STAFF, run=domain.add(published=True),
            creates=True,
            done=lazy_gettext("The milestone was added."),
        ),
        Action(
            "add_internal", lazy_gettext("Add a milestone for staff alone"), _OF_MILESTONE, by=_STAFF,
            run=domain.add(published=False), creates=True,
            done=lazy_gettext("The milestone was added. Clients do not see it."),
        ),
    ),
)  # fmt: skip
