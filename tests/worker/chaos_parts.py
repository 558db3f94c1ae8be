"""What runs in the processes that are killed: a portal, and workers with short leases, over one database."""

import os
import threading
import time
from datetime import date, timedelta
from typing import Any
from unittest import mock

from flask import Blueprint, Flask, g, request
from werkzeug.serving import WSGIRequestHandler, make_server

from core.app import create_app
from core.config import Settings
from core.db.session import beside
from core.db.viewer import system
from core.files.storage import attach
from core.installation import installation
from core.outbox.enqueue import enqueue
from core.worker import ledger
from core.worker.loop import Worker
from plugins.invoices.models import Invoice
from tests.modules.strangers import make
from tests.worker.house import with_guest

LEASE = timedelta(seconds=1)
#: how often it is looked whether whoever started this is still there
_LOOK = 0.5


def chaotic(settings: Settings) -> Flask:
    """The application with one page more, on which a client opens a record."""
    registry = with_guest()

    def routes(self: Any) -> list[Blueprint]:
        blueprint = Blueprint("chaos", "tests.worker")
        blueprint.add_url_rule("/open", "open", _open, methods=["POST"])
        return [blueprint]

    registry.take(make("chaos", routes=routes))
    assert registry.quarantined == {}
    return create_app(settings, registry)


def _open() -> str:
    """Open a record with a file, and queue a mail to the client and one to the staff: in one transaction, as pages
    of the portal do."""
    number, account_id, staff_id = request.form["n"], int(request.form["account"]), int(request.form["staff"])
    g.session.add(
        made := Invoice(number=number, status="pending", issued_on=date.today(), currency="EUR", total=1, net=1,
                        account_id=account_id)
    )  # fmt: skip
    g.session.flush()
    with beside(g.session, system(g.tenant.id)) as inner:
        attach(inner, installation().store, made.id, f"{number}.pdf", b"%PDF-1.4 " + number.encode(), "application/pdf")
        for whom in ({"contact_id": g.person.id}, {"staff_id": staff_id}):
            enqueue(inner, "guest.told", record_id=made.id, data={"text": number}, **whom)
    return number


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args: Any) -> None:
        """Say nothing."""


def serve(settings: Settings) -> None:
    """The portal, until it is killed."""
    _end_with_parent()
    app = chaotic(settings)
    make_server("127.0.0.1", settings.port, app, threaded=True, request_handler=_Silent).serve_forever()


def work(settings: Settings, guarded: bool = True) -> None:
    """A worker, until it is killed. One that is not `guarded` hands mails over without writing so first."""
    _end_with_parent()
    worker = Worker(chaotic(settings), lease=LEASE)
    with mock.patch.object(ledger.Ledger, "begin", ledger.Ledger.begin if guarded else _begin_unwritten):
        worker.run()


def _begin_unwritten(self: ledger.Ledger, letter: Any) -> bool:
    return True


def _end_with_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
