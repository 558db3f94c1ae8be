"""The verdict in SQL and the verdict for one contact are compared over every combination of the fields,
the tenant's mode and the switches of the portal."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Contact, Tenant
from core.crm.rules import FIELDS, MEMBERS
from core.db.session import WalledSession
from core.modules.entry import Change, change_of_mode, entry, may_enter, portal_by_default, portal_is_on
from core.modules.models import Switch
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import PORTAL, set_switch
from tests.staff import rows

TODAY = date(2026, 3, 10)
DAYS = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))


def everybody(session: WalledSession) -> Iterator[Contact]:
    """One contact of each sort, at accounts whose portal is on, off, and as the tenant says."""
    top = rows.account(session, "Top")
    lit = rows.account(session, "Lit", rows.account(session, "Between", top))
    dark, plain = rows.account(session, "Dark"), rows.account(session, "Plain")
    shade = rows.account(session, "Shade")  # off itself, with one beneath that is not
    rows.account(session, "Beneath", rows.account(session, "Also off", shade))
    for account, on in ((lit, True), (dark, False), (shade, False)):
        set_switch(session, Registry(), PORTAL, "account", account.id, on)
    gone = rows.site(session, dark, "Gone")  # with its account when people became members, elsewhere now
    yield rows.contact(session, "G", "", gone, portal_user=True, support_start=TODAY, portal_end=TODAY)
    gone.account_id = plain.id
    session.flush()
    for user, start, end in product((True, False), DAYS, DAYS):
        yield rows.contact(session, "F", portal_user=user, support_start=start, portal_end=end)
    for n, (email, own) in enumerate(product(("", "x{}@example.com"), (None, True, False))):
        for m, place in enumerate((None, plain, lit, dark, top, shade, rows.site(session, lit, f"S{n}"))):
            for window in ({}, {"portal_user": True, "support_start": TODAY, "portal_end": TODAY}):
                who = rows.contact(session, "M", email=email.format(f"{n}{m}{len(window)}"), **window)
                if place is not None:
                    rows.member(session, who, place, deep=place in (top, shade))
                if own is not None:
                    set_switch(session, Registry(), PORTAL, "contact", who.id, own)
                yield who


def one_by_one(session: WalledSession, tenant: Tenant, contact: Contact) -> bool:
    sight, ties = sight_of(session, Registry(), contact.id)
    member = bool(ties.accounts or ties.sites)
    return entry(contact, tenant, TODAY, is_member=member, portal=sight.portal).granted


@pytest.mark.parametrize("portal", [None, False])
def test_the_verdict_in_sql_is_the_verdict_for_each(engine: Engine, portal: bool | None) -> None:
    tenant = rows.make_tenant(engine)
    with rows.writing(engine, tenant) as session:
        contacts = list(everybody(session))
        set_switch(session, Registry(), PORTAL, "tenant", tenant.id, portal)
        seen: dict[str, dict[int, bool]] = {}
        for mode in (FIELDS, MEMBERS):
            tenant.access_mode = mode
            clause = may_enter(mode, TODAY, portal_is_on(by_default=portal_by_default(session)))
            rows_of: Any = session.execute(select(Contact.id, clause))
            seen[mode] = {id_: bool(enters) for id_, enters in rows_of}
            assert seen[mode] == {c.id: one_by_one(session, tenant, c) for c in contacts}
            assert {True, False} == set(seen[mode].values())
        tenant.access_mode = FIELDS
        gained = sum(seen[MEMBERS][c.id] and not seen[FIELDS][c.id] for c in contacts)
        assert gained > 0
        assert change_of_mode(session, tenant, MEMBERS, TODAY) == Change(gain=gained, lose=0)
        tenant.access_mode = MEMBERS
        assert change_of_mode(session, tenant, FIELDS, TODAY) == Change(gain=0, lose=gained)
        assert session.scalars(select(Switch)).first() is not None
