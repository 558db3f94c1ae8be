"""How the tenant lets contacts in, and how they first come in. Changing whom it lets in says first whom that would
let in or shut out."""

from typing import Any

from flask import g, render_template, request, url_for

from core.access.mails import FIRST, first_kind
from core.crm.models import Tenant
from core.i18n import gettext, today
from core.modules.entry import change_of_mode
from core.outbox.withdraw import retype
from core.staff.blueprint import again, blueprint, done, found
from core.staff.forms import FirstEntryForm, ModeForm
from core.staff.home import mode_in_words
from core.web.led import Answer


@blueprint.route("/access/", methods=["GET", "POST"])
def access() -> Answer:
    """Show and choose the access mode; a change is saved once it was confirmed. The other form of the page chooses
    how contacts first come in."""
    tenant = found(Tenant, g.tenant.id)
    if request.form.get("do") == "first_entry":
        return _choose_first_entry(tenant)
    form = ModeForm(data={"mode": tenant.access_mode}) if request.method != "POST" else ModeForm()
    if request.method != "POST":
        return render_template("staff/access.html", **_page(form))
    if not form.validate():
        return again("staff/access.html", _page(form))
    url, before = url_for("staff.access"), tenant.access_mode
    if form.mode.data == before:
        return done(url, gettext("Who may sign in stays as it was."), kind="info")
    if request.form.get("confirmed") != "1":
        change = change_of_mode(g.session, tenant, form.mode.data, today())
        told = {"to": mode_in_words(form.mode.data), "gain": change.gain, "lose": change.lose}
        return render_template("staff/access.html", **_page(form, told))
    tenant.access_mode = form.mode.data
    g.session.flush()
    undo = {"mode": before, "confirmed": "1"}
    return done(url, gettext("Who may sign in was changed, from the next page that each of them opens."), undo)


def _choose_first_entry(tenant: Tenant) -> Answer:
    form = FirstEntryForm()
    if not form.validate():
        return again("staff/access.html", _page(ModeForm(formdata=None, data={"mode": tenant.access_mode}), first=form))
    before, tenant.first_entry = tenant.first_entry, form.first_entry.data
    if before == tenant.first_entry:
        return done(url_for("staff.access"), gettext("How contacts first come in stays as it was."), kind="info")
    g.session.flush()
    retype(g.session, FIRST, first_kind(tenant))
    undo = {"do": "first_entry", "first_entry": before}
    return done(url_for("staff.access"), gettext("Saved. The next mail to a newcomer brings it so."), undo)


def _page(form: ModeForm, confirm: dict[str, Any] | None = None, first: FirstEntryForm | None = None) -> dict[str, Any]:
    first = first or FirstEntryForm(formdata=None, data={"first_entry": g.tenant.first_entry})
    return {"page_title": gettext("Who may sign in"), "form": form, "confirm": confirm, "first": first}
