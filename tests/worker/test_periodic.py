"""What is periodic is queued once for each slot, however many workers look."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from core.db.session import open_session
from core.db.viewer import installation
from core.outbox.models import Job, PeriodicSlot
from core.worker.loop import Worker
from core.worker.periodic import PERIODIC, Periodic, Schedule
from tests.worker.house import House

SCHEDULERS, SLOTS = 4, 50
START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_four_schedulers_queue_fifty_slots_as_fifty_jobs(engine: Engine) -> None:
    entry = Periodic("core.example", timedelta(minutes=5), lambda here: None)
    together = threading.Barrier(SCHEDULERS)
    failed: list[Exception] = []

    def look() -> None:
        schedule = Schedule((entry,))
        try:
            for n in range(SLOTS):
                together.wait(60)
                schedule.queue_due(engine, START + n * entry.every + timedelta(seconds=n))
                schedule.queue_due(engine, START + n * entry.every + timedelta(seconds=n + 60))
        except Exception as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=look) for _ in range(SCHEDULERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_session(engine, installation()) as session:
        assert len(session.scalars(select(Job).where(Job.kind == "core.example")).all()) == SLOTS
        slots = session.scalars(select(PeriodicSlot.slot).order_by(PeriodicSlot.slot)).all()
    assert slots == [START + n * entry.every for n in range(SLOTS)]


def test_a_worker_does_them_once_and_again_where_one_fails(home: House) -> None:
    done: list[str] = []

    def fails_once(here: object) -> None:
        done.append("fails")
        if done.count("fails") == 1:
            raise RuntimeError("by design")

    day = timedelta(days=1)
    entries = (Periodic("a", day, lambda here: done.append("a")), Periodic("b", day, fails_once))
    workers = [Worker(home.app, schedule=Schedule(entries)) for _ in range(2)]
    for worker in (*workers, *workers):
        worker.step()
    assert sorted(done) == ["a", "fails"]
    assert [(job.kind, job.attempts, job.leased_until) for job in home.jobs()] == [("b", 1, None)]
    home.hurry()
    workers[0].step()
    assert (sorted(done), home.jobs()) == (["a", "fails", "fails"], [])


def test_the_cores_own_have_names_of_their_own() -> None:
    names = [entry.name for entry in PERIODIC]
    assert len(set(names)) == len(names)
    assert all(name.startswith("core.") and len(name) <= 60 for name in names)
