"""What lies before the staff, on their first page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Staff, Tenant
from core.db.model import now
from plugins.cases.models import CLOSED, OPEN, Case
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import words

LINK = re.compile(r'href="(/staff/records/cases/\?[^"]+)">(\d+)<')


@pytest.fixture
def cases(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    """Open cases: one of Sara's, two of nobody's, the oldest nine days old; and one that is closed."""
    with rows.writing(engine, tenant) as session:
        account = rows.account(session, "Acme").id
        sara = session.scalars(select(Staff.id)).one()
        for number, state, who in ((1, OPEN, sara), (2, OPEN, None), (3, OPEN, None), (4, CLOSED, None)):
            made = Case(account_id=account, number=f"C-{number}", state=state, assignee_id=who)
            made.active_at = now() - timedelta(days=3 * number)
            session.add(made)


def test_each_state_has_its_numbers_which_lead_to_the_records(staff: Browser, cases: None) -> None:
    page = staff.get("/staff/")
    found = {url.replace("&amp;", "&"): int(number) for url, number in LINK.findall(page.text)}
    base = "/staff/records/cases/?state"
    assert found == {
        f"{base}=open&mine=1": 1, f"{base}=open&mine=none": 2, f"{base}=open": 3,
        f"{base}=closed&mine=none": 1, f"{base}=closed": 1,
    }  # fmt: skip
    for url, number in found.items():
        assert staff.get(url).text.count('class="row-link"') == number


def test_the_oldest_says_since_when_it_waits(staff: Browser, cases: None) -> None:
    oldest = (now() - timedelta(days=9)).strftime("%Y")
    assert oldest in words(staff.get("/staff/")).split("Longest untouched since", 2)[2]


def test_without_cases_there_is_no_desk(staff: Browser) -> None:
    assert "Longest untouched since" not in words(staff.get("/staff/"))


def test_another_tenants_cases_are_not_counted(engine: Engine, other: Tenant, staff: Browser) -> None:
    with rows.writing(engine, other) as session:
        session.add(Case(account_id=rows.account(session, "Other").id, number="X-1", state=OPEN))
    assert "/staff/records/cases/?state" not in staff.get("/staff/").text
