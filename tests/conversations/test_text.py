"""What is written stays as it was written, and becomes markup in no way but its links."""

import json
import time
from html import unescape
from html.parser import HTMLParser

import pytest

from core.conversations.text import LONGEST, clean, linked
from tests.strict import shared_data


class _Tags(HTMLParser):
    """Collects the tags of a text, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Take in text."""
        self.text += data


def strings() -> list[str]:
    """Those of the list beside the checkout, and our own."""
    listed: list[str] = json.loads((shared_data("hostile-strings") / "blns" / "blns.json").read_text())
    own = [
        'https://a.example/"onmouseover=alert(1)', "https://a.example/<script>alert(1)</script>", "javascript:alert(1)",
        "http://a.example/'><img src=x>", "HTTPS://A.EXAMPLE/&lt;&amp;", "data:text/html,<b>", "https://user@b.example",
    ]  # fmt: skip
    return [*listed, *own]


def test_no_text_becomes_markup_and_none_is_lost() -> None:
    for text in strings():
        kept = clean(text)
        parser = _Tags()
        parser.feed(str(linked(kept)))
        parser.close()
        assert parser.text == kept, text
        for tag, attributes in parser.tags:
            assert tag == "a"
            assert set(attributes) == {"href", "rel"}
            href = attributes["href"] or ""
            assert href.lower().startswith(("http://", "https://"))
            assert href in kept


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://a.example/b.", ["https://a.example/b"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("https://a.example/?a=1&b=2, http://b.example!", ["https://a.example/?a=1&b=2", "http://b.example"]),
        ("ftp://a.example www.a.example mailto:a@b.example", []),
        ("«https://ñandú.example/año»", ["https://ñandú.example/año"]),
        ("https://...", []),
    ],
)
def test_addresses_become_links_without_what_follows_them(text: str, links: list[str]) -> None:
    parser = _Tags()
    parser.feed(str(linked(text)))
    assert [unescape(attributes["href"] or "") for _, attributes in parser.tags] == links


def test_a_page_of_nothing_but_brackets_is_made_at_once() -> None:
    """Half a second for each of them, looked through anew for each bracket, kept everybody waiting for one page."""
    hostile, started = f"http://a{')' * (LONGEST - 10)}", time.process_time()
    assert all(str(linked(hostile)).startswith('<a href="http://a"') for _ in range(20))
    assert time.process_time() - started < 1.5


def test_paragraphs_stay_and_what_cannot_be_shown_goes() -> None:
    assert clean("\r\n\r\n  a\r\n\r\n\tb \rc\u2028d\x00\x1b[31m\ud800e\n") == "a\n\n\tb \nc\nd[31me"
    assert clean("👩\u200d🚒 \u202bעברית\u202c") == "👩\u200d🚒 \u202bעברית\u202c"
