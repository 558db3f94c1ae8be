"""Routes of the API, version 1."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, url_for

from core.db.viewer import Kind
from core.i18n import time_zone
from core.records.detail import Detail, read_record
from core.records.errors import BadQuery
from core.records.fields import effective
from core.records.listing import Page, list_records
from core.records.query import Query
from core.records.resource import Resource
from core.rest.openapi import describe
from core.rest.reader import find, resources, take_no_parameters, take_query
from core.rest.schemas import schemas

blueprint = Blueprint("rest", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of what is there for the reader."""
    take_no_parameters()
    return _json(describe(resources(), g.sight))


@blueprint.get("/<module>/<resource>/", strict_slashes=False)
def listing(module: str, resource: str) -> Response:
    """One page of the records of a resource."""
    found = find(module, resource)
    query = take_query(found)
    try:
        page = list_records(g.session, found, query, time_zone(), fields=effective(found, g.sight))
    except BadQuery:
        raise BadQuery("before" if query.before else "after") from None  # nothing else is left to be wrong
    return _json(schemas(found, g.sight).listing.dump(_page(module, found, query, page)))


def _page(module: str, resource: Resource, query: Query, page: Page) -> dict[str, Any]:
    address = url_for("rest.listing", module=module, resource=resource.name)

    def beside(**place: str) -> str | None:
        if not all(place.values()):
            return None
        return f"{address}?{urlencode({**query.given, **place}, doseq=True)}"

    return {
        "records": [{"id": r.id, "url": _url(module, resource, r.id), "fields": r} for r in page.rows],
        "count": {"total": page.total, "capped": page.capped},
        "next": beside(after=page.after),
        "previous": beside(before=page.before),
    }


@blueprint.get("/<module>/<resource>/<id:record_id>")
def detail(module: str, resource: str, record_id: int) -> Response:
    """One record with its child tables, and what there is of files."""
    take_no_parameters()
    found = find(module, resource)
    record = read_record(g.session, found, record_id)
    return _json(schemas(found, g.sight).record.dump(_record(module, found, record)))


def _record(module: str, resource: Resource, detail: Detail) -> dict[str, Any]:
    record_id = detail.row.id
    pages = "staff" if g.viewer.kind is Kind.STAFF else "portal"
    place: dict[str, Any] = {"module": module, "record_id": record_id, "download": 1}
    files = [
        {
            "id": file.id,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "url": url_for(f"{pages}.file", file_id=file.id, **place),
        }
        for file in detail.files
    ]
    return {
        "id": record_id,
        "url": _url(module, resource, record_id),
        "fields": detail.row,
        "children": {each.child.name: each.rows for each in detail.children},
        "files": files,
        "document": None if resource.document is None else url_for(f"{pages}.document", **place),
    }


def _url(module: str, resource: Resource, record_id: int) -> str:
    return url_for("rest.detail", module=module, resource=resource.name, record_id=record_id)


def _json(body: Any) -> Response:
    # What is not plain is a label: a text that is chosen by the reader's language when it is read.
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(text, mimetype="application/json")
