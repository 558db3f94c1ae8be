"""What nobody needs any more is cleared away, and nothing else."""

import os
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from core.access.given import GivenAnswer
from core.access.models import Attempt
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import installation, system
from core.files.models import File
from core.files.storage import Store, attach
from core.outbox.models import Mail, PeriodicSlot
from core.worker import sweeps
from core.worker.periodic import PERIODIC, Schedule
from tests.staff import rows
from tests.worker.house import House


def test_bytes_that_no_row_names_go_once_they_are_old(without_server: House) -> None:
    home = without_server
    here = home.app.extensions["postigo"]
    other = rows.make_tenant(home.engine, "two", "two.localhost")
    kept = []
    with home.writing() as session:
        kept.append(attach(session, here.store, home.ids["Alpha-1"], "a.pdf", b"%PDF-1.4 a", "application/pdf").key)
    orphan, young = here.store.put(b"orphan"), here.store.put(b"young")
    unfinished = here.settings.home / "files" / "aa" / "bb#1"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half")
    make_old(here.store, [*kept, orphan], unfinished)
    sweeps.files(here)
    assert set(here.store.keys_older_than(now() + timedelta(days=1))) == {*kept, young}
    assert not unfinished.exists()
    assert other.id in sweeps.tenants(here)
    with open_session(home.engine, system(home.tenant_id)) as session:
        assert here.store.get(session.scalars(select(File.key)).one()) == b"%PDF-1.4 a"


def make_old(store: Store, keys: list[str], *paths: Path) -> None:
    """Let files look as if they had been kept two hours ago."""
    then = time.time() - 2 * 3600
    for path in (*(store._folder / key for key in keys), *paths):
        os.utime(path, (then, then))


def test_old_rows_go_and_young_ones_stay(without_server: House) -> None:
    home = without_server
    long_ago = now() - timedelta(days=100)
    old, young, waiting = home.queue(), home.queue(), home.queue()
    home.change(Mail, old, state="sent", body="old", finished_at=long_ago)
    home.change(Mail, young, state="sent", body="young", finished_at=now() - timedelta(days=80))
    home.change(Mail, waiting, body="waits", created_at=long_ago)
    with home.writing() as session:
        for key, created in (("a", long_ago), ("b", now() - timedelta(days=1))):
            session.add(
                GivenAnswer(person_kind="staff", person_id=1, key_hash=key, request_hash="r", created_at=created)
            )
        session.add(Attempt(key_hash="k", started_at=long_ago))
    with open_session(home.engine, installation(), writes=True) as session:
        session.add_all(PeriodicSlot(name=name, slot=slot) for name, slot in (("x", long_ago), ("y", now())))
        session.commit()
    here = home.app.extensions["postigo"]
    for entry in PERIODIC:
        entry.do(here)
    assert [home.mail(each).body for each in (old, young, waiting)] == ["", "young", "waits"]
    with open_session(home.engine, system(home.tenant_id)) as session:
        assert session.scalars(select(GivenAnswer.key_hash)).all() == ["b"]
        assert session.scalars(select(Attempt.id)).all() == []
    with open_session(home.engine, installation()) as session:
        assert session.scalars(select(PeriodicSlot.name)).all() == ["y"]


def test_a_worker_does_them_all(without_server: House) -> None:
    schedule = Schedule()
    schedule.queue_due(without_server.engine)
    assert {job.kind for job in without_server.jobs()} == {entry.name for entry in PERIODIC}
    without_server.work()
    assert without_server.jobs() == []
