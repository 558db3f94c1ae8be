"""Skipping: said with its reason, and in continuous integration not accepted."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

NO_DATA = "real data is not beside this checkout"


def strict() -> bool:
    """Tell whether a missing browser or database is a failure, as it is where CI or POSTIGO_STRICT is set."""
    return any(os.environ.get(name, "").lower() in ("1", "true") for name in ("CI", "POSTIGO_STRICT"))


def missing(reason: str) -> NoReturn:
    """Skip the test for `reason`; where strict, fail it."""
    if strict():
        pytest.fail(reason)
    pytest.skip(reason)


def shared_data(name: str) -> Path:
    """Give the folder `name` of the real data beside the checkout, or skip: it is never in the repository."""
    folder = Path(__file__).parents[2] / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"{NO_DATA}: {name}")
    return folder
