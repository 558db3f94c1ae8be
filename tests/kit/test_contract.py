"""What the kit says of modules that break a promise, with the core's own guard off where it is the core that keeps
it."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, true

import core.app
from core.api import Box, Module, Panel, Widget
from core.db.viewer import Scope
from core.db.wall import Owned
from core.kit import cost, switching, texts, unmoved
from core.kit.contract import _missing
from core.kit.exits import neighbours
from core.kit.hiding import hidden_by_company
from core.kit.look import Look, hidden_columns
from core.kit.places import Viewer
from core.kit.world import Address, Unfit, World, world_of
from core.portal import dashboard
from core.records import listing
from core.rest import schemas
from core.rest import views as rest_views
from core.web import export as csv
from core.web import panels
from plugins.invoices import module as invoices
from plugins.invoices.models import Invoice
from tests.modules.strangers import boom, make, pages

WHOLE, OTHER = Viewer("whole"), Viewer("other")
SEEN: list[str] = []


def remembers(session: Any, record_id: int) -> Box:
    """A panel on another module's records that shows whatever it has met."""
    SEEN.append(session.scalar(select(Invoice.number).where(Invoice.id == record_id)))
    return Box("invoices/widget.html", {"balances": [{"figures": [], "sentence": " ".join(SEEN)}]})


def once(self: Any, session: Any) -> None:
    """A hook that does not bear to be called again."""
    self.calls = getattr(self, "calls", 0) + 1
    if self.calls > 2:  # once for each of the kit's tenants
        boom()


def moody() -> Module:
    """A module that breaks several promises."""
    return make(
        "moody",
        routes=pages("moody"),
        widgets=lambda self: [Widget("fine", "Fine", lambda session: None)],
        panels=lambda self: [Panel("met", "Met", "invoices.invoice", remembers)],
        enabled=once,
    )


def world_in(folder: Path, module: Module) -> Any:
    url = f"sqlite:///{folder / 'kit.db'}"
    return world_of(module, Address(url, url), folder, lambda model: {})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with the moody module in it."""
    with world_in(Path(tmp_path_factory.mktemp("kit")), moody()) as made:
        yield made


def test_a_panel_on_another_modules_record_is_looked_at(world: World) -> None:
    assert [each.must for each in neighbours(world)] == [True] * len(list(neighbours(world)))
    assert Look(world, OTHER).everywhere() == []
    (complaint, *_) = Look(world, WHOLE).everywhere()
    assert complaint.startswith("The panel 'met' of 'moody' shows 'kx")
    assert complaint.endswith("of a row that belongs to account Beta, to a contact of account Alpha")


def test_a_hook_that_cannot_be_called_again_is_named(world: World) -> None:
    complaints = switching.switched_twice(world)
    assert (
        complaints[0] == "'moody' cannot be switched on again: The postigo_enabled of 'moody' failed: Broken: by design"
    )
    world.module.calls = -1000  # type: ignore[attr-defined]
    world.switch(True)
    assert switching.switched_twice(world) == []


def test_labels_that_nobody_can_translate_are_named(world: World) -> None:
    said = [
        "The module 'moody' is called 'Moody', which stays so in every language; write lazy_gettext('Moody')",
        "The widget 'fine' is called 'Fine', which stays so in every language; write lazy_gettext('Fine')",
        "The panel 'met' is called 'Met', which stays so in every language; write lazy_gettext('Met')",
    ]
    assert texts.untranslated(world) == said


def test_a_box_that_costs_more_than_its_place_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cost.boxes_fail_alone(world) == []
    monkeypatch.setattr(dashboard, "render_box", lambda registry, module, what, render, needs: render())
    monkeypatch.setattr(panels, "render_box", lambda registry, module, what, render, needs: render())
    complaints = cost.boxes_fail_alone(world)
    assert (
        complaints[0]
        == "/portal/ answers 500 to a contact of account Alpha where 'fine' fails; it may cost its own place alone"
    )
    assert any("where 'met' fails" in each for each in complaints)


def test_what_answers_while_the_module_is_off_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.app, "install_gate", lambda app: None)
    with world_in(tmp_path, make("open", routes=pages("open"))) as made:
        complaints = switching.hidden_when_off(made)
    assert "Its own page /portal/open/own/ (GET /portal/open/own/) answers 200 while 'open' is off" in complaints


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (make("raises", resources=boom), "'raises' is set aside when the portal starts: Broken: by design"),
        (make("invoices"), "Another module is called 'invoices': plugins.invoices"),
        (make("typo", widget=lambda self: []), "'typo' is set aside when the portal starts: PluginValidationError"),
    ],
    ids=["raises", "taken", "typo"],
)
def test_a_module_that_is_not_taken_in_is_told_why(tmp_path: Path, module: Module, said: str) -> None:
    with pytest.raises(Unfit) as unfit, world_in(tmp_path, module):
        pass
    assert str(unfit.value).startswith(said)


def test_without_a_browser_it_says_so_and_where_strict_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTIGO_STRICT", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not opened in a browser: not installed: playwright"):
        _missing("not installed: playwright")
    monkeypatch.setenv("POSTIGO_STRICT", "1")
    with pytest.raises(pytest.fail.Exception, match="not opened in a browser"):
        _missing("not installed: playwright")


def every(resource: Any, sight: Any) -> Any:
    """All fields, whoever asks."""
    return resource.fields


@pytest.mark.parametrize(
    ("rooms", "exit_"),
    [((csv,), "export.csv"), ((schemas, rest_views), "JSON list")],
    ids=["csv", "json"],
)
def test_an_exit_that_does_not_ask_which_fields_are_seen_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rooms: tuple[Any, ...], exit_: str
) -> None:
    for room in rooms:
        monkeypatch.setattr(room, "effective", every)
    with world_in(tmp_path, invoices) as made:
        look = Look(made, WHOLE, hidden=hidden_columns(made))
        look.at_lists()
    said = f"The {exit_} of 'invoice' shows 'reason' of Invoice, a field that clients do not see, to a contact of"
    assert any(each.startswith(said) for each in look.complaints)


def test_a_list_that_does_not_ask_what_staff_hide_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "effective", every)
    with world_in(tmp_path, invoices) as made:
        complaints = hidden_by_company(made)
    said = "The list of 'invoice' shows 'number' of Invoice, which staff have hidden from clients"
    assert any(each.startswith(said) for each in complaints)


def test_without_the_wall_everybody_is_named_who_sees_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with world_in(tmp_path, invoices) as made:  # while it begins, a module whose rule is not the core's is set aside
        monkeypatch.setattr(Owned, "seen_by_contact", staticmethod(lambda entity, shape: true()))
        whole, site = Look(made, WHOLE), Look(made, Viewer("site"))
        for look in (whole, site):
            look.at_lists()
        whole.at_records([row for row in made.rows if row.model is Invoice][:1])
        moved = unmoved.moved_by_others(made)
        made.scope(Scope.CONTACT)
        scoped = Look(made, WHOLE, only_named=True)
        scoped.at_lists()
    # Where few accounts are seen whole, the list asks for their rows by itself, and the wall keeps it clear of what is
    # not published. Wherever else the contract looks, the wall alone keeps back what is another's.
    assert named(whole, "The list of 'invoice' lists a record", "that belongs to account Alpha and is not published")
    exits = ("The list", "The JSON list", "The export.csv")
    for look, exit_ in (*product((site, scoped), exits), (whole, "The export.csv")):
        for theirs in ("belongs to account Beta", "belongs to nobody", "belongs to the contact 'other' alone"):
            assert named(look, f"{exit_} of 'invoice'", theirs), (look.viewer, exit_, theirs)
    assert named(whole, "answers 200 to a contact of account Alpha", "for one that belongs to nobody")
    assert any(each.startswith("The list of 'invoice' (/portal/invoices/) changed for") for each in moved)


def named(look: Look, *parts: str) -> list[str]:
    """The complaints in which all of these stand."""
    return [said for said in look.complaints if all(part in said for part in parts)]
