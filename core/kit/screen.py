"""The module's pages in a real browser: readable at both widths, in both languages, and nothing that axe finds."""

import logging
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from core.kit.checks import faults, untidy
from core.kit.exits import Exit, home, lists, neighbours, records
from core.kit.places import Viewer, sees
from core.kit.world import World

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking")
_WIDTHS = ((1280, 900), (390, 844))
#: milliseconds that a page, and the browser, may take to open: a machine that builds other things too is slow
_PATIENCE, _PATIENCE_AT_START = 60_000, 180_000
_VIEWERS = (Viewer("whole"), Viewer("nobody"), Viewer("staff"))


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


class _Quiet(WSGIRequestHandler):
    def log(self, *args: object) -> None:
        """Say nothing."""


def pages(world: World) -> list[str]:
    """Complaints of the module's pages as a browser shows them. Raises NoBrowser where there is none."""
    # In a thread of its own: where other tests drive a browser, theirs already runs in this one.
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(_look_at_all, world).result()


def _look_at_all(world: World) -> list[str]:
    complaints = []
    with _served(world) as port, _chromium() as browser:
        for viewer in _VIEWERS:
            # The second language has the same elements: axe, which takes its time, looks at them once.
            for language, locale, look in (("es", "es-ES", faults), ("en", "en-GB", untidy)):
                context = browser.new_context(locale=locale, reduced_motion="reduce")
                context.set_default_timeout(_PATIENCE)
                signed = world.browser(viewer).get_cookie("postigo", domain=f"{viewer.slug}.localhost")
                url = f"http://{viewer.slug}.localhost:{port}"
                context.add_cookies([{"name": "postigo", "value": signed.value if signed else "", "url": url}])
                page = context.new_page()
                for each in _pages(world, viewer):
                    answer = page.goto(url + each.url)
                    if answer is None or "html" not in answer.headers.get("content-type", ""):
                        continue
                    for width, height in _WIDTHS:
                        page.set_viewport_size({"width": width, "height": height})
                        where = f"{each.said} ({each.url}, {width} px, {language})"
                        complaints += [f"{where}: {fault}" for fault in look(page, language)]
                context.close()
    return complaints


def _pages(world: World, viewer: Viewer) -> Iterator[Exit]:
    mine = next((row for row in world.rows if sees(viewer, row) and row.files), None)
    of_mine = records(world, mine) if mine is not None else ()
    if viewer.is_contact:
        yield home(world)
        yield from neighbours(world)
    for each in (*lists(world), *(each for each in of_mine if each.must)):
        on_this_side = (each.side == "staff") == (viewer.name == "staff") and each.side != "both"
        if on_this_side and "GET" in each.methods:
            answer = world.get(viewer, each.url)
            # What the core puts into a page that is there already (answers to what is typed) is no page.
            whole = each.own or answer.data.lstrip()[:9].lower() == b"<!doctype"
            if answer.status_code == 200 and answer.mimetype == "text/html" and whole:
                yield each


@contextmanager
def _served(world: World) -> Iterator[int]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def _chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS), timeout=_PATIENCE_AT_START)
        except Exception as error:
            raise NoBrowser(f"no Chromium on this machine: {str(error).splitlines()[0]}") from error
        yield browser
        browser.close()
