"""Projects, their activities and what was reached."""

from core.api import Module, lazy_gettext


class Projects(Module):
    """The module's hooks."""

    name = "projects"
    title = lazy_gettext("Projects")
    version = "1.0"
    icon = "project"


module = Projects()
