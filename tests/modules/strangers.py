"""Modules of strangers, made on the spot: one that behaves, and ones that raise wherever a module can."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from core.api import Box, Module, Widget, hookimpl


class Broken(Exception):
    """What these modules raise."""


def boom(*args: Any, **kwargs: Any) -> Any:
    """Raise."""
    raise Broken("by design")


def make(name: str, **hooks: Callable[..., Any]) -> Module:
    """A module of that name with those hooks, which take their own arguments alone."""
    body: dict[str, Any] = {"__module__": "tests.modules", "name": name, "title": name.title()}
    body.update({f"postigo_{hook}": hookimpl(function) for hook, function in hooks.items()})
    return type(name.title(), (Module,), body)()  # type: ignore[no-any-return]


def pages(name: str, view: Callable[[], Any] = lambda: "own page") -> Callable[[Any], list[Blueprint]]:
    """A hook with one address of the module's own, `own/`, for reading and writing."""

    def routes(self: Any) -> list[Blueprint]:
        blueprint = Blueprint(name, "tests.modules")
        blueprint.add_url_rule("/own/", "own", view, methods=["GET", "POST"])
        return [blueprint]

    return routes


def widgets(render: Callable[[Any], Box | None], name: str = "box") -> Callable[[Any], list[Widget]]:
    """A hook with one box."""
    return lambda self: [Widget(name, f"Box {name}", render)]
