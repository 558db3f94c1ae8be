"""Access for several contacts at once: their three portal fields, and the mail that lets them in."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, g, render_template, request, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm.exc import StaleDataError

from core.access import sessions
from core.access.invite import Sent, Standing, plan_all, standings
from core.crm.models import Contact
from core.crm.window import one_year_on
from core.db.ids import id_in
from core.formats import format_date
from core.i18n import gettext, ngettext, today
from core.staff import paging
from core.staff.blueprint import again, blueprint
from core.staff.contacts import listed, narrowing
from core.staff.forms import SeveralForm
from core.web.led import Answer

_TEMPLATE = "staff/contacts_access.html"
#: so many contacts are written at once, while others wait
MOST = 500


@blueprint.route("/contacts/several", methods=["GET", "POST"])
def several_contacts() -> Answer:
    """Choose contacts, give them access or take it, with the mails that follow. What would happen is told first."""
    if request.method != "POST":
        proposed = {"portal_user": True, "support_start": today(), "portal_end": one_year_on(today())}
        return render_template(_TEMPLATE, **_page(SeveralForm(formdata=None, data=proposed)))
    form = SeveralForm()
    if not form.validate():
        return again(_TEMPLATE, _page(form))
    chosen = standings(g.session, g.tenant, *_chosen(), lock=True, most=MOST + 1)
    if not chosen or len(chosen) > MOST:
        form.form_errors.append(_wrong_number(chosen))
        return again(_TEMPLATE, _page(form))
    try:
        report = _report(chosen, _save(form, chosen))
    except StaleDataError:
        g.session.rollback()
        flash(gettext("Nothing was changed: a colleague saved one of them at the same moment. Try again."), "error")
        return again(_TEMPLATE, _page(form))
    confirmed = request.form.get("confirmed") == "1"
    if not confirmed:
        g.session.rollback()  # told from what was done, which is undone
    return render_template(_TEMPLATE, **_page(form), report=report, confirmed=confirmed, number=len(chosen))


def _chosen() -> list[ColumnElement[bool]]:
    """The contacts of the request's search, all of them or those that were ticked."""
    if request.form.get("whom") == "all":
        return narrowing().conditions
    return [Contact.id.in_([int(text) for text in _ticked()])]


def _ticked() -> list[str]:
    """Ids that were ticked, as far as they are some."""
    return [text for text in request.form.getlist("contact") if id_in(text) is not None]


def _wrong_number(chosen: Sequence[Standing]) -> str:
    if chosen:
        return gettext("These are more than %(most)s contacts. Narrow the search first.", most=MOST)
    return gettext("Choose at least one contact.")


def _save(form: SeveralForm, chosen: Sequence[Standing]) -> dict[Sent, list[Contact]]:
    """Write the three fields of all, and queue the mails; gives what became of each."""
    for each in chosen:
        for name, value in form.window().items():
            setattr(each.contact, name, value)
    g.session.flush()
    found: dict[Sent, list[Contact]] = defaultdict(list)
    for each, sent in zip(chosen, plan_all(g.session, g.tenant, chosen, asked=form.remind.data), strict=True):
        found[sent].append(each.contact)
    shut_out = [s.contact.id for s in standings(g.session, g.tenant, *_these(chosen)) if s.begins != today()]
    sessions.end_all_of(g.session, shut_out)
    return found


def _these(chosen: Sequence[Standing]) -> list[ColumnElement[bool]]:
    return [Contact.id.in_([each.contact.id for each in chosen])]


def _report(chosen: Sequence[Standing], found: dict[Sent, list[Contact]]) -> list[dict[str, Any]]:
    """What became of the contacts: a line with a number for each outcome, and the names of those who need a hand."""
    day = format_date(chosen[0].contact.support_start)
    return [
        {"text": line(len(found[sent]), day), "names": _named(found[sent]) if sent in _NAMED else []}
        for sent, line in _LINES.items()
        if found[sent]
    ]


_NAMED = (Sent.NO_EMAIL, Sent.SHUT_OUT)
_LINES: dict[Sent, Callable[[int, str], str]] = {
    Sent.NOW: lambda n, day: ngettext("%(num)s mail leaves now.", "%(num)s mails leave now.", n),
    Sent.LATER: lambda n, day: ngettext(
        "%(num)s mail leaves on %(day)s.", "%(num)s mails leave on %(day)s.", n, day=day
    ),
    Sent.WAITING: lambda n, day: ngettext("%(num)s mail was on its way.", "%(num)s mails were on their way.", n),
    Sent.INSIDE: lambda n, day: ngettext(
        "%(num)s contact has chosen a password already and needs no mail.",
        "%(num)s contacts have chosen a password already and need no mail.",
        n,
    ),
    Sent.NO_EMAIL: lambda n, day: ngettext(
        "%(num)s contact has no e-mail address. Make a link and hand it over:",
        "%(num)s contacts have no e-mail address. Make a link for each and hand it over:",
        n,
    ),
    Sent.SHUT_OUT: lambda n, day: ngettext(
        "%(num)s contact has no access all the same, so that no mail is sent:",
        "%(num)s contacts have no access all the same, so that no mail is sent:",
        n,
    ),
    Sent.NOTHING: lambda n, day: ngettext(
        "%(num)s contact is saved without a mail.", "%(num)s contacts are saved without a mail.", n
    ),
}


def _named(contacts: Sequence[Contact]) -> list[dict[str, str]]:
    return [
        {"name": c.name or gettext("(no name)"), "url": url_for("staff.contact", contact_id=c.id)} for c in contacts
    ]


def _page(form: SeveralForm) -> dict[str, Any]:
    return {
        "page_title": gettext("Access for several contacts"),
        "back": {"url": paging.address(url_for("staff.contacts")), "label": gettext("Contacts")},
        "form": form,
        "ticked": set(_ticked()),
        "all": request.form.get("whom") == "all",
        **listed("staff.several_contacts"),
    }
