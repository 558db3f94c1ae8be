"""A mail as it is handed over: plain text, one recipient, and headers that only this file writes."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from core.crm.identifiers import email_key
from core.crm.models import Tenant
from core.db.model import now
from core.outbox.texts import one_line

# Words with points between them, and nothing that means something in a header or to a server.
_WORD = r"[^\s<>,;:\"()\[\]\\@.\x00-\x20\x7f]+"
_LOCAL = re.compile(rf"{_WORD}(\.{_WORD})*")


@dataclass(frozen=True)
class Letter:
    """What was made of a mail: what is sent, and what of it is kept (without what is secret)."""

    message_id: str
    address: str
    language: str
    subject: str
    body: str
    kept_subject: str
    kept_body: str


def mail_address(stored: str) -> str | None:
    """An address as it stands in a row, fit for a mail server: its domain in ASCII. None for what is not exactly
    one address."""
    key = email_key(stored)
    local = stored.strip().rpartition("@")[0]
    return f"{local}@{key.rpartition('@')[2]}" if key is not None and _LOCAL.fullmatch(local) else None


def as_message(letter: Letter, tenant: Tenant, sender: str) -> EmailMessage:
    """The mail itself. `sender` is the address that it comes from; answers go to the tenant's own."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(tenant, sender)
    if reply_to := mail_address(tenant.email):
        message["Reply-To"] = _named(tenant, reply_to)
    message["To"] = Address("", *_parts(letter.address))
    message["Subject"] = one_line(letter.subject)
    message["Date"] = now()
    message["Message-ID"] = f"<mail.{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_plain(letter.body), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message


def _named(tenant: Tenant, address: str) -> Address:
    return Address(one_line(tenant.name), *_parts(address))


def _parts(address: str) -> tuple[str, str]:
    local, _, domain = address.rpartition("@")
    return local, domain


def _plain(body: str) -> str:
    """The text with line breaks of one kind, and without other control characters."""
    lines = re.sub(r"\r\n?", "\n", body)
    return "".join(c for c in lines if c in "\n\t" or c.isprintable() or c > "\x9f").rstrip("\n") + "\n"
