"""Search: without case and accents, the same on both databases; nothing typed is a pattern."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.db.folding import fold, folded
from core.records.errors import BadQuery
from plugins.invoices.models import Invoice
from tests.records.lists import INVOICES, invoice, page, walk, working
from tests.worlds.world import World

TEXTS = (
    "Señalización",
    "SEÑALIZACION",
    "e\u0301tude",
    "Étude",
    "ETUDE",
    "100%",
    "a_b",
    "a/b",
    "a\\b",
    "Ελλάς",
    "ПОЖАР",
    "",
)
FOUND = {
    "senal": {0, 1}, "SEÑAL": {0, 1}, "etude": {2, 3, 4}, "étude": {2, 3, 4}, "ÉTUDE": {2, 3, 4}, "%": {5}, "_": {6},
    "a_b": {6}, "/": {7},
    "\\": {8}, "ελλας": {9}, "пожар": {10}, "100 %": {5}, "tu de": {2, 3, 4}, "'": set(), "etude zz": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def numbers(empty: World) -> Iterator[dict[int, int]]:
    """The place in TEXTS of each of the records that the tests of this file look through."""
    with empty.writing() as session:
        made = [invoice(session, empty, reference=text) for text in TEXTS]
    yield {row.id: n for n, row in enumerate(made)}
    with empty.writing() as session:
        for row in made:
            session.delete(session.get(Invoice, row.id))


@pytest.mark.parametrize("typed", FOUND)
def test_words_are_found_whatever_their_case_and_accents(empty: World, numbers: dict[int, int], typed: str) -> None:
    with working(empty) as session:
        assert {numbers[row_id] for row_id in walk(session, INVOICES, size=20, q=typed)} == FOUND[typed]


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), max_size=40)
)
def test_the_database_folds_as_we_do(empty: World, texts: list[str]) -> None:
    with working(empty) as session:
        made = {invoice(session, empty, reference=text).id: text for text in texts}
        rows = session.execute(select(Invoice.id, folded(Invoice.reference)).where(Invoice.id.in_(made)))
        assert dict(map(tuple, rows)) == {row_id: fold(text) for row_id, text in made.items()}


def test_a_word_of_accents_alone_finds_everything_rather_than_failing(empty: World, numbers: dict[int, int]) -> None:
    with working(empty) as session:
        assert len(walk(session, INVOICES, size=20, q="\u0301")) == len(TEXTS)


def test_a_search_has_a_limit(empty: World) -> None:
    with working(empty) as session:
        assert page(session, INVOICES, q="a" * 200).rows == []
        with pytest.raises(BadQuery):
            page(session, INVOICES, q="a" * 201)
