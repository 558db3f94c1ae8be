"""Memberships out of the CRM: an import changes what an import made, and nothing that staff touched."""

from collections.abc import Callable

import pytest

from core.crm.models import Account, Contact, Membership, Site
from core.db.session import WalledSession
from tests.imports.exports import Export


def account(export: Export, name: str) -> int:
    """The id of an account."""
    return int(export.one(Account, name=name).id)


def of_ana(export: Export) -> list[str]:
    """The names of the accounts that Ana is a member of."""
    ana = export.one(Contact, email_key="ana@example.com").id
    names = {a.id: a.name for a in export.all(Account)}
    return [names[m.account_id] for m in export.all(Membership) if m.contact_id == ana]


def move_ana(export: Export, to: str) -> None:
    """Let the CRM name another account for Ana, and import."""
    export.set("llx_socpeople.csv", "1", fk_soc=to)
    export.load()


def test_the_crm_moves_a_contact_whose_membership_it_made(export: Export) -> None:
    export.load()
    move_ana(export, "2")
    assert of_ana(export) == ["Hotel Mar"]
    move_ana(export, "")
    assert of_ana(export) == []
    move_ana(export, "1")
    assert of_ana(export) == ["Talleres Núñez"]


def change_ana(export: Export, change: Callable[[WalledSession, Contact], object]) -> None:
    """Do what staff do on the page of Ana."""
    with export.session(writes=True) as session:
        contact = session.get(Contact, export.one(Contact, email_key="ana@example.com").id)
        assert contact is not None
        change(session, contact)
        session.commit()


def test_a_membership_that_staff_removed_does_not_come_back(export: Export) -> None:
    export.load()
    change_ana(export, lambda s, ana: s.delete(ana.memberships[0]))
    export.load()
    assert of_ana(export) == []
    export.set("llx_socpeople.csv", "1", phone_mobile="600 000 009")
    export.load()
    assert export.one(Contact, email_key="ana@example.com").mobile == "600 000 009"
    assert of_ana(export) == []


def test_a_membership_that_staff_made_stays(export: Export) -> None:
    export.load()
    hotel = account(export, "Hotel Mar")
    change_ana(export, lambda s, ana: s.add(Membership(contact_id=ana.id, account_id=hotel)))
    move_ana(export, "3")
    assert of_ana(export) == ["Hotel Mar", "Grupo Núñez"]


def test_a_membership_that_staff_made_first_is_not_made_twice_nor_taken_back(export: Export) -> None:
    export.load()
    hotel = account(export, "Hotel Mar")
    change_ana(export, lambda s, ana: s.add(Membership(contact_id=ana.id, account_id=hotel)))
    move_ana(export, "2")
    assert of_ana(export) == ["Hotel Mar"]
    move_ana(export, "3")
    assert of_ana(export) == ["Hotel Mar", "Grupo Núñez"]


def _subsidiaries(session: WalledSession, ana: Contact) -> None:
    ana.memberships[0].with_subsidiaries = True


def _one_site(session: WalledSession, ana: Contact) -> None:
    site = Site(account_id=ana.memberships[0].account_id, name="Nave 2")
    session.add(site)
    session.flush()
    ana.memberships[0].site_id = site.id


@pytest.mark.parametrize("change", [_subsidiaries, _one_site])
def test_a_membership_that_staff_changed_stays(
    export: Export, change: Callable[[WalledSession, Contact], object]
) -> None:
    export.load()
    change_ana(export, change)
    move_ana(export, "2")
    assert of_ana(export) == ["Talleres Núñez", "Hotel Mar"]


def _again(session: WalledSession, ana: Contact) -> None:
    account_id = ana.memberships[0].account_id
    session.delete(ana.memberships[0])
    session.flush()
    session.add(Membership(contact_id=ana.id, account_id=account_id))


def test_a_membership_that_staff_removed_and_made_again_is_theirs(export: Export) -> None:
    export.load()
    change_ana(export, _again)
    move_ana(export, "2")
    assert of_ana(export) == ["Talleres Núñez", "Hotel Mar"]


def test_a_contact_of_an_account_that_is_not_there_is_taken_and_listed(export: Export) -> None:
    export.set("llx_socpeople.csv", "1", fk_soc="77")
    report = export.load()
    assert of_ana(export) == []
    table = report.table("llx_socpeople.csv")
    assert (table.taken, table.refused) == (3, 0)
    assert [(x.line, x.taken) for x in table.listed] == [(2, True)]
    assert "there is no core.account '77'" in table.listed[0].reason
    export.change("llx_societe.csv", lambda rows: [*rows, {**rows[0], "rowid": "77", "nom": "Nueva"}])
    assert export.load().listed == []
    assert of_ana(export) == ["Nueva"]
