"""What clients of the demonstration have accepted, with the paper and the terms of then."""

from datetime import datetime
from hashlib import sha256
from typing import Protocol

from core.crm.models import Contact
from core.db.session import WalledSession
from core.files.storage import Store, keep_bytes
from core.records.agreements import terms_of
from core.records.models import ACCEPTED, Agreement
from core.records.resource import Resource

#: documentation's own addresses, which are nobody's
_ADDRESS = "192.0.2.44"


class Agree(Protocol):
    """Writes that a client accepted a record at some moment: its resource and id, the PDF that they saw, who and
    when, and their order number."""

    def __call__(
        self, resource: Resource, record_id: int, paper: bytes, by: Contact, at: datetime, order_number: str = ""
    ) -> None:
        """Give nothing; nobody is told of it."""


def agreer(session: WalledSession, store: Store) -> Agree:
    """The `agree` of a world; the session is the system's."""

    def agree(
        resource: Resource, record_id: int, paper: bytes, by: Contact, at: datetime, order_number: str = ""
    ) -> None:
        accepts = next(action.accepts for action in resource.actions if action.accepts)
        terms = terms_of(session, resource, accepts, record_id)
        row = session.get_one(resource.model, record_id)
        session.add(
            Agreement(
                parent_id=record_id,
                outcome=ACCEPTED,
                version=row.version,
                signer=by.name,
                order_number=order_number,
                contact_id=by.id,
                contact_name=by.name,
                address=_ADDRESS,
                answered_at=at,
                terms=terms.text,
                terms_sha256=terms.sha256,
                paper_name=f"{row.number}.pdf",
                paper_sha256=sha256(paper).hexdigest(),
                paper_key=keep_bytes(session, store, paper),
            )
        )
        session.flush()

    return agree
