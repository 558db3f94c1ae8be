"""Accepting and declining through the API: what is sent, what a record says of it, and the evidence."""

from collections.abc import Mapping
from typing import Any

from flask import g
from marshmallow import Schema, fields

from core.records.actions import Action
from core.records.agreements import terms_of
from core.records.answering import SIGNATURE, TERMS, Said, answer_fields
from core.records.models import Agreement
from core.records.resource import Resource
from core.records.typed import missing
from core.rest.problems import unfit


class AgreementSchema(Schema):
    """How a record was answered; `changed` are the labels of what was changed since it was accepted."""

    outcome = fields.String(required=True)
    signer = fields.String(required=True)
    order_number = fields.String(required=True)
    reason = fields.String(required=True)
    answered_by = fields.String(required=True)
    answered_at = fields.String(required=True)
    address = fields.String(required=True)
    document_sha256 = fields.String(required=True)
    terms_sha256 = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)


def agreement_body(answer: Agreement | None, changed: list[str]) -> dict[str, Any] | None:
    """An answer, as a record says it."""
    if answer is None:
        return None
    return {
        "outcome": answer.outcome,
        "signer": answer.signer,
        "order_number": answer.order_number,
        "reason": answer.reason,
        "answered_by": answer.contact_name,
        "answered_at": answer.answered_at.isoformat(),
        "address": answer.address,
        "document_sha256": answer.paper_sha256,
        "terms_sha256": answer.terms_sha256,
        "changed": changed,
    }


def terms_body(resource: Resource, action: Action, record_id: int) -> str | None:
    """The hash of what the request's reader would agree to by an action; None where it agrees to nothing."""
    return terms_of(g.session, resource, action.accepts, record_id).sha256 if action.accepts else None


def said_of(action: Action, given: Mapping[str, Any]) -> Said | None:
    """What was sent to such an action; None for any other. Raises Problem (422) where what must be said is empty."""
    if not action.is_answer:
        return None
    asked = answer_fields(action)
    empty = {f.name: [missing(f.label)] for f in asked if f.required and not given[f.name]}
    if empty:
        raise unfit(empty)
    return Said(**{name: given[name] for name in (*(f.name for f in asked), SIGNATURE, TERMS) if given.get(name)})
