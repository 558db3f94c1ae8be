"""Killing processes at random moments while requests come and mails go, and looking what is left: a helper for tests.

`Chaos` runs a portal and two workers over one database, each in a process of its own. A run sends requests, kills one
of the processes and starts it anew; one in some waits until all has settled, the others come while the last is still
being got over. `faults` then says what was lost, sent twice, or left without its other half."""

import http.client
import multiprocessing
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from core.crm.models import Contact
from core.db.model import now
from core.db.record import Record
from core.db.session import open_session
from core.db.viewer import installation, system
from core.files.models import File
from core.files.storage import StorageError
from core.kit.browser import sign_in
from core.modules.switches import set_switch
from core.outbox.enqueue import MAIL
from core.outbox.models import Job, Mail
from core.worker import sweeps
from plugins.invoices.models import Invoice
from tests.databases import Database
from tests.server import free_port
from tests.worker import chaos_parts
from tests.worker.house import House, house
from tests.worker.post_office import PostOffice, post_office

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.worker.chaos_parts"])
WORKERS, SENDERS, REQUESTS = 2, 2, 4
_PATIENCE = 120.0
PARTS = ("web", *(f"worker {n}" for n in range(WORKERS)))


@dataclass
class Chaos:
    """The processes, what was asked of them, and what they answered."""

    home: House
    office: PostOffice
    dice: random.Random
    guarded: bool = True
    processes: dict[str, ForkServerProcess] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    cookie: str = ""
    token: str = ""

    def start(self, name: str) -> None:
        """Start one of the parts."""
        settings = self.home.settings
        target, arguments = (chaos_parts.serve, (settings,)) if name == "web" else (
            chaos_parts.work, (settings, self.guarded)
        )  # fmt: skip
        self.processes[name] = _context.Process(target=target, args=arguments, daemon=True)
        self.processes[name].start()

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self.processes[name]
        process.kill()
        process.join()
        self.killed[name] += 1

    def run(self) -> None:
        """One run: requests, a kill at a moment of chance, and a new start."""
        senders = [threading.Thread(target=self._send_some) for _ in range(SENDERS)]
        victim = self.dice.choice(PARTS)
        aimed = victim != "web" and self.dice.random() < 0.5
        if aimed:  # the moment that matters most: the server has taken a mail and nobody knows it yet
            self.office.on_taken = lambda: self.processes[victim].kill()
        for sender in senders:
            sender.start()
        time.sleep(self.dice.uniform(0.0, 0.3))
        if aimed:
            self.wait_for(lambda: not self.processes[victim].is_alive(), 2.0)
            self.office.on_taken = None
        self.kill(victim)
        self.start(victim)
        for sender in senders:
            sender.join()

    def _send_some(self) -> None:
        for _ in range(REQUESTS):
            number = secrets.token_hex(8)
            self.asked.append(number)
            with suppress(OSError, http.client.HTTPException):
                if self._post_when_it_listens(number) == 200:
                    self.answered.append(number)

    def _post_when_it_listens(self, number: str) -> int:
        """Ask, as soon as there is a portal to be asked again."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            with suppress(ConnectionRefusedError):
                return self.post(number)
            time.sleep(0.05)
        raise AssertionError("the portal does not answer")

    def post(self, number: str) -> int:
        """Ask for a record to be opened; the status of the answer."""
        ids = self.home.ids
        form = {"csrf_token": self.token, "n": number, "account": ids["Alpha"], "staff": ids["sol"]}
        headers = {
            "Host": "one.localhost", "Cookie": f"postigo={self.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.home.settings.port, timeout=60)
        try:
            connection.request("POST", "/portal/chaos/open", urlencode(form), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def wait_for(self, happens: "object", seconds: float = _PATIENCE) -> bool:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if happens():  # type: ignore[operator]
                return True
            time.sleep(0.02)
        return False

    def wait_until_settled(self) -> None:
        """Wait until no mail waits any more."""

        def settled() -> bool:
            with open_session(self.home.engine, installation()) as session:
                return session.scalar(select(Job.id).where(Job.kind == MAIL).limit(1)) is None

        assert self.wait_for(settled), "mails wait for ever"

    def faults(self) -> list[str]:
        """What is wrong, as sentences; empty where all promises were kept."""
        with open_session(self.home.engine, system(self.home.tenant_id)) as session:
            records = {number: id_ for id_, number in session.execute(select(Record.id, Record.number))}
            rows = {number: id_ for id_, number in session.execute(select(Invoice.id, Invoice.number))}
            files = {file.parent_id: file for file in session.scalars(select(File))}
            mails = session.scalars(select(Mail)).all()
        told = Counter(mail.data["text"] for mail in mails)
        taken = Counter(self.office.ids)
        found = [f"{each} was sent {times} times" for each, times in taken.items() if times > 1]
        for number in self.asked:
            there = (number in records, number in rows, records.get(number) in files, told[number] == 2)
            if len(set(there)) != 1:
                found.append(f"{number} is there by half: {there}")
            if number in self.answered and not all(there):
                found.append(f"{number} was answered and is not there")
        for mail in mails:
            sent = taken[f"<mail.{mail.message_id}@brand.example>"] == 1
            if not (mail.state == "held" or (mail.state == "sent" and sent)):
                found.append(f"mail {mail.id} is {mail.state}, and was {'' if sent else 'not '}taken")
        return found + self.files_without_their_other_half()

    def files_without_their_other_half(self) -> list[str]:
        """Rows without bytes, and bytes without a row once they are old and were swept."""
        here, later = self.home.app.extensions["postigo"], now() + timedelta(days=1)
        with open_session(self.home.engine, system(self.home.tenant_id)) as session:
            keys = set(session.scalars(select(File.key)))
        found = []
        for key in keys:
            try:
                here.store.get(key)
            except StorageError:
                found.append(f"the bytes of {key} are gone")
        sweeps.files(here, older_than=timedelta(days=-1))
        stored = set(here.store.keys_older_than(later))
        unfinished = {path.name for path in (here.settings.home / "files").rglob("*#*")}
        return found + [f"{key} belongs to nothing" for key in sorted((stored - keys) | unfinished)]


@contextmanager
def chaos(database: Database, folder: Path, seed: int, *, guarded: bool = True) -> Iterator[Chaos]:
    """The processes over a database, started and answering."""
    with post_office() as (office, address), house(database, folder / "home", address) as home:
        home.settings = replace(home.settings, port=free_port())
        with home.writing() as session:
            registry = chaos_parts.chaotic(home.settings).extensions["postigo"].registry
            set_switch(session, registry, "chaos", "tenant", home.tenant_id, True)
        made = Chaos(home, office, random.Random(seed), guarded)
        _sign_in(made)
        try:
            for name in PARTS:
                made.start(name)
            assert made.wait_for(lambda: _listens(made)), "the portal does not answer"
            yield made
        finally:
            for process in made.processes.values():
                process.kill()
                process.join()


def _sign_in(made: Chaos) -> None:
    app, raw = made.home.app, secrets.token_hex(20)
    token = sign_in(app, made.home.tenant_id, Contact, made.home.ids["ana"])
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    made.cookie = signer.dumps({"_user_id": token, "csrf_token": raw})
    made.token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)


def _listens(made: Chaos) -> bool:
    number = secrets.token_hex(8)
    try:
        status = made.post(number)
    except OSError:
        return False
    assert status == 200, status
    made.asked.append(number)
    made.answered.append(number)
    return True
