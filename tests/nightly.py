"""What runs when: NIGHTLY=1 asks for every combination where an ordinary run takes one of them by turns, and for
longer where it tries at random. `docs/decisions.md` says what that is."""

import os
from collections.abc import Sequence
from typing import TypeVar

NIGHTLY = os.environ.get("NIGHTLY", "") == "1"

#: of the contract of a module that is tested elsewhere too, an ordinary run asks these
SOME_OF_CONTRACT = (
    "not browser" if NIGHTLY else "taken_in or migrations or translated or (theirs_alone and whole-of-one)"
)

_T = TypeVar("_T")


def by_turns(every: Sequence[_T], turn: int) -> Sequence[_T]:
    """All of them by night; else the one whose turn it is, so that who counts up takes each as often."""
    return every if NIGHTLY else [every[turn % len(every)]]
