"""The page of the search, for clients and staff alike; the two differ in their links only."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import g, request

from core.formats import format_number
from core.i18n import gettext
from core.installation import installation
from core.records.query import LONGEST_SEARCH
from core.records.resource import Resource
from core.records.typed import printable
from core.search.answer import Answer, answer
from core.search.hits import Count
from core.search.shown import Group, Result
from core.search.typed import BadSearch

#: where a record's page is, by its module, resource and id
RecordLink = Callable[[str, Resource, int], str]


def search_context(url: str, record: RecordLink) -> tuple[dict[str, Any], int]:
    """The context of portal/search.html and staff/search.html, and the page's status. `url` is its own address.
    Raises NotHere for a module that is not there for the request's reader."""
    typed = request.args.get("q", "").strip()
    text = printable(typed).strip()
    module = request.args.get("module", "")
    page: dict[str, Any] = {
        "page_title": gettext("Search"),
        "search": {"url": url, "text": text[:LONGEST_SEARCH], "module": module, "error": None},
        "searching": True,
    }
    try:
        found = answer(g.session, text, module)
    except BadSearch as error:
        page["search"]["error"] = str(error)
        return page, 422
    if typed and not found.words:
        page["search"]["error"] = gettext("Type at least one letter or digit.")
        return page, 422
    page["found"] = _found(found, url, text, module, record) if found.words else None
    return page, 200


def _found(found: Answer, url: str, text: str, module: str, record: RecordLink) -> dict[str, Any]:
    def narrowed(to: str) -> str:
        return f"{url}?{urlencode({'q': text, **({'module': to} if to else {})})}"

    titles = {name: installation().registry.modules[name].title for name in found.counts}
    choices = [_choice(gettext("All"), "", narrowed(""), active=not module)]
    choices += [
        _choice(titles[name], _number(count), narrowed(name), active=name == module)
        for name, count in found.counts.items()
    ]
    return {
        "choices": choices if len(choices) > 2 or module else [],
        "groups": [_group(group, "" if module else narrowed(group.module), record) for group in found.groups],
    }


def _choice(label: Any, count: str, url: str, *, active: bool) -> dict[str, Any]:
    return {"label": label, "count": count, "url": url, "active": active}


def _number(count: Count) -> str:
    return f"{format_number(count.number)}{'+' if count.capped else ''}"


def _group(group: Group, narrowed_url: str, record: RecordLink) -> dict[str, Any]:
    """One module's part; `narrowed_url` leads to more of it, where there are others beside."""
    module, shown = installation().registry.modules[group.module], len(group.results)
    more = group.count.capped or group.count.number > shown
    return {
        "id": f"found-{group.module}",
        "title": module.title,
        "icon": module.icon,
        "count": _number(group.count),
        "results": [_result(each, record) for each in group.results],
        "all_url": narrowed_url if narrowed_url and more else None,
        "best": shown if more and not narrowed_url else None,
    }


def _result(result: Result, record: RecordLink) -> dict[str, Any]:
    return {
        "url": record(result.module, result.resource, result.id),
        "title": result.title,
        "number": result.number,
        "kind": f"{result.resource.singular} ({result.language})" if result.language else result.resource.singular,
        "status": result.status,
        "date": result.date.text,
        "extract": result.extract,
    }
