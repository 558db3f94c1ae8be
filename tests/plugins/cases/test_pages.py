"""Cases as clients and staff meet them: the form that the tenant has chosen, the words that it uses, the box on the
dashboard, and what pages cost."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url

from core.conversations.models import Message
from core.db.flags import Flags
from core.db.session import open_session
from core.db.viewer import system
from core.kit.browser import Browser
from core.modules.reach import sight_of
from core.records.numbers import next_number
from plugins.cases.models import CLOSED, HIGH, IN_PROGRESS, OPEN, WAITING, Case
from tests.conversations.talking import STAFF
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.cases.conftest import LIST, NEW, OFFICE, add, flagged, read, said
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.worlds.world import World

FIELDS = "/staff/fields/cases/case/"
MOST_STATEMENTS = 8
MESSAGES = 300
AT_ONCE = 6


def asked(browser: Browser) -> set[str]:
    """What the form that opens a case asks for."""
    return {name for name in shown(browser.get(NEW).text) if name not in ("version", "files")}


def test_the_form_asks_for_exactly_what_the_tenant_has_filled_in(cases: World) -> None:
    client = cases.contact("whole")
    assert asked(client) == {"place", "f_subject", "f_urgency", "f_description"}
    off, on = Flags(filled=False), Flags(filled=True, required=True)
    with flagged(cases, ("site_id", off), ("urgency", off), ("kind", on)):
        assert asked(client) == {"f_subject", "f_description", "f_kind"}
        assert "Fill in: Type." in words(send(client, NEW, {"f_subject": "A lamp is dark"}))
        answer = send(client, NEW, {"f_subject": "A lamp is dark", "f_kind": "fault"})
        made = read(cases, int(answer.location.rpartition("/")[2]))
        assert (made.kind, made.urgency, made.state) == ("fault", "normal", OPEN)
        sneaked = post(client, NEW, {"f_subject": "A", "f_kind": "fault", "f_urgency": "urgent", "f_state": CLOSED})
        assert read(cases, int(sneaked.location.rpartition("/")[2])).urgency == "normal"
    assert asked(client) == {"place", "f_subject", "f_urgency", "f_description"}


def test_the_tenants_own_words_are_on_every_exit_and_nobody_elses(cases: World) -> None:
    """Set on the staff's page, felt with the next request: list, filter, chip, page, CSV, JSON, history, box."""
    record_id, client, staff = add(cases), cases.contact("whole"), cases.staff()
    send(client, f"{LIST}{record_id}/do/close", {})
    send(client, f"{LIST}{record_id}/do/reopen", {})
    said(cases, record_id, STAFF)
    exits = (
        LIST,
        f"{LIST}?state={WAITING}",
        f"{LIST}{record_id}",
        f"{LIST}case/export.csv",
        f"/api/v1/cases/case/{record_id}",
        "/api/v1/cases/case/",
        "/portal/",
        f"{OFFICE}{record_id}",
    )

    def pages(of: Browser) -> dict[str, str]:
        """Each exit; the last is the staff's."""
        return {path: unescape((staff if path.startswith("/staff") else of).get(path).text) for path in exits}

    assert all("Waiting for reply" in text for text in pages(client).values())
    typed = {"choice2-en-state": "Your <turn>", "choice2-es-state": "Le toca", "choice3-en-state": "Done with"}
    assert send(staff, FIELDS, {**typed, "do": "save"}).status_code == 303
    try:
        for path, text in pages(client).items():
            assert "Your <turn>" in text, path
            assert "Waiting for reply" not in text, path
        assert "from Done with to" in unescape(client.get(f"{LIST}{record_id}").text)
        assert "Your <turn>" not in client.get(LIST).text  # but escaped
        form = shown(staff.get(FIELDS).text)
        assert (form["choice2-en-state"], form["choice2-es-state"], form["choice0-en-state"]) == (
            "Your <turn>", "Le toca", "",
        )  # fmt: skip
        theirs = add(cases, slug="two", state=WAITING)
        assert "Waiting for reply" in cases.contact("whole", "two").get(f"{LIST}{theirs}").text
    finally:
        assert send(staff, FIELDS, {"do": "reset"}).status_code == 303
    assert "Waiting for reply" in client.get(LIST).text


def test_lists_are_filtered_by_state_and_urgency_and_begin_with_the_latest(cases: World) -> None:
    client, day = cases.contact("two_accounts"), datetime.now(UTC)
    add(cases, "beta", number="OLD", state=CLOSED, active_at=day - timedelta(days=9))
    add(cases, "beta", number="NEW", urgency=HIGH, active_at=day + timedelta(days=1))
    account = f"account={cases.one.accounts['beta']}"

    def numbers(query: str) -> list[str]:
        """The numbers of a list, in its order."""
        found = client.get(f"/api/v1/cases/case/?{account}&{query}").get_json()
        return [row["fields"]["number"] for row in found["records"]]

    assert numbers("") == ["NEW", "OLD"]
    assert numbers("sort=active_at") == ["OLD", "NEW"]
    assert numbers(f"state={CLOSED}") == ["OLD"]
    assert numbers(f"state={OPEN}&state={IN_PROGRESS}&urgency={HIGH}") == ["NEW"]
    assert numbers("q=lamp&urgency=low") == []


def test_the_box_counts_what_is_the_viewers_and_asks_for_their_reply(cases: World) -> None:
    """Of an account that no other test writes for: what another account has is not counted, nor what is hidden."""
    client = cases.contact("child")
    assert "You have no cases yet." in words(client.get("/portal/"))
    assert "waits for your reply" not in words(client.get("/portal/"))
    for number, state in (("N-1", OPEN), ("N-2", WAITING), ("N-3", CLOSED)):
        add(cases, "north", number=number, subject=f"About {number}", state=state)
    add(cases, "north", number="N-4", state=WAITING, published=False)
    add(cases, "beta", state=WAITING)
    page = words(client.get("/portal/"))
    assert "1 case waits for your reply" in page
    assert "Not closed 2" in page
    assert all(f"About N-{n}" in page for n in (1, 2, 3))
    with flagged(cases, ("state", Flags(seen=False))):
        hidden = words(client.get("/portal/"))
        assert "About N-2" in hidden
        assert not any(text in hidden for text in ("waits for your reply", "Not closed", "Waiting for reply"))
    with flagged(cases, ("subject", Flags(seen=False))):
        assert "About N-2" not in words(client.get("/portal/"))


def test_an_empty_list_offers_to_open_a_case(cases: World) -> None:
    page = cases.contact("nobodys").get(LIST).text
    assert f'href="{NEW}"' in page
    assert "What you ask of us, and what we answer, will appear here." in unescape(page)


def test_pages_take_as_many_statements_with_three_hundred_messages_as_with_one(cases: World) -> None:
    record_id, client, staff = add(cases, "beta"), cases.contact("two_accounts"), cases.staff()
    paths = ((client, LIST), (client, f"{LIST}{record_id}"), (client, "/portal/"), (staff, f"{OFFICE}{record_id}"))

    def counts() -> list[int]:
        """How many statements each page takes, once it is warm."""
        found = []
        for browser, path in paths:
            browser.get(path)
            with statements(cases.engine) as sent:
                assert browser.get(path).status_code == 200
            found.append(len(sent))
        return found

    said(cases, record_id, "two_accounts")
    before = counts()
    with cases.writing() as session:
        session.add_all(Message(parent_id=record_id, body=f"Word {n}") for n in range(MESSAGES))
        session.add_all(Case(account_id=cases.one.accounts["beta"], number=f"M-{n}") for n in range(30))
    assert counts() == before
    assert max(before) <= MOST_STATEMENTS


def test_of_several_who_open_a_case_at_once_each_has_a_number(cases: World) -> None:
    """Each waits for the one before: on one row of PostgreSQL, on the one writer of SQLite."""
    found: list[str] = []
    failed: list[Exception] = []
    with open_session(cases.engine, system(cases.one.id)) as door:
        sight = sight_of(door, cases.registry, cases.one.people["whole"])[0]

    def begin() -> None:
        try:
            with open_session(cases.engine, sight, writes=True) as session:
                case = Case(account_id=cases.one.accounts["alpha"], number=next_number(session, Case, "C-{:06d}"))
                session.add(case)
                session.commit()
                found.append(case.number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(set(found)) == AT_ONCE


def test_a_clients_lists_are_found_by_whose_the_cases_are(cases: World) -> None:
    """SQLite knows little of what it holds, and would rather walk along an order than look up an owner."""
    if cases.engine.dialect.name != "sqlite":
        return
    sent: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        sent.append((statement, params))

    event.listen(cases.engine, "before_cursor_execute", note)
    for path in (LIST, f"{LIST}?state={OPEN}", "/portal/"):
        assert cases.contact("whole").get(path).status_code == 200
    event.remove(cases.engine, "before_cursor_execute", note)
    asked = [each for each in sent if "FROM cases_case" in each[0]]
    assert len(asked) == 3
    with closing(sqlite3.connect(str(make_url(cases.database.url).database))) as connection:
        for statement, params in asked:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", params)]
            steps = [step for step in plan if step.startswith(("SEARCH cases_case", "SCAN cases_case"))]
            assert steps
            assert all("owner=?" in step for step in steps), plan
