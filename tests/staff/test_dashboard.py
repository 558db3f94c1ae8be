"""The clients' dashboard as staff arrange it."""

import re

import pytest
from sqlalchemy import Engine, select

from core.audit import AuditEntry
from core.crm.models import Tenant
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, undo, words

PAGE = "/staff/modules/dashboard"


def names(staff: Browser) -> list[str]:
    """The widgets, in the order in which they stand."""
    return re.findall(r'name="widget" value="([^"]+)"', staff.get(PAGE).text.partition("<ol")[2])


def test_each_widget_moves_and_a_new_one_comes_at_the_end(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    declared = names(staff)
    assert len(declared) > 3
    last = declared[-1]
    for step in range(1, len(declared)):
        assert staff.post(PAGE, {"do": "up", "widget": last}).status_code == 303
        assert names(staff).index(last) == len(declared) - 1 - step
    told = follow(staff, staff.post(PAGE, {"do": "down", "widget": last}))
    assert names(staff)[:2] == [declared[0], last]
    undo(staff, told)
    assert names(staff) == [last, *declared[:-1]]
    for _ in range(2):  # beyond the ends there is nothing
        staff.post(PAGE, {"do": "up", "widget": last})
        staff.post(PAGE, {"do": "down", "widget": declared[-2]})
    assert names(staff) == [last, *declared[:-1]]
    with rows.writing(engine, tenant) as session:
        assert "field_settings" in session.scalars(select(AuditEntry.target_kind)).all()


def test_a_widget_is_hidden_and_shown(staff: Browser) -> None:
    name = names(staff)[0]
    page = follow(staff, staff.post(PAGE, {"do": "hide", "widget": name}))
    assert "Hidden" in words(page)
    undo(staff, page)
    assert "Hidden" not in words(staff.get(PAGE))


@pytest.mark.parametrize(("do", "widget"), [("hide", "no.such"), ("hide", ""), ("burn", "cases.latest"), ("", "\x00")])
def test_what_is_not_there_is_the_one_404(staff: Browser, do: str, widget: str) -> None:
    before = names(staff)
    assert staff.post(PAGE, {"do": do, "widget": widget}).status_code == 404
    assert names(staff) == before
