"""What modules may rely on, line by line: `core.api` and the hooks. UPDATE_SNAPSHOT=1 writes the file anew,
so that whoever changes a promise does so in lines that are read."""

import dataclasses
import enum
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from core import api
from core.modules.hookspecs import Hooks

SNAPSHOT = Path(__file__).parent / "data" / "api.txt"


def promised() -> Iterator[str]:
    """Every promise as one line."""
    for name in sorted(api.__all__):
        yield from described(name, getattr(api, name))
    for name, hook in sorted(vars(Hooks).items()):
        if name.startswith("postigo_"):
            yield f"hook {name}{signature(hook)}"


def described(name: str, thing: Any) -> Iterator[str]:
    """A name of `core.api`, and what belongs to it."""
    if not isinstance(thing, type):
        yield f"def {name}{signature(thing)}" if inspect.isroutine(thing) else f"{name}: {type(thing).__name__}"
        return
    bases = ", ".join(base.__name__ for base in thing.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if issubclass(thing, enum.Enum):
        yield from (f"{name}.{member.name} = {member.value!r}" for member in thing)
        return
    fields = dataclasses.fields(thing) if dataclasses.is_dataclass(thing) else ()
    for field in fields:
        yield f"{name}.{field.name}: {short(field.type)}{default(field)}"
    for attribute, annotation in inspect.get_annotations(thing).items():
        if not attribute.startswith("_") and attribute not in {field.name for field in fields}:
            yield f"{name}.{attribute}: {short(annotation)}"
    for attribute, value in vars(thing).items():
        if attribute.startswith("_"):
            continue
        if isinstance(value, property):
            yield f"{name}.{attribute}: property"
        elif inspect.isfunction(function := getattr(value, "__func__", value)):
            yield f"def {name}.{attribute}{signature(function)}"


def signature(function: Any) -> str:
    return short(inspect.signature(function))


def short(annotation: Any) -> str:
    """An annotation without the places where its names come from."""
    text = annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    return re.sub(r"\b(?:[a-zA-Z_]\w*\.)+(?=\w)", "", text).replace("'", "")


def default(field: dataclasses.Field[Any]) -> str:
    given = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    return " = …" if given else ""


def test_no_promise_to_modules_has_changed() -> None:
    now = "".join(f"{line}\n" for line in promised())
    if os.environ.get("UPDATE_SNAPSHOT") == "1":
        SNAPSHOT.write_text(now)
    assert SNAPSHOT.read_text() == now, "core.api or a hook has changed; UPDATE_SNAPSHOT=1 writes the snapshot anew"


def test_every_name_of_the_api_is_there_once_and_in_order() -> None:
    assert sorted(set(api.__all__)) == list(api.__all__)
    assert [name for name in api.__all__ if not hasattr(api, name)] == []
