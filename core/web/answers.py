"""Accepting and declining: the form, doing it with what proves it, and what pages show of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, g, request

from core.access.door import after_answer
from core.agreements.certificate import certificate, certificate_name, data_name, facts
from core.agreements.seal import Answered, seal
from core.db.viewer import Kind
from core.files.serve import send_json, send_pdf
from core.formats import format_datetime
from core.i18n import gettext
from core.installation import installation
from core.records import doing
from core.records.actions import Action
from core.records.agreements import is_answered, terms_of
from core.records.answering import Answer, Said
from core.records.controls import Choices
from core.records.detail import Detail, read_record
from core.records.document import title_of
from core.records.errors import NotHere
from core.records.forms import RecordForm, make_form
from core.records.page_links import Links
from core.records.receipts import first_seen, note_seen
from core.records.resource import Resource
from core.web.documents import paper_of, sender


def answer_form(resource: Resource, action: Action, row: Any) -> RecordForm:
    """The form of an action that accepts or declines a row."""
    read_terms = partial(terms_of, g.session, resource, action.accepts, row.id)
    return make_form(resource, (), Choices(), row, Answer(action, read_terms))


def perform(resource: Resource, action: Action, row: Any, values: Mapping[str, Any], said: Said | None) -> bool:
    """Do an action to a row, and of an answer (`said`) keep what proves it. Of several who try at once, one is told
    yes; the others are told no, and for them nothing was done once the session is rolled back."""
    if said is None:
        return doing.do(g.session, resource, action, row, values)
    # The paper takes its time, so it is made before the record is claimed; what has changed meanwhile is noticed then.
    paper = paper_of(resource, row.id) if action.accepts else None
    by = Answered(said, g.person.shown, request.remote_addr or "", paper)
    beside = partial(seal, g.session, installation().store, resource, action, row.id, row.version, by)
    return doing.do(g.session, resource, action, row, values, beside)


def answer_box(resource: Resource, detail: Detail, links: Links) -> dict[str, Any] | None:
    """The `answer` of a record's page: how it was accepted or declined, for client and staff alike. None for a client
    who is asked again what they once declined."""
    answer = detail.answer
    if answer is None or any(action.is_answer for action in detail.actions):
        return None
    page = links.certificate(detail.row.id) if links.certificate is not None and answer.is_accepted else None
    return {
        "title": gettext("Accepted") if answer.is_accepted else gettext("Declined"),
        "facts": [{"label": label, "text": text} for label, text in facts(answer)],
        "changed": ", ".join(detail.changed),
        "certificate_url": page,
        "data_url": f"{page}?data=1" if page else None,
    }


def send_certificate(resource: Resource, record_id: int) -> Response:
    """The answer with the certificate of a record's acceptance; with `?data=1` with what the record said then, whose
    SHA-256 is on the certificate. Raises NotHere where the reader has no such record, or it is not accepted."""
    detail = read_record(g.session, resource, record_id)
    if (accepted := detail.accepted) is None:
        raise NotHere
    if request.args.get("data") == "1":
        return send_json(accepted.terms, data_name(accepted))
    name = title_of(resource, detail)
    made = certificate(accepted, installation().store, str(resource.singular), name, sender())
    return send_pdf(made, certificate_name(accepted), download=request.args.get("download") == "1")


def receipts(resource: Resource, record_id: int) -> list[dict[str, str]] | None:
    """The `receipts` of a record's page, the staff's: which contacts saw it, and when first. None for what nobody
    is asked to answer."""
    if not is_answered(resource):
        return None
    return [{"label": name, "text": format_datetime(at)} for name, at in first_seen(g.session, record_id)]


def note_view(resource: Resource, record_id: int) -> None:
    """Once the request is answered, write down that the contact who asks has seen a record that they were found to
    see; nothing for staff, nor for what nobody is asked to answer."""
    if g.viewer.kind is Kind.CONTACT and is_answered(resource):
        after_answer(note_seen, record_id, g.viewer.person_id)
