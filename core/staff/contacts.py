"""The list of contacts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy import ColumnElement, exists, select

from core.crm.models import Account, Contact, Membership
from core.crm.rules import Access, access
from core.i18n import gettext, today
from core.modules.entry import is_member, may_enter, portal_by_default, portal_is_on
from core.records.errors import BadQuery
from core.staff import paging, search, words
from core.staff.asked import asked_account
from core.staff.blueprint import blueprint
from core.web.led import Answer

_FILTERS = ("", "with", "without")
_MOST_ACCOUNTS = 3


@blueprint.get("/contacts/")
def contacts() -> Answer:
    """Contacts by name, searched and narrowed to those with or without access."""
    return render_template(
        "staff/contacts.html",
        page_title=gettext("Contacts"),
        several_url=paging.address(url_for("staff.several_contacts")),
        **listed("staff.contacts"),
    )


def listed(endpoint: str) -> dict[str, Any]:
    """The request's page of contacts, with its search and filters, for a template as staff/contacts.html. `endpoint`
    is the page's own."""
    narrowed = narrowing()
    wanted = select(Contact, narrowed.enters.label("enters"), is_member().label("member")).where(*narrowed.conditions)
    found_page = paging.page(wanted, paging.BY_CONTACT_NAME, url_for(endpoint))
    return {
        "search": narrowed.text,
        "filter": _toggle(endpoint, narrowed.access),
        "chip": _chip(endpoint, narrowed.account),
        "rows": rows_of(found_page.rows),
        "count": found_page.count,
        "pager": found_page.pager,
    }


@dataclass(frozen=True)
class Narrowing:
    """What the request's search and filters narrow the contacts to: what was typed, and as conditions. `enters` is
    whether a contact has access."""

    text: str
    access: str
    account: Account | None
    enters: ColumnElement[bool]
    conditions: list[ColumnElement[bool]]


def narrowing() -> Narrowing:
    """Read the request's search and filters. Raises BadQuery for those that are none."""
    text, chosen, account = search.typed(), _filter(), asked_account("account")
    enters = may_enter(g.tenant.access_mode, today(), portal_is_on(by_default=portal_by_default(g.session)))
    conditions: list[ColumnElement[bool]] = search.contacts(text, g.tenant.country)
    if chosen:
        conditions.append(enters if chosen == "with" else ~enters)
    if account is not None:
        conditions.append(exists(_members(account).correlate(Contact)))
    return Narrowing(text, chosen, account, enters, conditions)


def _filter() -> str:
    chosen = request.args.get("access", "")
    if chosen not in _FILTERS:
        raise BadQuery("access")
    return chosen


def _members(account: Account) -> Any:
    return select(Membership.id).where(Membership.contact_id == Contact.id, Membership.account_id == account.id)


def _toggle(endpoint: str, chosen: str) -> list[dict[str, Any]]:
    labels = {"": gettext("Everybody"), "with": gettext("With access"), "without": gettext("Without access")}
    return [
        {"label": label, "url": _url(endpoint, access=name), "active": name == chosen} for name, label in labels.items()
    ]


def _url(endpoint: str, **changed: str) -> str:
    """The list's address with the search and filters in use, but for those that change."""
    return paging.narrowed(url_for(endpoint), ("q", "access", "account"), **changed)


def _chip(endpoint: str, account: Account | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {
        "label": gettext("Client: %(name)s", name=account.name),
        "clear_url": _url(endpoint, account=""),
        "name": "account",
        "value": account.id,
    }


def rows_of(found_rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows of staff/contacts.html, of rows that carry a contact, `enters` and `member`. One
    statement more, for the names of their accounts."""
    listed = [(row.Contact, row.enters, row.member) for row in found_rows]
    names = _account_names([contact.id for contact, _, _ in listed])
    return [
        {
            "id": contact.id,
            "url": url_for("staff.contact", contact_id=contact.id),
            "name": contact.name or gettext("(no name)"),
            "email": contact.email,
            "phone": contact.phone or contact.mobile,
            "accounts": _some(names[contact.id]),
            "state": words.state(_verdict(contact, enters, member)),
        }
        for contact, enters, member in listed
    ]


def _verdict(contact: Contact, enters: bool, member: bool) -> Access:
    verdict = access(contact, g.tenant, today(), is_member=member)
    return Access(False, "portal_off") if verdict.granted and not enters else verdict


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_ACCOUNTS
    listed = ", ".join(names[:_MOST_ACCOUNTS])
    return gettext("%(names)s and %(more)s more", names=listed, more=more) if more > 0 else listed


def _account_names(contact_ids: list[int]) -> dict[int, list[str]]:
    named = (
        select(Membership.contact_id, Account.name)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.contact_id.in_(contact_ids))
        .distinct()
        .order_by(Account.name)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for contact_id, name in g.session.execute(named):
        names[contact_id].append(name)
    return names
