"""What tests need over and over is made once, or not before it is needed: the code of templates and of statements, the
catalogues, the builders of addresses, the names of time zones, and hashes of passwords that take no time. Each does
what the product's own does; what that costs is tested where it is made."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from core import i18n
from core.access import passwords
from core.crm import tenants
from core.kit import exits
from tests import compiled
from tests.nightly import NIGHTLY

#: the product's own, for tests of what it costs
TRUE_HASHER = passwords._hasher
#: how much is made before it is looked through, and how often before older things are
RARELY = (50_000, 10, 5)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CompiledTemplates(BytecodeCache):
    """The code of templates, for all applications of this process; a source that has changed is compiled anew.

    Compiling takes five times as long as answering with a page."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code where it is kept."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


@contextmanager
def rare_collections() -> Iterator[None]:
    """Until the block is left, what has been loaded is not looked through again for what nobody holds any more, and
    what is made since less often: a tenth of a run went there, for tests load all that there is and keep it."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def quick() -> Iterator[None]:
    """Be quick until the block is left."""
    with pytest.MonkeyPatch.context() as patch, rare_collections():
        patch.setitem(Flask.jinja_options, "bytecode_cache", CompiledTemplates())
        compiled.share(patch)
        patch.setattr(tenants, "available_timezones", cache(tenants.available_timezones))
        patch.setattr(i18n, "_merge", _merged_once)
        patch.setattr(Rule, "_compile_builder", _built_when_asked)
        patch.setattr(passwords, "_hasher", _CHEAP)
        if NIGHTLY:
            patch.setattr(exits, "ONE_IN", 1)
        yield


def _merged_once(folders: list[Path], language: str) -> Any:
    """A catalogue, merged anew only when one of its files has changed."""
    files = tuple((folder, _stamp(folder / language / "LC_MESSAGES" / "messages.po")) for folder in folders)
    return _merged(files, language)


def _stamp(path: Path) -> tuple[int, int] | None:
    if not path.is_file():
        return None
    found = path.stat()
    return found.st_mtime_ns, found.st_size


_merge, _compile_builder = i18n._merge, Rule._compile_builder


def _built_when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """What builds a rule's addresses, compiled with the first of them: most tests ask for few of a hundred, and
    compiling all takes half the time of making the application."""
    made: list[Callable[..., Any]] = []

    def build(rule: Rule, **values: Any) -> Any:
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](rule, **values)

    return build


@cache
def _merged(files: tuple[tuple[Path, Any], ...], language: str) -> Any:
    return _merge([folder for folder, _ in files], language)
