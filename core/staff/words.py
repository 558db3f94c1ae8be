"""What the staff's pages say about access, in words."""

from collections.abc import Callable
from datetime import datetime

from core.access.invite import Sent
from core.crm.models import Contact
from core.crm.rules import Access
from core.db.model import now
from core.formats import format_date, format_datetime
from core.i18n import gettext


def state(verdict: Access) -> dict[str, str]:
    """Access as a status: two words and a tone."""
    if verdict.granted:
        return {"text": gettext("Has access"), "tone": "ok"}
    if verdict.why == "portal_off":
        return {"text": gettext("Portal off"), "tone": "neutral"}
    if verdict.why == "ended":
        return {"text": gettext("Access ended"), "tone": "warn"}
    return {"text": gettext("No access"), "tone": "neutral"}


def sentence(verdict: Access, contact: Contact) -> str:
    """Why the contact has access or has none, in one sentence."""
    return _SENTENCES[verdict.why](contact)


_SENTENCES: dict[str, Callable[[Contact], str]] = {
    "members": lambda c: gettext("Has access: your company lets in everyone with an e-mail who belongs to a client."),
    "fields": lambda c: gettext("Has access until %(end)s.", end=format_date(c.portal_end)),
    "not_portal_user": lambda c: gettext("Has no access: is no portal user."),
    "dates_missing": lambda c: gettext("Has no access: support start or portal end is missing."),
    "not_started": lambda c: gettext(
        "Has no access yet: support starts on %(start)s.", start=format_date(c.support_start)
    ),
    "ended": lambda c: gettext("Has no access any more: it ended on %(end)s.", end=format_date(c.portal_end)),
    "portal_off": lambda c: gettext("Has no access: the portal is turned off for this contact or their clients."),
}


def mail_sentence(sent: Sent, contact: Contact) -> str:
    """What became of the mail that lets the contact in, in one sentence; empty where there is nothing to say."""
    sentence = _MAILS.get(sent)
    return sentence(contact) if sentence else ""


def waiting_sentence(due: datetime | None) -> str | None:
    """That a mail which lets a contact in is to leave then; None where none is."""
    if due is None:
        return None
    if due <= now():
        return gettext("The mail with which they come in is on its way already.")
    return gettext("The mail with which they come in leaves on %(when)s.", when=format_datetime(due))


_MAILS: dict[Sent, Callable[[Contact], str]] = {
    Sent.NOW: lambda c: gettext("The mail with which they come in is on its way to %(email)s.", email=c.email),
    Sent.LATER: lambda c: gettext(
        "The mail with which they come in leaves for %(email)s on %(day)s.",
        email=c.email,
        day=format_date(c.support_start),
    ),
    Sent.WAITING: lambda c: gettext("The mail with which they come in is on its way already."),
    Sent.INSIDE: lambda c: gettext("They have chosen a password already, so no mail is sent."),
    Sent.NO_EMAIL: lambda c: gettext("There is no e-mail address to send a mail to: make a link and hand it over."),
}


def can_be_known(contact: Contact) -> bool:
    """Whether there is anything that the contact could sign in with."""
    return bool(contact.email_key or contact.phone_key or contact.mobile_key)


def no_identifier() -> str:
    """Why somebody with access cannot sign in."""
    return gettext("There is no e-mail address or phone number to sign in with. Add one first.")


def for_administrators() -> str:
    """Why an agent makes no link for somebody who is inside."""
    return gettext(
        "They have chosen a password already. Who has forgotten it asks for a new one where they sign in; "
        "a link is made by an administrator."
    )


def as_read(text: str, key: str | None) -> str:
    """A phone number as it was written, and as it was read where that differs."""
    if not text:
        return ""
    if key is None:
        return gettext("%(phone)s (cannot be read, so nobody signs in with it)", phone=text)
    return text if "".join(c for c in text if c in "+0123456789") == key else f"{text} ({key})"
