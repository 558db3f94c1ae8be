"""Markdown as it stands on a page: what its author wrote, without anything that could run or leave the page's frame.

No HTML of the author's own is taken; what the parser makes is cleaned once more, so that two libraries would have to
fail together. Headings begin below the page's own, and can be led to; a picture shows its alternative text."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from core.i18n import gettext
from core.records.written import ALERT, SCHEMES, Lead, abroad, parser, tokens_of

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong"),
    *("s", "a", "table", "thead", "tbody", "tr", "th", "td", "div", "span"),
}
_ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "th": {"scope", "class"}, "td": {"class"}}
_ATTRIBUTES |= {f"h{n}": {"id"} for n in range(2, 7)} | {"blockquote": {"class"}}
_REL = "noopener noreferrer nofollow"
_LOCAL = re.compile(r"/(?![/\\])|#")


class Heading(NamedTuple):
    """A heading of a text: how deep it stands (2 and on), its anchor, its words."""

    level: int
    anchor: str
    text: str


class Rendered(NamedTuple):
    """A text for a page, and its headings."""

    html: Markup
    headings: Sequence[Heading]


def markdown(text: str, lead: Lead = abroad, prefix: str = "") -> Rendered:
    """The text as HTML. `lead` is asked where each link leads; what it answers is held to the same schemes. Anchors
    begin with `prefix`, where several texts stand on one page."""
    tokens = tokens_of(text)
    _lead(tokens, lead)
    headings = _anchor(tokens, prefix)
    _alert(tokens)
    _tables(tokens)
    made = parser().renderer.render(tokens, parser().options, {})
    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        generic_attribute_prefixes=set(),
        strip_comments=True,
    )
    return Rendered(Markup(clean), headings)  # noqa: S704 - this is what cleans it


def _lead(tokens: list[Token], lead: Lead) -> None:
    """Lead links where they lead here; those that lead nowhere keep their words alone, pictures what they show."""
    for token in tokens:
        kept: list[Token] = []
        open_links: list[bool] = []
        unsaid = False
        for child in token.children or ():
            if child.type == "link_open":
                said = lead(str(child.attrs.get("href", "")))
                unsaid, target = said is None and child.info == "auto", said or ""
                open_links.append(_LOCAL.match(target) is not None or abroad(target) != "")
                child.attrs = {"href": target, "rel": _REL} if "://" in target else {"href": target}
                if not open_links[-1]:
                    continue
            elif child.type == "link_close":
                unsaid = False
                if not open_links.pop():
                    continue
            elif unsaid:
                continue
            elif child.type == "image":
                child = _picture(child)
            kept.append(child)
        if token.children is not None:
            token.children = kept


def _picture(image: Token) -> Token:
    """No picture is fetched from elsewhere: its alternative text stands for it."""
    words = "".join(each.content for each in image.children or ())
    return Token("text", "", 0, content=f"[{words}]" if words else "")


def _anchor(tokens: list[Token], prefix: str) -> list[Heading]:
    """Set headings below the page's, with an anchor of their words each."""
    found: list[Heading] = []
    taken: set[str] = set()
    above: list[int] = []
    level = 1
    for n, token in enumerate(tokens):
        if token.type == "heading_open":
            written = int(token.tag[1])
            above = [*(each for each in above if each < written), written]
            level = min(1 + len(above), 6)  # none is left out, whatever the author has left out
            words = "".join(child.content for child in tokens[n + 1].children or ())
            anchor = _free(prefix + slug(words), taken)
            token.attrs = {"id": anchor}
            found.append(Heading(level, anchor, words))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
    return found


def slug(words: str) -> str:
    """An anchor of some words, as other programs make it: small letters, signs left out, "-" for blanks."""
    kept = "".join(c for c in words.lower() if c.isalnum() or c in "-_ " or unicodedata.combining(c))
    return re.sub(r"\s", "-", kept.strip()) or "section"


def _free(anchor: str, taken: set[str]) -> str:
    free, number = anchor, 1
    while free in taken:
        free, number = f"{anchor}-{number}", number + 1
    taken.add(free)
    return free


def _alert(tokens: list[Token]) -> None:
    """A quote that begins with [!NOTE] and the like is one of those boxes."""
    for n, token in enumerate(tokens[:-2]):
        inside = tokens[n + 2]
        if token.type == "blockquote_open" and inside.type == "inline" and (said := ALERT.match(inside.content)):
            token.attrs = {"class": f"alert-{said[1].lower()}"}
            _cut(inside, said[1])


def _cut(inside: Token, kind: str) -> None:
    """Put the word for a box in the place of its mark."""
    children = inside.children or []
    while children and (children[0].type == "softbreak" or ALERT.fullmatch(children[0].content.strip() or "-")):
        children.pop(0)
    if children and children[0].type == "text":
        children[0].content = ALERT.sub("", children[0].content, count=1)
    word = Token("text", "", 0, content=_word(kind))
    opened, closed = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
    inside.children = [opened, word, closed, Token("hardbreak", "br", 0), *children]


def _word(kind: str) -> str:
    words = {
        "note": gettext("Please note"),
        "tip": gettext("Tip"),
        "important": gettext("Important"),
        "warning": gettext("Warning"),
        "caution": gettext("Caution"),
    }
    return words[kind.lower()]


def _tables(tokens: list[Token]) -> None:
    """Tables can be moved sideways by keyboard where they are too wide; their alignment is a class, not a style."""
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.get("style", ""))
            token.attrs = {"class": "end"} if style.endswith("right") else {}
            if token.type == "th_open":
                token.attrs["scope"] = "col"
