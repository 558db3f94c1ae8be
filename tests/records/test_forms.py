"""Forms derived from fields: what each kind takes, what it refuses, and that nothing typed is an error of ours."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.api import Action, Attention, Box, Field, Kind
from core.records.resource import Resource
from tests.petitions import PETITION, Petition, add
from tests.petitions.acting import LIST, NEW, made, post, read, send
from tests.petitions.fixtures import petitions
from tests.petitions.reading import shown
from tests.staff.reading import words
from tests.strict import shared_data
from tests.worlds.world import World

__all__ = ["petitions"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("budget", "1,234.5", 123450), ("budget", "-0.01", -1), ("budget", "", None), ("budget", "7", 700),
        ("hours", "9999.99", Decimal("9999.99")), ("hours", "0.1", Decimal("0.1")),
        ("people", "2147483647", 2**31 - 1), ("people", "-4", -4), ("people", "", 1),
        ("needed_on", "0001-01-01", None), ("needed_on", "9999-12-31", None),
        ("call_at", "2026-01-01T00:30", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)),
        ("priority", "low", "low"), ("priority", "", "normal"), ("body", "x" * 10_000, None), ("urgent", "y", True),
        ("subject", "é" * 60, None), ("body", " a\n\tb ", "a\n\tb"),
    ],
)  # fmt: skip
def test_what_fits_is_kept(petitions: World, name: str, text: str, value: Any) -> None:
    answer = post(petitions.contact("child"), NEW, {"f_subject": "x", f"f_{name}": text})
    row = made(petitions, answer)
    if value is not None or not text:
        assert getattr(row, name) == value


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("budget", "1,2345", "Write Budget (EUR) as a number, such as 1234.56."), ("budget", "9" * 18, "too large"),
        ("budget", "0.001", "at most 2 decimals"), ("budget", "NaN", "as a number"), ("budget", "1e3", "as a number"),
        ("hours", "10000", "too large"), ("hours", "0.001", "at most 2 decimals"),
        ("people", "2147483648", "too large"), ("people", "1.5", "People is a whole number"),
        ("needed_on", "tomorrow", "Write Needed on as a day, such as 2026-05-31."),
        ("needed_on", "2026-02-30", "Write Needed on as a day"),
        ("call_at", "now", "Write Call me at as a day"),
        ("priority", "secret", "Choose Priority from the list."), ("priority", "nonsense", "Choose Priority from"),
        ("subject", "", "Fill in: Subject."), ("subject", "   ", "Fill in: Subject."),
        ("subject", "\x00", "Subject holds a character"),
        ("subject", "x" * 61, "at most 60"), ("subject", "two\nlines", "cannot be shown"),
        ("body", "x" * 10_001, "at most"), ("body", "a\x00b", "cannot be shown"),
    ],
)  # fmt: skip
def test_what_does_not_is_said_and_kept_on_the_page(petitions: World, name: str, text: str, said: str) -> None:
    answer = post(petitions.contact("child"), NEW, {"f_subject": "x", "f_reason": "", f"f_{name}": text})
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'href="#f_{name}"' in answer.text
    if text.strip() and text.isprintable() and name != "priority" and len(text) < 100:
        assert shown(answer.text)[f"f_{name}"] == text


def test_a_refused_form_has_written_nothing(petitions: World) -> None:
    record_id = add(petitions, "north")
    answer = send(petitions.contact("child"), f"{LIST}{record_id}/do/edit", {"f_subject": "new", "f_people": "x"})
    assert answer.status_code == 422
    assert (read(petitions, record_id).subject, read(petitions, record_id).version) == ("A lift", 1)


def test_an_amount_has_the_decimals_of_its_currency(petitions: World) -> None:
    client = petitions.contact("child")
    for currency, typed_, kept in (("JPY", "1500", 1500), ("BHD", "1.234", 1234), ("EUR", "1.5", 150)):
        record_id = add(petitions, "north", currency=currency)
        path = f"{LIST}{record_id}/do/edit"
        assert f"Budget ({currency})" in words(client.get(path))
        assert send(client, path, {"f_budget": typed_}).status_code == 303
        assert read(petitions, record_id).budget == kept
        assert shown(client.get(path).text)["f_budget"] in (typed_, "1.50")
    assert send(client, path.replace(str(record_id), str(record_id - 2)), {"f_budget": "1.5"}).status_code == 422


def test_a_form_speaks_the_readers_language(petitions: World) -> None:
    record_id, client = add(petitions, "north", budget=123450), petitions.contact("child")
    client.set_cookie("postigo_language", "es", domain=client.host)
    page = client.get(f"{LIST}{record_id}/do/edit")
    assert shown(page.text)["f_budget"] == "1234,50"
    assert "(opcional)" in page.text
    assert send(client, f"{LIST}{record_id}/do/edit", {"f_budget": "2.000,25"}).status_code == 303
    assert read(petitions, record_id).budget == 200025
    answer = send(client, f"{LIST}{record_id}/do/edit", {"f_budget": "2000.25", "f_subject": ""})
    assert answer.status_code == 422
    assert "1234,56" in words(answer)


def test_what_must_be_filled_in_is_not_called_optional(petitions: World) -> None:
    text = words(petitions.contact("child").get(NEW))
    assert "Subject (optional)" not in text
    assert "Needed on (optional)" in text
    assert "What is it about? (optional)" in text


def hostile() -> list[str]:
    """Real strings that have broken others, and some that no column can hold."""
    file = shared_data("hostile-strings") / "blns" / "blns.json"
    return [*json.loads(file.read_text(encoding="utf-8")), "\x00", "a\x00b", "x" * 5000, "\x1b[31m"]


def fits(text: str, longest: int) -> bool:
    """Whether a text has a place in a column of that length."""
    kept = text.replace("\r\n", "\n").strip()
    return 0 < len(kept) <= longest and not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in kept)


def test_hostile_strings_are_kept_as_they_are_or_refused(petitions: World) -> None:
    client, texts = petitions.contact("child"), hostile()
    kinds = ("budget", "hours", "people", "needed_on", "call_at", "priority")
    for n, text in enumerate(texts[::4]):
        answer = post(client, NEW, {"f_subject": text, "place": ""} if n % 9 == 0 else {"f_subject": text})
        expected = 422 if n % 9 == 0 or not fits(text, 60) else 303
        assert answer.status_code == expected, text
        assert "<script>" not in answer.text
        if expected == 303:
            assert made(petitions, answer).subject == text.replace("\r\n", "\n").strip()
        odd = post(client, NEW, {"f_subject": "x", f"f_{kinds[n % 6]}": text, "version": text, "f_site_id": text})
        assert odd.status_code in (303, 422), (kinds[n % 6], text)


def test_a_declaration_that_cannot_be_is_refused_where_it_stands() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Resource("r", "", "", Petition, (Field("subject", ""),), actions=(Action("a", "", ("nonsense",)),))

    class Flat:
        """Rows without a version."""

    with pytest.raises(ValueError, match="version"):
        Resource("r", "", "", Flat, (), actions=(Action("a", ""),))
    with pytest.raises(ValueError, match="among"):
        Resource("r", "", "", Petition, (Field("subject", "", among=lambda session, record: [("x", "of somebody")]),))
    with pytest.raises(ValueError, match="its `order` is 'dya', which is neither a field nor an attribute of Petition"):
        Resource("r", "", "", Petition, (Field("subject", ""),), order="-dya")
    asks = Action("a", "", ("subject",))
    with pytest.raises(ValueError, match="show clients a form without a field: of 'subject', none is `filled`"):
        Resource("r", "", "", Petition, (Field("subject", ""),), actions=(asks,))
    assert Resource("r", "", "", Petition, (Field("subject", ""),), actions=(replace(asks, by=(Kind.STAFF,)),))
    with pytest.raises(TypeError, match="takes a sequence, even of one"):
        Box("r/box.html", {}, Attention("Do it", "/portal/"))  # type: ignore[arg-type]
    assert len(Resource.__dataclass_fields__) <= 15
    assert PETITION.field("double") is not None
