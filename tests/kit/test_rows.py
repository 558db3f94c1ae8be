"""Rows made up for classes that were never seen before."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum as Words
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Enum, Float, LargeBinary, Numeric, String, Text, Uuid

from core.api import UtcDateTime
from core.kit.places import PLACES
from core.kit.rows import NotMade, canary, classes, found_in, plain, text_columns
from core.kit.world import Address, world_of
from plugins.invoices import module
from plugins.invoices.models import Allocation, Invoice, Line, Payment


class Colour(Words):
    """Two words."""

    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (BigInteger(), int), (Numeric(9, 4), Decimal), (Float(), float), (Boolean(), bool), (Date(), date),
        (JSON(), dict), (UtcDateTime(), datetime), (LargeBinary(), bytes), (Uuid(), UUID),
        (String(3), str), (Text(), str), (Enum("red", "blue"), str), (Enum(Colour), Colour),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_of_each_kind_of_column_can_be_made(kind: Any, made: type[Any]) -> None:
    for number in (0, 7, 1234):
        value = plain("some", Column("some", kind), number)
        assert type(value) is made
        assert not isinstance(value, str) or len(value) <= (getattr(kind, "length", None) or 99)


def test_marks_are_found_again() -> None:
    assert found_in(f"<p>{canary(12, 3)}</p> {canary(7)}.pdf kx12f3") == {(12, 3), (7, 99)}


def test_texts_carry_marks_and_codes_do_not() -> None:
    assert {"number", "reference", "note", "reason"} <= set(text_columns(Invoice))
    assert not {"currency", "kind"} & set(text_columns(Invoice))


def test_a_module_gets_rows_of_each_class_at_each_place_and_parts_with_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kit.db'}"
    with world_of(module, Address(url, url), tmp_path, lambda model: {}) as world:
        assert classes(world.resources).index(Invoice) < classes(world.resources).index(Line)
        of = {
            model: [row for row in world.rows if row.model is model] for model in (Invoice, Line, Allocation, Payment)
        }
        assert {row.place for row in of[Invoice] if row.slug == "one" and row.published} == set(PLACES)
        assert {row.place for row in of[Invoice] if row.slug == "one" and not row.published} == set(PLACES)
        assert len(of[Line]) == len(of[Allocation]) == len(of[Invoice])
        assert {row.rule for row in of[Payment]} == {"staff"}
        with world.writing() as session:
            made = session.get_one(Invoice, of[Invoice][0].id)
            assert (made.status, made.currency, made.number) == ("pending", "EUR", canary(of[Invoice][0].number, 0))


def test_what_cannot_be_made_up_is_asked_of_the_author(tmp_path: Path) -> None:
    url, asked = f"sqlite:///{tmp_path / 'kit.db'}", r"examples\(cls, model\)"
    with (
        pytest.raises(NotMade, match=rf"A row of Payment could not be made up \(IntegrityError: .*{asked}"),
        world_of(module, Address(url, url), tmp_path, lambda model: {"currency": None}),
    ):
        pass
