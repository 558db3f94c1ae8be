"""The page of the search, for clients and staff alike; the two differ in their links only."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import g, request

from core.i18n import format_number, gettext
from core.installation import installation
from core.records.resource import Resource
from core.search.answer import OF_EACH, Answer, Count, answer
from core.search.shown import Group, Result
from core.search.typed import LONGEST_SEARCH, BadSearch

#: where a record's page is, by its module, resource and id
RecordLink = Callable[[str, Resource, int], str]


def search_context(url: str, record: RecordLink) -> tuple[dict[str, Any], int]:
    """The context of portal/search.html and staff/search.html, and the page's status. `url` is its own address.
    Raises NotHere for a module that is not there for the request's reader."""
    typed = request.args.get("q", "").strip()
    text = "".join(c if c.isprintable() else " " for c in typed).strip()
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

    choices = [{"label": gettext("All"), "count": "", "url": narrowed(""), "active": not module}]
    choices += [
        {
            "label": _title(each.module),
            "count": _number(each),
            "url": narrowed(each.module),
            "active": each.module == module,
        }
        for each in found.counts
    ]
    numbers = {each.module: _number(each) for each in found.counts}
    return {
        "choices": choices if len(choices) > 2 or module else [],
        "groups": [_group(group, numbers.get(group.module, ""), narrowed, module, record) for group in found.groups],
    }


def _number(count: Count) -> str:
    if count.number is None:
        return ""
    return f"{format_number(count.number)}{'+' if count.capped else ''}"


def _title(module: str) -> Any:
    return installation().registry.modules[module].title


def _group(
    group: Group, number: str, narrowed: Callable[[str], str], module: str, record: RecordLink
) -> dict[str, Any]:
    more = group.count > len(group.results) or group.capped
    return {
        "id": f"found-{group.module}",
        "title": _title(group.module),
        "icon": installation().registry.modules[group.module].icon,
        "count": number,
        "results": [_result(each, record) for each in group.results],
        "all_url": narrowed(group.module) if not module and (more and len(group.results) >= OF_EACH) else None,
        "best": len(group.results) if module and more else None,
    }


def _result(result: Result, record: RecordLink) -> dict[str, Any]:
    return {
        "url": record(result.module, result.resource, result.id),
        "title": result.title,
        "number": result.number,
        "kind": result.resource.singular,
        "status": result.status,
        "date": result.date.text,
        "extract": result.extract,
    }
