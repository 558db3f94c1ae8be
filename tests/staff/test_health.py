from core.modules.registry import Registry
from tests.access.browser import Browser
from tests.staff.reading import words


def test_failures_stand_with_their_number_and_times_with_their_hook(registry: Registry, staff: Browser) -> None:
    failure = registry.health.failed("invoices", "widget due", ValueError("<b>seven</b>"))
    registry.health.took("invoices", "postigo_enabled", 0.002)
    registry.health.took("invoices", "postigo_enabled", 0.004)
    page = staff.get("/staff/health/")
    said = words(page)
    assert failure.error_id in said
    assert "ValueError: <b>seven</b>" in said
    assert "<b>seven</b>" not in page.text
    assert "3 ms on average, 2 calls" in said


def test_a_module_without_failures_works(registry: Registry, staff: Browser) -> None:
    assert "Works" in words(staff.get("/staff/health/"))
    assert registry.modules["invoices"].version in words(staff.get("/staff/health/"))
