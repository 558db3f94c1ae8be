"""E-mail addresses and phone numbers as keys: what sign-in looks for, however one writes them."""

import unicodedata

import phonenumbers

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def email_key(text: str) -> str | None:
    """The key of an e-mail address, or None where the text is none.

    Only the letters A to Z lose their case: a Unicode lower() makes twins of different addresses (the
    Kelvin sign becomes a k)."""
    cleaned = unicodedata.normalize("NFC", text).strip().translate(_ASCII_LOWER)
    local, _, domain = cleaned.rpartition("@")
    if not local or not domain or len(cleaned) > 254 or any(c.isspace() or ord(c) < 32 for c in cleaned):
        return None
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None


def phone_key(text: str, country: str) -> str | None:
    """The key of a phone number (E.164) as somebody in `country` (ISO 3166, "ES") would write it, or
    None where the text cannot be read as one that can be dialled."""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def keys_of_contact(email: str, phone: str, mobile: str, country: str) -> dict[str, str | None]:
    """The three key columns of a contact."""
    return {
        "email_key": email_key(email or ""),
        "phone_key": phone_key(phone or "", country),
        "mobile_key": phone_key(mobile or "", country),
    }
