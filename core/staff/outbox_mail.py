"""One mail of the outbox: its text, and what may be done about it."""

from typing import Any

from flask import abort, g, render_template, request, url_for

from core import audit
from core.access.door import actor
from core.access.links import host_of, is_local, public_url
from core.access.mails import check_use, opens
from core.crm.models import Contact, Staff
from core.db.record import Record
from core.db.session import beside_as_system
from core.formats import format_datetime
from core.i18n import gettext
from core.installation import installation
from core.outbox import states
from core.outbox.again import AT_REST, arrived, send_again
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail
from core.staff.blueprint import blueprint, done, found
from core.staff.outbox import WORDS, title_of
from core.staff.roles import administrators_alone, is_administrator
from core.web.led import Answer
from core.web.record_url import page_of_record
from core.worker.kinds import kinds

# What proxies add: a request with any of these comes from elsewhere.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


@blueprint.get("/outbox/<id:mail_id>")
def mail(mail_id: int) -> Answer:
    """A mail, as it was made or will be."""
    return _page(found(Mail, mail_id))


@blueprint.post("/outbox/<id:mail_id>")
def decide(mail_id: int) -> Answer:
    """Send it again, note that it has arrived, or make the link of one that was kept: what `do` says."""
    shown = found(Mail, mail_id)
    do, url = request.form.get("do", ""), url_for("staff.mail", mail_id=mail_id)
    if do == "link":
        return _make_link(shown)
    if do == "again":
        if shown.state == states.HELD and request.form.get("confirmed") != "1":
            return _page(shown, confirm=True)
        if send_again(g.session, mail_id):
            return done(url, gettext("The mail is sent again."))
    elif do == "arrived":
        if arrived(g.session, mail_id):
            return done(url, gettext("Noted: the mail has arrived."))
    else:
        abort(400)
    return done(url, gettext("The mail is under way already; nothing was changed."), kind="info")


def _page(shown: Mail, *, confirm: bool = False, made: dict[str, Any] | None = None) -> str:
    kind = kinds(installation().registry).get(shown.kind)
    text, tone = WORDS[shown.state]
    return render_template(
        "staff/outbox_mail.html",
        page_title=title_of(shown.kind, {} if kind is None else {kind.name: kind}),
        mail=shown,
        state={"text": text, "tone": tone},
        facts=_facts(shown),
        confirm=confirm,
        can_send=shown.state in AT_REST and not confirm,
        can_arrive=shown.state == states.HELD,
        can_make=made is None and is_administrator() and _makes_link(shown, kind) and opens(g.session, shown),
        made=made,
    )


def _facts(shown: Mail) -> list[dict[str, Any]]:
    facts = [
        {"label": gettext("Recipient"), **_recipient(shown)},
        {"label": gettext("E-mail"), "text": shown.address},
        {"label": gettext("Written"), "text": format_datetime(shown.created_at)},
    ]
    if shown.state == states.WAITING:
        facts.append({"label": gettext("Next attempt"), "text": format_datetime(shown.due_at)})
    if shown.finished_at is not None:
        facts.append({"label": gettext("Finished"), "text": format_datetime(shown.finished_at)})
    facts.append({"label": gettext("Attempts"), "text": str(shown.attempts)})
    if shown.error:
        facts.append({"label": gettext("What happened"), "text": shown.error})
    record = None if shown.record_id is None else g.session.get(Record, shown.record_id)
    if record is not None and record.module in installation().registry.modules:
        url = page_of_record(record.module, record.id)
        facts.append({"label": gettext("About"), "text": record.number or record.title or str(record.id), "url": url})
    return facts


def _recipient(shown: Mail) -> dict[str, Any]:
    if shown.contact_id is not None:
        contact = found(Contact, shown.contact_id)
        return {"text": contact.name, "url": url_for("staff.contact", contact_id=contact.id)}
    person = found(Staff, shown.staff_id)
    return {"text": person.shown}


def _makes_link(shown: Mail, kind: MailKind | None) -> bool:
    """Whether what is secret in a kept mail may be made here: where there is no mail server, to somebody at this very
    machine, and for mails to contacts alone."""
    if kind is None or not kind.secret or shown.state != states.KEPT or shown.contact_id is None:
        return False
    settings = installation().settings
    places = (
        request.environ.get("REMOTE_ADDR", ""),
        request.environ.get("SERVER_NAME", ""),
        host_of(request.environ.get("HTTP_HOST", "")),
        host_of(public_url(g.tenant, settings.port)),
    )
    passed_on = any(name in request.headers for name in _FORWARDED)
    return settings.mail_server is None and not passed_on and all(map(is_local, places))


def _make_link(shown: Mail) -> Answer:
    """Make what the mail would have carried, and show it on this page alone."""
    administrators_alone()
    kind = kinds(installation().registry).get(shown.kind)
    if kind is None or not _makes_link(shown, kind):
        abort(404)
    try:
        with beside_as_system(g.session) as inner:
            check_use(inner, of := inner.get_one(Mail, shown.id))
            values = kind.fill(inner, of)
    except Withheld as why:
        said = str(why.args[0]) if why.args else ""
        return done(url_for("staff.mail", mail_id=shown.id), said, kind="error")
    audit.note(g.session, actor(), audit.CHANGED, "mail", shown.id, by="link")
    secrets = [{"label": str(kind.codes[code]), "text": values[code]} for code in sorted(kind.secret) if code in values]
    return _page(shown, made={"secrets": secrets})
