"""A site that goes to another account takes none of the old account's rows to the people of the new one."""

from sqlalchemy import select

from core.crm.models import Contact
from core.db.session import open_session
from core.db.viewer import system
from core.records.explain import explain
from plugins.invoices.models import Invoice
from tests.visibility.changes import move_site, tie
from tests.worlds.fixtures import world
from tests.worlds.world import World

__all__ = ["world"]


def test_the_rows_of_the_old_account_stay_its_own(world: World) -> None:
    made = world.one
    site, alpha, beta = made.sites["a1"], made.accounts["alpha"], made.accounts["beta"]
    with open_session(world.engine, system(made.id)) as session:
        at_site = select(Invoice.id).where(Invoice.site_id == site, Invoice.published.is_(True))
        old = list(session.scalars(at_site.where(Invoice.account_id == alpha)))
    assert old
    before = world.contact("site")
    assert [before.get(f"/portal/invoices/{id_}").status_code for id_ in old] == [200] * len(old)

    move_site(world, made, "a1", "beta")
    tie(world, made, "nobodys", "beta", "a1", False)
    with world.writing() as session:
        like = {"kind": "standard", "status": "pending", "currency": "EUR", "net": 1, "tax": 0, "total": 1}
        new = Invoice(
            number="NEW", account_id=beta, site_id=site, issued_on=session.get(Invoice, old[0]).issued_on, **like
        )
        session.add(new)
        session.flush()
        new_id = new.id

    newcomer = world.contact("nobodys")
    answers = {id_: newcomer.get(f"/portal/invoices/{id_}").status_code for id_ in (*old, new_id)}
    assert answers == {**dict.fromkeys(old, 404), new_id: 200}
    with open_session(world.engine, system(made.id)) as session:
        contact = session.get(Contact, made.people["nobodys"])
        assert contact is not None
        said = {id_: explain(session, world.registry, contact, "invoices", "invoice", id_).seen for id_ in answers}
    assert said == {id_: status == 200 for id_, status in answers.items()}
