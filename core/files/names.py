"""What files are called: one line that a page may show and a header may carry."""

import os

#: as long as the column
LONGEST = 200
_DIRECTIONS = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNFIT: dict[int, str | None] = {ord("/"): "_", ord("\\"): "_", **dict.fromkeys(_DIRECTIONS)}


def label(name: str) -> str:
    """A file's name as one line that people may be shown and a header may carry: without control
    characters, without marks that turn the direction of writing (they disguise an ending), without
    slashes, and no longer than the column; the ending stays."""
    plain = name.encode("utf-8", "replace").decode().translate(_UNFIT)
    line = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    stem, ending = os.path.splitext(line)
    return (stem[: max(LONGEST - len(ending), 0)] + ending)[:LONGEST] or "file"
