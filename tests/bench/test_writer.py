"""A page that does not show what was just written ends the run."""

import io
import json
import os
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import IO

import pytest

from bench import data, writer
from bench.worlds import World
from core.db.session import open_session
from core.db.viewer import system
from plugins.invoices.models import Invoice


class Portal(BaseHTTPRequestHandler):
    """Answers as the application does, or, `stale`, as it did once."""

    world: World
    stale: dict[str, bytes] | None = None

    def do_GET(self) -> None:
        client = self.world.app.test_client(use_cookies=False)
        headers = {"Cookie": self.headers["Cookie"]}
        body = client.get(self.path, base_url=f"http://{data.HOST}", headers=headers).data
        if self.stale is not None:
            body = self.stale.setdefault(self.path, body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """A server of those answers."""
    Portal.world, Portal.stale = world, None
    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def orders(world: World, address: str) -> writer.Orders:
    tenant_id = data.tenant_id(world.app.extensions["postigo"].engine)
    reader = world.readers[2]
    return writer.Orders(
        world.settings.database_url, address, data.HOST, tenant_id, [(reader.record_id, reader.cookie)]
    )


@contextmanager
def told(given: writer.Orders) -> Iterator[IO[str]]:
    """The writer's input, which ends after half a second."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as inward, os.fdopen(writing, "w") as outward:
        outward.write(writer.orders_line(given))
        outward.flush()
        timer = threading.Timer(0.5, outward.close)
        timer.start()
        yield inward
        timer.join()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "EACH_SECONDS", 0.02)


def test_each_write_is_looked_for_until_the_run_ends(world: World, address: str) -> None:
    out = io.StringIO()
    with told(orders(world, address)) as given:
        assert writer.main(given, out) == 0
    said = json.loads(out.getvalue())
    assert said["writes"] > 0
    with open_session(world.app.extensions["postigo"].engine, system(1)) as session:
        number = session.get_one(Invoice, world.readers[2].record_id).number
    assert number.startswith("W-")


def test_a_page_as_it_was_before_the_write_ends_the_run(world: World, address: str) -> None:
    Portal.stale = {}
    before = orders(world, address)
    for path in ("/portal/invoices/", f"/portal/invoices/{before.readers[0][0]}"):
        request = urllib.request.Request(address + path, headers={"Cookie": before.readers[0][1]})
        urllib.request.urlopen(request, timeout=60).close()
    with told(before) as given, pytest.raises(writer.NotShown, match="did not show W-"):
        writer.main(given, io.StringIO())
