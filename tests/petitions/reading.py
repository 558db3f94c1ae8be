"""Reads a form as a browser would send it."""

from html.parser import HTMLParser


class _Controls(HTMLParser):
    """Collects the controls of the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._main = self._area = ""
        self._select, self._first = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a control that would be sent."""
        given = {name: value or "" for name, value in attrs}
        self._main = self._main or ("main" if tag == "main" else "")
        if not self._main:
            return
        name = given.get("name", "")
        if tag == "input" and name and ("checked" in given or given.get("type") != "checkbox"):
            self.found[name] = given.get("value", "y")
        elif tag == "textarea":
            self._area, self.found[name] = name, ""
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and (self._first or "selected" in given):
            self.found[self._select], self._first = given.get("value", ""), False

    def handle_endtag(self, tag: str) -> None:
        """Leave a text area."""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._area:
            self.found[self._area] += data


def shown(page: str) -> dict[str, str]:
    """The names and values that the page's form would send as it stands, without its token."""
    reader = _Controls()
    reader.feed(page)
    return {name: value.lstrip("\r\n") for name, value in reader.found.items() if name not in ("csrf_token", "q")}
