"""What a row of switches says, without a page: the level that decides, and what results."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from core.modules.reach import Ties
from core.modules.registry import Registry, load_modules
from core.modules.switches import PORTAL, Switches
from core.staff.switchboard import of_account, of_contact

TENANT, ACME, BETA, ANA = 1, 10, 20, 5
BOTH = Ties(accounts={ACME: "Acme", BETA: "Beta"})


@pytest.fixture
def modules() -> Iterator[Registry]:
    """The installed modules, within a request for the words."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield load_modules()


def row(rows: list[dict[str, Any]], name: str) -> tuple[str, bool, bool, str]:
    found = next(r for r in rows if r["name"] == name)
    return found["choice"], found["inherited"], found["effective"], found["because"]


def set_(**at: bool) -> Switches:
    """Switches of invoices by place: tenant, acme, beta, ana; `portal_` before one is the portal's."""
    places = {"tenant": ("tenant", TENANT), "acme": ("account", ACME), "beta": ("account", BETA)}
    places["ana"] = ("contact", ANA)
    named = {
        (PORTAL if name.startswith("portal_") else "invoices", *places[name.removeprefix("portal_")]): on
        for name, on in at.items()
    }
    return Switches(named, {}, TENANT)


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        (set_(), ("inherit", False, False, "As for the whole company.")),
        (set_(tenant=True), ("inherit", True, True, "As for the whole company.")),
        (set_(tenant=True, acme=False), ("inherit", True, True, "Off for Acme.")),
        (set_(tenant=True, acme=False, beta=False), ("inherit", False, False, "Off for Acme, Beta.")),
        (set_(acme=True, beta=False), ("inherit", True, True, "On for Acme. Off for Beta.")),
        (set_(acme=True, ana=False), ("off", True, False, "Set for this contact.")),
        (set_(ana=True), ("on", False, True, "Set for this contact.")),
        (set_(ana=True, portal_tenant=False), ("on", False, False, "The portal is off for this contact.")),
    ],
)
def test_a_contacts_row(modules: Registry, switches: Switches, says: tuple[str, bool, bool, str]) -> None:
    assert row(of_contact(modules, switches, BOTH, ANA), "invoices") == says


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        (set_(tenant=True), ("inherit", True, True, "As for the whole company.")),
        (set_(tenant=True, acme=False), ("off", True, False, "Set for this client.")),
        (set_(acme=True, portal_acme=False), ("on", False, False, "The portal is off for this client.")),
    ],
)
def test_an_accounts_row(modules: Registry, switches: Switches, says: tuple[str, bool, bool, str]) -> None:
    assert row(of_account(modules, switches, ACME), "invoices") == says


def test_the_portal_is_on_unless_somebody_says_otherwise(modules: Registry) -> None:
    assert row(of_contact(modules, set_(), BOTH, ANA), PORTAL)[:3] == ("inherit", True, True)
    assert row(of_contact(modules, set_(portal_ana=False), BOTH, ANA), PORTAL)[:3] == ("off", True, False)
