"""E-mail addresses and phone numbers as keys: what sign-in looks for, however one writes them."""

import unicodedata

import phonenumbers

# The width of the columns that keep them.
LONGEST_EMAIL_KEY, LONGEST_PHONE_KEY = 254, 20
# Whatever is longer is neither, and need not be read to its end.
_LONGEST_TYPED = 1000
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def email_key(text: str) -> str | None:
    """The key of an e-mail address, or None where the text is none.

    Only the letters A to Z lose their case, and before anything is composed: a Unicode lower() makes
    twins of different addresses, and so would composing first (the Kelvin sign becomes a K)."""
    cleaned = unicodedata.normalize("NFC", text[:_LONGEST_TYPED].strip().translate(_ASCII_LOWER))
    local, _, domain = cleaned.rpartition("@")
    if not local or not domain or "@" in local or not all(c.isprintable() and not c.isspace() for c in cleaned):
        return None
    try:
        key = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    return key if len(key) <= LONGEST_EMAIL_KEY else None


def phone_key(text: str, country: str) -> str | None:
    """The key of a phone number (E.164) as somebody in `country` (ISO 3166, "ES") would write it, or
    None where the text cannot be read as one that can be dialled from anywhere.

    An extension is part of the key: the number alone is the whole company's."""
    try:
        number = phonenumbers.parse(text[:_LONGEST_TYPED], country or None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    key += f"x{number.extension}" if number.extension else ""
    return key if len(key) <= LONGEST_PHONE_KEY else None


def keys_of_contact(email: str, phone: str, mobile: str, country: str) -> dict[str, str | None]:
    """The three key columns of a contact."""
    return {
        "email_key": email_key(email or ""),
        "phone_key": phone_key(phone or "", country),
        "mobile_key": phone_key(mobile or "", country),
    }
