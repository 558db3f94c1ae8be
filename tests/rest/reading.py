"""Reading the API in tests."""

from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from tests.worlds.world import Browser

LIST = "/api/v1/invoices/invoice/"
PAYMENTS = "/api/v1/invoices/payment/"
DESCRIPTION = "/api/v1/openapi.json"
PROBLEM = "application/problem+json"
_MOST_PAGES = 40


def read(browser: Browser, url: str = LIST, **params: Any) -> dict[str, Any]:
    """The body of an answer, which must be one of JSON."""
    answer = browser.get(f"{url}?{urlencode(params, doseq=True)}" if params else url)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    return body


def walk(browser: Browser, way: str = "next", url: str = LIST, **params: Any) -> list[dict[str, Any]]:
    """The pages of a list from this one on, by its links in one direction."""
    pages = [read(browser, url, **params)]
    while (further := pages[-1][way]) is not None:
        assert len(pages) < _MOST_PAGES
        pages.append(read(browser, further))
    return pages


def ids(pages: list[dict[str, Any]]) -> tuple[int, ...]:
    """The ids of these pages' records, in order."""
    return tuple(record["id"] for page in pages for record in page["records"])


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """The body of a problem, which must be one of that status and nothing else."""
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert body.keys() <= {"type", "title", "status", "detail", "parameter", "error_id", "errors", "record"}
    return body
