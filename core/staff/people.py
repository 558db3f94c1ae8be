"""The tenant's own people: who runs the portal, and in which role."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from wtforms import BooleanField, EmailField, SelectField, TelField
from wtforms.validators import ValidationError

from core.access import sessions
from core.crm.identifiers import email_key, phone_key
from core.crm.models import Staff
from core.crm.rules import ADMINISTRATOR, AGENT
from core.i18n import LANGUAGES, gettext, lazy_gettext
from core.outbox.enqueue import enqueue
from core.records.assigned import call_anew
from core.records.typed import required
from core.staff.blueprint import again, blueprint, done, found
from core.staff.forms import RowForm, readable_email, text_of
from core.web.led import Answer

ROLES = {ADMINISTRATOR: lazy_gettext("Administrator"), AGENT: lazy_gettext("Agent")}


class StaffForm(RowForm):
    """A member of staff."""

    name = text_of(Staff.name, lazy_gettext("Name"), required)
    email = text_of(Staff.email, lazy_gettext("E-mail"), required, readable_email, kind=EmailField)
    phone = text_of(Staff.phone, lazy_gettext("Phone"), kind=TelField)
    language = SelectField(lazy_gettext("Language"), default="")
    role = SelectField(lazy_gettext("Role"), default=AGENT)
    active = BooleanField(lazy_gettext("May sign in"), default=True)

    def __init__(self, *args: Any, row: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.language.choices = [("", gettext("As the company")), *LANGUAGES.items()]
        self.role.choices = list(ROLES.items())

    def validate_email(self, field: Any) -> None:
        """Refuse the address of another member of staff: each signs in with their own."""
        taken = select(Staff.id).where(Staff.email_key == email_key(field.data))
        if self.row is not None:
            taken = taken.where(Staff.id != self.row.id)
        if g.session.scalar(taken) is not None:
            raise ValidationError(gettext("Somebody else of the staff has this address."))

    def validate_role(self, field: Any) -> None:
        """Refuse what would leave nobody who may set anything."""
        stays = field.data == ADMINISTRATOR and self.active.data
        if self.row is None or self.row.role != ADMINISTRATOR or not self.row.active or stays:
            return
        others = select(func.count(Staff.id)).where(
            Staff.id != self.row.id, Staff.role == ADMINISTRATOR, Staff.active.is_(True)
        )
        if not g.session.scalar(others):
            raise ValidationError(gettext("Somebody has to be an administrator: make another one first."))


@blueprint.get("/people/")
def people() -> Answer:
    """Everybody of the staff, by name."""
    rows = g.session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.id))
    return render_template("staff/people_list.html", page_title=gettext("Staff"), rows=[_row(each) for each in rows])


@blueprint.route("/people/new", methods=["GET", "POST"])
def new_person() -> Answer:
    """Add somebody; the link with which they choose a password goes to them by mail."""
    form = StaffForm()
    if request.method != "POST" or not form.validate():
        return _shown(form, None)
    person = Staff()
    _write(form, person)
    g.session.add(person)
    g.session.flush()
    if person.active:
        enqueue(g.session, "core.activation", staff_id=person.id)
    text = gettext("%(name)s was added. The link to choose a password is on its way by mail.", name=person.name)
    return done(url_for("staff.people"), text)


@blueprint.route("/people/<id:staff_id>", methods=["GET", "POST"])
def person(staff_id: int) -> Answer:
    """Change somebody: their address, their role, whether they may sign in."""
    row = found(Staff, staff_id)
    if request.method != "POST":
        return _shown(StaffForm(obj=row, row=row), row)
    form = StaffForm(row=row)
    if not form.validate():
        return _shown(form, row)
    if form.stale(row):
        theirs = form.theirs(row)
        form.shown_version(row)
        return _shown(form, row, theirs)
    before = row.shown
    _write(form, row)
    g.session.flush()
    if row.shown != before:
        call_anew(g.session, row)
    if not row.active:
        sessions.end_all(g.session, row)  # none of them may wake up should they come back
    return done(url_for("staff.people"), gettext("Saved."))


def _write(form: StaffForm, row: Staff) -> None:
    for name, value in form.values().items():
        setattr(row, name, value)
    row.email_key, row.phone_key = email_key(row.email), phone_key(row.phone, g.tenant.country)


def _row(row: Staff) -> dict[str, Any]:
    state = (gettext("May sign in"), "ok") if row.active else (gettext("May not sign in"), "neutral")
    if row.active and row.password_hash is None:
        state = (gettext("Has no password yet"), "warn")
    return {
        "url": url_for("staff.person", staff_id=row.id),
        "name": row.shown,
        "email": row.email,
        "role": str(ROLES.get(row.role, row.role)),
        "state": {"text": state[0], "tone": state[1]},
    }


def _shown(form: FlaskForm, row: Staff | None, theirs: list[dict[str, Any]] | None = None) -> Answer:
    page = {
        "page_title": gettext("Edit member of staff") if row else gettext("New member of staff"),
        "back": {"url": url_for("staff.people"), "label": gettext("Staff")},
        "form": form,
        "hints": {
            "role": gettext("An agent works records and contacts; an administrator sets everything else too."),
            "email": gettext("To sign in with, and for messages."),
        },
        "theirs": theirs,
        "rows": [["name"], ["email", "phone"], ["role", "language"], ["active"]],
        "submit": gettext("Save") if row else gettext("Add to the staff"),
    }
    if request.method == "POST":
        return again("staff/form.html", page)
    return render_template("staff/form.html", **page)
