"""What is written of a mail while a worker is at it, each step in a transaction of its own.

A step counts only while the job is this worker's, or, once the mail is being handed over, while it is still the
same attempt: a worker that was thought dead changes nothing that others have decided since."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, delete, exists, or_, select, update

from core.crm.models import Tenant
from core.db.model import now
from core.db.session import WalledSession, keep, open_session
from core.db.viewer import system
from core.outbox.models import Job, Mail
from core.outbox.states import FAILED, HELD, SENDING, SENT, WAITING
from core.worker.claims import MOST_ATTEMPTS, Claimed, pause
from core.worker.letter import Letter

_LONGEST_ERROR = 500
_LOOK = keep(
    select(Mail.state, Tenant.language).join(Tenant, Tenant.id == Mail.tenant_id).where(Mail.id == bindparam("mail"))
)


class Ledger:
    """The rows of one job that sends a mail."""

    def __init__(self, engine: Engine, job: Claimed) -> None:
        assert job.tenant_id is not None
        assert job.subject_id is not None
        self._engine, self._job = engine, job
        self.tenant_id, self.mail_id = job.tenant_id, job.subject_id
        self._attempt: int | None = None  # which of the mail's, once it is being handed over

    def look(self) -> tuple[str, str] | None:
        """The mail's state, and the language of its tenant's staff; None where there is no such mail."""
        with open_session(self._engine, system(self.tenant_id)) as session:
            row = session.execute(_LOOK, {"mail": self.mail_id}).first()
        return None if row is None else (row[0], row[1])

    def begin(self, letter: Letter) -> bool:
        """The mail is about to be given to the server. False where it must not be: somebody else has the job, or
        the mail was withdrawn."""
        values = {"state": SENDING, "attempts": Mail.attempts + 1, **_kept(letter)}
        # Of two that come here at once, one alone finds it waiting.
        begun = update(Mail).where(*self._found(WAITING)).values(values).returning(Mail.attempts)
        with self._writing() as session:
            self._attempt = session.scalar(begun)
            session.commit()
        return self._attempt is not None

    def end(self, state: str, error: Any = "", letter: Letter | None = None, *, of: str = WAITING) -> None:
        """The mail comes to an end in this state, and its job with it. `of` is the state in which it was found."""
        values: dict[str, Any] = {"state": state, "error": _short(error), "finished_at": now()}
        if state == FAILED and self._attempt is None:
            values["attempts"] = Mail.attempts + 1
        if letter is not None:
            values |= _kept(letter)
        with self._writing() as session:
            session.execute(update(Mail).where(*self._found(of, state)).values(values))
            session.execute(delete(Job).where(*self._mine()))
            session.commit()

    def later(self, error: Any) -> datetime | None:
        """The mail waits for its next attempt, and for when; None where it does not: the last one has failed."""
        if self._job.attempts >= MOST_ATTEMPTS:
            return None
        due = now() + pause(self._job.attempts)
        values: dict[str, Any] = {"state": WAITING, "error": _short(error), "due_at": due}
        if self._attempt is None:
            values["attempts"] = Mail.attempts + 1
        with self._writing() as session:
            session.execute(update(Mail).where(*self._found(WAITING)).values(values))
            session.execute(update(Job).where(*self._mine()).values(due_at=due, leased_until=None, worker=""))
            session.commit()
        return due

    def forget(self) -> None:
        """Nothing is left to do: the job goes."""
        with self._writing() as session:
            session.execute(delete(Job).where(*self._mine()))
            session.commit()

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        """The job, while nobody has taken it over."""
        return Job.id == self._job.id, Job.worker == self._job.worker

    def _found(self, of: str, becomes: str = "") -> tuple[ColumnElement[bool], ...]:
        """The mail as this worker has it. Before it is handed over, that hangs on the job; from then on, on which
        attempt it is. Of mail and job the mail is always the first to be locked."""
        this = Mail.id == self.mail_id
        if self._attempt is None:
            return this, Mail.state == of, exists(select(Job.id).where(*self._mine()))
        # That it was sent is known here alone, whatever another worker had to think meanwhile.
        ours = or_(Mail.state == SENDING, Mail.state == HELD) if becomes == SENT else Mail.state == SENDING
        return this, ours, Mail.attempts == self._attempt

    @contextmanager
    def _writing(self) -> Iterator[WalledSession]:
        with open_session(self._engine, system(self.tenant_id), writes=True) as session:
            yield session


def _kept(letter: Letter) -> dict[str, Any]:
    """What of a letter stays in the mail's row."""
    return {"address": letter.address, "subject": letter.kept_subject, "body": letter.kept_body}


def _short(error: Any) -> str:
    return str(error)[:_LONGEST_ERROR]
