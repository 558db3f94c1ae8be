import pytest
from sqlalchemy import Engine, select

from core.crm.models import ExternalId, Membership, Site
from core.crm.ties import TieError, add_membership, ancestors, remove_site, set_parent, what_hangs_on
from tests.staff import rows


def test_a_contact_is_tied_once_and_a_second_tie_only_changes_the_subsidiaries(engine: Engine) -> None:
    with rows.writing(engine, rows.make_tenant(engine)) as session:
        acme, ana = rows.account(session, "Acme"), rows.contact(session, "Ana")
        first = add_membership(session, ana, acme, None)
        with pytest.raises(TieError, match="already"):
            add_membership(session, ana, acme, None)
        again = add_membership(session, ana, acme, None, with_subsidiaries=True)
        assert again.id == first.id
        assert again.with_subsidiaries
        assert len(session.scalars(select(Membership)).all()) == 1


def test_a_site_must_be_the_accounts_and_brings_no_subsidiaries(engine: Engine) -> None:
    with rows.writing(engine, rows.make_tenant(engine)) as session:
        acme, other, ana = rows.account(session, "Acme"), rows.account(session, "Other"), rows.contact(session, "Ana")
        north = rows.site(session, acme, "North")
        with pytest.raises(TieError, match="not_its_site"):
            add_membership(session, ana, other, north)
        with pytest.raises(TieError, match="site_with_subsidiaries"):
            add_membership(session, ana, acme, north, with_subsidiaries=True)
        assert add_membership(session, ana, acme, north).site_id == north.id


def test_no_account_stands_above_itself(engine: Engine) -> None:
    with rows.writing(engine, rows.make_tenant(engine)) as session:
        top = rows.account(session, "Top")
        middle = rows.account(session, "Middle", top)
        bottom = rows.account(session, "Bottom", middle)
        assert ancestors(session, bottom) == {middle.id, top.id}
        with pytest.raises(TieError, match="itself"):
            set_parent(session, top, top)
        with pytest.raises(TieError, match="below"):
            set_parent(session, top, bottom)
        set_parent(session, bottom, top)
        assert bottom.parent_id == top.id
        set_parent(session, bottom, None)
        assert bottom.parent_id is None


def test_a_site_goes_only_when_nothing_hangs_on_it(engine: Engine) -> None:
    with rows.writing(engine, rows.make_tenant(engine)) as session:
        acme = rows.account(session, "Acme")
        used, imported, free = (rows.site(session, acme, name) for name in ("Used", "Imported", "Free"))
        rows.contact(session, "Ana", "", used)
        session.add(ExternalId(source="crm", kind="core.site", external="7", local_id=imported.id))
        session.flush()
        assert what_hangs_on(session, used) == {"memberships": 1}
        assert what_hangs_on(session, imported) == {"sources": 1}
        for kept in (used, imported):
            with pytest.raises(TieError, match="in_use"):
                remove_site(session, kept)
        remove_site(session, free)
        assert {s.name for s in session.scalars(select(Site))} == {"Used", "Imported"}
