"""What clients and staff do with an offer."""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from core.kit.browser import Browser
from tests.petitions.acting import post, token
from tests.petitions.reading import shown
from tests.worlds.world import World

LIST, OFFICE, API = "/portal/offers/", "/staff/records/offers/", "/api/v1/offers/offer/"
NAME = "Ana María Núñez"
#: the longest that one of them may wait for the others, on a machine that has other things to do
PATIENCE = 60.0


def page_of(record_id: int, action: str = "accept") -> str:
    """Where an answer is given."""
    return f"{LIST}{record_id}/do/{action}"


def accept(world: World, record_id: int, browser: Browser | None = None, **typed: str) -> Any:
    """Open the form and sign with a typed name, as `whole` or whoever holds the browser."""
    browser = browser or world.contact("whole")
    form = shown(browser.get(page_of(record_id)).text)
    return post(browser, page_of(record_id), {**form, "a_signer": NAME, **typed})


def at_once(sent: Iterable[tuple[str, Browser, str, dict[str, str]]]) -> Counter[tuple[str, int]]:
    """Send these forms (what it is called, who sends it, where to, what is in it) at the same moment, each in a thread
    of its own; gives how often each was answered by which status."""
    forms = [(name, who, path, {**form, "csrf_token": token(who)}) for name, who, path, form in sent]
    start, told = threading.Barrier(len(forms), timeout=PATIENCE), Counter[tuple[str, int]]()

    def press(name: str, who: Browser, path: str, form: dict[str, str]) -> None:
        start.wait()
        status = who.post(path, data=form).status_code
        told[name, status] += 1

    threads = [threading.Thread(target=press, args=each) for each in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
