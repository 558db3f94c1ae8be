"""The staff's first page: what needs a hand, a few numbers, and what a newcomer does next."""

from typing import Any

from flask import g, render_template, url_for
from sqlalchemy import case, func, select

from core.access.people import Shared, shared_identifiers
from core.crm.models import Account, Contact
from core.crm.rules import MEMBERS
from core.formats import format_number
from core.i18n import gettext, today
from core.installation import installation
from core.modules.entry import may_enter, portal_is_on
from core.modules.switches import PORTAL, Switches, read_switches
from core.staff.blueprint import blueprint
from core.staff.desk import desk
from core.staff.roles import is_administrator
from core.web.led import Answer


@blueprint.get("/")
def home() -> Answer:
    """What needs attention, and how things stand."""
    registry, leads = installation().registry, is_administrator()
    switches = read_switches(g.session)
    on = [name for name in registry.modules if switches.on_for_tenant(name)]
    entering, ready = _contacts(switches)
    accounts = g.session.scalar(select(func.count(Account.id))) or 0
    return render_template(
        "staff/home.html",
        page_title=gettext("Home"),
        desk=desk(),
        shared=[_shared(each) for each in shared_identifiers(g.session)],
        quarantined=[_quarantined(q.name, q.reason) for q in registry.quarantined.values()] if leads else [],
        figures=_figures(entering, accounts, len(on), len(registry.modules))[: None if leads else 2],
        steps=_steps(accounts, len(on), entering, ready) if leads else [],
        access={"label": mode_in_words(g.tenant.access_mode), "url": url_for("staff.access") if leads else None},
    )


def _contacts(switches: Switches) -> tuple[int, int]:
    """How many contacts may come in, and how many of them have chosen a password."""
    portal = portal_is_on(by_default=switches.on_for_tenant(PORTAL))
    enters = may_enter(g.tenant.access_mode, today(), portal)
    ready = case((Contact.password_hash.is_not(None), enters), else_=False)
    counts = select(func.count(case((enters, Contact.id))), func.count(case((ready, Contact.id))))
    entering, chosen = g.session.execute(counts.select_from(Contact)).one()
    return entering, chosen


def mode_in_words(mode: str) -> str:
    """How the tenant lets contacts in, as a sentence."""
    if mode == MEMBERS:
        return gettext(
            "Contacts whose three portal fields say so, and everyone with an e-mail who belongs to a client."
        )
    return gettext("Only contacts whose three portal fields say so.")


def _shared(shared: Shared) -> dict[str, Any]:
    contacts = [{"name": c.name, "url": url_for("staff.contact", contact_id=c.id)} for c in shared.contacts]
    people = [{"name": gettext("%(name)s (staff)", name=s.shown), "url": None} for s in shared.staff]
    return {"identifier": shared.identifier, "contacts": contacts + people}


def _quarantined(name: str, reason: str) -> dict[str, Any]:
    return {"title": name, "reason": reason, "url": url_for("staff.health", _anchor=f"module-{name}")}


def _figures(entering: int, accounts: int, on: int, modules: int) -> list[dict[str, Any]]:
    with_access = url_for("staff.contacts", access="with")
    return [
        {"label": gettext("Contacts with access"), "text": format_number(entering), "url": with_access},
        {"label": gettext("Clients"), "text": format_number(accounts), "url": url_for("staff.accounts")},
        {
            "label": gettext("Modules on"),
            "text": gettext("%(on)s of %(all)s", on=format_number(on), all=format_number(modules)),
            "url": url_for("staff.modules"),
        },
    ]


def _steps(accounts: int, on: int, entering: int, ready: int) -> list[dict[str, Any]]:
    """The way from nothing to a client who signs in; empty once it has been walked."""
    steps = [
        (gettext("Add a client, or import them from your CRM"), url_for("staff.new_account"), accounts),
        (gettext("Turn on a module, so that there is something to see"), url_for("staff.modules"), on),
        (gettext("Give a contact access to the portal"), url_for("staff.contacts"), entering),
        (gettext("Hand them an activation link, with which they choose a password"), url_for("staff.contacts"), ready),
    ]
    if all(number for _, _, number in steps):
        return []
    return [{"text": text, "url": url, "done": bool(number)} for text, url, number in steps]
