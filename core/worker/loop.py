"""A worker: claims what is due, does it, and waits when there is nothing. Any number may run beside each other, in
threads or processes, on one machine or several."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core.crm.models import Tenant
from core.db.session import open_session
from core.db.viewer import installation as as_installation
from core.db.viewer import system
from core.installation import Installation
from core.modules.periodic import Periodic as OfModule
from core.modules.periodic import is_on_for_anybody
from core.outbox.enqueue import MAIL
from core.outbox.models import Job
from core.worker.claims import LEASE, MOST_ATTEMPTS, Claimed, claim, give_back, held, pause, prolong, something_is_due
from core.worker.mails import Desk
from core.worker.periodic import Periodic, Schedule
from core.worker.render import context
from core.worker.smtp import Post, Unreachable
from core.worker.tasks import TASKS

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
_AFTER_FAILURE_SECONDS = 5.0
# How long no mail is tried after the server could not be reached: twice as long each time, up to a minute.
_FIRST_REST, _LONGEST_REST = 2.0, 60.0


class Worker:
    """One worker of an application. `stop` may be called from anywhere, a signal's handler too."""

    def __init__(
        self, app: Flask, *, post: Post | None = None, schedule: Schedule | None = None, lease: timedelta = LEASE
    ) -> None:
        self._app = app
        self._here: Installation = app.extensions["postigo"]
        server = self._here.settings.mail_server
        self._post = post or (None if server is None else Post(server))
        self._desk = Desk(app, self._post)
        of_modules = [each for found in self._here.registry.periodic.values() for each in found]
        self._schedule, self._lease = schedule or Schedule(of_modules=of_modules), lease
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._held: list[int] = []
        self._rest, self._resume = _FIRST_REST, 0.0

    def run(self) -> None:
        """Work until told to stop. What fails is logged and does not end it."""
        with self._beating():
            while not self._stop.is_set():
                try:
                    wait = 0.0 if self.step() else IDLE_SECONDS
                except Exception:
                    log.exception("the worker could not work; it tries again")
                    wait = _AFTER_FAILURE_SECONDS
                self._stop.wait(wait)
        if self._post is not None:
            self._post.close()

    def stop(self) -> None:
        """End after the job that is being done."""
        self._stop.set()

    def step(self) -> bool:
        """Do some of what is due now; False where there is nothing."""
        engine, resting = self._here.engine, MAIL if time.monotonic() < self._resume else ""
        self._schedule.queue_due(engine)
        jobs = claim(engine, self.name, but=resting, lease=self._lease) if something_is_due(engine, resting) else []
        if not jobs and self._post is not None:
            self._post.leave()
        self._held = [job.id for job in jobs]
        try:
            for job in jobs:
                if self._stop.is_set() or (job.kind == MAIL and time.monotonic() < self._resume):
                    continue
                self._do(job)
                self._held.remove(job.id)
        finally:
            left, self._held = self._held, []
            give_back(engine, self.name, left)
        return bool(jobs)

    def _do(self, job: Claimed) -> None:
        if job.kind == MAIL:
            self._send(job)
            return
        try:
            self._task(job)
        except Exception:
            log.exception("job %s (%s) failed at attempt %s", job.id, job.kind, job.attempts)
            self._later(job)

    def _send(self, job: Claimed) -> None:
        try:
            self._desk.send(job)
        except Unreachable as error:
            log.warning("the mail server: %s; no mail is sent for %.0f seconds", error, self._rest)
            self._resume = time.monotonic() + self._rest
            self._rest = min(self._rest * 2, _LONGEST_REST)
        except Exception:
            # Its lease ends, and it is tried again; or it is found as one that may have arrived.
            log.exception("mail job %s could not be finished", job.id)
        else:
            self._rest = _FIRST_REST

    def _task(self, job: Claimed) -> None:
        periodic, task = self._schedule.of(job.kind), TASKS.get(job.kind)
        of_module = self._schedule.of_module(job.kind)
        if periodic is not None:
            self._periodic(job, periodic)
        elif of_module is not None and job.tenant_id is not None:
            self._of_module(job, of_module, job.tenant_id)
        elif task is not None and job.tenant_id is not None and job.subject_id is not None:
            with open_session(self._here.engine, system(job.tenant_id), writes=True) as session:
                if (row := held(session, job)) is not None:
                    task(session, job.subject_id)
                    session.delete(row)
                    session.commit()
        else:
            raise LookupError(f"nothing here does {job.kind!r}")

    def _periodic(self, job: Claimed, periodic: Periodic) -> None:
        periodic.do(self._here)
        with open_session(self._here.engine, as_installation(), writes=True) as session:
            session.execute(delete(Job).where(Job.id == job.id, Job.worker == self.name))
            session.commit()

    def _of_module(self, job: Claimed, periodic: OfModule, tenant_id: int) -> None:
        """What it writes is kept together with the end of the job, so that it is done once."""
        registry, name = self._here.registry, periodic.name.partition(".")[0]
        with open_session(self._here.engine, system(tenant_id), writes=True) as session:
            row = held(session, job)
            if row is None:
                return
            if is_on_for_anybody(session, name):
                tenant = session.scalars(select(Tenant).options(joinedload(Tenant.hosts))).unique().one()
                with context(self._app, self._here, tenant, None, session.sight):
                    registry.call_periodic(name, periodic, session)
            session.delete(row)
            session.commit()

    def _later(self, job: Claimed) -> None:
        """Plan the next attempt of what failed; after the last one the job goes."""
        with open_session(self._here.engine, as_installation(), writes=True) as session:
            row = held(session, job)
            if row is not None and job.attempts < MOST_ATTEMPTS:
                row.due_at += pause(job.attempts)
                row.leased_until, row.worker = None, ""
            elif row is not None:
                log.error("job %s (%s) was given up", job.id, job.kind)
                session.delete(row)
            session.commit()

    @contextmanager
    def _beating(self) -> Iterator[None]:
        """Prolong the leases of what is held, from a thread beside the work."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self._lease.total_seconds() / 4):
                try:
                    if ids := list(self._held):
                        prolong(self._here.engine, self.name, ids, self._lease)
                except Exception:
                    log.exception("leases could not be prolonged")

        thread = threading.Thread(target=beat, name="leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
