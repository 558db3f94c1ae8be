"""The page on which staff switch fields: what it saves, shows, refuses, and takes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from core.api import PortalField
from core.crm.models import Contact
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import field_flags, find_settings, parse, save_flags
from core.modules.switches import read_switches
from core.records.explain import explain
from core.staff import fields
from tests.modules.strangers import make
from tests.petitions import add
from tests.petitions.acting import post
from tests.petitions.fixtures import petitions
from tests.petitions.reading import shown
from tests.staff.reading import follow, undo, words
from tests.visibility.changes import switch
from tests.worlds.world import Browser, World

__all__ = ["petitions"]
PAGE, INVOICES = "/staff/fields/petitions/petition/", "/staff/fields/invoices/invoice/"
LIST = "/portal/petitions/"


@pytest.fixture(autouse=True)
def clean(petitions: World) -> Iterator[None]:
    """Each test leaves the fields as they are declared."""
    yield
    for slug in ("one", "two"):
        with petitions.writing(slug) as session:
            for module, resource in (("petitions", "petition"), ("invoices", "invoice")):
                if row := find_settings(session, module, resource):
                    session.delete(row)


class Asked:
    """A browser whose posts carry a token, for `undo` and `follow`."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.get = browser.get

    def post(self, path: str, data: dict[str, Any]) -> TestResponse:
        """Send a form."""
        return post(self.browser, path, data)


def send(world: World, do: str = "save", page: str = PAGE, staff: Asked | None = None, **typed: Any) -> TestResponse:
    """Open the page, and send its form but for what is typed; None leaves a box unticked."""
    browser = staff.browser if staff else world.staff()
    form = shown(browser.get(page).text) | {"do": do, **{name.replace("__", "-"): text for name, text in typed.items()}}
    return post(browser, page, {name: text for name, text in form.items() if text is not None})


def saved(world: World, slug: str = "one", module: str = "petitions", resource: str = "petition") -> FieldFlags:
    """What the tenant has set."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        row = find_settings(session, module, resource)
        return NO_FLAGS if row is None else parse(row.settings)


def test_the_page_shows_what_holds_and_saving_it_changes_nothing(petitions: World) -> None:
    page = words(petitions.staff().get(PAGE))
    for text in ("Fields of Petitions", "Number", "Reminders", "(table)", "What is saved."):
        assert text in page
    staff = Asked(petitions.staff())
    answer = follow(staff, send(petitions, staff=staff))  # type: ignore[arg-type]
    assert "Nothing was changed." in words(answer)
    assert saved(petitions) == NO_FLAGS
    invoices = petitions.staff().get(INVOICES).text
    assert "seen-lines.quantity" in invoices
    assert "filled-" not in invoices


def test_what_differs_from_the_declaration_is_kept_and_nothing_else(petitions: World) -> None:
    typed = {"required-body": "y", "label-es-subject": " Asunto ", "seen-reminders.text": None, "seen-double": None}
    assert send(petitions, seen__budget=None, filled__budget=None, **typed).status_code == 303
    assert dict(saved(petitions).fields) == {
        "budget": Flags(seen=False, filled=False),
        "body": Flags(required=True),
        "double": Flags(seen=False),
        "subject": Flags(labels=(("es", "Asunto"),)),
        "reminders.text": Flags(seen=False),
    }
    assert saved(petitions).order == ()
    back = {"required-body": None, "label-es-subject": "", "seen-reminders.text": "y", "seen-double": "y"}
    assert send(petitions, seen__budget="y", filled__budget="y", **back).status_code == 303
    assert saved(petitions) == NO_FLAGS


def test_a_hidden_field_is_gone_from_the_clients_next_page_and_back_after_undo(petitions: World) -> None:
    record_id = add(petitions, body="Confidential words")
    client = petitions.contact("whole")
    assert "Confidential words" in client.get(f"{LIST}{record_id}").text
    staff = Asked(petitions.staff())
    page = follow(staff, send(petitions, staff=staff, seen__body=None, filled__body=None))  # type: ignore[arg-type]
    assert "Confidential words" not in client.get(f"{LIST}{record_id}").text
    page = undo(staff, page)  # type: ignore[arg-type]
    assert "The change was undone." in words(page)
    assert "Confidential words" in client.get(f"{LIST}{record_id}").text
    undo(staff, page)  # type: ignore[arg-type]
    assert "Confidential words" not in client.get(f"{LIST}{record_id}").text


def test_an_undo_that_comes_too_late_undoes_nothing(petitions: World) -> None:
    staff = petitions.staff()
    send(petitions, seen__body=None, filled__body=None)
    early = shown(staff.get(PAGE).text)["version"]
    send(petitions, seen__hours=None, filled__hours=None)
    before = saved(petitions)
    answer = post(staff, PAGE, {"do": "undo", "version": early})
    assert answer.status_code == 422
    assert "Nothing was undone" in words(answer)
    assert saved(petitions) == before


def test_fields_go_back_to_how_the_module_declares_them(petitions: World) -> None:
    assert "Back to how the module" not in words(petitions.staff().get(PAGE))
    send(petitions, seen__number=None)
    assert "Back to how the module" in words(petitions.staff().get(PAGE))
    staff = Asked(petitions.staff())
    page = follow(staff, send(petitions, "reset", staff=staff))  # type: ignore[arg-type]
    assert saved(petitions) == NO_FLAGS
    undo(staff, page)  # type: ignore[arg-type]
    assert saved(petitions).of("number").seen is False


def test_what_another_has_saved_is_shown_and_nothing_typed_is_lost(petitions: World) -> None:
    staff = petitions.staff()
    form = shown(staff.get(PAGE).text)
    send(petitions, seen__number=None, **{"label-en-subject": "Theirs"})
    typed = form | {"do": "save", "label-en-subject": "Ours", "label-es-body": "Nuestro"}
    answer = post(staff, PAGE, typed)
    assert answer.status_code == 422
    text = words(answer)
    assert "Somebody else changed this meanwhile" in text
    assert "Number: Seen by clients No" in text
    assert "Subject: Label in English Theirs" in text
    assert 'value="Ours"' in answer.text
    assert 'value="Nuestro"' in answer.text
    assert saved(petitions).of("subject").labels == (("en", "Theirs"),)
    again = post(staff, PAGE, shown(answer.text) | {"do": "save"})
    assert again.status_code == 303
    assert saved(petitions).of("subject").labels == (("en", "Ours"),)
    assert saved(petitions).of("number").seen is None


@pytest.mark.parametrize("version", [None, "", "0", "1", "x", "99.1"])
def test_a_version_that_is_not_the_present_one_saves_nothing(petitions: World, version: str | None) -> None:
    send(petitions, seen__number=None)
    assert send(petitions, version=version, seen__hours=None, filled__hours=None).status_code == 422
    assert saved(petitions).of("hours") == Flags()


def test_the_order_is_that_of_the_positions(petitions: World) -> None:
    add(petitions, people=3, body="A body")
    assert send(petitions, place__people="1").status_code == 303
    order = saved(petitions).order
    assert order[:3] == ("people", "number", "subject")
    page = petitions.staff().get(PAGE).text
    assert page.index('id="seen-people"') < page.index('id="seen-number"')
    assert shown(page)["place-people"] == "1"
    assert send(petitions, place__people=str(len(order))).status_code == 303
    assert saved(petitions).order[-1] == "people"
    assert send(petitions, place__people=shown(page)["place-people"]).status_code == 303


def test_a_moved_field_takes_the_place_that_was_typed(petitions: World) -> None:
    before = [line for line in shown(petitions.staff().get(PAGE).text) if line.startswith("place-")]
    for name, place in (("place-body", 2), ("place-number", 5), ("place-hours", 1)):
        send(petitions, "reset")
        assert send(petitions, **{name: str(place)}).status_code == 303
        after = [line for line in shown(petitions.staff().get(PAGE).text) if line.startswith("place-")]
        assert after.index(name) == place - 1
        assert [x for x in after if x != name] == [x for x in before if x != name]


def test_columns_of_a_table_are_ordered_among_themselves(petitions: World) -> None:
    assert send(petitions, page=INVOICES, **{"place-lines.total": "1"}).status_code == 303
    order = saved(petitions, "one", "invoices", "invoice").order
    assert order[:2] == ("lines.total", "lines.description")
    assert "number" not in order


def test_a_label_is_the_readers_language(petitions: World) -> None:
    record_id = add(petitions)
    send(petitions, **{"label-en-subject": "What you need", "label-es-subject": "Lo que necesita"})
    client = petitions.contact("whole")
    assert "What you need" in client.get(LIST).text
    client.set_cookie("postigo_language", "es", domain=client.host)
    assert "Lo que necesita" in client.get(LIST).text
    assert "Lo que necesita" in client.get(f"{LIST}{record_id}/do/edit").text


def test_a_preview_saves_nothing_and_shows_what_was_typed(petitions: World) -> None:
    add(petitions, body="The newest words")
    staff = petitions.staff()
    page = staff.get(PAGE).text
    assert "The newest words" in page
    answer = send(
        petitions, "preview", seen__body=None, filled__body=None, **{"label-en-subject": "What <b>you</b> need"}
    )
    assert answer.status_code == 200
    text = answer.text.partition('class="fields-preview"')[2]
    assert "What you typed, not saved yet." in words(answer)
    assert "The newest words" not in text
    assert "What &lt;b&gt;you&lt;/b&gt; need" in text
    assert "<b>you" not in answer.text
    assert shown(answer.text)["label-en-subject"] == "What <b>you</b> need"
    assert saved(petitions) == NO_FLAGS


def test_a_preview_hides_what_staff_alone_see(petitions: World) -> None:
    add(petitions, contact_id=petitions.one.people["whole"])
    text = petitions.staff().get(PAGE).text.partition('class="fields-preview"')[2]
    assert "Contact" not in text
    assert "Secret" not in text
    shown_ = send(petitions, "preview", seen__contact_id="y").text.partition('class="fields-preview"')[2]
    assert "Contact" in shown_


def test_a_preview_is_seen_in_the_other_language(petitions: World) -> None:
    staff = petitions.staff()
    assert '<div lang="en">' in staff.get(PAGE).text
    spanish = staff.get(f"{PAGE}?language=es").text
    assert '<div lang="es">' in spanish
    assert "Lista" in spanish.partition('class="fields-preview"')[2]
    assert '<html lang="en"' in spanish
    assert '<div lang="en">' in staff.get(f"{PAGE}?language=xx").text
    assert '<div lang="es">' in send(petitions, "preview", language="es").text


def test_staff_are_told_what_clients_can_no_longer_do(petitions: World) -> None:
    assert "Clients cannot do this" not in words(petitions.staff().get(PAGE))
    off = {"seen-subject": None, "filled-subject": None, "required-subject": None}
    assert "Clients cannot do this: New petition" in words(send(petitions, "preview", **off))
    assert send(petitions, **off).status_code == 303
    assert "Clients cannot do this: New petition" in words(petitions.staff().get(PAGE))


def test_without_a_record_the_preview_names_the_fields(petitions: World) -> None:
    text = words(petitions.staff("two").get(PAGE))
    assert "There is no record yet. It would say:" in text
    assert "Subject" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"seen-subject": None}, "Subject cannot be filled in where it is not seen."),
        ({"filled-subject": None}, "Subject cannot be required where it is not filled in."),
        ({"required-budget": "y", "filled-budget": None}, "Budget cannot be required where it is not filled in."),
        ({"label-es-subject": "x" * 81}, "at most 80"),
        ({"label-en-subject": "a\x00b"}, "cannot be shown"),
        ({"place-subject": "0"}, "Position of Subject"),
        ({"place-subject": ""}, "Position of Subject"),
        ({"place-subject": "1000"}, "Position of Subject"),
        ({"place-subject": "²"}, "Position of Subject"),
        ({"place-subject": "x" * 4000}, "Position of Subject"),
        ({"seen-nonsense": "y"}, "This page has no field “seen-nonsense”."),
        ({"filled-number": "y"}, "This page has no field “filled-number”."),
        ({"place-reminders": "1"}, "This page has no field “place-reminders”."),
        ({"label-fr-subject": "x"}, "This page has no field"),
        ({"x" * 4000: "y"}, "This page has no field"),
        ({"<script>": "y"}, "This page has no field"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_saved(petitions: World, typed: dict[str, Any], said: str) -> None:
    for do in ("save", "preview"):
        answer = send(petitions, do, **{"label-en-body": "Kept on the page", **typed})
        assert answer.status_code == 422
        assert said in words(answer)
        assert "Please check what you entered" in words(answer)
        assert "Kept on the page" in answer.text
        for name in set(typed) & set(shown(answer.text)):
            assert shown(answer.text)[name] == typed[name] or not typed[name].isprintable()
        assert "<script>" not in answer.text
    assert saved(petitions) == NO_FLAGS


def test_what_other_modules_say_is_the_default_with_its_source(petitions: World) -> None:
    record_id = add(petitions)
    loud = make(
        "loud", portal_fields=lambda self: [PortalField("petitions.petition", "hours", seen=False, filled=False)]
    )
    petitions.registry.take(loud)
    try:
        assert "Loud says" not in words(petitions.staff().get(PAGE))
        switch(petitions, petitions.one, "loud", "tenant", petitions.one.id, True)
        page = petitions.staff().get(PAGE)
        assert "Loud says: hidden, not filled in" in words(page)
        assert "seen-hours" not in shown(page.text)
        assert send(petitions).status_code == 303
        assert saved(petitions) == NO_FLAGS
        send(petitions, seen__hours="y")
        assert saved(petitions).of("hours") == Flags(seen=True)
        with open_session(petitions.engine, system(petitions.one.id)) as session:
            held = field_flags(petitions.registry, read_switches(session))["petitions.petition"].of("hours")
            contact = session.get(Contact, petitions.one.people["whole"])
            assert contact is not None
            said = explain(session, petitions.registry, contact, "petitions", "petition", record_id, "hours")
        assert held == Flags(True, False)
        assert said.rules[-1][1] == (
            "the field hours: the module petitions declares it shown, the module loud says it is hidden, "
            "the company has set it shown"
        )
    finally:
        switch(petitions, petitions.one, "loud", "tenant", petitions.one.id, None)
        petitions.registry.quarantine("loud", RuntimeError("over"))
        petitions.registry.quarantined.pop("loud")


def test_the_list_names_every_kind_of_record_that_clients_have(petitions: World) -> None:
    staff = petitions.staff()
    page = staff.get("/staff/fields/")
    assert PAGE in page.text
    assert INVOICES in page.text
    assert "/staff/fields/invoices/payment/" not in page.text
    assert "Changed by you" not in words(page)
    send(petitions, seen__number=None)
    assert "Changed by you" in words(staff.get("/staff/fields/"))
    assert PAGE in staff.get("/staff/modules/").text


def test_the_page_is_the_staffs_and_of_their_own_tenant(petitions: World) -> None:
    with petitions.writing("two") as session:
        save_flags(session, "petitions", "petition", FieldFlags((("number", Flags(labels=(("en", "Theirs"),))),)))
    staff, client = petitions.staff(), petitions.contact("whole")
    assert "Theirs" not in staff.get(PAGE).text
    assert send(petitions, seen__number=None).status_code == 303
    assert saved(petitions, "two").of("number") == Flags(labels=(("en", "Theirs"),))
    nothing = staff.get("/staff/nonsense").data
    for path in ("/staff/fields/invoices/payment/", "/staff/fields/nonsense/petition/", "/staff/fields/petitions/x/"):
        for answer in (staff.get(path), post(staff, path, {"do": "save"})):
            assert (answer.status_code, answer.data) == (404, nothing)
    for path in (PAGE, "/staff/fields/"):
        assert client.get(path).status_code == 404
        assert petitions.visitor().get(path).status_code == 303
    assert post(client, PAGE, {"do": "reset", "version": "1.1"}).status_code == 404


def test_an_unknown_act_is_a_400_and_a_forged_form_a_403(petitions: World) -> None:
    staff = petitions.staff()
    assert post(staff, PAGE, {"do": "explode"}).status_code == 400
    assert post(staff, PAGE, {}).status_code == 400
    assert staff.post(PAGE, data={"do": "reset"}).status_code == 403


@pytest.mark.parametrize("error", [StaleDataError("by design"), IntegrityError("by design", {}, Exception())])
def test_where_two_save_at_the_same_moment_the_second_is_shown_the_first(
    petitions: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def late(*args: Any) -> None:
        raise error

    monkeypatch.setattr(fields, "save_flags", late)
    answer = send(petitions, seen__number=None, **{"label-en-body": "Kept"})
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile" in words(answer)
    assert shown(answer.text)["label-en-body"] == "Kept"
