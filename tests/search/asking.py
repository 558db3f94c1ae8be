"""Searching as somebody of a world, without a page around it."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.modules.reach import sight_of, sight_of_staff
from core.search.hits import Hits, search
from tests.worlds.world import World


@contextmanager
def looking(world: World, kind: str, slug: str = "one") -> Iterator[WalledSession]:
    """A session of the contact of that kind; of a staff user for "staff"."""
    made = world.tenancies[slug]
    with open_session(world.engine, system(made.id)) as session:
        if kind == "staff":
            sight = sight_of_staff(session, world.registry, made.staff)
        else:
            sight, _ = sight_of(session, world.registry, made.people[kind])
    with world.app.test_request_context(), open_session(world.engine, sight) as session:
        yield session


def found(world: World, kind: str, text: str, slug: str = "one") -> Hits:
    """What somebody finds."""
    with looking(world, kind, slug) as session:
        return search(session, text)


def ids(world: World, kind: str, text: str, slug: str = "one") -> list[int]:
    """The ids of what somebody finds, in its order."""
    return [hit.id for hit in found(world, kind, text, slug).hits]
