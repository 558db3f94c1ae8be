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
    """Counts what comes over the wire, and what comes out of the browser's own store."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.stored: list[str] = []
        self.answers: dict[str, dict[str, Any]] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.responseReceived", self._received)

    def _received(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        self.answers[answer["url"]] = {name.lower(): text for name, text in answer["headers"].items()}
        if answer["fromDiskCache"] or event["type"] == "Other":
            self.stored.append(answer["url"])

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
    assert {h.get("content-encoding") for u, h in kept.items() if u.partition("?")[0].endswith((".css", ".js"))} <= {"gzip", None}
    asked: list[str] = []
    page.on("requestfinished", lambda r: asked.append(r.url) if r.sizes()["responseHeadersSize"] else None)
    before = scales.bytes
    page.goto("/portal/invoices/", wait_until="networkidle")
    page_alone = len(page.content().encode())
    assert scales.bytes - before < page_alone + 5000
