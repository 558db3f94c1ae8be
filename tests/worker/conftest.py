"""Fixtures: a house that sends mails, on either database, and the server that takes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import MailServer
from tests.databases import Database
from tests.worker.house import House, house
from tests.worker.post_office import PostOffice, post_office


@pytest.fixture
def served() -> Iterator[tuple[PostOffice, MailServer]]:
    """A mail server that takes everything."""
    with post_office() as found:
        yield found


@pytest.fixture
def office(served: tuple[PostOffice, MailServer]) -> PostOffice:
    """What that server has taken."""
    return served[0]


@pytest.fixture
def home(database: Database, tmp_path: Path, served: tuple[PostOffice, MailServer]) -> Iterator[House]:
    """The house, sending to that server."""
    with house(database, tmp_path / "home", served[1]) as made:
        yield made


@pytest.fixture
def without_server(database: Database, tmp_path: Path) -> Iterator[House]:
    """The house without a mail server."""
    with house(database, tmp_path / "home", None) as made:
        yield made
