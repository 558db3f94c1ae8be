"""What stands around every client page: the menu of modules that are on, account and site selectors."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request, url_for
from sqlalchemy import Select, String, bindparam, select

from core.crm.models import Site
from core.db.folding import fold, folded
from core.db.session import keep
from core.db.viewer import Kind
from core.i18n import gettext
from core.installation import installation
from core.records.fields import staff_only
from core.records.query import Query
from core.records.typed import printable

#: more sites than this make no list to choose from; they are looked for by what is typed of their names
_MOST_SITES = 200
#: the parameter with that, and how much of it is read
SITE_NAME, _LONGEST_NAME = "site_name", 100


def _named(*terms: Any) -> Select[Any]:
    """The sites that meet these terms, by name. As many as are needed are taken first and then sorted: along the names
    of all, who has few sites would pass those of everybody."""
    some = select(Site.id, Site.name).where(*terms).limit(_MOST_SITES + 1).subquery()
    return keep(select(some.c.id, some.c.name).order_by(some.c.name, some.c.id))


_OF_ONE = Site.account_id == bindparam("account")
_CALLED = folded(Site.name).contains(bindparam("called", type_=String()), escape="/")
_SITES, _SITES_OF_ONE = _named(), _named(_OF_ONE)
_SITES_CALLED, _SITES_OF_ONE_CALLED = _named(_CALLED), _named(_OF_ONE, _CALLED)
_CHOSEN = keep(select(Site.id, Site.name).where(Site.id == bindparam("site")))


def open_modules() -> list[str]:
    """The modules that are on for the request's contact, in the menu's order."""
    registry = installation().registry
    return [name for name in registry.modules if g.sight.reach(name).open]


def menu() -> list[dict[str, Any]]:
    """The menu's places: home, then each open module that has pages for clients."""
    registry = installation().registry
    path = request.path
    places = [_place(gettext("Home"), url_for("portal.home"), "home", path == url_for("portal.home"))]
    for name in open_modules():
        first = registry.resource(name)
        if first is None or staff_only(first):
            continue
        module, url = registry.modules[name], url_for("portal.module", module=name)
        places.append(_place(module.title, url, module.icon, path.startswith(url)))
    return places


def _place(title: Any, url: str, icon: str, active: bool) -> dict[str, Any]:
    return {"title": title, "url": url, "icon": icon, "active": active}


def selectors(action: str, query: Query, typed: str = "") -> dict[str, Any] | None:
    """The account and site selectors of a list, where there is a choice. They live in the URL, and
    only narrow; the search and filters in use stay. `typed` is what a site is looked for by, where there are many."""
    if g.viewer.kind is not Kind.CONTACT:
        return None
    accounts = _accounts(query.account)
    sites, many = _sites(query, " ".join(printable(typed[:_LONGEST_NAME]).split()))
    if len(accounts) < 2 and len(sites) < 2 and many is None:
        return None
    return {
        "action": action,
        "keep": _kept(query.given),
        "accounts": accounts if len(accounts) > 1 else [],
        "sites": sites if len(sites) > 1 or many is not None else [],
        "many": many,
    }


def _kept(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {n: v[0] for n, v in given.items() if n not in ("account", "site")}


def _accounts(selected: int | None) -> list[dict[str, Any]]:
    names = {**g.ties.site_accounts, **g.ties.accounts}
    reached = [(name, id_) for id_, name in names.items() if id_ in g.sight.accounts]
    return [{"id": id_, "name": name, "selected": id_ == selected} for name, id_ in sorted(reached)]


def _sites(query: Query, typed: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The sites to choose from, and, where there are more than a list holds, what was typed to find one."""
    of_one = {} if query.account is None else {"account": query.account}
    if typed:
        plain = (fold(typed) or "").replace("/", "//").replace("%", "/%").replace("_", "/_")
        statement, called = _SITES_OF_ONE_CALLED if of_one else _SITES_CALLED, {"called": plain}
    else:
        statement, called = _SITES_OF_ONE if of_one else _SITES, {}
    found = g.session.execute(statement, {**of_one, **called}).all()
    many = None
    if typed or len(found) > _MOST_SITES:
        many = {"typed": typed, "found": len(found), "most": _MOST_SITES}
    if len(found) > _MOST_SITES:
        found = g.session.execute(_CHOSEN, {"site": query.site}).all() if query.site else []
    return [{"id": id_, "name": name, "selected": id_ == query.site} for id_, name in found], many
