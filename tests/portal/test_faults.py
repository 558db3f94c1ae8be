"""When the database fails, at whatever statement, a page says so; when two changes meet, one is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from core.crm.models import Account
from core.db.engine import Busy
from core.db.session import WalledSession
from tests.worlds.world import World

#: a word of the statement that fails -> the page that asks it
STATEMENTS = {
    "FROM tenant": "/portal/",
    "FROM login_session": "/portal/",
    "RECURSIVE": "/portal/",
    "FROM switch": "/portal/",
    "FROM invoices_invoice": "/portal/invoices/",
    "FROM invoices_line": "/portal/invoices/{record}",
    "FROM file": "/portal/invoices/{record}/files/{file}",
}


@contextmanager
def failing(world: World, word: str) -> Iterator[None]:
    """Let each statement that has that word in it fail, as on a disk that cannot be read."""

    def fail(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if word in statement.replace("\n", " "):
            raise OperationalError(statement, None, Exception("the database is gone"))

    event.listen(world.engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(world.engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("word", STATEMENTS)
def test_a_statement_that_fails_is_a_503_that_tells_nothing(world: World, word: str) -> None:
    record = world.one.invoices["alpha"]
    file_id = next(file_id for file_id, parent in world.one.files.items() if parent == record)
    browser, url = world.contact("whole"), STATEMENTS[word].format(record=record, file=file_id)
    with failing(world, word):
        answer = browser.get(url)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    text = answer.get_data(as_text=True)
    assert "SELECT" not in text
    assert "gone" not in text
    assert browser.get(url).status_code == 200


def test_a_box_whose_statement_fails_costs_its_own_place(world: World) -> None:
    with failing(world, "FROM invoices_invoice"):
        answer = world.contact("whole").get("/portal/")
    assert answer.status_code == 200
    assert b"This could not be shown just now" in answer.data


FAULTS = [
    (OperationalError("COMMIT", None, Exception("disk is full")), 503),
    (Busy("the database is busy"), 503),
    (StaleDataError("another version"), 409),
    (IntegrityError("INSERT", None, Exception("UNIQUE failed: a.secret_column")), 409),
    (RuntimeError("a mistake of ours"), 500),
]


@pytest.mark.parametrize(("fault", "status"), FAULTS, ids=lambda each: type(each).__name__)
def test_what_fails_at_the_end_of_a_request_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    browser = world.staff()
    token = browser.get("/staff/").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]

    def fail(session: WalledSession) -> None:
        raise fault

    monkeypatch.setattr(WalledSession, "commit", fail)
    answer = browser.post("/staff/accounts/new", data={"csrf_token": token, "name": "Never"})
    monkeypatch.undo()
    assert answer.status_code == status
    text = answer.get_data(as_text=True)
    assert "error-id" in text
    assert "secret_column" not in text
    assert "a mistake" not in text
    with world.writing() as session:
        assert session.scalars(select(Account.id).where(Account.name == "Never")).all() == []
