"""The list of accounts."""

from typing import Any

from flask import g, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.crm.models import Account, Membership, Site
from core.i18n import gettext
from core.modules.switches import PORTAL, read_switches
from core.staff import paging, search
from core.staff.asked import asked_account
from core.staff.blueprint import blueprint
from core.web.led import Answer


@blueprint.get("/accounts/")
def accounts() -> Answer:
    """Accounts by name, searched, or those beneath one."""
    text, parent = search.typed(), asked_account("parent")
    above = aliased(Account)
    wanted = (
        select(Account.id, Account.name, Account.code, above.name.label("parent"))
        .outerjoin(above, above.id == Account.parent_id)
        .where(*search.accounts(text))
    )
    if parent is not None:
        wanted = wanted.where(Account.parent_id == parent.id)
    page = paging.page(wanted, paging.BY_ACCOUNT_NAME, url_for("staff.accounts"))
    return render_template(
        "staff/accounts.html",
        page_title=gettext("Clients"),
        search=text,
        chip=_chip(parent, text),
        rows=_rows(page.rows),
        count=page.count,
        pager=page.pager,
    )


def _chip(parent: Account | None, text: str) -> dict[str, Any] | None:
    if parent is None:
        return None
    return {
        "label": gettext("Part of: %(name)s", name=parent.name),
        "clear_url": url_for("staff.accounts", q=text or None),
        "name": "parent",
        "value": parent.id,
    }


def _rows(rows: list[Any]) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    sites = _counts(Site.account_id, Site.id, ids)
    contacts = _counts(Membership.account_id, Membership.contact_id.distinct(), ids)
    switches = read_switches(g.session, ids)
    return [
        {
            "url": url_for("staff.account", account_id=row.id),
            "name": row.name,
            "number": row.code,
            "parent": row.parent,
            "sites": sites.get(row.id, 0),
            "contacts": contacts.get(row.id, 0),
            "state": portal_state(switches.on(PORTAL, row.id, None)),
        }
        for row in rows
    ]


def _counts(key: Any, counted: Any, ids: list[int]) -> dict[int, int]:
    statement = select(key, func.count(counted)).where(key.in_(ids)).group_by(key)
    return {row[0]: row[1] for row in g.session.execute(statement)}


def portal_state(on: bool) -> dict[str, str]:
    """Whether the portal is on for an account, as a status."""
    if on:
        return {"text": gettext("Portal on"), "tone": "ok"}
    return {"text": gettext("Portal off"), "tone": "neutral"}
