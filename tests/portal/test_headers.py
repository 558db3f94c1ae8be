"""Headers of every answer, errors among them; static files, which are kept for good."""

import gzip
import re

import pytest

from tests.portal.routes import addresses, browsers
from tests.worlds.world import World

WRONG = (
    "/portal/nonsense/",
    "/portal/invoices/?sort=nonsense",
    "/portal/invoices/0",
    "/nonsense",
    "/staff/nonsense",
    "/logout",
)


def test_every_answer_carries_the_policies(world: World) -> None:
    urls = {each.url for each in addresses(world)} | set(WRONG)
    for _, browser in browsers(world):
        for url in sorted(urls):
            answer = browser.get(url)
            headers = answer.headers
            assert headers["X-Content-Type-Options"] == "nosniff", url
            assert headers["Content-Security-Policy"].startswith("default-src 'none'"), url
            assert "unsafe-eval" not in headers["Content-Security-Policy"], url
            assert headers["Referrer-Policy"] == "same-origin", url
            if answer.mimetype == "text/html":
                policy = headers["Content-Security-Policy"]
                assert "unsafe-inline" not in policy, url
                assert "object-src 'none'" in policy, url
                assert "base-uri 'none'" in policy, url
            if not url.startswith(("/static/", "/theme.css", "/healthz")):
                assert headers["Cache-Control"] == "private, no-store", url


def test_no_page_runs_anything_of_its_own(world: World) -> None:
    for _, browser in browsers(world):
        for url in sorted({each.url for each in addresses(world)} | set(WRONG)):
            page = browser.get(url).get_data()
            if page.startswith(b"<!doctype"):
                assert not re.search(rb"<script(?![^>]* src=)|\son\w+=|\sstyle=|<style|javascript:", page), url


def test_what_a_page_needs_is_kept_for_good_and_changes_its_address_when_it_changes(world: World) -> None:
    browser = world.visitor()
    page = browser.get("/login").get_data(as_text=True)
    needed = set(re.findall(r'(?:href|src)="((?:/static/|/theme\.css)[^"]*)"', page))
    assert len(needed) > 3
    for url in needed:
        answer = browser.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"].endswith("max-age=31536000, immutable"), url
        assert "Set-Cookie" not in answer.headers
        stale = re.sub(r"v=[0-9a-f]+", "v=0", url)
        assert browser.get(stale).headers["Cache-Control"] == "no-cache", url


def test_static_files_are_sent_small_and_not_sent_again(world: World) -> None:
    browser, url = world.visitor(), "/static/postigo.css"
    plain, small = browser.get(url), browser.get(url, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert browser.get(url, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "/etc/passwd",
        "postigo.css/",
        "nothing.css",
        "a" * 300,
        "%00",
        "vendor/",
    ],
)
def test_nothing_else_is_served_from_there(world: World, path: str) -> None:
    answer = world.visitor().get(f"/static/{path}")
    assert answer.status_code in (308, 404)
    assert b"create_app" not in answer.data
