"""What of the description tells of writing: each with the fields that the reader may fill in."""

from collections.abc import Iterator
from typing import Any

from apispec import APISpec

from core.access.guard import CSRF_HEADER
from core.db.viewer import Sight
from core.i18n import gettext
from core.records.actions import Action, asked, possible
from core.records.fields import full_name
from core.records.resource import Resource
from core.rest.describing import answer, parameter, problems, record_id, tag
from core.rest.inputs import input_schema
from core.rest.once import HEADER, KEY
from core.rest.said import FilesSchema, message_input, message_schema, messages_schema
from core.rest.schemas import schemas
from core.rest.writes import creating, editing

_WITH_TOKEN: list[dict[str, list[str]]] = [{"session": [], "token": []}]
Operation = tuple[str, str, dict[str, Any]]


def token_scheme() -> dict[str, Any]:
    """The header with which a write says that it comes from the session's own program."""
    return {"type": "apiKey", "in": "header", "name": CSRF_HEADER, "description": gettext("See /api/v1/token.")}


def token_operation() -> dict[str, Any]:
    """How the token is read."""
    properties = {"token": {"type": "string"}, "header": {"type": "string"}}
    body = {"type": "object", "properties": properties, "required": sorted(properties)}
    said = answer(body, gettext("The token for the header of writes."))
    return {"operationId": "token", "responses": {"200": said, **problems(400, 401)}}


def add_writing(spec: APISpec, address: str, resource: Resource, sight: Sight) -> None:
    """Add what may be written of a resource, below its address."""
    for path, method, operation in (*_of_records(address, resource, sight), *_of_talk(address, resource, sight)):
        spec.path(path, operations={method: operation})


def _of_records(address: str, resource: Resource, sight: Sight) -> Iterator[Operation]:
    name, record = full_name(resource), f"{address}{{record_id}}"
    if (begins := creating(resource)) is not None:
        operation = _write(f"{name}.create", begins.label, _body(resource, begins, sight))
        told = answer(schemas(resource, sight).record, gettext("The record, and in the header Location its address."))
        yield address, "post", operation | {"responses": {"201": told, **_refusals(409)}}
    if (edits := editing(resource)) is not None:
        yield record, "patch", _change(f"{name}.edit", edits, resource, sight)
    for action in possible(resource, sight):
        operation = _change(f"{name}.actions.{action.name}", action, resource, sight)
        yield f"{record}/actions/{action.name}", "post", operation


def _change(operation_id: str, action: Action, resource: Resource, sight: Sight) -> dict[str, Any]:
    operation = _write(operation_id, action.label, _body(resource, action, sight), record_id(), tag("If-Match"))
    done = answer(schemas(resource, sight).record, gettext("The record as it is then."))
    gone = {"description": gettext("Done; the record is there no longer.")}
    return operation | {"responses": {"200": done, "204": gone, **_refusals(404, 409, 412)}}


def _of_talk(address: str, resource: Resource, sight: Sight) -> Iterator[Operation]:
    name, record = full_name(resource), f"{address}{{record_id}}"
    of_record = {"parameters": [record_id()]}
    listed = {"200": answer(FilesSchema, gettext("Its files.")), **problems(400, 401, 404)}
    yield f"{record}/files", "get", {"operationId": f"{name}.files", **of_record, "responses": listed}
    if not resource.conversation:
        return
    before = parameter("before", {"type": "integer", "minimum": 0}, gettext("What was said before that message."))
    page = answer(messages_schema(sight), gettext("The latest messages, the newest last; “earlier” leads on."))
    read = {"parameters": [record_id(), before], "responses": {"200": page, **problems(400, 401, 404)}}
    yield f"{record}/messages", "get", {"operationId": f"{name}.messages", **read}
    told = {"201": answer(message_schema(sight), gettext("The message.")), **_refusals(404)}
    said = {"application/json": {"schema": message_input(sight)}}
    label = gettext("Your message")
    yield f"{record}/messages", "post", _write(f"{name}.say", label, said, record_id()) | {"responses": told}
    sent = {"multipart/form-data": {"schema": _parts(sight)}}
    label = gettext("Files")
    yield f"{record}/files", "post", _write(f"{name}.upload", label, sent, record_id()) | {"responses": told}


def _parts(sight: Sight) -> dict[str, Any]:
    files = {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
    texts = {name: {"type": "string"} for name in message_input(sight).fields if name != "internal"}
    flags = (
        {"internal": {"type": "string", "enum": ["true", "false"]}} if "internal" in message_input(sight).fields else {}
    )
    properties = {"files": files, **texts, **flags}
    return {"type": "object", "properties": properties, "required": ["files"], "additionalProperties": False}


def _body(resource: Resource, action: Action, sight: Sight) -> dict[str, Any]:
    return {"application/json": {"schema": input_schema(resource, action, asked(resource, action, sight))}}


def _write(operation_id: str, label: Any, content: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    key = {"type": "string", "pattern": f"^{KEY.pattern}$"}
    text = gettext("What is sent once more with the same key is done once, and answered as it was then.")
    return {
        "operationId": operation_id,
        "summary": str(label),
        "security": _WITH_TOKEN,
        "parameters": [*parameters, parameter(HEADER, key, text, "header")],
        "requestBody": {"content": content, "required": True},
    }


def _refusals(*more: int) -> dict[str, Any]:
    return problems(400, 401, 403, 413, 415, 422, *more)
