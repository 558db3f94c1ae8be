"""A field of cases that clients do not see is on none of their exits: pages, the API, CSV, the history of what was
done, and mails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core.conversations.mailing import MESSAGE, REPLY, STATE
from core.conversations.models import DONE, Message
from core.crm.models import Site, Staff
from core.db.flags import FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import save_flags
from core.modules.switches import set_switch
from core.outbox.enqueue import enqueue
from core.outbox.models import Mail
from core.worker.loop import Worker
from plugins.cases.models import Case
from plugins.cases.resources import CASE
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.canaries import CANARIES, MONTHS, release
from tests.visibility.test_exits_of_fields import said
from tests.worlds.world import World, bare

OWN = CANARIES["cases.case"]
EXITS = (
    "/portal/",
    "/portal/cases/",
    "/portal/cases/{id}",
    "/portal/cases/{id}/colleagues",
    "/portal/cases/case/export.csv",
)
EXITS += ("/api/v1/cases/case/", "/api/v1/cases/case/{id}", "/api/v1/cases/case/{id}/messages")
#: where each field that is seen must be found
FULL = ("/portal/cases/{id}", "/api/v1/cases/case/{id}", "/portal/cases/case/export.csv")


@pytest.fixture(scope="module")
def caged(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, int]]:
    """A world, and the case that says something of its own in every field; its history tells how it came to."""
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, bare(database, home) as world:
        birds = release(world)
        with world.writing() as session:
            keeper = Staff(name="Keeper of Canaries", email="keeper@example.com", email_key="keeper@example.com")
            session.add(keeper)
            session.flush()
            site_id = session.scalars(select(Site.id).where(Site.account_id == birds.account)).one()
            case = Case(
                **{name: f"canary of {name}" for name in ("number", "subject", "description")}, kind="complaint",
                urgency="urgent", account_id=birds.account, contact_id=world.one.people["reader"],
                site_id=site_id, assignee_id=keeper.id,
            )  # fmt: skip
            session.add(case)
            session.flush()
            case.state = "waiting"
            session.flush()
            for name, month in MONTHS.items():
                setattr(case, name, datetime(2019, month, 5, 12, tzinfo=UTC))
            session.add(Message(parent_id=case.id, body="hello", author_name="We"))
            set_switch(session, world.registry, "cases", "tenant", world.one.id, True)
            session.flush()
            case_id = case.id
        yield world, case_id


def texts(world: World, case_id: int) -> dict[str, str]:
    """What each exit says; mails of a reply and of a new state among them."""
    browser = world.contact("reader")
    found = {}
    for path in EXITS:
        answer = browser.get(path.format(id=case_id), buffered=True)
        assert answer.status_code == 200, path
        found[path] = said(answer)
    with world.writing() as session:
        for kind in (REPLY, STATE):
            last = session.scalars(select(Message.id).where(Message.kind != DONE)).first()
            reader = world.one.people["reader"]
            enqueue(session, kind, contact_id=reader, record_id=case_id, data={MESSAGE: last})
    worker = Worker(world.app)
    while worker.step():
        pass
    with open_session(world.engine, system(world.one.id)) as session:
        for mail in session.scalars(select(Mail).order_by(Mail.id.desc()).limit(2)):
            found[mail.kind] = f"{mail.subject} {mail.body}"
    return found


def leaks(world: World, case_id: int, hidden: set[str]) -> list[tuple[str, str]]:
    """Which exits say something of a hidden field, or nothing of one that is seen."""
    with world.writing() as session:
        flags = tuple((name, Flags(seen=name not in hidden)) for name in OWN)
        save_flags(session, "cases", "case", FieldFlags(flags))
    found = []
    for exit_, text in texts(world, case_id).items():
        for name, canaries in OWN.items():
            there = any(canary in text for canary in canaries)
            if there and name in hidden:
                found.append((exit_, name))
            if not there and name not in hidden and exit_ in FULL:
                found.append((exit_, f"no {name}"))
    return found


def test_what_is_hidden_is_nowhere(caged: tuple[World, int]) -> None:
    world, case_id = caged
    assert {field.name for field in CASE.fields} == set(OWN)
    assert leaks(world, case_id, set()) == []
    for name in OWN:
        assert leaks(world, case_id, {name}) == [], name
    assert leaks(world, case_id, set(OWN) - {"subject"}) == []


def test_it_would_notice_a_page_that_forgets_to_ask(caged: tuple[World, int], monkeypatch: pytest.MonkeyPatch) -> None:
    world, case_id = caged
    monkeypatch.setattr("core.records.detail.effective", lambda resource, sight: list(resource.fields))
    monkeypatch.setattr("core.conversations.mails.effective", lambda resource, sight: list(resource.fields))
    found = {exit_ for exit_, _ in leaks(world, case_id, {"state", "subject", "number"})}
    assert {"/portal/cases/{id}", REPLY, STATE} <= found
