"""The tenant's own words for a mail: saved, put back to the shipped ones, and undone."""

from sqlalchemy import select

from core.db.session import WalledSession
from core.outbox.models import MailText, MailTextBefore


def find_own(session: WalledSession, kind: str, language: str) -> MailText | None:
    """The tenant's own text of a kind of mail in a language, where there is one. The session is the system's or the
    staff's, as everywhere here."""
    wanted = select(MailText).where(MailText.kind == kind, MailText.language == language)
    return session.scalar(wanted.execution_options(populate_existing=True))


def version_of(row: MailText | None) -> str:
    """The version of a text as a form carries it. An id is never used twice, so that what was put back and written
    anew is another."""
    return "0" if row is None else f"{row.id}.{row.version}"


def save_own(session: WalledSession, kind: str, language: str, subject: str, body: str) -> None:
    """Let a kind of mail say this in a language from the next mail on. Raises StaleDataError or IntegrityError where
    another saves at the same moment."""
    row = _remember(session, kind, language)
    if row is None:
        session.add(MailText(kind=kind, language=language, subject=subject, body=body))
    else:
        row.subject, row.body = subject, body
    session.flush()


def remove_own(session: WalledSession, kind: str, language: str) -> None:
    """Let it say what is shipped. Raises as `save_own` does."""
    row = _remember(session, kind, language)
    if row is not None:
        session.delete(row)
    session.flush()


def undo_own(session: WalledSession, kind: str, language: str) -> None:
    """Let it say what it said before the last change. Doing it again brings the change back. Raises as `save_own`
    does."""
    before = _before(session, kind, language)
    if before is None:
        return
    if before.subject is None or before.body is None:
        remove_own(session, kind, language)
    else:
        save_own(session, kind, language, before.subject, before.body)


def _remember(session: WalledSession, kind: str, language: str) -> MailText | None:
    """Keep what is said now, and give the row that says it."""
    row, before = find_own(session, kind, language), _before(session, kind, language)
    if before is None:
        before = MailTextBefore(kind=kind, language=language)
        session.add(before)
    before.subject, before.body = (None, None) if row is None else (row.subject, row.body)
    return row


def _before(session: WalledSession, kind: str, language: str) -> MailTextBefore | None:
    wanted = select(MailTextBefore).where(MailTextBefore.kind == kind, MailTextBefore.language == language)
    return session.scalar(wanted)
