"""Pages on which clients let colleagues see a record, and take that back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from core.access.limits import is_within
from core.crm.identifiers import email_key
from core.db.grant import Grant
from core.db.wall import Granted
from core.i18n import gettext, lazy_gettext
from core.installation import installation
from core.modules.colleagues import add_colleague, sharing
from core.modules.grants import withdraw
from core.records.detail import Detail, read_record
from core.records.document import title_of
from core.records.errors import NotHere
from core.records.page_links import Links
from core.records.resource import Resource
from core.web.led import Answer

#: so many tries to add somebody, whoever it is, within a quarter of an hour
_MOST_TRIES = 20
_LONGEST_ADDRESS = 254


class ColleagueForm(FlaskForm):
    """Who is to be added."""

    email = EmailField(
        lazy_gettext("Your colleague's e-mail address"),
        [InputRequired(lazy_gettext("Enter your colleague's e-mail address.")), Length(max=_LONGEST_ADDRESS)],
        description=lazy_gettext("The one with which they come in here."),
    )


def add_colleague_pages(
    blueprint: Blueprint, resource_of: Callable[[str, int], Resource], links: Callable[[str, Resource], Links]
) -> None:
    """Put these pages on the portal's blueprint. The functions find the resource of a record, and its links."""

    def colleagues(module: str, record_id: int) -> Answer:
        """Who was added to a record; adding one more, and removing."""
        adding = request.method == "POST" and request.form.get("do") != "remove"
        # Counted first: it takes a transaction of its own, which would wait for one that writes.
        allowed = not adding or is_within(
            installation().engine, g.tenant.id, "colleague", g.viewer.person_id, _MOST_TRIES
        )
        resource = resource_of(module, record_id)
        row = _row(resource, record_id)
        if request.method == "POST" and not adding:
            return _remove(module, row)
        form = ColleagueForm()
        if adding:
            if not g.ties.hold(row.account_id):
                abort(404)
            if form.validate() and (answer := _add(module, row, form, allowed)) is not None:
                return answer
        page = render_template("portal/colleagues.html", **_page(resource, row, form, links(module, resource)))
        return (page, 422) if adding else page

    blueprint.add_url_rule("/<module>/<id:record_id>/colleagues", "colleagues", colleagues, methods=["GET", "POST"])


def shared_box(module: str, resource: Resource, detail: Detail) -> dict[str, Any] | None:
    """The box on a record's page that says who was added; nothing where nobody was, and none can be."""
    if not issubclass(resource.model, Granted):
        return None
    people = sharing(g.session, detail.row.id).people if detail.granted else ()
    may_add, own = g.ties.hold(detail.account_id), any(_is_mine(each) for each in people)
    if not people and not may_add:
        return None
    link = {
        "url": _here(module, detail.row.id),
        "label": gettext("Add or remove") if own else gettext("Add a colleague"),
    }
    return {"people": people, "link": link if own or may_add else None}


def _row(resource: Resource, record_id: int) -> Any:
    """The record's row; the one 404 where it is not there, or cannot be shared."""
    row = g.session.get(resource.model, record_id) if issubclass(resource.model, Granted) else None
    if row is None:
        raise NotHere
    return row


def _add(module: str, row: Any, form: ColleagueForm, allowed: bool) -> Response | None:
    """Add the colleague. What is wrong stands in the form, and says the same of everybody who is none."""
    if not allowed:
        form.form_errors.append(gettext("These were many tries. Please wait a quarter of an hour."))
        return None
    added = add_colleague(g.session, row, g.person, email_key(form.email.data or ""))
    if added is None:
        errors: list[Any] = [
            gettext(
                "We know no colleague of yours with this address. Check how it is written, or ask us to add them: they "
                "need to belong to the same client as this, with this address."
            )
        ]
        form.email.errors = errors
        return None
    flash(gettext("%(name)s sees this from now on.", name=added.name), "success")
    return redirect(_here(module, row.id), 303)


def _remove(module: str, row: Any) -> Response:
    """Remove somebody whom the reader added; any other answers as somebody who is not there."""
    wanted = request.form.get("grant", "")
    mine = {str(each.id): each for each in sharing(g.session, row.id).people if _is_mine(each)}
    if wanted not in mine:
        raise NotHere
    withdraw(g.session, row, contact=mine[wanted].contact_id)
    flash(gettext("%(name)s was removed.", name=mine[wanted].name), "success")
    return redirect(_here(module, row.id), 303)


def _is_mine(grant: Grant) -> bool:
    return grant.of_colleague and grant.by_contact_id == g.viewer.person_id


def _here(module: str, record_id: int) -> str:
    return url_for("portal.colleagues", module=module, record_id=record_id)


def _page(resource: Resource, row: Any, form: ColleagueForm, links: Links) -> dict[str, Any]:
    people = sharing(g.session, row.id).people
    title = title_of(resource, read_record(g.session, resource, row.id))
    return {
        "page_title": gettext("Shared with"),
        "back": {"url": links.record(row.id), "label": title},
        "people": [{"grant": each, "mine": _is_mine(each)} for each in people],
        "form": form if g.ties.hold(row.account_id) else None,
    }
