"""The notice before the end: once for each contract and each end, to those who see it, under their own rights."""

import pytest
from sqlalchemy import select, update

from core.crm.models import Contact
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import installation, system
from core.modules.flags import save_flags
from core.outbox.kinds import Withheld
from core.outbox.models import Mail, PeriodicSlot
from core.worker.letter import Letter
from core.worker.loop import Worker
from core.worker.periodic import Schedule
from core.worker.render import render
from plugins.contracts.models import AUTOMATIC, DRAFT, SUSPENDED, Contract
from plugins.contracts.notices import ENDINGS
from tests.plugins.contracts.conftest import add, day, read
from tests.visibility.changes import switch
from tests.worlds.world import World


def look(world: World) -> list[Mail]:
    """Let a worker look for what ends, as on another day, and give the mails that there are."""
    with open_session(world.engine, installation(), writes=True) as session:
        for slot in session.scalars(select(PeriodicSlot)).all():
            session.delete(slot)
        session.commit()
    Worker(world.app, schedule=Schedule((), [ENDINGS])).step()
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Mail).where(Mail.kind == "contracts.ending").order_by(Mail.contact_id)))


def told(world: World, mails: list[Mail]) -> dict[int, set[str]]:
    """Who is told of which contract, by its id."""
    names = {id_: name for name, id_ in world.one.people.items()}
    found: dict[int, set[str]] = {}
    for mail in mails:
        found.setdefault(mail.record_id or 0, set()).add(names[mail.contact_id or 0])
    return found


def letter(world: World, mail: Mail) -> Letter:
    """What a mail says now."""
    return render(world.app, world.one.id, mail.id, for_good=False)[0]


def test_each_who_sees_it_is_told_once_for_each_end(contracts: World) -> None:
    one = contracts.one
    wide = add(contracts, ends_on=day(29))
    at_site = add(contracts, site_id=one.sites["a1"], ends_on=day(5), notice_days=5)
    add(contracts, number="K-far", ends_on=day(31))
    add(contracts, number="K-late", ends_on=day(-1))
    add(contracts, number="K-rests", status=SUSPENDED, ends_on=day(5))
    add(contracts, number="K-draft", status=DRAFT, ends_on=day(5))
    add(contracts, number="K-hidden", published=False, ends_on=day(5))
    add(contracts, "gamma", number="K-nobody", ends_on=day(5))
    found = {wide: {"whole", "family", "two_accounts"},
             at_site: {"whole", "family", "two_accounts", "site", "mixed"}}  # fmt: skip
    assert told(contracts, look(contracts)) == found
    before = read(contracts, Contract, wide)
    assert len(look(contracts)) == 8, "on the next day nobody is told again"
    assert read(contracts, Contract, wide).version == before.version == 1
    with contracts.writing() as session:
        session.get_one(Contract, wide).ends_on = day(20)
    assert len(look(contracts)) == 8 + 3, "another end is another notice"


def test_who_works_beside_does_nothing_twice(contracts: World) -> None:
    add(contracts, ends_on=day(5))
    look(contracts)
    with open_session(contracts.engine, installation(), writes=True) as session:
        for slot in session.scalars(select(PeriodicSlot)).all():
            session.delete(slot)
        session.commit()
    with contracts.writing() as session:
        session.execute(update(Contract).values(told_of_end=None))
    workers = [Worker(contracts.app, schedule=Schedule((), [ENDINGS])) for _ in range(3)]
    for worker in (*workers, *workers):
        worker.step()
    with open_session(contracts.engine, system(contracts.one.id)) as session:
        assert len(session.scalars(select(Mail.id).where(Mail.kind == ENDINGS.name[:-1])).all()) == 6


def test_it_says_when_and_what_then_in_the_readers_language(contracts: World) -> None:
    add(contracts, number="K-7", title="Ñandú", ends_on=day(5), renewal=AUTOMATIC)
    mail = next(m for m in look(contracts) if m.contact_id == contracts.one.people["whole"])
    with contracts.writing() as session:
        session.get_one(Contact, contracts.one.people["whole"]).language = "es"
    said = letter(contracts, mail)
    assert "Su contrato K-7 (Ñandú) está vigente hasta el" in said.body
    assert "Se renueva automáticamente" in said.body
    assert f"/portal/contracts/{mail.record_id}" in said.body
    with contracts.writing() as session:
        session.get_one(Contact, contracts.one.people["whole"]).language = "en"
    assert "Your contract K-7 (Ñandú) runs until" in letter(contracts, mail).body


def test_it_calls_a_contract_by_nothing_that_the_company_hides(contracts: World) -> None:
    add(contracts, number="K-7", title="Secret name", ends_on=day(5))
    mail = next(m for m in look(contracts) if m.contact_id == contracts.one.people["whole"])
    with contracts.writing() as session:
        hidden = FieldFlags((("number", Flags(seen=False)), ("title", Flags(seen=False))))
        save_flags(session, "contracts", "contract", hidden)
    try:
        said = letter(contracts, mail)
    finally:
        with contracts.writing() as session:
            save_flags(session, "contracts", "contract", NO_FLAGS)
    assert "K-7" not in said.subject + said.body
    assert "Secret" not in said.subject + said.body


@pytest.mark.parametrize("case", ["moved", "renewed", "hidden", "field", "off", "suspended"])
def test_what_they_may_not_be_told_any_more_is_not_sent(contracts: World, case: str) -> None:
    one, record_id = contracts.one, add(contracts, ends_on=day(5))
    mail = next(m for m in look(contracts) if m.contact_id == one.people["whole"])
    assert letter(contracts, mail)
    changes = {
        "moved": {"account_id": one.accounts["beta"]}, "renewed": {"ends_on": day(300)}, "hidden": {"published": False},
        "suspended": {"status": SUSPENDED},
    }  # fmt: skip
    with contracts.writing() as session:
        for name, value in changes.get(case, {}).items():
            setattr(session.get_one(Contract, record_id), name, value)
        if case == "field":
            save_flags(session, "contracts", "contract", FieldFlags((("ends_on", Flags(seen=False)),)))
    if case == "off":
        switch(contracts, one, "contracts", "account", one.accounts["alpha"], False)
    try:
        with pytest.raises(Withheld):
            letter(contracts, mail)
    finally:
        with contracts.writing() as session:
            save_flags(session, "contracts", "contract", NO_FLAGS)
        switch(contracts, one, "contracts", "account", one.accounts["alpha"], None)
