"""The outbox: every mail with its state, and what became of it."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy import ColumnElement, func, select

from core.crm.models import Contact, Staff, staff_shown, whole_name
from core.i18n import gettext, lazy_gettext
from core.installation import installation
from core.outbox import states
from core.outbox.kinds import MailKind
from core.outbox.models import Mail
from core.records.errors import BadQuery
from core.staff import paging
from core.staff.asked import asked_id
from core.staff.blueprint import blueprint
from core.web.led import Answer
from core.worker.kinds import kinds

_SIZE = 50
#: state -> (word, tone)
WORDS: Mapping[str, tuple[Any, str]] = {
    states.WAITING: (lazy_gettext("Waiting"), "info"),
    states.SENDING: (lazy_gettext("Being sent"), "info"),
    states.SENT: (lazy_gettext("Sent"), "ok"),
    states.KEPT: (lazy_gettext("Kept here"), "neutral"),
    states.HELD: (lazy_gettext("Needs your decision"), "warn"),
    states.FAILED: (lazy_gettext("Failed"), "danger"),
    states.DROPPED: (lazy_gettext("Not sent"), "neutral"),
}
_COLUMNS = (Mail.id, Mail.kind, Mail.state, Mail.subject, Mail.address, Mail.attempts, Mail.error, Mail.created_at)
_WHO = func.coalesce(func.nullif(whole_name(), ""), Contact.email, staff_shown())


@blueprint.get("/outbox/")
def outbox() -> Answer:
    """The newest first; narrowed to a state and a kind."""
    known = kinds(installation().registry)
    state, kind = _chosen("state", WORDS), _chosen("kind", known)
    before, after = asked_id("before"), asked_id("after")
    narrowed: list[ColumnElement[bool]] = []
    if state:
        narrowed.append(Mail.state == state)
    if kind:
        narrowed.append(Mail.kind == kind)
    rows, pager = _page(narrowed, before, after)
    return render_template(
        "staff/outbox.html",
        page_title=gettext("Outbox"),
        without_server=installation().settings.mail_server is None,
        states=_options({name: word for name, (word, _) in WORDS.items()}, state),
        kinds=_options({name: each.title for name, each in known.items()}, kind),
        narrowed=bool(state or kind),
        rows=[_row(each, known) for each in rows],
        pager=pager,
    )


def _page(narrowed: list[ColumnElement[bool]], before: int, after: int) -> tuple[list[Any], dict[str, str | None]]:
    """The mails of a page, which begins below the mail `before` or ends above the mail `after`."""
    wanted = (
        select(*_COLUMNS, _WHO.label("who"))
        .outerjoin(Contact, Contact.id == Mail.contact_id)
        .outerjoin(Staff, Staff.id == Mail.staff_id)
        .where(*narrowed)
    )
    if after:
        wanted = wanted.where(Mail.id > after).order_by(Mail.id)
    else:
        wanted = (wanted.where(Mail.id < before) if before else wanted).order_by(Mail.id.desc())
    rows = list(g.session.execute(wanted.limit(_SIZE + 1)))
    more, rows = len(rows) > _SIZE, rows[:_SIZE]
    if after:
        rows.reverse()
    newer, older = (more, True) if after else (bool(before), more)
    return rows, {
        "previous_url": _url(after=rows[0].id) if newer and rows else None,
        "next_url": _url(before=rows[-1].id) if older and rows else None,
    }


def _row(row: Any, known: Mapping[str, MailKind]) -> dict[str, Any]:
    text, tone = WORDS[row.state]
    return {
        "url": url_for("staff.mail", mail_id=row.id),
        "title": title_of(row.kind, known),
        "subject": row.subject,
        "who": row.who or "",
        "at": row.created_at,
        "state": {"text": text, "tone": tone},
        "attempts": row.attempts,
        "error": row.error,
    }


def title_of(kind: str, known: Mapping[str, MailKind]) -> str:
    """What staff call a kind of mail; its name where its module is not here any more."""
    found = known.get(kind)
    return kind if found is None else str(found.title)


def _chosen(name: str, known: Mapping[str, Any]) -> str:
    chosen = request.args.get(name, "")
    if chosen and chosen not in known:
        raise BadQuery(name)
    return chosen


def _options(labels: Mapping[str, Any], chosen: str) -> list[dict[str, Any]]:
    titles = sorted((str(label), name) for name, label in labels.items())
    return [{"value": name, "label": title, "chosen": name == chosen} for title, name in titles]


def _url(**changed: Any) -> str:
    return paging.narrowed(url_for("staff.outbox"), ("state", "kind"), **changed)
