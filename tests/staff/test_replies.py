"""The replies that staff keep ready: kept, changed, brought back, and theirs alone."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.conversations.models import CannedReply
from core.crm.models import Staff
from core.db.session import open_session
from core.db.viewer import system
from tests.petitions.acting import post
from tests.staff.reading import words
from tests.worlds.fixtures import world
from tests.worlds.world import Browser, World

__all__ = ["world"]
LIST, NEW = "/staff/replies/", "/staff/replies/new"


def kept(world: World, slug: str = "one") -> list[tuple[str, str, str]]:
    """All replies of a tenant."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return [(r.title, r.language, r.body) for r in session.scalars(select(CannedReply).order_by(CannedReply.title))]


def undo(browser: Browser, answer: TestResponse) -> TestResponse:
    """Press the button that takes something back, on the page that an answer leads to."""
    page = browser.get(answer.location).text
    form = re.search(r'<form class="undo" method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    assert form
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    return post(browser, form[1], fields)


@pytest.mark.parametrize("role", ["administrator", "agent"])
def test_replies_are_kept_changed_and_brought_back(world: World, role: str) -> None:
    with world.writing() as session:
        session.get_one(Staff, world.one.staff).role = role
    staff = world.staff()
    assert (
        post(staff, NEW, {"title": "Cita", "language": "es", "body": "Mañana  a las 9.\r\nUn saludo"}).status_code
        == 303
    )
    first = ("Cita", "es", "Mañana  a las 9.\nUn saludo")
    assert kept(world) == [first]
    assert "Cita" in words(staff.get(LIST))
    url = re.search(r"/staff/replies/\d+", staff.get(LIST).text)
    assert url
    changed = post(staff, url[0], {"title": "Cita", "language": "", "body": "Otro", "version": "1"})
    assert kept(world) == [("Cita", "", "Otro")]
    assert undo(staff, changed).status_code == 303
    assert kept(world) == [first]
    late = post(staff, url[0], {"title": "Cita", "language": "", "body": "Tarde", "version": "1"})
    assert late.status_code == 422
    assert "Tarde" in late.text
    assert kept(world) == [first]
    removed = post(staff, url[0], {"do": "remove"})
    assert kept(world) == []
    assert undo(staff, removed).status_code == 303
    assert kept(world) == [first]
    with world.writing() as session:
        session.delete(session.scalars(select(CannedReply)).one())


def test_a_long_one_is_asked_for_once_more_before_it_goes(world: World) -> None:
    staff = world.staff()
    post(staff, NEW, {"title": "Long", "body": "ñ" * 2000})
    url = re.search(r"/staff/replies/\d+", staff.get(LIST).text)
    assert url
    asked = post(staff, url[0], {"do": "remove"})
    assert asked.status_code == 422
    assert "cannot be undone" in words(asked)
    assert len(kept(world)) == 1
    assert post(staff, url[0], {"do": "remove", "sure": "1"}).status_code == 303
    assert kept(world) == []


def test_what_is_empty_or_foreign_is_refused(world: World) -> None:
    staff = world.staff()
    answer = post(staff, NEW, {"title": " ", "body": "Typed"})
    assert answer.status_code == 422
    assert "Typed" in answer.text
    with world.writing("two") as session:
        foreign = CannedReply(title="Theirs", body="x")
        session.add(foreign)
        session.flush()
        reply_id = foreign.id
    assert staff.get(f"/staff/replies/{reply_id}").data == staff.get("/staff/replies/999999").data
    assert "Theirs" not in words(staff.get(LIST))
    assert world.contact("whole").get(LIST).status_code == 404
