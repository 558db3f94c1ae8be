"""Every link on a page leads somewhere."""

import html
import re
from collections import Counter
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest

from tests.browser.conftest import Visits
from tests.browser.house import NEW, House
from tests.browser.steps import STAFF
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.browser
_LINK = re.compile(r'<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"')
#: of addresses that differ in ids alone, so many are followed
ENOUGH = 3 if NIGHTLY else 2


def kind(url: str) -> str:
    """What an address has in common with those of other records and other filters."""
    parts = urlsplit(url)
    return re.sub(r"\d+", "0", parts.path) + "?" + ",".join(sorted(parse_qs(parts.query)))


@pytest.mark.parametrize(("who", "least"), [("", 5), (NEW, 8), ("marta", 15), (STAFF, 40)])
def test_no_link_is_dead(visits: Visits, house: House, who: str, least: int) -> None:
    ask = visits.shared(who, "es")[0].request
    waiting, followed, dead = [house.url + "/"], Counter[str](), []
    while waiting:
        url = waiting.pop()
        answer = ask.get(url)
        if answer.status >= 400:
            dead.append((answer.status, url))
        if "text/html" not in answer.headers["content-type"]:
            continue
        for link in _LINK.findall(answer.text()):
            target = urldefrag(urljoin(answer.url, html.unescape(link))).url
            if target.startswith(house.url) and followed[kind(target)] < ENOUGH:
                followed[kind(target)] += 1
                waiting.append(target)
    assert dead == []
    assert len(followed) >= least
