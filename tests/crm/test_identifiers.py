"""E-mail addresses and phone numbers as keys, however one writes them."""

import xml.etree.ElementTree as ElementTree
from functools import cache

import phonenumbers
import pytest

from core.crm.identifiers import LONGEST_EMAIL_KEY, LONGEST_PHONE_KEY, email_key, keys_of_contact, phone_key
from core.crm.models import Contact
from tests.strict import shared_data


@pytest.mark.parametrize(
    "written",
    [
        "ana.ruiz@example.es",
        "  ANA.Ruiz@EXAMPLE.es\n",
        "Ana.Ruiz@Example.ES",
    ],
)
def test_an_address_is_the_same_however_one_writes_it(written: str) -> None:
    assert email_key(written) == "ana.ruiz@example.es"


def test_a_domain_is_the_same_in_both_of_its_forms() -> None:
    assert email_key("ana@Señales.example") == email_key("ana@xn--seales-xwa.example") == "ana@xn--seales-xwa.example"
    assert email_key("josé@example.es") == email_key("jose\u0301@example.es")


@pytest.mark.parametrize("twin", ["\u212aate@example.es", "kate@example.es ".replace("k", "\uff4b"), "ĸate@example.es"])
def test_a_letter_that_only_looks_alike_is_another_address(twin: str) -> None:
    assert email_key(twin) != email_key("kate@example.es")


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "ana", "ana@", "@example.es", "a na@example.es", "ana@exa mple.es", "a@b@example.es"),
        *("ana\x00@example.es", "ana@\x00", "ana\u202e@example.es", "ana@example..es"),
        *("ana@" + "x" * 64 + ".es", "x" * 250 + "@example.es", "a@" + "ñ.".join("ñ" * 30 for _ in range(7))),
    ],
)
def test_what_is_no_address_has_no_key(text: str) -> None:
    assert email_key(text) is None


def test_an_extension_belongs_to_the_number() -> None:
    assert phone_key("91 234 56 78 ext. 12", "ES") == phone_key("+34912345678;ext=12", "ES") == "+34912345678x12"
    assert phone_key("91 234 56 78", "ES") == "+34912345678"


@pytest.mark.parametrize(
    "text", ["", "ask Marta", "123", "555-0199", "+", "+34", "x" * 50, "9" * 500, "\x00", "+999 123456789"]
)
def test_what_cannot_be_dialled_from_anywhere_has_no_key(text: str) -> None:
    assert phone_key(text, "US") is None


def test_a_number_without_its_country_needs_one() -> None:
    assert phone_key("912345678", "") is None
    assert phone_key("+34 912345678", "") == "+34912345678"


def test_a_contact_has_three_keys() -> None:
    keys = keys_of_contact("Ana@example.es", "ask Marta", "612 34 56 78", "ES")
    assert keys == {"email_key": "ana@example.es", "phone_key": None, "mobile_key": "+34612345678"}
    assert set(keys) <= set(Contact.__table__.columns.keys())


def test_keys_fit_their_columns() -> None:
    columns = Contact.__table__.columns
    assert columns["email_key"].type.length == LONGEST_EMAIL_KEY
    assert columns["phone_key"].type.length == columns["mobile_key"].type.length == LONGEST_PHONE_KEY
    assert phone_key("+49 1511 2345678 ext. 1234567", "DE") is None


@cache
def numbers_of_the_world() -> list[tuple[str, str, str]]:
    """Country, its calling code, and an example of a fixed line or a mobile there."""
    path = shared_data("identity-formats") / "phone" / "PhoneNumberMetadata.xml"
    found = []
    for territory in ElementTree.parse(path).getroot().iter("territory"):
        for kind in ("fixedLine", "mobile"):
            example = territory.findtext(f"{kind}/exampleNumber")
            country = territory.get("id") or ""
            if example and len(country) == 2:
                found.append((country, territory.get("countryCode") or "", example))
    return found


def test_numbers_of_every_country_have_one_key_in_every_form() -> None:
    forms = phonenumbers.PhoneNumberFormat
    world = numbers_of_the_world()
    assert len(world) > 400
    for country, code, example in world:
        number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(example))
        number.italian_leading_zero = example.startswith("0") or None
        written = {
            phonenumbers.format_number(number, form)
            for form in (forms.E164, forms.INTERNATIONAL, forms.NATIONAL, forms.RFC3966)
        }
        keys = {phone_key(each, country) for each in written}
        assert len(keys) == 1, (country, written, keys)
        key = keys.pop()
        assert key is not None, (country, written)
        assert key.startswith(f"+{code}")
        assert phone_key(key, "ES") == key


def test_addresses_that_the_standard_allows_have_a_key_and_those_without_a_side_have_none() -> None:
    path = shared_data("identity-formats") / "email" / "tests.xml"
    checked = 0
    for test in ElementTree.parse(path).getroot().iter("test"):
        address = "".join((test.find("address").itertext()) if test.find("address") is not None else "")
        diagnosis, category = test.findtext("diagnosis") or "", test.findtext("category")
        key = email_key(address)
        assert key is None or (email_key(key) == key and len(key) <= LONGEST_EMAIL_KEY)
        if category == "ISEMAIL_VALID_CATEGORY" and '"' not in address:
            assert key is not None, address
            checked += 1
        if diagnosis in ("ISEMAIL_ERR_NODOMAIN", "ISEMAIL_ERR_NOLOCALPART"):
            assert key is None, address
            checked += 1
    assert checked > 10
