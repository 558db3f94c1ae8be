"""Reads a form as a browser would send it."""

from html.parser import HTMLParser


class _Controls(HTMLParser):
    """Collects the controls of each form of the page's main part; what stands in no form is not sent."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._main = self._in = False
        self._area, self._select, self._first = "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a control that would be sent."""
        given = {name: value or "" for name, value in attrs}
        self._main = self._main or tag == "main"
        if tag == "form" and self._main:
            self._in = True
            self.forms.append({})
        if not self._in:
            return
        name, found = given.get("name", ""), self.forms[-1]
        if tag == "input" and name and ("checked" in given or given.get("type") != "checkbox"):
            found[name] = given.get("value", "y")
        elif tag == "textarea":
            self._area, found[name] = name, ""
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and (self._first or "selected" in given):
            found[self._select], self._first = given.get("value", ""), False

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a text area."""
        self._in = self._in and tag != "form"
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._area:
            self.forms[-1][self._area] += data


def shown(page: str) -> dict[str, str]:
    """The names and values that the page's largest form would send as it stands, without its token."""
    reader = _Controls()
    reader.feed(page)
    largest = max(reader.forms, key=len)
    return {name: value.lstrip("\r\n") for name, value in largest.items() if name != "csrf_token"}
