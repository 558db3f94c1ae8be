"""What pages, lists, exports, forms and the API know of an expense."""

from core.api import Action, Child, Choice, Field, Kind, Resource, lazy_gettext
from postigo_expenses import domain
from postigo_expenses.models import APPROVED, PENDING, QUERIED, Expense, Item

STATES = {
    PENDING: Choice(lazy_gettext("To approve"), "warn", "clock"),
    QUERIED: Choice(lazy_gettext("Waiting for our answer"), "info"),
    APPROVED: Choice(lazy_gettext("Approved"), "ok", "check"),
}

EXPENSE = Resource(
    name="expense",
    title=lazy_gettext("Expenses"),
    singular=lazy_gettext("Expense"),
    model=Expense,
    title_field="subject",
    status="status",
    order="-spent_on",
    summary=("total",),
    empty=lazy_gettext("What we spend on your behalf will appear here."),
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("subject", lazy_gettext("Subject"), listed=True, searchable=True),
        Field("status", lazy_gettext("Status"), listed=True, filterable=True, choices=STATES),
        Field("spent_on", lazy_gettext("Date"), listed=True, sortable=True, filterable=True),
        Field("total", lazy_gettext("Total"), listed=True, sortable=True),
        Field("account_id", lazy_gettext("Client")),
        Field("site_id", lazy_gettext("Site")),
        Field("order_number", lazy_gettext("Your order number"), searchable=True, filled=True),
        Field("question", lazy_gettext("Your question"), filled=True, required=True),
        Field("answer", lazy_gettext("Our answer"), filled=True, required=True),
        Field("cost", lazy_gettext("What it cost us"), seen=False),
    ),
    children=(
        Child(
            "items",
            lazy_gettext("Items"),
            Item,
            fields=(
                Field("description", lazy_gettext("Description")),
                Field("quantity", lazy_gettext("Quantity")),
                Field("amount", lazy_gettext("Amount")),
            ),
        ),
    ),
    actions=(
        Action(
            "approve",
            lazy_gettext("Approve"),
            fields=("order_number",),
            when=domain.is_open,
            by=(Kind.CONTACT,),
            run=domain.approve,
            done=lazy_gettext("You approved the expense."),
        ),
        Action(
            "ask",
            lazy_gettext("Ask about it"),
            fields=("question",),
            when=domain.is_unasked,
            by=(Kind.CONTACT,),
            run=domain.ask,
            done=lazy_gettext("Your question was sent."),
        ),
        Action(
            "reply",
            lazy_gettext("Answer"),
            fields=("answer",),
            when=domain.is_asked,
            by=(Kind.STAFF,),
            run=domain.reply,
            done=lazy_gettext("Your answer was sent."),
        ),
    ),
)
