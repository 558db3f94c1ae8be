"""What pages, lists and exports know of an order, and how staff write its lines."""

from core.api import (
    Action,
    Choice,
    Field,
    Kind,
    Resource,
    discard_draft,
    lazy_gettext,
    lazy_pgettext,
    line_resource,
    lined_paper,
    priced_lines,
)
from plugins.orders import domain
from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED, Line, Order

STATES = {
    DRAFT: Choice(lazy_gettext("Draft"), "neutral", "file", seen=False),
    CONFIRMED: Choice(lazy_pgettext("order", "Confirmed"), "info", "check"),
    IN_DELIVERY: Choice(lazy_pgettext("order", "In delivery"), "info", "arrow-right"),
    DELIVERED: Choice(lazy_pgettext("order", "Delivered"), "ok", "check"),
    INVOICED: Choice(lazy_pgettext("order", "Invoiced"), "ok", "invoice"),
    CANCELLED: Choice(lazy_pgettext("order", "Cancelled"), "neutral", "ban"),
}
_STAFF = (Kind.STAFF,)
_ASKED = ("ordered_on", "deliver_on", "shipping", "reference", "note", "site_id", "contact_id")

ORDER = Resource(
    name="order",
    title=lazy_gettext("Orders"),
    singular=lazy_gettext("Order"),
    model=Order,
    status="status",
    order="-ordered_on",
    summary=("net", "tax", "local_tax_1", "local_tax_2", "total"),
    empty=lazy_gettext("What you order from us, and how far it has come, will appear here."),
    document=lined_paper(
        facts=("ordered_on", "deliver_on", "site_id", "reference"),
        totals=("net", "tax", "local_tax_1", "local_tax_2"),
        marked={DRAFT, CANCELLED},
    ),
    conversation=True,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("status", lazy_gettext("Status"), listed=True, filterable=True, choices=STATES),
        Field("ordered_on", lazy_gettext("Date"), listed=True, sortable=True, filterable=True),
        Field("deliver_on", lazy_gettext("Delivery planned for"), listed=True, sortable=True, filterable=True),
        Field("delivered_on", lazy_gettext("Delivered on")),
        Field("shipping", lazy_gettext("Shipping"), hint=lazy_gettext("Who brings it, and under which number.")),
        Field("total", lazy_gettext("Total"), listed=True, sortable=True),
        Field("site_id", lazy_gettext("Site")),
        Field("contact_id", lazy_gettext("Contact"), seen=False),
        Field("reference", lazy_gettext("Your reference"), searchable=True),
        Field("net", lazy_gettext("Net amount")),
        Field("tax", lazy_gettext("VAT")),
        Field("local_tax_1", lazy_gettext("Local tax 1")),
        Field("local_tax_2", lazy_gettext("Local tax 2")),
        Field("note", lazy_gettext("Note"), searchable=True),
        Field("reason", lazy_gettext("Reason for cancelling")),
    ),
    children=(priced_lines(Line),),
    actions=(
        Action(
            "write", lazy_gettext("Write an order"), _ASKED, by=_STAFF, run=domain.begin, creates=True,
            done=lazy_gettext("The order was written, as a draft: the client does not see it yet."),
        ),
        Action(
            "follow", lazy_gettext("Make an order of it"), _ASKED, by=_STAFF, run=domain.begin, creates=True,
            about=("quotes.quote",), follows=("accepted",),
            done=lazy_gettext("The order was written from the quote, as a draft: the client does not see it yet."),
            closed=lazy_gettext("An order was made of this quote before, or the client has not accepted it."),
        ),
        Action(
            "confirm", lazy_gettext("Confirm it to the client"), when=domain.is_draft, by=_STAFF, run=domain.confirm,
            done=lazy_gettext("The order was confirmed to the client."),
        ),
        Action(
            "ship", lazy_gettext("It is on its way"), ("shipping", "deliver_on"), domain.can_ship, _STAFF,
            run=domain.ship,
            done=lazy_gettext("The order is on its way."),
        ),
        Action(
            "deliver", lazy_gettext("It was delivered"), ("delivered_on",), domain.can_deliver, _STAFF,
            run=domain.deliver,
            done=lazy_gettext("The order was delivered."),
        ),
        Action(
            "invoice", lazy_gettext("It was invoiced"), when=domain.can_invoice, by=_STAFF, run=domain.invoice,
            done=lazy_gettext("The order was invoiced."),
        ),
        Action("edit", lazy_gettext("Edit"), _ASKED, domain.can_edit, _STAFF, run=domain.change, edits=True),
        Action(
            "cancel", lazy_gettext("Cancel the order"), ("reason",), domain.can_cancel, _STAFF, run=domain.cancel,
            done=lazy_gettext("The order was cancelled."),
        ),
        discard_draft(),
    ),
)  # fmt: skip

LINE = line_resource(
    Line,
    Field("order", lazy_gettext("Order"), "text", listed=True, expression=domain.order_of),
    Field("position", lazy_gettext("Place among the lines")),
    when=domain.can_change,
    closed=lazy_gettext("This order can no longer be changed."),
)
