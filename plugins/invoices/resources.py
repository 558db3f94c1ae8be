"""What pages, lists and search know of invoices and payments."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from core.api import Child, Choice, Field, Resource, current_day, lazy_gettext, priced_lines
from plugins.invoices import domain
from plugins.invoices.models import (
    CANCELLED,
    CREDIT_NOTE,
    DEPOSIT,
    DRAFT,
    ISSUED,
    PAID,
    PENDING,
    STANDARD,
    Allocation,
    Invoice,
    Line,
    Payment,
)
from plugins.invoices.paper import DOCUMENT

KINDS = {
    STANDARD: Choice(lazy_gettext("Invoice"), ""),  # the plain case needs no mark
    DEPOSIT: Choice(lazy_gettext("Deposit"), "info", "money"),
    CREDIT_NOTE: Choice(lazy_gettext("Credit note"), "info", "arrow-right"),
}

STATES = {
    PENDING: Choice(lazy_gettext("Pending"), "warn", "clock"),
    domain.OVERDUE: Choice(lazy_gettext("Overdue"), "danger", "warning"),
    PAID: Choice(lazy_gettext("Paid"), "ok", "check"),
    domain.IN_CREDIT: Choice(lazy_gettext("In your favour"), "info", "money"),
    CANCELLED: Choice(lazy_gettext("Cancelled"), "neutral", "ban"),
    ISSUED: Choice(lazy_gettext("Issued"), "neutral", "invoice"),
    DRAFT: Choice(lazy_gettext("Draft"), "neutral", "file", seen=False),
}


def _state(invoice: Any) -> ColumnElement[str]:
    return domain.state(invoice, current_day())


def _corrected(invoice: Any) -> ColumnElement[Any]:
    """The number of the invoice that a credit note corrects, for whoever may see that invoice."""
    other = aliased(Invoice)
    return select(other.number).where(other.id == invoice.corrects_id).correlate(invoice).scalar_subquery()


INVOICE = Resource(
    name="invoice",
    title=lazy_gettext("Invoices"),
    singular=lazy_gettext("Invoice"),
    model=Invoice,
    number="number",
    title_field="reference",
    status="status",
    order="-issued_on",
    summary=("net", "tax", "local_tax_1", "local_tax_2", "stamp", "total", "paid", "credit", "due"),
    empty=lazy_gettext("Your invoices will appear here as soon as we issue them."),
    document=DOCUMENT,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("kind", lazy_gettext("Type"), "choice", listed=True, filterable=True, choices=KINDS),
        Field(
            "status",
            lazy_gettext("Status"),
            "choice",
            listed=True,
            filterable=True,
            choices=STATES,
            expression=_state,
        ),
        Field("issued_on", lazy_gettext("Date"), listed=True, sortable=True, filterable=True),
        Field("due_on", lazy_gettext("Due date"), listed=True, sortable=True, filterable=True),
        Field("total", lazy_gettext("Total"), listed=True, sortable=True),
        Field("due", lazy_gettext("Due"), "money", listed=True, expression=domain.due),
        Field("site_id", lazy_gettext("Site")),
        Field("contact_id", lazy_gettext("Contact"), seen=False),
        Field("reference", lazy_gettext("Your reference"), searchable=True),
        Field("corrects", lazy_gettext("Corrects invoice"), "text", expression=_corrected),
        Field("net", lazy_gettext("Net amount")),
        Field("tax", lazy_gettext("VAT")),
        Field("local_tax_1", lazy_gettext("Local tax 1")),
        Field("local_tax_2", lazy_gettext("Local tax 2")),
        Field("stamp", lazy_gettext("Stamp duty")),
        Field("paid", lazy_gettext("Amount paid"), "money", expression=domain.paid),
        Field(
            "credit",
            lazy_gettext("Credit in your favour"),
            "money",
            expression=domain.credit,
            hint=lazy_gettext("Not taken off what is due on other invoices."),
        ),
        Field("note", lazy_gettext("Note"), searchable=True),
        Field("reason", lazy_gettext("Reason for cancelling"), seen=False),
    ),
    children=(
        priced_lines(Line),
        Child(
            "payments",
            lazy_gettext("Payments"),
            Allocation,
            order="paid_on",
            fields=(
                Field("paid_on", lazy_gettext("Date")),
                Field("method", lazy_gettext("Method")),
                Field("amount", lazy_gettext("Amount")),
            ),
        ),
    ),
)

PAYMENT = Resource(
    name="payment",
    title=lazy_gettext("Payments"),
    singular=lazy_gettext("Payment"),
    model=Payment,
    number="number",
    order="-paid_on",
    summary=("amount", "allocated"),
    empty=lazy_gettext("Payments that are imported from your CRM will appear here."),
    fields=(
        Field("number", lazy_gettext("Number"), seen=False, listed=True, sortable=True, searchable=True),
        Field("paid_on", lazy_gettext("Date"), seen=False, listed=True, sortable=True, filterable=True),
        Field("method", lazy_gettext("Method"), seen=False, listed=True, searchable=True),
        Field("amount", lazy_gettext("Amount"), seen=False, listed=True, sortable=True),
        Field("allocated", lazy_gettext("Set against invoices"), "money", False, True, expression=domain.spent),
        Field("note", lazy_gettext("Note"), seen=False, searchable=True),
    ),
)
