"""What an import means for who comes in: it sends nothing, and what went to another address is over."""

from datetime import timedelta

from sqlalchemy import select

from core.access.activation import look_up, make_link
from core.access.invite import standing
from core.crm.models import Contact, Tenant
from core.db.model import now
from core.i18n import today_in
from core.outbox.models import Mail
from tests.imports.exports import Export


def test_an_import_sends_nothing_and_another_address_ends_links_and_temporary_passwords(export: Export) -> None:
    export.load()
    today = today_in("Europe/Madrid")
    with export.session(writes=True) as session:
        tenant = session.scalars(select(Tenant)).one()
        ana = session.scalars(select(Contact).where(Contact.email_key == "ana@example.com")).one()
        ana.portal_user, ana.support_start, ana.portal_end = True, today, today + timedelta(days=9)
        ana.password_hash, ana.password_until = "$argon2id$kept", now() + timedelta(days=7)
        token = make_link(session, tenant, ana, 8000).rpartition("/")[2]
        assert standing(session, tenant, ana).begins == today
        session.commit()
        assert look_up(session, tenant, token) is not None
    export.set("llx_socpeople.csv", "1", phone_mobile="600 000 009")
    export.load()
    with export.session() as session:
        assert look_up(session, export.tenant, token) is not None
    export.set("llx_socpeople.csv", "1", email="ana@elsewhere.example")
    export.load()
    with export.session() as session:
        moved = session.scalars(select(Contact).where(Contact.email_key == "ana@elsewhere.example")).one()
        assert look_up(session, export.tenant, token) is None
        assert moved.password_until is not None
        assert moved.password_until <= now()
    assert export.all(Mail) == []
