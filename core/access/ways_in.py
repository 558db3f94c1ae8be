"""The pages of those who have no password of their own: asking for one, and changing a temporary one."""

from flask import g, redirect, render_template, url_for

from core.access import forgotten, temporary
from core.access.blueprint import Page, begin, blueprint, client, forget, home, password_page
from core.access.forms import ForgottenForm, OwnPasswordForm
from core.access.passwords import must_change
from core.crm.models import Contact
from core.i18n import gettext
from core.installation import installation


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> Page:
    """Ask for a new password, or for the first one. Whoever is asked for, the answer is the same."""
    form = ForgottenForm()
    if not form.is_submitted():
        return _forgot_page(form)
    if not form.validate():
        return _forgot_page(form), 422
    forgotten.ask(installation().engine, g.tenant, form.identifier.data, client().address)
    return redirect(url_for("access.forgot_sent"), 303)


@blueprint.get("/forgot/sent")
def forgot_sent() -> Page:
    """What happens next, whoever was asked for."""
    return render_template("access/forgot_sent.html", page_title=gettext("Check your e-mail"))


@blueprint.route("/password", methods=["GET", "POST"])
def change_password() -> Page:
    """Put a password of one's own in place of a temporary one, which opens this page alone."""
    if g.person is None or not must_change(g.person):
        return redirect(home(), 303)
    person: Contact = g.person
    form = OwnPasswordForm(person)
    if not form.is_submitted():
        return password_page(form, person, temporary=True)
    if not form.validate():
        return password_page(form, person, temporary=True), 422
    started = temporary.change(installation().engine, g.tenant, person, form.password.data, client())
    if started is None:
        forget()
        return redirect(url_for("access.login"), 303)
    return begin(started, None)


def _forgot_page(form: ForgottenForm) -> str:
    return render_template("access/forgot.html", page_title=gettext("New password"), form=form)
