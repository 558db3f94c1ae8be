"""The three portal fields of one contact, saved and undone, with the mail that follows from them."""

from flask import flash, g, url_for

from core.access import sessions
from core.access.invite import Sent, Standing, plan, send_to, standing
from core.crm.models import Contact
from core.i18n import gettext
from core.staff import words
from core.staff.blueprint import again, done
from core.staff.contact_page import page_of, see
from core.staff.forms import PortalForm, UndoPortalForm
from core.web.led import Answer

_TEMPLATE = "staff/contact.html"
_NAMES = ("portal_user", "support_start", "portal_end")


def save_fields(person: Contact) -> Answer:
    """Save the three fields, unless another was faster. Where access begins, the mail that lets them in is queued."""
    form = PortalForm()
    if not form.validate():
        return again(_TEMPLATE, page_of(see(person), form))
    if form.stale(person):
        theirs = form.theirs(person)
        form.shown_version(person)
        return again(_TEMPLATE, page_of(see(person), form, theirs))
    before, was = standing(g.session, g.tenant, person), _as_posted(person)
    told = _write(person, before, form.values())
    undo = {"do": "undo_fields", "version": person.version, **was}
    return done(_url(person), gettext("Saved. %(why)s", why=told), undo)


def undo_fields(person: Contact) -> Answer:
    """Put the three fields back as they were before they were saved; a mail that has not left is taken back."""
    form = UndoPortalForm()
    if not form.validate() or form.stale(person):
        flash(gettext("Nothing was undone: somebody else has changed this since."), "error")
        return again(_TEMPLATE, page_of(see(person)))
    told = _write(person, standing(g.session, g.tenant, person), form.values())
    return done(_url(person), gettext("The change was undone. %(why)s", why=told))


def send_mail(person: Contact) -> Answer:
    """Send the mail that lets the contact in, because staff ask for it."""
    sent = send_to(g.session, g.tenant, person)
    kind = "success" if sent in (Sent.NOW, Sent.LATER) else "error"
    text = words.mail_sentence(sent, person) or words.sentence(see(person).verdict, person)
    if kind == "error":
        flash(text, kind)
        return again(_TEMPLATE, page_of(see(person)))
    return done(_url(person), text)


def _write(person: Contact, before: Standing, values: dict[str, object]) -> str:
    """Write the fields with what follows from them, and give what that means, in sentences."""
    for name in _NAMES:
        setattr(person, name, values[name])
    g.session.flush()
    sent = plan(g.session, g.tenant, before)
    seen = see(person)
    if not seen.verdict.granted:
        sessions.end_all(g.session, person)  # none of them may wake up should access come back
    return " ".join(filter(None, (words.sentence(seen.verdict, person), words.mail_sentence(sent, person))))


def _as_posted(person: Contact) -> dict[str, str]:
    """The three fields as a form posts them."""
    days = {name: day.isoformat() if (day := getattr(person, name)) else "" for name in _NAMES[1:]}
    return days | ({"portal_user": "y"} if person.portal_user else {})


def _url(person: Contact) -> str:
    return url_for("staff.contact", contact_id=person.id)
