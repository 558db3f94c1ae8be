"""Fixtures for tests of the door."""

import pytest
from sqlalchemy import Engine

from core.crm.models import Tenant
from tests.access import world


@pytest.fixture
def tenant(engine: Engine) -> Tenant:
    """A tenant on https at `world.HOST`."""
    return world.make_tenant(engine)
