"""What each exit of the product shows to one viewer, read from the pages as a browser gets them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from tests.worlds.world import Browser

_ROW = re.compile(r'class="row-link" href="/(?:portal|staff/records)/(?:\w+/)+(\d+)"')
_PART = re.compile(r"part-\w+-of-\d+")
_RECORD = re.compile(r'href="/portal/\w+/(\d+)["/?#]')
_RELATED = re.compile(r'<p class="quiet">[^<]* · [^<]*</p>\s*<p class="item-title"><a href="/portal/\w+/(\d+)"')
_NEXT = re.compile(r'rel="next" href="([^"]*)"')
_TOTAL = re.compile(r'<span class="count">(?:[^<]* )?([\d,]+\+?)</span>')
_OPTION = re.compile(r'<option value="(\d+)"')
_AMOUNT = re.compile(r"(-?)(US\$|\$|€)([\d,]+)\.(\d\d)")
_WORD = re.compile(r"word-(\d+)-of-\d+")
_IN_BOX = re.compile(r'<p class="item-title"><a href="/portal/cases/(\d+)">')
_FIGURE = re.compile(r"([^<>]+)</dt>\s*<dd>(?:<a[^>]*>)?(\d+)<")
_MOST_PAGES = 40


@dataclass(frozen=True)
class Listed:
    """A list, through all its pages: status and text of the first, and all ids in order."""

    status: int
    ids: tuple[int, ...] = ()
    page: str = ""

    @property
    def count(self) -> str:
        """The total beside the title, as it stands there; "0" where there is none."""
        found = _TOTAL.search(self.page)
        return found[1].replace(",", "") if found else "0"


def listed(browser: Browser, path: str, **params: Any) -> Listed:
    """Read a list to its end by its own links."""
    url, ids, first = f"{path}?{urlencode(params)}", [], ""
    for _ in range(_MOST_PAGES):
        answer = browser.get(url)
        if answer.status_code != 200:
            return Listed(answer.status_code)
        text = answer.get_data(as_text=True)
        ids += [int(found) for found in _ROW.findall(text)]
        first = first or text
        further = _NEXT.search(text)
        if further is None:
            return Listed(200, tuple(ids), first)
        url = unescape(further[1])
    raise AssertionError(f"{path} has no end")


def listed_as_json(browser: Browser, path: str, **params: Any) -> Listed:
    """The same list from the API, read to its end by its own links; its page is the total."""
    url, ids, total = f"{path}?{urlencode(params)}", [], ""
    for _ in range(_MOST_PAGES):
        answer = browser.get(url)
        if answer.status_code != 200:
            return Listed(answer.status_code)
        body: Any = answer.json
        ids += [record["id"] for record in body["records"]]
        total = f'<span class="count">{body["count"]["total"]}</span>'
        if body["next"] is None:
            return Listed(200, tuple(ids), total)
        url = body["next"]
    raise AssertionError(f"{path} has no end")


def listed_as_csv(browser: Browser, path: str, **params: Any) -> tuple[int, list[str]]:
    """The same list as a file: status, and what stands in the first column, in order of the alphabet."""
    answer = browser.get(path, query_string=params, buffered=True)
    if answer.status_code != 200:
        return answer.status_code, []
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    return 200, sorted(line[0] for line in lines[1:])


def said(page: str) -> set[int]:
    """The ids of the messages that a page, or an answer of the API, shows."""
    return {int(found) for found in _WORD.findall(page)}


def parts(page: str) -> set[str]:
    """What the parts say that a page, or an answer of the API, shows."""
    return set(_PART.findall(page))


def led_to(page: str) -> set[int]:
    """The ids of all records that a page leads to."""
    return {int(found) for found in _RECORD.findall(page)}


def related(page: str) -> set[int]:
    """The ids of the records that a record's page says it is linked to."""
    return {int(found) for found in _RELATED.findall(page)}


def boxes(page: str, module: str) -> str:
    """What the boxes of one module say on the dashboard."""
    return "".join(
        box for box in page.split('<section class="box">')[1:] if f'class="box-link" href="/portal/{module}/' in box
    )


def box_of_cases(page: str) -> tuple[tuple[int, ...], dict[str, int]]:
    """What the dashboard says of cases: the latest, and how many there are of which kind."""
    box = boxes(page, "cases")
    found = {label.strip(): int(number) for label, number in _FIGURE.findall(box)}
    return tuple(int(found) for found in _IN_BOX.findall(box)), found


def choices(page: str, name: str) -> set[int]:
    """The ids that the selector `name` offers; nothing where the page has no such selector."""
    found = re.search(rf'<select[^>]* name="{name}">(.*?)</select>', page, re.DOTALL)
    return {int(value) for value in _OPTION.findall(found[1])} if found else set()


def figures(page: str) -> Iterator[tuple[str, int]]:
    """The amounts in a dashboard's boxes of invoices: currency and minor units, in their order."""
    for sign, currency, whole, cents in _AMOUNT.findall(unescape(boxes(page, "invoices"))):
        minor = int(whole.replace(",", "")) * 100 + int(cents)
        yield ("EUR" if currency == "€" else "USD"), -minor if sign else minor


def found_on_page(answer: Any) -> tuple[int, list[int]]:
    """What the page of the search says it has found in the one module asked for: how many, and ids."""
    main = answer.text[answer.text.index("<main") :]
    counts = re.findall(r'<h2 id="found-.*?<span class="count">(\d+)</span>', main)
    ids = [int(found) for found in re.findall(r'found-title"><a href="[^"]*/(\d+)"', main)]
    return int(counts[0]) if counts else 0, ids


def found_by_program(answer: Any) -> tuple[int, list[int]]:
    """The same, as programs are told."""
    module = answer.request.args["module"]
    counts = {each["module"]: each["number"] for each in answer.json["counts"]}
    return counts.get(module, 0), [each["id"] for each in answer.json["records"]]
