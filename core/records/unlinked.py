"""Markdown as it was written, without some of its links: an address names what it leads to, and so tells of it."""

import re
from collections.abc import Set

from core.records.written import plain_markdown, written_links

_END_OF_LINE = re.compile(r"\r\n?|\n")
#: no link is without one of these
_SIGNS = ("](", "]:", "<")


def targets_in(text: str) -> set[str]:
    """Where all links of a text lead, those too that are named and not used."""
    if not any(sign in text for sign in _SIGNS):
        return set()
    links, named = written_links(text)
    return {link.target for link in links} | {target for target, *_ in named}


def without_links(text: str, hidden: Set[str]) -> str:
    """The text with the words of its links in their place, where these lead to one of `hidden`; an address that stands
    for itself is left out. Where that cannot be done link by link, as in one that goes on behind the mark of a quote,
    the whole text is told in plain words."""
    if not hidden & targets_in(text):
        return text
    links, named = written_links(text)
    gone = {n for target, first, end in named if target in hidden for n in range(first, end)}
    lines = _END_OF_LINE.split(text.replace("\x00", ""))
    found = "\n".join(line for n, line in enumerate(lines) if n not in gone)
    for link in sorted(links, key=lambda each: -len(each.written)):  # one may stand within what another is written as
        if link.target in hidden:
            found = found.replace(link.written, link.words)
    return found if not hidden & targets_in(found) else plain_markdown(text)
