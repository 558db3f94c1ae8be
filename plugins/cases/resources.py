"""What pages, lists and search know of a case."""

from core.api import Action, Choice, Field, Kind, Resource, lazy_gettext, lazy_pgettext
from plugins.cases import domain
from plugins.cases.models import (
    CLOSED,
    COMPLAINT,
    FAULT,
    HIGH,
    IN_PROGRESS,
    LOW,
    NORMAL,
    OPEN,
    QUESTION,
    REQUEST,
    URGENT,
    WAITING,
    Case,
)

STATES = {
    OPEN: Choice(lazy_pgettext("case", "Open"), "info", "dot"),
    IN_PROGRESS: Choice(lazy_pgettext("case", "In progress"), "info", "clock"),
    WAITING: Choice(lazy_pgettext("case", "Waiting for reply"), "warn", "mail"),
    CLOSED: Choice(lazy_pgettext("case", "Closed"), "neutral", "check"),
}
URGENCIES = {
    LOW: Choice(lazy_pgettext("urgency", "Low"), ""),
    NORMAL: Choice(lazy_pgettext("urgency", "Normal"), ""),  # the plain case needs no mark
    HIGH: Choice(lazy_pgettext("urgency", "High"), "warn", "chevron-up"),
    URGENT: Choice(lazy_pgettext("urgency", "Urgent"), "danger", "warning"),
}
KINDS = {
    QUESTION: Choice(lazy_pgettext("kind of case", "Question"), ""),
    FAULT: Choice(lazy_pgettext("kind of case", "Fault"), ""),
    REQUEST: Choice(lazy_pgettext("kind of case", "Request"), ""),
    COMPLAINT: Choice(lazy_pgettext("kind of case", "Complaint"), ""),
}
#: what a new case may be given; of these, clients are asked for what the tenant has them fill in
_ASKED = ("subject", "description", "kind", "urgency", "site_id", "contact_id")
#: what a case may be opened about, where those modules are on
_ABOUT = ("assets.asset", "contracts.contract", "invoices.invoice", "orders.order", "projects.project")
_STAFF = (Kind.STAFF,)

CASE = Resource(
    name="case",
    title=lazy_gettext("Cases"),
    singular=lazy_gettext("Case"),
    model=Case,
    title_field="subject",
    status="state",
    order="-active_at",
    empty=lazy_gettext("What you ask of us, and what we answer, will appear here."),
    conversation=True,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True, searchable=True),
        Field("subject", lazy_gettext("Subject"), listed=True, searchable=True, filled=True, required=True),
        Field("state", lazy_gettext("Status"), listed=True, filterable=True, choices=STATES),
        Field("urgency", lazy_gettext("Urgency"), listed=True, filterable=True, filled=True, choices=URGENCIES),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("site_id", lazy_gettext("Site"), filled=True),
        Field("contact_id", lazy_gettext("Contact")),
        Field("kind", lazy_gettext("Type"), choices=KINDS),
        Field(
            "description",
            lazy_gettext("Description"),
            searchable=True,
            filled=True,
            hint=lazy_gettext("What you see, where, and since when. You can add photographs and papers."),
        ),
        Field("opened_at", lazy_gettext("Opened"), sortable=True, filterable=True),
        Field("active_at", lazy_gettext("Last activity"), listed=True, sortable=True),
        Field("closed_at", lazy_gettext("Closed on")),
        Field("assignee_id", lazy_gettext("Looked after by"), seen=False, listed=True),
    ),
    actions=(
        Action(
            "open",
            lazy_gettext("Open a case"),
            _ASKED,
            run=domain.open_case,
            creates=True,
            about=_ABOUT,
            done=lazy_gettext("The case was opened."),
        ),
        Action(
            "close",
            lazy_gettext("Close the case"),
            when=domain.is_open,
            run=domain.close,
            done=lazy_gettext("The case was closed."),
        ),
        Action(
            "reopen",
            lazy_gettext("Open it again"),
            when=domain.is_closed,
            run=domain.reopen,
            done=lazy_gettext("The case is open again."),
        ),
        Action(
            "urgency",
            lazy_gettext("Change the urgency"),
            ("urgency",),
            domain.is_open,
            run=domain.set_urgency,
            done=lazy_gettext("The urgency was changed."),
        ),
        Action(
            "state",
            lazy_gettext("Change the status"),
            ("state",),
            by=_STAFF,
            run=domain.change,
            done=lazy_gettext("The status was changed."),
        ),
        Action(
            "assign",
            lazy_gettext("Assign"),
            ("assignee_id",),
            by=_STAFF,
            run=domain.assign,
            done=lazy_gettext("Who looks after it was changed."),
        ),
        Action("edit", lazy_gettext("Edit"), _ASKED, by=_STAFF, run=domain.change, edits=True),
    ),
)
