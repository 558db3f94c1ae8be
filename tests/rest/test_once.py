"""A write with an Idempotency-Key is done once, however often it is sent, and answered each time as it was then."""

import threading
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import func, select

from core.access.given import GivenAnswer
from core.db.session import open_session
from core.db.viewer import system
from core.rest import once
from tests.petitions import Petition, add
from tests.petitions.acting import read as row_of
from tests.petitions.fixtures import petitions
from tests.portal.test_faults import failing
from tests.rest.reading import refused
from tests.rest.writing import PETITIONS, Program, errors, made
from tests.worlds.world import World

__all__ = ["petitions"]


def count(world: World, subject: str) -> int:
    """How many petitions have that subject."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalar(select(func.count(Petition.id)).where(Petition.subject == subject)) or 0


def same(first: Any, second: Any) -> bool:
    """Whether two answers are one."""
    names = ("Location", "ETag", "Content-Type")
    told = [(a.status_code, a.data, *(a.headers.get(name) for name in names)) for a in (first, second)]
    return told[0] == told[1]


def test_what_is_sent_again_is_answered_as_it_was_and_not_done_again(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    first = client.post(PETITIONS, {"subject": "once"}, Idempotency_Key="k-1")
    url = made(first)["url"]
    assert client.patch(url, {"people": 9}).status_code == 200
    assert same(first, client.post(PETITIONS, {"subject": "once"}, Idempotency_Key="k-1"))
    assert count(petitions, "once") == 1
    assert row_of(petitions, first.json["id"]).people == 9  # type: ignore[index]
    for method, there, sent in (
        ("PATCH", url, {"subject": "twice"}), ("POST", f"{url}/actions/remind", None),
        ("POST", f"{url}/actions/withdraw", {"reason": "x"}),
    ):  # fmt: skip
        done = client.send(method, there, sent, Idempotency_Key=there)
        version = row_of(petitions, first.json["id"]).version  # type: ignore[index]
        assert done.status_code == 200
        assert same(done, client.send(method, there, sent, Idempotency_Key=there))
        assert row_of(petitions, first.json["id"]).version == version  # type: ignore[index]


def test_a_key_is_of_one_request_alone(petitions: World) -> None:
    client, record_id = Program(petitions.contact("child")), add(petitions, "north")
    assert client.post(PETITIONS, {"subject": "of one"}, Idempotency_Key="k-2").status_code == 201
    for method, url, sent in (
        ("POST", PETITIONS, {"subject": "of two"}), ("POST", PETITIONS, {}), ("PATCH", f"{PETITIONS}{record_id}", {}),
        ("POST", f"{PETITIONS}{record_id}/actions/remind", {"subject": "of one"}),
    ):  # fmt: skip
        assert "another request" in refused(client.send(method, url, sent, Idempotency_Key="k-2"), 422)["detail"]
    assert (count(petitions, "of one"), count(petitions, "of two")) == (1, 0)


def test_a_key_is_of_one_person_alone(petitions: World) -> None:
    one = petitions.one
    sent = {"subject": "whose", "account_id": one.accounts["alpha"]}
    with petitions.writing() as session:  # the staff user's id is a contact's too, and so it is in the other tenant
        assert one.staff in one.people.values(), session
    first = Program(petitions.contact("whole")).post(PETITIONS, sent, Idempotency_Key="k-3")
    found = [made(first)["id"]]
    for browser in (petitions.contact("family"), petitions.staff()):
        found.append(made(Program(browser).post(PETITIONS, sent, Idempotency_Key="k-3"))["id"])
    theirs = {"subject": "whose", "account_id": petitions.two.accounts["alpha"]}
    found.append(made(Program(petitions.contact("whole", "two")).post(PETITIONS, theirs, Idempotency_Key="k-3"))["id"])
    assert len(set(found)) == 4


def test_what_was_refused_is_not_kept(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    assert errors(client.post(PETITIONS, {"subject": ""}, Idempotency_Key="k-4")).keys() == {"subject"}
    made(client.post(PETITIONS, {"subject": "mended"}, Idempotency_Key="k-4"))
    late = add(petitions, "north")
    client.post(f"{PETITIONS}{late}/actions/withdraw")
    refused(client.post(f"{PETITIONS}{late}/actions/remind", Idempotency_Key="k-5"), 409)
    refused(client.post(f"{PETITIONS}{late}/actions/remind", If_Match='"x"', Idempotency_Key="k-5"), 412)
    with open_session(petitions.engine, system(petitions.one.id)) as session:
        assert session.scalars(select(GivenAnswer).where(GivenAnswer.status == 0)).all() == []


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ñ"])
def test_a_key_that_is_none_is_refused(petitions: World, key: str) -> None:
    client = Program(petitions.contact("child"))
    assert "visible ASCII" in refused(client.post(PETITIONS, {"subject": "x"}, Idempotency_Key=key), 400)["detail"]


def test_what_may_not_be_seen_any_more_is_not_told_again(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    first = client.post(PETITIONS, {"subject": "hidden later"}, Idempotency_Key="k-6")
    url, record_id = made(first)["url"], made(first)["id"]
    assert client.patch(url, {"people": 2}, Idempotency_Key="k-7").status_code == 200
    with petitions.writing() as session:
        session.get(Petition, record_id).published = False  # type: ignore[union-attr]
    nothing = client.browser.get(f"{PETITIONS}999999999").data
    for again in (
        client.post(PETITIONS, {"subject": "hidden later"}, Idempotency_Key="k-6"),
        client.patch(url, {"people": 2}, Idempotency_Key="k-7"),
    ):
        assert (again.status_code, again.data) == (404, nothing)
    assert count(petitions, "hidden later") == 1


def test_a_database_that_fails_keeps_neither_the_record_nor_the_key(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    for word in ("INSERT INTO petitions_petition", "UPDATE given_answer"):
        with failing(petitions, word):
            refused(client.post(PETITIONS, {"subject": "cut off"}, Idempotency_Key="k-8"), 503)
        assert count(petitions, "cut off") == 0
    made(client.post(PETITIONS, {"subject": "cut off"}, Idempotency_Key="k-8"))
    assert count(petitions, "cut off") == 1


def at_once(world: World, key: str, subject: str) -> list[Any]:
    """One write, sent so often at the same moment; gives the answers."""
    programs = [Program(world.contact("child")) for _ in range(5)]
    start, answers = threading.Barrier(len(programs)), []

    def write(program: Program) -> None:
        start.wait()
        answers.append(program.post(PETITIONS, {"subject": subject}, Idempotency_Key=key))

    threads = [threading.Thread(target=write, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_many_at_once_one_is_done_and_all_are_answered_alike(petitions: World) -> None:
    answers = at_once(petitions, "k-9", "at once")
    assert {made(answer)["id"] for answer in answers} == {answers[0].json["id"]}
    assert all(same(answers[0], each) for each in answers)
    assert count(petitions, "at once") == 1


def test_without_the_claim_several_would_be_done(petitions: World) -> None:
    with patch.object(once, "_claim", lambda *hashes: None), patch.object(once, "_keep", lambda key, answer: answer):
        at_once(petitions, "k-10", "several")
    assert count(petitions, "several") == 5
