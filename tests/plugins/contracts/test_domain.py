"""How far a contract is, and what is left of it."""

from datetime import date
from decimal import Decimal
from itertools import product

from sqlalchemy import literal, select

from core.db.session import open_session
from core.db.viewer import system
from plugins.contracts import domain
from plugins.contracts.models import (
    ACTIVE,
    AUTOMATIC,
    DRAFT,
    ENDED,
    NONE,
    NOTICE_DAYS,
    Contract,
    Service,
    notice_day,
)
from tests.plugins.contracts.conftest import TODAY, add, add_service, day
from tests.worlds.world import World


def test_sql_and_python_say_the_same_of_every_day(contracts: World) -> None:
    """Around each border, for each renewal, with and without an end and a notice of its own."""
    ends = [None, *(day(n) for n in (-1, 0, 1, 10, 11, NOTICE_DAYS, NOTICE_DAYS + 1))]
    for status, renewal, end, notice in product((ACTIVE, ENDED, DRAFT), (NONE, AUTOMATIC), ends, (None, 10, 0)):
        add(contracts, status=status, renewal=renewal, ends_on=end, notice_days=notice)
    with open_session(contracts.engine, system(contracts.one.id)) as session:
        rows = session.execute(select(Contract, domain.state(Contract, literal(TODAY)))).all()
    assert len(rows) == 3 * 2 * len(ends) * 3
    for row, state in rows:
        said = domain.state_of(row.status, row.renewal, row.notice_on, row.ends_on, TODAY)
        assert state == said, (row.status, row.renewal, row.ends_on, row.notice_days)
    assert {state for _, state in rows} == {
        *(ACTIVE, ENDED, DRAFT), domain.ENDING, domain.RENEWING, domain.EXPIRED
    }  # fmt: skip


def test_the_day_of_notice_follows_the_end_and_the_days() -> None:
    contract = Contract(ends_on=date(2026, 3, 31))
    found = [contract.notice_on]
    contract.notice_days = 10
    found.append(contract.notice_on)
    contract.ends_on = date(2026, 4, 30)
    found.append(contract.notice_on)
    contract.ends_on = None
    assert [*found, contract.notice_on] == [date(2026, 3, 1), date(2026, 3, 21), date(2026, 4, 20), None]
    assert notice_day(date(1, 1, 5), 30) == date.min


def test_a_draft_is_published_by_no_way() -> None:
    contract = Contract(status=DRAFT, published=True)
    assert contract.published is False
    contract.published = True
    assert contract.published is False
    contract.status = ACTIVE
    assert contract.published is True


def test_what_is_left_is_what_was_bought_less_what_was_used_of_that_line(contracts: World) -> None:
    contract, other = add(contracts), add(contracts, "beta")
    add_service(contracts, contract, 10, 3, 4)
    add_service(contracts, contract, 5, 6, position=2)
    add_service(contracts, contract, 1, position=3, counted=False)
    add_service(contracts, other, 7, 1)
    left, used = domain.left(Service), domain.used(Service)
    with open_session(contracts.engine, system(contracts.one.id)) as session:
        found = session.execute(select(used, left).order_by(Service.parent_id, Service.position)).all()
    assert [tuple(row) for row in found] == [
        (Decimal(7), Decimal(3)), (Decimal(6), Decimal(-1)), (None, None), (Decimal(1), Decimal(6)),
    ]  # fmt: skip
