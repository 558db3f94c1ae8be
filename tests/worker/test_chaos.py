"""kill -9 at random moments: no mail is lost (it is delivered, or waits for a person), none is sent twice, what was
answered is there, and neither a file nor its row is without the other.

Fifty runs on each database each time; NIGHTLY=1 makes them two hundred, RUNS=500 as many as are named:

    RUNS=500 python3 run.py test tests/worker/test_chaos.py
"""

import os
import secrets
from pathlib import Path

import pytest

from tests.databases import Database
from tests.worker.chaos import Chaos, chaos

NIGHTLY, USUAL = 200, 50
#: after so many kills it is waited until all has settled: leases of the dead end first
TOGETHER = 5
RUNS = int(os.environ.get("RUNS") or (NIGHTLY if os.environ.get("NIGHTLY") == "1" else USUAL))


def test_nothing_is_lost_and_nothing_twice(database: Database, tmp_path: Path) -> None:
    seed = secrets.randbits(32)
    with chaos(database, tmp_path, seed) as made:
        for number in range(RUNS):
            made.run()
            if (number + 1) % TOGETHER == 0:
                made.wait_until_settled()
        made.wait_until_settled()
        faults, states = made.faults(), made.home.states()
        print(
            f"{database.name}: seed {seed}, {RUNS} runs; killed {dict(made.killed)}; {len(made.asked)} requests, "
            f"{len(made.answered)} answered; mails {states}, {len(made.office.ids)} at the server"
        )
    assert faults == [], f"seed {seed}"
    assert made.answered, "the portal answered nothing: the runs show nothing"
    assert states.get("sent"), "no mail was sent: the runs show nothing"


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
def test_a_worker_killed_when_the_server_has_just_taken_a_mail(
    database: Database, tmp_path: Path, guarded: bool
) -> None:
    """The control: a worker that does not write that it hands a mail over sends it twice."""
    with chaos(database, tmp_path, 1, guarded=guarded) as made:
        made.wait_until_settled()
        kill_at_next_mail(made)
        made.wait_until_settled()
        faults, states = made.faults(), made.home.states()
    if guarded:
        assert faults == []
        assert states.get("held")
    else:
        assert any("was sent 2 times" in fault for fault in faults)


def kill_at_next_mail(made: Chaos) -> None:
    """Kill both workers at the moment at which the next mail was taken, before they are told; start one anew."""
    workers = [name for name in made.processes if name != "web"]

    def kill() -> None:
        for name in workers:
            made.kill(name)

    made.office.on_taken = kill
    made.asked.append("fate")
    assert made.post("fate") == 200
    made.answered.append("fate")
    assert made.wait_for(lambda: made.killed.total() == len(workers))
    made.office.on_taken = None
    made.start(workers[0])
