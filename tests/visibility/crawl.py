"""Every address that a viewer can reach by links and forms, starting at the dashboard."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.worlds.world import Browser

_LINK = re.compile(r'(?:href|action|src)="([^"]*)"')
_MOST = 1500


def crawl(browser: Browser, start: str = "/portal/") -> dict[str, TestResponse]:
    """Every address below our host that the pages from `start` on lead to, with its answer. Lists are
    followed through their pages; of each set of search and order parameters, the first alone."""
    found: dict[str, TestResponse] = {}
    waiting, forms = [start], set()
    while waiting and len(found) < _MOST:
        url = waiting.pop(0)
        if url in found:
            continue
        answer = browser.get(url)
        found[url] = answer
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for link in _LINK.findall(answer.get_data(as_text=True)):
            target = urljoin(url, unescape(link))
            parts = urlsplit(target)
            shape = (parts.path, *sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
            if not parts.netloc and parts.path.startswith(("/portal", "/sessions")) and shape not in forms:
                forms.add(shape)
                waiting.append(target)
    assert len(found) < _MOST, "there is more than was looked at"
    return found
