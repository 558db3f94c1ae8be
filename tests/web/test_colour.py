"""A tenant's accent is shown as it is, and the text upon it can always be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.colour import contrast, on_paper, theme_css

CHANNEL = st.integers(0, 255)


def test_contrast_of_the_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@given(CHANNEL, CHANNEL, CHANNEL)
def test_text_upon_any_accent_can_be_read(red: int, green: int, blue: int) -> None:
    accent = f"#{red:02x}{green:02x}{blue:02x}"
    css = theme_css(accent)
    text = css.rpartition("text:")[2][:7]
    assert f"--postigo-accent:{accent}" in css
    assert contrast(accent, text) >= 4.5


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#1234567", "#zzzzzz", "#fff}body{display:none", "#ffffff\n"])
def test_what_is_no_colour_never_reaches_the_stylesheet(accent: str) -> None:
    assert theme_css(accent) == theme_css("#1f5f8b")


@pytest.mark.parametrize("accent", ["#ffffff", "#ffd400", "#1f5f8b", "#000000", "#00ff00", "red", ""])
def test_on_paper_the_accent_can_be_read(accent: str) -> None:
    assert contrast(on_paper(accent), "#ffffff") >= 4.5


def test_an_accent_that_can_be_read_stays_as_it_is() -> None:
    assert on_paper("#1F5F8B") == "#1f5f8b"
