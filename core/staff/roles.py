"""What each role of staff may do. An administrator may do everything; an agent works records and contacts, and
changes no switch, field or text. A page that is named nowhere here is for administrators."""

from flask import g, render_template, request
from werkzeug.exceptions import Forbidden

from core.crm.rules import ADMINISTRATOR
from core.i18n import gettext
from core.web.refusals import note_refusal

#: the pages that agents may open and send
AGENTS_MAY = frozenset(
    f"staff.{name}"
    for name in (
        "home",
        "contacts",
        "several_contacts",
        "contact",
        "new_contact",
        "edit_contact",
        "memberships",
        "membership",
        "accounts",
        "account",
        "new_account",
        "edit_account",
        "account_parent",
        "set_account_parent",
        "sites",
        "new_site",
        "edit_site",
        "listing",
        "detail",
        "file",
        "document",
        "certificate",
        "documents",
        "export",
        "act",
        "begin",
        "several",
        "say",
        "publish",
        "sharing",
        "linking",
        "outbox",
        "mail",
        "decide",
        "search",
        "replies",
        "new_reply",
        "edit_reply",
        "segments",
        "segment",
    )
)


class ForAdministrators(Forbidden):
    """An agent has asked for what administrators alone may do."""


def is_administrator() -> bool:
    """Whether the request's member of staff is one."""
    return bool(g.person.role == ADMINISTRATOR)


def administrators_alone() -> None:
    """Raise ForAdministrators where the request's member of staff is none."""
    if not is_administrator():
        raise ForAdministrators


def refuse_agents() -> None:
    """Raise ForAdministrators for an agent on a page that is not theirs."""
    if request.endpoint not in AGENTS_MAY:
        administrators_alone()


def for_administrators(error: ForAdministrators) -> tuple[str, int]:
    """The answer to an agent: what this is, and whom to ask."""
    note_refusal()
    page = render_template(
        "errors/error.html",
        page_title=gettext("This is for administrators"),
        title=gettext("This is for administrators"),
        text=gettext("Your role is agent: you work with records and contacts. Ask an administrator of the portal."),
        error_id=None,
        action={"url": "/staff/", "label": gettext("Go to the start page")},
    )
    return page, 403
