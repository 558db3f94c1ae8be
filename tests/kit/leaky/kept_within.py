"""A number that was counted for whoever came first, kept where no variable of the module is: around a function, in its
default, and in the application."""

from collections.abc import Callable

from flask import current_app
from postigo_leaky import parts


def _once(function: Callable[[], str]) -> Callable[[], str]:
    kept: list[str] = []

    def asked() -> str:
        kept.extend([] if kept else [function()])
        return kept[0]

    return asked


@_once
def _counted() -> str:
    return str(parts.count())


def _added(kept: list[str] = []) -> str:  # noqa: B006 - the leak
    kept.append(str(parts.count()))
    return kept[0]


def count() -> str:
    """How many there are."""
    return _counted() + _added() + str(current_app.extensions.setdefault("counted", parts.count()))
