"""What pages, lists and search know of quotes, and what may be done to one."""

from typing import Any

from sqlalchemy import ColumnElement

from core.api import (
    Action,
    Choice,
    Field,
    Kind,
    Resource,
    current_day,
    discard_draft,
    lazy_gettext,
    lazy_pgettext,
    line_resource,
    priced_lines,
)
from plugins.quotes import domain
from plugins.quotes.models import ACCEPTED, DECLINED, DRAFT, EXPIRED, INVOICED, SENT, WITHDRAWN, Line, Quote
from plugins.quotes.paper import DOCUMENT

STATES = {
    SENT: Choice(lazy_pgettext("quote", "To be answered"), "warn", "mail"),
    ACCEPTED: Choice(lazy_pgettext("quote", "Accepted"), "ok", "check"),
    DECLINED: Choice(lazy_pgettext("quote", "Declined"), "neutral", "ban"),
    EXPIRED: Choice(lazy_pgettext("quote", "Expired"), "neutral", "clock"),
    WITHDRAWN: Choice(lazy_pgettext("quote", "Withdrawn"), "neutral", "ban"),
    INVOICED: Choice(lazy_pgettext("quote", "Invoiced"), "info", "invoice"),
    DRAFT: Choice(lazy_pgettext("quote", "Draft"), "neutral", "file", seen=False),
}
_STAFF, _CLIENT = (Kind.STAFF,), (Kind.CONTACT,)
_WRITTEN = ("subject", "issued_on", "valid_until", "reference", "note", "site_id", "contact_id")
#: what is agreed on by accepting
_TERMS = (
    "number", "subject", "account_id", "site_id", "issued_on", "valid_until", "note", "net", "tax", "total", "lines",
)  # fmt: skip


def _state(quote: Any) -> ColumnElement[str]:
    return domain.state(quote, current_day())


QUOTE = Resource(
    name="quote",
    title=lazy_gettext("Quotes"),
    singular=lazy_gettext("Quote"),
    model=Quote,
    title_field="subject",
    status="status",
    order="-issued_on",
    summary=("net", "tax", "total"),
    empty=lazy_gettext("What we offer you will appear here."),
    document=DOCUMENT,
    conversation=True,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("subject", lazy_gettext("Subject"), listed=True, searchable=True),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field(
            "status", lazy_gettext("Status"), "choice", listed=True, filterable=True, choices=STATES, expression=_state
        ),
        Field("issued_on", lazy_gettext("Date"), listed=True, sortable=True, filterable=True),
        Field("valid_until", lazy_gettext("Valid until"), listed=True, sortable=True, filterable=True),
        Field("total", lazy_gettext("Total"), listed=True, sortable=True),
        Field("site_id", lazy_gettext("Site")),
        Field("contact_id", lazy_gettext("Contact")),
        Field("reference", lazy_gettext("Your reference"), searchable=True),
        Field("answered_on", lazy_gettext("Answered on")),
        Field("net", lazy_gettext("Net amount")),
        Field("tax", lazy_gettext("VAT")),
        Field("note", lazy_gettext("Note"), searchable=True),
        Field("assignee_id", lazy_gettext("Looked after by"), seen=False),
    ),
    children=(priced_lines(Line, Field("optional", lazy_gettext("Optional"))),),
    actions=(
        Action(
            "accept",
            lazy_gettext("Accept the quote"),
            when=domain.is_open,
            by=_CLIENT,
            confirm=lazy_gettext("By accepting, you order what this quote offers, for its total."),
            run=domain.accept,
            accepts=_TERMS,
            done=lazy_gettext("You accepted the quote."),
        ),
        Action(
            "decline",
            lazy_gettext("Decline the quote"),
            when=domain.is_open,
            by=_CLIENT,
            run=domain.decline,
            declines=True,
            done=lazy_gettext("You declined the quote."),
        ),
        Action(
            "write",
            lazy_gettext("Write a quote"),
            _WRITTEN,
            by=_STAFF,
            run=domain.write,
            creates=True,
            done=lazy_gettext("The quote was written, as a draft: the client does not see it yet."),
        ),
        Action(
            "send",
            lazy_gettext("Send it to the client"),
            when=domain.is_draft,
            by=_STAFF,
            run=domain.send,
            done=lazy_gettext("The client sees the quote now, and can answer it."),
        ),
        Action("edit", lazy_gettext("Edit"), _WRITTEN, domain.may_be_written, _STAFF, run=domain.change, edits=True),
        Action(
            "assign",
            lazy_gettext("Assign"),
            ("assignee_id",),
            by=_STAFF,
            done=lazy_gettext("Who looks after it was changed."),
        ),
        Action(
            "withdraw",
            lazy_gettext("Withdraw"),
            when=domain.is_sent,
            by=_STAFF,
            confirm=lazy_gettext("Withdraw this quote? The client still sees it, and can accept it no longer."),
            run=domain.withdraw,
            done=lazy_gettext("The quote was withdrawn."),
        ),
        Action(
            "expire",
            lazy_gettext("Let it expire"),
            when=domain.is_sent,
            by=_STAFF,
            confirm=lazy_gettext("Let this quote expire now? The client can accept it no longer."),
            run=domain.expire,
            done=lazy_gettext("The quote has expired."),
        ),
        Action(
            "revise",
            lazy_gettext("Make a draft of it"),
            when=domain.may_be_revised,
            by=_STAFF,
            confirm=lazy_gettext("Make a draft of this quote? The client does not see it until it is sent again."),
            run=domain.revise,
            done=lazy_gettext("The quote is a draft again."),
        ),
        discard_draft(),
    ),
)

LINE = line_resource(
    Line,
    Field("optional", lazy_gettext("Optional"), hint=lazy_gettext("Offered beside the quote; it counts for no total.")),
    when=domain.may_be_written,
    closed=lazy_gettext("This quote is no longer open. Make a draft of it first, or write another."),
)
