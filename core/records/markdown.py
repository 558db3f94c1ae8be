"""Markdown as it stands on a page: what its author wrote, without anything that could run or leave the page's frame.

No HTML of the author's own is taken; what the parser makes is cleaned once more, so that two libraries would have to
fail together. Headings begin below the page's own, and can be led to; a picture shows its alternative text."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, link
from markdown_it.token import Token
from markupsafe import Markup

from core.i18n import gettext

#: where a link of the text leads on this page; "" for one that leads nowhere and stays plain text, None where not even
#: its address is to be read
Lead = Callable[[str], str | None]

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong"),
    *("s", "a", "table", "thead", "tbody", "tr", "th", "td", "div", "span"),
}
_ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "th": {"scope", "class"}, "td": {"class"}}
_ATTRIBUTES |= {f"h{n}": {"id"} for n in range(2, 7)} | {"blockquote": {"class"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_REL = "noopener noreferrer nofollow"
#: deeper quotes and lists than this are shown as text
_DEEPEST = 20
_LOCAL = re.compile(r"/(?![/\\])|#")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)


class Heading(NamedTuple):
    """A heading of a text: how deep it stands (2 and on), its anchor, its words."""

    level: int
    anchor: str
    text: str


class Rendered(NamedTuple):
    """A text for a page, and its headings."""

    html: Markup
    headings: Sequence[Heading]


def abroad(target: str) -> str:
    """The lead of a text that stands alone: addresses of the web, of mail and of phones, and places in the text."""
    if target.startswith("#"):
        return target
    try:
        return target if urlsplit(target).scheme.lower() in _SCHEMES else ""
    except ValueError:
        return ""


def markdown(text: str, lead: Lead = abroad, prefix: str = "") -> Rendered:
    """The text as HTML. `lead` is asked where each link leads; what it answers is held to the same schemes. Anchors
    begin with `prefix`, where several texts stand on one page."""
    tokens = _parser().parse(text.replace("\x00", ""))
    _lead(tokens, lead)
    headings = _anchor(tokens, prefix)
    _alert(tokens)
    _tables(tokens)
    made = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        generic_attribute_prefixes=set(),
        strip_comments=True,
    )
    return Rendered(Markup(clean), headings)  # noqa: S704 - this is what cleans it


def links_in(text: str) -> set[str]:
    """Where the links of a text lead, as its author wrote them."""
    inside = (child for token in _parser().parse(text.replace("\x00", "")) for child in token.children or ())
    return {str(child.attrs.get("href", "")) for child in inside if child.type == "link_open"}


class WrittenLink(NamedTuple):
    """A link of a text: where it leads, and it and its words as their author wrote them."""

    target: str
    written: str
    words: str


def written_links(text: str) -> tuple[list[WrittenLink], list[tuple[str, int, int]]]:
    """The links of a text as they were written, and the lines (from, to) that say where its named links lead."""
    env: dict[str, Any] = {}
    inside = [child for token in _parser().parse(text.replace("\x00", ""), env) for child in token.children or ()]
    named = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    opened = [child for child in inside if child.type == "link_open"]
    links = [WrittenLink(str(each.attrs.get("href", "")), each.meta["written"], each.meta["words"]) for each in opened]
    return links, [(each["href"], *each["map"]) for each in named]


def plain_markdown(text: str) -> str:
    """The words of a text, without its marks and without where its links lead: for extracts and lists."""
    blocks = ["".join(_words(token)) for token in _parser().parse(text.replace("\x00", ""))]
    return re.sub(r"\s+", " ", _ALERT.sub("", " ".join(blocks))).strip()


def _words(token: Token) -> list[str]:
    found = token.children or ([token] if token.type in ("fence", "code_block") else [])
    own = {n + 1 for n, each in enumerate(found) if each.info == "auto" and not abroad(str(each.attrs.get("href", "")))}
    return [_said(each) for n, each in enumerate(found) if n not in own]


def _said(token: Token) -> str:
    """The words of a piece of text; of a picture, what is shown in its place."""
    if token.type == "image":
        return "".join(each.content for each in token.children or ())
    return " " if token.type.endswith("break") else token.content


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    made.enable(["table", "strikethrough"])
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # `lead` says, and what it refuses is text
    made.inline.ruler.at("link", _as_written(link))
    made.inline.ruler.at("autolink", _as_written(autolink))
    return made


def _as_written(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The parser's rule for a link, which keeps how it was written."""

    def keep(state: StateInline, silent: bool) -> bool:
        start, first = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            opened = next(token for token in state.tokens[first:] if token.type == "link_open")
            end = -1 if opened.info == "auto" else state.md.helpers.parseLinkLabel(state, start, True)
            opened.meta = {"written": state.src[start : state.pos], "words": state.src[start + 1 : max(end, start + 1)]}
        return found

    return keep


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
        if token.type == "blockquote_open" and inside.type == "inline" and (said := _ALERT.match(inside.content)):
            token.attrs = {"class": f"alert-{said[1].lower()}"}
            _cut(inside, said[1])


def _cut(inside: Token, kind: str) -> None:
    """Put the word for a box in the place of its mark."""
    children = inside.children or []
    while children and (children[0].type == "softbreak" or _ALERT.fullmatch(children[0].content.strip() or "-")):
        children.pop(0)
    if children and children[0].type == "text":
        children[0].content = _ALERT.sub("", children[0].content, count=1)
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
