"""The pages for module authors, held against the code: every hook with its exact signature, and its test;
every event with its fields."""

import dataclasses
import re
from pathlib import Path

import pytest

from core.modules.events import CATALOGUE, Event
from core.modules.hookspecs import Hooks
from tests.test_api_snapshot import short, signature

ROOT = Path(__file__).parents[1]
HOOKS = {name: hook for name, hook in vars(Hooks).items() if name.startswith("postigo_")}


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_stands_in_the_docs_with_its_signature(name: str) -> None:
    assert f"    {name}{signature(HOOKS[name])}\n" in (ROOT / "docs" / "hooks.md").read_text()


def test_the_docs_know_no_other_hook() -> None:
    headings = re.findall(r"^## `(\w+)`$", (ROOT / "docs" / "hooks.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_has_a_test(name: str) -> None:
    assert f"def test_{name}(" in (ROOT / "tests" / "modules" / "test_hooks.py").read_text()


def test_hooks_stay_few() -> None:
    assert len(HOOKS) < 20


def test_the_catalogue_of_events_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "events.md").read_text()
    told = dict(re.findall(r"^## `([\w.]+)`\n\n    (.+)$", text, re.MULTILINE))
    assert told == {name: f"{cls.__name__}({fields(cls)})" for name, cls in CATALOGUE.items()}


def fields(cls: type[Event]) -> str:
    return ", ".join(f"{field.name}: {short(field.type)}" for field in dataclasses.fields(cls))


def test_every_event_that_the_core_declares_is_in_the_catalogue_and_sent() -> None:
    sources = [p.read_text() for p in (ROOT / "core").rglob("*.py") if p.name not in ("events.py", "api.py")]
    for name, cls in CATALOGUE.items():
        assert cls.name == name
        assert any(f"{cls.__name__}(" in source for source in sources), f"nobody sends {name}"
