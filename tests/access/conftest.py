"""Fixtures for tests of the door."""

from typing import Any

import pytest
from flask import Flask, g, request
from sqlalchemy import Engine, select

from core.app import create_app
from core.config import Settings
from core.crm.models import Contact, Tenant
from core.modules.registry import Registry
from tests.access import world
from tests.access.browser import Browser


@pytest.fixture
def tenant(engine: Engine) -> Tenant:
    """A tenant on https at `world.HOST`."""
    return world.make_tenant(engine)


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The application, without modules, and with a page at /probe that tells who came in."""
    made = create_app(settings, Registry())
    made.add_url_rule("/probe", "probe", _probe, methods=["GET", "POST"])
    return made


@pytest.fixture
def guest(app: Flask, tenant: Tenant) -> Browser:
    """A browser at the tenant's portal, with nobody signed in."""
    return Browser(app.test_client())


def _probe() -> Any:
    """GET tells what the door found. POST renames the only contact, and answers with the status asked for."""
    told = {"kind": g.viewer.kind, "person": g.person and g.person.id, "login": g.login and g.login.id}
    told |= {"tenant": g.tenant.slug, "name": g.tenant.name}
    told |= {"address": request.remote_addr, "scheme": request.scheme}
    told |= {"accounts": list(g.ties.accounts)}
    if request.method == "POST" or "write" in request.args:
        g.session.scalars(select(Contact)).one().first_name = "Renamed"
        g.session.flush()
    return told, int(request.args.get("status", 200))
