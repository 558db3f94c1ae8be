"""The world changes in every way in which it can, and after each change or every few every exit is compared with
the oracle. With any one guard switched off, the comparison fails.

NIGHTLY=1 runs it for longer."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.nightly import NIGHTLY
from tests.visibility import changes, changing, talking
from tests.visibility.sweep import MODULES, Look, Verdicts
from tests.visibility.viewers import some
from tests.worlds.copied import Databases, copied
from tests.worlds.plenty import KINDS, SEGMENTS, plenty
from tests.worlds.seed import FAMILY, PEOPLE, PLACES
from tests.worlds.snapshot import Snapshot
from tests.worlds.talk import grantee, talk
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import SLUGS, World

EXAMPLES, STEPS, VIEWERS = (120, 12, 4) if NIGHTLY else (4, 6, 1)
#: after so many changes it is compared: one look makes thousands of verdicts
CHANGES = 1 if NIGHTLY else 3
LEAST = 20_000

slugs, accounts, people = st.sampled_from(SLUGS), st.sampled_from(sorted(FAMILY)), st.sampled_from(sorted(PEOPLE))
numbers = st.integers(0, 200)
names, others = st.sampled_from([each.module for each in MODULES]), st.sampled_from(sorted(KINDS))
sites, states = st.sampled_from(sorted(PLACES)), st.sampled_from(changes.STATES)
days = st.sampled_from([None, -400, -1, 0, 1, 400])
#: where a record may belong: its account, its site (which says the account), its contact
places = st.one_of(st.none(), accounts.map(lambda a: (a, None)), sites.map(lambda s: (PLACES[s], s)))


class Machine(RuleBasedStateMachine):
    """Changes by rules; the invariant compares."""

    world: ClassVar[World]
    base: ClassVar[Snapshot]
    said: ClassVar[Verdicts]

    @initialize()
    def begin(self) -> None:
        """The world as it was seeded."""
        self.base.restore()
        self.history: list[str] = []

    def of(self, slug: str) -> Tenancy:
        """The tenant that a rule changes."""
        return self.world.tenancies[slug]

    def do(self, change: Callable[..., None], slug: str, *args: Any) -> None:
        """Make one change, and keep its name: what is compared afterwards follows from the names alone."""
        self.history.append(f"{change.__name__} {slug} {args}")
        change(self.world, self.of(slug), *args)

    @rule(slug=slugs, status=states, place=places, person=st.none() | people)
    def add_invoice(self, slug: str, status: str, place: Any, person: str | None) -> None:
        """A record arrives."""
        self.do(changes.add_invoice, slug, status, changes.owner(self.of(slug), *(place or (None, None)), person))

    @rule(slug=slugs, which=numbers, place=places, person=st.none() | people)
    def move_invoice(self, slug: str, which: int, place: Any, person: str | None) -> None:
        """A record goes to somebody else."""
        self.do(changes.change_invoice, slug, which, changes.owner(self.of(slug), *(place or (None, None)), person))

    @rule(slug=slugs, which=numbers, status=states)
    def change_status(self, slug: str, which: int, status: str) -> None:
        """A record becomes a draft, or is one no more."""
        self.do(changes.change_invoice, slug, which, {"status": status})

    @rule(slug=slugs, which=numbers, published=st.booleans())
    def publish(self, slug: str, which: int, published: bool) -> None:
        """A record is taken back, or given out."""
        self.do(changes.change_invoice, slug, which, {"published": published})

    @rule(slug=slugs, place=places, person=st.none() | people)
    def add_case(self, slug: str, place: Any, person: str | None) -> None:
        """A case arrives, with words for its client and for the staff alone."""
        self.do(talking.add_case, slug, changes.owner(self.of(slug), *(place or (None, None)), person))

    @rule(slug=slugs, which=numbers, place=places, person=st.none() | people, published=st.booleans())
    def change_case(self, slug: str, which: int, place: Any, person: str | None, published: bool) -> None:
        """A case goes to somebody else, and is given out or taken back."""
        owner = changes.owner(self.of(slug), *(place or (None, None)), person)
        self.do(talking.change_case, slug, which, {**owner, "published": published})

    @rule(slug=slugs, which=numbers, published=st.booleans())
    def say(self, slug: str, which: int, published: bool) -> None:
        """Something is said on a case, to the client or among staff."""
        self.do(talking.say_on, slug, which, published)

    @rule(slug=slugs, which=numbers, published=st.booleans())
    def publish_file(self, slug: str, which: int, published: bool) -> None:
        """A file is shown to clients, or no more."""
        self.do(talking.publish_file, slug, which, published)

    @rule(slug=slugs, which=numbers, to=accounts | people, of_colleague=st.booleans())
    def grant(self, slug: str, which: int, to: str, of_colleague: bool) -> None:
        """Somebody is added to a case, by staff or a module, or by a colleague."""
        key = {name.removesuffix("_id"): id_ for name, id_ in grantee(self.of(slug), to).items()}
        self.do(talking.grant, slug, which, key, of_colleague and "contact" in key)

    @rule(slug=slugs, which=numbers)
    def ungrant(self, slug: str, which: int) -> None:
        """Somebody is removed from a case."""
        self.do(talking.ungrant, slug, which)

    @rule(slug=slugs, module=others, place=places, person=st.none() | people)
    def add(self, slug: str, module: str, place: Any, person: str | None) -> None:
        """A record of another module arrives."""
        self.do(changing.add, slug, module, changes.owner(self.of(slug), *(place or (None, None)), person))

    @rule(slug=slugs, module=others, which=numbers, place=places, person=st.none() | people, state=numbers)
    def change(self, slug: str, module: str, which: int, place: Any, person: str | None, state: int) -> None:
        """It goes to somebody else, becomes a draft, or is one no more."""
        owner = changes.owner(self.of(slug), *(place or (None, None)), person)
        self.do(changing.change, slug, module, which, owner, state)

    @rule(slug=slugs, kind=numbers, which=numbers, published=st.booleans())
    def publish_part(self, slug: str, kind: int, which: int, published: bool) -> None:
        """A task, a milestone or some work is shown to clients, or no more."""
        self.do(changing.publish_part, slug, kind, which, published)

    @rule(slug=slugs, which=numbers, meant=numbers, state=st.sampled_from(("draft", "published", "archived")))
    def change_article(self, slug: str, which: int, meant: int, state: str) -> None:
        """An article is for others, and given out or taken back."""
        self.do(changing.change_article, slug, which, meant, state)

    @rule(slug=slugs, segment=st.sampled_from(sorted(SEGMENTS)), account=accounts, is_in=st.booleans())
    def join(self, slug: str, segment: str, account: str, is_in: bool) -> None:
        """An account comes into a segment, or leaves it."""
        self.do(changing.join, slug, segment, account, is_in)

    @rule(slug=slugs, ends=st.tuples(others, others), which=st.tuples(numbers, numbers), on=st.booleans())
    def tie_records(self, slug: str, ends: tuple[str, str], which: tuple[int, int], on: bool) -> None:
        """Two records are linked, or no more."""
        self.do(changing.tie_records, slug, ends, which, on)

    @rule(
        slug=slugs,
        module=st.just("portal") | names,
        on=st.sampled_from((True, False, None)),
        data=st.data(),
    )
    def switch(self, slug: str, module: str, on: bool | None, data: st.DataObject) -> None:
        """The module, or the portal, is switched at some level."""
        made = self.of(slug)
        targets = {"tenant": {"": made.id}, "account": made.accounts, "contact": made.people}
        level = data.draw(st.sampled_from(sorted(targets)))
        target = data.draw(st.sampled_from(sorted(targets[level])))
        self.do(changes.switch, slug, module, level, targets[level][target], on)

    @rule(slug=slugs, module=names, value=st.sampled_from(("account", "contact")))
    def scope(self, slug: str, module: str, value: str) -> None:
        """The module shows accounts, or only what names the reader."""
        self.do(changes.scope_of, slug, module, value)

    @rule(slug=slugs, person=people, place=places, deep=st.booleans())
    def tie(self, slug: str, person: str, place: Any, deep: bool) -> None:
        """Somebody becomes a member, with subsidiaries or without."""
        self.do(changes.tie, slug, person, *(place or ("alpha", None)), deep)

    @rule(slug=slugs, person=people)
    def untie(self, slug: str, person: str) -> None:
        """Somebody is a member no more."""
        self.do(changes.untie, slug, person)

    @rule(slug=slugs, person=people, user=st.booleans(), start=days, end=days)
    def window(self, slug: str, person: str, user: bool, start: int | None, end: int | None) -> None:
        """Somebody's time in the portal changes."""
        self.do(changes.window, slug, person, user, (start, end))

    @rule(slug=slugs, mode=st.sampled_from(("fields", "members")))
    def access_mode(self, slug: str, mode: str) -> None:
        """The tenant lets in others."""
        self.do(changes.access_mode, slug, mode)

    @rule(slug=slugs, account=accounts, parent=st.none() | accounts)
    def move_account(self, slug: str, account: str, parent: str | None) -> None:
        """An account comes under another."""
        self.do(changes.move_account, slug, account, parent)

    @rule(slug=slugs, site=sites, account=accounts)
    def move_site(self, slug: str, site: str, account: str) -> None:
        """A site goes to another account."""
        self.do(changes.move_site, slug, site, account)

    @invariant()
    def every_exit_agrees(self) -> None:
        """No exit shows anything else than the oracle does."""
        if (history := getattr(self, "history", None)) and len(history) % CHANGES == 0:
            look = Look(self.world, self.said, "; ".join(history))
            some(look, VIEWERS)
            found, self.said.differences = self.said.differences, []
            assert not found, "\n".join(map(str, found))


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules."""
    with copied(databases, tmp_path_factory.mktemp, talk, plenty) as made:
        yield made


@pytest.fixture
def machine(world: World) -> Iterator[type[Machine]]:
    """A machine on the seeded world, with nothing said so far."""
    world.sign_everybody_in()
    kinds = {"world": world, "base": Snapshot(world), "said": Verdicts()}
    yield type("MachineOfThisWorld", (Machine,), kinds)
    kinds["base"].restore()


def test_every_exit_shows_what_the_rules_allow(machine: type[Machine]) -> None:
    run = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=not NIGHTLY, database=None,
        suppress_health_check=list(HealthCheck), print_blob=NIGHTLY,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=run)
    for scope in ("account", "contact"):
        for slug, each in itertools.product(SLUGS, MODULES):
            changes.scope_of(machine.world, machine.world.tenancies[slug], each.module, scope)
        some(Look(machine.world, machine.said, f"scope {scope}"), VIEWERS)
    assert not machine.said.differences
    assert machine.said.count >= LEAST
