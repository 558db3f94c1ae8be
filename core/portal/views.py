"""Routes of the client's pages."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from core.access.bodies import takes_files
from core.files.serve import send_stored
from core.files.uploads import LARGEST_REQUEST
from core.i18n import gettext, time_zone
from core.installation import installation
from core.portal.actions import add_action_pages
from core.portal.colleagues import add_colleague_pages, shared_box
from core.portal.dashboard import dashboard
from core.portal.search import add_search_page
from core.portal.shell import SITE_NAME, open_modules, selectors
from core.records.detail import read_file, read_record, resource_of
from core.records.fields import has_owner, staff_only
from core.records.list_page import listing_context
from core.records.listing import list_records
from core.records.page_links import Links
from core.records.prose import texts_of
from core.records.query import read_query
from core.records.record_page import detail_context
from core.records.resource import Resource
from core.web.about import about_buttons
from core.web.answers import answer_box, note_view, send_certificate
from core.web.conversation import MessageForm, conversation, speak
from core.web.documents import downloads, send_document, send_documents
from core.web.export import csv_download, send_csv
from core.web.led import Answer
from core.web.panels import panels
from core.web.related import related_box

blueprint = Blueprint("portal", __name__, url_prefix="/portal")


def _resource(module: str, name: str = "") -> Resource:
    found = installation().registry.resource(module, name)
    if found is None or staff_only(found):
        abort(404)
    return found


def _links(module: str, resource: Resource) -> Links:
    first = installation().registry.resource(module) is resource
    above = url_for("portal.module", module=module)
    return Links(
        listing=above if first else url_for("portal.listing", module=module, resource=resource.name),
        record=lambda record_id: f"{above}{record_id}",  # each row of a list asks
        file=lambda record_id, file_id, download: (
            f"{above}{record_id}/files/{file_id}{'?download=1' if download else ''}"
        ),
        document=lambda record_id, download: url_for(
            "portal.document", module=module, record_id=record_id, download=1 if download else None
        ),
        action=lambda name, record_id: (
            url_for("portal.act", module=module, record_id=record_id, action=name)
            if record_id is not None
            else url_for("portal.begin", module=module, resource=resource.name, action=name)
        ),
        say=lambda record_id: f"{above}{record_id}/messages",
        certificate=lambda record_id: f"{above}{record_id}/certificate",
        downloads=lambda: [
            *csv_download(url_for("portal.export", module=module, resource=resource.name)),
            *downloads(resource, url_for("portal.documents", module=module, resource=resource.name)),
        ],
    )


def _resource_of(module: str, record_id: int) -> Resource:
    found = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    if staff_only(found):
        abort(404)
    return found


@blueprint.get("/")
def home() -> str:
    """The dashboard."""
    return render_template(
        "portal/home.html",
        page_title=gettext("Home"),
        greeting_name=g.person.called,
        **dashboard(),
    )


@blueprint.get("/<module>/")
def module(module: str) -> str:
    """The list of a module's first resource."""
    return _list(module, _resource(module))


@blueprint.get("/<module>/<resource>/")
def listing(module: str, resource: str) -> str:
    """The list of one of a module's other resources."""
    return _list(module, _resource(module, resource))


def _list(module: str, resource: Resource) -> str:
    given = request.args.to_dict(flat=False)
    typed = given.pop(SITE_NAME, [""])[0]
    query = read_query(resource, g.sight, given)
    page = list_records(g.session, resource, query, time_zone())
    links = _links(module, resource)
    context: dict[str, Any] = listing_context(
        resource, query, page, g.sight, links, installation().registry.modules[module].icon
    )
    chosen = selectors(links.listing, query, typed) if has_owner(resource) else None
    return render_template("portal/listing.html", page_title=resource.title, listing=context, selectors=chosen)


@blueprint.get("/<module>/<id:record_id>")
def detail(module: str, record_id: int) -> str:
    """One record, of whichever resource of the module it is."""
    return _record(module, _resource_of(module, record_id), record_id)


def _record(module: str, resource: Resource, record_id: int, form: MessageForm | None = None) -> str:
    """A record's page; with the form that was sent, where what it says was not taken."""
    found, links = read_record(g.session, resource, record_id), _links(module, resource)
    context = detail_context(resource, found, links)
    context["actions"] += about_buttons(resource, record_id, open_modules())
    context["answer"] = answer_box(resource, found, links)
    context["conversation"] = conversation(resource, found, links, form)
    context["texts"] = texts_of(g.session, resource, found, links)
    context["panels"] = panels(resource, found, open_modules())
    context["related"] = related_box(record_id)
    context["shared"] = shared_box(module, resource, found)
    note_view(resource, record_id)
    return render_template("portal/detail.html", page_title=context["title"], record=context, form=form)


@blueprint.post("/<module>/<id:record_id>/messages")
@takes_files(LARGEST_REQUEST)
def say(module: str, record_id: int) -> Answer:
    """Say something on a record, with files."""
    resource = _resource_of(module, record_id)
    page = partial(_record, module, resource, record_id)
    return speak(resource, record_id, _links(module, resource), page)


@blueprint.get("/<module>/<id:record_id>/document")
def document(module: str, record_id: int) -> Response:
    """A record's paper, made where the CRM has none: on screen, or as a download with `?download=1`."""
    resource = _resource_of(module, record_id)
    answer = send_document(resource, record_id, download=request.args.get("download") == "1")
    note_view(resource, record_id)
    return answer


@blueprint.get("/<module>/<id:record_id>/certificate")
def certificate(module: str, record_id: int) -> Response:
    """The certificate of a record's acceptance, as a PDF."""
    return send_certificate(_resource_of(module, record_id), record_id)


@blueprint.get("/<module>/<resource>/documents.zip")
def documents(module: str, resource: str) -> Response:
    """The papers of all that a list shows."""
    found = _resource(module, resource)
    return send_documents(found, _links(module, found).listing)


@blueprint.get("/<module>/<resource>/export.csv")
def export(module: str, resource: str) -> Response:
    """All that a list shows, for a spreadsheet."""
    return send_csv(_resource(module, resource))


@blueprint.get("/<module>/<id:record_id>/files/<id:file_id>")
def file(module: str, record_id: int, file_id: int) -> Response:
    """A file of a record: on screen where that is safe, as a download with `?download=1`."""
    resource = _resource_of(module, record_id)
    found = read_file(g.session, resource, record_id, file_id)
    return send_stored(installation().store, found, download=request.args.get("download") == "1")


add_action_pages(blueprint, _resource, _resource_of, _links)
add_colleague_pages(blueprint, _resource_of, _links)
add_search_page(blueprint)
