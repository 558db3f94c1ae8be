"""Markdown as a text: its words, and its links as they were written. How it looks on a page is told in
`core.records.markdown`."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, link
from markdown_it.token import Token

#: where a link of the text leads on this page; "" for one that leads nowhere and stays plain text, None where not even
#: its address is to be read
Lead = Callable[[str], str | None]

#: where links may lead, of all that there is in the world
SCHEMES = {"http", "https", "mailto", "tel"}
#: deeper quotes and lists than this are shown as text
_DEEPEST = 20
#: what a quote begins with that is shown as a box
ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)


def abroad(target: str) -> str:
    """The lead of a text that stands alone: addresses of the web, of mail and of phones, and places in the text."""
    if target.startswith("#"):
        return target
    try:
        return target if urlsplit(target).scheme.lower() in SCHEMES else ""
    except ValueError:
        return ""


def links_in(text: str) -> set[str]:
    """Where the links of a text lead, as its author wrote them."""
    inside = (child for token in tokens_of(text) for child in token.children or ())
    return {str(child.attrs.get("href", "")) for child in inside if child.type == "link_open"}


class WrittenLink(NamedTuple):
    """A link of a text: where it leads, and it and its words as their author wrote them."""

    target: str
    written: str
    words: str


def written_links(text: str) -> tuple[list[WrittenLink], list[tuple[str, int, int]]]:
    """The links of a text as they were written, and the lines (from, to) that say where its named links lead."""
    env: dict[str, Any] = {}
    inside = [child for token in tokens_of(text, env) for child in token.children or ()]
    named = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    opened = [child for child in inside if child.type == "link_open"]
    links = [WrittenLink(str(each.attrs.get("href", "")), each.meta["written"], each.meta["words"]) for each in opened]
    return links, [(each["href"], *each["map"]) for each in named]


def plain_markdown(text: str) -> str:
    """The words of a text, without its marks and without where its links lead: for extracts and lists."""
    blocks = ["".join(_words(token)) for token in tokens_of(text)]
    return re.sub(r"\s+", " ", ALERT.sub("", " ".join(blocks))).strip()


def _words(token: Token) -> list[str]:
    found = token.children or ([token] if token.type in ("fence", "code_block") else [])
    own = {n + 1 for n, each in enumerate(found) if each.info == "auto" and not abroad(str(each.attrs.get("href", "")))}
    return [_said(each) for n, each in enumerate(found) if n not in own]


def _said(token: Token) -> str:
    """The words of a piece of text; of a picture, what is shown in its place."""
    if token.type == "image":
        return "".join(each.content for each in token.children or ())
    return " " if token.type.endswith("break") else token.content


def tokens_of(text: str, env: dict[str, Any] | None = None) -> list[Token]:
    """A text in pieces; `env` is given what its named links lead to."""
    return parser().parse(text.replace("\x00", ""), env)


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """What reads Markdown: without HTML, with tables, and with how each link was written."""
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
