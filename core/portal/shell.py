"""What stands around every client page: the menu of modules that are on, account and site selectors."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request
from sqlalchemy import Select, bindparam, select

from core.crm.models import Site
from core.db.session import keep
from core.db.viewer import Kind
from core.i18n import gettext
from core.installation import installation
from core.records.fields import staff_only
from core.records.query import Query
from core.web.addresses import page_address

#: more sites than this make no list to choose from
_MOST_SITES = 200


def _named(*terms: Any) -> Select[Any]:
    """The sites that meet these terms, by name. As many as are needed are taken first and then sorted: along the names
    of all, who has few sites would pass those of everybody."""
    some = select(Site.id, Site.name).where(*terms).limit(_MOST_SITES + 1).subquery()
    return keep(select(some.c.id, some.c.name).order_by(some.c.name, some.c.id))


_SITES = _named()
_SITES_OF_ONE = _named(Site.account_id == bindparam("account"))


def open_modules() -> list[str]:
    """The modules that are on for the request's contact, in the menu's order."""
    registry = installation().registry
    return [name for name in registry.modules if g.sight.reach(name).open]


def menu() -> list[dict[str, Any]]:
    """The menu's places: home, then each open module that has pages for clients."""
    registry = installation().registry
    path = request.path
    places = [_place(gettext("Home"), page_address("portal.home"), "home", path == page_address("portal.home"))]
    for name in open_modules():
        first = registry.resource(name)
        if first is None or staff_only(first):
            continue
        module, url = registry.modules[name], page_address("portal.module", module=name)
        places.append(_place(module.title, url, module.icon, path.startswith(url)))
    return places


def _place(title: Any, url: str, icon: str, active: bool) -> dict[str, Any]:
    return {"title": title, "url": url, "icon": icon, "active": active}


def selectors(action: str, query: Query) -> dict[str, Any] | None:
    """The account and site selectors of a list, where there is a choice. They live in the URL, and
    only narrow; the search and filters in use stay."""
    if g.viewer.kind is not Kind.CONTACT:
        return None
    accounts = _accounts(query.account)
    sites = _sites(query)
    if len(accounts) < 2 and len(sites) < 2:
        return None
    return {
        "action": action,
        "keep": _kept(query.given),
        "accounts": accounts if len(accounts) > 1 else [],
        "sites": sites if len(sites) > 1 else [],
    }


def _kept(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {n: v[0] for n, v in given.items() if n not in ("account", "site")}


def _accounts(selected: int | None) -> list[dict[str, Any]]:
    names = {**g.ties.site_accounts, **g.ties.accounts}
    reached = [(name, id_) for id_, name in names.items() if id_ in g.sight.accounts]
    return [{"id": id_, "name": name, "selected": id_ == selected} for name, id_ in sorted(reached)]


def _sites(query: Query) -> list[dict[str, Any]]:
    of_one = query.account is not None
    found = g.session.execute(_SITES_OF_ONE if of_one else _SITES, {"account": query.account} if of_one else {}).all()
    if len(found) > _MOST_SITES:
        return []
    return [{"id": id_, "name": name, "selected": id_ == query.site} for id_, name in found]
