"""A text is given to programs without the links that its reader may not follow, however these are written."""

import pytest

from core.records.unlinked import targets_in, without_links

_HIDDEN = {"article:k/s.md", "article:k/s.md#top"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a [b *c*](article:k/s.md 'T') d", "a b *c* d"),
        ("a [b](<article:k/s.md#top>) [c](article:fine)", "a b [c](article:fine)"),
        ("a [b][K] c [k]\r\n\r\n[k]: article:k/s.md\n  'title'\nrest", "a b c k\n\nrest"),
        ("a\n\n[unused]: article:k/s.md", "a\n"),
        ("a [b][k]\n\n[k]: article:fine\n[k]: article:k/s.md", "a [b][k]\n\n[k]: article:fine"),
        ("a <article:k/s.md> b", "a  b"),
        ("`[a](article:x)` [b](article:k&#47;s.md)", "`[a](article:x)` b"),
        ("> a [b\n> c](article:k/s.md) d", "a b c d"),
        ("|[c](article:k/s.md)|\n|-|\n", "|c|\n|-|\n"),
        ("# [a](article:fine)", "# [a](article:fine)"),
    ],
)
def test_what_is_hidden_is_told_by_its_words(written: str, told: str) -> None:
    found = without_links(written, _HIDDEN)
    assert found == told
    assert not _HIDDEN & targets_in(found)
