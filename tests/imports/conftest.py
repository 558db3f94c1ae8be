"""Fixtures for imports: the small export on either database, ready to be changed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.files.storage import Store
from core.modules.registry import Registry, load_modules
from tests.imports.exports import SMALL, Export


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The installed modules."""
    return load_modules()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in a folder of the test."""
    return Store(tmp_path / "store")


@pytest.fixture
def export(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """A copy of the small export, and a tenant to import it for."""
    return Export(SMALL, tmp_path / "export", engine, registry, store)
