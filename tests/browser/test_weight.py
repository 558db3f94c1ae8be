"""What a first visit costs, and what a second one no longer does."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.house import House
from tests.browser.test_journeys import sign_in

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
MOST = 120_000


class Scales:
    """Counts what comes over the wire, and keeps the headers of each answer."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.answers: dict[str, dict[str, Any]] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.responseReceived", self._received)

    def _received(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        self.answers[answer["url"]] = {name.lower(): text for name, text in answer["headers"].items()}

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def test_a_first_visit_is_light(open_page: Opener, house: House) -> None:
    page = open_page()
    scales = Scales(page)
    page.goto("/login", wait_until="networkidle")
    assert scales.bytes > 20_000  # they do weigh something
    sign_in(page, house, "marta")
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/portal/")
    assert scales.bytes < MOST


def test_what_does_not_change_is_asked_for_once(open_page: Opener) -> None:
    page = open_page("marta")
    scales = Scales(page)
    page.goto("/portal/", wait_until="networkidle")
    kept = {url: headers for url, headers in scales.answers.items() if "/static/" in url or "/theme.css" in url}
    assert len(kept) >= 6
    assert {headers["cache-control"].rpartition(", ")[2] for headers in kept.values()} == {"immutable"}
    texts = [headers for url, headers in kept.items() if ".css?" in url or ".js?" in url]
    assert {headers.get("content-encoding") for headers in texts if int(headers["content-length"]) > 1000} == {"gzip"}
    before = scales.bytes
    page.goto("/portal/invoices/", wait_until="networkidle")
    page_alone = len(page.content().encode())
    assert scales.bytes - before < page_alone + 5000
