"""What pages, lists and search know of a contract."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement

from core.api import (
    Action,
    Child,
    Choice,
    Field,
    Kind,
    Resource,
    current_day,
    discard_draft,
    lazy_gettext,
    lazy_pgettext,
    line_fields,
    lined_paper,
    priced_lines,
)
from plugins.contracts import domain
from plugins.contracts.models import (
    ACTIVE,
    AUTOMATIC,
    DECLINED,
    DRAFT,
    ENDED,
    NONE,
    OFFERED,
    ON_REQUEST,
    SUSPENDED,
    TERMINATED,
    Contract,
    Covered,
    Service,
    Use,
)

STATES = {
    ACTIVE: Choice(lazy_pgettext("contract", "Active"), "ok", "check"),
    domain.ENDING: Choice(lazy_pgettext("contract", "Ends soon"), "warn", "clock"),
    domain.RENEWING: Choice(lazy_pgettext("contract", "Renews soon"), "info", "clock"),
    domain.EXPIRED: Choice(lazy_pgettext("contract", "Expired"), "neutral", "ban"),
    OFFERED: Choice(lazy_pgettext("contract", "To be answered"), "warn", "mail"),
    SUSPENDED: Choice(lazy_pgettext("contract", "Suspended"), "warn", "dot"),
    ENDED: Choice(lazy_pgettext("contract", "Ended"), "neutral", "check"),
    TERMINATED: Choice(lazy_pgettext("contract", "Terminated"), "neutral", "ban"),
    DECLINED: Choice(lazy_pgettext("contract", "Declined"), "neutral", "ban"),
    DRAFT: Choice(lazy_pgettext("contract", "Draft"), "neutral", "file", seen=False),
}
RENEWALS = {
    NONE: Choice(lazy_gettext("Ends, unless both parties agree otherwise"), ""),
    AUTOMATIC: Choice(lazy_gettext("Renews automatically"), ""),
    ON_REQUEST: Choice(lazy_gettext("Renews if you ask for it"), ""),
}
_CLIENT, _STAFF = (Kind.CONTACT,), (Kind.STAFF,)
#: what a client agrees to who accepts a contract, and what stands on its paper beside the lines
_AGREED = (
    "number",
    "title",
    "coverage",
    "starts_on",
    "ends_on",
    "renewal",
    "notice_days",
    "net",
    "tax",
    "total",
    "lines",
)
_ON_PAPER = ("title", "starts_on", "ends_on", "renewal", "notice_days", "site_id", "reference")
_WRITTEN = ("title", "coverage", "starts_on", "ends_on", "renewal", "notice_days", "reference", "site_id", "contact_id")


def _state(contract: Any) -> ColumnElement[str]:
    return domain.state(contract, current_day())


#: the priced lines, with how much of each was used and is left: that first, for it is what clients look for
_SERVICES = replace(
    priced_lines(Service),
    title=lazy_gettext("Services"),
    fields=(
        *line_fields("description"),
        Field("position", lazy_gettext("Line number"), seen=False),
        *line_fields("quantity"),
        Field("unit", lazy_gettext("Unit")),
        Field("used", lazy_gettext("Used"), "quantity", expression=domain.used),
        Field("left", lazy_gettext("Left"), "quantity", expression=domain.left),
        *line_fields("unit_price", "discount", "tax_rate"),
        Field("net", lazy_gettext("Net amount")),
        Field("total", lazy_gettext("Total")),
        Field("starts_on", lazy_gettext("From")),
        Field("ends_on", lazy_gettext("Until")),
    ),
)


CONTRACT = Resource(
    name="contract",
    title=lazy_gettext("Contracts"),
    singular=lazy_gettext("Contract"),
    model=Contract,
    title_field="title",
    status="status",
    order="-starts_on",
    summary=("net", "tax", "total"),
    empty=lazy_gettext("Your contracts with us will appear here."),
    conversation=True,
    document=lined_paper(_ON_PAPER, marked={DRAFT}, text="coverage"),
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, sortable=True, searchable=True),
        Field("title", lazy_gettext("Title"), listed=True, searchable=True, required=True),
        Field(
            "status",
            lazy_gettext("Status"),
            "choice",
            listed=True,
            filterable=True,
            choices=STATES,
            expression=_state,
        ),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("site_id", lazy_gettext("Site")),
        Field("contact_id", lazy_gettext("Contact")),
        Field("starts_on", lazy_pgettext("contract", "Start"), listed=True, sortable=True, filterable=True),
        Field("ends_on", lazy_pgettext("contract", "End"), listed=True, sortable=True, filterable=True),
        Field("renewal", lazy_gettext("At its end"), filterable=True, choices=RENEWALS),
        Field(
            "notice_days",
            lazy_gettext("Notice (days)"),
            hint=lazy_gettext("So many days before its end the client is told of it; 30 where nothing is typed."),
        ),
        Field("coverage", lazy_gettext("What it covers"), searchable=True),
        Field("reference", lazy_gettext("Your reference"), searchable=True),
        Field("net", lazy_gettext("Net amount")),
        Field("tax", lazy_gettext("VAT")),
        Field("total", lazy_gettext("Total"), listed=True, sortable=True),
        Field("reason", lazy_gettext("Reason")),
    ),
    children=(
        _SERVICES,
        Child(
            "uses",
            lazy_gettext("What was used"),
            Use,
            order="used_on",
            fields=(
                Field("used_on", lazy_gettext("Date")),
                Field("service", lazy_gettext("Service"), "text", expression=domain.service_of),
                Field("units", lazy_gettext("Units"), "quantity"),
                Field("what_for", lazy_gettext("For")),
            ),
        ),
        Child(
            "sites",
            lazy_gettext("Sites that it covers"),
            Covered,
            fields=(Field("name", lazy_gettext("Site")), Field("what", lazy_gettext("What of it"))),
        ),
    ),
    actions=(
        Action(
            "accept",
            lazy_gettext("Accept and sign"),
            when=domain.is_offered,
            by=_CLIENT,
            run=domain.accept,
            accepts=_AGREED,
            done=lazy_gettext("You accepted and signed the contract."),
        ),
        Action(
            "decline",
            lazy_gettext("Decline the contract"),
            when=domain.is_offered,
            by=_CLIENT,
            run=domain.decline,
            declines=True,
            done=lazy_gettext("You declined the contract."),
        ),
        Action(
            "write",
            lazy_gettext("Write a contract"),
            _WRITTEN,
            by=_STAFF,
            run=domain.write,
            creates=True,
            done=lazy_gettext("The contract was written, as a draft: the client does not see it yet."),
        ),
        Action("edit", lazy_gettext("Edit"), _WRITTEN, by=_STAFF, run=domain.change, edits=True),
        Action(
            "offer",
            lazy_gettext("Offer it to the client"),
            when=domain.is_draft,
            by=_STAFF,
            run=domain.offer,
            done=lazy_gettext("The client sees the contract now, and can answer it."),
        ),
        Action(
            "activate",
            lazy_gettext("Let it run"),
            when=domain.can_begin,
            by=_STAFF,
            run=domain.activate,
            done=lazy_gettext("The contract is active."),
        ),
        Action(
            "renew",
            lazy_gettext("Renew"),
            ("ends_on",),
            domain.can_be_renewed,
            _STAFF,
            run=domain.renew,
            done=lazy_gettext("The contract was renewed."),
        ),
        Action(
            "suspend",
            lazy_gettext("Suspend"),
            when=domain.runs,
            by=_STAFF,
            run=domain.suspend,
            done=lazy_gettext("The contract is suspended."),
        ),
        Action(
            "terminate",
            lazy_gettext("Terminate"),
            ("reason",),
            domain.can_be_terminated,
            _STAFF,
            run=domain.terminate,
            done=lazy_gettext("The contract was terminated."),
        ),
        discard_draft(),
    ),
)
