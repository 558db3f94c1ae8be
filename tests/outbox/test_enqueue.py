"""A mail is a row and a job, in the transaction of their cause and of their own tenant alone."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Contact
from core.db.model import now
from core.db.session import Refused, open_session
from core.db.viewer import installation, staff, system
from core.outbox.enqueue import enqueue
from core.outbox.models import Job, Mail
from tests.staff import rows


def test_it_is_kept_or_undone_with_its_cause(engine: Engine) -> None:
    tenant = rows.make_tenant(engine, "one", "one.localhost")
    due = now() + timedelta(days=1)
    with open_session(engine, system(tenant.id), writes=True) as session:
        who = rows.contact(session, "Marta", "One", email="marta@example.com")
        mail_id = enqueue(session, "core.example", contact_id=who.id, due_at=due).id
        session.commit()
        enqueue(session, "core.example", contact_id=who.id)
        session.rollback()
    with open_session(engine, installation()) as session:
        job = session.scalars(select(Job)).one()
    assert (job.kind, job.subject_id, job.owner_tenant, job.due_at) == ("mail", mail_id, tenant.id, due)
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Mail.state)).all() == ["waiting"]


def test_it_goes_to_one_person_of_the_tenant(engine: Engine) -> None:
    tenant, other = (rows.make_tenant(engine, slug, f"{slug}.localhost") for slug in ("one", "two"))
    with open_session(engine, system(other.id), writes=True) as session:
        stranger = rows.contact(session, "Eva", "Two", email="eva@example.com").id
        session.commit()
    with open_session(engine, system(tenant.id), writes=True) as session:
        with pytest.raises(ValueError, match="one person"):
            enqueue(session, "core.example")
        with pytest.raises(Refused):
            enqueue(session, "core.example", contact_id=stranger)
        session.rollback()
        session.add(Job(owner_tenant=other.id, kind="mail"))
        with pytest.raises(Refused, match="another tenant"):
            session.flush()
    with open_session(engine, system(other.id), writes=True) as session:
        session.add(Job(owner_tenant=other.id, kind="mail"))
        session.commit()
    with open_session(engine, staff(tenant.id, 1), writes=True) as session:
        assert session.scalars(select(Job)).all() == []
        assert session.scalars(select(Contact)).all() == []
