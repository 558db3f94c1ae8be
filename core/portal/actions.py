"""Routes of what clients may do to records."""

from collections.abc import Callable

from flask import Blueprint, abort, g, render_template, request

from core.access.bodies import takes_files
from core.files.uploads import LARGEST_REQUEST
from core.records.actions import possible
from core.records.page_links import Links
from core.records.resource import Resource
from core.web.action_page import Desk
from core.web.actions import change, create
from core.web.led import Answer
from core.web.suggestions import suggested

_TEMPLATE = "portal/form.html"


def add_action_pages(
    blueprint: Blueprint,
    resource_called: Callable[[str, str], Resource],
    resource_of: Callable[[str, int], Resource],
    links: Callable[[str, Resource], Links],
) -> None:
    """Put these pages on the portal's blueprint. The three functions find a resource (by name, or that of a
    record) and its links, as for every page of the portal."""

    def act(module: str, record_id: int, action: str) -> Answer:
        """An action on a record."""
        resource = resource_of(module, record_id)
        return change(resource, action, record_id, Desk(_TEMPLATE, links(module, resource)))

    @takes_files(LARGEST_REQUEST)
    def begin(module: str, resource: str, action: str) -> Answer:
        """An action that begins a record."""
        found = resource_called(module, resource)
        return create(found, action, Desk(_TEMPLATE, links(module, found)))

    def answers(module: str, resource: str, action: str) -> str:
        """What may answer what is typed into the form of an action that begins a record; asked for by its script."""
        found = resource_called(module, resource)
        if action not in {each.name for each in possible(found, g.sight, creates=True)}:
            abort(404)
        return render_template("portal/answers.html", found=suggested(found, request.args.get("text", "")), asked=False)

    methods = ["GET", "POST"]
    blueprint.add_url_rule("/<module>/<id:record_id>/do/<action>", "act", act, methods=methods)
    blueprint.add_url_rule("/<module>/<resource>/do/<action>", "begin", begin, methods=methods)
    blueprint.add_url_rule("/<module>/<resource>/do/<action>/answers", "answers", answers)
