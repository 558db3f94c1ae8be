"""A browser without a screen that talks to a server in another process."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass
class Distant:
    """A browser that talks to a server in another process."""

    port: int
    host: str
    cookies: dict[str, str]

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request; give the status and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": self.host, "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        body = urlencode(form) if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.msg.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def send(self, path: str, form: dict[str, str]) -> int:
        """Fill in the form of a page and send it there; give the status of the answer."""
        token = self.ask("GET", path)[1].partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.ask("POST", path, {"csrf_token": token, **form})[0]

    def status(self, path: str) -> int:
        """The status of a page."""
        return self.ask("GET", path)[0]
