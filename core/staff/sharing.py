"""Whom a record is shared with beside those whose it is: the staff add any contact or client, and remove anybody."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from sqlalchemy import select

from core.crm.models import Account, Contact
from core.db.wall import Granted, Owned
from core.i18n import gettext
from core.installation import installation
from core.modules.colleagues import sharing
from core.modules.grants import give, withdraw
from core.records.detail import Detail, read_record, resource_of
from core.records.document import title_of
from core.records.page_links import Links
from core.records.resource import Resource
from core.staff import paging, search
from core.staff.blueprint import done, found, posted_id
from core.staff.memberships import account_choices
from core.web.led import Answer

_KINDS = ("contact", "account")


def add_sharing_page(blueprint: Blueprint, links: Callable[[str, Resource], Links]) -> None:
    """Put the page on the staff's blueprint. `links` gives a resource's, as for every page of records."""

    def shared(module: str, record_id: int) -> Answer:
        """Who was added to a record; adding, and removing."""
        resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
        row = found(resource.model, record_id) if issubclass(resource.model, Granted) else abort(404)
        if request.method == "POST":
            return _remove(module, row) if request.form.get("do") == "remove" else _add(module, row)
        return render_template("staff/sharing.html", **_page(module, resource, row, links(module, resource)))

    blueprint.add_url_rule("/records/<module>/<id:record_id>/sharing", "sharing", shared, methods=["GET", "POST"])


def shared_box(module: str, resource: Resource, detail: Detail) -> dict[str, Any] | None:
    """The box on a record's page that says who was added, where records of its kind can be shared."""
    if not issubclass(resource.model, Granted):
        return None
    people = sharing(g.session, detail.row.id).people if detail.granted else ()
    return {"people": people, "link": {"url": _here(module, detail.row.id), "label": gettext("Add or remove")}}


def _add(module: str, row: Owned) -> Answer:
    """Add the contact or the client whom the form names."""
    contact_id, account_id = posted_id("contact"), posted_id("account")
    who: Contact | Account = found(Contact, contact_id) if account_id is None else found(Account, account_id)
    to: dict[str, Any] = {"contact": who.id} if account_id is None else {"account": who.id}
    give(g.session, row, **to, by_name=g.person.shown[:250])
    told = gettext("%(name)s sees this from now on, where the module is on for them.", name=who.name)
    return done(_here(module, row.id), told)


def _remove(module: str, row: Owned) -> Answer:
    """Remove one of those who were added. What a colleague had given is not the staff's to give back."""
    grant = next((each for each in sharing(g.session, row.id).people if each.id == posted_id("grant")), None)
    if grant is None:
        abort(404)
    withdraw(g.session, row, account=grant.account_id, contact=grant.contact_id)
    undo = None if grant.of_colleague else {"contact": grant.contact_id, "account": grant.account_id}
    return done(_here(module, row.id), gettext("%(name)s was removed.", name=grant.name), undo)


def _here(module: str, record_id: int) -> str:
    return url_for("staff.sharing", module=module, record_id=record_id)


def _page(module: str, resource: Resource, row: Any, links: Links) -> dict[str, Any]:
    here, kind = _here(module, row.id), request.args.get("who", "contact")
    if kind not in _KINDS:
        abort(404)
    choices = account_choices(here, lambda account_id: None) if kind == "account" else _contact_choices(here)
    kinds = {"contact": gettext("Contacts"), "account": gettext("Clients")}
    return {
        "page_title": gettext("Shared with"),
        "back": {
            "url": links.record(row.id),
            "label": title_of(resource, read_record(g.session, resource, row.id)),
        },
        "people": sharing(g.session, row.id).people,
        "kind": kind,
        "kinds": [{"label": kinds[k], "url": f"{here}?who={k}", "active": k == kind} for k in _KINDS],
        **choices,
    }


def _contact_choices(here: str) -> dict[str, Any]:
    """Contacts by name, as searched."""
    text = search.typed()
    wanted = select(Contact).where(*search.contacts(text, g.tenant.country))
    page = paging.page(wanted, paging.BY_CONTACT_NAME, here)
    rows = [{"id": row.Contact.id, "name": row.Contact.name, "note": row.Contact.email} for row in page.rows]
    return {"search": text, "here": here, "rows": rows, "count": page.count, "pager": page.pager}
