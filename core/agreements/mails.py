"""What mails tell of answers: staff learn of each, and who has accepted gets a confirmation."""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from core.conversations.mails import CODES, of_record
from core.db.session import WalledSession
from core.formats import format_datetime
from core.i18n import gettext, lazy_gettext
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail
from core.records.models import ACCEPTED, DECLINED, Agreement

CONFIRMED = "core.acceptance_confirmed"
TOLD: Mapping[str, str] = {ACCEPTED: "core.accepted", DECLINED: "core.declined"}

_SHARED = {name: CODES[name] for name in ("name", "tenant", "record", "number", "title", "link")}
_CODES = {
    ACCEPTED: {
        **_SHARED,
        "author": lazy_gettext("Who answered."),
        "time": lazy_gettext("When it was answered."),
        "signer": lazy_gettext("The name that they signed with."),
        "order_number": lazy_gettext("The client's own order number; nothing where they gave none."),
        "sha256": lazy_gettext("The SHA-256 of the PDF that was accepted."),
    },
    DECLINED: {
        **_SHARED,
        "author": lazy_gettext("Who answered."),
        "time": lazy_gettext("When it was answered."),
        "reason": lazy_gettext("The reason that they gave."),
    },
}


def _fill(outcome: str) -> Callable[[WalledSession, Mail], Mapping[str, str]]:
    def fill(session: WalledSession, mail: Mail) -> Mapping[str, str]:
        known = of_record(session, mail)
        asked = select(Agreement).where(Agreement.parent_id == mail.record_id, Agreement.outcome == outcome)
        answer = session.scalars(asked.order_by(Agreement.id.desc()).limit(1)).first()
        if answer is None:
            raise Withheld(lazy_gettext("The recipient may not see the record any more."))
        values = {
            **known,
            "author": answer.contact_name,
            "time": format_datetime(answer.answered_at),
            "signer": answer.signer,
            "order_number": answer.order_number or gettext("none"),
            "reason": answer.reason,
            "sha256": answer.paper_sha256,
        }
        return {code: values[code] for code in _CODES[outcome]}

    return fill


KINDS = (
    MailKind(
        TOLD[ACCEPTED],
        lazy_gettext("To staff: a client has accepted"),
        lazy_gettext("Accepted: {record} {number}"),
        lazy_gettext(
            "Hello, {name}:\n\n{author} has accepted {record} {number} on {time}, signed as {signer}. Their order "
            "number: {order_number}\n\nRead it here:\n{link}\n\n{tenant}"
        ),
        _CODES[ACCEPTED],
        _fill(ACCEPTED),
    ),
    MailKind(
        TOLD[DECLINED],
        lazy_gettext("To staff: a client has declined"),
        lazy_gettext("Declined: {record} {number}"),
        lazy_gettext(
            "Hello, {name}:\n\n{author} has declined {record} {number} on {time}. Their reason:\n\n{reason}\n\n"
            "Read it here:\n{link}\n\n{tenant}"
        ),
        _CODES[DECLINED],
        _fill(DECLINED),
    ),
    MailKind(
        CONFIRMED,
        lazy_gettext("To clients: what they have accepted"),
        lazy_gettext("You have accepted {record} {number}"),
        lazy_gettext(
            "Hello, {name}:\n\nYou accepted {record} {number} on {time}, signed as {signer}. Thank you.\n\n"
            "The paper that you accepted, and the certificate, are here:\n{link}\n\n"
            "SHA-256 of the paper: {sha256}\n\nKind regards,\n{tenant}"
        ),
        _CODES[ACCEPTED],
        _fill(ACCEPTED),
    ),
)
