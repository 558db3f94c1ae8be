"""A job is one worker's at a time: taken over when its lease ends, done once, and given up in the end."""

import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import event, select, update

from core.db.model import now
from core.db.session import open_session
from core.db.viewer import installation
from core.outbox.models import Job, Mail
from core.outbox.withdraw import withdraw
from core.worker.claims import claim, give_back, held, pause, prolong
from core.worker.ledger import Ledger
from core.worker.letter import Letter
from core.worker.loop import Worker
from tests.worker.house import House
from tests.worker.post_office import PostOffice

LETTER = Letter("id", "ana@example.com", "en", "s", "b", "s", "b")
SHORT, LONGER = timedelta(seconds=2), timedelta(seconds=6)


def test_workers_beside_each_other_send_each_mail_once(home: House, office: PostOffice) -> None:
    for n in range(40):
        home.queue("ana" if n % 2 else "bea", text=str(n))
    workers = [Worker(home.app) for _ in range(4)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    for _ in range(1200):
        if home.states() == {"sent": 40}:
            break
        threading.Event().wait(0.1)
    for worker in workers:
        worker.stop()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert home.states() == {"sent": 40}
    assert [job for job in home.jobs() if job.kind == "mail"] == []
    assert Counter(office.ids).most_common(1)[0][1] == 1
    assert len(office.ids) == 40


def test_a_claim_holds_until_its_lease_ends_and_counts(home: House) -> None:
    home.queue()
    (first,) = claim(home.engine, "a")
    assert claim(home.engine, "b") == []
    prolong(home.engine, "b", [first.id], -SHORT)
    assert claim(home.engine, "b") == [], "only who holds a job says how long"
    prolong(home.engine, "a", [first.id], -SHORT)
    (second,) = claim(home.engine, "b")
    assert (first.attempts, second.attempts) == (1, 2)
    give_back(home.engine, "a", [first.id])
    assert claim(home.engine, "c") == [], "nor gives it back"
    give_back(home.engine, "b", [first.id])
    (third,) = claim(home.engine, "c")
    assert third.attempts == 2
    with open_session(home.engine, installation(), writes=True) as session:
        assert held(session, first) is None
        assert held(session, third) is not None


def test_what_is_not_due_is_not_claimed_and_the_oldest_is_claimed_first(home: House) -> None:
    ids = [home.queue(text=str(n)) for n in range(3)]
    with open_session(home.engine, installation(), writes=True) as session:
        for mail_id, hours in zip(ids, (1, -1, -2), strict=True):
            due = now() + timedelta(hours=hours)
            session.execute(update(Job).where(Job.subject_id == mail_id).values(due_at=due))
        session.commit()
    assert [job.subject_id for job in claim(home.engine, "a", most=5)] == [ids[2], ids[1]]


def test_a_worker_that_lost_its_job_begins_nothing(home: House) -> None:
    mail_id = home.queue()
    (job,) = claim(home.engine, "slow")
    home.hurry()
    (taken,) = claim(home.engine, "quick")
    assert not Ledger(home.engine, job).begin(LETTER)
    Ledger(home.engine, job).end("dropped", "by the slow one")
    assert Ledger(home.engine, job).later("by the slow one") is not None
    assert home.mail(mail_id).state == "waiting"
    assert home.jobs()[0].worker == "quick"
    assert Ledger(home.engine, taken).begin(LETTER)


def test_a_mail_found_in_the_hands_of_a_dead_worker_waits_for_a_person(home: House, office: PostOffice) -> None:
    mail_id, other = home.queue(), home.queue("bea")
    dead = Ledger(home.engine, claim(home.engine, "dead")[0])
    assert dead.begin(LETTER)
    home.hurry()
    home.work()
    assert [home.mail(each).state for each in (mail_id, other)] == ["held", "sent"]
    assert "may have arrived" in home.mail(mail_id).error
    assert len(office.taken) == 1
    assert home.jobs() == []
    # It was not dead but slow, and knows that the mail was taken; that another says otherwise counts for less.
    dead.end("sent")
    assert home.mail(mail_id).state == "sent"


def test_what_people_decided_meanwhile_stands(home: House) -> None:
    mail_id = home.queue()
    slow = Ledger(home.engine, claim(home.engine, "slow")[0])
    assert slow.begin(LETTER)
    home.hurry()
    home.work()
    home.change(Mail, mail_id, state="waiting")  # a person sends it again
    slow.end("sent")
    assert home.mail(mail_id).state == "waiting"


def test_a_mail_that_was_withdrawn_while_it_was_made_is_not_sent(home: House) -> None:
    mail_id = home.queue()
    ledger = Ledger(home.engine, claim(home.engine, "a")[0])
    with home.writing() as session:
        withdraw(session, ["guest.told"], [home.ids["ana"]], "replaced")
    assert not ledger.begin(LETTER)
    assert (home.mail(mail_id).state, home.jobs()) == ("dropped", [])


def test_a_mail_with_two_jobs_is_handed_over_by_one(home: House) -> None:
    mail_id = home.queue()
    with home.writing() as session:
        session.add(Job(owner_tenant=home.tenant_id, kind="mail", subject_id=mail_id))
    first, second = (Ledger(home.engine, job) for job in claim(home.engine, "a"))
    assert [first.begin(LETTER), second.begin(LETTER)] == [True, False]
    second.end("dropped", "by the second")
    assert home.mail(mail_id).state == "sending"


def test_what_kills_its_workers_is_given_up(home: House, office: PostOffice) -> None:
    mail_id = home.queue()
    for _ in range(10):
        assert len(claim(home.engine, "dies")) == 1
        home.hurry()
    home.work()
    assert (home.mail(mail_id).state, office.taken) == ("failed", [])
    assert "has ended" in home.mail(mail_id).error


def test_a_worker_without_work_asks_once_and_writes_nothing(home: House) -> None:
    worker = Worker(home.app)
    while worker.step():
        pass
    asked: list[str] = []
    event.listen(home.engine, "before_cursor_execute", lambda *values: asked.append(values[2]))
    assert [worker.step() for _ in range(3)] == [False, False, False]
    assert [words for statement in asked if (words := statement.split()[0]) != "BEGIN"] == ["SELECT"] * 3


def test_pauses_grow_and_differ() -> None:
    pauses = [pause(n).total_seconds() for n in range(1, 30)]
    assert 20 < pauses[0] < 40
    assert 80 < pauses[1] < 160
    assert max(pauses) <= 4 * 3600 * 1.3
    assert len({pause(3) for _ in range(5)}) == 5


def test_a_worker_that_is_told_to_end_gives_back_what_it_has_not_begun(home: House, office: PostOffice) -> None:
    for n in range(5):
        home.queue(text=str(n))
    worker = Worker(home.app)
    ends = office.taken
    original = worker._desk.send

    def send(job: object) -> None:
        original(job)  # type: ignore[arg-type]
        worker.stop()

    worker._desk.send = send  # type: ignore[method-assign]
    worker.step()
    assert len(ends) == 1
    assert [(job.leased_until, job.attempts, job.worker) for job in home.jobs() if job.kind == "mail"] == 4 * [
        (None, 0, "")
    ]


def test_leases_are_prolonged_while_the_work_lasts(home: House) -> None:
    home.queue()
    seen: list[bool] = []
    worker = Worker(home.app, lease=LONGER)

    def end_of_lease() -> datetime:
        with open_session(home.engine, installation()) as session:
            return session.scalars(select(Job.leased_until).where(Job.kind == "mail")).one()

    def slow(job: object) -> None:
        first = end_of_lease()
        for _ in range(1200):
            if end_of_lease() > first:
                break
            threading.Event().wait(0.05)
        seen.append(end_of_lease() > first)
        seen.append(claim(home.engine, "thief") == [])
        worker.stop()

    worker._desk.send = slow  # type: ignore[method-assign]
    worker.run()
    assert seen == [True, True]
    with open_session(home.engine, installation()) as session:
        assert session.scalar(select(Job.worker).where(Job.kind == "mail")) == worker.name
