"""Modules on and off for the whole company, and how much of an account each shows a contact."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import func, select

from core.db.record import Record
from core.db.viewer import Scope
from core.i18n import gettext, ngettext
from core.installation import installation
from core.modules.left import left_behind
from core.modules.models import Switch
from core.modules.registry import Registry
from core.modules.switches import PORTAL, SwitchError, read_switches, set_scope, set_switch
from core.records.fields import staff_only
from core.staff.blueprint import again, blueprint, done
from core.staff.switchboard import known_module, places, title_of
from core.web.led import Answer


@blueprint.get("/modules/")
def modules() -> Answer:
    """Each module with its state."""
    return render_template("staff/modules.html", **_page())


@blueprint.post("/modules/")
def change_module() -> Answer:
    """Turn a module on or off, or change its scope."""
    act = {"on": _turn, "off": _turn, "scope": _scope}.get(request.form.get("do", ""))
    if act is None:
        abort(400)
    return act(known_module())


def _turn(name: str) -> Answer:
    on = request.form["do"] == "on"
    try:
        set_switch(g.session, installation().registry, name, "tenant", g.tenant.id, on)
    except SwitchError as error:
        g.session.rollback()
        flash(gettext("Nothing was changed: %(reason)s.", reason=error), "error")
        return again("staff/modules.html", _page())
    on_now = gettext("%(title)s is on. Your clients see it from now on.", title=title_of(name))
    off_now = gettext("%(title)s is off. Your clients no longer see it; nothing was deleted.", title=title_of(name))
    undo = {"do": "off" if on else "on", "module": name}
    return done(url_for("staff.modules"), on_now if on else off_now, undo)


def _scope(name: str) -> Answer:
    text = request.form.get("scope", "")
    if text not in set(Scope) or name == PORTAL:
        abort(400)
    scope, before = Scope(text), read_switches(g.session).scope(name)
    title, url = title_of(name), url_for("staff.modules")
    if scope is before:
        return done(url, gettext("%(title)s stays as it was.", title=title), kind="info")
    if scope is Scope.CONTACT and request.form.get("confirmed") != "1":
        return render_template("staff/modules.html", **_page(_confirm(name)))
    set_scope(g.session, name, scope)
    sentences = {
        Scope.CONTACT: gettext("In %(title)s each contact now sees only what names them.", title=title),
        Scope.ACCOUNT: gettext("In %(title)s each contact now sees everything of their client.", title=title),
    }
    return done(url, sentences[scope], {"do": "scope", "module": name, "scope": before.value})


def _confirm(name: str) -> dict[str, Any]:
    return {"name": name, "title": title_of(name), "nameless": nameless(name)}


def nameless(module: str) -> int:
    """How many records of a module name no contact, so that under scope "contact" no client sees them."""
    count = select(func.count(Record.id)).where(Record.module == module, Record.contact_id.is_(None))
    return g.session.scalar(count) or 0


def _page(confirm: dict[str, Any] | None = None) -> dict[str, Any]:
    registry = installation().registry
    switches, own = read_switches(g.session), _own_settings()
    rows: list[dict[str, Any]] = []
    for name, title, icon in places(registry):
        module = registry.modules.get(name)
        rows.append(
            {
                "name": name,
                "title": title,
                "icon": icon,
                "version": module.version if module else "",
                "on": switches.on_for_tenant(name),
                "scope": switches.scope(name).value if module else None,
                "fields": _fields(name),
                "account_switches": own.get((name, "account"), 0),
                "contact_switches": own.get((name, "contact"), 0),
            }
        )
    for name, q in registry.quarantined.items():
        rows.append({"name": name, "title": name, "quarantined": True, "reason": q.reason})
    return {"page_title": gettext("Modules"), "modules": rows, "removed": removed(registry), "confirm": confirm}


def removed(registry: Registry) -> list[dict[str, str]]:
    """The modules whose package was removed: `name`, and a `text` that says what is kept of each."""
    kept = gettext("Its package was removed. Nothing was deleted, and clients see nothing of it.")
    return [{"name": each.name, "text": f"{kept} {_kept(each.records)}"} for each in left_behind(g.session, registry)]


def _kept(records: int) -> str:
    return ngettext("%(num)s record is kept.", "%(num)s records are kept.", records)


def _fields(module: str) -> list[dict[str, Any]]:
    """The kinds of record of a module whose fields can be switched, with the way there."""
    resources = installation().registry.resources.get(module, {})
    return [
        {"title": resource.title, "url": url_for("staff.edit_fields", module=module, resource=name)}
        for name, resource in resources.items()
        if not staff_only(resource)
    ]


def _own_settings() -> dict[tuple[str, str], int]:
    """How many accounts and contacts have a switch of their own: (module, level) -> number."""
    counted = select(Switch.module, Switch.level, func.count(Switch.id)).group_by(Switch.module, Switch.level)
    return {(module, level): number for module, level, number in g.session.execute(counted)}
