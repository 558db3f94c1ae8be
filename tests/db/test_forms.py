"""Many forms of statement, asked by everybody in random order, against a naive oracle."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, or_, true
from sqlalchemy.orm import with_loader_criteria

import core.db.shape
from core.db.keys import InKeys
from core.db.model import Model
from core.db.session import WalledSession, open_session
from core.db.shape import Shape
from core.db.wall import Owned
from tests.db.conftest import World
from tests.db.forms import FORMS, Form
from tests.db.loads import LOADS
from tests.db.world import Looker

ALL = FORMS + LOADS
COMPARISONS = 1500
_WRITERS = ("contact", "staff", "system")


class Asked:
    """A world, and what everybody may see of it."""

    def __init__(self, world: World) -> None:
        self.lookers = world.lookers
        self.seen = [world.seen(looker) for looker in self.lookers]

    def differences(self, engine: Engine, seed: int, comparisons: int) -> list[str]:
        """Ask as many times, in an order that `seed` makes; give where the answers differ."""
        chance = random.Random(seed)
        pairs = list(itertools.product(ALL, range(len(self.lookers))))
        found = []
        for form, who in itertools.islice(_shuffled(chance, pairs), comparisons):
            looker, n = self.lookers[who], chance.randrange(8)
            if form.writes and looker.kind not in _WRITERS:
                continue
            told, expected = _ask(engine, looker, form, n), form.tell(self.seen[who], n)
            if told != expected:
                found.append(f"{form.name}, n={n}, {looker}: {told} and not {expected} (seed {seed})")
        return found


def _shuffled(chance: random.Random, pairs: list[Any]) -> Iterator[Any]:
    while True:
        chance.shuffle(pairs)
        yield from pairs


def _ask(engine: Engine, looker: Looker, form: Form, n: int) -> Any:
    with open_session(engine, looker.sight(), writes=form.writes) as session:
        try:
            return form.ask(session, n)
        except Exception as error:  # noqa: BLE001 - where a guard is off, an answer may be no answer at all
            return f"raised {error}"


@pytest.fixture(scope="module")
def asked(world: World) -> Asked:
    return Asked(world)


@pytest.mark.parametrize("kind", ["fixed", "random"])
def test_everybody_sees_what_the_oracle_says(asked: Asked, engine: Engine, kind: str) -> None:
    number = 20261121 if kind == "fixed" else random.SystemRandom().randrange(10**9)
    assert asked.differences(engine, number, COMPARISONS) == []


def test_every_form_tells_contacts_apart_from_staff(asked: Asked) -> None:
    """A form whose answer were the same for everybody would prove nothing."""
    told: dict[str, set[str]] = {form.name: set() for form in ALL}
    for form, seen, n in itertools.product(ALL, asked.seen[:8], (1, 4)):
        told[form.name].add(repr(form.tell(seen, n)))
    assert [name for name, answers in told.items() if len(answers) < 2] == []


def test_it_would_find_a_shape_that_is_not_in_the_cache_key(
    asked: Asked, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Shape.__init__

    def shapeless(self: Shape, *args: Any) -> None:
        made(self, *args)
        self.token = ()  # type: ignore[assignment]

    monkeypatch.setattr(Shape, "__init__", shapeless)
    found = asked.differences(engine, 1, 300)
    assert any("raised" not in each for each in found)


def test_it_would_find_grants_that_are_not_in_the_shape(
    asked: Asked, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.db.shape, "_shape_of", lambda reach: (reach.scope, bool(reach.sites), False))
    assert asked.differences(engine, 1, 300) != []


def test_it_would_find_grants_that_show_what_is_not_published(
    asked: Asked, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Owned, "seen_by_contact", staticmethod(_granted_whatever_it_is(Owned.seen_by_contact)))
    assert asked.differences(engine, 1, 300) != []


def _granted_whatever_it_is(seen: Any) -> Any:
    def rule(entity: Any, shape: Shape) -> Any:
        module = inspect(entity).mapper.class_.portal_module
        has_granted = module in shape.modules and shape.modules[module][2]
        return (
            or_(seen(entity, shape), InKeys(entity.id, f"wall_in_{module}_granted"))
            if has_granted
            else seen(entity, shape)
        )

    return rule


def test_it_would_find_a_session_without_the_criterion(
    asked: Asked, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = WalledSession.__init__

    def open_to_all(self: WalledSession, *args: Any) -> None:
        made(self, *args)
        self._made_criterion = with_loader_criteria(Model, lambda cls: true(), include_aliases=True)

    monkeypatch.setattr(WalledSession, "__init__", open_to_all)
    assert asked.differences(engine, 1, 300) != []
