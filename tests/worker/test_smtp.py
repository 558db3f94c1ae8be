"""Mail servers that misbehave: a mail is tried again only while it has certainly not been taken, and waits for a
person where it may have been."""

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from core.worker import loop
from core.worker.smtp import Post
from tests.databases import SqliteDatabases
from tests.worker.house import House, house
from tests.worker.post_office import Answers, BadServer, answering

# On SQLite alone: what is told apart here is the server's side.
SHORT, PATIENT = 0.3, 60.0


@pytest.fixture
def quiet(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[House]:
    """The house; each test brings its own server. Who rests from one that is away does so for longer than any test."""
    with (
        patch.object(loop, "_FIRST_REST", 600.0),
        sqlite_databases.fresh() as database,
        house(database, tmp_path / "home", None) as made,
    ):
        yield made


@pytest.fixture
def server() -> Iterator[Callable[[Answers], BadServer]]:
    """Starts a bad server."""
    started: list[BadServer] = []

    def start(answers: Answers) -> BadServer:
        started.append(BadServer(answers))
        return started[-1]

    yield start
    for each in started:
        each.close()


def post_to(bad: BadServer, state: str = "") -> Post:
    """A way to a server, of little patience where that server is silent and the mail becomes `state` by that."""
    at_end = SHORT if state == "held" else PATIENT
    return Post(bad.address, seconds=SHORT if state == "waiting" else PATIENT, seconds_at_end=at_end)


SILENT, GONE = "", None
CASES = [
    ("greets with 4xx", answering(HELLO="421 busy"), "waiting"),
    ("greets with 5xx", answering(HELLO="554 go away"), "waiting"),
    ("says nothing", answering(HELLO=SILENT), "waiting"),
    ("closes at once", answering(HELLO=GONE), "waiting"),
    ("hangs at MAIL", answering(MAIL=SILENT), "waiting"),
    ("4xx at MAIL", answering(MAIL="451 later"), "waiting"),
    ("5xx at MAIL", answering(MAIL="550 no"), "failed"),
    ("4xx at RCPT", answering(RCPT="450 mailbox busy"), "waiting"),
    ("5xx at RCPT", answering(RCPT="550 no such user"), "failed"),
    ("drops at RCPT", answering(RCPT=GONE), "waiting"),
    ("4xx at DATA", answering(DATA="451 later"), "waiting"),
    ("5xx at DATA", answering(DATA="554 no"), "failed"),
    ("drops at DATA", answering(DATA=GONE), "waiting"),
    ("hangs at DATA", answering(DATA=SILENT), "waiting"),
    ("4xx at the end", answering(END="451 disk full"), "waiting"),
    ("421 at the end", answering(END="421 shutting down"), "waiting"),
    ("5xx at the end", answering(END="554 spam"), "failed"),
    ("drops after the end", answering(END=GONE), "held"),
    ("hangs after the end", answering(END=SILENT), "held"),
    ("nonsense after the end", answering(END="hello"), "held"),
    ("takes it", answering(END="250 taken"), "sent"),
]


@pytest.mark.parametrize(("answers", "state"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_becomes_of_a_mail(
    quiet: House, server: Callable[[Answers], BadServer], answers: Answers, state: str
) -> None:
    bad = server(answers)
    mail_id = quiet.queue(text="one")
    quiet.work(post_to(bad, state))
    mail = quiet.mail(mail_id)
    assert mail.state == state
    assert mail.attempts == 1
    assert (mail.error == "") == (state == "sent")
    assert len(quiet.jobs()) == (state == "waiting")
    if state == "waiting":
        assert quiet.jobs()[0].leased_until is None
    # And at a server that works: sent once where the first has certainly not taken it, and else not at all.
    good = server(answering())
    quiet.hurry()
    quiet.work(post_to(good))
    again = quiet.mail(mail_id)
    assert good.taken == (state == "waiting")
    assert again.state == ("sent" if state == "waiting" else state)
    assert again.message_id == mail.message_id


def test_a_server_that_is_away_costs_one_mail_one_attempt_and_the_others_none(
    quiet: House, server: Callable[[Answers], BadServer]
) -> None:
    bad = server(answering())
    bad.close()
    mails = [quiet.queue(text=str(n)) for n in range(25)]
    worker = quiet.work(post_to(bad))
    assert not worker.step(), "nothing is claimed while the server rests"
    assert [quiet.mail(mail_id).attempts for mail_id in mails] == [1] + 24 * [0]
    assert {job.attempts for job in quiet.jobs()} == {0, 1}
    good = server(answering())
    quiet.hurry()
    quiet.work(post_to(good))
    assert quiet.states() == {"sent": 25}
    assert (good.taken, good.connections) == (25, 1)


def test_a_server_that_never_answers_for_what_it_took_holds_one_mail_at_a_time(
    quiet: House, server: Callable[[Answers], BadServer]
) -> None:
    bad = server(answering(END=GONE))
    for n in range(5):
        quiet.queue(text=str(n))
    quiet.work(post_to(bad))
    assert quiet.states() == {"held": 1, "waiting": 4}


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(
    quiet: House, server: Callable[[Answers], BadServer]
) -> None:
    # The server leaves after each mail, as some do, without a word or with one.
    for farewell in ("250 taken", "421 bye"):
        seen = {"mails": 0}

        def answers(line: str, farewell: str = farewell, seen: dict[str, int] = seen) -> str | None:
            seen["mails"] += line == "MAIL"
            if line == "MAIL" and seen["mails"] == 2:
                return None if farewell.startswith("250") else farewell
            return answering()(line)

        bad = server(answers)
        before = quiet.states().get("sent", 0)
        for n in range(3):
            quiet.queue(text=str(n))
        quiet.work(post_to(bad))
        assert (bad.connections, quiet.states()["sent"] - before) == (2, 3)


def test_an_address_beyond_ascii_goes_to_servers_that_know_them(
    quiet: House, server: Callable[[Answers], BadServer]
) -> None:
    from core.crm.models import Contact

    quiet.change(Contact, quiet.ids["ana"], email="ñandú@example.com")
    mail_id = quiet.queue(text="x")
    bad = server(answering())
    quiet.work(post_to(bad))
    assert (quiet.mail(mail_id).state, bad.taken) == ("failed", 0)
