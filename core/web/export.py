"""Lists as CSV, for client and staff alike: all that the list shows, sent while it is read."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from flask import Response, g, request

from core import audit
from core.access.door import actor, after_answer
from core.db.engine import at_one_moment
from core.db.session import WalledSession, open_session
from core.files.names import label
from core.i18n import gettext, time_zone, today
from core.installation import installation
from core.records.errors import BadQuery
from core.records.export import columns, csv_pieces, style
from core.records.fields import effective, full_name
from core.records.listing import count_records, walk_records
from core.records.page_links import Download
from core.records.prose import as_told
from core.records.query import Query, read_query
from core.records.resource import Resource

#: rows that are read at a time, and from how many on the answer says how many will come
CHUNK, SAID_FROM = 1000, 5000


def csv_download(url: str) -> Sequence[Download]:
    """The list as CSV, as a page offers it; `url` answers with `send_csv`."""
    return [Download(url, gettext("All as CSV"))]


def send_csv(resource: Resource) -> Response:
    """The answer with every record that a list shows; the list's parameters are the request's. Raises BadQuery and
    NotHere as the list does.

    It is sent after the request is over, so it has a session of its own: the reader's, of one moment, closed when
    the last row is read or whoever asked hangs up. What fails on the way breaks the answer off, so that half a
    file is not taken for a whole one."""
    query = read_query(resource, g.sight, request.args.to_dict(flat=False))
    for place in ("after", "before"):
        if getattr(query, place):
            raise BadQuery(place)
    with ExitStack() as stack:
        session = stack.enter_context(open_session(at_one_moment(installation().engine), g.sight))
        pieces = _pieces(session, resource, query)
        first = next(pieces)  # what is refused, is so before the answer begins
        total = count_records(session, resource, query, time_zone())
        kept = stack.pop_all()
    answer = Response(_closing(kept, first, pieces), mimetype="text/csv")
    answer.call_on_close(kept.close)  # also where not a byte was asked for
    answer.headers.set("Content-Disposition", "attachment", filename=label(f"{resource.title} {today()}.csv"))
    after_answer(audit.note_alone, actor(), audit.EXPORTED, full_name(resource), None, format="csv", rows=total)
    if total > SAID_FROM:
        answer.headers["Postigo-Progress"] = f"rows={total}"
    return answer


def _pieces(session: WalledSession, resource: Resource, query: Query) -> Iterator[bytes]:
    zone, written = time_zone(), style()
    fields = effective(resource, session.sight)
    read = walk_records(session, resource, query, zone, fields, CHUNK)
    rows = (as_told(session, resource, fields, chunk) for chunk in read)
    return csv_pieces(columns(resource, fields, zone, written.decimal), rows, written.separator)


def _closing(stack: ExitStack, first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with stack:
        yield first
        yield from pieces
