"""The clients' dashboard as staff arrange it: the order of its widgets, and which are hidden."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core.db.flags import FieldFlags
from core.i18n import gettext
from core.installation import installation
from core.modules.flags import save_flags
from core.modules.switches import PORTAL, read_switches
from core.modules.widgets import DASHBOARD, NAME, Placed, arranged, hidden, moved
from core.staff.blueprint import again, blueprint, done
from core.web.led import Answer

#: what a button does, and what takes it back
_BACK = {"up": "down", "down": "up", "hide": "show", "show": "hide"}


@blueprint.get("/modules/dashboard")
def dashboard() -> Answer:
    """All widgets of all modules, in their order."""
    return render_template("staff/dashboard.html", **_page())


@blueprint.post("/modules/dashboard")
def arrange() -> Answer:
    """Move a widget up or down, hide it, or show it."""
    act, name = request.form.get("do", ""), request.form.get("widget", "")
    placed = next((each for each in _widgets() if each.name == name), None)
    if act not in _BACK or placed is None:
        abort(404)
    try:
        save_flags(g.session, PORTAL, DASHBOARD, _changed(act, placed))
    except (StaleDataError, IntegrityError):
        g.session.rollback()
        flash(gettext("Somebody else has changed the dashboard meanwhile. Look at it once more."), "error")
        return again("staff/dashboard.html", _page())
    return done(f"{_here()}#{_anchor(name)}", _told(act, placed), {"do": _BACK[act], "widget": name}, undo_url=_here())


def _changed(act: str, placed: Placed) -> FieldFlags:
    flags = g.sight.flags(NAME)
    if act in ("hide", "show"):
        return hidden(flags, placed.name, act == "hide")
    return FieldFlags(flags.fields, moved(_widgets(), placed.name, -1 if act == "up" else 1))


def _told(act: str, placed: Placed) -> str:
    title = placed.widget.title
    if act == "hide":
        return gettext("Clients do not see “%(title)s” on their dashboard any more.", title=title)
    if act == "show":
        return gettext("Clients see “%(title)s” on their dashboard.", title=title)
    return gettext("“%(title)s” was moved.", title=title)


def _widgets() -> list[Placed]:
    registry = installation().registry
    return arranged(registry, g.sight.flags(NAME), registry.modules)


def _here() -> str:
    return url_for("staff.dashboard")


def _anchor(name: str) -> str:
    return f"widget-{name.replace('.', '-')}"


def _page() -> dict[str, Any]:
    modules, switches = installation().registry.modules, read_switches(g.session)
    return {
        "page_title": gettext("Dashboard"),
        "back": {"url": url_for("staff.modules"), "label": gettext("Modules")},
        "widgets": [
            {
                "name": each.name,
                "anchor": _anchor(each.name),
                "title": each.widget.title,
                "module": modules[each.module].title,
                "icon": modules[each.module].icon,
                "hidden": each.hidden,
                "on": switches.on_for_tenant(each.module),
            }
            for each in _widgets()
        ],
    }
