"""What people write to each other: as they typed it, without what cannot be shown."""

import re
import unicodedata

from markupsafe import Markup, escape

from core.i18n import gettext

LONGEST = 20_000
#: no letter, no sign: they cannot be shown, and databases refuse some
_UNFIT = frozenset({"Cc", "Cs"})
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_LINK = re.compile(r"https?://[\w\[][^\s<>\"'`{}|\\^]*", re.IGNORECASE)
#: what ends a sentence rather than an address
_AFTER = ".,;:!?…»”’*_"


class MessageRefused(ValueError):
    """A message that is not taken; the text says why, to whoever wrote it."""


def clean(body: str) -> str:
    """A message as it is kept: its paragraphs and blanks as typed, without control characters and empty lines around
    it. Raises MessageRefused for one that is too long."""
    lines = _LINE_ENDS.sub("\n", body)
    text = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _UNFIT)
    text = text.strip("\n\t ")
    if len(text) > LONGEST:
        raise MessageRefused(
            gettext(
                "This message has %(count)s characters; at most %(most)s can be sent at once.",
                count=len(text),
                most=LONGEST,
            )
        )
    return text


def linked(text: str) -> Markup:
    """A message for a page: escaped, with its addresses (http and https alone) as links."""
    if "://" not in text:
        return escape(text)
    pieces, at = [], 0
    for found in _LINK.finditer(text):
        address = _trimmed(found[0])
        pieces += [escape(text[at : found.start()]), _link(address)]
        at = found.start() + len(address)
    return Markup("").join([*pieces, escape(text[at:])])


def _trimmed(address: str) -> str:
    """An address without what follows it in a sentence: points, and a bracket that opens before it. Each sign is looked
    at once, for a message may be nothing but brackets."""
    unopened = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    end = len(address)
    while end and (address[end - 1] in _AFTER or unopened.get(address[end - 1], 0) > 0):
        end -= 1
        if address[end] in unopened:
            unopened[address[end]] -= 1
    return address[:end]


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(address)
