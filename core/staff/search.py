"""What staff type to find a contact, an account or a site, as conditions; case and accents do not count."""

from typing import Any

from flask import request
from sqlalchemy import ColumnElement, exists, or_, select

from core.crm.identifiers import phone_key
from core.crm.models import Account, Contact, ExternalId, Membership, Site
from core.db.folding import fold, folded
from core.records.errors import BadQuery
from core.records.typed import printable

_LONGEST = 200
_OF_PHONES = frozenset("0123456789 +-/().")
_FEWEST_DIGITS = 3


def typed() -> str:
    """What was typed into the search, without control characters. Raises BadQuery for a novel."""
    text = printable(request.args.get("q", ""))
    if len(text) > _LONGEST:
        raise BadQuery("q")
    return text.strip()


def contacts(text: str, country: str) -> list[ColumnElement[bool]]:
    """Conditions over Contact: each word stands in a name, an e-mail address, a phone number or the
    name of one of their accounts. Digits alone are a phone number, however it is grouped."""
    if digits := _digits(text):
        return [_phone(digits, phone_key(text, country))]
    columns = (Contact.first_name, Contact.last_name, Contact.email, Contact.phone, Contact.mobile)
    return [or_(*(_holds(c, word) for c in columns), _of_account(word)) for word in text.split()]


def accounts(text: str) -> list[ColumnElement[bool]]:
    """Conditions over Account: each word stands in its name, its number, its town or its id in a CRM."""
    columns = (Account.name, Account.code, Account.town, Account.tax_number)
    return [or_(*(_holds(c, word) for c in columns), _external(word)) for word in text.split()]


def sites(text: str) -> list[ColumnElement[bool]]:
    """Conditions over Site: each word stands in its name, town or postcode."""
    return [or_(*(_holds(c, word) for c in (Site.name, Site.town, Site.postcode))) for word in text.split()]


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    return folded(column).contains(fold(word) or "", autoescape=True)


def _of_account(word: str) -> ColumnElement[bool]:
    named = select(Account.id).where(_holds(Account.name, word))
    wanted = select(Membership.id).where(Membership.contact_id == Contact.id, Membership.account_id.in_(named))
    return exists(wanted.correlate(Contact))


def _external(word: str) -> ColumnElement[bool]:
    same = select(ExternalId.id).where(
        ExternalId.kind == "core.account", ExternalId.local_id == Account.id, ExternalId.external == word
    )
    return exists(same.correlate(Account))


def _digits(text: str) -> str:
    """The digits of what looks like a phone number, without the zeros or plus of going abroad."""
    if not text or not set(text) <= _OF_PHONES:
        return ""
    digits = "".join(c for c in text if c.isdigit())
    return digits.removeprefix("00") if len(digits) >= _FEWEST_DIGITS else ""


def _phone(digits: str, key: str | None) -> ColumnElement[bool]:
    columns = (Contact.phone_key, Contact.mobile_key)
    parts = [c.contains(digits, autoescape=True) for c in columns]
    parts += [c == key for c in columns] if key else []
    # A number that cannot be read has no key; it is found as it was written.
    parts += [c.contains(digits, autoescape=True) for c in (Contact.phone, Contact.mobile)]
    return or_(*parts)
