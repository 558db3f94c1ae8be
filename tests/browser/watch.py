"""Watches a page: what its console says, what it asks of other hosts, what its policy had to stop."""

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response


class Watch:
    """Collects what no page of ours may do, from the moment it is made."""

    def __init__(self, page: Page, home: str) -> None:
        self.home = home
        self.found: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("dialog", self._dialog)

    def _said(self, message: ConsoleMessage) -> None:
        # What did not load is told apart by `_answered`: that the page itself is a 404 may be meant.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.found.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.found.append(f"{response.status}: {response.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def complaints(self) -> list[str]:
        """What was found until now."""
        return list(self.found)
