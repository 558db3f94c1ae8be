"""Routes of the API, version 1."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request, url_for
from flask_wtf.csrf import generate_csrf

from core.access.guard import CSRF_HEADER
from core.i18n import time_zone
from core.records.errors import BadQuery
from core.records.fields import effective
from core.records.listing import Page, list_records
from core.records.prose import as_told
from core.records.query import Query
from core.records.resource import Resource
from core.rest.answers import json_answer, record_answer, record_url
from core.rest.openapi import describe
from core.rest.problems import Problem, answer_problem
from core.rest.reader import find, resources, take_no_parameters, take_query
from core.rest.schemas import schemas
from core.rest.search import add_search
from core.rest.talk import add_talk
from core.rest.writes import add_writes
from core.web.answers import note_view

blueprint = Blueprint("rest", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of what is there for the reader."""
    take_no_parameters()
    return json_answer(describe(resources(), g.sight))


@blueprint.get("/<module>/<resource>/", strict_slashes=False)
def listing(module: str, resource: str) -> Response:
    """One page of the records of a resource."""
    found = find(module, resource)
    query = take_query(found)
    try:
        page = list_records(g.session, found, query, time_zone(), fields=effective(found, g.sight))
    except BadQuery:
        raise BadQuery("before" if query.before else "after") from None  # nothing else is left to be wrong
    page = replace(page, rows=as_told(g.session, found, page.fields, page.rows))
    return json_answer(schemas(found, g.sight).listing.dump(_page(module, found, query, page)))


def _page(module: str, resource: Resource, query: Query, page: Page) -> dict[str, Any]:
    address = url_for("rest.listing", module=module, resource=resource.name)

    def beside(**place: str) -> str | None:
        if not all(place.values()):
            return None
        return f"{address}?{urlencode({**query.given, **place}, doseq=True)}"

    return {
        "records": [{"id": r.id, "url": record_url(module, resource, r.id), "fields": r} for r in page.rows],
        "count": {"total": page.total, "capped": page.capped},
        "next": beside(after=page.after),
        "previous": beside(before=page.before),
    }


@blueprint.get("/<module>/<resource>/<id:record_id>")
def detail(module: str, resource: str, record_id: int) -> Response:
    """One record with its child tables, and what there is of files."""
    take_no_parameters()
    found = find(module, resource)
    answer = record_answer(module, found, record_id)
    note_view(found, record_id)
    answer.make_conditional(request)
    return answer


@blueprint.get("/token")
def token() -> Response:
    """The token that the session's writes carry in a header."""
    take_no_parameters()
    return json_answer({"token": generate_csrf(), "header": CSRF_HEADER})


add_writes(blueprint)
add_talk(blueprint)
add_search(blueprint)
blueprint.register_error_handler(Problem, answer_problem)
