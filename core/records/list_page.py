"""Lists of records as the templates take them, for client and staff pages alike."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from core.db.viewer import Sight
from core.formats import format_date
from core.i18n import gettext, language
from core.records.actions import possible
from core.records.fields import effective, kind_of, never_missing
from core.records.listing import Page
from core.records.page_links import Download, Links
from core.records.parts import part_of
from core.records.present import cells_of, shown_as
from core.records.query import Filter, Query
from core.records.resource import Field, Resource
from core.records.whose import offered as offered_narrowings


def _with(links: Links, given: Mapping[str, Any], drop: Sequence[str] = (), **more: Any) -> str:
    """The list's address with the parameters in use, some dropped and some set."""
    kept = {n: v for n, v in given.items() if n not in drop and n not in more}
    kept.update({n: v for n, v in more.items() if v})
    return _address(links.listing, kept)


def _address(url: str, given: Mapping[str, Any]) -> str:
    query = urlencode(given, doseq=True)
    return f"{url}?{query}" if query else url


def listing_context(
    resource: Resource, query: Query, page: Page, sight: Sight, links: Links, icon: str
) -> dict[str, Any]:
    """The `listing` of portal/listing.html and staff/listing.html."""
    fields = effective(resource, sight)
    given = query.given
    title = _title(resource, page.fields)
    return {
        "title": resource.title,
        "icon": icon,
        "count": {"total": page.total, "capped": page.capped},
        "columns": [_column(resource, f, query, links, f.name == title) for f in page.fields],
        "rows": _rows(resource, page, links),
        "search": {"value": query.search, "label": None} if any(f.searchable for f in fields) else None,
        "filters": [_filter(resource, f, query) for f in fields if f.filterable],
        "sorts": _sorts(resource, fields, query),
        "chips": [_chip(used, links, given) for used in query.filters],
        "clear_url": _with(links, {n: v for n, v in given.items() if n in ("account", "site", "mine")}),
        "keep": {n: v[0] for n, v in given.items() if n in ("account", "site", "mine")},
        "toggle": _toggle(resource, query, sight, links),
        "pager": {
            "previous_url": _with(links, given, before=page.before) if page.before else None,
            "next_url": _with(links, given, after=page.after) if page.after else None,
        },
        "downloads": [_download(each, given, page) for each in links.downloads()],
        "actions": (begin := _begin(resource, query, sight, links)),
        "empty": {
            "title": gettext("Nothing here yet"),
            "text": resource.empty or gettext("What we share with you will appear here."),
            "action": next(iter(begin), None),
        },
    }


def _begin(resource: Resource, query: Query, sight: Sight, links: Links) -> list[dict[str, Any]]:
    """The actions that begin a record, where the list is narrowed to; what is part of a record, goes under one or
    follows from one is begun on the page of that."""
    if part_of(resource) is not None:
        return []
    place = {"account": query.account, "site": query.site}
    given = {name: value for name, value in place.items() if value is not None}
    return [
        {"label": action.label, "url": _address(links.action(action.name, None), given), "post": False}
        for action in possible(resource, sight, creates=True)
        if not (action.under or action.follows)
    ]


def _download(download: Download, given: Mapping[str, Any], page: Page) -> dict[str, Any]:
    fits = download.most is None or page.total <= download.most
    return {
        "url": _address(download.url, given) if fits else None,
        "label": download.label,
        "icon": download.icon,
        "note": None if fits else gettext("Filter the list first: up to %(most)s at once.", most=download.most),
    }


def _toggle(resource: Resource, query: Query, sight: Sight, links: Links) -> list[dict[str, Any]]:
    """All, or one of the narrowings that are offered."""
    found = offered_narrowings(resource, sight)
    labels = {"": gettext("All"), **found} if found else {}
    return [
        {"label": label, "url": _with(links, query.given, mine=value), "active": query.mine == value}
        for value, label in labels.items()
    ]


def _title(resource: Resource, fields: Sequence[Field]) -> str:
    """The field that a row is opened by: its number, else (that is hidden) the first that always says
    something."""
    names = [f.name for f in fields]
    always = [f.name for f in fields if never_missing(resource.model, f)]
    return resource.number if resource.number in names else next(iter([*always, *names]), "")


def _role(resource: Resource, field: Field) -> str | None:
    kind = kind_of(resource.model, field)
    if field.name == resource.status:
        return "status"
    if field.name == resource.title_field:
        return "name"
    if kind == "money" and field.name == _amount(resource):
        return "amount"
    return "date" if kind == "date" and field.name == resource.order.removeprefix("-") else None


def _amount(resource: Resource) -> str:
    """The amount that a phone's card shows: the first of the list's."""
    return next((f.name for f in resource.fields if f.listed and kind_of(resource.model, f) == "money"), "")


def _column(resource: Resource, field: Field, query: Query, links: Links, is_title: bool) -> dict[str, Any]:
    sorted_by = query.order.name == field.name
    ascending = sorted_by and not query.descending
    sign = "-" if ascending or (not sorted_by and shown_as(resource.model, field) in ("date", "money")) else ""
    return {
        "key": field.name,
        "label": field.label,
        "kind": shown_as(resource.model, field),
        "role": "title" if is_title else _role(resource, field),
        "sort_url": _with(links, query.given, sort=f"{sign}{field.name}") if field.sortable else None,
        "sorted": ("asc" if ascending else "desc") if sorted_by else None,
    }


def _rows(resource: Resource, page: Page, links: Links) -> list[dict[str, Any]]:
    cells = cells_of(resource.model, page.fields, page.rows)
    shown = zip(page.rows, cells, strict=True)
    return [{"id": row.id, "url": links.record(row.id), "cells": of_row} for row, of_row in shown]


def _filter(resource: Resource, field: Field, query: Query) -> dict[str, Any]:
    used = next((u for u in query.filters if u.field is field), None)
    if kind_of(resource.model, field) in ("date", "datetime"):
        start, end = (used.start, used.end) if used else (None, None)
        return {
            "name": field.name,
            "label": field.label,
            "kind": "date",
            "value_from": start.isoformat() if start else "",
            "value_to": end.isoformat() if end else "",
        }
    chosen = used.choices if used else ()
    options = [{"value": "", "label": gettext("All"), "selected": not chosen}]
    options += [{"value": v, "label": label, "selected": v in chosen} for v, label in _choices(field, language())]
    return {"name": field.name, "label": field.label, "kind": "choice", "options": options}


def _sorts(resource: Resource, fields: Sequence[Field], query: Query) -> list[dict[str, Any]]:
    chosen = f"{'-' if query.descending else ''}{query.order.name}"
    orders = _orders(resource.model, tuple(f for f in fields if f.sortable), language())
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in orders]


# What a list offers is the same for all who read it in one language: kept for them.
@lru_cache(maxsize=1000)
def _orders(model: Any, fields: tuple[Field, ...], language: str) -> list[tuple[str, str]]:
    return [
        (f"{sign}{f.name}", f"{f.label}: {way}")
        for f in fields
        for sign, way in zip(("-", ""), _ways(kind_of(model, f)), strict=True)
    ]


@lru_cache(maxsize=1000)
def _choices(field: Field, language: str) -> list[tuple[str, str]]:
    return [(value, str(choice.label)) for value, choice in field.choices.items()]


def _ways(kind: str) -> tuple[str, str]:
    """What sorting downwards and upwards is called."""
    if kind in ("date", "datetime"):
        return gettext("newest first"), gettext("oldest first")
    if kind in ("money", "number", "quantity", "price"):
        return gettext("highest first"), gettext("lowest first")
    return gettext("Z to A"), gettext("A to Z")


def _chip(used: Filter, links: Links, given: Mapping[str, Any]) -> dict[str, Any]:
    name, label = used.field.name, used.field.label
    if used.choices:
        text = ", ".join(str(used.field.choices[c].label) for c in used.choices)
        return {"label": f"{label}: {text}", "clear_url": _with(links, given, drop=(name,))}
    if used.start and used.end:
        text = gettext("%(start)s to %(end)s", start=format_date(used.start), end=format_date(used.end))
    elif used.start:
        text = gettext("from %(start)s", start=format_date(used.start))
    else:
        text = gettext("until %(end)s", end=format_date(used.end))
    return {"label": f"{label}: {text}", "clear_url": _with(links, given, drop=(f"{name}_from", f"{name}_to"))}
