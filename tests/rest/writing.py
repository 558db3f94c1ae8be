"""Writing through the API in tests, as a program that holds a session and its token."""

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.rest.reading import read, refused
from tests.worlds.world import Browser

PETITIONS = "/api/v1/petitions/petition/"
CASES = "/api/v1/cases/case/"
TOKEN = "/api/v1/token"


class Program:
    """Sends what it is told, with the browser's session and its token."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.token: str = read(browser, TOKEN)["token"]

    def send(self, method: str, url: str, body: Any = None, **headers: str) -> TestResponse:
        """A request with a body of JSON: bytes as they are, anything else written as JSON, none for None. Names of
        headers have "_" for "-"."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        given = {"X-CSRFToken": self.token, **{name.replace("_", "-"): text for name, text in headers.items()}}
        media = None if body is None else "application/json"
        answer: TestResponse = self.browser.open(url, method=method, data=data, headers=given, content_type=media)
        return answer

    def post(self, url: str, body: Any = None, **headers: str) -> TestResponse:
        """A POST."""
        return self.send("POST", url, body, **headers)

    def patch(self, url: str, body: Any = None, **headers: str) -> TestResponse:
        """A PATCH."""
        return self.send("PATCH", url, body, **headers)

    def upload(self, url: str, parts: dict[str, Any], **headers: str) -> TestResponse:
        """A POST of parts: texts, and files as pairs of a stream and a name."""
        given = {"X-CSRFToken": self.token, **{name.replace("_", "-"): text for name, text in headers.items()}}
        answer: TestResponse = self.browser.post(url, data=parts, headers=given, content_type="multipart/form-data")
        return answer


def made(answer: TestResponse) -> dict[str, Any]:
    """The record that was begun, which must be where the answer says."""
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert answer.location == body["url"]
    assert answer.headers["ETag"]
    return body


def errors(answer: TestResponse, status: int = 422) -> dict[str, list[str]]:
    """What a refusal says of each field."""
    found: dict[str, list[str]] = refused(answer, status)["errors"]
    assert all(isinstance(each, str) and each for said in found.values() for each in said)
    return found
