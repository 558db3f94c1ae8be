"""With any one guard switched off, the comparison of `test_machine` fails: each guard is needed, and the
comparison can tell."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import and_, true

import core.access.door
import core.app
import core.db.shape
import core.modules.reach
from core.crm.rules import Access
from core.db.viewer import Scope
from core.db.wall import Owned, Part, Shared
from core.modules.switches import Switches
from tests.visibility import changes
from tests.visibility.sweep import MODULES, Look, Verdicts
from tests.visibility.viewers import some, until_one_differs, until_one_differs_in
from tests.worlds.copied import Databases, copied
from tests.worlds.plenty import plenty
from tests.worlds.snapshot import Snapshot
from tests.worlds.talk import talk
from tests.worlds.world import SLUGS, World, bare

Patch = pytest.MonkeyPatch


def _without(rule: Any, word: str) -> Any:
    """A rule made of several, less those that speak of `word`."""
    kept = [part for part in rule.clauses if word not in str(part)] if hasattr(rule, "clauses") else [rule]
    return and_(true(), *(part for part in kept if word not in str(part)))


def owned(patch: Patch) -> None:
    """Records: whoever looks sees all of the tenant's."""
    patch.setattr(Owned, "seen_by_contact", staticmethod(lambda entity, shape: true()))


def part(patch: Patch) -> None:
    """Lines and files: whether or not their record is seen."""
    patch.setattr(Part, "seen_by_contact", staticmethod(lambda entity, shape: true()))


def record(patch: Patch) -> None:
    """The core's entry of each record."""
    patch.setattr(core.db.shape, "record_seen_by_contact", lambda entity, shape: true())


def published(patch: Patch) -> None:
    """Drafts, and what was taken back."""
    whole = Owned.seen_by_contact
    patch.setattr(Owned, "seen_by_contact", staticmethod(lambda e, shape: _without(whole(e, shape), "published")))


def tenant(patch: Patch) -> None:
    """The rows of other tenants."""
    whole = core.db.shape.Shape.predicate
    patch.setattr(core.db.shape.Shape, "predicate", lambda self, e: _without(whole(self, e), "wall_tenant"))


def scope(patch: Patch) -> None:
    """What of an account names somebody else."""
    patch.setattr(Switches, "scope", lambda self, module: Scope.ACCOUNT)


def switches(patch: Patch) -> None:
    """Modules and the portal where they are off."""
    patch.setattr(Switches, "at", lambda self, module, level, target: True)


def site(patch: Patch) -> None:
    """The other sites of an account of which somebody is a member of one."""
    said = core.modules.reach._said

    def as_whole(rows: Any, tenant_id: int) -> Any:
        ties, switches = said(rows, tenant_id)
        ties.accounts.update(ties.site_accounts)
        return ties, switches

    patch.setattr(core.modules.reach, "_said", as_whole)


def entry(patch: Patch) -> None:
    """Those whose time in the portal is over, or never began."""
    patch.setattr(core.access.door, "entry", lambda *args, **kwargs: Access(True, "fields"))


def grants(patch: Patch) -> None:
    """Grants that do not count for whoever holds them."""
    patch.setattr(core.modules.reach, "counts", lambda *args: True)


def colleagues(patch: Patch) -> None:
    """What a colleague gave to somebody who is no colleague any more."""
    whole = core.modules.reach.counts
    patch.setattr(core.modules.reach, "counts", lambda given, reach, open_at: whole(given, reach, lambda a: True))


def internal(patch: Patch) -> None:
    """What is said among staff, and files that are theirs."""
    whole = Part.seen_by_contact
    patch.setattr(Part, "seen_by_contact", staticmethod(lambda e, shape: _without(whole(e, shape), ".published")))


def audience(patch: Patch) -> None:
    """What is for many, and for whom of them."""
    patch.setattr(Shared, "seen_by_contact", staticmethod(lambda entity, shape: entity.published.is_(True)))


def given_out(patch: Patch) -> None:
    """What is for many, before it is given out and after it is taken back."""
    whole = Shared.seen_by_contact
    patch.setattr(Shared, "seen_by_contact", staticmethod(lambda e, shape: _without(whole(e, shape), "published")))


def gate(patch: Patch) -> None:
    """The pages of a module that is off."""
    patch.setattr(core.app, "install_gate", lambda app: None)


GUARDS: tuple[Callable[[Patch], None], ...] = (
    owned, part, record, published, tenant, scope, switches, site, entry, gate, grants, colleagues, internal
)  # fmt: skip
#: guard -> a module that it guards, and how an exit is called that fails without it
IN_OTHERS: tuple[tuple[Callable[[Patch], None], str, str], ...] = (
    (audience, "knowledge_base", "list {} id "), (given_out, "knowledge_base", "list {} id "),
    (published, "quotes", "list {} id "), (internal, "projects", " parts"), (record, "orders", " links"),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules."""
    with copied(databases, tmp_path_factory.mktemp, talk, plenty) as made:
        yield made


@pytest.fixture(scope="module")
def ready(world: World) -> Iterator[World]:
    """A world in which each guard keeps something back from somebody."""
    world.sign_everybody_in()
    base = Snapshot(world)
    for slug in SLUGS:
        made = world.tenancies[slug]
        for module in ("invoices", "cases"):
            changes.scope_of(world, made, module, "contact" if slug == "two" else "account")
            changes.switch(world, made, module, "account", made.accounts["beta"], False)
        changes.switch(world, made, "portal", "contact", made.people["child"], False)
        changes.switch(world, made, "invoices", "contact", made.people["nobodys"], False)
    yield world
    base.restore()


def look_at(ready: World, home: Path, seed: str, look: Callable[[Look], None]) -> Verdicts:
    """Compare through an application and an engine of its own: what was compiled before a guard fell is
    not met again."""
    with bare(ready.database, home) as fresh:
        fresh.tenancies, fresh.tokens = ready.tenancies, dict(ready.tokens)
        fresh.app.config["SECRET_KEY"] = ready.app.config["SECRET_KEY"]
        fresh.app.extensions["postigo"] = ready.app.extensions["postigo"].__class__(
            fresh.settings, fresh.engine, fresh.registry, ready.store
        )
        said = Verdicts()
        look(Look(fresh, said, seed))
        return said


def test_with_all_guards_nothing_differs(ready: World, tmp_path: Path) -> None:
    assert look_at(ready, tmp_path, "all", lambda look: some(look, 3)).differences == []


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_comparison_fails_without(
    ready: World, guard: Callable[[Patch], None], monkeypatch: Patch, tmp_path: Path
) -> None:
    guard(monkeypatch)
    differences = look_at(ready, tmp_path, guard.__name__, until_one_differs).differences
    assert differences
    if guard is tenant and ready.database.name == "postgresql":
        # Row-level security stands beneath, on every table but those that say which tenant a request is of.
        assert {exit_.split(" id ")[0] for _, exit_, *_ in differences} == {"select Tenant", "select TenantHost"}


@pytest.mark.parametrize(("guard", "module", "exit_"), IN_OTHERS, ids=lambda value: getattr(value, "__name__", None))
def test_the_comparison_of_other_modules_fails_without(
    ready: World, guard: Callable[[Patch], None], module: str, exit_: str, monkeypatch: Patch, tmp_path: Path
) -> None:
    guard(monkeypatch)
    (exits,) = (each for each in MODULES if each.module == module)
    differences = look_at(ready, tmp_path, module, lambda look: until_one_differs_in(look, exits)).differences
    assert any(exit_ in found for _, found, *_ in differences), differences
