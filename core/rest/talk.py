"""Routes of what is said on a record, and of its files."""

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from core.access.bodies import takes_files
from core.conversations.read import Said, read_thread
from core.conversations.say import say
from core.conversations.text import MessageRefused
from core.db.ids import id_in
from core.db.viewer import Kind
from core.files.models import File
from core.files.uploads import LARGEST_REQUEST, Upload, UploadRefused, take_uploads
from core.i18n import gettext
from core.records.detail import files_of
from core.records.errors import BadQuery, NotHere
from core.records.resource import Resource
from core.rest.answers import file_body, json_answer
from core.rest.body import take_json
from core.rest.inputs import loaded
from core.rest.once import once
from core.rest.problems import unfit
from core.rest.reader import find, take_no_parameters
from core.rest.said import message_input, message_schema, messages_schema
from core.rest.writes import sees


def add_talk(blueprint: Blueprint) -> None:
    """Put these routes on the API's blueprint."""
    record = "/<module>/<resource>/<id:record_id>"
    blueprint.add_url_rule(f"{record}/messages", "messages", messages)
    blueprint.add_url_rule(f"{record}/messages", "say", write, methods=["POST"])
    blueprint.add_url_rule(f"{record}/files", "files", files)
    blueprint.add_url_rule(f"{record}/files", "upload", upload, methods=["POST"])


def messages(module: str, resource: str, record_id: int) -> Response:
    """What was said and done on a record, the newest last; `earlier` leads to what was before."""
    found = _talked_about(module, resource)
    before = _before()
    if not sees(found, record_id):
        raise NotHere
    thread = read_thread(g.session, found, record_id, before)
    hung = files_of(g.session, found, record_id)
    earlier = None
    if thread.earlier and thread.said:
        place: dict[str, Any] = {"module": module, "resource": resource, "record_id": record_id}
        earlier = url_for("rest.messages", **place, before=thread.said[0].id)
    said = [_message(module, record_id, each, hung) for each in thread.said]
    return json_answer(messages_schema(g.sight).dump({"messages": said, "earlier": earlier}))


def write(module: str, resource: str, record_id: int) -> Response:
    """Say something on a record."""
    found = _talked_about(module, resource)
    take_no_parameters()
    given = loaded(message_input(g.sight), take_json())
    return _say_once(module, found, record_id, request.get_data(), given, [])


def files(module: str, resource: str, record_id: int) -> Response:
    """The files of a record."""
    found = find(module, resource)
    take_no_parameters()
    if not sees(found, record_id):
        raise NotHere
    hung = [file_body(module, record_id, each) for each in files_of(g.session, found, record_id)]
    return json_answer({"files": hung})


@takes_files(LARGEST_REQUEST)
def upload(module: str, resource: str, record_id: int) -> Response:
    """Send files to a record, as a message that has them."""
    found = _talked_about(module, resource)
    take_no_parameters()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    given = _form()
    try:
        uploads = take_uploads((each.filename or "", each.stream) for each in request.files.getlist("files"))
    except UploadRefused as reason:
        raise unfit({"files": [str(reason)]}) from None
    if not uploads:
        raise unfit({"files": [gettext("Send at least one file, in a part that is called “files”.")]})
    # A boundary is made anew for each request: what is sent are the fields and the files.
    sent = "\0".join([repr(sorted(given.items())), *(f"{each.name}\0{each.sha256}" for each in uploads)])
    return _say_once(module, found, record_id, sent.encode("utf-8", "replace"), given, uploads)


def _form() -> dict[str, Any]:
    """The parts beside the files, read as the same fields in JSON are."""
    sent: dict[str, Any] = {name: values[-1] for name, values in request.form.lists()}
    sent |= {name: None for name in request.files if name != "files"}  # a file where a text belongs
    if sent.get("internal") in ("true", "false"):
        sent["internal"] = sent["internal"] == "true"
    return loaded(message_input(g.sight), {"text": "", **sent})


def _say_once(
    module: str, resource: Resource, record_id: int, sent: bytes, given: dict[str, Any], uploads: list[Upload]
) -> Response:
    return once(
        sha256(sent).digest(),
        lambda: _said(module, resource, record_id, given, uploads),
        lambda kept: sees(resource, record_id),
    )


def _said(module: str, resource: Resource, record_id: int, given: dict[str, Any], uploads: list[Upload]) -> Response:
    published = not given.get("internal", False)
    try:
        written = say(g.session, resource, record_id, given["text"], published=published, uploads=uploads)
    except MessageRefused as reason:
        raise unfit({"text": [str(reason)]}) from None
    thread = read_thread(g.session, resource, record_id, written.id + 1)
    said = next(each for each in reversed(thread.said) if each.id == written.id)
    body = _message(module, record_id, said, files_of(g.session, resource, record_id))
    return json_answer(message_schema(g.sight).dump(body), HTTPStatus.CREATED)


def _talked_about(module: str, resource: str) -> Resource:
    found = find(module, resource)
    if not found.conversation:
        abort(404)
    return found


def _before() -> int | None:
    for name in request.args:
        if name != "before" or len(request.args.getlist(name)) > 1:
            raise BadQuery(name[:60])
    text = request.args.get("before")
    if text is None:
        return None
    if (before := id_in(text)) is None:
        raise BadQuery("before")
    return before


def _message(module: str, record_id: int, said: Said, hung: list[File]) -> dict[str, Any]:
    change = said.change
    return {
        "id": said.id,
        "at": said.at,
        "author": {"name": said.author, "kind": said.by},
        "mine": said.mine,
        "text": said.body,
        "change": None if change is None else {"field": change.label, "from": change.before, "to": change.after},
        "files": [file_body(module, record_id, each) for each in hung if each.message_id == said.id],
        **({} if g.viewer.kind is Kind.CONTACT else {"internal": not said.published}),
    }
