"""A list taken as files: with its progress where JavaScript runs, and as a plain download where it does not."""

from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, Route, expect

from core.web import documents
from tests.browser.conftest import Visits
from tests.browser.house import House

pytestmark = pytest.mark.browser
LIST, ALL = "/portal/invoices/", "All as PDF (ZIP)"


def opened(visits: Visits, **options: object) -> Page:
    """A client's list, in a browser of its own."""
    page = visits.context("ruben", "en", **options).new_page()
    page.goto(LIST)
    return page


def test_a_download_says_how_far_it_is_and_then_is_there(visits: Visits, tmp_path: Path) -> None:
    page = opened(visits)
    count = int(page.locator(".heading .count").inner_text())
    # Every step is noted: the page shows each for a moment only.
    page.evaluate("""() => {
        window.seen = [];
        const bar = document.querySelector(".downloads progress"), text = document.querySelector("span[data-count]");
        new MutationObserver(() => window.seen.push([bar.value, bar.max, bar.hidden, text.textContent]))
            .observe(document.querySelector(".download-state"), {attributes: true, childList: true, subtree: true});
    }""")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=ALL).click()
    expect(page.get_by_role("status").filter(has_text="The download is complete.")).to_be_visible()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "Invoices.zip"
    assert len(ZipFile(path).namelist()) == count
    assert ZipFile(path).testzip() is None
    seen = page.evaluate("window.seen")
    shown = [text for _, most, hidden, text in seen if most == count and not hidden]
    assert f"{count} of {count}" in shown
    values = [value for value, most, hidden, _ in seen if most == count and not hidden]
    assert values == sorted(values)
    assert page.locator(".downloads progress").get_attribute("aria-label") == "Progress of the download"
    expect(page.locator(".downloads progress")).to_be_hidden()
    assert page.url.endswith(LIST)


def test_what_breaks_off_is_said_and_leaves_no_file(visits: Visits) -> None:
    page = opened(visits)
    page.route("**/documents.zip", lambda route: route.abort())
    page.get_by_role("link", name=ALL).click()
    expect(page.get_by_role("status").filter(has_text="The download was interrupted.")).to_be_visible()
    page.unroute("**/documents.zip")
    with page.expect_download():
        page.get_by_role("link", name=ALL).click()


def test_what_is_refused_leads_to_the_page_that_says_why(visits: Visits, house: House) -> None:
    page = opened(visits)
    with patch.object(documents, "MOST", 3):
        page.get_by_role("link", name=ALL).click()
        expect(page.get_by_role("heading", name="These are too many for one download")).to_be_visible()
        page.get_by_role("link", name="Go back to the list").click()
        expect(page.get_by_text("Filter the list first: up to 3 at once.")).to_be_visible()


def test_rows_are_counted_as_files_are(visits: Visits) -> None:
    page = opened(visits)

    def rows(route: Route) -> None:
        headers = {"Content-Disposition": "attachment; filename=x.csv", "Postigo-Progress": "rows=3"}
        route.fulfill(status=200, headers=headers, content_type="text/csv", body="a\nb\nc\nd\n")

    page.route("**/documents.zip", rows)
    page.evaluate("""() => {
        window.seen = [];
        const text = document.querySelector("span[data-count]");
        new MutationObserver(() => window.seen.push(text.textContent)).observe(text, {childList: true});
    }""")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=ALL).click()
    assert waiting.value.suggested_filename == "x.csv"
    assert "3 of 3" in page.evaluate("window.seen")  # the head of a table is no row: never more than all


def test_without_javascript_it_is_a_download(visits: Visits, tmp_path: Path) -> None:
    page = opened(visits, java_script_enabled=False)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=ALL).click()
    waiting.value.save_as(tmp_path / "plain.zip")
    assert ZipFile(tmp_path / "plain.zip").testzip() is None


def test_the_chart_is_named_and_opens_its_table_by_keyboard(visits: Visits) -> None:
    page = visits.context("ruben", "en").new_page()
    page.goto("/portal/")
    drawing = page.get_by_role("img", name="Invoiced and paid per month, from")
    expect(drawing).to_be_visible()
    table = page.get_by_role("table", name="Invoiced and paid per month, from")
    expect(table).to_be_hidden()
    page.get_by_text("Show as a table").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    assert table.get_by_role("row").count() == 13
