"""Keyset paging: every row once and in order, whatever is sorted by and whatever arrives meanwhile."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.folding import fold
from core.records.resource import Resource
from plugins.invoices.models import Line
from tests.records.lists import INVOICES, LINES, invoice, page, walk, working
from tests.worlds.world import World

WORDS = st.sampled_from(["", "a", "A", "á", "Ábaco", "abaco", "b%", "b_", "zz", "ñu", "Ñu", "nu", "1", "10", "2"])
DAYS = st.integers(0, 3).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": WORDS,
    "reference": WORDS,
    "kind": st.sampled_from(["standard", "deposit"]),
    "issued_on": DAYS,
    "due_on": st.none() | DAYS,
    "updated_at": st.integers(0, 2).map(lambda n: datetime(2026, 1, 1, n, 0, 0, 17, tzinfo=UTC)),
    "total": st.sampled_from([-5, 0, 1, 2**40]),
    "published": st.booleans(),
    "contact_id": st.none() | st.just("whole") | st.just("other"),
}
SOME = settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def in_order(rows: list[tuple[Any, int]], descending: bool) -> list[int]:
    """The plainest way to say it: by value, then id, both one way; what has no value comes last."""
    there = sorted((row for row in rows if row[0] is not None), reverse=descending)
    missing = sorted((row[1] for row in rows if row[0] is None), reverse=descending)
    return [row_id for _, row_id in there] + missing


def backwards(session: Any, resource: Resource, sort: str) -> list[int]:
    """The ids of all pages, from the last to the first by the links back, in the list's order."""
    found, pages = page(session, resource, sort=sort), 0
    while found.after:
        found = page(session, resource, sort=sort, after=found.after)
    ids = [row.id for row in found.rows]
    while found.before and pages < 200:
        found, pages = page(session, resource, sort=sort, before=found.before), pages + 1
        ids = [row.id for row in found.rows] + ids
    return ids


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("sign", ["", "-"])
def test_each_row_once_and_in_order(empty: World, name: str, sign: str) -> None:
    @SOME
    @given(st.lists(VALUES[name], min_size=0, max_size=10))
    def check(values: list[Any]) -> None:
        with working(empty) as session:
            rows = []
            for value in values:
                value = empty.one.people[value] if name == "contact_id" and value else value
                made = invoice(session, empty, **{name: value})
                rows.append((fold(value) if name in ("number", "reference") else value, made.id))
            expected = in_order(rows, bool(sign))
            assert walk(session, INVOICES, sort=f"{sign}{name}") == expected
            assert backwards(session, INVOICES, f"{sign}{name}") == expected

    check()


@pytest.mark.parametrize("sort", ["quantity", "-quantity"])
def test_quantities_come_in_order(empty: World, sort: str) -> None:
    values = [Decimal(text) for text in ("0.1", "0.3", "0.123457", "1", "0.1", "-3.000001", "99999999999.999999", "0")]
    with working(empty) as session:
        parent = invoice(session, empty)
        lines = [Line(parent_id=parent.id, currency="EUR", quantity=value) for value in values]
        session.add_all(lines)
        session.flush()
        expected = in_order([(line.quantity, line.id) for line in lines], sort.startswith("-"))
        assert walk(session, LINES, sort=sort) == expected
        assert backwards(session, LINES, sort) == expected


def test_an_expression_is_paged_by_too(empty: World) -> None:
    with working(empty) as session:
        made = [invoice(session, empty, total=total) for total in (3, 1, 3, 2, 1)]
        expected = in_order([(row.total, row.id) for row in made], False)
        assert walk(session, INVOICES, size=2, sort="half") == expected


@pytest.mark.parametrize("sort", ["due_on", "-due_on", "number", "-issued_on"])
def test_rows_that_arrive_or_go_between_pages_shift_nothing(empty: World, sort: str) -> None:
    def add(session: Any, n: int) -> int:
        day = None if n % 3 == 0 else date(2026, 1, 1 + n % 4)
        return invoice(session, empty, number=f"{n % 5}", issued_on=date(2026, 1, 1 + n % 4), due_on=day).id

    with working(empty) as session:
        before = [add(session, n) for n in range(11)]
        last = walk(session, INVOICES, sort=sort)[-1]
        found, ids = page(session, INVOICES, sort=sort), []
        for n in range(30):
            ids += [row.id for row in found.rows]
            if not found.after:
                break
            add(session, n)
            if n == 0:  # the very row that the next page begins after goes
                row = session.get(INVOICES.model, ids[-1])
                session.delete(row)
                session.flush()
            found = page(session, INVOICES, sort=sort, after=found.after)
        assert len(ids) == len(set(ids))
        assert set(before) <= set(ids)
        assert last in ids
