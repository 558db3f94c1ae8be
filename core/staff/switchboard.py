"""Switches as the staff's pages show them: what is chosen here, what results, and which level decides."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import abort, g, request

from core.db.viewer import Reach
from core.i18n import gettext
from core.installation import installation
from core.modules.reach import Ties, reach
from core.modules.registry import Registry
from core.modules.switches import PORTAL, Switches, set_switch
from core.staff.roles import administrators_alone

CHOICES = {"inherit": None, "on": True, "off": False}
_MOST_NAMES = 3


def places(registry: Registry) -> Iterator[tuple[str, Any, str]]:
    """The portal itself, then each module: name, title and icon."""
    yield PORTAL, gettext("Portal"), "home"
    for name, module in registry.modules.items():
        yield name, module.title, module.icon


def of_contact(registry: Registry, switches: Switches, ties: Ties, contact_id: int) -> list[dict[str, Any]]:
    """The rows of staff/switches.html for a contact. A module is on where it is for at least one of
    their accounts."""
    portal = reach(PORTAL, contact_id, ties, switches)
    return [
        _row(place, switches.at(place[0], "contact", contact_id))
        | _outcome(place[0], switches, ties, contact_id, portal)
        for place in places(registry)
    ]


def _outcome(name: str, switches: Switches, ties: Ties, contact_id: int, portal: Reach) -> dict[str, Any]:
    around = None if name == PORTAL else portal
    own = switches.at(name, "contact", contact_id)
    others = {key: on for key, on in switches.set.items() if key != (name, "contact", contact_id)}
    inherited = reach(name, contact_id, ties, replace(switches, set=others), around).open
    return {
        "inherited": inherited,
        "effective": reach(name, contact_id, ties, switches, around).open,
        "because": _because_of_contact(name, own, switches, ties, portal),
    }


def _because_of_contact(name: str, own: bool | None, switches: Switches, ties: Ties, portal: Reach) -> str:
    if name != PORTAL and not portal.open:
        return gettext("The portal is off for this contact.")
    if own is not None:
        return gettext("Set for this contact.")
    names = {**ties.site_accounts, **ties.accounts}
    told = [(names[a], on) for a in sorted(names) if (on := switches.at(name, "account", a)) is not None]
    parts = [_named(text, [n for n, on in told if on is wanted]) for wanted, text in _levels() if told]
    return " ".join(p for p in parts if p) or gettext("As for the whole company.")


def _levels() -> tuple[tuple[bool, str], tuple[bool, str]]:
    return (True, gettext("On for %(clients)s.")), (False, gettext("Off for %(clients)s."))


def _named(text: str, names: list[str]) -> str:
    if not names:
        return ""
    listed = ", ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
    return text % {"clients": listed}


def of_account(registry: Registry, switches: Switches, account_id: int) -> list[dict[str, Any]]:
    """The rows of staff/switches.html for an account."""
    portal = Reach(switches.on(PORTAL, account_id, None))
    rows = []
    for place in places(registry):
        name, own = place[0], switches.at(place[0], "account", account_id)
        shut = name != PORTAL and not portal.open
        because = gettext("Set for this client.") if own is not None else gettext("As for the whole company.")
        outcome = {
            "inherited": switches.on_for_tenant(name) and not shut,
            "effective": switches.on(name, account_id, None) and not shut,
            "because": gettext("The portal is off for this client.") if shut else because,
        }
        rows.append(_row(place, own) | outcome)
    return rows


def _row(place: tuple[str, Any, str], own: bool | None) -> dict[str, Any]:
    name, title, icon = place
    choice = "inherit" if own is None else "on" if own else "off"
    return {"name": name, "title": title, "icon": icon, "choice": choice}


def known_module() -> str:
    """The module (or the portal) that the posted form names; 404 for one that is not there."""
    name = request.form.get("module", "")
    if name != PORTAL and name not in installation().registry.modules:
        abort(404)
    return name


def title_of(name: str) -> str:
    """What pages call a module, or the portal."""
    return str(next(title for n, title, _ in places(installation().registry) if n == name))


def save_choice(switches: Switches, level: str, target_id: int) -> tuple[str, dict[str, str]]:
    """Set what a form of staff/switches.html chose, and give the sentence that says so with the fields
    that undo it. `switches` are those before. Answers 400 for a choice that is none; agents choose nothing."""
    administrators_alone()
    name, choice = known_module(), request.form.get("choice", "")
    if choice not in CHOICES:
        abort(400)
    before = switches.at(name, level, target_id)
    set_switch(g.session, installation().registry, name, level, target_id, CHOICES[choice])
    previous = next(c for c, on in CHOICES.items() if on is before)
    sentences = {
        "inherit": gettext("%(title)s is now as for the whole company.", title=title_of(name)),
        "on": gettext("%(title)s is now always on here.", title=title_of(name)),
        "off": gettext("%(title)s is now hidden here. Nothing was deleted.", title=title_of(name)),
    }
    return sentences[choice], {"do": "switch", "module": name, "choice": previous}
