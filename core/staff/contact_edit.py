"""Making a contact and changing the basic facts."""

from typing import Any

from flask import g, render_template, request, url_for

from core.access.activation import withdraw_links
from core.crm.identifiers import keys_of_contact
from core.crm.models import Contact
from core.i18n import gettext
from core.staff.blueprint import again, blueprint, done, found
from core.staff.forms import ContactForm
from core.web.led import Answer

_TEMPLATE = "staff/form.html"


@blueprint.route("/contacts/new", methods=["GET", "POST"])
def new_contact() -> Answer:
    """Make a contact, without access until the three fields say otherwise."""
    form = ContactForm()
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(form, None))
    if not form.validate():
        return again(_TEMPLATE, _page(form, None))
    contact = Contact()
    _write(form, contact)
    g.session.add(contact)
    g.session.flush()
    return done(_url(contact), gettext("%(name)s was added, without access so far.", name=contact.name))


@blueprint.route("/contacts/<id:contact_id>/edit", methods=["GET", "POST"])
def edit_contact(contact_id: int) -> Answer:
    """Change the basic facts of a contact."""
    contact = found(Contact, contact_id)
    if request.method != "POST":
        form = ContactForm(obj=contact)
        return render_template(_TEMPLATE, **_page(form, contact))
    form = ContactForm()
    if not form.validate():
        return again(_TEMPLATE, _page(form, contact))
    if form.stale(contact):
        theirs = form.theirs(contact)
        form.shown_version(contact)
        return again(_TEMPLATE, _page(form, contact, theirs))
    email_key = contact.email_key
    _write(form, contact)
    g.session.flush()
    saved = _saved(contact)
    if contact.email_key != email_key:
        saved = " ".join(filter(None, (saved, _other_address(contact))))
    return done(_url(contact), saved)


def _url(contact: Contact) -> str:
    return url_for("staff.contact", contact_id=contact.id)


def _write(form: ContactForm, contact: Contact) -> None:
    """Write what was typed, with the keys that sign-in looks for."""
    values = form.values()
    keys = keys_of_contact(values["email"], values["phone"], values["mobile"], g.tenant.country)
    for name, value in (values | keys).items():
        setattr(contact, name, value)


def _other_address(contact: Contact) -> str:
    """What an address that has changed means: links and temporary passwords end with the old one."""
    ended = withdraw_links(g.session, contact)
    if not ended and contact.password_until is None:
        return ""
    return gettext("The links and the temporary password that were out for the old address no longer work.")


def _saved(contact: Contact) -> str:
    unread = [p for p, k in ((contact.phone, contact.phone_key), (contact.mobile, contact.mobile_key)) if p and not k]
    if not unread:
        return gettext("Saved.")
    return gettext(
        "Saved. %(phones)s cannot be read as a phone number, so nobody signs in with it.", phones=", ".join(unread)
    )


def _page(form: ContactForm, contact: Contact | None, theirs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    listing = {"url": url_for("staff.contacts"), "label": gettext("Contacts")}
    title = gettext("Edit contact") if contact else gettext("New contact")
    back = {"url": _url(contact), "label": contact.name} if contact else listing
    return {
        "page_title": title,
        "back": back,
        "form": form,
        "hints": {
            "email": gettext("To sign in with, and for messages."),
            "phone": gettext("However it is written; the contact may sign in with it too."),
        },
        "theirs": theirs,
        "rows": [["first_name", "last_name"], ["email"], ["phone", "mobile"], ["language"]],
        "submit": gettext("Save") if contact else gettext("Add contact"),
    }
