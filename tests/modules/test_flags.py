"""Who says what of a field: its module, modules that are on for the tenant, and last the tenant itself."""

from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from core.api import PortalField
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import field_flags, find_settings, parse, render, save_flags, undo_flags
from core.modules.registry import Registry, load_modules
from core.modules.switches import Switches, read_switches
from tests.modules.strangers import make
from tests.worlds.world import World

INVOICE = "invoices.invoice"
SAID = FieldFlags(
    (
        ("total", Flags(False, True, True, (("en", "Sum"), ("es", "Suma «ñ»")))),
        ("lines.quantity", Flags(seen=False)),
        ("status", Flags(choices=(("paid", (("en", "Settled"),)), ("pending", (("es", "Por «pagar»"),))))),
    ),
    ("total", "number"),
)


def says(name: str, *fields: PortalField) -> Any:
    """A module that says this of the fields of others."""
    return make(name, portal_fields=lambda self: list(fields))


def registry(*modules: Any) -> Registry:
    """The installed modules, and these."""
    found = load_modules()
    for module in modules:
        found.take(module)
    assert not found.quarantined
    return found


def switches(*on: str, tenant: FieldFlags | None = None) -> Switches:
    """Switches with these modules on, and what the tenant has set."""
    fields = {} if tenant is None else {INVOICE: render(tenant)}
    return Switches({(name, "tenant", 1): True for name in on}, {}, 1, fields)


def test_what_is_written_is_read_back() -> None:
    assert parse(render(SAID)) == SAID
    assert parse(render(NO_FLAGS)) == NO_FLAGS
    assert parse(render(FieldFlags((("total", Flags()),)))) == NO_FLAGS


def test_a_module_that_is_on_is_heard_and_one_that_is_off_says_nothing() -> None:
    known = registry(says("hiding", PortalField(INVOICE, "total", seen=False)))
    assert field_flags(known, switches("hiding"))[INVOICE].of("total").seen is False
    assert INVOICE not in field_flags(known, switches())


def test_of_two_modules_the_later_goes_before_and_the_tenant_before_both() -> None:
    known = registry(
        says("a_hides", PortalField(INVOICE, "total", seen=False, filled=True)),
        says("b_shows", PortalField(INVOICE, "total", seen=True), PortalField(INVOICE, "note", required=True)),
    )
    both = field_flags(known, switches("a_hides", "b_shows"))[INVOICE]
    assert (both.of("total"), both.of("note")) == (Flags(True, True), Flags(required=True))
    tenant = FieldFlags((("total", Flags(seen=False)),))
    last = field_flags(known, switches("a_hides", "b_shows", tenant=tenant))[INVOICE]
    assert last.of("total") == Flags(False, True)
    assert last.of("note") == Flags(required=True)


def test_a_module_may_not_flag_its_own_fields() -> None:
    found = load_modules()
    found.take(says("vain", PortalField("vain.thing", "name", seen=False)))
    assert "flag it where it is declared" in found.quarantined["vain"].reason


def test_a_module_in_quarantine_says_nothing() -> None:
    known = registry(says("hiding", PortalField(INVOICE, "total", seen=False)))
    known.quarantine("hiding", RuntimeError("late"))
    assert field_flags(known, switches("hiding")) == {}


def test_what_one_tenant_sets_says_nothing_to_another(world: World) -> None:
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", SAID)
    try:
        with open_session(world.engine, system(world.one.id)) as session:
            assert field_flags(world.registry, read_switches(session))[INVOICE] == SAID
        with open_session(world.engine, system(world.two.id)) as session:
            assert field_flags(world.registry, read_switches(session)) == {}
            assert find_settings(session, "invoices", "invoice") is None
    finally:
        with world.writing() as session:
            session.delete(find_settings(session, "invoices", "invoice"))


def test_a_change_is_undone_once_and_brought_back(world: World) -> None:
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        save_flags(session, "invoices", "invoice", SAID)
        save_flags(session, "invoices", "invoice", NO_FLAGS)
        row = find_settings(session, "invoices", "invoice")
        assert row is not None
        assert parse(row.settings) == NO_FLAGS
        undo_flags(session, row)
        assert parse(row.settings) == SAID
        undo_flags(session, row)
        assert parse(row.settings) == NO_FLAGS


def test_the_first_change_is_undone_to_what_is_declared(world: World) -> None:
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        save_flags(session, "invoices", "invoice", SAID)
        row = find_settings(session, "invoices", "invoice")
        assert row is not None
        undo_flags(session, row)
        assert parse(row.settings) == NO_FLAGS


def test_two_who_save_the_same_version_are_not_both_right(world: World) -> None:
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", SAID)
    try:
        with open_session(world.engine, system(world.one.id), writes=True) as session:
            row = find_settings(session, "invoices", "invoice")
            assert row is not None
            set_committed_value(row, "version", 7)  # as if another had saved since it was read
            with pytest.raises(StaleDataError):
                save_flags(session, "invoices", "invoice", NO_FLAGS)
    finally:
        with world.writing() as session:
            session.delete(find_settings(session, "invoices", "invoice"))
