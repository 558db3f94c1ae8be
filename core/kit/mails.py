"""What the module's mails would tell a client of a record that they see."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from core.crm.models import Contact, Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.db.wall import Recorded
from core.kit.look import Look, hidden_columns
from core.kit.places import Row, Viewer
from core.kit.rows import found_in
from core.kit.world import World
from core.modules.reach import sight_of
from core.outbox.kinds import MailKind
from core.outbox.models import Mail
from core.worker.render import context

_CLIENT = Viewer("whole")


def told(world: World) -> list[str]:
    """Complaints of kinds of mail whose values hold what a client does not see. What else a kind needs beside its
    record is not known here: one that cannot be filled without is passed over."""
    look = Look(world, _CLIENT, hidden=hidden_columns(world))
    rows = {row.model: row for row in reversed(world.rows) if issubclass(row.model, Recorded) and look.sees(row)}
    kinds = [kind for kind in world.registry.mails[world.name] if not kind.of_the_door]
    complaints = []
    for kind in kinds:
        marks = {mark for row in rows.values() for mark in _filled(world, kind, row)}
        complaints += [
            f"The mail {kind.name!r} tells {why}, to {_CLIENT}. Where it goes to the staff, ask `mail.contact_id` first"
            for mark in sorted(marks)
            if (why := look.why_not(mark))
        ]
    return complaints


def _filled(world: World, kind: MailKind, row: Row) -> Iterator[tuple[int, int]]:
    tenant_id, contact_id = world.tenants[_CLIENT.slug], world.ids[_CLIENT.slug][_CLIENT.name]
    mail = Mail(kind=kind.name, contact_id=contact_id, record_id=row.id, data={})
    here: Any = world.app.extensions["postigo"]
    with open_session(world.engine, system(tenant_id)) as session:
        person = session.get_one(Contact, contact_id)
        tenant = session.scalars(select(Tenant)).one()
        sight, _ = sight_of(session, here.registry, contact_id)
        with context(world.app, here, tenant, person, sight), open_session(world.engine, sight) as theirs:
            try:
                values = kind.fill(theirs, mail)
            except Exception:  # noqa: BLE001 - without what its cause says, a kind may raise anything
                return
            yield from found_in(" ".join(str(value) for value in values.values()))
