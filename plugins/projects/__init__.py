"""Projects, their tasks, and what was reached."""

from collections.abc import Sequence

from core.api import Module, Panel, Resource, Widget, hookimpl, lazy_gettext


class Projects(Module):
    """The module's hooks."""

    name = "projects"
    title = lazy_gettext("Projects")
    version = "1.0"
    icon = "project"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Projects for clients and staff; tasks and milestones by themselves for staff, who write them."""
        from plugins.projects.resources import MILESTONE, PROJECT, TASK

        return [PROJECT, TASK, MILESTONE]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What runs, how far it is, and what is reached next."""
        from plugins.projects import widget

        return [widget.WIDGET]

    @hookimpl
    def postigo_panels(self) -> Sequence[Panel]:
        """The tasks and milestones of a project along the days."""
        from plugins.projects import panel

        return [panel.GANTT]


module = Projects()
