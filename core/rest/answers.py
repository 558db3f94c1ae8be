"""A record as it is answered: its body, its tag, and what a program that knows the tag is told."""

import json
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, g, request, url_for

from core.db.viewer import Kind
from core.db.wall import Recorded
from core.i18n import gettext
from core.installation import installation
from core.records.actions import Action, asked
from core.records.detail import Detail, read_record
from core.records.links import MOST, Linked, linked
from core.records.prose import as_told
from core.records.resource import Resource
from core.rest.answering import agreement_body, terms_body
from core.rest.inputs import answer_inputs
from core.rest.problems import Problem
from core.rest.schemas import schemas

_TAG_DIGITS = 20


def json_answer(body: Any, status: int = HTTPStatus.OK) -> Response:
    """A body of plain values as an answer."""
    return Response(_text(body), status, mimetype="application/json")


def record_answer(module: str, resource: Resource, record_id: int, status: int = HTTPStatus.OK) -> Response:
    """A record as the session's viewer has it, with its tag. Raises NotHere where they see none."""
    body, tag = _body_and_tag(module, resource, record_id)
    answer = Response(body, status, mimetype="application/json")
    answer.headers["ETag"] = tag
    return answer


def record_url(module: str, resource: Resource, record_id: int) -> str:
    """The address of a record."""
    return url_for("rest.detail", module=module, resource=resource.name, record_id=record_id)


def check_unchanged(module: str, resource: Resource, record_id: int, version: int) -> None:
    """Where the request says which state of the record it means (If-Match), raise Problem (412) with the present
    one unless it is that. A tag begins with the record's version, and that is what counts: the rest of it tells
    languages and fields of readers apart."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return
    tags = request.if_match.as_set(include_weak=True)  # a proxy that compresses makes a tag weak
    if str(version) not in {tag.removeprefix("W/").strip('"').partition("-")[0] for tag in tags}:
        detail = gettext("The record is not as it was any more: “record” is what it is now.")
        raise refused_with_record(HTTPStatus.PRECONDITION_FAILED, detail, module, resource, record_id)


def refused_with_record(status: int, detail: str, module: str, resource: Resource, record_id: int) -> Problem:
    """A refusal that shows the record as it is."""
    body, tag = _body_and_tag(module, resource, record_id)
    return Problem(status, detail, more={"record": json.loads(body)}, headers={"ETag": tag})


def _body_and_tag(module: str, resource: Resource, record_id: int) -> tuple[str, str]:
    detail = read_record(g.session, resource, record_id)
    (row,) = as_told(g.session, resource, detail.fields, [detail.row])
    detail = replace(detail, row=row)
    body = _text(schemas(resource, g.sight).record.dump(_record(module, resource, detail)))
    return body, f'"{detail.version}-{sha256(body.encode()).hexdigest()[:_TAG_DIGITS]}"'


def _text(body: Any) -> str:
    # What is not plain is a label: a text that is chosen by the reader's language when it is read. It ends its line, so
    # that a shell's prompt does not stick to it.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def _record(module: str, resource: Resource, detail: Detail) -> dict[str, Any]:
    record_id = detail.row.id
    pages = "staff" if g.viewer.kind is Kind.STAFF else "portal"
    where: dict[str, Any] = {"module": module, "resource": resource.name, "record_id": record_id}
    place: dict[str, Any] = {"module": module, "record_id": record_id, "download": 1}
    return {
        "id": record_id,
        "url": record_url(module, resource, record_id),
        "fields": detail.row,
        "children": {each.child.name: each.rows for each in detail.children},
        "files": [file_body(module, record_id, file) for file in detail.files],
        "document": None if resource.document is None else url_for(f"{pages}.document", **place),
        "messages": url_for("rest.messages", **where) if resource.conversation else None,
        "agreement": agreement_body(detail.answer, list(detail.changed)),
        "links": [_link(each) for each in _linked(resource, record_id)],
        "actions": [_action(module, resource, record_id, action) for action in detail.actions],
    }


def _linked(resource: Resource, record_id: int) -> list[Linked]:
    """What a record is linked to; a row that only staff have is none."""
    if not issubclass(resource.model, Recorded):
        return []
    return linked(g.session, installation().registry.resources, record_id)[:MOST]


def _link(link: Linked) -> dict[str, Any]:
    return {
        "kind": link.kind,
        "forward": link.forward,
        "label": link.label,
        "module": link.module,
        "resource": link.resource.name,
        "id": link.record_id,
        "url": record_url(link.module, link.resource, link.record_id),
        "number": link.number,
        "title": link.title,
        "status": None if link.status is None else {"value": link.state, "label": link.status.label},
    }


def file_body(module: str, record_id: int, file: Any) -> dict[str, Any]:
    """A file of a record, and where the session's viewer downloads it."""
    pages = "staff" if g.viewer.kind is Kind.STAFF else "portal"
    url = url_for(f"{pages}.file", module=module, record_id=record_id, file_id=file.id, download=1)
    return {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size, "url": url}


def _action(module: str, resource: Resource, record_id: int, action: Action) -> dict[str, Any]:
    place: dict[str, Any] = {"module": module, "resource": resource.name, "record_id": record_id}
    terms = terms_body(resource, action, record_id)
    return {
        "name": action.name,
        "title": action.label,
        "url": url_for("rest.act", **place, action=action.name),
        "fields": [field.name for field in asked(resource, action, g.sight)] + list(answer_inputs(action)),
        **({"terms": terms} if terms is not None else {}),
    }
