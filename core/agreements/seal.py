"""Writing an answer, in the transaction of the action that gives it, and telling those concerned."""

from dataclasses import dataclass

from sqlalchemy import select

from core.agreements.mails import CONFIRMED, TOLD
from core.conversations.mailing import staff_concerned
from core.db.record import Record
from core.db.session import WalledSession, beside_as_system
from core.files.storage import Store, keep_bytes
from core.outbox.enqueue import enqueue
from core.records.actions import Action
from core.records.agreements import Terms, terms_of
from core.records.answering import Said
from core.records.models import ACCEPTED, DECLINED, Agreement
from core.records.resource import Resource


@dataclass(frozen=True)
class Paper:
    """The paper that a client accepts, to the byte."""

    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True)
class Answered:
    """An answer that is about to be written: what was typed, by whom, from which address, and (of an acceptance)
    the paper."""

    said: Said
    contact_name: str
    address: str
    paper: Paper | None = None


def seal(
    session: WalledSession, store: Store, resource: Resource, action: Action, record_id: int, version: int, by: Answered
) -> bool:
    """Write the answer to this version of a record, which the session has claimed. False, with nothing written,
    where what is agreed on is no longer what was shown: lines that changed without the record. The session is the
    contact's; the answer is the system's to write, so that no client can write one of their own making."""
    terms = terms_of(session, resource, action.accepts, record_id) if action.accepts else None
    if terms is not None and terms.sha256 != by.said.terms:
        return False
    viewer, kind = session.sight.viewer, TOLD[ACCEPTED if action.accepts else DECLINED]
    with beside_as_system(session) as inner:
        answer = _row(record_id, version, by, terms)
        answer.contact_id = viewer.person_id
        _keep_bytes(inner, store, answer, by)
        inner.add(answer)
        inner.flush()
        record = inner.scalars(select(Record).where(Record.id == record_id)).one()
        for staff_id in staff_concerned(inner, record):
            enqueue(inner, kind, staff_id=staff_id, record_id=record_id)
        if action.accepts:
            enqueue(inner, CONFIRMED, contact_id=viewer.person_id, record_id=record_id)
    return True


def _row(record_id: int, version: int, by: Answered, terms: Terms | None) -> Agreement:
    said = by.said
    return Agreement(
        parent_id=record_id,
        outcome=DECLINED if terms is None else ACCEPTED,
        version=version,
        signer=said.signer,
        order_number=said.order_number,
        reason=said.reason,
        contact_name=by.contact_name,
        address=by.address,
        terms="" if terms is None else terms.text,
        terms_sha256="" if terms is None else terms.sha256,
    )


def _keep_bytes(session: WalledSession, store: Store, answer: Agreement, by: Answered) -> None:
    """Keep the paper, and what was drawn."""
    if by.paper is not None:
        answer.paper_name, answer.paper_sha256 = by.paper.name, by.paper.sha256
        answer.paper_key = keep_bytes(session, store, by.paper.data)
    if by.said.signature is not None:
        answer.signature_key = keep_bytes(session, store, by.said.signature)
