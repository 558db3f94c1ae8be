"""The registry: modules in one order, each called alone, failures and times kept for staff."""

from importlib.metadata import EntryPoint
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest

from core.api import Field, Resource
from core.modules.health import Health
from core.modules.registry import ModuleFailed, Registry, load_modules
from plugins.invoices.models import Invoice
from tests.modules.strangers import boom, make, pages


class Point(SimpleNamespace):
    """An entry point whose module is at hand."""

    def load(self) -> Any:
        """The module."""
        return self.module


def test_modules_come_in_the_order_of_their_names_however_they_are_found() -> None:
    points = [Point(name=name, value=name, module=make(name)) for name in ("beta", "alpha", "gamma")]
    for order in permutations(points):
        assert list(load_modules(order).modules) == ["alpha", "beta", "gamma"]  # type: ignore[arg-type]


def test_the_installed_modules_are_found() -> None:
    registry = load_modules()
    assert "invoices" in registry.modules
    assert registry.quarantined == {}
    assert load_modules([EntryPoint("invoices", "plugins.invoices:module", "postigo.modules")]).modules.keys() == {
        "invoices"
    }


def test_a_hook_is_asked_of_one_module_with_what_it_takes() -> None:
    asked: list[Any] = []
    registry = Registry()
    registry.take(make("one", enabled=lambda self, session: asked.append(("one", session))))
    registry.take(make("two", enabled=lambda self: asked.append(("two", None))))
    registry.call_one("postigo_enabled", "one", session=7)
    registry.call_one("postigo_enabled", "two", session=8)
    assert registry.call_one("postigo_disabled", "one", session=9) is None
    assert asked == [("one", 7), ("two", None)]


def test_what_raises_is_kept_with_a_number_and_its_time() -> None:
    registry = Registry()
    registry.take(make("moody", enabled=boom))
    with pytest.raises(ModuleFailed) as raised:
        registry.call_one("postigo_enabled", "moody", session=None)
    (failure,) = registry.health.failures
    assert (failure.error_id, failure.module, failure.hook) == (str(raised.value), "moody", "postigo_enabled")
    assert failure.message == "Broken: by design"
    assert registry.health.timings["moody", "postigo_enabled"].calls == 1


def test_health_keeps_so_many_failures_and_no_more() -> None:
    health = Health()
    for n in range(200):
        health.failed("moody", "a hook", RuntimeError(str(n)))
    assert [failure.message for failure in health.failures][-1] == "RuntimeError: 199"
    assert len(health.failures) == 50
    assert len(health.failed("moody", "a hook", RuntimeError("x" * 10_000)).message) == 300


def test_a_hook_that_is_not_one_of_ours_is_refused() -> None:
    registry = Registry()
    registry.take(make("misspelt", resorces=lambda self: []))
    assert "misspelt" in registry.quarantined


def test_pages_of_a_module_carry_its_name() -> None:
    registry = Registry()
    registry.take(make("polite", routes=pages("polite_extra")))
    registry.take(make("rude", routes=pages("portal")))
    assert list(registry.modules) == ["polite"]


def test_a_resource_is_found_by_name_the_first_without_one() -> None:
    resource = Resource("other", "Other", "Other", Invoice, fields=(Field("number", "Number"),))
    registry = load_modules()
    registry.resources["invoices"] = {**registry.resources["invoices"], "other": resource}
    first = registry.resource("invoices")
    assert first is not None
    assert first.name == "invoice"
    assert registry.resource("invoices", "other") is resource
    assert registry.resource("invoices", "nonsense") is None
    assert registry.resource("nonsense") is None
