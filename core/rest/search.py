"""The search over all modules, for programs."""

from typing import Any

from flask import Blueprint, Response, g, request
from marshmallow import Schema, fields, validate

from core.i18n import gettext, lazy_gettext
from core.records.errors import BadQuery
from core.records.query import LONGEST_SEARCH
from core.rest.answers import json_answer, record_url
from core.rest.describing import answer as answered
from core.rest.describing import parameter, problems
from core.search.answer import Answer, answer
from core.search.extract import Piece
from core.search.shown import Result
from core.search.typed import BadSearch


class FoundCountSchema(Schema):
    """How many were found in a module: at least so many, where `capped`."""

    module = fields.String(required=True)
    number = fields.Integer(required=True)
    capped = fields.Boolean(required=True)


class FoundSchema(Schema):
    """A record that was found."""

    module = fields.String(required=True)
    resource = fields.String(required=True)
    id = fields.Integer(required=True)
    url = fields.String(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    extract = fields.String(required=True, metadata={"description": lazy_gettext("Where the words stand.")})


class SearchSchema(Schema):
    """What was found: the best of each module, the newest first of those that are as good."""

    counts = fields.List(fields.Nested(FoundCountSchema), required=True)
    records = fields.List(fields.Nested(FoundSchema), required=True, validate=validate.Length(max=1000))


def add_search(blueprint: Blueprint) -> None:
    """Put the search on the API's blueprint."""

    def search() -> Response:
        """What was found."""
        for name in request.args:
            if name not in ("q", "module") or len(request.args.getlist(name)) > 1 or not request.args[name]:
                raise BadQuery(name[:60])
        try:
            found = answer(g.session, request.args.get("q", ""), request.args.get("module", ""))
        except BadSearch:
            raise BadQuery("q") from None
        if not found.words:
            raise BadQuery("q")
        return json_answer(SearchSchema().dump(_body(found)))

    blueprint.add_url_rule("/search", "search", search)


def _body(found: Answer) -> dict[str, Any]:
    return {
        "counts": [{"module": name, **count._asdict()} for name, count in found.counts.items()],
        "records": [_record(each) for group in found.groups for each in group.results],
    }


def _record(result: Result) -> dict[str, Any]:
    return {
        "module": result.module,
        "resource": result.resource.name,
        "id": result.id,
        "url": record_url(result.module, result.resource, result.id),
        "number": _text(result.number),
        "title": _text(result.title),
        "extract": _text(result.extract),
    }


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def search_operation(modules: list[str]) -> dict[str, Any]:
    """The operation in the API's description, for a reader of these modules."""
    # A letter or a digit at least: of signs alone, nothing can be looked for.
    words = {"type": "string", "minLength": 1, "maxLength": LONGEST_SEARCH, "pattern": r"[\p{L}\p{N}]"}
    return {
        "operationId": "search",
        "summary": gettext("Search everything"),
        "parameters": [
            {**parameter("q", words, gettext("Words that a record has, or how they begin.")), "required": True},
            parameter("module", {"type": "string", "enum": modules}, gettext("One module alone, and more of it.")),
        ],
        "responses": {"200": answered(SearchSchema, gettext("What was found.")), **problems(400, 401, 404)},
    }
