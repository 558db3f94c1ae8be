"""The kit knows every kind of address that a module has: a new one is looked at, or fails here."""

from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from core.app import create_app
from core.config import Settings
from core.kit import exits
from core.kit.exits import Exit, has_its_turn
from core.kit.places import CONTACTS, PLACES, SLUGS, VIEWERS, Row
from plugins.cases.models import Case

KNOWN = {"module", "resource", "record_id", "file_id", "action"}


def test_each_address_of_a_module_is_one_that_the_kit_can_fill_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    app = create_app(Settings(tmp_path, url, url, 8000, tmp_path / "secret.key"))
    of_modules = [rule for rule in app.url_map.iter_rules() if "module" in rule.arguments]
    assert len(of_modules) > 10
    assert [rule.rule for rule in of_modules if not rule.arguments <= KNOWN] == []


def test_the_forms_that_begin_a_record_are_looked_at(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    app = create_app(Settings(tmp_path, url, url, 8000, tmp_path / "secret.key"))
    registry = app.extensions["postigo"].registry
    world: Any = SimpleNamespace(app=app, name="cases", registry=registry, resources=registry.resources["cases"])
    begun = {(each.side, each.said) for each in exits.lists(world) if "/do/" in each.url}
    assert begun == {(side, "The form of the action 'open'") for side in ("client", "staff")}


def test_each_exit_is_looked_at_for_each_record_and_by_each_client() -> None:
    places = product(SLUGS, PLACES, (True, False))
    rows = [Row(n, slug, Case, n, place, shown) for n, (slug, place, shown) in enumerate(places)]
    said = ["The page of a record", "The JSON page of a record", "The colleagues of a record", "The action 'close'"]
    looked = {
        (name, row.id, viewer)
        for name, row, viewer in product(said, rows, CONTACTS)
        if has_its_turn(Exit("/", name, "client", frozenset({"GET"}), row), viewer)
    }
    assert {(name, row) for name, row, _ in looked} == set(product(said, range(len(rows))))
    assert {(name, viewer) for name, _, viewer in looked} == set(product(said, CONTACTS))
    assert len(looked) == len(said) * len(rows) * len(CONTACTS) / exits.ONE_IN
    must = Exit("/", said[0], "client", frozenset({"GET"}), rows[0], must=True)
    assert all(has_its_turn(must, viewer) for viewer in VIEWERS)
