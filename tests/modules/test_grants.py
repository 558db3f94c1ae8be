"""A record that was granted is seen as if it belonged to whom it was granted to, on every exit, until the grant is
withdrawn; and by nobody else."""

from typing import Any

import pytest
from sqlalchemy import select

from core.api import grant, withdraw
from core.crm.models import Contact
from core.db.session import Refused, WalledSession, open_session
from core.db.viewer import Sight, staff, system
from core.files.models import File
from core.files.storage import attach
from core.modules import grants
from core.modules.grants import give
from core.modules.reach import sight_of
from core.modules.switches import set_switch
from core.records.explain import explain
from plugins.invoices.models import Invoice
from tests.petitions import Petition, add
from tests.petitions.fixtures import petitions, world
from tests.portal.counting import statements
from tests.visibility import changes
from tests.worlds.world import World

__all__ = ["petitions", "world"]
LIST, API = "/portal/petitions/", "/api/v1/petitions/petition/"


def sight(world: World, kind: str, slug: str = "one") -> Sight:
    """How far a contact reaches now."""
    made = world.tenancies[slug]
    with open_session(world.engine, system(made.id)) as session:
        return sight_of(session, world.registry, made.people[kind])[0]


def sees(world: World, kind: str, record_id: int) -> bool:
    """Whether the contact's own session has the petition."""
    with open_session(world.engine, sight(world, kind)) as session:
        return session.get(Petition, record_id) is not None


def granted(world: World, record_id: int, *, contact: str = "", account: str = "", colleague: bool = False) -> None:
    """Grant the petition, as staff or a module do, or as a colleague."""
    made = world.one
    with world.writing() as session:
        to = {"contact": made.people[contact]} if contact else {"account": made.accounts[account]}
        give(session, load(session, record_id), of_colleague=colleague, **to)


def load(session: WalledSession, record_id: int) -> Petition:
    """The petition, in a session that sees it."""
    found = session.get(Petition, record_id)
    assert found is not None
    return found


def statuses(world: World, kind: str, record_id: int, file_id: int) -> list[int]:
    """How each exit answers: the record's page, its JSON, its file."""
    browser = world.contact(kind)
    paths = (f"{LIST}{record_id}", f"{API}{record_id}", f"{LIST}{record_id}/files/{file_id}")
    return [browser.get(path).status_code for path in paths]


def test_every_exit_follows_with_the_next_request(world: World) -> None:
    record_id = add(world, "gamma", subject="Gamma's own")
    with world.writing() as session:
        file_id = attach(session, world.store, record_id, "plan.txt", b"plan", "text/plain").id
    lists = (LIST, API, f"{LIST}petition/export.csv")
    browser = world.contact("nobodys")

    def shown() -> list[bool]:
        return [b"Gamma's own" in browser.get(path).data.replace(b"&#39;", b"'") for path in lists]

    assert statuses(world, "nobodys", record_id, file_id) == [404] * 3
    assert shown() == [False] * 3
    granted(world, record_id, contact="nobodys")
    assert statuses(world, "nobodys", record_id, file_id) == [200] * 3
    assert shown() == [True] * 3
    assert statuses(world, "whole", record_id, file_id) == [404] * 3
    with world.writing() as session:
        withdraw(session, load(session, record_id), contact=world.one.people["nobodys"])
    assert statuses(world, "nobodys", record_id, file_id) == [404] * 3
    assert shown() == [False] * 3


def test_who_has_no_grant_pays_no_statement_and_who_has_one_pays_none_either(world: World) -> None:
    browser = world.contact("whole")

    def count() -> int:
        browser.get(LIST)
        with statements(world.engine) as sent:
            browser.get(LIST)
        return len(sent)

    without = count()
    granted(world, add(world, "gamma"), contact="whole")
    assert count() == without
    assert not sight(world, "outsider").reach("petitions").granted


def test_a_grant_to_an_account_is_for_its_whole_members(world: World) -> None:
    record_id = add(world, "gamma")
    granted(world, record_id, account="alpha")
    kinds = ("whole", "two_accounts", "family", "site", "mixed", "child", "outsider", "nobodys")
    assert [kind for kind in kinds if sees(world, kind, record_id)] == ["whole", "two_accounts", "family"]


def test_an_account_below_counts_where_subsidiaries_are_reached(world: World) -> None:
    record_id = add(world, "gamma")
    granted(world, record_id, account="deep")
    assert sees(world, "family", record_id)
    assert not sees(world, "whole", record_id)


def test_what_is_not_published_stays_the_staffs(world: World) -> None:
    record_id = add(world, "gamma", published=False)
    granted(world, record_id, contact="whole")
    assert not sees(world, "whole", record_id)


def test_a_module_that_is_off_hides_what_was_granted(world: World) -> None:
    made = world.one
    record_id = add(world, "gamma")
    granted(world, record_id, contact="whole")
    granted(world, record_id, account="beta")
    assert sees(world, "whole", record_id)
    assert sees(world, "outsider", record_id)
    with world.writing() as session:
        set_switch(session, world.registry, "petitions", "account", made.accounts["beta"], False)
        set_switch(session, world.registry, "petitions", "contact", made.people["whole"], False)
    assert not sees(world, "whole", record_id)
    assert not sees(world, "outsider", record_id)
    assert not sees(world, "two_accounts", record_id)  # on for them at alpha, and not where it was granted
    assert world.contact("whole").get(f"{LIST}{record_id}").status_code == 404


def test_a_portal_that_is_off_at_the_account_hides_what_was_granted_to_it(world: World) -> None:
    record_id = add(world, "gamma")
    granted(world, record_id, account="beta")
    changes.switch(world, world.one, "portal", "account", world.one.accounts["beta"], False)
    assert not sees(world, "two_accounts", record_id)


def test_under_scope_contact_a_grant_to_the_contact_alone_counts(world: World) -> None:
    for_account, for_contact = add(world, "gamma"), add(world, "gamma")
    granted(world, for_account, account="alpha")
    granted(world, for_contact, contact="whole")
    changes.scope_of(world, world.one, "petitions", "contact")
    assert [sees(world, "whole", each) for each in (for_account, for_contact)] == [False, True]


def test_a_colleagues_grant_counts_while_they_are_colleagues(world: World) -> None:
    record_id = add(world, "alpha")
    for kind in ("site", "nobodys", "outsider"):
        granted(world, record_id, contact=kind, colleague=True)
    assert sees(world, "site", record_id)  # a site of the account makes a colleague
    assert not sees(world, "nobodys", record_id)
    assert not sees(world, "outsider", record_id)
    changes.untie(world, world.one, "site")
    assert not sees(world, "site", record_id)
    changes.tie(world, world.one, "nobodys", "alpha", "a2", False)
    assert sees(world, "nobodys", record_id)
    with world.writing() as session:
        set_switch(session, world.registry, "petitions", "account", world.one.accounts["alpha"], False)
    changes.tie(world, world.one, "nobodys", "beta", None, False)
    assert sight(world, "nobodys").reach("petitions").open
    assert not sees(world, "nobodys", record_id)


def test_what_hangs_on_the_record_comes_with_it_and_nothing_else(world: World) -> None:
    record_id, other = add(world, "gamma"), add(world, "gamma")
    with world.writing() as session:
        ids = [attach(session, world.store, each, "a.txt", b"a", "text/plain").id for each in (record_id, other)]
    granted(world, record_id, contact="nobodys")
    with open_session(world.engine, sight(world, "nobodys")) as session:
        assert set(session.scalars(select(File.id)).all()) & set(ids) == {ids[0]}


def test_it_is_kept_or_undone_with_its_cause(world: World) -> None:
    record_id = add(world, "gamma")
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        grant(session, load(session, record_id), contact=world.one.people["whole"], because="a quote")
        session.rollback()
    assert not sees(world, "whole", record_id)


def test_a_clients_session_may_for_what_they_see(world: World) -> None:
    theirs, others = add(world, "alpha"), add(world, "gamma")
    made = world.one
    with open_session(world.engine, sight(world, "whole"), writes=True) as session:
        mine = load(session, theirs)
        grant(session, mine, account=made.accounts["gamma"], because="delegated")
        grant(session, mine, account=made.accounts["gamma"])  # again: nothing happens
        withdraw(session, mine, contact=made.people["whole"])  # not there: nothing happens
        session.commit()
    granted(world, theirs, contact="nobodys")
    assert sees(world, "nobodys", theirs)
    with open_session(world.engine, system(made.id)) as session:
        foreign = load(session, others)
    with (
        open_session(world.engine, sight(world, "whole"), writes=True) as session,
        pytest.raises(Refused, match="sees"),
    ):
        grant(session, foreign, contact=made.people["whole"])


def test_of_two_who_grant_at_once_neither_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id, made, looked = add(world, "gamma"), world.one, []
    granted(world, record_id, contact="whole")
    there = grants._there

    def too_early(*args: Any) -> Any:
        """The first look comes before the other's row is written."""
        looked.append(args)
        return there(*args) if len(looked) > 1 else None

    monkeypatch.setattr(grants, "_there", too_early)
    with world.writing() as session:
        grant(session, load(session, record_id), contact=made.people["whole"])
        grant(session, load(session, record_id), contact=made.people["child"])
    assert len(looked) == 3
    assert sees(world, "whole", record_id)
    assert sees(world, "child", record_id)


def test_what_cannot_be_is_refused(world: World) -> None:
    one, two, record_id = world.one, world.two, add(world, "alpha")
    with open_session(world.engine, staff(one.id, one.staff), writes=True) as session:
        row = load(session, record_id)
        wrong: list[dict[str, Any]] = [{}, {"account": 1, "contact": 1}]
        for to in wrong:
            with pytest.raises(Refused, match="one of the two"):
                grant(session, row, **to)
        nobody: list[dict[str, Any]] = [{"account": two.accounts["alpha"]}, {"contact": two.people["whole"]}]
        for to in (*nobody, {"contact": 10**9}):
            with pytest.raises(Refused, match="not there"):
                grant(session, row, **to)
        invoice = session.get(Invoice, one.invoices["alpha"])
        assert invoice is not None
        with pytest.raises(Refused, match="cannot be granted"):
            grant(session, invoice, contact=one.people["whole"])


def test_a_resource_whose_class_is_not_granted_shows_nothing_whatever_the_table_says(world: World) -> None:
    """The row of a grant that was written before a module took its `Granted` back."""
    made = world.one
    changes.grant_row(world, made, made.invoices["gamma"], made.people["whole"])
    assert world.contact("whole").get(f"/portal/invoices/{made.invoices['gamma']}").status_code == 404
    assert not sight(world, "whole").reach("invoices").granted


def test_explain_says_when_a_grant_decided(world: World) -> None:
    made = world.one
    record_id, own = add(world, "gamma"), add(world, "alpha")
    granted(world, own, contact="whole")
    assert "granted" not in explained(world, "whole", own)[1]
    for account in ("beta", "alpha"):
        granted(world, record_id, account=account)
    seen, said = explained(world, "whole", record_id)
    assert seen
    assert f"it is granted to account {made.accounts['alpha']}, which counts" in said
    assert f"account {made.accounts['beta']}" not in said
    changes.scope_of(world, made, "petitions", "contact")
    seen, said = explained(world, "whole", record_id)
    assert not seen
    assert "which does not count for them now" in said
    with world.writing() as session:
        give(session, load(session, record_id), contact=made.people["whole"], because="quote 7")
    assert explained(world, "whole", record_id)[1].endswith("and this contact (quote 7), which counts")


def explained(world: World, kind: str, record_id: int) -> tuple[bool, str]:
    """What `explain` says of a petition: its verdict, and the last rule."""
    with open_session(world.engine, system(world.one.id)) as session:
        contact = session.get(Contact, world.one.people[kind])
        assert contact is not None
        said = explain(session, world.registry, contact, "petitions", "petition", record_id)
        assert said.seen is sees(world, kind, record_id)
        return said.seen, said.rules[-1][1]
