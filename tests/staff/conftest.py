"""Fixtures for tests of the staff's pages: a tenant in English, a member of staff signed in, and another
tenant whose rows must never show."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from core.app import create_app
from core.config import Settings
from core.crm.models import Tenant
from core.modules.registry import Registry, load_modules
from tests.access import world
from tests.access.browser import Browser


@pytest.fixture
def tenant(engine: Engine) -> Tenant:
    """The tenant that the staff is of."""
    return world.make_tenant(engine, language="en")


@pytest.fixture
def other(engine: Engine) -> Tenant:
    """Another company on the same installation."""
    return world.make_tenant(engine, "fuego", "fuego.example.es", language="en")


@pytest.fixture
def registry() -> Registry:
    """The installed modules; a test may add to it before it asks for `staff`."""
    return load_modules()


@pytest.fixture
def app(settings: Settings, registry: Registry) -> Iterator[Flask]:
    """The application with those modules."""
    made = create_app(settings, registry)
    yield made
    made.extensions["postigo"].engine.dispose()


@pytest.fixture
def staff(app: Flask, engine: Engine, tenant: Tenant) -> Browser:
    """A browser in which a member of staff is signed in."""
    world.add_staff(engine, tenant, "sara@agua.example")
    browser = Browser(app.test_client())
    assert browser.sign_in("sara@agua.example").status_code == 303
    return browser


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends while the block runs."""
    sent: list[str] = []
    engine = app.extensions["postigo"].engine

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT set_config")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
