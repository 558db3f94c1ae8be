"""A sight is made once of what was read, and anew of anything else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.db.session import open_session
from core.db.viewer import Sight, system
from core.modules import reach
from core.modules.reach import sight_of
from core.modules.switches import set_switch
from tests.worlds.world import World

KIND = "whole"


def sight(world: World, kind: str = KIND, slug: str = "one") -> Sight:
    """How far a contact reaches now."""
    made = world.tenancies[slug]
    with open_session(world.engine, system(made.id)) as session:
        return sight_of(session, world.registry, made.people[kind])[0]


@contextmanager
def switched_off(world: World) -> Iterator[None]:
    """The invoices of the contact's account are off, until the block is left."""
    (account,) = sight(world).accounts
    for on in (False, None):
        with world.writing() as session:
            set_switch(session, world.registry, "invoices", "account", account, on)
        if on is not None:
            yield


def test_it_is_made_once_of_the_same_and_anew_of_what_changed(world: World) -> None:
    first = sight(world)
    assert sight(world) is first
    with switched_off(world):
        assert not sight(world).reach("invoices").open
    assert sight(world) == first
    assert first.reach("invoices").open


def test_nobody_gets_what_was_made_for_another(world: World) -> None:
    people = [(kind, slug) for slug in ("one", "two") for kind in world.tenancies[slug].people]
    for _ in range(2):
        viewers = [sight(world, *each).viewer for each in people]
        told = [(viewer.tenant_id, viewer.person_id) for viewer in viewers]
        assert told == [(world.tenancies[slug].id, world.tenancies[slug].people[kind]) for kind, slug in people]


def test_kept_by_the_viewer_alone_a_change_would_not_be_felt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made, kept = reach._sight, {}
    by_viewer = lambda registry, viewer, rows: kept.setdefault(viewer, made(registry, viewer, rows))  # noqa: E731
    monkeypatch.setattr(reach, "_sight", by_viewer)
    sight(world)
    with switched_off(world):
        assert sight(world).reach("invoices").open


def test_what_is_kept_with_a_sight_of_the_systems_is_not_met_by_the_next(world: World) -> None:
    system(world.one.id).made["of one reader"] = "F-1"
    assert "of one reader" not in system(world.one.id).made
