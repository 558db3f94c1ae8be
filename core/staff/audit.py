"""The audit: who did what, and what was refused to whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, desc, func, select

from core import audit as entries
from core.audit import AuditEntry
from core.db.record import Record
from core.i18n import gettext, lazy_gettext, ngettext
from core.installation import installation
from core.records.errors import BadQuery
from core.staff import paging, search
from core.staff.asked import asked_id
from core.staff.audit_words import fields_called, kind_called
from core.staff.blueprint import blueprint
from core.web.led import Answer

_SIZE = 50
_WORDS = {
    entries.SIGNED_IN: (lazy_gettext("Signed in"), "ok"),
    entries.SIGNED_OUT: (lazy_gettext("Signed out"), "neutral"),
    entries.NOT_SIGNED_IN: (lazy_gettext("Was not let in"), "warn"),
    entries.ADDED: (lazy_gettext("Added"), "info"),
    entries.CHANGED: (lazy_gettext("Changed"), "info"),
    entries.REMOVED: (lazy_gettext("Removed"), "info"),
    entries.EXPORTED: (lazy_gettext("Downloaded"), "info"),
    entries.REFUSED: (lazy_gettext("Was refused"), "warn"),
}


@blueprint.get("/audit/")
def audit() -> Answer:
    """The newest first; narrowed to what was done, and to whoever did it."""
    what, who = _what(), search.typed()
    before = asked_id("before")
    wanted: list[ColumnElement[bool]] = [AuditEntry.id < before] if before else []
    if what:
        wanted.append(AuditEntry.what == what)
    if who:
        wanted.append(func.lower(AuditEntry.actor_name).contains(who.lower(), autoescape=True))
    statement: Select[Any] = select(AuditEntry).where(*wanted).order_by(desc(AuditEntry.id)).limit(_SIZE + 1)
    found = list(g.session.scalars(statement))
    more, numbers = len(found) > _SIZE, _numbers(found)
    return render_template(
        "staff/audit.html",
        page_title=gettext("Audit"),
        search=who,
        options=_options(what),
        rows=[_row(each, numbers) for each in found[:_SIZE]],
        narrowed=bool(what or who),
        pager={"previous_url": _url(before="") if before else None, "next_url": _next(found) if more else None},
    )


def _next(found: list[AuditEntry]) -> str:
    return _url(before=str(found[_SIZE - 1].id))


def _row(entry: AuditEntry, numbers: Mapping[int, str]) -> dict[str, Any]:
    label, tone = _WORDS.get(entry.what, (entry.what, "neutral"))
    unnamed = {"visitor": gettext("Somebody"), "system": gettext("The portal")}
    who = entry.actor_name or unnamed.get(entry.actor_kind, "")
    called = kind_called(installation().registry, entry.actor_kind)
    return {
        "at": entry.at,
        "who": who,
        "kind": "" if entry.actor_kind in unnamed else called,
        "what": {"text": label, "tone": tone},
        "target": _target(entry, numbers),
        "details": _details(entry),
        "address": entry.address,
    }


def _numbers(noted: Sequence[AuditEntry]) -> dict[int, str]:
    """The numbers of the records that are still there, by their ids."""
    ids = {entry.target_id for entry in noted if "." in entry.target_kind and entry.target_id is not None}
    found = g.session.execute(select(Record.id, Record.number).where(Record.id.in_(sorted(ids)))) if ids else ()
    return {record_id: number for record_id, number in found if number}


def _target(entry: AuditEntry, numbers: Mapping[int, str]) -> str:
    """A record is called by its number, anything else by its id; nothing is said of what stood in it."""
    if not entry.target_kind:
        return ""
    kind = kind_called(installation().registry, entry.target_kind)
    id_ = entry.target_id
    called = numbers.get(id_) if id_ is not None and "." in entry.target_kind else None
    return f"{kind} {called or id_}" if id_ is not None else kind


def _details(entry: AuditEntry) -> str:
    said = entry.details
    if "fields" in said:
        return ", ".join(fields_called(installation().registry, entry.target_kind, said["fields"]))
    if "rows" in said:
        form = str(said["format"]).upper()
        return ngettext("%(form)s, %(num)s record", "%(form)s, %(num)s records", said["rows"], form=form)
    return gettext("With a link") if said.get("by") == "link" else ""


def _what() -> str:
    chosen = request.args.get("what", "")
    if chosen and chosen not in entries.WHAT:
        raise BadQuery("what")
    return chosen


def _options(chosen: str) -> list[dict[str, Any]]:
    labels = {"": gettext("All"), **{name: label for name, (label, _) in _WORDS.items()}}
    return [{"value": name, "label": label, "chosen": name == chosen} for name, label in labels.items()]


def _url(**changed: str) -> str:
    return paging.narrowed(url_for("staff.audit"), ("q", "what"), **changed)
