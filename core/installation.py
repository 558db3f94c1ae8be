"""What one process runs with: settings, database, modules and files, in one place."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import Engine

from core.config import Settings
from core.crm.models import Tenant
from core.files.storage import Store
from core.modules.registry import Registry


@dataclass(frozen=True)
class Installation:
    """The parts that every room needs, made by `core.app.create_app` and by commands. `tenants` are those that
    were met, by host name: the door asks for each request whether one is still as it was. `refused` are the moments at
    which each viewer was last refused something."""

    settings: Settings
    engine: Engine
    registry: Registry
    store: Store
    tenants: dict[str, Tenant] = field(default_factory=dict)
    refused: dict[Any, deque[float]] = field(default_factory=dict)


def installation() -> Installation:
    """The installation of the running application."""
    found: Installation = current_app.extensions["postigo"]
    return found
