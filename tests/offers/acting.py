"""What clients and staff do with an offer."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from core.kit.browser import Browser
from tests.petitions.acting import post, token
from tests.petitions.reading import shown
from tests.worlds.world import World

LIST, OFFICE, API = "/portal/offers/", "/staff/records/offers/", "/api/v1/offers/offer/"
NAME = "Ana María Núñez"
#: the longest that one of them may wait for the others, on a machine that has other things to do
PATIENCE = 60.0


def page_of(record_id: int, action: str = "accept", base: str = LIST) -> str:
    """Where an answer is given; `base` is the list of such records."""
    return f"{base}{record_id}/do/{action}"


def accept(world: World, record_id: int, browser: Browser | None = None, base: str = LIST, **typed: str) -> Any:
    """Open the form and sign with a typed name, as `whole` or whoever holds the browser."""
    browser, path = browser or world.contact("whole"), page_of(record_id, base=base)
    return post(browser, path, {**shown(browser.get(path).text), "a_signer": NAME, **typed})


def at_once(sent: Iterable[tuple[str, Browser, str, dict[str, str]]]) -> Counter[tuple[str, int]]:
    """Send these forms (what it is called, who sends it, where to, what is in it) at the same moment, each in a thread
    of its own; gives how often each was answered by which status."""
    forms = [(name, who, path, {**form, "csrf_token": token(who)}) for name, who, path, form in sent]
    start, told = threading.Barrier(len(forms), timeout=PATIENCE), []

    def press(name: str, who: Browser, path: str, form: dict[str, str]) -> None:
        start.wait()
        told.append((name, who.post(path, data=form).status_code))

    threads = [threading.Thread(target=press, args=each) for each in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(told)


def several(world: World, tried: Mapping[str, tuple[str, int]], typed: Mapping[str, str]) -> Counter[tuple[str, int]]:
    """Many who try this and that with one record at the same moment: by its name, where, and how often. Each has a
    browser of its own (a client's in the portal, else one of the staff's), the form as it was shown before, and what
    is `typed` into those of its controls that it has."""

    def who(path: str) -> Browser:
        return world.contact("whole") if path.startswith("/portal/") else world.staff()

    forms = {name: shown(who(path).get(path).text) for name, (path, _) in tried.items()}
    forms = {name: form | {key: typed[key] for key in typed.keys() & form.keys()} for name, form in forms.items()}
    return at_once((name, who(path), path, forms[name]) for name, (path, count) in tried.items() for _ in range(count))
