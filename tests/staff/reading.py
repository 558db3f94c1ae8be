"""Reading the answers of pages in tests."""

import html
import re
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.access.browser import Browser

_TAGS = re.compile(r"<(style|script).*?</\1>|<[^>]+>", re.DOTALL)


def words(answer: TestResponse) -> str:
    """The text of a page, without tags and with single blanks."""
    return " ".join(html.unescape(_TAGS.sub(" ", answer.text)).split())


def follow(browser: Browser, answer: TestResponse) -> TestResponse:
    """The page that a redirect leads to, which must be one."""
    assert answer.status_code == 303, words(answer)
    target = urlsplit(answer.location)
    return browser.get(f"{target.path}?{target.query}" if target.query else target.path)


def undo(browser: Browser, page: TestResponse) -> TestResponse:
    """Press the page's Undo."""
    form = re.search(r'<form class="undo"[^>]* action="([^"]+)".*?</form>', page.text, re.DOTALL)
    assert form, words(page)
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    data = {name: html.unescape(value) for name, value in fields if name != "csrf_token"}
    return follow(browser, browser.post(html.unescape(form[1]), data))


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    fields = re.findall(r"<input[^>]*>", page.text)
    value = next(re.search(r'value="([^"]*)"', f) for f in fields if f'name="{name}"' in f and 'type="hidden"' in f)
    return html.unescape(value[1] if value else "")


def links(page: TestResponse) -> list[str]:
    """The addresses of the rows of a list, in order."""
    return re.findall(r'class="row-link" href="([^"]+)"', page.text)
