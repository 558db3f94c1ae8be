"""Routes of what staff may do to records; on those of a module that is off for clients, too."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for

from core.access.bodies import takes_files
from core.crm.models import Account
from core.db.ids import id_in
from core.files.uploads import LARGEST_REQUEST
from core.i18n import gettext
from core.installation import installation
from core.records import actions
from core.records.detail import resource_of
from core.records.fields import has_owner
from core.records.page_links import Links
from core.records.places import Place
from core.records.resource import Resource
from core.staff.blueprint import found
from core.staff.memberships import account_choices
from core.staff.parts import whole_named, whole_of
from core.web.about import about_named
from core.web.action_page import Desk
from core.web.actions import change, create
from core.web.led import Answer

_TEMPLATE = "staff/record_form.html"


def add_action_pages(
    blueprint: Blueprint,
    resource_called: Callable[[str, str], Resource],
    links: Callable[[str, Resource], Links],
    off: Callable[[str], bool],
) -> None:
    """Put these pages on the staff's blueprint. The functions find a resource by name, its links, and whether
    its module is off, as for every page of records."""

    def act(module: str, record_id: int, action: str, resource: str = "") -> Answer:
        """An action on a record."""
        resources = installation().registry.resources.get(module, {})
        chosen = resource_called(module, resource) if resource else resource_of(g.session, resources, record_id)
        desk = Desk(_TEMPLATE, links(module, chosen), off(module), whole_of(chosen, record_id))
        return change(chosen, action, record_id, desk)

    @takes_files(LARGEST_REQUEST)
    def begin(module: str, resource: str, action: str) -> Answer:
        """An action that begins a record; of a client, who is chosen first, or as part of the one that is named."""
        chosen = resource_called(module, resource)
        desk = Desk(_TEMPLATE, links(module, chosen), off(module), whole_named(chosen))
        if not has_owner(chosen) or action not in {a.name for a in actions.possible(chosen, g.sight, creates=True)}:
            return create(chosen, action, desk)
        account_id = _account_of(chosen, action)
        return _choose(chosen, action, desk) if account_id is None else create(chosen, action, desk, Place(account_id))

    base, methods = "/records/<module>", ["GET", "POST"]
    blueprint.add_url_rule(f"{base}/<id:record_id>/do/<action>", "act", act, methods=methods)
    blueprint.add_url_rule(f"{base}/<resource>/<id:record_id>/do/<action>", "act", act, methods=methods)
    blueprint.add_url_rule(f"{base}/<resource>/do/<action>", "begin", begin, methods=methods)


def _account_of(resource: Resource, name: str) -> int | None:
    """The account that a new record is of: the one that the address names, else that of what it is about."""
    text = request.args.get("account", "")
    if text:
        return found(Account, id_in(text)).id
    about = about_named(next(a for a in actions.possible(resource, g.sight, creates=True) if a.name == name))
    return None if about is None else about.place.account_id


def _choose(resource: Resource, action: str, desk: Desk) -> Answer:
    """The page on which the client is found whom the new record belongs to."""
    module = resource.model.portal_module
    here = url_for("staff.begin", module=module, resource=resource.name, action=action)
    return render_template(
        "staff/choose_account.html",
        page_title=resource.title,
        heading=gettext("Whom is it for?"),
        back={"url": desk.links.listing, "label": resource.title},
        **account_choices(here, lambda a: f"{here}?{urlencode({**request.args, 'account': a})}"),
    )
