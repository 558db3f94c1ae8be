import os

from core.modules.registry import Registry
from tests.access.browser import Browser
from tests.staff.reading import words


def test_failures_stand_with_their_number_and_times_with_their_hook(registry: Registry, staff: Browser) -> None:
    failure = registry.health.failed("invoices", "widget due", ValueError("<b>seven</b>"))
    registry.health.timings.clear()
    registry.health.took("invoices", "postigo_enabled", 0.002)
    registry.health.took("invoices", "postigo_enabled", 0.004)
    page = staff.get("/staff/health/")
    said = words(page)
    assert failure.error_id in said
    assert "ValueError: <b>seven</b>" in said
    assert "<b>seven</b>" not in page.text
    assert "2 calls, 3 ms on average, 4 ms at the longest" in said
    assert f"These are the figures of process {os.getpid()}." in said


def test_a_module_that_nobody_has_asked_for_anything_says_so(registry: Registry, staff: Browser) -> None:
    registry.health.timings.clear()
    assert "Nothing of it has been asked of this process yet." in words(staff.get("/staff/health/"))


def test_a_module_without_failures_works(registry: Registry, staff: Browser) -> None:
    assert "Works" in words(staff.get("/staff/health/"))
    assert registry.modules["invoices"].version in words(staff.get("/staff/health/"))
