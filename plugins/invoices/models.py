"""Tables of invoices, their lines, and what was paid on them."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Drafted, Id, Model, OfTenant, Owned, PartOf, PricedLine, Totals, money

STANDARD, DEPOSIT, CREDIT_NOTE = "standard", "deposit", "credit_note"
DRAFT, PENDING, PAID, CANCELLED, ISSUED = "draft", "pending", "paid", "cancelled", "issued"

_MINE = ("tenant_id", "owner")
_LISTED = ("status", "currency", "total", "due_on", "kind", "number")


class Invoice(Drafted, Owned, Totals, Model):
    """An invoice, a deposit or a credit note, as the CRM has it. Amounts of a credit note are negative."""

    __tablename__ = "invoices_invoice"

    number: Mapped[str] = mapped_column(String(60))
    #: "standard", "deposit" or "credit_note"
    kind: Mapped[str] = mapped_column(String(20), default=STANDARD)
    #: what the CRM says: "draft", "pending", "paid" or "cancelled" (abandoned counts as cancelled); "issued"
    #: where it does not say whether anything was paid
    status: Mapped[str] = mapped_column(String(20))
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    local_tax_1: Mapped[int] = mapped_column(**money(default=0))
    local_tax_2: Mapped[int] = mapped_column(**money(default=0))
    stamp: Mapped[int] = mapped_column(**money(default=0))
    #: what the client calls it: their order number
    reference: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    #: why it was cancelled
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: the invoice that a credit note corrects
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("invoices_invoice.id"), index=True)

    __table_args__ = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        # With what a client may see in it, so that counting theirs, summing them by month or showing a page of them
        # reads no row: among a million, each row of a client's stands on a page of its own.
        Index("ix_invoices_invoice_listed", *_MINE, "published", "issued_on", "id", *_LISTED),
        Index(None, "tenant_id", "contact_id", "issued_on", "id"),
        Index(None, "tenant_id", "site_id", "issued_on", "id"),
        # What is open of an account's invoices, without reading those of all its years.
        Index("ix_invoices_invoice_open", *_MINE, "status", "published", "currency", "due_on", "total"),
    )


class Line(PartOf(Invoice), PricedLine, Model):  # type: ignore[misc]
    """One line of an invoice."""

    __tablename__ = "invoices_line"

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Payment(OfTenant, Model):
    """A payment as it came in. Staff alone see it: what of it belongs to whom is said by its
    allocations, and one payment may settle invoices of several accounts."""

    __tablename__ = "invoices_payment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), default="")
    paid_on: Mapped[date] = mapped_column(Date)
    method: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(**money(default=0))
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index(None, "tenant_id", "paid_on", "id"),)


class Allocation(PartOf(Invoice, owned=True), Model):  # type: ignore[misc]
    """The part of a payment that was set against one invoice, with what a client may know of it."""

    __tablename__ = "invoices_allocation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("invoices_payment.id"), index=True)
    paid_on: Mapped[date] = mapped_column(Date)
    method: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(**money(default=0))

    __table_args__ = (
        # What was allocated to an invoice is summed without reading a row.
        Index("ix_invoices_allocation_sums", "parent_id", "currency", "amount", "paid_on", "tenant_id", "owner"),
        # The same of one client's, whose payments stand side by side.
        Index("ix_invoices_allocation_mine", "owner", "parent_id", "currency", "amount", "tenant_id"),
        # What a client paid in a year, without asking each of their invoices. The tenant stands behind: SQLite would
        # walk through all of its payments where no owner is named.
        Index("ix_invoices_allocation_paid", "owner", "paid_on", "parent_id", "currency", "amount", "tenant_id"),
    )
