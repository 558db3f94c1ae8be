"""A draft leaves by no way of writing."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from core.db.bulk import bulk_insert
from core.db.record import Record
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.plugins.invoices.conftest import TODAY, Firm

BASIC: dict[str, Any] = {"number": "F-1", "issued_on": TODAY, "currency": "EUR"}


@pytest.mark.parametrize(
    ("values", "published"),
    [
        ({"status": "draft"}, False),
        ({"status": "draft", "published": True}, False),
        ({"published": True, "status": "draft"}, False),
        ({"status": "pending"}, True),
        ({"status": "cancelled"}, True),
        ({"status": "paid", "published": False}, False),
        ({"published": False, "status": "paid"}, False),
    ],
)
def test_a_new_invoice_is_published_unless_it_is_a_draft_or_its_writer_says_so(
    values: dict[str, Any], published: bool
) -> None:
    assert Invoice(**values).published is published


def test_a_draft_is_published_when_it_becomes_an_invoice_and_hidden_when_it_is_a_draft_again() -> None:
    invoice = Invoice(status="draft")
    invoice.status = "pending"
    assert invoice.published
    invoice.status = "draft"
    assert not invoice.published
    invoice.published = True
    assert not invoice.published


def test_a_change_of_status_leaves_alone_what_was_hidden_for_another_reason() -> None:
    invoice = Invoice(status="pending", published=False)
    invoice.status = "paid"
    assert not invoice.published


def test_the_change_reaches_the_database_and_the_record(firm: Firm) -> None:
    invoice_id = firm.add(status="draft")
    with firm.client() as session:
        assert session.get(Invoice, invoice_id) is None
        assert session.get(Record, invoice_id) is None
    with firm.system() as session:
        invoice = session.get(Invoice, invoice_id)
        assert invoice is not None
        invoice.status = "pending"
        session.commit()
    with firm.client() as session:
        assert session.get(Invoice, invoice_id) is not None
        assert session.get(Record, invoice_id) is not None


def test_the_database_refuses_a_published_draft(firm: Firm) -> None:
    firm.add(status="pending")
    with firm.system() as session, pytest.raises(IntegrityError):
        session.execute(update(Invoice).values(status="draft"))


@pytest.mark.parametrize(("status", "published"), [("draft", False), ("pending", True)])
def test_rows_that_are_written_in_bulk_follow_the_rule(firm: Firm, status: str, published: bool) -> None:
    with firm.system() as session:
        entry = {"module": "invoices", "resource": "invoice", "published": published}
        bulk_insert(session, Record, [entry])
        record_id = session.scalars(select(Record.id)).one()
        bulk_insert(session, Invoice, [{"id": record_id, **BASIC, "status": status}])
        assert session.scalar(select(Invoice.published).where(Invoice.id == record_id)) is published


def test_nothing_of_a_draft_is_seen_by_its_client(firm: Firm) -> None:
    shown = firm.add(500, number="F-1", status="pending", total=1000)
    draft = firm.add(700, number="DRAFT", status="draft", total=1000, reference="DRAFT")
    with firm.system() as session:
        session.add_all([Line(parent_id=i, currency="EUR", description="x") for i in (shown, draft)])
        session.commit()
    with firm.client() as session:
        assert session.scalars(select(Invoice.id)).all() == [shown]
        assert session.scalar(select(func.count()).select_from(Invoice)) == 1
        assert session.scalar(select(func.sum(Invoice.total))) == 1000
        assert session.scalars(select(Line.parent_id)).all() == [shown]
        assert session.scalars(select(Allocation.parent_id)).all() == [shown]
        assert session.scalars(select(Record.number)).all() == ["F-1"]
    with firm.system() as session:
        assert len(session.scalars(select(Invoice.id)).all()) == 2


def test_payments_are_seen_by_no_client_and_their_allocations_with_the_invoice(firm: Firm) -> None:
    ours = firm.add(status="pending", total=1000)
    theirs = firm.add(status="pending", total=1000, account_id=firm.other_account_id)
    with firm.system() as session:
        payment = Payment(number="P-1", paid_on=TODAY, amount=1500, currency="EUR")
        session.add(payment)
        session.flush()
        session.add_all(
            Allocation(parent_id=i, payment_id=payment.id, paid_on=TODAY, amount=750, currency="EUR")
            for i in (ours, theirs)
        )
        session.commit()
    with firm.client() as session:
        assert session.scalars(select(Payment.id)).all() == []
        assert session.scalars(select(Allocation.parent_id)).all() == [ours]
