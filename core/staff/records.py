"""The staff's lists and records, derived from the same resources as the client's: everything of the
tenant, drafts included, whether the module is on or off."""

from functools import partial

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from core.access.bodies import takes_files
from core.files.serve import send_stored
from core.files.uploads import LARGEST_REQUEST
from core.i18n import gettext, time_zone
from core.installation import installation
from core.modules.switches import read_switches
from core.records.detail import read_file, read_record, resource_of
from core.records.list_page import listing_context
from core.records.listing import list_records
from core.records.page_links import Links
from core.records.prose import texts_of
from core.records.query import read_query
from core.records.record_page import detail_context
from core.records.resource import Resource
from core.staff.actions import add_action_pages
from core.staff.blueprint import done, listing_url
from core.staff.linking import add_linking_page, related
from core.staff.parts import part_links, whole_of
from core.staff.several import add_several_page, picks
from core.staff.sharing import add_sharing_page, shared_box
from core.web.about import about_buttons
from core.web.answers import answer_box, receipts, send_certificate
from core.web.conversation import MessageForm, conversation, speak
from core.web.documents import downloads, send_document, send_documents
from core.web.export import csv_download, send_csv
from core.web.led import Answer
from core.web.panels import panels


def add_record_pages(blueprint: Blueprint) -> None:
    """Put these pages on the staff's blueprint."""
    base = "/records/<module>"
    blueprint.add_url_rule(f"{base}/", "listing", listing, defaults={"resource": ""})
    blueprint.add_url_rule(f"{base}/<resource>/", "listing", listing)
    blueprint.add_url_rule(f"{base}/<id:record_id>", "detail", detail, defaults={"resource": ""})
    blueprint.add_url_rule(f"{base}/<resource>/<id:record_id>", "detail", detail)
    blueprint.add_url_rule(f"{base}/<id:record_id>/files/<id:file_id>", "file", file)
    blueprint.add_url_rule(f"{base}/<id:record_id>/files/<id:file_id>", "publish", publish, methods=["POST"])
    blueprint.add_url_rule(f"{base}/<id:record_id>/messages", "say", say, methods=["POST"])
    blueprint.add_url_rule(f"{base}/<id:record_id>/document", "document", document)
    blueprint.add_url_rule(f"{base}/<id:record_id>/certificate", "certificate", certificate)
    blueprint.add_url_rule(f"{base}/<resource>/documents.zip", "documents", documents)
    blueprint.add_url_rule(f"{base}/<resource>/export.csv", "export", export)
    add_action_pages(blueprint, _resource, _links, _off)
    add_sharing_page(blueprint, _links)
    add_linking_page(blueprint, _links)
    add_several_page(blueprint, _resource, _links, _off)


def listing(module: str, resource: str = "") -> str:
    """The list of one resource."""
    found = _resource(module, resource)
    query = read_query(found, g.sight, request.args.to_dict(flat=False))
    page = list_records(g.session, found, query, time_zone())
    context = listing_context(
        found, query, page, g.sight, _links(module, found), installation().registry.modules[module].icon
    )
    shown = {"page_title": found.title, "listing": context, "off": _off(module), "picks": picks(found)}
    return render_template("staff/listing.html", **shown)


def detail(module: str, record_id: int, resource: str = "") -> str:
    """One record."""
    resources = installation().registry.resources.get(module, {})
    found = _resource(module, resource) if resource else resource_of(g.session, resources, record_id)
    return _record(module, found, record_id)


def _record(module: str, resource: Resource, record_id: int, form: MessageForm | None = None) -> str:
    """A record's page; with the form that was sent, where what it says was not taken."""
    found, links = read_record(g.session, resource, record_id), _links(module, resource)
    context = detail_context(resource, found, links)
    if above := whole_of(resource, record_id):
        context["back"] = {"url": above.url, "label": above.label}
    context["actions"] += about_buttons(resource, record_id, installation().registry.modules)
    context["answer"] = answer_box(resource, found, links)
    context["receipts"] = receipts(resource, record_id)
    context["conversation"] = conversation(resource, found, links, form)
    context["texts"] = texts_of(g.session, resource, found, links)
    context["panels"] = panels(resource, found, installation().registry.modules)
    context["shared"] = shared_box(module, resource, found)
    context["related"] = related(module, resource, record_id)
    shown = {"page_title": context["title"], "record": context, "off": _off(module), "form": form}
    return render_template("staff/detail.html", **shown)


@takes_files(LARGEST_REQUEST)
def say(module: str, record_id: int) -> Answer:
    """Say something on a record, to the client or among staff, with files."""
    resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    return speak(resource, record_id, _links(module, resource), partial(_record, module, resource, record_id))


def publish(module: str, record_id: int, file_id: int) -> Answer:
    """Show a file to clients, or to staff alone."""
    resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    file = read_file(g.session, resource, record_id, file_id)
    shown = request.form.get("published") == "1"
    file.published = shown
    g.session.flush()
    told = (
        gettext("Clients see “%(name)s” now.", name=file.name)
        if shown
        else gettext("“%(name)s” is for staff alone now.", name=file.name)
    )
    here = url_for("staff.publish", module=module, record_id=record_id, file_id=file_id)
    undo = {"published": 0 if shown else 1}
    return done(_links(module, resource).record(record_id), told, undo, undo_url=here)


def file(module: str, record_id: int, file_id: int) -> Response:
    """A file of a record."""
    resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    found = read_file(g.session, resource, record_id, file_id)
    return send_stored(installation().store, found, download=request.args.get("download") == "1")


def document(module: str, record_id: int) -> Response:
    """A record's paper; a draft's as well."""
    resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    return send_document(resource, record_id, download=request.args.get("download") == "1")


def certificate(module: str, record_id: int) -> Response:
    """The certificate of a record's acceptance, as a PDF."""
    resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
    return send_certificate(resource, record_id)


def documents(module: str, resource: str) -> Response:
    """The papers of all that a list shows."""
    found = _resource(module, resource)
    return send_documents(found, _links(module, found).listing)


def export(module: str, resource: str) -> Response:
    """All that a list shows, for a spreadsheet; drafts as well."""
    return send_csv(_resource(module, resource))


def _resource(module: str, name: str) -> Resource:
    found = installation().registry.resource(module, name)
    if found is None:
        abort(404)
    return found


def _off(module: str) -> bool:
    return not read_switches(g.session).on_for_tenant(module)


def _links(module: str, resource: Resource) -> Links:
    first = installation().registry.resource(module) is resource
    name = "" if first else resource.name
    listing = listing_url(resource)
    above = url_for("staff.listing", module=module, resource=None)  # whatever the resource, files hang below it
    return Links(
        listing=listing,
        record=lambda record_id: f"{listing}{record_id}",  # each row of a list asks
        file=lambda record_id, file_id, download: (
            f"{above}{record_id}/files/{file_id}{'?download=1' if download else ''}"
        ),
        document=lambda record_id, download: url_for(
            "staff.document", module=module, record_id=record_id, download=1 if download else None
        ),
        action=lambda action, record_id: (
            url_for("staff.act", module=module, resource=name or None, record_id=record_id, action=action)
            if record_id is not None
            else url_for("staff.begin", module=module, resource=resource.name, action=action)
        ),
        say=lambda record_id: f"{above}{record_id}/messages",
        publish=lambda record_id, file_id: f"{above}{record_id}/files/{file_id}",
        certificate=lambda record_id: f"{above}{record_id}/certificate",
        parts=part_links(module, _links),
        downloads=lambda: [
            *csv_download(url_for("staff.export", module=module, resource=resource.name)),
            *downloads(resource, url_for("staff.documents", module=module, resource=resource.name)),
        ],
    )
