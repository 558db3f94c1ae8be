"""Which texts from outside are ids."""

import pytest

from core.db.ids import id_in


@pytest.mark.parametrize("text", ["", " 7", "-7", "7.0", "٧", "²", "x", "9" * 19, "0x7", "1_000", "7\n"])
def test_what_is_no_id_is_none(text: str) -> None:
    assert id_in(text) is None


def test_what_is_one_is_its_number() -> None:
    assert (id_in("7"), id_in("007"), id_in("0"), id_in("9" * 18)) == (7, 7, 0, 10**18 - 1)
