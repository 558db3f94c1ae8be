"""A file that says which records led to which becomes links; what it cannot link is listed, and staff have the last
word."""

from typing import Any

import pytest
from sqlalchemy import select

from core.imports import ImportFailed
from core.records.links import unlink
from core.records.models import RecordLink
from plugins.invoices.models import Invoice
from tests.imports.exports import Export, write

FILE, KIND = "llx_element_element.csv", "core.link"
COLUMNS = ("rowid", "fk_source", "sourcetype", "fk_target", "targettype")
#: two that can be, one of a kind that nobody here has, one to nothing, one to itself, one that comes twice
ROWS = [
    ("1", "1", "facture", "2", "facture"),
    ("2", "3", "facture", "2", "facture"),
    ("3", "1", "facture", "7", "shipping"),
    ("4", "1", "facture", "999", "facture"),
    ("5", "1", "facture", "1", "facture"),
    ("1", "2", "facture", "3", "facture"),
]


@pytest.fixture
def linked(export: Export) -> Export:
    """The small export with that file."""
    say(export, ROWS)
    return export


def say(export: Export, rows: list[tuple[str, ...]]) -> None:
    """Write the file anew."""
    write(export.folder / FILE, [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def links(export: Export) -> set[tuple[str, str]]:
    """The numbers of the invoices that are linked."""
    with export.session() as session:
        number: Any = dict(session.execute(select(Invoice.id, Invoice.number)).all())
        return {(number[each.from_id], number[each.to_id]) for each in session.scalars(select(RecordLink))}


def counts(report: Any) -> tuple[int, int, int, int]:
    """Rows, taken, unchanged and refused of that file."""
    found = report.table(FILE, KIND)
    return found.rows, found.taken, found.unchanged, found.refused


def test_what_can_be_linked_is_and_the_rest_is_listed(linked: Export) -> None:
    report = linked.load()
    assert counts(report) == (6, 2, 0, 4)
    assert links(linked) == {("FA-2", "FA-1"), ("AV-1", "FA-1")}
    told = {(each.line, each.reason) for each in report.listed if each.file == FILE}
    assert told == {
        (4, "no module that is here has what is called 'shipping'"),
        (5, "there is no invoices.invoice '999'"),
        (6, "it takes two records that are still there"),
        (7, "rowid: an id of its own is needed"),
    }


def test_an_id_that_no_column_holds_is_listed_and_the_rest_is_taken(linked: Export) -> None:
    say(linked, [("9" * 201, *ROWS[0][1:]), ("9" * 200, *ROWS[1][1:])])
    report = linked.load()
    assert counts(report) == (2, 1, 0, 1)
    assert [each.reason for each in report.listed if each.file == FILE] == ["rowid: an id has at most 200 characters"]


def test_again_changes_nothing_and_what_changed_is_another_link(linked: Export) -> None:
    linked.load()
    before = linked.dump()
    assert counts(linked.load()) == (6, 0, 2, 4)
    assert linked.dump() == before
    say(linked, [("1", "1", "facture", "3", "facture")])
    report = linked.load()
    assert counts(report) == (1, 1, 0, 0)
    assert links(linked) == {("AV-1", "FA-2"), ("FA-2", "FA-1")}
    assert [(gone.kind, gone.external, gone.now) for gone in report.gone] == [(KIND, "2", True)]


def test_what_staff_took_away_stays_away(linked: Export) -> None:
    linked.load()
    one, other = (linked.one(Invoice, number=number).id for number in ("FA-2", "FA-1"))
    with linked.session(writes=True) as session:
        unlink(session, one, other)
        session.commit()
    assert counts(linked.load()) == (6, 0, 2, 4)
    assert links(linked) == {("AV-1", "FA-1")}


def test_a_file_without_its_columns_ends_the_import(linked: Export) -> None:
    write(linked.folder / FILE, [{"rowid": "1", "fk_source": "1"}])
    with pytest.raises(ImportFailed, match="no column 'sourcetype'"):
        linked.load()
    assert linked.all(Invoice) == []
