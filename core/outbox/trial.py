"""The mail with which staff look at a text: it is sent to themselves, with made-up values."""

from collections.abc import Mapping

from core.db.session import WalledSession
from core.i18n import lazy_gettext
from core.outbox.enqueue import enqueue
from core.outbox.kinds import MailKind
from core.outbox.models import Mail
from core.outbox.texts import replace, replace_subject


def _fill(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    return {"subject": mail.data["subject"], "body": mail.data["body"]}


TRIAL = MailKind(
    name="core.trial",
    title=lazy_gettext("Test of a text"),
    subject="{subject}",
    body="{body}",
    codes={
        "subject": lazy_gettext("The subject that is tested."),
        "body": lazy_gettext("The text that is tested."),
    },
    fill=_fill,
)


def try_out(session: WalledSession, staff_id: int, subject: str, body: str, values: Mapping[str, str]) -> Mail:
    """Queue a mail to a staff user that shows a text with these values in place of its codes. The session is the
    staff's."""
    shown = {"subject": replace_subject(subject, values), "body": replace(body, values)}
    return enqueue(session, TRIAL.name, staff_id=staff_id, data=shown)
