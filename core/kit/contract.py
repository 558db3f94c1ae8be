"""What the portal asks of every module, as one class for its author's tests."""

import importlib.util
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from core.db.viewer import Scope
from core.kit import answers, cost, kept, mails, schema, source, switching, texts, unmoved
from core.kit.hiding import hidden_by_company
from core.kit.look import Look, hidden_columns
from core.kit.places import CONTACTS, Viewer
from core.kit.rows import NotMade
from core.kit.world import Address, Unfit, World, world_of
from core.modules.module import Module

_STRICT = ("1", "true")
_FOR_PAGES = ("playwright", "axe_playwright_python")


class ModuleContract:
    """Derive a class called `Test…` from it, set `module`, and run pytest: nothing else is needed.

    It makes an installation of its own with two tenants, clients of several accounts and sites, and rows of
    every class of the module at each of them. Each failure is a sentence about the module."""

    #: the module's object, as its package exports it
    module: ClassVar[Module]

    @classmethod
    def examples(cls, model: type[Any]) -> Mapping[str, Any]:
        """What columns of `model` hold, where the kit cannot make it up (a constraint, a format)."""
        return {}

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls, tmp_path_factory: pytest.TempPathFactory) -> Address:
        """Where the database is: a SQLite file of its own, unless a derived class says otherwise."""
        url = f"sqlite:///{tmp_path_factory.mktemp('kit') / 'kit.db'}"
        return Address(url, url)

    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World | str]:
        """The world that the tests look at; a sentence where the module does not get so far."""
        home = Path(tmp_path_factory.mktemp("home"))
        try:
            with world_of(cls.module, address, home, cls.examples) as world:
                yield world
        except (Unfit, NotMade) as error:
            yield str(error)

    @pytest.fixture
    def world(self, made: World | str) -> World:
        """The same, for the tests that need it: they are skipped without, and one says why."""
        if isinstance(made, str):
            pytest.skip("the module is not taken in")
        return made

    def test_it_imports_core_api_alone(self) -> None:
        """A module imports of the core what `core.api` offers, and nothing of other modules. No text becomes HTML."""
        _none([*source.imports(self.module), *source.markup(self.module)])

    def test_importing_it_does_nothing(self) -> None:
        """No statement, thread, process or connection before a hook is called."""
        _none(source.at_import(self.module))

    def test_it_is_taken_in(self, made: World | str) -> None:
        """It loads, its migrations run, rows of each of its classes can be made, and its names are its own."""
        _none([made] if isinstance(made, str) else source.names(self.module, made.resources))

    def test_its_migrations_make_its_models(self, world: World) -> None:
        """From nothing to what the models say; again without harm; and without any other module."""
        _none(schema.migrations(world))

    @pytest.mark.parametrize("viewer", CONTACTS, ids=repr)
    def test_a_client_sees_what_is_theirs_alone(self, world: World, viewer: Viewer) -> None:
        """Lists, records, files, exports, the API, boxes, panels and the module's own pages."""
        _none(Look(world, viewer, hidden=hidden_columns(world)).everywhere())

    def test_nothing_is_kept_for_the_next(self, world: World) -> None:
        """What one was shown is not shown to another, whoever comes first; nor is what was counted for them."""
        looks = [Look(world, viewer, hidden=hidden_columns(world)) for viewer in (*CONTACTS, *reversed(CONTACTS))]
        with answers.asked_once(world.module, world.engine) as asked:
            said = [complaint for look in looks for complaint in look.at_once()]
        _none(said + asked + kept.changed(world.module, world.app, world.started))

    @pytest.mark.parametrize("viewer", CONTACTS[:3], ids=repr)
    def test_a_client_sees_what_names_them_alone_where_staff_say_so(self, world: World, viewer: Viewer) -> None:
        """The same where the tenant shows its contacts what names them and no more."""
        world.scope(Scope.CONTACT)
        try:
            _none(Look(world, viewer, only_named=True, hidden=hidden_columns(world)).everywhere())
        finally:
            world.scope(Scope.ACCOUNT)

    def test_staff_see_their_tenants_rows_and_no_others(self, world: World) -> None:
        """Drafts, and what belongs to nobody, too."""
        _none([said for slug in world.tenants for said in Look(world, Viewer("staff", slug)).everywhere()])

    def test_a_visitor_sees_nothing(self, world: World) -> None:
        """Whoever is not signed in is led to the door."""
        _none(Look(world, Viewer("visitor")).everywhere())

    def test_its_mails_tell_what_their_reader_sees(self, world: World) -> None:
        """What would stand in a mail to a client, of each of its kinds."""
        _none(mails.told(world))

    def test_what_staff_hide_is_gone_everywhere(self, world: World) -> None:
        """Each field in turn, on every exit, with the next request."""
        _none(hidden_by_company(world))

    def test_nothing_can_be_asked_about_hidden_fields(self, world: World) -> None:
        """No filter, order or search by what clients do not see; and nothing that follows from it."""
        _none([*unmoved.asked_by_hidden(world), *unmoved.moved_by_hidden(world)])

    def test_rows_of_others_move_nothing(self, world: World) -> None:
        """No count, sum, order or cache that reaches beyond what its reader sees."""
        _none(unmoved.moved_by_others(world))

    def test_nobody_changes_what_they_do_not_see(self, world: World) -> None:
        """Whatever is posted, wherever it is."""
        _none(switching.changed_by_strangers(world))

    def test_off_hides_everything_and_runs_nothing(self, world: World) -> None:
        """The core's own 404 for every address and verb; on again, all is there."""
        _none(switching.hidden_when_off(world))

    def test_it_can_be_switched_twice(self, world: World) -> None:
        """Hooks may be called for a module that was on, or off, before."""
        _none(switching.switched_twice(world))

    def test_pages_take_few_statements(self, world: World) -> None:
        """As many with three records more, and eight at most."""
        _none(cost.statements_grow(world))

    def test_a_box_that_fails_costs_its_own_place(self, world: World) -> None:
        """Widgets and panels, each in turn."""
        _none(cost.boxes_fail_alone(world))

    def test_everything_people_read_is_translated(self, world: World) -> None:
        """Every sentence has its Spanish, and every label can have one."""
        _none([*texts.untranslated(world), *texts.in_both_languages(world)])

    def test_its_pages_are_sound_in_a_browser(self, world: World) -> None:
        """At both widths, in both languages, and nothing that axe finds."""
        if absent := [name for name in _FOR_PAGES if importlib.util.find_spec(name) is None]:
            _missing(f"not installed: {', '.join(absent)}")
        from core.kit import screen

        try:
            _none(screen.pages(world))
        except screen.NoBrowser as error:
            _missing(str(error))


def _none(complaints: list[str]) -> None:
    """Fail with the complaints, if there are any."""
    if complaints:
        pytest.fail("\n".join(dict.fromkeys(complaints)), pytrace=False)


def _missing(what: str) -> None:
    """Skip, and say why; fail where POSTIGO_STRICT says that nothing may be skipped."""
    reason = f"the pages were not opened in a browser: {what}"
    if os.environ.get("POSTIGO_STRICT", "").lower() in _STRICT:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
