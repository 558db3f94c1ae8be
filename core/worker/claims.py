"""Claiming jobs: a worker takes some that are due under a lease, which it prolongs while it works. A lease that
ends lets another worker take the job over; whose job it is stands in its row, and nobody else's work counts."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, or_, select, update

from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import installation
from core.outbox.models import Job

#: how long a worker that says nothing is believed to be alive
LEASE = timedelta(seconds=60)
#: so many jobs are claimed at once: enough to spare transactions, few enough to share
AT_ONCE = 10
#: how often something is tried before it is given up
MOST_ATTEMPTS = 10
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 4 * 3600.0


@dataclass(frozen=True)
class Claimed:
    """A job that this worker holds: `worker` is its name, by which it is known that nobody has taken the job over."""

    id: int
    kind: str
    tenant_id: int | None
    subject_id: int | None
    attempts: int
    worker: str


def something_is_due(engine: Engine, but: str = "") -> bool:
    """Whether any job waits to be claimed, other than of the kind `but`: one statement that writes nothing, for a
    worker without work."""
    with open_session(engine, installation()) as session:
        return session.scalar(select(Job.id).where(*_due(now(), but)).limit(1)) is not None


def claim(
    engine: Engine, worker: str, *, but: str = "", most: int = AT_ONCE, lease: timedelta = LEASE
) -> list[Claimed]:
    """Take up to `most` jobs that are due, the oldest first, in a transaction of its own; none of the kind `but`.
    Each claim counts as an attempt: what kills its worker is not tried for ever."""
    moment = now()
    oldest = select(Job.id).where(*_due(moment, but)).order_by(Job.due_at, Job.id).limit(most)
    with open_session(engine, installation(), writes=True) as session:
        ids = session.scalars(oldest.with_for_update(skip_locked=True)).all()
        if not ids:
            return []
        taken = (
            update(Job)
            .where(Job.id.in_(ids))
            .values(worker=worker, leased_until=moment + lease, attempts=Job.attempts + 1)
            .returning(Job)
        )
        jobs = sorted(session.scalars(taken), key=lambda job: (job.due_at, job.id))
        session.commit()
    return [Claimed(j.id, j.kind, j.owner_tenant, j.subject_id, j.attempts, worker) for j in jobs]


def _due(moment: datetime, but: str) -> list[ColumnElement[bool]]:
    due = [Job.due_at <= moment, or_(Job.leased_until.is_(None), Job.leased_until <= moment)]
    return [*due, Job.kind != but] if but else due


def prolong(engine: Engine, worker: str, ids: list[int], lease: timedelta = LEASE) -> None:
    """Say that this worker is still at these jobs."""
    with open_session(engine, installation(), writes=True) as session:
        mine = update(Job).where(Job.id.in_(ids), Job.worker == worker)
        session.execute(mine.values(leased_until=now() + lease))
        session.commit()


def give_back(engine: Engine, worker: str, ids: list[int]) -> None:
    """Let go of jobs that were claimed and not begun; the claim counts for nothing."""
    if ids:
        with open_session(engine, installation(), writes=True) as session:
            mine = update(Job).where(Job.id.in_(ids), Job.worker == worker)
            session.execute(mine.values(leased_until=None, worker="", attempts=Job.attempts - 1))
            session.commit()


def held(session: WalledSession, job: Claimed) -> Job | None:
    """The job's row, locked until the session's transaction ends; None where another worker has taken it over, or
    it is gone."""
    mine = select(Job).where(Job.id == job.id, Job.worker == job.worker)
    return session.scalar(mine.with_for_update())


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a minute, then four times as long each time, up to some hours;
    somewhat more or less, so that what failed together is not tried together."""
    seconds = min(_FIRST_WAIT * 4.0 ** (min(attempts, 20) - 1), _LONGEST_WAIT)
    return timedelta(seconds=seconds * random.uniform(0.7, 1.3))  # noqa: S311 - no secret hangs on it
