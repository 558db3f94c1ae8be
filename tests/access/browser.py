"""A browser without a screen: it keeps cookies, and sends the form token of the page it has read."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.world import HOST, PASSWORD

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """At `host`, as seen from `address`."""

    client: FlaskClient
    host: str = HOST
    scheme: str = "https"
    address: str = "192.0.2.1"

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page; what follows the answer has been done when this returns."""
        return self._open("GET", path, **options)

    def post(
        self, path: str, data: dict[str, Any] | None = None, token: str | None = None, **options: Any
    ) -> TestResponse:
        """Send a form with the token that our pages carry."""
        token = self.token() if token is None else token
        return self._open("POST", path, data={**(data or {}), "csrf_token": token}, **options)

    def token(self) -> str:
        """The form token of a page that this browser can open."""
        page = self.get("/login").text
        page = page if "csrf_token" in page else self.get("/sessions/").text
        found = _TOKEN.search(page)
        assert found, page
        return found[1]

    def sign_in(self, identifier: str, password: str = PASSWORD, **data: str) -> TestResponse:
        """Fill in the sign-in form and send it."""
        return self.post("/login", {"identifier": identifier, "password": password, **data})

    def who(self) -> dict[str, Any]:
        """What the door found of whoever asks."""
        told: dict[str, Any] = self.get("/probe").json
        return told

    def cookie(self) -> str:
        """The session cookie as it would be sent."""
        jar = self.client._cookies or {}
        return next((f"{c.key}={c.value}" for c in jar.values() if c.key.endswith("postigo")), "")

    def fresh(self, address: str | None = None) -> "Browser":
        """Another browser at the same portal, with no cookies."""
        return Browser(self.client.application.test_client(), self.host, self.scheme, address or self.address)

    def replay(self, cookie: str) -> dict[str, Any]:
        """What the door finds of whoever sends a cookie that was kept elsewhere."""
        other = Browser(self.client.application.test_client(use_cookies=False), self.host, self.scheme, self.address)
        told: dict[str, Any] = other.get("/probe", headers={"Cookie": cookie}).json
        return told

    def _open(self, method: str, path: str, **options: Any) -> TestResponse:
        environ = {"REMOTE_ADDR": self.address, **options.pop("environ", {})}
        base = f"{self.scheme}://{self.host}"
        return self.client.open(path, method=method, base_url=base, environ_overrides=environ, buffered=True, **options)
