"""Opens forms of petitions and sends them, as clients and staff do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.test import TestResponse

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import save_flags
from tests.petitions import Petition
from tests.petitions.reading import shown
from tests.staff.reading import words
from tests.worlds.world import Browser, World

LIST, OFFICE = "/portal/petitions/", "/staff/records/petitions/"
NEW = "/portal/petitions/petition/do/new"


def read(world: World, record_id: int, slug: str = "one") -> Any:
    """A petition as it is now."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.get(Petition, record_id)


def token(browser: Browser) -> str:
    """The form token of a page that this browser can open."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sessions/").text)
    assert found
    return found[1]


def post(browser: Browser, path: str, form: dict[str, Any] | None = None) -> TestResponse:
    """Send a form with the browser's token."""
    answer: TestResponse = browser.post(path, data={**(form or {}), "csrf_token": token(browser)})
    return answer


def send(browser: Browser, path: str, form: dict[str, Any]) -> TestResponse:
    """Open a form, and send it as it is shown, but for what is typed."""
    return post(browser, path, {**shown(browser.get(path).text), **form})


@contextmanager
def flagged(world: World, *fields: tuple[str, Flags]) -> Iterator[None]:
    """The tenant has set these flags of petitions."""
    with world.writing() as session:
        save_flags(session, "petitions", "petition", FieldFlags(fields))
    try:
        yield
    finally:
        with world.writing() as session:
            save_flags(session, "petitions", "petition", NO_FLAGS)


def made(world: World, answer: TestResponse) -> Any:
    """The petition that a form has made."""
    assert answer.status_code == 303, words(answer)
    return read(world, int(answer.location.rpartition("/")[2]))
