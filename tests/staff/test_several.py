"""An action on several records at once."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Staff, Tenant
from core.modules.registry import Registry
from plugins.cases.models import CLOSED, OPEN, Case
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, words

SEVERAL = "/staff/records/cases/case/several"


@pytest.fixture
def cases(engine: Engine, tenant: Tenant, registry: Registry) -> list[int]:
    """Ids of three cases, the last of which is closed."""
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme")
        made = [
            Case(account_id=acme.id, number=f"C-{n}", subject=f"Subject {n}", state=CLOSED if n == 2 else OPEN)
            for n in range(3)
        ]
        session.add_all(made)
        session.flush()
        return [each.id for each in made]


def states(engine: Engine, tenant: Tenant) -> Sequence[Any]:
    with rows.writing(engine, tenant) as session:
        return session.execute(select(Case.state, Case.assignee_name).order_by(Case.id)).all()


def test_those_ticked_are_assigned_together(engine: Engine, tenant: Tenant, staff: Browser, cases: list[int]) -> None:
    listing = staff.get("/staff/records/cases/").text
    assert all(f'type="checkbox" name="id" value="{each}"' in listing for each in cases)
    chosen = "&".join(f"id={each}" for each in cases[:2])
    page = staff.get(f"{SEVERAL}/assign?{chosen}")
    assert 'type="file"' not in page.text  # there is no record that files would hang on
    asked = words(page)
    assert "This will be done to 2 records:" in asked
    assert [f"Subject {n}" in asked for n in range(3)] == [True, True, False]
    with rows.writing(engine, tenant) as session:
        sara = session.scalars(select(Staff.id)).one()
    told = follow(staff, staff.post(f"{SEVERAL}/assign", {"id": cases[:2], "f_assignee_id": sara}))
    assert "“Assign” was done to 2 records." in words(told)
    assert states(engine, tenant) == [(OPEN, "Sara Gil"), (OPEN, "Sara Gil"), (CLOSED, "")]


def test_what_it_cannot_be_done_to_is_named(engine: Engine, tenant: Tenant, staff: Browser, cases: list[int]) -> None:
    told = words(follow(staff, staff.post(f"{SEVERAL}/close", {"id": cases})))
    assert "2 records." in told
    assert "It could not be done to these as they are now:" in told
    assert "Subject 2" in told.split("as they are now:")[1].split(".")[0]
    assert [state for state, _ in states(engine, tenant)] == [CLOSED] * 3


def test_nothing_is_done_to_nothing_and_not_to_others(
    engine: Engine, tenant: Tenant, other: Tenant, staff: Browser, cases: list[int]
) -> None:
    with rows.writing(engine, other) as session:
        theirs = Case(account_id=rows.account(session, "Other").id, number="X-1", subject="Theirs", state=OPEN)
        session.add(theirs)
        session.flush()
        foreign = theirs.id
    for ids in ([], [foreign], [999999]):
        assert "Choose the records first" in words(follow(staff, staff.post(f"{SEVERAL}/close", {"id": ids})))
    assert [state for state, _ in states(engine, other)] == [OPEN]
    for ids in (["x"], list(range(101))):
        assert staff.post(f"{SEVERAL}/close", {"id": ids}).status_code == 400
    for action in ("edit", "open", "nothing"):  # these ask for what is not the same for several
        assert staff.get(f"{SEVERAL}/{action}?id={cases[0]}").status_code == 404
