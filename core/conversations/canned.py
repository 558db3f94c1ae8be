"""Replies that staff keep ready: as the form of a conversation offers them."""

from collections.abc import Sequence

from sqlalchemy import select

from core.conversations.models import CannedReply
from core.db.ids import id_in
from core.db.session import WalledSession, keep
from core.i18n import gettext

#: more than these are no list to choose from
_MOST = 200
_TITLES = keep(
    select(CannedReply.id, CannedReply.title, CannedReply.language)
    .order_by(CannedReply.title, CannedReply.id)
    .limit(_MOST)
)


def canned_choices(session: WalledSession) -> Sequence[tuple[str, str]]:
    """The replies by their titles, as a select offers them; the session is the staff's."""
    found = session.execute(_TITLES).all()
    titles = [(str(id_), f"{title} ({of})" if of else title) for id_, title, of in found]
    return [("", gettext("Choose")), *titles]


def canned_text(session: WalledSession, key: str) -> str:
    """The text of the reply that was chosen; "" where there is none (any more)."""
    chosen = id_in(key)
    return "" if chosen is None else session.scalar(select(CannedReply.body).where(CannedReply.id == chosen)) or ""
