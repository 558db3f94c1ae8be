"""Markdown on a page: what its author wrote, and nothing that runs, is fetched, or leads where it must not."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
import pytest

from core.records.markdown import _TAGS, markdown
from core.records.written import links_in, parser, plain_markdown
from tests.strict import shared_data

_ALLOWED = {"href", "rel", "id", "class", "scope", "start"}
_WRITTEN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](&#106;avascript:alert(1)) [x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](//evil.example) [x](/\\evil.example)",
    "![x](https://evil.example/x.png) ![x](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a> <svg/onload=alert(1)> <iframe src="https://evil.example">',
    "```\n</code></pre><script>alert(1)</script>\n```",
    '[x]: javascript:alert(1) "x"\n\n[x]',
    "<javascript:alert(1)> <https://fine.example>",
    "# <img src=x onerror=alert(1)> \"id\" x='y'",
    "|<b onclick=alert(1)>|\n|:-:|\n|`<script>`|",
    "> [!NOTE]<script>\n> x",
    "[" * 5000 + "](" * 5000,
    "> " * 500 + "x",
    "\x00\ud83d\u202e# \u2028",
)


class _Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in _ALLOWED:
                self.wrong.append(f"{tag} {name}")
            if name == "href":
                address = (value or "").strip()
                local = address.startswith(("#", "/")) and not address.startswith(("//", "/\\"))
                if not local and urlsplit(address).scheme not in ("http", "https", "mailto", "tel"):
                    self.wrong.append(f"href {address[:40]}")


def wrong(html: str) -> list[str]:
    """What must not stand in a page."""
    seen = _Seen()
    seen.feed(html)
    return seen.wrong


def hostile() -> list[str]:
    """Texts that were written to do harm, and each as a part of Markdown."""
    lines: list[str] = json.loads((shared_data("hostile-strings") / "blns" / "blns.json").read_text())
    return [*_WRITTEN, *lines, *(f"[{each}]({each}) # {each}\n\n![{each}](<{each}>)" for each in lines)]


def test_nothing_hostile_comes_through() -> None:
    texts = hostile()
    assert len(texts) > 500
    for text in texts:
        clean = text.encode("utf-8", "replace").decode()
        assert wrong(markdown(clean).html) == [], clean[:80]
        plain_markdown(clean)


def test_each_of_the_two_guards_is_needed_for_nothing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the parser letting HTML through, the cleaner holds; without both, this test sees what comes."""
    monkeypatch.setitem(parser().options, "html", True)
    assert all(wrong(markdown(text).html) == [] for text in _WRITTEN[:6])
    monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    assert any(wrong(markdown(text).html) for text in _WRITTEN[:6])


def test_headings_tables_code_boxes_and_pictures() -> None:
    text = "# One\n\n### Deep\n\n## One\n\n> [!TIP]\n> Do it.\n\n|a|b|\n|-|-:|\n|1|2|\n\n"
    text += "```sql\n<b>\n```\n\n![A door](x.png)"
    made = markdown(text)
    assert [(h.level, h.anchor) for h in made.headings] == [(2, "one"), (3, "deep"), (3, "one-1")]
    assert '<h2 id="one">One</h2>' in made.html
    assert '<blockquote class="alert-tip">\n<p><strong>Tip</strong><br>' in made.html
    assert '<td class="end">2</td>' in made.html
    assert "style=" not in made.html
    assert "&lt;b&gt;" in made.html
    assert "[A door]" in made.html
    assert "<img" not in made.html
    assert plain_markdown(text).startswith("One Deep One Do it. a b 1 2")
    assert plain_markdown("The [poin**t**](article:x).\nNext") == "The point. Next"


def test_a_link_leads_where_the_page_says_and_else_is_text() -> None:
    text = "[a](article:x#y) [b](article:gone) [c](https://a.example/) [d](#here)"
    assert links_in(text) == {"article:x#y", "article:gone", "https://a.example/", "#here"}
    lead = {"article:x#y": "/portal/kb/7#y", "https://a.example/": "https://a.example/", "#here": "#here"}
    html = markdown(text, lambda target: lead.get(target, "")).html
    assert (
        '<a href="/portal/kb/7#y">a</a> b <a href="https://a.example/" rel="noopener noreferrer nofollow">c</a>' in html
    )
    assert "article:" not in html
