"""One contact: whether they may come in and why, what they belong to, their switches and sessions."""

from collections.abc import Callable, Mapping

from flask import abort, flash, g, render_template, request, url_for

from core import audit
from core.access import sessions
from core.access.activation import LIFETIME, make_link
from core.access.door import actor
from core.crm.models import Contact
from core.crm.ties import TieError, add_membership
from core.db.model import now
from core.i18n import gettext
from core.installation import installation
from core.modules.switches import SwitchError
from core.staff.blueprint import again, blueprint, done, found, posted_id
from core.staff.contact_access import save_fields, send_mail, undo_fields
from core.staff.contact_page import page_of, see
from core.staff.memberships import remove, tie_fault, tied_place
from core.staff.switchboard import save_choice
from core.web.led import Answer

_TEMPLATE = "staff/contact.html"


@blueprint.route("/contacts/<id:contact_id>", methods=["GET", "POST"])
def contact(contact_id: int) -> Answer:
    """Show a contact; each of the page's forms posts here and says in `do` what it wants."""
    person = found(Contact, contact_id)
    if request.method != "POST":
        return render_template(_TEMPLATE, **page_of(see(person)))
    act = _ACTIONS.get(request.form.get("do", ""))
    if act is None:
        abort(400)
    return act(person)


def _url(person: Contact) -> str:
    return url_for("staff.contact", contact_id=person.id)


def _add_membership(person: Contact) -> Answer:
    account, site = tied_place()
    try:
        made = add_membership(
            g.session, person, account, site, with_subsidiaries=bool(request.form.get("subsidiaries"))
        )
    except TieError as error:
        flash(tie_fault(error), "error")
        return again(_TEMPLATE, page_of(see(person)))
    undo = {"do": "remove_membership", "membership": made.id}
    place = f"{account.name} ({site.name})" if site else account.name
    return done(_url(person), gettext("%(name)s now belongs to %(place)s.", name=person.name, place=place), undo)


def _remove_membership(person: Contact) -> Answer:
    account, undo = remove(person, posted_id("membership"))
    text = gettext("%(name)s no longer belongs to %(place)s.", name=person.name, place=account)
    return done(_url(person), text, undo)


def _activation(person: Contact) -> Answer:
    seen = see(person)
    if seen.why_no_link:
        flash(seen.why_no_link, "error")
        return again(_TEMPLATE, page_of(seen))
    link = make_link(g.session, g.tenant, person, installation().settings.port)
    # Whoever holds the link signs in as the contact, so it is told apart who has made it.
    audit.note(g.session, actor(), audit.CHANGED, "contact", person.id, by="link")
    made = {"link": link, "until": now() + LIFETIME}
    # Shown in this answer alone: a redirect would have to keep the secret somewhere.
    return render_template(_TEMPLATE, **page_of(see(person), link=made))


def _switch(person: Contact) -> Answer:
    try:
        text, undo = save_choice(see(person).switches, "contact", person.id)
    except SwitchError as error:
        g.session.rollback()
        flash(gettext("Nothing was changed: %(reason)s.", reason=error), "error")
        return again(_TEMPLATE, page_of(see(found(Contact, person.id))))
    return done(_url(person), text, undo)


def _end_sessions(person: Contact) -> Answer:
    sessions.end_all(g.session, person)
    return done(_url(person), gettext("%(name)s is signed out everywhere.", name=person.name))


_ACTIONS: Mapping[str, Callable[[Contact], Answer]] = {
    "fields": save_fields,
    "undo_fields": undo_fields,
    "mail": send_mail,
    "add_membership": _add_membership,
    "remove_membership": _remove_membership,
    "activation": _activation,
    "switch": _switch,
    "end_sessions": _end_sessions,
}
