"""What a worker does with one mail: make it, hand it over, and write down what became of it.

That a mail is being handed over is committed before the server gets its text, and what became of it after: a mail
that is found in between, its worker gone, may have arrived, and waits for a person."""

import logging
import secrets
import time
from collections.abc import Callable

from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import InterfaceError, OperationalError

from core.crm.models import Tenant
from core.db.engine import Busy
from core.i18n import lazy_gettext
from core.installation import Installation
from core.outbox.kinds import Withheld
from core.outbox.states import DROPPED, FAILED, HELD, KEPT, SENDING, SENT, WAITING
from core.worker.claims import MOST_ATTEMPTS, Claimed
from core.worker.ledger import Ledger
from core.worker.letter import Letter, as_message
from core.worker.render import UnknownKind, render
from core.worker.smtp import NeverTaken, NotTaken, Post, Uncertain, Unreachable

log = logging.getLogger(__name__)

# The server has the mail by now: that must be written down, even where the database has to be asked often.
_WAITS = (0.2, 1.0, 3.0, 10.0)
_NO_SENDER = lazy_gettext("There is no address to send from: set POSTIGO_MAIL_FROM, or the company's e-mail.")
_DIED = lazy_gettext("The worker ended while it handed this mail over; it may have arrived.")
_GAVE_UP = lazy_gettext("Given up: each worker that took this mail has ended.")
_NO_ANSWER = lazy_gettext("The mail server did not say whether it took this mail; it may have arrived.")
_UNKNOWN = lazy_gettext("The module that sends this mail is not installed.")


class Desk:
    """Where mails are worked on: an application, and the way to the mail server (None where there is none)."""

    def __init__(self, app: Flask, post: Post | None) -> None:
        self._app, self._post = app, post
        self._here: Installation = app.extensions["postigo"]

    def send(self, job: Claimed) -> None:
        """Do one job that sends a mail. Raises Unreachable where none can be sent at present; this one has been
        put back by then."""
        ledger = Ledger(self._here.engine, job)
        found = ledger.look()
        if found is None:
            ledger.forget()
            return
        state, language = found
        with self._app.app_context(), force_locale(language):  # what is said is for staff
            if state == SENDING:
                ledger.end(HELD, _DIED, of=SENDING)
            elif state != WAITING:
                ledger.forget()
            elif job.attempts > MOST_ATTEMPTS:
                ledger.end(FAILED, _GAVE_UP)
            else:
                self._make_and_send(ledger)

    def _make_and_send(self, ledger: Ledger) -> None:
        try:
            letter, tenant = render(self._app, ledger.tenant_id, ledger.mail_id, for_good=self._post is not None)
        except Withheld as why:
            ledger.end(DROPPED, why.args[0] if why.args else "")
        except UnknownKind:
            self._later(ledger, str(_UNKNOWN))
        except (OperationalError, InterfaceError, Busy):
            raise
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("[%s] mail %s could not be made", error_id, ledger.mail_id)
            self._later(ledger, str(lazy_gettext("The mail could not be made: error %(id)s.", id=error_id)))
        else:
            self._hand_over(ledger, letter, tenant)

    def _hand_over(self, ledger: Ledger, letter: Letter, tenant: Tenant) -> None:
        sender = self._here.settings.mail_from or tenant.email
        if self._post is None:
            ledger.end(KEPT, "", letter)
            return
        if not sender:
            ledger.end(FAILED, _NO_SENDER, letter)
            return
        try:
            message = as_message(letter, tenant, sender)
            if self._post.hand_over(message, sender, letter.address, lambda: ledger.begin(letter)):
                _surely(lambda: ledger.end(SENT))
        except NeverTaken as error:
            said = str(error)
            _surely(lambda: ledger.end(FAILED, said))
        except Uncertain as error:
            said = f"{_NO_ANSWER} ({error})"
            _surely(lambda: ledger.end(HELD, said))
            raise Unreachable(said) from error
        except NotTaken as error:
            self._later(ledger, str(error))
            if isinstance(error, Unreachable):
                raise

    def _later(self, ledger: Ledger, error: str) -> None:
        def put_back() -> None:
            if ledger.later(error) is None:
                ledger.end(FAILED, error)

        _surely(put_back)


def _surely(write: Callable[[], object]) -> None:
    """Write, again and again for a while where the database cannot."""
    for wait in _WAITS:
        try:
            write()
        except (OperationalError, InterfaceError, Busy):
            log.warning("what became of a mail could not be written yet", exc_info=True)
            time.sleep(wait)
        else:
            return
    write()
