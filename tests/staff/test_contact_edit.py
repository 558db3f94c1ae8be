import pytest
from sqlalchemy import Engine, select

from core.crm.models import Contact, Tenant
from core.db.session import open_session
from core.db.viewer import system
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, hidden, words

NEW = "/staff/contacts/new"
FULL = {
    "first_name": " Ana ", "last_name": "Ruiz", "email": "Ana@Example.com", "phone": "91 123 45 67",
    "mobile": "612 345 678", "language": "en",
}  # fmt: skip


def one(engine: Engine, tenant: Tenant) -> Contact:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalars(select(Contact)).one()


def test_a_new_contact_has_keys_to_sign_in_with_and_no_access(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    page = follow(staff, staff.post(NEW, FULL))
    assert "Ana Ruiz was added, without access so far." in words(page)
    ana = one(engine, tenant)
    assert (ana.first_name, ana.email, ana.email_key) == ("Ana", "Ana@Example.com", "ana@example.com")
    assert (ana.phone_key, ana.mobile_key, ana.language) == ("+34911234567", "+34612345678", "en")
    assert (ana.portal_user, ana.support_start, ana.password_hash) == (False, None, None)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "not an address"}, "This is no e-mail address"),
        ({"language": "fr"}, "Not a valid choice"),
        ({"first_name": "", "last_name": " ", "email": ""}, "Write a name or an e-mail address."),
        ({"last_name": "x" * 121}, "Last name may have at most 120 characters."),
        ({"phone": "12\x0034"}, "Phone holds a character that cannot be shown."),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    engine: Engine, tenant: Tenant, staff: Browser, typed: dict[str, str], says: str
) -> None:
    answer = staff.post(NEW, {**FULL, **typed})
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'value="612 345 678"' in answer.text
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Contact)).all() == []


@pytest.mark.parametrize("extra", [{"password_hash": "x"}, {"portal_user": "y"}, {"id": "77"}, {"email_key": "x@y.z"}])
def test_no_other_column_can_be_written(engine: Engine, tenant: Tenant, staff: Browser, extra: dict[str, str]) -> None:
    follow(staff, staff.post(NEW, {**FULL, **extra}))
    ana = one(engine, tenant)
    assert (ana.password_hash, ana.portal_user, ana.email_key) == (None, False, "ana@example.com")
    assert ana.id != 77


def test_a_phone_that_cannot_be_read_is_kept_and_told(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    page = follow(staff, staff.post(NEW, {**FULL, "phone": "ask for Ana"}))
    assert "ask for Ana (cannot be read, so nobody signs in with it)" in words(page)
    ana = one(engine, tenant)
    assert (ana.phone, ana.phone_key, ana.email_key) == ("ask for Ana", None, "ana@example.com")


def test_editing_writes_the_facts_and_their_keys(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    follow(staff, staff.post(NEW, FULL))
    url = f"/staff/contacts/{one(engine, tenant).id}/edit"
    version = hidden(staff.get(url), "version")
    page = follow(staff, staff.post(url, {**FULL, "email": "new@example.com", "phone": "xx", "version": version}))
    assert "xx cannot be read as a phone number" in words(page)
    ana = one(engine, tenant)
    assert (ana.email_key, ana.phone_key, ana.mobile_key) == ("new@example.com", None, "+34612345678")


def test_two_who_edit_the_same_contact_do_not_overwrite_each_other_unseen(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    with rows.writing(engine, tenant) as session:
        ana = rows.contact(session, "Ana", "Ruiz")
    url = f"/staff/contacts/{ana.id}/edit"
    version = hidden(staff.get(url), "version")
    world.change(engine, tenant, ana, first_name="Anabel")
    answer = staff.post(url, {**FULL, "last_name": "Gil", "version": version})
    assert answer.status_code == 422
    assert "Anabel" in words(answer)
    assert 'value="Gil"' in answer.text
    assert one(engine, tenant).last_name == "Ruiz"
    follow(staff, staff.post(url, {**FULL, "last_name": "Gil", "version": hidden(answer, "version")}))
    assert one(engine, tenant).last_name == "Gil"


@pytest.mark.parametrize("version", ["", "x", "-1", "\x00", "9" * 400])
def test_a_version_that_was_never_shown_saves_nothing(
    engine: Engine, tenant: Tenant, staff: Browser, version: str
) -> None:
    with rows.writing(engine, tenant) as session:
        ana = rows.contact(session, "Ana", "Ruiz")
    answer = staff.post(f"/staff/contacts/{ana.id}/edit", {**FULL, "last_name": "Gil", "version": version})
    assert answer.status_code == 422
    assert one(engine, tenant).last_name == "Ruiz"
