"""Papers of records as answers, for client and staff alike: one, or those of a whole list as a ZIP."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from contextvars import Context, copy_context
from hashlib import sha256
from typing import Any

from flask import Response, g, request
from flask_babel import get_locale
from sqlalchemy import select

from core import audit
from core.access.door import actor, after_answer
from core.agreements.seal import Paper
from core.db.engine import at_one_moment
from core.db.session import WalledSession, open_session
from core.files.archive import zipped
from core.files.models import File
from core.files.names import label
from core.files.serve import send_pdf
from core.i18n import gettext, time_zone
from core.installation import installation
from core.records.agreements import accepted_among
from core.records.detail import read_record
from core.records.document import file_name, print_document
from core.records.errors import NotHere
from core.records.fields import full_name
from core.records.listing import list_ids
from core.records.page_links import Download
from core.records.query import read_query
from core.records.resource import Document, Resource
from core.web.colour import on_paper
from core.web.errors import error_page

#: documents that one ZIP holds
MOST = 500


def send_document(resource: Resource, record_id: int, *, download: bool) -> Response:
    """The answer with a record's paper: the first PDF that the CRM gave, else one made for its reader. Raises
    NotHere where the reader has no such record, or such records have no paper."""
    paper = paper_of(resource, record_id)
    return send_pdf(paper.data, paper.name, download=download)


def paper_of(resource: Resource, record_id: int) -> Paper:
    """A record's paper: the one that was accepted; else the first PDF that the CRM gave; else one that is made for
    its reader. Raises NotHere where the reader has no such record, or such records have no paper."""
    if resource.document is None:
        raise NotHere
    detail, store = read_record(g.session, resource, record_id), installation().store
    if (accepted := detail.accepted) is not None:
        return Paper(accepted.paper_name, store.get(accepted.paper_key or ""), accepted.paper_sha256)
    stored = next((file for file in detail.files if file.is_paper), None)
    if stored is not None:
        return Paper(stored.name, store.get(stored.key), stored.sha256)
    made = print_document(resource, resource.document, detail, sender())
    return Paper(file_name(resource, detail), made, sha256(made).hexdigest())


def downloads(resource: Resource, url: str) -> Sequence[Download]:
    """What a list of such records can be taken as; `url` answers with `send_documents`."""
    return [] if resource.document is None else [Download(url, gettext("All as PDF (ZIP)"), most=MOST)]


def send_documents(resource: Resource, listing: str) -> Response:
    """The answer with the papers of all that a list shows, as a ZIP that is sent while it is made; the
    list's parameters are the request's. `listing` is the list's address, to go back to where there are
    too many. Raises BadQuery and NotHere as the list does, and NotHere where such records have no paper.

    It is made after the request is over, so it has a session of its own: the reader's, of one moment. What
    fails on the way breaks the answer off."""
    if resource.document is None:
        raise NotHere
    query = read_query(resource, g.sight, request.args.to_dict(flat=False))
    with ExitStack() as stack:
        session = stack.enter_context(open_session(at_one_moment(installation().engine), g.sight))
        ids = list_ids(session, resource, query, time_zone(), MOST)
        if len(ids) > MOST:
            return _too_many(listing)
        stored = _stored(session, ids) | _accepted(session, resource, ids)
        papers = zipped(_papers(session, resource, resource.document, ids, stored))
        kept = stack.pop_all()
    answer = Response(_steps(papers, copy_context(), kept), mimetype="application/zip")
    answer.call_on_close(kept.close)  # also where not a byte was asked for
    answer.headers.set("Content-Disposition", "attachment", filename=label(f"{resource.title}.zip"))
    after_answer(audit.note_alone, actor(), audit.EXPORTED, full_name(resource), None, format="zip", rows=len(ids))
    answer.headers["Postigo-Progress"] = f"files={sum(len(stored.get(id_, [id_])) for id_ in ids)}"
    return answer


def _steps(pieces: Iterator[bytes], context: Context, stack: ExitStack) -> Iterator[bytes]:
    """Pieces, each made as if the request that `context` is of, with its reader's language, were not over."""
    with stack:
        while piece := context.run(next, pieces, b""):
            yield piece


def _too_many(listing: str) -> Response:
    return error_page(
        400,
        gettext("These are too many for one download"),
        gettext("Up to %(most)s documents can be downloaded at once. Choose fewer with a filter.", most=MOST),
        with_id=False,
        action={"url": listing, "label": gettext("Go back to the list")},
    )


def _stored(session: WalledSession, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Name and key of the PDFs that the CRM gave, by record."""
    found: dict[int, list[tuple[str, str]]] = {}
    for file in session.scalars(select(File).where(File.parent_id.in_(ids)).order_by(File.name)):
        if file.is_paper:
            found.setdefault(file.parent_id, []).append((file.name, file.key))
    return found


def _accepted(session: WalledSession, resource: Resource, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The same of those records that were accepted: the one paper of each."""
    found = accepted_among(session, resource, ids)
    return {id_: [(answer.paper_name, answer.paper_key or "")] for id_, answer in found.items()}


def _papers(
    session: WalledSession,
    resource: Resource,
    document: Document,
    ids: Sequence[int],
    stored: Mapping[int, Sequence[tuple[str, str]]],
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each paper, in the list's order, read or made when it is asked for."""
    store, ours = installation().store, sender()
    for record_id in ids:
        if record_id in stored:
            yield from ((name, store.get(key)) for name, key in stored[record_id])
            continue
        detail = read_record(session, resource, record_id)
        yield file_name(resource, detail), print_document(resource, document, detail, ours)


def sender() -> dict[str, Any]:
    """What every document says beside its record: the company, and the language that it is in."""
    tenant = g.tenant
    firm = {"name": tenant.name, "lines": [way for way in (tenant.phone, tenant.email) if way]}
    return {"firm": {**firm, "accent": on_paper(tenant.accent)}, "language": str(get_locale())}
