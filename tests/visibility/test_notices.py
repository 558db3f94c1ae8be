"""Notices before the end of a contract go to those who see it when they are queued, and leave only to those who still
do when they are sent; each names its own contract alone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.outbox.states import DROPPED, KEPT
from core.worker import render
from plugins.contracts.models import ACTIVE, Contract
from plugins.contracts.notices import ENDING, tell_of_endings
from tests.visibility import changes
from tests.visibility.oracle import Oracle, read_tables
from tests.visibility.test_mails import _mails, put_back, send
from tests.worlds.copied import Databases, copied
from tests.worlds.plenty import plenty
from tests.worlds.talk import talk
from tests.worlds.world import World

__all__ = ["put_back"]

#: of so many contracts, one ends soon
_EACH = 3
_NUMBERS = re.compile(r"C-(?:one|two)-\w+")


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules, in which some contracts end soon."""
    with copied(databases, tmp_path_factory.mktemp, talk, plenty) as made:
        for slug in made.tenancies:
            with made.writing(slug) as session:
                for contract in session.scalars(select(Contract).order_by(Contract.id)).all()[::_EACH]:
                    if contract.published:
                        contract.status, contract.ends_on = ACTIVE, date.today() + timedelta(days=5)
        yield made


def queue(world: World) -> None:
    """Let each tenant's system look for what ends."""
    for slug in world.tenancies:
        with world.app.app_context(), world.writing(slug) as session:
            tell_of_endings(session)


def seen(world: World) -> set[tuple[int, int]]:
    """Who sees which contract that ends soon, by the rules: pairs of a contact and a contract."""
    tables = read_tables(world.database.owner_url)
    oracles = [Oracle(tables, row["id"], date.today(), "contracts") for row in tables["contact"]]
    ending = {row["id"] for row in tables["contracts_contract"] if row["ends_on"] and row["status"] == ACTIVE}
    return {(o.contact_id, id_) for o in oracles if o.enters() for id_ in o.records() if id_ in ending}


def change(world: World) -> None:
    """What happens between the cause of a notice and its sending."""
    made = world.one
    changes.switch(world, made, "contracts", "account", made.accounts["beta"], False)
    changes.window(world, made, "family", False, (None, None))
    changes.scope_of(world, world.two, "contracts", "contact")
    changes.untie(world, made, "site")


def faults(world: World) -> list[str]:
    """Notices that left and may not have, or the other way round; and numbers in them that are another contract's."""
    allowed, found, states = seen(world), [], set()
    numbers = {row["id"]: row["number"] for row in read_tables(world.database.owner_url)["contracts_contract"]}
    for mail in _mails(world):
        states.add(mail.state)
        if (mail.state == KEPT) != ((mail.contact_id, mail.record_id) in allowed):
            found.append(f"{mail.contact_id} on {mail.record_id}: {mail.state} {mail.error}")
        named = set(_NUMBERS.findall(f"{mail.subject} {mail.body}"))
        if named - {numbers[mail.record_id]}:
            found.append(f"{mail.contact_id} on {mail.record_id} is told of {named}")
    assert states == {KEPT, DROPPED}
    return found


def test_a_notice_reaches_those_who_see_the_contract(put_back: World) -> None:
    queue(put_back)
    mails = list(_mails(put_back))
    assert {mail.kind for mail in mails} == {ENDING.name}
    assert {(mail.contact_id, mail.record_id) for mail in mails} == seen(put_back)
    assert len(mails) > 20
    change(put_back)
    send(put_back)
    assert faults(put_back) == []


def test_it_would_notice_one_made_with_the_rights_of_the_system(
    put_back: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "go_on_as", lambda session, sight: None)
    queue(put_back)
    change(put_back)
    send(put_back)
    assert any(f": {KEPT} " in said for said in faults(put_back))
