"""Changes of what is talked about: cases, what is said on them, their files, and who was added to them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.db.grant import Grant
from core.db.session import WalledSession
from core.files.models import File
from core.modules.grants import give, withdraw
from plugins.cases.models import Case
from tests.worlds.talk import say
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World


def add_case(world: World, made: Tenancy, columns: Mapping[str, Any]) -> None:
    """A new case, with a public word and an internal one."""
    with world.writing(made.slug) as session:
        case = Case(number="C-new", subject="new alpha", **columns)
        session.add(case)
        session.flush()
        for published in (True, False):
            say(session, case.id, published)


def change_case(world: World, made: Tenancy, which: int, columns: Mapping[str, Any]) -> None:
    """Set columns of a case of the tenant's: owner, state or published."""
    with world.writing(made.slug) as session:
        case = nth(session, Case, which)
        for name, value in columns.items():
            setattr(case, name, value)


def say_on(world: World, made: Tenancy, which: int, published: bool) -> None:
    """Say something on a case."""
    with world.writing(made.slug) as session:
        say(session, nth(session, Case, which).id, published)


def publish_file(world: World, made: Tenancy, which: int, published: bool) -> None:
    """Show a file to clients, or to staff alone."""
    with world.writing(made.slug) as session:
        nth(session, File, which).published = published


def grant(world: World, made: Tenancy, which: int, to: Mapping[str, int], of_colleague: bool) -> None:
    """Let somebody see a case."""
    with world.writing(made.slug) as session:
        give(session, nth(session, Case, which), **to, of_colleague=of_colleague)


def ungrant(world: World, made: Tenancy, which: int) -> None:
    """Take a grant back, where there is one."""
    with world.writing(made.slug) as session:
        found = nth(session, Grant, which)
        if found is not None:
            case = session.get_one(Case, found.parent_id)
            withdraw(session, case, account=found.account_id, contact=found.contact_id)


def nth(session: WalledSession, cls: Any, which: int) -> Any:
    """One of a class's rows, in the order of their ids; none where there is none."""
    ids = session.scalars(select(cls.id).order_by(cls.id)).all()
    return session.get(cls, ids[which % len(ids)]) if ids else None
