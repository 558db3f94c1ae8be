"""The description of the API for one reader, in OpenAPI 3.1."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import current_app, g
from marshmallow import Schema, fields

from core.db.viewer import Sight
from core.i18n import gettext, lazy_gettext
from core.records.fields import effective, full_name, kind_of, staff_only
from core.records.query import LONGEST_SEARCH
from core.records.resource import Field, Resource
from core.records.whose import narrowings
from core.rest.describing import answer, parameter, problems, record_id, tag
from core.rest.openapi_writes import add_writing, token_operation, token_scheme
from core.rest.schemas import schemas
from core.rest.search import search_operation
from core.web.problem import MEDIA_TYPE


class ProblemSchema(Schema):
    """What was wrong (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    parameter = fields.String(metadata={"description": lazy_gettext("The parameter that could not be read.")})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": lazy_gettext("What is wrong, by the name of the field.")},
    )
    record = fields.Dict(metadata={"description": lazy_gettext("The record as it is now.")})
    error_id = fields.String(metadata={"description": lazy_gettext("The line of the server's log.")})


def describe(resources: Iterable[tuple[str, Resource]], sight: Sight) -> dict[str, Any]:
    """The document: the resources that are given, each with the fields and parameters that the reader has."""
    spec = APISpec(
        title=str(g.tenant.name),
        version="1",
        openapi_version="3.1.0",
        info={"description": gettext("What you see in the portal, for programs. It goes by the browser's session.")},
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        servers=[{"url": "/"}],
        security=[{"session": []}],
    )
    cookie = current_app.session_interface.get_cookie_name(current_app)
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": cookie})
    spec.components.response("problem", answer(ProblemSchema, gettext("What was wrong."), MEDIA_TYPE))
    spec.components.security_scheme("token", token_scheme())
    spec.path("/api/v1/openapi.json", operations={"get": _own_operation()})
    spec.path("/api/v1/token", operations={"get": token_operation()})
    resources = list(resources)
    if modules := list(dict.fromkeys(module for module, each in resources if not staff_only(each))):
        spec.path("/api/v1/search", operations={"get": search_operation(modules)})
    for module, resource in resources:
        _add(spec, f"/api/v1/{module}/{resource.name}/", resource, sight)
    return spec.to_dict()


def _name(schema: Any) -> str:
    made = schema if isinstance(schema, type) else type(schema)
    return made.__name__.removesuffix("Schema")


def _add(spec: APISpec, address: str, resource: Resource, sight: Sight) -> None:
    made, name = schemas(resource, sight), full_name(resource)
    listing = {
        "operationId": f"{name}.list",
        "summary": str(resource.title),
        "parameters": list(_parameters(resource, effective(resource, sight), sight)),
        "responses": {"200": answer(made.listing, gettext("One page.")), **problems(400, 401, 404)},
    }
    detail = {
        "operationId": f"{name}.read",
        "summary": str(resource.singular),
        "parameters": [record_id(), tag("If-None-Match")],
        "responses": {
            "200": answer(made.record, gettext("The record.")),
            "304": {"description": gettext("The record is as it is known.")},
            **problems(400, 401, 404),
        },
    }
    spec.path(address, operations={"get": listing})
    spec.path(f"{address}{{record_id}}", operations={"get": detail})
    add_writing(spec, address, resource, sight)


def _own_operation() -> dict[str, Any]:
    body = {"description": gettext("This document."), "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"operationId": "openapi", "responses": {"200": body, **problems(400, 401)}}


def _parameters(resource: Resource, own: Sequence[Field], sight: Sight) -> Iterator[dict[str, Any]]:
    """What a list may be asked for; as `core.records.query` reads it."""
    if any(f.searchable for f in own):
        yield parameter("q", {"type": "string", "maxLength": LONGEST_SEARCH}, gettext("Words that a record has."))
    if sorts := [f"{sign}{f.name}" for f in own if f.sortable for sign in ("", "-")]:
        yield parameter("sort", {"type": "string", "enum": sorts}, gettext("“-” in front turns the order round."))
    for f in (f for f in own if f.filterable):
        if kind_of(resource.model, f) in ("date", "datetime"):
            for end in ("from", "to"):
                yield parameter(f"{f.name}_{end}", {"type": "string", "format": "date"}, str(f.label))
        else:
            choices = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(f.choices)}}
            yield parameter(f.name, choices, str(f.label))
    if hasattr(resource.model, "owner"):
        for name in ("account", "site"):
            yield parameter(name, {"type": "integer", "minimum": 1}, gettext("The id of one in your reach."))
    if found := narrowings(resource, sight):
        yield parameter("mine", {"type": "string", "enum": list(found)}, ", ".join(found.values()))
    for name in ("after", "before"):
        yield parameter(
            name, {"type": "string", "minLength": 1}, gettext("A place in the list, as “next” and “previous” have it.")
        )
