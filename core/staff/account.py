"""One account: its facts, people, sites, subsidiaries and switches."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import exists, func, select

from core.crm.models import Account, Contact, Membership, Site
from core.crm.segments import Segment, SegmentAccount
from core.db.record import Record
from core.i18n import gettext, today
from core.installation import installation
from core.modules.entry import is_member, may_enter, portal_by_default, portal_is_on
from core.modules.switches import PORTAL, SwitchError, read_switches
from core.staff import switchboard
from core.staff.accounts import portal_state
from core.staff.blueprint import again, blueprint, done, found, listing_url
from core.staff.contact_page import external_facts
from core.staff.contacts import rows_of
from core.staff.paging import BY_ACCOUNT_NAME, BY_CONTACT_NAME, BY_SITE_NAME
from core.web.led import Answer

_TEMPLATE = "staff/account.html"
#: so many sites, contacts and subsidiaries stand on the page; the rest in their lists
_MOST = 10


@blueprint.route("/accounts/<id:account_id>", methods=["GET", "POST"])
def account(account_id: int) -> Answer:
    """Show an account; its switches post here."""
    row = found(Account, account_id)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(row))
    if request.form.get("do") != "switch":
        abort(400)
    try:
        text, undo = switchboard.save_choice(read_switches(g.session, [row.id]), "account", row.id)
    except SwitchError as error:
        g.session.rollback()
        flash(gettext("Nothing was changed: %(reason)s.", reason=error), "error")
        return again(_TEMPLATE, _page(found(Account, account_id)))
    return done(url_for("staff.account", account_id=row.id), text, undo)


def _page(row: Account) -> dict[str, Any]:
    switches = read_switches(g.session, [row.id])
    contacts, sites, children = _contacts(row), _sites(row), _children(row)
    return {
        "page_title": row.name,
        "account": row,
        "state": portal_state(switches.on(PORTAL, row.id, None)),
        "facts": _facts(row),
        "children": [{"name": c.name, "url": url_for("staff.account", account_id=c.id)} for c in children[:_MOST]],
        "children_url": url_for("staff.accounts", parent=row.id) if len(children) > _MOST else None,
        "sites": [_site(s) for s in sites[:_MOST]],
        "sites_url": url_for("staff.sites", account_id=row.id) if len(sites) > _MOST else None,
        "contacts": [_contact(c) for c in rows_of(contacts[:_MOST])],
        "contacts_url": url_for("staff.contacts", account=row.id) if len(contacts) > _MOST else None,
        "switches": switchboard.of_account(installation().registry, switches, row.id),
        "data": _data(row),
    }


def _facts(row: Account) -> list[dict[str, Any]]:
    parent = found(Account, row.parent_id) if row.parent_id is not None else None
    above = {"text": parent.name, "url": url_for("staff.account", account_id=parent.id)} if parent else {"text": ""}
    named = _segments(row)
    facts = [
        {"label": gettext("Number"), "text": row.code},
        {"label": gettext("Tax number"), "text": row.tax_number},
        {"label": gettext("E-mail"), "text": row.email},
        {"label": gettext("Phone"), "text": row.phone},
        {"label": gettext("Address"), "text": address_of(row)},
        {"label": gettext("Part of"), **above},
        {"label": gettext("Segments"), "text": named, **({"url": url_for("staff.segments")} if named else {})},
    ]
    return facts + external_facts("core.account", row.id)


def _segments(row: Account) -> str:
    in_it = select(SegmentAccount.segment_id).where(SegmentAccount.account_id == row.id)
    return ", ".join(g.session.scalars(select(Segment.name).where(Segment.id.in_(in_it)).order_by(Segment.name)))


def address_of(row: Account | Site) -> str:
    """An address on one line."""
    lines = [*row.address.splitlines(), f"{row.postcode} {row.town}".strip(), row.country]
    return ", ".join(line.strip() for line in lines if line.strip())


def _contacts(row: Account) -> list[Any]:
    member = exists(
        select(Membership.id)
        .where(Membership.contact_id == Contact.id, Membership.account_id == row.id)
        .correlate(Contact)
    )
    enters = may_enter(g.tenant.access_mode, today(), portal_is_on(by_default=portal_by_default(g.session)))
    wanted = select(Contact, enters.label("enters"), is_member().label("member")).where(member)
    return list(g.session.execute(wanted.order_by(*BY_CONTACT_NAME).limit(_MOST + 1)))


def _contact(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": row["name"], "url": row["url"], "note": row["email"] or row["phone"], "state": row["state"]}


def _sites(row: Account) -> list[Site]:
    wanted = select(Site).where(Site.account_id == row.id).order_by(*BY_SITE_NAME)
    return list(g.session.scalars(wanted.limit(_MOST + 1)))


def _site(row: Site) -> dict[str, Any]:
    url = url_for("staff.edit_site", account_id=row.account_id, site_id=row.id)
    return {"name": row.name, "address": address_of(row), "url": url}


def _children(row: Account) -> list[Any]:
    wanted = select(Account.id, Account.name).where(Account.parent_id == row.id)
    return list(g.session.execute(wanted.order_by(*BY_ACCOUNT_NAME).limit(_MOST + 1)))


def _data(row: Account) -> list[dict[str, Any]]:
    """How many records of each resource the account has, with the way to them."""
    registry = installation().registry
    counted = (
        select(Record.module, Record.resource, func.count(Record.id))
        .where(Record.account_id == row.id)
        .group_by(Record.module, Record.resource)
    )
    numbers = {(module, resource): number for module, resource, number in g.session.execute(counted)}
    return [
        {
            "title": resource.title,
            "icon": registry.modules[module].icon,
            "count": numbers[module, name],
            "url": listing_url(resource, account=row.id),
        }
        for module, resources in registry.resources.items()
        for name, resource in resources.items()
        if (module, name) in numbers
    ]
