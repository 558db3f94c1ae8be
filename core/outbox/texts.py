"""The texts of mails: the tenant's own words, else the shipped ones, and codes replaced in them.

A text reaches its codes and nothing else: `{code}` is looked up in a table of plain texts, once. Whatever
else stands in braces is text, and so is what a value brings along."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from sqlalchemy import bindparam, select

from core.db.session import WalledSession, keep
from core.outbox.kinds import MailKind
from core.outbox.models import MailText

#: how a code looks in a text
CODE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")
LONGEST_SUBJECT = 300
#: stands for a secret in what is kept of a mail
MASK = "••••••"
_OWN = keep(select(MailText).where(MailText.kind == bindparam("of"), MailText.language == bindparam("reads")))


@dataclass(frozen=True)
class Text:
    """What one kind of mail says in one language, codes and all; `own` where the tenant wrote it."""

    subject: str
    body: str
    own: bool = False


def text_of(session: WalledSession, kind: MailKind, language: str) -> Text:
    """The text of a kind in a language: the tenant's, else the shipped one. The session is the system's or the
    staff's; the application's context stands."""
    own = session.scalar(_OWN, {"of": kind.name, "reads": language})
    return shipped(kind, language) if own is None else Text(own.subject, own.body, own=True)


def shipped(kind: MailKind, language: str) -> Text:
    """The text that the kind comes with, in a language. The application's context stands."""
    with force_locale(language):
        return Text(str(kind.subject), str(kind.body))


def replace(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{code}` that `values` knows replaced, all in one pass: what a value holds is never
    looked at again. Any other stays as it is."""
    return CODE.sub(lambda found: values.get(found[1], found[0]), text)


def replace_subject(text: str, values: Mapping[str, str]) -> str:
    """The same for a subject: one line, of a length that mail programs take."""
    return one_line(replace(text, values))[:LONGEST_SUBJECT].rstrip()


def one_line(text: str) -> str:
    """`text` without line breaks and other control characters, which would end a mail's header."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text).split())


def masked(values: Mapping[str, str], secret: Iterable[str]) -> dict[str, str]:
    """The values as they may be kept: those of secret codes are not told."""
    hidden = set(secret)
    return {code: MASK if code in hidden else value for code, value in values.items()}


def unknown_codes(text: str, kind: MailKind) -> list[str]:
    """What looks like a code in `text` and is none of the kind's, each once, in their order."""
    return list(dict.fromkeys(code for code in CODE.findall(text) if code not in kind.codes))
