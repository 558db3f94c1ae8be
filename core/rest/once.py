"""Writes that are sent twice and done once: the answer to one with an Idempotency-Key is kept in the transaction of
what it did, and given again to whoever of the same name sends the same."""

import re
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from flask import Response, g, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.access.given import GivenAnswer
from core.db.session import WalledSession, beside_as_system
from core.i18n import gettext
from core.records.errors import NotHere
from core.rest.problems import Problem

HEADER = "Idempotency-Key"
#: what a key may be
KEY = re.compile("[!-~]{1,255}")


def once(said: bytes, do: Callable[[], Response], still_there: Callable[[GivenAnswer], bool]) -> Response:
    """Do it, and give the answer; where the request has a key whose write was done, give the answer that was given
    then. `said` is what was sent; `still_there` says whether the reader still sees the record of an answer.

    Of two at once with one key, the later waits for the earlier's transaction, and is given its answer. What was
    refused is not kept: nothing was done, and the key may be used again."""
    if HEADER not in request.headers:
        return do()
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise Problem(HTTPStatus.BAD_REQUEST, gettext("An Idempotency-Key has 1 to 255 visible ASCII characters."))
    ours = _hash(request.method.encode(), request.full_path.encode(), said)
    kept = _claim(_hash(key.encode()), ours)
    if kept is None:
        return _keep(_hash(key.encode()), do())
    if kept.request_hash != ours:
        detail = gettext("This Idempotency-Key belongs to another request. Use a new one for each thing to be done.")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return _again(kept, still_there)


def _hash(*parts: bytes) -> str:
    return sha256(b"\0".join(sha256(part).digest() for part in parts)).hexdigest()


def _claim(key_hash: str, request_hash: str) -> GivenAnswer | None:
    """Take the key for this request, or give what is kept under it. A row that another has not yet committed is
    waited for."""
    kept = _kept(key_hash)
    if kept is not None:
        return kept
    try:
        with beside_as_system(g.session) as inner:
            whose = {"person_kind": g.viewer.kind.value, "person_id": g.viewer.person_id}
            inner.add(GivenAnswer(**whose, key_hash=key_hash, request_hash=request_hash))
            inner.flush()
    except IntegrityError:
        return _kept(key_hash)
    return None


def _kept(key_hash: str) -> GivenAnswer | None:
    with beside_as_system(g.session) as inner:
        return _find(inner, key_hash)


def _find(session: WalledSession, key_hash: str) -> GivenAnswer | None:
    asked = select(GivenAnswer).where(
        GivenAnswer.person_kind == g.viewer.kind.value,
        GivenAnswer.person_id == g.viewer.person_id,
        GivenAnswer.key_hash == key_hash,
    )
    found: GivenAnswer | None = session.scalar(asked)
    return found


def _keep(key_hash: str, answer: Response) -> Response:
    """Write the answer into the row of the key; it is kept with what was done, or not at all."""
    g.session.flush()
    with beside_as_system(g.session) as inner:
        row = _find(inner, key_hash)
        assert row is not None
        row.status, row.body, row.media_type = answer.status_code, answer.get_data(), answer.mimetype or ""
        row.location, row.etag = answer.headers.get("Location", ""), answer.headers.get("ETag", "")
    return answer


def _again(kept: GivenAnswer, still_there: Callable[[GivenAnswer], bool]) -> Response:
    if not still_there(kept):
        raise NotHere
    answer = Response(kept.body, kept.status, mimetype=kept.media_type or None)
    for name, value in (("Location", kept.location), ("ETag", kept.etag)):
        if value:
            answer.headers[name] = value
    return answer
